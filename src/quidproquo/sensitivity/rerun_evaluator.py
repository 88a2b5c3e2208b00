"""Evaluators of ensembles that were re-run, each adjusted by worlds re-run without a change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from quidproquo.decisions.rule import OptionValues
from quidproquo.evidence.weights.rerun import Answer, Rerun, Reruns
from quidproquo.evidence.weights.reweight import Change, Reweighted
from quidproquo.sensitivity.evaluator import SensitivityEvaluator
from quidproquo.sensitivity.prepared import PreparedEnsemble

__all__ = ["RerunEvaluator"]


class RerunEvaluator:
    """Answers what-ifs from re-run ensembles: from one of its own (`exact`), or the closest that will do.

    There is one evaluator an ensemble, which is kept; it estimates what the `original` does.
    """

    def __init__(self, original: SensitivityEvaluator, reruns: Reruns) -> None:
        self.original = original
        self.reruns = reruns
        self._known: dict[int, SensitivityEvaluator] = {}

    def exact(self, change: Change, reserve: int = 0) -> tuple[SensitivityEvaluator, Reweighted] | None:
        """From an ensemble of its own, if one can be run while more than `reserve` may be."""
        return self._answer(self.reruns.exact(change, reserve))

    def closest(self, change: Change, reserve: int = 0) -> tuple[SensitivityEvaluator, Reweighted] | None:
        """From the closest ensemble whose weights can be trusted; from one of its own if there is none."""
        return self._answer(self.reruns.closest(change, reserve))

    def prefetch(
        self, batches: Sequence[Sequence[Change]], reserve: int = 0, done: Callable[[int], None] | None = None
    ) -> None:
        """Re-run ensembles for changes that none of those run so far can answer, batch by batch.

        With the first of them the control is run. Within a batch they run side by side; what one batch gives
        may answer the next. No more are run once only `reserve` may still be run.
        """
        for batch in batches:
            self.run([change for change in batch if self.reruns.known(change) is None], reserve, done)

    def run(
        self, changes: Sequence[Change], reserve: int = 0, done: Callable[[int], None] | None = None
    ) -> None:
        """Re-run an ensemble for each of these changes, the first of them first, and the control before them."""
        if changes:
            self.reruns.prefetch([Change(), *changes], reserve, done)

    def known(self, change: Change) -> tuple[SensitivityEvaluator, Reweighted] | None:
        """From the closest ensemble run so far whose weights can be trusted, if there is one."""
        return self._answer(self.reruns.known(change))

    def of(self, run: Rerun) -> SensitivityEvaluator:
        """The evaluator of a re-run ensemble."""
        if id(run) not in self._known:
            self._known[id(run)] = self._prepare(run, self._control)
        return self._known[id(run)]

    def _answer(self, answer: Answer | None) -> tuple[SensitivityEvaluator, Reweighted] | None:
        return None if answer is None else (self.of(answer.run), answer.weights)

    @cached_property
    def _control(self) -> SensitivityEvaluator | None:
        """Worlds re-run without a change; None where they don't get there."""
        answer = self.reruns.exact(Change())
        return None if answer is None else self._prepare(answer.run, None)

    def _prepare(self, run: Rerun, control: SensitivityEvaluator | None) -> SensitivityEvaluator:
        island, delta = run.reweighter.ensemble.island, self.original.prepared.option_values.delta
        values = OptionValues(self.original.options, run.values, island, delta)
        estimates = {name: run.estimates[name] for name in self.original.names}
        prepared = PreparedEnsemble(run.reweighter, values, estimates)
        return SensitivityEvaluator(prepared, original=self.original, control=control)

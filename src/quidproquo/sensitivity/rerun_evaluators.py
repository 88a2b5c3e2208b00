"""Boards of ensembles that are run again, each beside worlds run again without a change."""

from __future__ import annotations

from functools import cached_property

from quidproquo.evidence.weights.rerun import Rerun, Reruns
from quidproquo.evidence.weights.reweight import Change
from quidproquo.sensitivity.evaluator import Choice, SensitivityEvaluator

__all__ = ["Boards"]


class Boards:
    """One board a run, kept; what they average is what the original `board` does."""

    def __init__(self, board: SensitivityEvaluator, reruns: Reruns) -> None:
        self._board = board
        self._reruns = reruns
        self._known: dict[int, SensitivityEvaluator] = {}

    def of(self, run: Rerun) -> SensitivityEvaluator:
        """The board of a run."""
        if id(run) not in self._known:
            self._known[id(run)] = self._laid_out(run, self._control)
        return self._known[id(run)]

    @cached_property
    def _control(self) -> SensitivityEvaluator | None:
        """Worlds run again without a change; None where they don't get there."""
        answer = self._reruns.own(Change())
        return None if answer is None else self._laid_out(answer.run, None)

    def _laid_out(self, run: Rerun, control: SensitivityEvaluator | None) -> SensitivityEvaluator:
        choice = Choice(self._board.options, run.values, self._board.choice.delta)
        estimates = {name: run.estimates[name] for name in self._board.names}
        return SensitivityEvaluator(run.reweighter, estimates, choice, origin=self._board, control=control)

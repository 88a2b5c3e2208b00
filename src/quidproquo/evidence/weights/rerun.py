"""Worlds conditioned anew for a what-if that weights can't follow, each set run once and kept.

A what-if is answered from the closest ensemble: one that was run for another what-if may serve, by
weights, where the original can't. Without claim a, worlds run without a and b need b's evidence only. Worlds
in half of which a hypothesis has a certain answer serve for any probability of that answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from quidproquo.evidence.weights.reweight import Change, Reweighted, Reweighter
from quidproquo.terms.errors import EvidenceError
from quidproquo.worlds.runtime import parallel_map

__all__ = ["Answer", "Rerun", "Reruns"]


@dataclass(frozen=True)
class Rerun:
    """An ensemble that was conditioned anew, and what is read off its worlds.

    `estimates` maps a name to its value in each world; `values` is the value of each option.
    """

    reweighter: Reweighter
    biases: Float[np.ndarray, "world bias"]
    estimates: Mapping[str, Float[np.ndarray, " world"]]
    values: Float[np.ndarray, "world option"]


@dataclass(frozen=True)
class Answer:
    """The ensemble that a what-if is answered from, and its weights there."""

    run: Rerun
    weights: Reweighted


class Question(NamedTuple):
    """What worlds are conditioned anew for: other powers of the items, or a state of a hypothesis."""

    powers: Float[np.ndarray, " item"]
    hypothesis: str = ""
    state: int = 0

    @property
    def key(self) -> tuple[bytes, str, int]:
        """What tells it from others."""
        return self.powers.tobytes(), self.hypothesis, self.state


class Reruns:
    """Answers what-ifs about items, and about hypotheses, from worlds conditioned anew.

    `run` conditions anew with a power for each item, and `run_state`, where it is given, such that a state
    of a hypothesis holds in half of the worlds. They raise EvidenceError where the worlds don't get there,
    and that what-if then has no answer. They are called no more than `most` times, once for each question,
    and what they give must depend on it alone: several run side by side.
    """

    def __init__(
        self,
        base: Reweighter,
        run: Callable[[Float[np.ndarray, " item"]], Rerun],
        most: float = math.inf,
        run_state: Callable[[str, int], Rerun] | None = None,
    ) -> None:
        self._base = base
        self._run = run
        self._run_state = run_state
        self._most = most
        self._runs: dict[tuple[bytes, str, int], Rerun | None] = {}

    @property
    def count(self) -> int:
        """Ensembles run so far."""
        return len(self._runs)

    @property
    def remaining(self) -> float:
        """Ensembles that may still be run."""
        return self._most - self.count

    def prefetch(
        self, changes: Sequence[Change], reserve: int = 0, done: Callable[[int], None] | None = None
    ) -> None:
        """Run an ensemble for each of these changes that has none, in their order, side by side.

        No more are run once only `reserve` may still be run.
        """
        asked = {q.key: q for q in map(self._question, changes) if q is not None}
        fresh = [question for key, question in asked.items() if key not in self._runs]
        spare = max(self.remaining - reserve, 0)
        chosen = fresh if math.isinf(spare) else fresh[: int(spare)]
        for question, found in zip(chosen, parallel_map(self._try, chosen, done), strict=True):
            self._runs[question.key] = found

    def exact(self, change: Change, reserve: int = 0) -> Answer | None:
        """From an ensemble of its own; None if it can't be run, or is no question that can be."""
        question = self._question(change)
        if question is None:
            return None
        self.prefetch([change], reserve)
        run = self._runs.get(question.key)
        # of an answer that its worlds have lost on the way, nothing can be said
        if run is None or not run.reweighter.able(change):
            return None
        return Answer(run, run.reweighter.reweight(change))

    def _try(self, question: Question) -> Rerun | None:
        try:
            if question.hypothesis:
                assert self._run_state is not None
                return self._run_state(question.hypothesis, question.state)
            return self._run(question.powers)
        except EvidenceError:
            # counted and shown as a what-if that can't be judged
            return None

    def has_exact(self, change: Change) -> bool:
        """Whether a change has an ensemble of its own by now, or was found to have none."""
        question = self._question(change)
        return question is not None and question.key in self._runs

    def closest(self, change: Change, reserve: int = 0) -> Answer | None:
        """From the closest ensemble whose weights can be trusted; from one of its own if there is none."""
        return self.known(change) or self.exact(change, reserve)

    def known(self, change: Change) -> Answer | None:
        """From the closest ensemble run so far whose weights can be trusted, if there is one."""
        for run in self.by_distance(change):
            if not run.reweighter.able(change):
                continue
            weights = run.reweighter.reweight(change)
            if weights.reliable:
                return Answer(run, weights)
        return None

    def by_distance(self, change: Change) -> list[Rerun]:
        """Ensembles run so far about the same hypothesis, or about none, the closest to a change first."""
        question = self._question(change)
        if question is None:
            return []

        def distance(entry: tuple[int, Rerun]) -> tuple[bool, float]:
            state, run = entry
            return state != question.state, float(np.abs(question.powers - run.reweighter.base_powers).sum())

        known = [
            (state, run)
            for (_, hypothesis, state), run in self._runs.items()
            if run is not None and hypothesis == question.hypothesis
        ]
        return [run for _, run in sorted(known, key=distance)]

    def _question(self, change: Change) -> Question | None:
        """What would be run for a change; None if nothing can be."""
        if change.log_factor is not None:
            return None
        powers = self._base.powers(change)
        if not change.hypothesis:
            return Question(powers)
        if self._run_state is None or (powers != self._base.base_powers).any():
            return None
        return Question(powers, change.hypothesis, change.state)

"""Worlds conditioned anew for a what-if that weights can't follow, each set run once and kept.

A what-if is answered from the closest ensemble: one that was run for another what-if may serve, by
weights, where the original can't. Without claim a, worlds run without a and b need b's evidence only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from quidproquo.evidence.weights.reweight import Change, Reweighted, Reweighter
from quidproquo.terms.errors import EvidenceError

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


class Reruns:
    """Answers what-ifs about items by running again.

    `run` conditions anew with a power for each item; it raises EvidenceError where the worlds don't
    get there, and that what-if then has no answer.
    """

    def __init__(self, base: Reweighter, run: Callable[[Float[np.ndarray, " item"]], Rerun]) -> None:
        self._base = base
        self._run = run
        self._runs: dict[bytes, Rerun | None] = {}

    @property
    def count(self) -> int:
        """Ensembles run so far."""
        return len(self._runs)

    def exact(self, change: Change) -> Answer | None:
        """From an ensemble of its own; None if it can't be run, or asks for more than items' powers."""
        powers = self._powers(change)
        if powers is None:
            return None
        key = powers.tobytes()
        if key not in self._runs:
            try:
                self._runs[key] = self._run(powers)
            except EvidenceError:
                # counted and shown as a what-if that can't be judged
                self._runs[key] = None
        run = self._runs[key]
        return None if run is None else Answer(run, run.reweighter.reweight(change))

    def has_exact(self, change: Change) -> bool:
        """Whether a change has an ensemble of its own by now, or was found to have none."""
        powers = self._powers(change)
        return powers is not None and powers.tobytes() in self._runs

    def closest(self, change: Change) -> Answer | None:
        """From the closest ensemble whose weights can be trusted; from one of its own if there is none."""
        return self.known(change) or self.exact(change)

    def known(self, change: Change) -> Answer | None:
        """From the closest ensemble run so far whose weights can be trusted, if there is one."""
        for run in self.by_distance(change):
            weights = run.reweighter.reweight(change)
            if weights.reliable:
                return Answer(run, weights)
        return None

    def by_distance(self, change: Change) -> list[Rerun]:
        """Ensembles run so far, the closest to a change first; none for one that asks for more than powers."""
        powers = self._powers(change)
        if powers is None:
            return []
        known = [run for run in self._runs.values() if run is not None]
        return sorted(known, key=lambda run: float(np.abs(powers - run.reweighter.held).sum()))

    def _powers(self, change: Change) -> Float[np.ndarray, " item"] | None:
        """The power of each item, if that is all that the change is about."""
        if change.hypothesis or change.log_factor is not None:
            return None
        return self._base.powers(change)

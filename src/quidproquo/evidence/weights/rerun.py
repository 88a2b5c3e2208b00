"""Worlds conditioned anew for a what-if that weights can't follow, each set run once and kept.

A what-if is answered from the closest ensemble: one that was run for another what-if may serve, by
weights, where the original can't. Without claim a, worlds run without a and b need b's evidence only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

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


class Reruns:
    """Answers what-ifs about items from worlds conditioned anew.

    `run` conditions anew with a power for each item; it raises EvidenceError where the worlds don't
    get there, and that what-if then has no answer. It is called no more than `most` times, once for each set
    of powers, and what it gives must depend on the powers alone: several run side by side.
    """

    def __init__(
        self,
        base: Reweighter,
        run: Callable[[Float[np.ndarray, " item"]], Rerun],
        most: float = math.inf,
    ) -> None:
        self._base = base
        self._run = run
        self._most = most
        self._runs: dict[bytes, Rerun | None] = {}

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
        asked = {p.tobytes(): p for p in map(self._powers, changes) if p is not None}
        fresh = [powers for key, powers in asked.items() if key not in self._runs]
        spare = max(self.remaining - reserve, 0)
        chosen = fresh if math.isinf(spare) else fresh[: int(spare)]
        for powers, found in zip(chosen, parallel_map(self._try, chosen, done), strict=True):
            self._runs[powers.tobytes()] = found

    def exact(self, change: Change, reserve: int = 0) -> Answer | None:
        """From an ensemble of its own; None if it can't be run, or asks for more than items' powers."""
        powers = self._powers(change)
        if powers is None:
            return None
        self.prefetch([change], reserve)
        run = self._runs.get(powers.tobytes())
        return None if run is None else Answer(run, run.reweighter.reweight(change))

    def _try(self, powers: Float[np.ndarray, " item"]) -> Rerun | None:
        try:
            return self._run(powers)
        except EvidenceError:
            # counted and shown as a what-if that can't be judged
            return None

    def has_exact(self, change: Change) -> bool:
        """Whether a change has an ensemble of its own by now, or was found to have none."""
        powers = self._powers(change)
        return powers is not None and powers.tobytes() in self._runs

    def closest(self, change: Change, reserve: int = 0) -> Answer | None:
        """From the closest ensemble whose weights can be trusted; from one of its own if there is none."""
        return self.known(change) or self.exact(change, reserve)

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
        return sorted(known, key=lambda run: float(np.abs(powers - run.reweighter.base_powers).sum()))

    def _powers(self, change: Change) -> Float[np.ndarray, " item"] | None:
        """The power of each item, if that is all that the change is about."""
        if change.hypothesis or change.log_factor is not None:
            return None
        return self._base.powers(change)

"""Worlds conditioned anew for a what-if, and run as the original ones were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Array, Float, Key

from quidproquo.cases.record import Case, Quantity
from quidproquo.decisions.value import valued_worlds
from quidproquo.evidence.ensemble import as_ensemble, conditioned_points
from quidproquo.evidence.estimates import estimates_now
from quidproquo.evidence.smc.bridge import BridgeSettings, bridge_to_powers, bridge_to_state
from quidproquo.evidence.smc.extension import Extension
from quidproquo.evidence.smc.islands import PosteriorDraws
from quidproquo.evidence.weights.rerun import Rerun
from quidproquo.evidence.weights.reweight import Reweighter
from quidproquo.worlds.simulate import Plan
from quidproquo.worlds.streams import Stream, stream_key

__all__ = ["Rerunner"]


@dataclass(frozen=True)
class Rerunner:
    """Conditions worlds anew and runs them, as the original ones were run.

    `key` and `layout` are those of the original run and `draws` its worlds; `quantities` are read off the
    worlds. `settings` say how exactly it is done.
    """

    key: Key[Array, ""]
    case: Case
    extension: Extension
    layout: Plan
    draws: PosteriorDraws
    quantities: Sequence[Quantity]
    settings: BridgeSettings | None = None

    def run(self, powers: Float[np.ndarray, " item"]) -> Rerun:
        """Worlds in which every item counts with its power.

        Raises:
            EvidenceError: if the worlds don't get there.
        """
        key = stream_key(self.key, Stream.RERUN)
        return self._simulated(
            bridge_to_powers(key, self.extension, self.draws, powers, self.settings), powers
        )

    def run_state(self, hypothesis: str, state: int) -> Rerun:
        """Worlds in half of which a state of a hypothesis holds.

        Raises:
            EvidenceError: if no claim bears on the hypothesis, or the worlds don't get there.
        """
        key = stream_key(self.key, Stream.RERUN)
        drawn = bridge_to_state(key, self.extension, self.draws, (hypothesis, state), self.settings)
        return self._simulated(drawn, np.ones(len(self.extension.target.ids)))

    def _simulated(self, drawn: PosteriorDraws, powers: Float[np.ndarray, " item"]) -> Rerun:
        points = conditioned_points(drawn)
        ensemble, _ = as_ensemble(self.key, self.extension, self.layout, tuple(self.case.metrics), points)
        estimates = estimates_now(self.case, ensemble, self.quantities)
        # nothing more is read from the series, and they are large
        ensemble = replace(ensemble, series={})
        # failed worlds keep their rows and weigh nothing
        values = np.zeros((len(points.z), len(ensemble.options)))
        worlds = valued_worlds(ensemble, self.case)
        values[worlds.kept] = worlds.values
        return Rerun(Reweighter(ensemble, base_powers=powers), points.biases, estimates, values)

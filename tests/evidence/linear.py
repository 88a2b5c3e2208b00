"""A linear model whose every posterior is known in closed form.

z ~ Normal(0, 1) and item i reports y_i ~ Normal(z, s_i); with powers p the posterior is normal with
precision 1 + Σ p_i/s_i² and mean Σ p_i·y_i/s_i² over that. One stays, at value 0, or goes, at z − 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.rerun import Rerun
from quidproquo.evidence.weights.reweight import Reweighter

OPTIONS = ("stay", "go")
Z95 = 1.6448536269514722


def values(z: np.ndarray) -> np.ndarray:
    """The second option gains with z."""
    return np.stack([np.zeros_like(z), z - 1.0], axis=1)


@dataclass(frozen=True)
class Linear:
    reports: np.ndarray
    spreads: np.ndarray
    items: tuple[str, ...]
    worlds: int = 4_000
    islands: int = 16

    def closed_form(self, powers: np.ndarray) -> tuple[float, float]:
        """Mean and standard deviation of z."""
        precision = 1.0 + np.sum(powers / self.spreads**2)
        return float(np.sum(powers * self.reports / self.spreads**2) / precision), float(precision**-0.5)

    def going_leads(self, powers: np.ndarray) -> float:
        """How much less one gives up at the 95 % quantile by going than by staying."""
        mean, sd = self.closed_form(powers)
        return max(mean + Z95 * sd - 1.0, 0.0) - max(1.0 - mean + Z95 * sd, 0.0)

    def ensemble(self, powers: np.ndarray, seed: int) -> Ensemble:
        """Independent draws of the posterior, in islands."""
        mean, sd = self.closed_form(powers)
        z = mean + sd * np.random.default_rng(seed).standard_normal(self.worlds)
        likelihood = -0.5 * ((self.reports - z[:, None]) / self.spreads) ** 2 - np.log(self.spreads)
        return Ensemble(
            kind="weighted",
            parameters=("z",),
            draws=z[:, None],
            log_weight=np.zeros(self.worlds),
            island=np.arange(self.worlds) * self.islands // self.worlds,
            status=np.zeros(self.worlds, dtype=np.int64),
            hypotheses=(),
            states=np.zeros((self.worlds, 0), dtype=np.int64),
            items=self.items,
            log_likelihood=likelihood,
            predicted=np.repeat(z[:, None], len(self.items), axis=1),
            options=OPTIONS,
            metrics=("m",),
            outcomes=values(z)[:, :, None],
        )

    def rerun_with(self, seen: list[np.ndarray], seed: int = 10) -> Callable[[np.ndarray], Rerun]:
        """Runs again with other powers and the same luck, and notes the powers in `seen`."""

        def run(powers: np.ndarray) -> Rerun:
            seen.append(powers)
            found = self.ensemble(powers, seed)
            z = found.draws[:, 0]
            biases = np.zeros((self.worlds, 0))
            return Rerun(Reweighter(found, base_powers=powers), biases, {"z": z}, values(z))

        return run

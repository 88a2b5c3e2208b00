"""The hand-over from evidence to decisions: an ensemble of worlds, with weights."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float, Int

__all__ = ["Ensemble"]


@dataclass(frozen=True)
class Ensemble:
    """Worlds with log-weights, what each predicts for each claim, and every metric under every option.

    `kind` is "weighted" (distributed by prior and claims), "prior" (by the prior alone) or
    "exploratory" (evenly over ranges and hypotheses). Metrics are expectations over futures.
    `island` numbers the independent run that a world comes from: Monte Carlo errors are taken
    between islands. `status` is 0 for a world that ran; failed worlds have weight zero
    (`log_weight` −inf) and are counted. Hypotheses are state indices.
    `variants` are options beside the case's own, such as a bundle without one of its parts: their
    `variant_outcomes` enter no comparison of `options`.
    `series` holds trajectories under policy as it stands, `[world, month]` per observable, and
    `series_days` the ordinal of each month's end.
    """

    kind: str
    parameters: tuple[str, ...]
    draws: Float[np.ndarray, "world parameter"]
    log_weight: Float[np.ndarray, " world"]
    island: Int[np.ndarray, " world"]
    status: Int[np.ndarray, " world"]
    hypotheses: tuple[str, ...]
    states: Int[np.ndarray, "world hypothesis"]
    items: tuple[str, ...]
    log_likelihood: Float[np.ndarray, "world item"]
    predicted: Float[np.ndarray, "world item"]
    options: tuple[str, ...]
    metrics: tuple[str, ...]
    outcomes: Float[np.ndarray, "world option metric"]
    series: dict[str, Float[np.ndarray, "world month"]] = field(default_factory=dict)
    series_days: Float[np.ndarray, " month"] = field(default_factory=lambda: np.zeros(0))
    variants: tuple[str, ...] = ()
    variant_outcomes: Float[np.ndarray, "world variant metric"] | None = None

    @property
    def weights(self) -> Float[np.ndarray, " world"]:
        """Normalised weights; sum to one."""
        shifted = np.exp(self.log_weight - np.max(self.log_weight))
        weights: Float[np.ndarray, " world"] = shifted / shifted.sum()
        return weights

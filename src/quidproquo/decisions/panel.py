"""The figures of every option under any weights: worlds are sorted once, then only re-weighted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from quidproquo.decisions.value import ValuedWorlds
from quidproquo.evidence.weights.estimators import (
    Ladder,
    Tail,
    between_islands,
    island_means,
    normalised,
)

__all__ = ["Figures", "Panel"]

_LEVELS = np.array([0.05, 0.5, 0.95])


@dataclass(frozen=True)
class Figures:
    """Figures under one set of weights. Metrics are `[option, metric]`, the rest `[option]`.

    `quantiles` are at 0.05, 0.5 and 0.95. Regret is in the metric's unit, or in value.
    """

    mean: Float[np.ndarray, "option metric"]
    mcse: Float[np.ndarray, "option metric"]
    quantiles: Float[np.ndarray, "level option metric"]
    regret: Float[np.ndarray, "option metric"]
    regret_mcse: Float[np.ndarray, "option metric"]
    regret_q95: Float[np.ndarray, "option metric"]
    regret_cvar95: Float[np.ndarray, "option metric"]
    value: Float[np.ndarray, " option"]
    value_mcse: Float[np.ndarray, " option"]
    value_quantiles: Float[np.ndarray, "level option"]
    value_regret: Float[np.ndarray, " option"]
    value_regret_mcse: Float[np.ndarray, " option"]
    value_regret_q95: Float[np.ndarray, " option"]
    value_regret_cvar95: Float[np.ndarray, " option"]
    best_share: Float[np.ndarray, " option"]
    robustness: Float[np.ndarray, " option"]


class Panel:
    """Sorted columns of one ensemble, whose figures can be read under any weights."""

    def __init__(self, worlds: ValuedWorlds) -> None:
        self.worlds = worlds
        count, options, metrics = worlds.metric_regrets.shape
        self.shape = (options, metrics)
        outcomes = np.asarray(worlds.ensemble.outcomes, dtype=np.float64).reshape(count, -1)
        peaks = (worlds.ensemble.outcomes * worlds.scale.sign).max(axis=1)
        top = worlds.values.max(axis=1, keepdims=True)
        self.averaged = np.ascontiguousarray(
            np.hstack([outcomes, worlds.values, peaks, top, worlds.best, worlds.meets]).T
        )
        # Quantiles are read of the first rows only; regrets only at their upper end.
        self.ladder = Ladder(self.averaged[: options * metrics + options])
        self.tail = Tail(np.ascontiguousarray(worlds.metric_regrets.reshape(count, -1).T))

    def figures(self, log_weight: Float[np.ndarray, " world"]) -> Figures:
        """All figures under log-weights of the panel's worlds, in any normalisation.

        Raises EvidenceError with fewer than eight islands.
        """
        weights = normalised(log_weight)
        options, metrics = self.shape
        size = options * metrics
        means, shares = island_means(self.averaged, weights, self.worlds.ensemble.island)
        ends = np.cumsum([size, options, metrics, 1])
        outcome, value, peaks, top, extra = np.split(means, ends, axis=1)
        signed = outcome.reshape(-1, options, metrics) * self.worlds.scale.sign
        # The mean regret is the mean of the best less the option's mean: no further pass.
        regret = (peaks[:, None, :] - signed).reshape(len(means), size)
        overall = np.hstack([outcome, value, regret, top - value, extra])
        mean = np.einsum("ic,i->c", overall, shares)
        error = np.sqrt(between_islands(overall, shares))
        bounds = np.cumsum([size, options, size, options, options])
        metric, worth, lost, value_lost, best, robust = np.split(mean, bounds)
        metric_e, value_e, lost_e, value_lost_e = np.split(error, bounds)[:4]
        quantiles = self.ladder.quantiles(weights, _LEVELS)
        q95, cvar = self.tail.worst(weights)
        value_q95, value_cvar = self.worlds.option_values.tail.worst(weights)
        # Where nothing is ever given up, the difference of two equal means leaves a trace.
        lost, value_lost = np.maximum(lost, 0.0), np.maximum(value_lost, 0.0)
        return Figures(
            mean=metric.reshape(self.shape),
            mcse=metric_e.reshape(self.shape),
            quantiles=quantiles[:, :size].reshape(-1, options, metrics),
            regret=lost.reshape(self.shape),
            regret_mcse=lost_e.reshape(self.shape),
            regret_q95=q95.reshape(self.shape),
            regret_cvar95=cvar.reshape(self.shape),
            value=worth,
            value_mcse=value_e,
            value_quantiles=quantiles[:, size:],
            value_regret=value_lost,
            value_regret_mcse=value_lost_e,
            value_regret_q95=value_q95,
            value_regret_cvar95=value_cvar,
            best_share=best,
            robustness=robust,
        )

"""What can be said of the options without weighing metrics against each other."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from quidproquo.decisions.rule import TIE_ERRORS
from quidproquo.decisions.value import ValuedWorlds
from quidproquo.evidence.weights.estimators import between_islands, island_means, normalised

__all__ = ["dominance", "pareto_front", "rank_acceptability"]

_WEIGHTINGS_LOG2 = 6


def dominance(
    worlds: ValuedWorlds, log_weight: Float[np.ndarray, " world"]
) -> Bool[np.ndarray, "option option"]:
    """Entry `[a, b]` is true where option a dominates option b on the means.

    That is: a is worse on no metric, and better on at least one, by more than two Monte Carlo
    errors of the paired difference.
    """
    count, options, metrics = worlds.metric_regrets.shape
    rows = np.ascontiguousarray(
        (worlds.ensemble.outcomes * worlds.scale.sign).reshape(count, -1).T, dtype=np.float64
    )
    means, shares = island_means(rows, normalised(log_weight), worlds.ensemble.island)
    means = means.reshape(-1, options, metrics)
    lead = (means[:, :, None] - means[:, None, :]).reshape(len(means), -1)
    error = np.sqrt(between_islands(lead, shares)).reshape(options, options, metrics)
    overall = np.asarray(np.einsum("ic,i->c", lead, shares)).reshape(options, options, metrics)
    # Rounding in means of this size is no lead.
    trace = 1e-12 * np.abs(means).max(axis=(0, 1), initial=0.0)
    limit = TIE_ERRORS * error + trace
    never_worse = np.asarray(overall >= -limit).min(axis=2)
    somewhere_better = np.asarray(overall > limit).max(axis=2)
    return np.asarray(never_worse & somewhere_better)


def pareto_front(dominates: Bool[np.ndarray, "option option"]) -> Bool[np.ndarray, " option"]:
    """The options that no other dominates."""
    return np.asarray(~np.asarray(dominates.any(axis=0)))


def _shares(
    values: Float[np.ndarray, "world option"], weights: Float[np.ndarray, " world"]
) -> Float[np.ndarray, "option rank"]:
    """Share of the weight in which each option has each rank; level options share their ranks."""
    options = values.shape[1]
    above = (values[:, None, :] > values[:, :, None]).sum(axis=2)
    level = (values[:, None, :] == values[:, :, None]).sum(axis=2)
    table = np.zeros((options, options))
    for rank in range(options):
        holds = (above <= rank) & (rank < above + level)
        table[:, rank] = np.einsum("wo,w->o", holds / level, weights)
    return table


def rank_acceptability(
    worlds: ValuedWorlds, log_weight: Float[np.ndarray, " world"]
) -> Float[np.ndarray, "option rank"]:
    """Share of the weight in which each option comes first, second and so on.

    Ranks are by the value function. Without weights of the metrics they are taken over weights
    spread evenly over all possible ones (stochastic multicriteria acceptability analysis;
    Lahdelma & Salminen 2001, Operations Research 49(3)), from a fixed low-discrepancy sequence.
    """
    weights = normalised(log_weight)
    if worlds.scale.weighed:
        return _shares(worlds.values, weights)
    # imported late: it takes long, and few cases lack weights
    from scipy.stats import qmc

    parts = worlds.scale.parts(np.asarray(worlds.ensemble.outcomes, dtype=np.float64))
    metrics = parts.shape[2]
    points = qmc.Sobol(metrics, scramble=False).random_base2(_WEIGHTINGS_LOG2)
    # Exponential draws, normalised, are uniform over the weights that sum to one.
    drawn = -np.log1p(-np.maximum(points, 0.5 / len(points)))
    drawn /= drawn.sum(axis=1, keepdims=True)
    table = np.zeros((parts.shape[1],) * 2)
    for row in drawn:
        table += _shares(np.einsum("wom,m->wo", parts, row), weights) / len(drawn)
    return table

"""What can be said of the options without weighing metrics against each other."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from quidproquo.decisions.acceptability import acceptability, rank_shares
from quidproquo.decisions.rule import TIE_ERRORS
from quidproquo.decisions.value import ValuedWorlds
from quidproquo.evidence.weights.estimators import between_islands, island_means, normalised

__all__ = ["dominance", "pareto_front", "rank_acceptability"]


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


def rank_acceptability(
    worlds: ValuedWorlds, log_weight: Float[np.ndarray, " world"]
) -> Float[np.ndarray, "option rank"]:
    """Share of the weight in which each option comes first, second and so on.

    Ranks are by the value function; without weights of the metrics they are taken over all possible ones.
    """
    if not worlds.scale.weighed:
        return acceptability(worlds).ranks
    table: Float[np.ndarray, "option rank"] = np.einsum(
        "wor,w->or", rank_shares(worlds.values), normalised(log_weight)
    )
    return table

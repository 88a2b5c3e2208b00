"""Stochastic multicriteria acceptability analysis: what options are worth under all weights of the metrics.

Lahdelma & Salminen (2001), SMAA-2, *Operations Research* 49(3), 444–454.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from quidproquo.decisions.value import ValuedWorlds
from quidproquo.evidence.weights.estimators import between_islands, island_means, normalised

__all__ = ["Acceptability", "acceptability", "box_weights", "rank_shares", "simplex_weights"]

_SAMPLES = 32_768  # pairs of a world and weights, at least
_FEWEST = 4  # weights a world meets
_KEY = 2001


@dataclass(frozen=True)
class Acceptability:
    """What all weights of the metrics say of the options, each world meeting weights of its own.

    `ranks` are the shares in which an option comes first, second and so on (rank acceptability), `first_mcse`
    the Monte Carlo error of the first of them. `central` is the mean of the weights under which an option
    comes first; a row of zeros where it never does.
    """

    ranks: Float[np.ndarray, "option rank"]
    first_mcse: Float[np.ndarray, " option"]
    central: Float[np.ndarray, "option metric"]


def simplex_weights(count: int, metrics: int, key: int = _KEY) -> Float[np.ndarray, "draw metric"]:
    """Weights that sum to one, spread evenly over all that do."""
    drawn = np.random.Generator(np.random.Philox(key)).standard_exponential((count, metrics))
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))


def box_weights(
    count: int, low: Float[np.ndarray, " metric"], high: Float[np.ndarray, " metric"], key: int = _KEY
) -> Float[np.ndarray, "draw metric"]:
    """Weights drawn evenly between bounds, then divided by their sum."""
    inside = np.random.Generator(np.random.Philox(key)).random((count, low.size))
    drawn = low + (high - low) * inside
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))


def rank_shares(values: Float[np.ndarray, "world option"]) -> Float[np.ndarray, "world option rank"]:
    """1 at the rank that an option has in a world; level options share their ranks evenly."""
    options = values.shape[1]
    above = (values[:, None, :] > values[:, :, None]).sum(axis=2)
    level = (values[:, None, :] == values[:, :, None]).sum(axis=2)
    rank = np.arange(options)
    holds = (above[:, :, None] <= rank) & (rank < (above + level)[:, :, None])
    return np.asarray(holds / level[:, :, None])


def acceptability(
    worlds: ValuedWorlds,
    low: Float[np.ndarray, " metric"] | None = None,
    high: Float[np.ndarray, " metric"] | None = None,
) -> Acceptability:
    """Ranks of the options over worlds and weights together.

    The weights fill the whole simplex, or the ranges between `low` and `high`.

    Raises EvidenceError with fewer than eight islands.
    """
    parts = worlds.scale.parts(np.asarray(worlds.ensemble.outcomes, dtype=np.float64))
    count, options, metrics = parts.shape
    each = max(_FEWEST, -(-_SAMPLES // count))
    if low is None or high is None:
        drawn = simplex_weights(count * each, metrics)
    else:
        drawn = box_weights(count * each, low, high)
    by_world = np.zeros((count, options, options))
    central = np.zeros((count, options, metrics))
    for weights in drawn.reshape(each, count, metrics):
        shares = rank_shares((parts @ weights[:, :, None])[:, :, 0])
        by_world += shares / each
        central += shares[:, :, :1] * (weights[:, None, :] / each)
    own = normalised(worlds.ensemble.log_weight)
    ranks = np.einsum("wor,w->or", by_world, own)
    means, shares = island_means(np.ascontiguousarray(by_world[:, :, 0].T), own, worlds.ensemble.island)
    first = ranks[:, :1]
    middle = np.einsum("wom,w->om", central, own)
    return Acceptability(
        ranks=ranks,
        first_mcse=np.sqrt(between_islands(means, shares)),
        central=np.divide(middle, first, out=np.zeros_like(middle), where=first > 0.0),
    )

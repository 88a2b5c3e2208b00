"""Weighted means of whatever is compared, with the Monte Carlo error between islands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from quidproquo.decisions.rule import is_tie
from quidproquo.evidence.weights.estimators import between_islands, island_means

__all__ = ["Mean", "means"]


@dataclass(frozen=True)
class Mean:
    """A weighted mean and its Monte Carlo error."""

    mean: float
    mcse: float

    def counts(self, delta: float, scale: float = 1.0) -> bool:
        """Whether it differs from zero by the rule for ties; `scale` is worth 1 of value."""
        return not is_tie(abs(self.mean) / scale, self.mcse / scale, delta)

    def times(self, factor: float) -> Mean:
        """The same in another unit."""
        return Mean(self.mean * factor, self.mcse * abs(factor))


def means(
    rows: Float[np.ndarray, "column world"] | Sequence[Float[np.ndarray, " world"]],
    weights: Float[np.ndarray, " world"],
    island: Int[np.ndarray, " world"],
) -> list[Mean]:
    """The mean of each row under weights that sum to one.

    Raises EvidenceError with fewer than eight islands.
    """
    table = np.ascontiguousarray(rows, dtype=np.float64)
    # rows are centred, so that a constant one has no error
    start = table[:, :1]
    by_island, shares = island_means(table - start, weights, island)
    overall = np.einsum("ic,i->c", by_island, shares) + start[:, 0]
    variance = between_islands(by_island, shares)
    return [Mean(float(mean), math.sqrt(float(one))) for mean, one in zip(overall, variance, strict=True)]

"""Monte Carlo errors of what isn't a mean: islands are left out one at a time.

Efron & Stein (1981), *Annals of Statistics* 9, 586–596.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from quidproquo.evidence.weights.estimators import BARELY, Tail

__all__ = [
    "Jackknife",
    "JackknifeEstimate",
    "jackknife_error",
    "jackknife_errors",
    "leave_one_out_means",
    "paired_replicates",
]

_BLOCK = 32

# one row an island left out; sources of error differ in their islands, so the axes have no names
Replicates = Float[np.ndarray, "..."]


class Jackknife:
    """Upper quantiles of a tail's columns without each island in turn, under any weights.

    Ranks run downwards. Weights are summed by block of ranks and island, which says in which block the
    others' weight reaches the share; only that block is looked into.
    """

    def __init__(self, tail: Tail, island: Int[np.ndarray, " world"]) -> None:
        self._tail = tail
        self._island = island
        self._whole: dict[int, Jackknife] = {}
        self._count, self._seat = _numbered(island)
        columns, depth = tail.order.shape
        self._blocks = -(-depth // _BLOCK)
        self._own = self._seat[tail.order]
        block = np.arange(columns)[:, None] * self._blocks + np.arange(depth) // _BLOCK
        self._cell = (block * self._count + self._own).ravel()

    def without(
        self, weights: Float[np.ndarray, " world"], share: float = 0.05
    ) -> Float[np.ndarray, "island column"]:
        """Quantile at 1 − share per column without each island that has weight, in turn."""
        taken = np.bincount(self._seat, weights, self._count)
        known = np.flatnonzero(taken > 0.0)
        limits = share * (float(weights.sum()) - taken) * BARELY
        columns, depth = self._tail.order.shape
        steps = weights[self._tail.order]
        cells = np.bincount(self._cell, steps.ravel(), columns * self._blocks * self._count)
        cells = cells.reshape(columns, self._blocks, self._count)
        others = np.cumsum(cells.sum(axis=2, keepdims=True) - cells, axis=1)
        over = others > limits
        block = np.argmax(over, axis=1)[:, known]
        every = np.arange(columns)[:, None]
        before = np.where(block > 0, others[every, np.maximum(block - 1, 0), known], 0.0)
        place = block[..., None] * _BLOCK + np.arange(_BLOCK)
        at = np.minimum(place, depth - 1)
        counts = (place < depth) & (self._own[every[..., None], at] != known[:, None])
        within = before[..., None] + np.cumsum(np.where(counts, steps[every[..., None], at], 0.0), axis=2)
        hit = within > limits[known][:, None]
        # rounding apart, the block holds it
        index = np.where(hit.any(axis=2), np.argmax(hit, axis=2), _BLOCK - 1)
        found = self._tail.values[every, np.take_along_axis(at, index[..., None], axis=2)[..., 0]].T
        # where all worlds were kept, none is short of weight but one that has no others
        short = ~over[:, -1, known] & (depth < len(self._seat))
        for column in np.flatnonzero(short.any(axis=1)):
            found[short[column], column] = self._from_all(int(column), weights, share)[short[column]]
        return np.ascontiguousarray(found)

    def _from_all(
        self, column: int, weights: Float[np.ndarray, " world"], share: float
    ) -> Float[np.ndarray, " island"]:
        """From all worlds, where the end that was kept holds too little of the weight."""
        if column not in self._whole:
            tail = Tail(self._tail.rows[column : column + 1], whole=True)
            self._whole[column] = Jackknife(tail, self._island)
        return self._whole[column].without(weights, share)[:, 0]


def _numbered(island: Int[np.ndarray, " world"]) -> tuple[int, Int[np.ndarray, " world"]]:
    """The number of islands, and each world's place among them."""
    known, seat = np.unique(island, return_inverse=True)
    return len(known), seat


@dataclass(frozen=True)
class JackknifeEstimate:
    """Numbers with their Monte Carlo error, as replicates without each island in turn.

    Each member of `replicates` is an independent source of error, `[island, column]`, known up to a constant:
    the errors of several add in quadrature. Islands that carry no weight may be missing.
    """

    value: Float[np.ndarray, " column"]
    replicates: tuple[Replicates, ...]

    def error(self) -> Float[np.ndarray, " column"]:
        """Monte Carlo error of each column."""
        return _in_quadrature(self.replicates)

    def difference_errors(self, first: int) -> Float[np.ndarray, " column"]:
        """Monte Carlo error of each column less the column `first`."""
        return _in_quadrature(tuple(rows - rows[:, first : first + 1] for rows in self.replicates))

    def shift_error(self, before: JackknifeEstimate) -> Float[np.ndarray, " column"]:
        """Monte Carlo error of how far each column has moved since `before` (see `paired_replicates`)."""
        return _in_quadrature(tuple(paired_replicates(self.replicates, before.replicates)))


def paired_replicates(after: Sequence[Replicates], before: Sequence[Replicates]) -> Iterator[Replicates]:
    """Replicates of a difference between two estimates.

    Sources of error in the same place of both come from the same islands, so that only what differs between
    them counts; if an island has lost all its weight, or only one of them has such a source, it counts in full.
    """
    for place in range(max(len(after), len(before))):
        pair = [rows[place] for rows in (after, before) if place < len(rows)]
        if len(pair) == 2 and pair[0].shape == pair[1].shape:
            yield pair[0] - pair[1]
        else:
            yield from pair


def _in_quadrature(
    replicates: tuple[Float[np.ndarray, "_ column"], ...],
) -> Float[np.ndarray, " column"]:
    variances = [_jackknife_variance(rows) for rows in replicates]
    return np.asarray(np.sqrt(sum(variances[1:], variances[0])))


def leave_one_out_means(
    sums: Float[np.ndarray, "... island column"], shares: Float[np.ndarray, "... island"]
) -> Float[np.ndarray, "... island column"]:
    """Weighted means without each island, from its weighted sums and its share of the weight, which sum to one.

    Where one island has all the weight, nothing is left without it, and its replicate is the mean itself.
    """
    total = sums.sum(axis=-2, keepdims=True)
    rest = 1.0 - shares[..., None]
    means: Float[np.ndarray, "... island column"] = np.divide(
        total - sums, rest, out=np.broadcast_to(total, sums.shape).copy(), where=rest > 1e-12
    )
    return means


def _jackknife_variance(values: Float[np.ndarray, "island ..."]) -> Float[np.ndarray, "..."]:
    count = len(values)
    squares = ((values - values.mean(axis=0)) ** 2).sum(axis=0)
    return np.asarray(squares * ((count - 1) / count))


def jackknife_error(values: Float[np.ndarray, " island"]) -> float:
    """Monte Carlo error of a number, from its values without each island in turn."""
    return math.sqrt(float(_jackknife_variance(values)))


def jackknife_errors(values: Float[np.ndarray, "island column"]) -> Float[np.ndarray, " column"]:
    """The same of several numbers at once."""
    return np.asarray(np.sqrt(_jackknife_variance(values)))

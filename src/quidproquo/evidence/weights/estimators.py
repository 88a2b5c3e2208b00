"""Weighted means, quantiles and their Monte Carlo errors, with islands as the unit of repetition.

Weights say how much each world counts, not how well a number is known: worlds of one sampler run
hang together. So every error is taken between islands, the independent runs that make up an
ensemble. All sums run over fixed blocks in a fixed order, so they don't depend on threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int

from quidproquo.terms.errors import EvidenceError, sentence

__all__ = [
    "BARELY",
    "MINIMUM_ISLANDS",
    "Ladder",
    "Summary",
    "Tail",
    "island_means",
    "mcse",
    "normalised",
    "run_ess",
    "summary",
    "weighted_mean",
    "weighted_quantile",
]

MINIMUM_ISLANDS = 8
_BLOCK = 256
_CHUNK = 8
_ROUNDING = 1e-12
BARELY = 1.0 + _ROUNDING  # so that rounding in sums of weights reaches no share


def normalised(log_weight: Float[np.ndarray, " world"]) -> Float[np.ndarray, " world"]:
    """Weights that sum to one; raises EvidenceError where no world has any weight."""
    log_weight = np.asarray(log_weight, dtype=np.float64)
    peak = np.max(log_weight, initial=-np.inf)
    if not np.isfinite(peak) or np.isnan(log_weight).any():
        remedy = "check the log-likelihoods, or run more worlds"
        raise EvidenceError(sentence("ensemble", "largest log-weight", peak, "a finite number", remedy))
    raw = np.exp(log_weight - peak)
    weights: Float[np.ndarray, " world"] = raw / raw.sum()
    return weights


def _rows(
    values: Float[np.ndarray, "world ..."], log_weight: Float[np.ndarray, " world"]
) -> tuple[Float[np.ndarray, "column alive"], Float[np.ndarray, " alive"], np.ndarray]:
    """Columns as contiguous rows, without the worlds of weight zero (which may hold NaN)."""
    values = np.asarray(values, dtype=np.float64)
    if values.shape[0] != np.shape(log_weight)[0]:
        allowed = f"{np.shape(log_weight)[0]}, as in log_weight"
        raise EvidenceError(
            sentence("values", "number of worlds", values.shape[0], allowed, "pass the same worlds")
        )
    weights = normalised(log_weight)
    alive = weights > 0.0
    flat = values.reshape(values.shape[0], -1)
    if not alive.all():
        flat, weights = flat[alive], weights[alive]
    rows = np.ascontiguousarray(flat.T)
    if not np.isfinite(rows).all():
        remedy = "mark such worlds as failed (status above 0, log-weight minus infinity)"
        found = "not finite in a world that has weight"
        raise EvidenceError(sentence("values", "entry", found, "a finite number", remedy))
    return rows, weights, alive


def island_means(
    rows: Float[np.ndarray, "column world"],
    weights: Float[np.ndarray, " world"],
    island: Int[np.ndarray, " world"],
) -> tuple[Float[np.ndarray, "island column"], Float[np.ndarray, " island"]]:
    """Weighted mean of each row in each island, and the islands' shares of the weight.

    Islands without weight are left out; raises EvidenceError with fewer than eight others.
    """
    island = np.asarray(island)
    if (island[1:] < island[:-1]).any():
        order = np.argsort(island, kind="stable")
        rows, weights, island = rows[:, order], weights[order], island[order]
    bounds = np.r_[0, np.flatnonzero(island[1:] != island[:-1]) + 1, island.size]
    means, shares = [], []
    for begin, end in pairwise(bounds):
        share = float(weights[begin:end].sum())
        if share > 0.0:
            total = np.einsum("cn,n->c", rows[:, begin:end], weights[begin:end])
            means.append(total / share)
            shares.append(share)
    if len(shares) < MINIMUM_ISLANDS:
        remedy = "run the ensemble in more independent islands"
        allowed = f"at least {MINIMUM_ISLANDS}"
        raise EvidenceError(
            sentence("ensemble", "number of islands with weight", len(shares), allowed, remedy)
        )
    return np.array(means), np.array(shares) / np.sum(shares)


def between_islands(
    means: Float[np.ndarray, "island column"], shares: Float[np.ndarray, " island"]
) -> Float[np.ndarray, " column"]:
    """Variance of the overall mean, from how far the islands' means lie apart.

    With equal shares this is the islands' variance over their number. With unequal ones it is
    their weighted variance times the sum of squared shares, so one heavy island can't hide.
    """
    squares = float(np.sum(shares**2))
    overall = np.einsum("ic,i->c", means, shares)
    between = np.einsum("ic,i->c", (means - overall) ** 2, shares) / max(1.0 - squares, _ROUNDING)
    variance: Float[np.ndarray, " column"] = between * squares
    return variance


def weighted_mean(
    values: Float[np.ndarray, "world ..."], log_weight: Float[np.ndarray, " world"]
) -> Float[np.ndarray, "..."]:
    """Mean of each column under the weights."""
    rows, weights, _ = _rows(values, log_weight)
    mean: Float[np.ndarray, "..."] = np.einsum("cn,n->c", rows, weights)
    return mean.reshape(np.shape(values)[1:])


def mcse(
    values: Float[np.ndarray, "world ..."],
    log_weight: Float[np.ndarray, " world"],
    island: Int[np.ndarray, " world"],
) -> Float[np.ndarray, "..."]:
    """Monte Carlo standard error of the weighted mean, between islands."""
    rows, weights, alive = _rows(values, log_weight)
    rows = rows - rows[:, :1]
    means, shares = island_means(rows, weights, np.asarray(island)[alive])
    error: Float[np.ndarray, "..."] = np.sqrt(between_islands(means, shares))
    return error.reshape(np.shape(values)[1:])


def run_ess(
    values: Float[np.ndarray, "world ..."],
    log_weight: Float[np.ndarray, " world"],
    island: Int[np.ndarray, " world"],
) -> Float[np.ndarray, "..."]:
    """Number of independent draws that would give the mean this Monte Carlo error.

    Posterior variance over the variance of the overall mean between islands. A column that is
    constant needs no draws: its run ESS is infinite, and so it is where all islands agree exactly.
    Raises EvidenceError with fewer than eight islands.
    """
    rows, weights, alive = _rows(values, log_weight)
    centred = rows - np.einsum("cn,n->c", rows, weights)[:, None]
    means, shares = island_means(centred, weights, np.asarray(island)[alive])
    error = between_islands(means, shares)
    variance = np.einsum("cn,n->c", centred**2, weights)
    # Rounding in the mean leaves a trace of variance in a constant column.
    scale = np.max(np.abs(rows), axis=1, initial=0.0)
    fixed = (variance <= (64 * np.finfo(np.float64).eps * scale) ** 2) | (error == 0.0)
    ess = np.where(fixed, np.inf, variance / np.where(fixed, 1.0, error))
    return ess.reshape(np.shape(values)[1:])


def weighted_quantile(
    values: Float[np.ndarray, "world ..."],
    log_weight: Float[np.ndarray, " world"],
    probabilities: Float[np.ndarray, " probability"],
) -> Float[np.ndarray, "probability ..."]:
    """Smallest value with at least the given share of the weight at or below it, per column."""
    rows, weights, _ = _rows(values, log_weight)
    levels = np.asarray(probabilities, dtype=np.float64)
    found = Ladder(rows).quantiles(weights, levels)
    return found.reshape(levels.shape + np.shape(values)[1:])


class Ladder:
    """Columns sorted once, whose quantiles can then be read off under any weights.

    `rows` is `[column, world]`. A reading sums the sorted weights in blocks, finds the block in
    which the share is reached, and looks inside that block only.
    """

    def __init__(self, rows: Float[np.ndarray, "column world"]) -> None:
        self._rows = rows
        self._order = np.empty(rows.shape, dtype=np.intp)
        for column, row in enumerate(rows):
            self._order[column] = np.argsort(row)

    def quantiles(
        self, weights: Float[np.ndarray, " world"], levels: Float[np.ndarray, " level"]
    ) -> Float[np.ndarray, "level column"]:
        """Weighted quantiles `[level, column]`; the weights need not sum to one."""
        columns, worlds = self._rows.shape
        if (np.asarray(levels) < 0).any() or (np.asarray(levels) > 1).any():
            raise EvidenceError(sentence("quantile", "probability", levels, "between 0 and 1", "use a share"))
        blocks = -(-worlds // _BLOCK)
        sums = np.empty((columns, blocks))
        buffer = np.zeros((_CHUNK, blocks * _BLOCK))
        for start in range(0, columns, _CHUNK):
            order = self._order[start : start + _CHUNK]
            part = buffer[: len(order)]
            for row, ranks in zip(part, order, strict=True):
                np.take(weights, ranks, out=row[:worlds], mode="clip")
            sums[start : start + len(order)] = part.reshape(len(order), blocks, _BLOCK).sum(axis=2)
        return self._read(weights, np.asarray(levels, dtype=np.float64), np.cumsum(sums, axis=1))

    def _read(
        self,
        weights: Float[np.ndarray, " world"],
        levels: Float[np.ndarray, " level"],
        reached: Float[np.ndarray, "column block"],
    ) -> Float[np.ndarray, "level column"]:
        columns, worlds = self._rows.shape
        # A hair less than the share, so that rounding in the sums doesn't skip a world.
        target = levels[:, None] * reached[:, -1] * (1.0 - _ROUNDING)
        block = np.empty(target.shape, dtype=np.intp)
        for column in range(columns):
            block[:, column] = np.searchsorted(reached[column], target[:, column])
        block = np.minimum(block, reached.shape[1] - 1)
        every = np.arange(columns)
        before = np.where(block > 0, reached[every, np.maximum(block - 1, 0)], 0.0)
        place = block[..., None] * _BLOCK + np.arange(_BLOCK)
        world = self._order[every[:, None], np.minimum(place, worlds - 1)]
        steps = np.where(place < worlds, weights[world], 0.0)
        within = before[..., None] + np.cumsum(steps, axis=2)
        # Worlds of weight zero at the bottom never hold a quantile, not even the one at 0.
        hit = (within >= target[..., None]) & (steps > 0.0)
        last = _BLOCK - 1 - np.argmax((steps > 0.0)[..., ::-1], axis=2)
        index = np.where(hit.any(axis=2), np.argmax(hit, axis=2), last)
        chosen = np.take_along_axis(world, index[..., None], axis=2)[..., 0]
        quantiles: Float[np.ndarray, "level column"] = self._rows[every, chosen]
        return quantiles


class Tail:
    """The upper ends of columns, sorted once: for their upper quantile and the mean beyond it.

    Keeps the largest eighth of each row; where that holds too little of the weight, the whole row
    is sorted, as with `whole` from the start. Conditional value at risk is the mean of the worst
    `share` of the weight. `order` has the kept worlds and `values` what they hold, `[column, rank]`,
    downwards.
    """

    def __init__(self, rows: Float[np.ndarray, "column world"], whole: bool = False) -> None:
        self.rows = rows
        columns, worlds = rows.shape
        self._head = worlds if whole else min(worlds, max(worlds // 8, _BLOCK))
        self.order = np.empty((columns, self._head), dtype=np.intp)
        self.values = np.empty((columns, self._head))
        for column, row in enumerate(rows):
            if self._head < worlds:
                top = np.argpartition(row, worlds - self._head)[worlds - self._head :]
            else:
                top = np.arange(worlds)
            self.order[column] = top[np.argsort(-row[top], kind="stable")]
            self.values[column] = row[self.order[column]]

    def worst(
        self, weights: Float[np.ndarray, " world"], share: float = 0.05
    ) -> tuple[Float[np.ndarray, " column"], Float[np.ndarray, " column"]]:
        """Quantile at 1 − share and mean of the worst share, per column."""
        limit = share * float(weights.sum()) * BARELY
        found = np.empty((2, len(self.rows)))
        for start in range(0, len(self.rows), _CHUNK):
            open_ = np.arange(start, min(start + _CHUNK, len(self.rows)))
            # Half of the head is enough wherever weights and values don't hang together.
            for depth in (self._head // 2, self._head):
                steps = np.take(weights, self.order[open_, :depth], mode="clip")
                quantile, beyond, enough = _upper(self.values[open_, :depth], steps, limit)
                found[:, open_] = quantile, beyond
                open_ = open_[~enough]
                if not open_.size:
                    break
            for column in open_:
                whole = np.argsort(-self.rows[column], kind="stable")[None]
                quantile, beyond, _ = _upper(self.rows[column][whole], weights[whole], limit)
                found[:, column] = quantile[0], beyond[0]
        return found[0], found[1]


def _upper(
    values: Float[np.ndarray, "column rank"], steps: Float[np.ndarray, "column rank"], limit: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Quantile, mean beyond it, and whether the ranks reach that far; ranks run downwards."""
    reached = np.cumsum(steps, axis=1)
    over = reached > limit
    enough = over[:, -1]
    index = np.where(enough, np.argmax(over, axis=1), values.shape[1] - 1)
    every = np.arange(len(values))
    quantile = values[every, index]
    inside = np.minimum(reached, limit)
    used = np.diff(inside, axis=1, prepend=0.0)
    beyond = np.einsum("cn,cn->c", used, values) / np.maximum(inside[:, -1], np.finfo(float).tiny)
    return quantile, beyond, enough


@dataclass(frozen=True)
class Summary:
    """What is reported of each column: arrays of the columns' shape; `mcse` is that of the mean."""

    mean: Float[np.ndarray, "..."]
    sd: Float[np.ndarray, "..."]
    mcse: Float[np.ndarray, "..."]
    run_ess: Float[np.ndarray, "..."]
    q05: Float[np.ndarray, "..."]
    q25: Float[np.ndarray, "..."]
    q50: Float[np.ndarray, "..."]
    q75: Float[np.ndarray, "..."]
    q95: Float[np.ndarray, "..."]


def summary(
    values: Float[np.ndarray, "world ..."],
    log_weight: Float[np.ndarray, " world"],
    island: Int[np.ndarray, " world"],
) -> Summary:
    """Mean, standard deviation, error, run ESS and quantiles of each column."""
    mean = weighted_mean(values, log_weight)
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    q05, q25, q50, q75, q95 = weighted_quantile(values, log_weight, levels)
    alive = np.isfinite(np.asarray(log_weight))
    centred = np.where(alive.reshape((-1,) + (1,) * (np.ndim(values) - 1)), values - mean, 0.0)
    return Summary(
        mean=mean,
        sd=np.sqrt(weighted_mean(centred**2, log_weight)),
        mcse=mcse(values, log_weight, island),
        run_ess=run_ess(values, log_weight, island),
        q05=q05,
        q25=q25,
        q50=q50,
        q75=q75,
        q95=q95,
    )

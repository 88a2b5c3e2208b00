"""A classification tree over weighted worlds: the second view of where a target holds.

Source: Breiman, Friedman, Olshen & Stone (1984), *Classification and Regression Trees*: Gini's index (section 4.3)
and categories ordered by their density (theorem 4.5). Instead of growing a large tree and pruning it, a node is
split only if splits found on either half of the islands also separate the other half.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import special

from quidproquo.decisions.discovery.columns import SortedWorlds
from quidproquo.decisions.discovery.limits import Stage, Totals
from quidproquo.decisions.discovery.record import DiscoverySettings, TreeNode

__all__ = ["grow"]


class _Split(NamedTuple):
    """A column's best split: Gini's gain, and which worlds go to the lower child."""

    gain: float
    column: int
    limit: float | frozenset[int]


def grow(worlds: SortedWorlds, settings: DiscoverySettings) -> TreeNode:
    """Grow the tree of the worlds, at most `depth` splits deep."""
    return _node(worlds, np.ones(worlds.weight.size, dtype=bool), settings, settings.depth)


def _node(
    worlds: SortedWorlds, among: Bool[np.ndarray, " world"], settings: DiscoverySettings, depth: int
) -> TreeNode:
    stage = Stage.of(worlds, among)
    whole = stage.whole
    leaf = TreeNode(whole.mass, whole.density, whole.ess)
    if depth == 0 or not 0.0 < whole.density < 1.0:
        return leaf
    holdout = _holdout_p(stage, settings)
    split = _best(stage, settings) if holdout <= settings.holdout_level else None
    if split is None:
        return leaf
    low = _goes_low(worlds, split)
    categories = tuple(sorted(split.limit)) if isinstance(split.limit, frozenset) else None
    return TreeNode(
        whole.mass,
        whole.density,
        whole.ess,
        column=worlds.columns[split.column],
        threshold=split.limit if isinstance(split.limit, float) else None,
        categories=categories,
        holdout_p=holdout,
        low=_node(worlds, among & low, settings, depth - 1),
        high=_node(worlds, among & ~low, settings, depth - 1),
    )


def _goes_low(worlds: SortedWorlds, split: _Split) -> Bool[np.ndarray, " world"]:
    if isinstance(split.limit, frozenset):
        return np.isin(worlds.codes[worlds.categorical.index(split.column)], sorted(split.limit))
    k = worlds.numeric.index(split.column)
    low = np.zeros(worlds.weight.size, dtype=bool)
    low[worlds.order[k, : np.searchsorted(worlds.keys[k], split.limit, side="right")]] = True
    return low


def _holdout_p(stage: Stage, settings: DiscoverySettings) -> float:
    """The larger p value of the two halves' splits, each measured on the other half; 1 where a half has none."""
    among, second = stage.weight > 0.0, stage.worlds.second_half
    halves = Stage.of(stage.worlds, among & ~second), Stage.of(stage.worlds, among & second)
    found = []
    for chosen_on, measured_on in (halves, halves[::-1]):
        split = _best(chosen_on, settings)
        if split is None:
            return 1.0
        low = _goes_low(stage.worlds, split)
        sides = [chosen_on.totals(side) for side in (low, ~low)]
        seen = [measured_on.totals(side) for side in (low, ~low)]
        if sides[0].density < sides[1].density:
            seen.reverse()
        found.append(_denser_p(*seen))
    return max(found)


def _denser_p(first: Totals, second: Totals) -> float:
    """One-sided p value that the first is denser than the second, with effective numbers of worlds."""
    count = first.ess + second.ess
    if first.ess == 0.0 or second.ess == 0.0:
        return 1.0
    pooled = (first.density * first.ess + second.density * second.ess) / count
    error = np.sqrt(pooled * (1.0 - pooled) * (1.0 / first.ess + 1.0 / second.ess))
    if error == 0.0:
        return 1.0
    return float(special.ndtr(-(first.density - second.density) / error))


def _best(stage: Stage, settings: DiscoverySettings) -> _Split | None:
    """The split with the greatest gain; None where no allowed one gains anything."""
    if not 0.0 < stage.whole.density < 1.0:
        return None
    worlds = stage.worlds
    among = stage.weight > 0.0
    splits = [_numeric(stage, among, k, settings) for k in range(len(worlds.numeric))]
    splits += [_categorical(stage, among, k, settings) for k in range(len(worlds.categorical))]
    best = max(splits, key=lambda split: split.gain, default=None)
    return best if best is not None and best.gain > 1e-12 * stage.whole.mass else None


def _numeric(stage: Stage, among: Bool[np.ndarray, " world"], k: int, settings: DiscoverySettings) -> _Split:
    worlds = stage.worlds
    order = worlds.order[k]
    member = among[order]
    order, keys = order[member], worlds.keys[k][member]
    sums = np.cumsum(np.stack([stage.weight[order], stage.hits[order], stage.squares[order]]), axis=1)
    gains = _gains(sums, stage, settings)
    gains[keys[1:] == keys[:-1]] = 0.0
    if not gains.size:
        return _Split(0.0, worlds.numeric[k], 0.0)
    best = int(np.argmax(gains))
    return _Split(float(gains[best]), worlds.numeric[k], float(keys[best]))


def _categorical(
    stage: Stage, among: Bool[np.ndarray, " world"], k: int, settings: DiscoverySettings
) -> _Split:
    worlds = stage.worlds
    codes: Int[np.ndarray, " member"] = worlds.codes[k][among]
    rows = [np.bincount(codes, weights=one[among]) for one in (stage.weight, stage.hits, stage.squares)]
    there = np.flatnonzero(rows[0] > 0.0)
    ranked = there[np.argsort(rows[1][there] / rows[0][there], kind="stable")]
    gains = _gains(np.cumsum(np.stack([row[ranked] for row in rows]), axis=1), stage, settings)
    if not gains.size:
        return _Split(0.0, worlds.categorical[k], frozenset())
    best = int(np.argmax(gains))
    return _Split(float(gains[best]), worlds.categorical[k], frozenset(ranked[: best + 1].tolist()))


def _gains(
    sums: Float[np.ndarray, "3 cut"], stage: Stage, settings: DiscoverySettings
) -> Float[np.ndarray, " _"]:
    """Gini's gain of every cut but the last, 0 where a side is too small; sums of weight, hits and squares."""
    mass, hits, squares = sums[:, :-1]
    whole, all_hits, all_squares = stage.whole
    rest, rest_hits, rest_squares = whole - mass, all_hits - hits, all_squares - squares
    gains = hits**2 / mass + rest_hits**2 / rest - all_hits**2 / whole
    least = settings.least_mass * float(stage.worlds.weight.sum())
    small = (np.minimum(mass, rest) < least) | (
        (mass**2 < settings.least_ess * squares) | (rest**2 < settings.least_ess * rest_squares)
    )
    gains[small] = 0.0
    return np.asarray(gains)

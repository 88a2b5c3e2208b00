"""A box made simple and exact: restrictions dropped, ends pasted, until neither changes anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from jaxtyping import Bool, Int

from quidproquo.decisions.discovery.limits import End, Limits, Side, Stage, kappa, outside, quasi_p
from quidproquo.decisions.discovery.peel import Peeled
from quidproquo.decisions.discovery.record import DiscoverySettings

__all__ = ["Ends", "best_alone", "best_step", "refined"]

_ROUNDS, _MOVES = 20, 50
_GAIN = 1e-9


def best_step(stage: Stage, peeled: Peeled) -> int:
    """The step of a trajectory with the greatest kappa; the first of level ones."""
    found = [stage.kappa(totals) for totals in peeled.totals]
    top = max(found)
    return next(step for step, one in enumerate(found) if one >= top - _GAIN)


def best_alone(stage: Stage, column: int, settings: DiscoverySettings) -> Limits:
    """The one end of a column by which box and target agree best; none where no end may stand."""
    sides: tuple[Side, ...] = ("categories",) if column in stage.worlds.categorical else ("low", "high")
    every = np.ones(stage.weight.size, dtype=bool)
    found = {end: _best_place(stage, end, every, settings) for end in (End(column, side) for side in sides)}
    end = max(found, key=lambda one: found[one][0])
    return {end: found[end][1]} if found[end][0] > 0.0 else {}


class Ends:
    """The ends of a box, and which worlds lie beyond each of them."""

    def __init__(self, stage: Stage, limits: Limits) -> None:
        self.stage = stage
        self.limits = dict(limits)
        self.outside = {end: outside(stage.worlds, end, limit) for end, limit in limits.items()}
        self.count = np.zeros(stage.weight.size, dtype=np.int16)
        for beyond in self.outside.values():
            self.count += beyond

    @property
    def inside(self) -> Bool[np.ndarray, " world"]:
        """The worlds of the box, among all."""
        return np.asarray(self.count == 0)

    def without(self, *ends: End) -> Bool[np.ndarray, " world"]:
        """The worlds of the box without some of its ends."""
        count = self.count
        for end in ends:
            count = count - self.outside[end]
        return np.asarray(count == 0)

    def drop(self, end: End) -> None:
        """Take an end away."""
        self.count -= self.outside.pop(end)
        del self.limits[end]

    def move(self, end: End, limit: float | frozenset[int]) -> None:
        """Put an end elsewhere."""
        self.count -= self.outside[end]
        self.limits[end] = limit
        self.outside[end] = outside(self.stage.worlds, end, limit)
        self.count += self.outside[end]

    def by_column(self) -> Iterator[tuple[int, tuple[End, ...]]]:
        """Restricted columns in their order, each with its ends."""
        for column in sorted({end.column for end in self.limits}):
            yield column, tuple(sorted(end for end in self.limits if end.column == column))


def refined(stage: Stage, limits: Limits, settings: DiscoverySettings) -> Limits:
    """Drop what adds nothing, then move each end to where agreement is greatest, until neither does anything.

    Moving an end outwards is the pasting of Friedman & Fisher (1999). Here it goes straight to the best place
    instead of step by step, and inwards too, so that no end lies where a peel happened to stop.
    """
    ends = Ends(stage, limits)
    for _ in range(_ROUNDS):
        dropped = _drop(ends, settings)
        if not (_paste(ends, settings) or dropped):
            break
    _tighten(ends)
    return ends.limits


def _drop(ends: Ends, settings: DiscoverySettings) -> bool:
    """Drop ends one by one, the most dispensable first: those that add too little, or aren't significant.

    Of ends that are level, the one goes that cuts off least by itself.
    """
    stage, changed = ends.stage, False
    cut = {end: stage.totals(beyond).mass for end, beyond in ends.outside.items()}
    while ends.limits:
        now = stage.totals(ends.inside)
        wider = {end: stage.totals(ends.without(end)) for end in ends.limits}
        end = _greatest({one: stage.kappa(totals) for one, totals in wider.items()}, cut)
        if stage.kappa(now) - stage.kappa(wider[end]) >= settings.adds:
            p = {one: quasi_p(now, totals) for one, totals in wider.items()}
            end = _greatest(p, cut)
            if p[end] <= settings.level:
                break
        ends.drop(end)
        changed = True
    return changed


def _greatest(by: Mapping[End, float], cut: Mapping[End, float]) -> End:
    """The end with the greatest figure, rounding apart; of level ones, that which cuts off least."""
    top = max(by.values())
    return min((end for end in by if by[end] >= top - _GAIN), key=lambda end: cut[end])


def _paste(ends: Ends, settings: DiscoverySettings) -> bool:
    """Move the end that gains most to where kappa is greatest, again and again; whether any moved."""
    changed = False
    for _ in range(_MOVES):
        now = ends.stage.kappa(ends.stage.totals(ends.inside))
        found = {end: _best_place(ends.stage, end, ends.without(end), settings) for end in ends.limits}
        end = max(found, key=lambda one: found[one][0], default=None)
        if end is None or found[end][0] <= now + _GAIN:
            break
        ends.move(end, found[end][1])
        changed = True
    return changed


def _best_place(
    stage: Stage, end: End, others: Bool[np.ndarray, " world"], settings: DiscoverySettings
) -> tuple[float, float | frozenset[int]]:
    best = _best_categories if end.side == "categories" else _best_end
    return best(stage, end, others, settings)


def _best_end(
    stage: Stage, end: End, others: Bool[np.ndarray, " world"], settings: DiscoverySettings
) -> tuple[float, float | frozenset[int]]:
    """The greatest kappa over all places of one end, and that place."""
    worlds = stage.worlds
    k = worlds.numeric.index(end.column)
    order, keys = worlds.order[k], worlds.keys[k]
    member = others[order] & (stage.weight[order] > 0.0)
    order, keys = order[member], keys[member]
    if end.side == "low":  # from the far side, so that the box grows towards the end
        order, keys = order[::-1], keys[::-1]
    whole_value = np.r_[keys[1:] != keys[:-1], np.ones(min(1, keys.size), dtype=bool)]
    found = _kappas(stage, order, settings)
    found[~whole_value] = -1.0
    best = int(np.argmax(found)) if found.size else 0
    return (float(found[best]), float(keys[best])) if found.size else (-1.0, 0.0)


def _best_categories(
    stage: Stage, end: End, others: Bool[np.ndarray, " world"], settings: DiscoverySettings
) -> tuple[float, float | frozenset[int]]:
    """The greatest kappa over sets of categories: it is a ratio of sums, so the densest belong together."""
    codes = stage.worlds.codes[stage.worlds.categorical.index(end.column)][others]
    mass = np.bincount(codes, weights=stage.weight[others])
    hits = np.bincount(codes, weights=stage.hits[others])
    squares = np.bincount(codes, weights=stage.squares[others])
    there = np.flatnonzero(mass > 0.0)
    ranked = there[np.argsort(-hits[there] / mass[there], kind="stable")]
    sums = [np.cumsum(one[ranked]) for one in (mass, hits, squares)]
    found = _allowed(stage, sums, settings)
    best = int(np.argmax(found)) if found.size else 0
    if not found.size:
        return -1.0, frozenset()
    return float(found[best]), frozenset(ranked[: best + 1].tolist())


def _kappas(stage: Stage, order: Int[np.ndarray, " member"], settings: DiscoverySettings) -> np.ndarray:
    sums = [np.cumsum(one[order]) for one in (stage.weight, stage.hits, stage.squares)]
    return _allowed(stage, sums, settings)


def _allowed(stage: Stage, sums: list[np.ndarray], settings: DiscoverySettings) -> np.ndarray:
    """Kappa of boxes with such sums, −1 where a box is too small."""
    mass, hits, squares = sums
    found = np.asarray(kappa(mass, hits, stage.whole.mass, stage.whole.hits))
    small = mass < settings.least_mass * float(stage.worlds.weight.sum())
    found[small | (mass**2 < settings.least_ess * squares)] = -1.0
    return found


def _tighten(ends: Ends) -> None:
    """Put every numeric end at the outermost world inside, which changes no world's place."""
    inside = ends.inside & (ends.stage.weight > 0.0)
    worlds = ends.stage.worlds
    for end in ends.limits:
        if end.side == "categories":
            codes = worlds.codes[worlds.categorical.index(end.column)][inside]
            ends.limits[end] = frozenset(np.unique(codes).tolist())
            continue
        k = worlds.numeric.index(end.column)
        keys = worlds.keys[k][inside[worlds.order[k]]]
        ends.limits[end] = float(keys[0] if end.side == "low" else keys[-1])

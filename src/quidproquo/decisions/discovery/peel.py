"""Peeling: from all worlds to a small box, a thin slice at a time.

Source: Friedman & Fisher (1999), "Bump hunting in high-dimensional data", Statistics and Computing 9, pp. 123–143.
That slice is taken which raises density most per weight removed, so that large categories have no advantage:
Kwakkel & Jaxa-Rozen (2016), Environmental Modelling & Software 79, pp. 311–321.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from quidproquo.decisions.discovery.limits import End, Limits, Stage, Totals
from quidproquo.decisions.discovery.record import DiscoverySettings

__all__ = ["Peeled", "peel"]

_HAIR = 1e-9  # slices whose gains differ by less are level, and sums are read with a hair less
_NO_WORLDS = np.empty(0, dtype=np.intp)


@dataclass(frozen=True)
class Peeled:
    """What each peel leaves, the first entry before any, and the ends that each one moved."""

    totals: tuple[Totals, ...]
    moves: tuple[tuple[End, float | frozenset[int]], ...]

    def limits(self, step: int) -> Limits:
        """The box after so many peels."""
        return dict(self.moves[:step])


class _Slice(NamedTuple):
    """A slice that could be peeled: the worlds, what they weigh, and where the end would come to lie."""

    end: End
    limit: float | frozenset[int]
    worlds: Int[np.ndarray, " slice"]
    mass: float
    hits: float
    ahead: int  # where the end's own view would begin


def peel(stage: Stage, columns: Sequence[int], share: float, settings: DiscoverySettings) -> Peeled:
    """Peel a share of the box at a time off the worlds of a stage, until it is pure or as small as it may be.

    Level slices are told apart by how far the column separates the target in all worlds of the stage, so that
    neither the order of columns nor that of worlds matters.
    """
    peeling = _Peeling(stage, columns)
    totals, moves = [stage.whole], []
    least = settings.least_mass * float(stage.worlds.weight.sum())
    while True:
        now = totals[-1]
        chosen = peeling.best(now, share)
        if chosen is None:
            break
        chosen = peeling.listed(chosen)
        squares = float((peeling.weight[chosen.worlds] ** 2).sum())  # some are out of the box already
        remaining = Totals(now.mass - chosen.mass, now.hits - chosen.hits, now.squares - squares)
        if remaining.mass < least or remaining.ess < settings.least_ess:
            break
        peeling.take(chosen)
        totals.append(remaining)
        moves.append((chosen.end, chosen.limit))
    return Peeled(tuple(totals), tuple(moves))


class _View:
    """The worlds of a box from one end of a numeric column: `keys` rise, and what lies before `start` is gone."""

    def __init__(self, end: End, order: Int[np.ndarray, " world"], keys: Float[np.ndarray, " world"]) -> None:
        self.end, self.order, self.keys, self.start = end, order, keys, 0

    def slice(
        self, weight: Float[np.ndarray, " world"], hits: Float[np.ndarray, " world"], goal: float
    ) -> _Slice:
        """The worlds before the one that reaches the goal; all with the least value, where they outweigh it."""
        last = self.order.size
        size = min(last - self.start, 256 + int(1.5 * goal * last))
        while True:
            reached = np.cumsum(weight[self.order[self.start : self.start + size]])
            if reached[-1] >= goal or self.start + size == last:
                break
            size = min(last - self.start, 2 * size)
        at = self.start + min(int(np.searchsorted(reached, goal * (1.0 - _HAIR))), size - 1)
        upto = int(np.searchsorted(self.keys, self.keys[at], side="left"))
        mass = float(reached[upto - self.start - 1]) if upto > self.start else 0.0
        if mass <= 0.0:
            upto = int(np.searchsorted(self.keys, self.keys[at], side="right"))
            mass = float(weight[self.order[self.start : upto]].sum())
        worlds = self.order[self.start : upto]
        limit = float(self.keys[min(upto, last - 1)]) * (1.0 if self.end.side == "low" else -1.0)
        return _Slice(self.end, limit, worlds, mass, float(hits[worlds].sum()), upto)


class _Peeling:
    """A box on its way down. Worlds outside weigh nothing; once they are half, the views are cut anew."""

    def __init__(self, stage: Stage, columns: Sequence[int]) -> None:
        self.stage, self.worlds = stage, stage.worlds
        self.weight, self.hits = stage.weight.copy(), stage.hits.copy()
        self.numeric = [k for k, column in enumerate(self.worlds.numeric) if column in columns]
        self.codes = {
            column: self.worlds.codes[k]
            for k, column in enumerate(self.worlds.categorical)
            if column in columns
        }
        self.allowed = {column: frozenset(np.unique(codes).tolist()) for column, codes in self.codes.items()}
        self.views: list[_View] = []
        self.order = [self.worlds.order[k] for k in self.numeric]
        self.keys = [self.worlds.keys[k] for k in self.numeric]
        self.stored = self.worlds.weight.size
        self._cut()

    def _cut(self) -> None:
        """Keep only worlds of the box in the views."""
        inside = self.weight > 0.0
        self.members = np.flatnonzero(inside)
        if self.members.size < self.stored:
            for place, (order, keys) in enumerate(zip(self.order, self.keys, strict=True)):
                kept = inside[order]
                self.order[place], self.keys[place] = order[kept], keys[kept]
        self.stored = self.members.size
        self.views = []
        for k, order, keys in zip(self.numeric, self.order, self.keys, strict=True):
            column = self.worlds.numeric[k]
            self.views.append(_View(End(column, "low"), order, keys))
            self.views.append(_View(End(column, "high"), order[::-1], -keys[::-1]))

    def best(self, now: Totals, share: float) -> _Slice | None:
        """The slice whose removal raises density most, or lowers it least, per weight; None where none is."""
        if now.hits >= now.mass * (1.0 - _HAIR) or now.hits <= 0.0:
            return None
        slices = [view.slice(self.weight, self.hits, share * now.mass) for view in self.views]
        for column in self.codes:
            slices += self._categories(column)
        slices = [one for one in slices if 0.0 < one.mass < now.mass * (1.0 - _HAIR)]
        if not slices:
            return None
        gains = [_gain(now, one) for one in slices]
        top = max(gains)
        level = [one for one, gain in zip(slices, gains, strict=True) if gain >= top - _HAIR * abs(top)]
        return level[0] if len(level) == 1 else max(level, key=lambda one: self.stage.leaning(one.end))

    def _categories(self, column: int) -> list[_Slice]:
        """A slice for every category that is still inside."""
        codes = self.codes[column][self.members]
        mass = np.bincount(codes, weights=self.weight[self.members])
        hits = np.bincount(codes, weights=self.hits[self.members])
        inside = self.allowed[column]
        return [
            _Slice(
                End(column, "categories"),
                inside - {code},
                _NO_WORLDS,
                float(mass[code]),
                float(hits[code]),
                code,
            )
            for code in sorted(inside)
            if code < mass.size and mass[code] > 0.0
        ]

    def listed(self, chosen: _Slice) -> _Slice:
        """The slice with its worlds listed, which for categories waits until one is chosen."""
        if chosen.end.side != "categories":
            return chosen
        codes = self.codes[chosen.end.column][self.members]
        return chosen._replace(worlds=self.members[codes == chosen.ahead])

    def take(self, chosen: _Slice) -> None:
        """Take a slice away."""
        self.weight[chosen.worlds] = 0.0
        self.hits[chosen.worlds] = 0.0
        if isinstance(chosen.limit, frozenset):
            self.allowed[chosen.end.column] = chosen.limit
        for view in self.views:
            if view.end == chosen.end:
                view.start = chosen.ahead
        if 2 * np.count_nonzero(self.weight) < self.stored:
            self._cut()


def _gain(now: Totals, one: _Slice) -> float:
    """How much density rises for each weight removed."""
    return ((now.hits - one.hits) / (now.mass - one.mass) - now.density) / one.mass

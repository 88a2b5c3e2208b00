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
from jaxtyping import Bool, Float, Int

from quidproquo.decisions.discovery.limits import End, Limits, Stage, Totals
from quidproquo.decisions.discovery.record import DiscoverySettings

__all__ = ["Peeled", "peel"]

_HAIR = 1e-9  # slices whose gains differ by less are level, and sums are read with a hair less
_CACHED = 1 << 16  # worlds of several columns that are looked at together
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
    """A slice to peel: its worlds, what they weigh, and where the end would come to lie."""

    end: End
    limit: float | frozenset[int]
    worlds: Int[np.ndarray, " slice"]
    mass: float
    hits: float
    start: int  # how much of the column lies before the new end, seen from it


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
        squares = float((peeling.weight[chosen.worlds] ** 2).sum())  # some are out of the box already
        remaining = Totals(now.mass - chosen.mass, now.hits - chosen.hits, now.squares - squares)
        if remaining.mass < least or remaining.ess < settings.least_ess:
            break
        peeling.take(chosen)
        totals.append(remaining)
        moves.append((chosen.end, chosen.limit))
    return Peeled(tuple(totals), tuple(moves))


class _Slices(NamedTuple):
    """The slices at one side of all numeric columns: where each ends, and its weight and hits."""

    upto: Int[np.ndarray, " column"]
    mass: Float[np.ndarray, " column"]
    hits: Float[np.ndarray, " column"]


class _Peeling:
    """A box on its way down. Worlds outside weigh nothing; once they are half, the columns are cut anew.

    `order` and `keys` are the sorted numeric columns; of each, the first `start[0]` and the last `start[1]` worlds
    are peeled.
    """

    def __init__(self, stage: Stage, columns: Sequence[int]) -> None:
        self.stage, self.worlds = stage, stage.worlds
        self.weight, self.hits = stage.weight.copy(), stage.hits.copy()
        chosen = [k for k, column in enumerate(self.worlds.numeric) if column in columns]
        self.numeric = [self.worlds.numeric[k] for k in chosen]
        self.order, self.keys = self.worlds.order[chosen], self.worlds.keys[chosen]
        self.codes = {
            column: self.worlds.codes[k]
            for k, column in enumerate(self.worlds.categorical)
            if column in columns
        }
        self.allowed = {column: frozenset(np.unique(codes).tolist()) for column, codes in self.codes.items()}
        self._cut()

    def _cut(self) -> None:
        """Keep only worlds of the box in the sorted columns."""
        inside = self.weight > 0.0
        self.members = np.flatnonzero(inside)
        if self.members.size < self.order.shape[1]:
            kept = inside[self.order]
            shape = (len(self.numeric), self.members.size)
            self.order, self.keys = self.order[kept].reshape(shape), self.keys[kept].reshape(shape)
        self.start = np.zeros((2, len(self.numeric)), dtype=np.intp)

    def best(self, now: Totals, share: float) -> _Slice | None:
        """The slice whose removal raises density most, or lowers it least, per weight; None where none is."""
        if now.hits >= now.mass * (1.0 - _HAIR) or now.hits <= 0.0:
            return None
        slices = [self._slices(side, share * now.mass, share) for side in (0, 1)]
        by_category = [one for column in self.codes for one in self._categories(column)]
        mass = np.concatenate([*(one.mass for one in slices), [one.mass for one in by_category]])
        hits = np.concatenate([*(one.hits for one in slices), [one.hits for one in by_category]])
        gains = np.full(mass.size, -np.inf)
        able = (mass > 0.0) & (mass < now.mass * (1.0 - _HAIR))
        gains[able] = ((now.hits - hits[able]) / (now.mass - mass[able]) - now.density) / mass[able]
        top = float(gains.max(initial=-np.inf))
        if top == -np.inf:
            return None
        level = [
            self._slice(slices, by_category, int(at))
            for at in np.flatnonzero(gains >= top - _HAIR * abs(top))
        ]
        return level[0] if len(level) == 1 else max(level, key=lambda one: self.stage.leaning(one.end))

    def _slice(self, slices: Sequence[_Slices], by_category: Sequence[_Slice], at: int) -> _Slice:
        """One of all slices: those at low ends, then at high ends, then categories."""
        side, k = divmod(at, max(1, len(self.numeric)))
        if not self.numeric or side > 1:
            chosen = by_category[at - 2 * len(self.numeric)]
            codes = self.codes[chosen.end.column][self.members]
            return chosen._replace(worlds=self.members[codes == chosen.start])
        upto, last = int(slices[side].upto[k]), self.order.shape[1]
        begin = int(self.start[side, k])
        limit = self.keys[k, upto if side == 0 else last - 1 - upto] if upto < last else np.nan
        return _Slice(
            end=End(self.numeric[k], "high" if side else "low"),
            limit=float(limit),
            worlds=self.order[k, begin:upto] if side == 0 else self.order[k, last - upto : last - begin],
            mass=float(slices[side].mass[k]),
            hits=float(slices[side].hits[k]),
            start=upto,
        )

    def _slices(self, side: int, goal: float, share: float) -> _Slices:
        """At one side of every numeric column, the worlds before the one that reaches the goal.

        Columns are looked at together, as many as fit into the cache, and not much farther than needed.
        """
        columns, last = self.order.shape
        upto, mass, hits = np.zeros(columns, dtype=np.intp), np.zeros(columns), np.zeros(columns)
        open_, size = np.arange(columns), 64 + int(1.25 * share * last)
        while open_.size:
            size = min(size, last)
            few = max(1, _CACHED // size)
            short = []
            for rows in (open_[at : at + few] for at in range(0, open_.size, few)):
                found, enough = self._window(side, rows, size, goal)
                upto[rows], mass[rows], hits[rows] = found
                short.append(rows[~enough])
            open_, size = np.concatenate(short), 2 * size
        for k in np.flatnonzero(mass <= 0.0):
            upto[k], mass[k], hits[k] = self._whole_value(side, int(k), int(upto[k]))
        return _Slices(upto, mass, hits)

    def _window(
        self, side: int, rows: Int[np.ndarray, " row"], size: int, goal: float
    ) -> tuple[_Slices, Bool[np.ndarray, " row"]]:
        """The slices of some columns within so many worlds, and whether these were enough."""
        last, begin = self.order.shape[1], self.start[side, rows]
        place = begin[:, None] + np.arange(size)
        there = place < last
        place = np.minimum(place, last - 1)
        place, each = (place if side == 0 else last - 1 - place), rows[:, None]
        worlds, keys = self.order[each, place], self.keys[each, place]
        reached = np.cumsum(np.where(there, self.weight[worlds], 0.0), axis=1)
        over = reached >= goal * (1.0 - _HAIR)
        at = np.where(over[:, -1], over.argmax(axis=1), np.maximum(there.sum(axis=1) - 1, 0))
        row = np.arange(rows.size)
        edge = keys[row, at][:, None]
        before = ((keys < edge) if side == 0 else (keys > edge)) & there
        count = before.sum(axis=1)
        mass = np.where(count > 0, reached[row, np.maximum(count - 1, 0)], 0.0)
        hits = np.where(before, self.hits[worlds], 0.0).sum(axis=1)
        # where the first value outweighs the goal, the end is where it begins
        return _Slices(begin + np.where(mass > 0.0, count, at), mass, hits), over[:, -1] | (
            begin + size >= last
        )

    def _whole_value(self, side: int, k: int, at: int) -> tuple[int, float, float]:
        """A slice of all worlds up to and with the value that lies at a place."""
        keys, last = self.keys[k], self.order.shape[1]
        if last == 0:
            return 0, 0.0, 0.0
        value = keys[min(at, last - 1) if side == 0 else max(last - 1 - at, 0)]
        if side == 0:
            upto = int(np.searchsorted(keys, value, side="right"))
            worlds = self.order[k, self.start[0, k] : upto]
        else:
            upto = last - int(np.searchsorted(keys, value, side="left"))
            worlds = self.order[k, last - upto : last - self.start[1, k]]
        return upto, float(self.weight[worlds].sum()), float(self.hits[worlds].sum())

    def _categories(self, column: int) -> list[_Slice]:
        """A slice for every category that is still inside; its worlds are listed once it is chosen."""
        codes = self.codes[column][self.members]
        mass = np.bincount(codes, weights=self.weight[self.members])
        hits = np.bincount(codes, weights=self.hits[self.members])
        inside, end = self.allowed[column], End(column, "categories")
        return [
            _Slice(end, inside - {code}, _NO_WORLDS, float(mass[code]), float(hits[code]), code)
            for code in sorted(inside)
            if code < mass.size and mass[code] > 0.0
        ]

    def take(self, chosen: _Slice) -> None:
        """Take a slice away."""
        self.weight[chosen.worlds] = 0.0
        self.hits[chosen.worlds] = 0.0
        if isinstance(chosen.limit, frozenset):
            self.allowed[chosen.end.column] = chosen.limit
        else:
            self.start[int(chosen.end.side == "high"), self.numeric.index(chosen.end.column)] = chosen.start
        if 2 * np.count_nonzero(self.weight) < self.members.size:
            self._cut()

"""Where the boxes and arrows of a picture in layers go, from left to right.

The usual four steps (Sugiyama, Tagawa & Toda 1981, IEEE Transactions on Systems, Man, and Cybernetics
11(2)): layers are given; an arrow that passes a layer gets a place of its own there, shared by all
arrows of its source; within layers, places are ordered by the means of their neighbours; then
heights are relaxed, as an isotonic regression on the least distances. All sizes are in pixels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from jaxtyping import Float

__all__ = ["Arrow", "Picture", "Placed", "isotonic", "layered"]

_SWEEPS, _ROUNDS, _RELAXED = 16, 8, 60
_GAP, _PASSING, _PORTS = 13.0, 9.0, 8.0
_STRAIGHT = 16.0  # how much more an arrow that only passes pulls than one that ends


@dataclass(frozen=True)
class Placed:
    """A box: its left upper corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return self.y + self.height / 2.0


@dataclass(frozen=True)
class Arrow:
    """An arrow as the path of an SVG; `tip` is where it ends, pointing right."""

    source: str
    target: str
    path: str
    tip: tuple[float, float]


@dataclass(frozen=True)
class Picture:
    """All boxes and arrows, and the size that holds them."""

    width: float
    height: float
    boxes: Mapping[str, Placed]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True)
class _Place:
    """A place in a layer: a box, or where arrows of `name` pass."""

    layer: int
    name: str
    box: bool


_Chains: TypeAlias = dict[tuple[str, str], list[_Place]]
_Links: TypeAlias = Sequence[tuple[_Place, _Place]]
_Near: TypeAlias = defaultdict[_Place, list[_Place]]


def layered(
    sizes: Mapping[str, tuple[float, float]],
    layer: Mapping[str, int],
    arrows: Iterable[tuple[str, str]],
    width: float,
) -> Picture:
    """Place boxes of some sizes in their layers.

    `width` is what the picture takes at least; it is wider where the boxes need it. Arrows that don't
    lead to a later layer are drawn back in an arc, and don't bear on where boxes go.
    """
    wanted = list(dict.fromkeys(arrows))
    chains = _chains(layer, wanted)
    columns = _columns(layer, chains)
    links = sorted({(a, b) for chain in chains.values() for a, b in pairwise(chain)}, key=repr)
    ordered = _ordered(columns, links)
    heights = _heights(ordered, links, sizes)
    across, total = _across(ordered, sizes, width)
    boxes = {
        place.name: Placed(across[place.layer][0], y - sizes[place.name][1] / 2.0, *sizes[place.name])
        for place, y in heights.items()
        if place.box
    }
    bottom = max((b.y + b.height for b in boxes.values()), default=0.0)
    drawn = _arrows(wanted, chains, heights, across, boxes)
    return Picture(total, max([bottom, *heights.values()], default=0.0) + 1.0, boxes, drawn)


def _chains(layer: Mapping[str, int], arrows: Iterable[tuple[str, str]]) -> _Chains:
    """The places that each arrow to a later layer goes through."""
    chains: _Chains = {}
    for source, target in arrows:
        first, last = layer[source], layer[target]
        if last > first:
            passed = [_Place(n, source, False) for n in range(first + 1, last)]
            chains[source, target] = [_Place(first, source, True), *passed, _Place(last, target, True)]
    return chains


def _columns(layer: Mapping[str, int], chains: _Chains) -> list[list[_Place]]:
    """The places of every layer, boxes as they are given, then what passes."""
    columns: list[dict[_Place, None]] = [{} for _ in range(max(layer.values(), default=-1) + 1)]
    for name, number in layer.items():
        columns[number][_Place(number, name, True)] = None
    for chain in chains.values():
        for place in chain:
            columns[place.layer][place] = None
    return [list(column) for column in columns]


def _ordered(columns: list[list[_Place]], links: _Links) -> list[list[_Place]]:
    """Columns in the order with the fewest crossings that was found."""
    before, after = _neighbours(links)
    best, fewest = columns, _crossings(columns, links)
    current = [list(column) for column in columns]
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        span = range(1, len(current)) if forward else range(len(current) - 2, -1, -1)
        for number in span:
            neighbours = current[number - 1 if forward else number + 1]
            current[number] = _by_means(current[number], neighbours, before if forward else after)
        _swap(current, (before, after))
        crossings = _crossings(current, links)
        if crossings < fewest:
            best, fewest = [list(column) for column in current], crossings
    return best


def _neighbours(links: _Links) -> tuple[_Near, _Near]:
    """What each place is linked with in the layer before it, and in the one after."""
    before: _Near = defaultdict(list)
    after: _Near = defaultdict(list)
    for a, b in links:
        before[b].append(a)
        after[a].append(b)
    return before, after


def _by_means(column: list[_Place], neighbours: Sequence[_Place], near: _Near) -> list[_Place]:
    """A column ordered by the mean place of its neighbours; what has none keeps its own."""
    place = {one: number / max(len(neighbours) - 1, 1) for number, one in enumerate(neighbours)}
    own = {one: number / max(len(column) - 1, 1) for number, one in enumerate(column)}
    wanted = {
        one: sum(place[other] for other in near[one]) / len(near[one]) if near[one] else own[one]
        for one in column
    }
    return sorted(column, key=lambda one: wanted[one])


def _swap(columns: list[list[_Place]], sides: tuple[_Near, _Near]) -> None:
    """Exchange neighbours while that takes crossings away."""
    at = {place: number for column in columns for number, place in enumerate(column)}

    def crossings(above: _Place, below: _Place) -> int:
        return sum(at[x] > at[y] for near in sides for x in near[above] for y in near[below])

    for _ in range(_ROUNDS):
        changed = False
        for column in columns:
            for number in range(len(column) - 1):
                above, below = column[number], column[number + 1]
                if crossings(below, above) < crossings(above, below):
                    column[number], column[number + 1] = below, above
                    at[above], at[below] = number + 1, number
                    changed = True
        if not changed:
            return


def _crossings(columns: Sequence[Sequence[_Place]], links: _Links) -> int:
    """How many pairs of links cross."""
    at = {place: number for column in columns for number, place in enumerate(column)}
    ends = np.array([(a.layer, at[a], at[b]) for a, b in links]).reshape(-1, 3)
    difference = ends[:, None, :] - ends[None, :, :]
    crossed = (difference[..., 0] == 0) & (difference[..., 1] * difference[..., 2] < 0)
    return int(crossed.sum()) // 2


def _heights(
    columns: Sequence[Sequence[_Place]],
    links: _Links,
    sizes: Mapping[str, tuple[float, float]],
) -> dict[_Place, float]:
    """Height of the middle of every place: near its neighbours, and nothing overlaps."""
    pulled: dict[_Place, list[tuple[_Place, float]]] = {}
    for a, b in links:
        weight = 1.0 + _STRAIGHT * ((not a.box) + (not b.box)) / 2.0
        pulled.setdefault(a, []).append((b, weight))
        pulled.setdefault(b, []).append((a, weight))
    least = [_least(column, sizes) for column in columns]
    at: dict[_Place, float] = {}
    for column, steps in zip(columns, least, strict=True):
        # at first every column hangs about a common middle
        middle = 0.5 * steps[-1] if len(steps) else 0.0
        at |= {place: float(step - middle) for place, step in zip(column, steps, strict=True)}
    for sweep in range(_RELAXED):
        order = range(len(columns)) if sweep % 2 == 0 else range(len(columns) - 1, -1, -1)
        for number in order:
            column, steps = columns[number], least[number]
            if not column:
                continue
            pulls = [pulled.get(place, [(place, 0.1)]) for place in column]
            weights = np.array([sum(w for _, w in pull) for pull in pulls])
            means = np.array([sum(at[p] * w for p, w in pull) for pull in pulls]) / weights
            fitted = isotonic(means - steps, weights) + steps
            at |= {place: float(y) for place, y in zip(column, fitted, strict=True)}
    top = min((y - (sizes[p.name][1] / 2.0 if p.box else 0.0) for p, y in at.items()), default=0.0)
    return {place: round(y - top + 1.0, 1) for place, y in at.items()}


def isotonic(
    values: Float[np.ndarray, " place"], weights: Float[np.ndarray, " place"]
) -> Float[np.ndarray, " place"]:
    """The nearest values that never fall, by weighted squares: neighbours that fall are pooled."""
    pools: list[tuple[float, float, int]] = []  # mean, weight and length of each run of equal values
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        mean, total, length = value, weight, 1
        while pools and pools[-1][0] >= mean:
            before, known, more = pools.pop()
            mean = (before * known + mean * total) / (known + total)
            total, length = known + total, length + more
        pools.append((mean, total, length))
    return np.repeat([mean for mean, _, _ in pools], [length for _, _, length in pools])


def _least(column: Sequence[_Place], sizes: Mapping[str, tuple[float, float]]) -> Float[np.ndarray, " place"]:
    """The least distance of each place of a column from the first."""
    steps = [0.0]
    for above, below in pairwise(column):
        half = sum(sizes[place.name][1] / 2.0 for place in (above, below) if place.box)
        gap = _GAP if above.box and below.box else _PASSING
        steps.append(steps[-1] + half + gap)
    return np.array(steps[: len(column)])


def _across(
    columns: Sequence[Sequence[_Place]], sizes: Mapping[str, tuple[float, float]], width: float
) -> tuple[list[tuple[float, float]], float]:
    """Left and right side of every layer, and the width of all."""
    wide = [max((sizes[p.name][0] for p in column if p.box), default=0.0) for column in columns]
    gaps = len(wide) - 1
    gap = max(30.0, (width - sum(wide) - 2.0) / gaps) if gaps > 0 else 0.0
    sides, x = [], 1.0
    for one in wide:
        sides.append((round(x, 1), round(x + one, 1)))
        x += one + gap
    return sides, max(width, round(x - gap + 1.0, 1))


def _arrows(
    wanted: Sequence[tuple[str, str]],
    chains: _Chains,
    heights: Mapping[_Place, float],
    across: Sequence[tuple[float, float]],
    boxes: Mapping[str, Placed],
) -> tuple[Arrow, ...]:
    came = {
        (source, target): heights[chains[source, target][-2]] if (source, target) in chains else np.inf
        for source, target in wanted
    }
    drawn = []
    for source, target in wanted:
        box = boxes[target]
        others = sorted((y, s) for (s, t), y in came.items() if t == target)
        step = min(_PORTS, (box.height - 8.0) / max(len(others) - 1, 1))
        number = [s for _, s in others].index(source)
        end = box.middle + step * (number - (len(others) - 1) / 2.0)
        if (source, target) in chains:
            path = _path(chains[source, target], heights, across, boxes, end)
        else:
            start = boxes[source]
            right, low = start.x + start.width, max(start.middle, end) + 60.0
            path = f"M{right:.0f} {start.middle:.0f}C{right + 50:.0f} {low:.0f} "
            path += f"{box.x - 50:.0f} {low:.0f} {box.x:.0f} {end:.0f}"
        drawn.append(Arrow(source, target, path, (box.x, round(end, 1))))
    return tuple(drawn)


def _path(
    chain: Sequence[_Place],
    heights: Mapping[_Place, float],
    across: Sequence[tuple[float, float]],
    boxes: Mapping[str, Placed],
    end: float,
) -> str:
    """Level through every layer, in a curve from each to the next."""
    first = boxes[chain[0].name]
    x, y = first.x + first.width, first.middle
    path = f"M{x:.0f} {y:.0f}"
    # from a narrow box an arrow runs level up to the side of the layer
    side = across[chain[0].layer][1]
    path += f"H{side:.0f}" if side > x else ""
    x = max(x, side)
    for place in chain[1:]:
        near, far = across[place.layer]
        level = end if place.box else heights[place]
        bend = (x + near) / 2.0
        path += f"C{bend:.0f} {y:.0f} {bend:.0f} {level:.0f} {near:.0f} {level:.0f}"
        if not place.box:
            path += f"H{far:.0f}"
        x, y = (near if place.box else far), level
    return path

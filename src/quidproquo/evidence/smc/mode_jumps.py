"""Jumps between modes of the posterior, for moves that don't find the way from one to another.

Where particles fall into two groups, with little between them or one far from the rest, an affine map
carries a particle from one to the other, and its inverse carries it back. Both ways are proposed
alike, so a jump is accepted by the posterior and the map's determinant alone (Tjelmeland & Hegstad 2001,
*Scandinavian Journal of Statistics* 28, 205–223, without its optimisation). A group that has the same
share in every island is one that other moves reach anyway, and is passed over.

A map takes a group's mean to the other's, in some of the coordinates; it may also take its standard
deviations, or its covariance to the other's (the map that moves normal distributions least: Dowson & Landau
1982, *J. Multivariate Analysis* 12, 450–455). Several are fitted in half of the islands, tried in the other
half, and the one accepted most is fitted once more in all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

__all__ = ["ModeJumps", "fit_jumps", "no_mode_jumps"]

_MOST = 4
_LEAST_SHARE = 0.005  # of the particles, in the smaller group
_LEAST = 8  # particles in the smaller group
_WIDTHS = (1.0, 2.0, 4.0)  # of a histogram's bins: a small group shows in wide ones only
_DEPTH = 2.5  # standard errors by which both sides stand above a valley
_FAR = 4.0  # standard deviations, by the quartiles, from which particles lie far from the rest
_TO_SD = 1.349  # quartile range of a normal distribution
_SAME = 0.5  # correlation of two groupings from which they count as one
_UNEVEN = 1.5  # variance of a group's share between islands, of what chance alone would give
_ERRORS, _MANY_ERRORS = 2.0, 4.0  # standard errors from which a difference of means counts
_SHRINK = 50  # particles' worth of the larger group's covariance in the smaller one's
_LEAST_ACCEPTED = 0.01  # share of the jumps from the smaller group

Group = Bool[np.ndarray, " world"]
Density = Callable[[Float[np.ndarray, "some moved"]], Float[np.ndarray, " some"]]


class ModeJumps(NamedTuple):
    """Affine maps, forth and back, of which the first `used` are in use.

    `log_det` is the log of the determinant of the map forth.
    """

    maps: Float[Array, "jump 2 moved moved"]
    shifts: Float[Array, "jump 2 moved"]
    log_det: Float[Array, " jump"]
    used: Int[Array, ""]


class _Map(NamedTuple):
    """x ↦ middle + matrix·(x − centre)."""

    matrix: Float[np.ndarray, "moved moved"]
    centre: Float[np.ndarray, " moved"]
    middle: Float[np.ndarray, " moved"]

    def __call__(self, x: Float[np.ndarray, "some moved"]) -> Float[np.ndarray, "some moved"]:
        moved: Float[np.ndarray, "some moved"] = self.middle + (x - self.centre) @ self.matrix.T
        return moved

    def log_det(self) -> float:
        return float(np.linalg.slogdet(self.matrix)[1])

    def back(self) -> _Map:
        return _Map(np.linalg.inv(self.matrix), self.middle, self.centre)


def no_mode_jumps(moved: int) -> ModeJumps:
    """Before any have been looked for."""
    return _mode_jumps([], moved)


def _mode_jumps(maps: list[_Map], moved: int) -> ModeJumps:
    matrices, shifts = np.zeros((_MOST, 2, moved, moved)), np.zeros((_MOST, 2, moved))
    log_det = np.zeros(_MOST)
    for place, one in enumerate(maps):
        log_det[place] = one.log_det()
        for way, each in enumerate((one, one.back())):
            matrices[place, way] = each.matrix
            shifts[place, way] = each.middle - each.matrix @ each.centre
    forth, shift, by = (jnp.asarray(np.asarray(array, np.float32)) for array in (matrices, shifts, log_det))
    return ModeJumps(forth, shift, by, jnp.asarray(np.int32(len(maps))))


def fit_jumps(
    position: Float[np.ndarray, "island particle moved"],
    owner: Int[np.ndarray, " moved"],
    log_density: Density,
) -> ModeJumps:
    """Jumps between groups of particles whose shares differ between islands: where they differ most first.

    `owner` numbers the block of every coordinate.
    """
    islands, particles, moved = position.shape
    flat = np.asarray(position, dtype=np.float64).reshape(-1, moved)
    groups = [(_unevenness(group.reshape(islands, particles)), group) for group in _separate(flat)]
    groups = [entry for entry in groups if entry[0] > _UNEVEN]
    groups.sort(key=lambda entry: -entry[0])
    first = np.arange(len(flat)) < islands // 2 * particles
    found: list[_Map] = []
    for _, group in groups:
        best = _best(flat, group, (first, owner), log_density) if len(found) < _MOST else None
        if best is not None:
            found.append(best)
    return _mode_jumps(found, moved)


def _best(
    position: Float[np.ndarray, "world moved"],
    group: Group,
    how: tuple[Group, Int[np.ndarray, " moved"]],
    log_density: Density,
) -> _Map | None:
    """The map from the group to the others that is accepted most, if any is often enough."""
    half, owner = how
    accepted = []
    for fitted, tried in ((half, ~half), (~half, half)):
        if min((group & part).sum() for part in (half, ~half)) < _LEAST:
            continue
        here = position[group & tried]
        maps = list(_maps(position[fitted], group[fitted], owner))
        # all at once: a call takes as long for a few worlds as for many
        level = log_density(np.concatenate([here, *(one(here) for one in maps)])).reshape(-1, len(here))
        log_det = np.array([one.log_det() for one in maps])
        gain = level[1:] - level[0] + log_det[:, None]
        accepted.append(np.exp(np.minimum(gain, 0.0)).mean(axis=1))
    share = np.mean(accepted, axis=0) if accepted else np.zeros(1)
    if share.max() < _LEAST_ACCEPTED:
        return None
    return list(_maps(position, group, owner))[int(np.argmax(share))]


def _maps(
    position: Float[np.ndarray, "world moved"], group: Group, owner: Int[np.ndarray, " moved"]
) -> Iterator[_Map]:
    """Maps from a group to the others: by means, by means and standard deviations, and twice by covariances."""
    one, other = position[group], position[~group]
    difference = one.mean(axis=0) - other.mean(axis=0)
    error = np.sqrt(one.var(axis=0) / len(one) + other.var(axis=0) / len(other))
    differ = np.abs(difference) > _ERRORS * error
    far = np.isin(owner, owner[np.abs(difference) > _MANY_ERRORS * error])
    own, theirs = np.cov(one.T), np.cov(other.T)
    own = (len(one) * own + _SHRINK * theirs) / (len(one) + _SHRINK)
    for kind, which in (("mean", differ), ("sd", differ), ("covariance", differ), ("covariance", far)):
        matrix, place = np.eye(len(differ)), np.flatnonzero(which)
        within = np.ix_(place, place)
        if kind == "sd":
            matrix[within] = np.diag(np.sqrt(np.diag(theirs) / np.diag(own))[place])
        elif kind == "covariance" and len(place):
            matrix[within] = _transport(own[within], theirs[within])
        yield _Map(matrix, np.where(which, one.mean(axis=0), 0.0), np.where(which, other.mean(axis=0), 0.0))


def _transport(
    own: Float[np.ndarray, "some some"], theirs: Float[np.ndarray, "some some"]
) -> Float[np.ndarray, "some some"]:
    """The symmetric map that takes one covariance to another."""
    root = _power(own, 0.5)
    less = _power(own, -0.5)
    carried: Float[np.ndarray, "some some"] = less @ _power(root @ theirs @ root, 0.5) @ less
    return carried


def _power(matrix: Float[np.ndarray, "some some"], power: float) -> Float[np.ndarray, "some some"]:
    values, vectors = np.linalg.eigh(matrix)
    least = np.finfo(np.float64).eps * values.max()
    found: Float[np.ndarray, "some some"] = (vectors * np.maximum(values, least) ** power) @ vectors.T
    return found


def _unevenness(group: Bool[np.ndarray, "island particle"]) -> float:
    """Variance of a group's share between islands, over that of independent draws."""
    share = float(group.mean())
    return float(group.mean(axis=1).var(ddof=1) * group.shape[1] / (share * (1.0 - share)))


def _separate(position: Float[np.ndarray, "world moved"]) -> list[Group]:
    """The smaller of two groups, for each way in which some coordinate separates them."""
    candidates: list[Group] = []
    for values in position.T:
        candidates += [_beyond_valley(values), *_far_away(values)]
    chosen: list[Group] = []
    for group in candidates:
        small = group if group.mean() <= 0.5 else ~group
        if small.mean() < _LEAST_SHARE or small.sum() < _LEAST:
            continue
        if all(abs(np.corrcoef(small, other)[0, 1]) < _SAME for other in chosen):
            chosen.append(small)
    return chosen


def _far_away(values: Float[np.ndarray, " world"]) -> tuple[Group, Group]:
    """Which worlds lie far below the rest, and which far above."""
    quarter, middle, three = np.quantile(values, [0.25, 0.5, 0.75])
    away = (values - middle) * _TO_SD
    return away < -_FAR * (three - quarter), away > _FAR * (three - quarter)


def _beyond_valley(values: Float[np.ndarray, " world"]) -> Group:
    """Which worlds lie above the deepest valley of a histogram; none if no valley is deep enough."""
    quarter, three = np.quantile(values, [0.25, 0.75])
    ends = np.quantile(values, [0.5 * _LEAST_SHARE, 1.0 - 0.5 * _LEAST_SHARE])
    deepest, cut = _DEPTH, np.inf
    for times in _WIDTHS:
        width = times * 2.0 * (three - quarter) / len(values) ** (1.0 / 3.0)  # Freedman & Diaconis 1981
        # too few bins, or values that are all but level
        if not 0.0 < width < 0.2 * (ends[1] - ends[0]):
            continue
        count, edges = np.histogram(values, np.arange(ends[0], ends[1] + width, width))
        below, above = np.maximum.accumulate(count), np.maximum.accumulate(count[::-1])[::-1]
        lower = np.minimum(below, above)
        depth = (lower - count) / np.sqrt(lower + count + 1.0)
        valley = int(np.argmax(depth))
        if depth[valley] > deepest:
            deepest, cut = float(depth[valley]), 0.5 * (edges[valley] + edges[valley + 1])
    return np.asarray(values > cut)

"""Leaps between accounts of the claims that lie apart, for moves that don't find the way over.

Where particles fall into two groups, with little between them or one far from the rest, the
difference between the groups' means, in all coordinates together, carries a particle from one to the
other. Leaping forth and back are proposed alike, so a leap is accepted by the posterior alone (mode
jumping: Tjelmeland & Hegstad 2001, *Scandinavian Journal of Statistics* 28, 205–223, without its
optimisation). Groups that other moves join anyway are passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

__all__ = ["Leaps", "no_leaps", "seek"]

_MOST = 4
_LEAST_SHARE = 0.005  # of the particles, in the smaller group
_LEAST = 8  # particles in the smaller group
_WIDTHS = (1.0, 2.0, 4.0)  # of a histogram's bins: a small group shows in wide ones only
_DEPTH = 2.5  # standard errors by which both sides stand above a valley
_FAR = 4.0  # standard deviations, by the quartiles, from which particles lie far from the rest
_TO_SD = 1.349  # quartile range of a normal distribution
_SAME = 0.5  # correlation of two groupings from which they count as one
_ERRORS = 2.0  # standard errors below which a difference of means counts as nothing
_EASY, _HOPELESS = 0.25, 0.01  # share of leaps from the smaller group that are accepted

Group = Bool[np.ndarray, " world"]


class Leaps(NamedTuple):
    """Vectors to leap by, of which the first `used` are in use."""

    vectors: Float[Array, "moved leap"]
    used: Int[Array, ""]


def no_leaps(moved: int) -> Leaps:
    """Leaps before any have been looked for."""
    return Leaps(jnp.zeros((moved, _MOST), jnp.float32), jnp.int32(0))


def seek(
    position: Float[np.ndarray, "world moved"],
    log_density: Callable[[Float[np.ndarray, "some moved"]], Float[np.ndarray, " some"]],
) -> Leaps:
    """Leaps between groups of worlds that are accepted now and then: the rarest are needed most."""
    found: list[tuple[float, np.ndarray]] = []
    for smaller in _apart(position):
        vector = _between(position, smaller)
        here = position[smaller]
        gain = log_density(here - vector) - log_density(here)
        accepted = float(np.exp(np.minimum(gain, 0.0)).mean())
        if _HOPELESS < accepted < _EASY:
            found.append((accepted, vector))
    found.sort(key=lambda entry: entry[0])
    vectors = np.zeros((position.shape[1], _MOST), dtype=np.float32)
    for column, (_, vector) in enumerate(found[:_MOST]):
        vectors[:, column] = vector
    return Leaps(jnp.asarray(vectors), jnp.int32(min(len(found), _MOST)))


def _apart(position: Float[np.ndarray, "world moved"]) -> list[Group]:
    """The smaller of two groups, for each way in which some coordinate tells them apart."""
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
    """Who lies far below the rest, and who far above."""
    quarter, middle, three = np.quantile(values, [0.25, 0.5, 0.75])
    away = (values - middle) * _TO_SD
    return away < -_FAR * (three - quarter), away > _FAR * (three - quarter)


def _beyond_valley(values: Float[np.ndarray, " world"]) -> Group:
    """Who lies above the deepest valley of a histogram; nobody if none is deep enough."""
    quarter, three = np.quantile(values, [0.25, 0.75])
    ends = np.quantile(values, [0.5 * _LEAST_SHARE, 1.0 - 0.5 * _LEAST_SHARE])
    deepest, cut = _DEPTH, np.inf
    for times in _WIDTHS:
        width = times * 2.0 * (three - quarter) / len(values) ** (1.0 / 3.0)  # Freedman & Diaconis 1981
        # too few bins, or values that are all but level
        if not 0.0 < width < 0.2 * (ends[1] - ends[0]):
            continue
        count, edges = np.histogram(values, np.arange(ends[0], ends[1] + width, width))
        left, right = np.maximum.accumulate(count), np.maximum.accumulate(count[::-1])[::-1]
        lower = np.minimum(left, right)
        depth = (lower - count) / np.sqrt(lower + count + 1.0)
        valley = int(np.argmax(depth))
        if depth[valley] > deepest:
            deepest, cut = float(depth[valley]), 0.5 * (edges[valley] + edges[valley + 1])
    return np.asarray(values > cut)


def _between(position: Float[np.ndarray, "world moved"], group: Group) -> Float[np.ndarray, " moved"]:
    """How far a group's mean is from that of the others, where it is."""
    one, other = position[group], position[~group]
    difference = one.mean(axis=0) - other.mean(axis=0)
    error = np.sqrt(one.var(axis=0) / len(one) + other.var(axis=0) / len(other))
    return np.where(np.abs(difference) > _ERRORS * error, difference, 0.0)

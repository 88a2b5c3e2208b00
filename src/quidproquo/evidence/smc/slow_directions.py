"""Directions that the other moves change slowest.

Some combinations of coordinates change little however often the blocks are moved one by one: where a
bias can stand for a parameter, say, worlds lie along a ridge that crosses many blocks. Which they are
is read off particles before and after a number of sweeps, by time-lagged independent component analysis
(TICA): the combination that keeps most of what it was is the first generalised eigenvector of the
covariance across these sweeps and that at one time (Molgedey & Schuster 1994, *Physical Review Letters*
72, 3634–3637; Pérez-Hernández et al. 2013, *J. Chemical Physics* 139, 015102). A slow move changes one
such combination alone: all coordinates follow by their regression on it, which in a normal posterior
leaves all other combinations as they are.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int
from scipy import linalg

__all__ = ["SlowDirections", "fit_slow_directions", "no_slow_directions"]

_MOST = 16
_RIDGE = 1e-6  # of a coordinate's prior variance, so that level directions can be separated


class SlowDirections(NamedTuple):
    """Combinations of coordinates, of variance one, of which the first `used` are in use.

    `directions` are the coordinates' regressions on them.
    """

    directions: Float[Array, "moved slow"]
    combinations: Float[Array, "slow moved"]
    mean: Float[Array, " moved"]
    used: Int[Array, ""]


def no_slow_directions(moved: int) -> SlowDirections:
    """Before any have been looked for."""
    directions, combinations, mean = (
        jnp.asarray(np.zeros(shape, np.float32)) for shape in ((moved, _MOST), (_MOST, moved), moved)
    )
    return SlowDirections(directions, combinations, mean, jnp.asarray(np.int32(0)))


def fit_slow_directions(
    before: Float[np.ndarray, "particle moved"], after: Float[np.ndarray, "particle moved"]
) -> SlowDirections:
    """The combinations that sweeps between `before` and `after` changed least, the slowest first."""
    mean = 0.5 * (before.mean(axis=0) + after.mean(axis=0))
    one, other = (np.asarray(places - mean, dtype=np.float64) for places in (before, after))
    across = one.T @ other / len(one)
    within = (one.T @ one + other.T @ other) / (2 * len(one)) + _RIDGE * np.eye(len(across))
    _, found = linalg.eigh(0.5 * (across + across.T), within)
    # the slowest come last
    combinations = found[:, : -_MOST - 1 : -1]
    used = combinations.shape[1]
    padded = np.pad(combinations, ((0, 0), (0, _MOST - used)))
    directions, combinations, middle = (
        jnp.asarray(each.astype(np.float32)) for each in (within @ padded, padded.T, mean)
    )
    return SlowDirections(directions, combinations, middle, jnp.asarray(np.int32(used)))

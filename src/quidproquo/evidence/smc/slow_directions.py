"""Glides along what the other moves change slowest.

Some combinations of coordinates move little however often the blocks are moved one by one: where a
bias can stand for a parameter, say, worlds lie along a ridge that crosses many blocks. Which they are
is read off particles before and after a number of sweeps: the combination that keeps most of what it
was is the first generalised eigenvector of the covariance across these sweeps and that at one time
(Molgedey & Schuster 1994, *Physical Review Letters* 72, 3634–3637; Pérez-Hernández et al. 2013, *J.
Chemical Physics* 139, 015102). A glide changes one such combination alone: all coordinates follow as
they hang together with it, which in a normal posterior leaves all other combinations as they are.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int
from scipy import linalg

__all__ = ["SlowDirections", "fit_slow_directions", "no_slow_directions"]

_MOST = 16
_RIDGE = 1e-6  # of a coordinate's prior variance, so that what is level can be told apart


class SlowDirections(NamedTuple):
    """Directions to glide along, a standard deviation long, of which the first `used` are in use."""

    directions: Float[Array, "moved glide"]
    used: Int[Array, ""]


def no_slow_directions(moved: int) -> SlowDirections:
    """Glides before any have been looked for."""
    return SlowDirections(jnp.zeros((moved, _MOST), jnp.float32), jnp.int32(0))


def fit_slow_directions(
    before: Float[np.ndarray, "particle moved"], after: Float[np.ndarray, "particle moved"]
) -> SlowDirections:
    """Directions of the combinations that sweeps between `before` and `after` changed least."""
    middle = 0.5 * (before.mean(axis=0) + after.mean(axis=0))
    one, other = (np.asarray(places - middle, dtype=np.float64) for places in (before, after))
    across = one.T @ other / len(one)
    within = (one.T @ one + other.T @ other) / (2 * len(one)) + _RIDGE * np.eye(len(across))
    _, combinations = linalg.eigh(0.5 * (across + across.T), within)
    # the slowest come last; each has a variance of one
    directions = within @ combinations[:, : -_MOST - 1 : -1]
    padded = np.pad(directions, ((0, 0), (0, _MOST - directions.shape[1])))
    return SlowDirections(jnp.asarray(padded, jnp.float32), jnp.int32(directions.shape[1]))

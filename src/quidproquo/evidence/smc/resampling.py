"""Resampling of weighted particles."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key

__all__ = ["resample", "systematic"]


def systematic(key: Key[Array, ""], weights: Float[Array, " particle"], count: int) -> Int[Array, " count"]:
    """Which particle each of `count` copies is taken from, in rising order (Carpenter et al. 1999).

    One uniform number places `count` equidistant points on the unit interval, which the normalised
    `weights` divide among the particles. A particle of weight w is copied floor(count·w) or
    ceil(count·w) times, and count·w times on average; so level weights copy each particle once.

    Source: Carpenter, Clifford & Fearnhead (1999), *IEE Proc. Radar Sonar Navig.* 146, 2–7.
    """
    offset = jax.random.uniform(key, (), weights.dtype)
    points = (jnp.arange(count, dtype=weights.dtype) + offset) / count
    ends = jnp.cumsum(weights)
    # rounding may end the last interval just below 1
    return jnp.minimum(jnp.searchsorted(ends, points), len(weights) - 1)


def resample(
    rng: np.random.Generator, weights: Float[np.ndarray, " particle"], count: int
) -> Int[np.ndarray, " count"]:
    """The same outside compiled programs, in double precision."""
    points = (np.arange(count) + rng.uniform()) / count
    return np.minimum(np.searchsorted(np.cumsum(weights), points), len(weights) - 1)

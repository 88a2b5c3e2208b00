"""How probable it is that a stated bound lies beyond a place, in logs."""

from __future__ import annotations

import math

import jax.numpy as jnp
import jax.scipy.stats as jstats
import numpy as np
from jaxtyping import Array, Float

__all__ = ["bound"]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)
_LEAST = 1e-7  # what single precision leaves of 1 − probability


def bound(
    side: Float[Array, "item 1"],
    gap: Float[Array, "item world"],
    s: Float[Array, "item 1"],
    w: Float[Array, "item 1"],
    sign: Float[Array, "item 1"],
) -> Float[Array, "item world"]:
    """Of a bound, y − sign·|Normal(0, w)| + Normal(0, s), with y what a world says plus its bias.

    `gap` is the place less y, and `side` is −1 for bounds below the place and 1 for those above. A
    skew normal: Φ(u) − 2·T(u, α), with Owen's T (1956, *Annals of Mathematical Statistics* 27,
    1075–1090) as an integral over an angle.
    """
    u = gap / jnp.sqrt(s * s + w * w)
    angle = jnp.arctan(w / s)
    owen = jnp.zeros_like(u)
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        cosine = jnp.cos(0.5 * angle * (1.0 + float(node)))
        owen = owen + float(weight) * jnp.exp(-0.5 * (u / cosine) ** 2)
    owen = owen * 0.5 * angle / (2.0 * math.pi)
    # a lower bound leans downwards: its α is negative, and T is odd in α
    below = jstats.norm.cdf(u) + 2.0 * sign * owen
    return jnp.log(jnp.clip(jnp.where(side < 0, below, 1.0 - below), _LEAST, 1.0))

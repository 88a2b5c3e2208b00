"""Densities of one report, each as the log of one part and another part as it is.

What has an exponent is kept as its log; what is a probability or a share is left alone, so that no
logarithm is taken only to be undone when densities are mixed. Worlds are the last axis.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import jax.numpy as jnp
import jax.scipy.special as jspecial
from jax import lax
from jaxtyping import Array, Float

__all__ = [
    "TINY",
    "Density",
    "bounded",
    "cdf",
    "denied",
    "event",
    "geometric",
    "interval",
    "log_of",
    "normal",
    "poisson",
    "poisson_bound",
]

Rows: TypeAlias = Float[Array, "item world"]
Column: TypeAlias = Float[Array, "item 1"]
Density: TypeAlias = tuple[Array, Array]
"""Log of one factor, and the other factor."""

TINY = 1e-30
_LEAST = 1e-7  # what single precision leaves of 1 − probability
_HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)
_ROOT_HALF = math.sqrt(0.5)
_TAIL = -3.0  # standard deviations from which on the tail is worked out by itself
_END = 30.0  # and at which it has vanished in single precision


def log_of(density: Density) -> Rows:
    """The log of both parts together."""
    log, factor = density
    return log + jnp.log(jnp.maximum(factor, TINY))


def cdf(x: Array) -> Array:
    """Φ(x), good to four digits far down the lower tail.

    There it is φ(x)/(t + 1/(t + 2/(t + 3/(t + 4/(t + 5/t))))), t = −x, Laplace's continued fraction cut
    off there (Abramowitz & Stegun 1964, 26.2.14), written as one fraction.
    """
    t = jnp.clip(-x, -_TAIL, _END)
    q = t * t
    mills = t * ((q + 14.0) * q + 33.0) / (((q + 15.0) * q + 45.0) * q + 15.0)
    return jnp.where(
        x < _TAIL, jnp.exp(-0.5 * q - _HALF_LOG_TAU) * mills, 0.5 + 0.5 * lax.erf(x * _ROOT_HALF)
    )


def normal(delta: Rows, s: Column) -> Rows:
    """Log density at `delta` standard deviations `s` from the centre."""
    return -0.5 * delta * delta - jnp.log(s) - _HALF_LOG_TAU


def bounded(gap: Rows, s: Column, w: Column) -> Density:
    """A half-normal of scale `w` seen through Normal(0, s), `gap` from its wall (Azzalini 1985)."""
    total = jnp.sqrt(s**2 + w**2)
    u = gap / total
    return math.log(2.0) + normal(u, total), cdf(w / s * u)


def interval(y: Rows, low: Column, high: Column, s: Column) -> Density:
    """Evenly over an interval, seen through Normal(0, s)."""
    inside = cdf((high - y) / s) - cdf((low - y) / s)
    return -jnp.log(high - low) + jnp.zeros_like(y), inside


def event(so: Rows, asserted: Column, trust: Column) -> Rows:
    """Chance of an assertion that is to be trusted so far, where something is so with that chance."""
    so = jnp.clip(so, 0.0, 1.0)
    said = so * asserted + (1.0 - so) * (1.0 - asserted)
    return trust * said + 0.5 * (1.0 - trust)


def poisson(log_mean: Array, mean: Array, count: float | Array) -> Array:
    """Log probability of a count."""
    ways = jspecial.gammaln(count + 1.0) if isinstance(count, Array) else math.lgamma(count + 1.0)
    return count * log_mean - mean - ways


def poisson_bound(log_mean: Array, mean: Array, count: float, sign: float) -> Array:
    """Log probability of a count of at least (`sign` 1) or at most (−1) so many, as a sum of the others."""
    below = count if sign > 0 else count + 1
    item_log_lik = [poisson(log_mean, mean, float(k)) for k in range(int(below))]
    less = sum((jnp.exp(term) for term in item_log_lik), jnp.zeros_like(mean))
    return jnp.log(jnp.maximum(1.0 - less if sign > 0 else less, _LEAST))


def geometric(mean: Rows, count: Column, sign: float) -> Rows:
    """Log probability of a count, or of being at least (`sign` 1) or at most (−1) as large."""
    ratio = -jnp.log1p(1.0 / mean)
    if sign > 0:
        return count * ratio
    if sign < 0:
        return jnp.log(-jnp.expm1((count + 1.0) * ratio))
    return count * ratio - jnp.log1p(mean)


def denied(chance: Array) -> Array:
    """Log of the other probability."""
    return jnp.log(jnp.maximum(-jnp.expm1(chance), _LEAST))

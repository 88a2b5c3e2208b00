"""Special functions for both array libraries.

What is written with them runs in compiled programs (JAX, single precision) and in plain scoring (NumPy
and SciPy, double precision) alike: `library` finds the library of an array.
"""

from __future__ import annotations

import math
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

import jax.numpy as jnp
import jax.scipy.special as jspecial
import numpy as np
from jax import lax
from jaxtyping import Array, Float
from scipy import special

__all__ = [
    "LEAST_CHANCE",
    "TINY",
    "Values",
    "library",
    "log_factorial",
    "log_normal_cdf",
    "log_normal_density",
    "logistic",
    "normal_cdf",
    "owens_t",
    "poisson_cdf",
    "poisson_cdf_of_constants",
]

if TYPE_CHECKING:
    Values: TypeAlias = Any
else:
    Values: TypeAlias = Float[Array, "..."] | Float[np.ndarray, "..."] | np.floating
"""An array of either library. Which one is checked when tests run, and no checker could follow it."""

TINY = 1e-30
"""Below any density or chance that matters, and above what single precision takes for zero."""
LEAST_CHANCE = 1e-7
"""What single precision leaves of 1 − probability."""
_HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)
_ROOT_HALF = math.sqrt(0.5)
_TAIL = -3.0  # standard deviations from which on the tail is worked out by itself
_END = 30.0  # and at which it has vanished in single precision
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)


def library(values: Values) -> ModuleType:
    """The library that an array belongs to: `numpy`, or `jax.numpy` for arrays and tracers of JAX."""
    found: ModuleType = values.__array_namespace__()
    return found


def normal_cdf(x: Values) -> Values:
    """Φ(x); in single precision good to four digits far down the lower tail.

    There it is φ(x)/(t + 1/(t + 2/(t + 3/(t + 4/(t + 5/t))))), t = −x, Laplace's continued fraction cut
    off there (Abramowitz & Stegun 1964, 26.2.14), written as one fraction.
    """
    if library(x) is np:
        return np.asarray(special.ndtr(x))
    t = jnp.clip(-x, -_TAIL, _END)
    q = t * t
    mills = t * ((q + 14.0) * q + 33.0) / (((q + 15.0) * q + 45.0) * q + 15.0)
    return jnp.where(
        x < _TAIL, jnp.exp(-0.5 * q - _HALF_LOG_TAU) * mills, 0.5 + 0.5 * lax.erf(x * _ROOT_HALF)
    )


def log_normal_density(deviations: Values, sd: Values) -> Values:
    """Log density of Normal(0, sd) at so many standard deviations from its centre."""
    return -0.5 * deviations * deviations - library(deviations).log(sd) - _HALF_LOG_TAU


def log_normal_cdf(x: Values) -> Values:
    """Logarithm of Φ(x)."""
    return np.asarray(special.log_ndtr(x)) if library(x) is np else jspecial.log_ndtr(x)


def owens_t(h: Values, a: Values) -> Values:
    """Owen's T (1956, *Annals of Mathematical Statistics* 27, 1075–1090), for a of either sign.

    In single precision, an integral over the angle whose tangent is a, by Gauss's rule of 12 nodes.
    """
    if library(h) is np:
        return np.asarray(special.owens_t(h, a))
    angle = jnp.arctan(a)
    found = jnp.zeros_like(h)
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        cosine = jnp.cos(0.5 * angle * (1.0 + float(node)))
        found = found + float(weight) * jnp.exp(-0.5 * (h / cosine) ** 2)
    return found * 0.5 * angle / (2.0 * math.pi)


def logistic(x: Values) -> Values:
    """1/(1 + exp(−x))."""
    return np.asarray(special.expit(x)) if library(x) is np else jspecial.expit(x)


def log_factorial(count: Values) -> Values:
    """Logarithm of k!."""
    if library(count) is np:
        return np.asarray(special.gammaln(count + 1.0))
    return jspecial.gammaln(count + 1.0)


def poisson_cdf(count: Values, mean: Values) -> Values:
    """Probability of a Poisson number of at most `count`; 0 below 0."""
    xp = library(mean)
    whole = xp.maximum(xp.floor(count), 0.0)
    found = special.pdtr(whole, mean) if xp is np else jspecial.gammaincc(whole + 1.0, mean)
    return xp.where(count < 0.0, 0.0, found)


def poisson_cdf_of_constants(counts: Float[np.ndarray, "item 1"], mean: Values) -> Values:
    """The same of small counts that a compiled program holds: the sum of the chances up to them."""
    if library(mean) is np:
        return poisson_cdf(counts, mean)
    rows = []
    for count, row in zip(counts[:, 0], mean, strict=True):
        log_mean = jnp.log(row)
        chances = [jnp.exp(k * log_mean - row - math.lgamma(k + 1.0)) for k in range(int(count) + 1)]
        rows.append(sum(chances, jnp.zeros_like(row)))
    return jnp.stack(rows)

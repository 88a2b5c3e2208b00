"""Random bits for moves, many and cheap: a hash of a key and of places in a table.

The key comes from JAX's own generator; the hash that fills the table is `pcg4d` of Jarzynski &
Olano (2020), "Hash functions for GPU rendering", *Journal of Computer Graphics Techniques* 9(3),
21–38: four numbers of 32 bits in, four out, with the high bits folded into the low ones once more at the end. It
is many times faster than Threefry, which gives the key.
"""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Key, UInt32

__all__ = ["materialize", "normals", "random_bits", "uniforms"]

_MULTIPLIER, _INCREMENT = 1664525, 1013904223  # of a linear congruential generator modulo 2³²
_BITS = 23  # with the half that is added, what a single-precision number holds


def random_bits(key: Key[Array, ""], rows: int, columns: int) -> UInt32[Array, "{rows} {columns}"]:
    """A table of random bits, 32 in each place."""
    quarter = -(-rows // 4)
    low, high = jax.random.key_data(key).astype(jnp.uint32)
    row = jax.lax.broadcasted_iota(jnp.uint32, (quarter, columns), 0)
    column = jax.lax.broadcasted_iota(jnp.uint32, (quarter, columns), 1)
    four = [value * jnp.uint32(_MULTIPLIER) + jnp.uint32(_INCREMENT) for value in (row, column, low, high)]
    once = _mixed(*(value ^ (value >> 16) for value in _mixed(*four)))
    # the low bits of a product are poor, so high ones are folded into them once more
    return jnp.concatenate([value ^ (value >> 16) for value in once])[:rows]


def _mixed(x: Array, y: Array, z: Array, w: Array) -> tuple[Array, Array, Array, Array]:
    x = x + y * w
    y = y + z * x
    z = z + x * y
    w = w + y * z
    return x, y, z, w


def materialize(numbers: Array) -> Array:
    """The same numbers, computed once before they are used.

    Otherwise the compiler computes them again for every use.
    """
    written: Array = jax.lax.optimization_barrier(numbers)  # type: ignore[no-untyped-call]
    return written


def uniforms(bits: UInt32[Array, "*shape"]) -> Float[Array, "*shape"]:
    """Numbers strictly between 0 and 1."""
    return ((bits >> (32 - _BITS)).astype(jnp.float32) + 0.5) * 2.0**-_BITS


def normals(key: Key[Array, ""], rows: int, columns: int) -> Float[Array, "{rows} {columns}"]:
    """A table of standard normal numbers (Box & Muller 1958, *Annals of Mathematical Statistics* 29)."""
    half = -(-rows // 2)
    bits = materialize(random_bits(key, 2 * half, columns))
    length = jnp.sqrt(-2.0 * jnp.log(uniforms(bits[:half])))
    cosine, sine = _around(bits[half:])
    return jnp.concatenate([materialize(length * cosine), materialize(length * sine)])[:rows]


def _around(bits: UInt32[Array, "*shape"]) -> tuple[Float[Array, "*shape"], Float[Array, "*shape"]]:
    """Cosine and sine of an angle from all around, by Taylor's series up to an eighth of a turn.

    The library's own are computed number by number, which takes many times as long. Two bits choose the
    quarter; in it the angle runs from −1/8 to 1/8 of a turn.
    """
    quarter = bits >> 30
    t = ((bits >> 7) & ((1 << _BITS) - 1)).astype(jnp.float32)
    x = ((t + 0.5) * 2.0**-_BITS - 0.5) * (0.5 * math.pi)
    square = x * x
    sine = x * _series(square, 1)
    cosine = _series(square, 0)
    swap, first = (quarter & 1) > 0, quarter < 2
    one, other = jnp.where(swap, sine, cosine), jnp.where(swap, cosine, sine)
    sign = jnp.where(first, 1.0, -1.0)
    return sign * jnp.where(swap, -one, one), sign * other


def _series(square: Array, odd: int) -> Array:
    """Σ (−1)ᵏ·x²ᵏ/(2k + odd)!, to single precision where |x| ≤ π/4."""
    total = jnp.zeros_like(square)
    for k in reversed(range(6)):
        total = (-1.0) ** k / math.factorial(2 * k + odd) + square * total
    return total

"""Random numbers keyed by (seed, name, block), so that nothing that is added disturbs what was drawn.

A stream belongs to a parameter (or a future's chance) by name and is cut into blocks of worlds of
fixed size. Adding a parameter, an option or further blocks leaves every earlier number
bit-identical. The key is explicit and comes first; seed 0 is a seed like any other.

Parts of a run take keys of their own from the run's key: `Stream` numbers them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache
from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import DTypeLike
from jaxtyping import Array, Float, Int, Key

__all__ = [
    "BLOCK",
    "CalibrationStream",
    "Stream",
    "blocks",
    "even",
    "named_key",
    "normals",
    "strata",
    "stream_key",
    "uniforms",
]

BLOCK = 2048


class Stream(IntEnum):
    """Streams of a run's key. A number is part of what a seed means, so it never changes."""

    FUTURES = 1  # of the key that a set of worlds gives its futures
    WEIGHTED = 2  # futures of weighted worlds
    PRIOR = 3  # draws from the prior, and their futures
    EXPLORATORY = 4  # exploratory worlds, and their futures
    CONDITIONING = 5
    RERUN = 6  # conditioning with other powers of the claims
    RERUN_CHECK = 7  # full runs that re-runs are compared with
    TOTALS_HOLDOUT = 8  # conditioning without the published totals


class CalibrationStream(IntEnum):
    """Streams of the key of a simulation-based calibration, which never change either."""

    MUTANTS = 1
    REPLICATES = 2
    FUTURES = 3
    FINGERPRINT = 4


def stream_key(key: Key[Array, ""], stream: Stream | CalibrationStream) -> Key[Array, ""]:
    """The key of one stream."""
    return jax.random.fold_in(key, int(stream))


def blocks(worlds: int, size: int = BLOCK) -> list[tuple[Int[np.ndarray, " block"], int]]:
    """The worlds of each block, and how many of them count: the last is filled up from the first."""
    return [(np.arange(first, first + size) % worlds, worlds - first) for first in range(0, worlds, size)]


def named_key(key: Key[Array, ""], name: str, block: int = 0) -> Key[Array, ""]:
    """The key of one block of the stream with this name."""
    return jax.random.fold_in(jax.random.fold_in(key, zlib.crc32(name.encode())), block)


Draw: TypeAlias = Callable[[Array, tuple[int, ...], DTypeLike], Array]


@lru_cache(maxsize=8)
def _stream(draw: Draw) -> Callable[[Array, np.uint32, int], Array]:
    """One compiled program a kind of number, for any name and block."""

    def one(key: Array, tag: Array, block: Array) -> Array:
        return draw(jax.random.fold_in(jax.random.fold_in(key, tag), block), (BLOCK,), jnp.float32)

    return jax.jit(one)


def _columns(draw: Draw, key: Key[Array, ""], names: tuple[str, ...], worlds: int) -> np.ndarray:
    count = -(-worlds // BLOCK)
    table = np.empty((count * BLOCK, len(names)), dtype=np.float32)
    for column, name in enumerate(names):
        tag = np.uint32(zlib.crc32(name.encode()))
        for block in range(count):
            table[block * BLOCK : (block + 1) * BLOCK, column] = _stream(draw)(key, tag, block)
    return table[:worlds]


def normals(key: Key[Array, ""], names: tuple[str, ...], worlds: int) -> Float[np.ndarray, "world name"]:
    """Standard normal numbers, one column a name."""
    return _columns(jax.random.normal, key, names, worlds)


def uniforms(key: Key[Array, ""], names: tuple[str, ...], worlds: int) -> Float[np.ndarray, "world name"]:
    """Uniform numbers in [0, 1), one column a name."""
    return _columns(jax.random.uniform, key, names, worlds)


def even(key: Key[Array, ""], names: tuple[str, ...], worlds: int) -> Float[np.ndarray, "world name"]:
    """Numbers that fill (0, 1) evenly: in every block, each of its strata once, in random order.

    A Latin hypercube (McKay, Beckman & Conover 1979) a block, with columns keyed by name.
    """
    return _columns(strata, key, names, worlds)


def strata(stream: Key[Array, ""], shape: tuple[int, ...], dtype: DTypeLike) -> Float[Array, " number"]:
    """Numbers that fill (0, 1) evenly, one in each of as many parts, in random order."""
    jitter, order = jax.random.split(stream)
    places = jax.random.permutation(order, shape[0])
    inside = jax.random.uniform(jitter, shape, dtype, 1e-3, 1.0 - 1e-3)
    return (places + inside) / shape[0]

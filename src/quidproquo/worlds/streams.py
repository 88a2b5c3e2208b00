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
from jaxtyping import Array, Float, Int, Key, Shaped

from quidproquo.worlds.runtime import COMPILER_OPTIONS

__all__ = [
    "BLOCK",
    "CalibrationStream",
    "Stream",
    "blocks",
    "even",
    "named_key",
    "normals",
    "stream_key",
    "uniforms",
]

BLOCK = 2048
_NAMES = 32  # a program draws the numbers of so many names at once


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


Draw: TypeAlias = Callable[[Array], Array]


@lru_cache(maxsize=8)
def _stream(draw: Draw) -> Callable[[Array, np.ndarray, int], Array]:
    """One compiled program a kind of number, for a block of `_NAMES` names."""

    def one(key: Array, tag: Array, block: Array) -> Array:
        return draw(jax.random.fold_in(jax.random.fold_in(key, tag), block))

    return jax.jit(jax.vmap(one, in_axes=(None, 0, None)), compiler_options=COMPILER_OPTIONS)


def _blocks(
    draw: Draw, key: Key[Array, ""], names: tuple[str, ...], worlds: int
) -> Shaped[np.ndarray, "block name ..."]:
    """The blocks of every stream; what a number is depends on neither the other names nor the worlds."""
    tags = np.array([zlib.crc32(name.encode()) for name in names], dtype=np.uint32)
    filled = max(-(-len(names) // _NAMES), 1) * _NAMES
    tags = np.pad(tags, (0, filled - len(names))).reshape(-1, _NAMES)
    program = _stream(draw)
    rows = [[np.asarray(program(key, some, block)) for some in tags] for block in range(-(-worlds // BLOCK))]
    return np.stack([np.concatenate(row)[: len(names)] for row in rows])


def _columns(
    blocks: Shaped[np.ndarray, "block name number"], worlds: int
) -> Shaped[np.ndarray, "world name"]:
    count, names, numbers = blocks.shape
    return np.ascontiguousarray(blocks.swapaxes(1, 2).reshape(count * numbers, names)[:worlds])


def normals(key: Key[Array, ""], names: tuple[str, ...], worlds: int) -> Float[np.ndarray, "world name"]:
    """Standard normal numbers, one column a name."""
    return _columns(_blocks(_normal, key, names, worlds), worlds)


def uniforms(key: Key[Array, ""], names: tuple[str, ...], worlds: int) -> Float[np.ndarray, "world name"]:
    """Uniform numbers in [0, 1), one column a name."""
    return _columns(_blocks(_uniform, key, names, worlds), worlds)


def even(key: Key[Array, ""], names: tuple[str, ...], worlds: int) -> Float[np.ndarray, "world name"]:
    """Numbers that fill (0, 1) evenly: in every block, each of its strata once, in random order.

    A Latin hypercube (McKay, Beckman & Conover 1979) a block, with columns keyed by name. Strata are sorted
    twice by random keys, as `jax.random.permutation` does, but by NumPy, which is faster.
    """
    parts = _blocks(_strata_parts, key, names, worlds)
    order = np.argsort(parts[:, :, 0], axis=2, kind="stable")
    order = np.take_along_axis(order, np.argsort(parts[:, :, 1], axis=2, kind="stable"), axis=2)
    inside = np.ascontiguousarray(parts[:, :, 2]).view(np.float32)
    return _columns((order.astype(np.float32) + inside) / np.float32(BLOCK), worlds)


def _normal(stream: Array) -> Array:
    return jax.random.normal(stream, (BLOCK,), jnp.float32)


def _uniform(stream: Array) -> Array:
    return jax.random.uniform(stream, (BLOCK,), jnp.float32)


def _strata_parts(stream: Array) -> Array:
    """The keys to sort by, first and second, and the bits of where in its stratum a number lies."""
    jitter, order = jax.random.split(stream)
    order, first = jax.random.split(order)
    _, second = jax.random.split(order)
    keys = [jax.random.bits(key, (BLOCK,), jnp.uint32) for key in (first, second)]
    inside = jax.random.uniform(jitter, (BLOCK,), jnp.float32, 1e-3, 1.0 - 1e-3)
    return jnp.stack([*keys, jax.lax.bitcast_convert_type(inside, jnp.uint32)])

"""The model on the project's runtime: JAX, worlds last, small batches in turn, blocks spread over threads.

Unlike `quidproquo.worlds.simulate`, options are rows of one array, not one after another, and a batch is
1,024 worlds, not 128: of about forty layouts tried this was the fastest for so small a model. The rivals
were tuned less, so the row flatters the engine. Its own random numbers are those of the sampler.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from quidproquo.evidence.smc import fast_random
from quidproquo.worlds.functions import ramp
from quidproquo.worlds.runtime import compiled_for, parallel_map
from rivals.common import (
    BLOCK,
    CENTRE,
    LEVERS,
    METRICS,
    MONTHS,
    OPTIONS,
    ROWS,
    SCALE,
    TABLE,
    Draws,
    Levers,
    Metrics,
)

BATCH = 1024  # worlds at a time


def _batch(levers: Array, draws: Array) -> Array:
    """Metrics `[option, metric, world]` of a few worlds."""
    rows = jnp.exp(CENTRE[:, None] + SCALE[:, None] * draws[: len(TABLE)])
    p = dict(zip(TABLE, rows, strict=True))
    days = jnp.arange(MONTHS + 1, dtype=draws.dtype)[:, None]
    main, width = p["middle"], p["spread"]
    early, middle, late = (ramp(days, t, width) for t in (main - p["lead"], main, main + p["later"]))
    due = p["size"] * (p["first"] * early + (1 - p["first"]) * middle) + p["extra"] * late
    flow = jnp.diff(due, axis=0) + p["rotation"] * p["size"]
    shocks = draws[len(TABLE) :].reshape(2, MONTHS, -1)
    hazard = p["hazard"] * jnp.exp(0.3 * shocks[0])
    pay = p["pay"] * p["cash"] * jnp.exp(0.1 * shocks[1])

    def month(state: tuple[Array, ...], now: tuple[Array, ...]) -> tuple[tuple[Array, ...], None]:
        """One month of `[option, world]`."""
        sent, theatre, total, currency, stay = state
        flow, hazard, pay, lever = now
        send, fight, cut = lever[:, :, None]
        come = flow * (1 - send * p["effect"])
        sent, there = sent + come, theatre + come
        lost = there * (1 - jnp.exp(-hazard * (1 + fight * p["effect"])))
        # written down once: the compiler would work out its exponential for every sum that it goes into
        lost = fast_random.materialize(lost)
        theatre, total = there - lost, total + lost
        present = sent - p["dead_share"] * total
        currency = currency + (pay * present + p["labour"]) * (1 - cut * p["effect"])
        return (sent, theatre, total, currency, stay + theatre), None

    start = (jnp.zeros((OPTIONS, draws.shape[1]), draws.dtype),) * 5
    months = (flow, hazard, pay, levers.transpose(2, 1, 0))
    (_, _, total, currency, stay), _ = jax.lax.scan(month, start, months)
    return jnp.stack([total, currency, stay / MONTHS], axis=1)


def _block(levers: Array, draws: Array) -> Array:
    """Metrics `[option, metric, world]` of one block, small batches one after another."""
    batches = draws.reshape(ROWS, BLOCK // BATCH, BATCH).swapaxes(0, 1)
    found = jax.lax.map(lambda batch: _batch(levers, batch), batches)
    return jnp.moveaxis(found, 0, 2).reshape(OPTIONS, METRICS, BLOCK)


def _drawn(levers: Array, seed: Array, block: Array) -> Array:
    key = jax.random.fold_in(jax.random.key(seed), block)
    return _block(levers, fast_random.normals(key, ROWS, BLOCK))


def _shape(*sizes: int, kind: type = np.float32) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(sizes, kind)  # type: ignore[no-untyped-call]


@lru_cache(maxsize=2)
def _program(drawing: bool) -> Callable[..., Array]:
    levers = _shape(OPTIONS, LEVERS, MONTHS)
    if drawing:
        return compiled_for(_drawn, levers, _shape(kind=np.uint32), _shape(kind=np.uint32))
    return compiled_for(_block, levers, _shape(ROWS, BLOCK))


def given(draws: Draws, levers: Levers) -> Metrics:
    program = _program(False)
    found = np.empty((len(draws), OPTIONS, METRICS, BLOCK), np.float32)

    def one(block: int) -> None:
        found[block] = program(levers, draws[block])

    parallel_map(one, range(len(draws)))
    return found


def drawn(seed: int, blocks: int, levers: Levers) -> Metrics:
    program = _program(True)
    found = np.empty((blocks, OPTIONS, METRICS, BLOCK), np.float32)

    def one(block: int) -> None:
        found[block] = program(levers, np.uint32(seed), np.uint32(block))

    parallel_map(one, range(blocks))
    return found

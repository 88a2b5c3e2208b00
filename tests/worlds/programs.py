"""The worlds of a model on any days and along one future, by programs that are compiled once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np

from quidproquo.worlds.model import Model


@cache
def programs(model: Model, names: tuple[str, ...]) -> tuple[Callable[..., dict], Callable[..., dict]]:
    """The model's past on any days, and its months ahead."""
    run_past = jax.jit(lambda z, days: model.past(z, dict.fromkeys(names, days)))
    run_ahead = jax.jit(lambda z, levers, luck: model.ahead(z, levers, jnp.float32(0.0), luck))
    return run_past, run_ahead


def past(model: Model, names: tuple[str, ...], z: np.ndarray, days: np.ndarray) -> dict[str, np.ndarray]:
    found = programs(model, names)[0](z, jnp.asarray(days, jnp.float32)[:, None])
    return {name: np.asarray(x, dtype=np.float64) for name, x in found.items()}


def ahead(
    model: Model, names: tuple[str, ...], z: np.ndarray, luck: float, **levers: float
) -> dict[str, np.ndarray]:
    """Months ahead; by bad luck (near 0) the war ends at once, by good luck (near 1) it goes on for ages."""
    table = np.zeros((len(model.levers), len(model.nodes) - 1), np.float32)
    for name, intensity in levers.items():
        table[model.levers.index(name)] = intensity
    chance = np.full((len(model.chances), z.shape[1]), luck, np.float32)
    found = programs(model, names)[1](z, jnp.asarray(table), jnp.asarray(chance))
    return {
        name: np.broadcast_to(np.asarray(x, np.float64), (len(model.nodes) - 1, z.shape[1]))
        for name, x in found.items()
    }

"""What conditioned worlds predict of reports that come later, on the reports' own dates.

Up to the case's decision date an observable is the model's function of dates; beyond it each world
is simulated on along one of its futures under policy as it stands, and read between month ends.
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from quidproquo.evidence.observation.operators import Operators
from quidproquo.worlds.model import Model
from quidproquo.worlds.runtime import compiled_for, parallel_map
from quidproquo.worlds.simulate import FUTURES, Plan, futures
from quidproquo.worlds.streams import BLOCK, blocks

__all__ = ["one_future", "predict"]


def one_future(key: Key[Array, ""], model: Model, worlds: int) -> Float[np.ndarray, "world chance"]:
    """One of each world's futures, so that a world with its future is one draw of what will come."""
    several = futures(key, model, worlds)
    rows = np.arange(worlds)
    chosen: Float[np.ndarray, "world chance"] = several[rows, rows % FUTURES]
    return chosen


def predict(
    model: Model,
    layout: Plan,
    operators: Operators,
    z: Float[np.ndarray, "world coordinate"],
    chance: Float[np.ndarray, "world chance"],
) -> Float[np.ndarray, "world item"]:
    """What every world predicts of every item, in the item's unit; in blocks of fixed size."""
    shapes = [
        jax.ShapeDtypeStruct((rows, BLOCK), jnp.float32)  # type: ignore[no-untyped-call]
        for rows in (len(model.coordinates), chance.shape[1])
    ]
    program = compiled_for(partial(_block, model, layout, operators), *shapes)

    def one(block: tuple[np.ndarray, int]) -> np.ndarray:
        rows, counting = block
        future = jnp.asarray(chance[rows].T, jnp.float32)
        return np.asarray(program(jnp.asarray(z[rows].T, jnp.float32), future)).T[:counting]

    return np.concatenate(parallel_map(one, blocks(len(z)))).astype(np.float64)


def _block(
    model: Model,
    layout: Plan,
    operators: Operators,
    z: Float[Array, "coordinate world"],
    chance: Float[Array, "chance world"],
) -> Float[Array, "item world"]:
    now = float(model.nodes[0])
    known = model.past(z, operators.wanted(z.dtype, until=now))
    if any((days > now).any() for days in operators.days.values()):
        levers, money = layout.levers[layout.baseline], layout.money[layout.baseline]
        ahead = model.ahead(z, jnp.asarray(levers), jnp.asarray(money), chance)
        start = jnp.asarray(model.nodes[:1], z.dtype)[:, None]
        begun = model.past(z, dict.fromkeys(operators.weights, start))
        for name in operators.weights:
            days = operators.days[name]
            later = jnp.broadcast_to(ahead[name], (len(model.nodes) - 1, z.shape[1]))
            nodes = jnp.concatenate([begun[name], later])
            between = jnp.asarray(_between(days, model.nodes), z.dtype) @ nodes
            known[name] = jnp.where((days > now)[:, None], between, known[name])
    return operators.combined(known)


def _between(
    days: Float[np.ndarray, " day"], nodes: Float[np.ndarray, " node"]
) -> Float[np.ndarray, "day node"]:
    """Weights that interpolate between nodes; beyond the last, its value."""
    place = np.interp(days, nodes, np.arange(len(nodes)))
    before = np.minimum(place.astype(int), len(nodes) - 2)
    weights = np.zeros((len(days), len(nodes)))
    rows = np.arange(len(days))
    weights[rows, before] = before + 1.0 - place
    weights[rows, before + 1] += place - before
    return weights

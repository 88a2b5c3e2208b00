"""Observables of drawn worlds, on any days of the past and along one future each.

Days and worlds are cut into blocks of fixed size, so that one compiled program serves any number of both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from quidproquo.worlds.model import Model, ModelNumbers
from quidproquo.worlds.programs import compiled
from quidproquo.worlds.runtime import parallel_map
from quidproquo.worlds.streams import BLOCK, blocks

__all__ = ["observe", "observe_ahead"]

_DAYS = 16  # that one call of a program takes


def observe(
    model: Model,
    wanted: Mapping[str, Float[np.ndarray, " _"]],
    z: Float[np.ndarray, "world coordinate"],
    also: Sequence[str] = (),
) -> dict[str, Float[np.ndarray, "_ world"]]:
    """Observables of worlds, each on the days wanted of it, counted from the case's start.

    The program works out those named in `also` too: with the same ones, other wishes need no other program.
    """
    if not wanted:
        return {}
    names = tuple(sorted({*wanted, *also}))
    every = np.unique(np.concatenate(list(wanted.values())))
    days = np.pad(every, (0, -len(every) % _DAYS), mode="edge").astype(np.float32).reshape(-1, _DAYS, 1)

    def program(numbers: ModelNumbers, days: Array, z: Array) -> list[Array]:
        found = model.with_numbers(numbers).past(z, dict.fromkeys(names, days))
        return [found[name] for name in names]

    arguments = model.numbers, days[0], _block(len(model.coordinates))
    run = compiled("observe", program, (model.structure, names), arguments, [0] * len(names))

    def one(block: tuple[np.ndarray, int]) -> dict[str, np.ndarray]:
        rows, counting = block
        some = _worlds_last(z[rows])
        found = [dict(zip(names, run(model.numbers, few, some), strict=True)) for few in days]
        return {
            name: np.concatenate([few[name] for few in found])[np.searchsorted(every, own), :counting]
            for name, own in wanted.items()
        }

    return _joined(parallel_map(one, blocks(len(z))), axis=1)


def observe_ahead(
    model: Model,
    names: Sequence[str],
    policy: tuple[Float[np.ndarray, "lever month"], float],
    z: Float[np.ndarray, "world coordinate"],
    chance: Float[np.ndarray, "world chance"],
) -> dict[str, Float[np.ndarray, "node world"]]:
    """Observables of worlds on the decision day and at the ends of the months after it, along one future each.

    `policy` is an option's intensity of each lever, and its money.
    """
    months = len(model.nodes) - 1
    levers, money = np.asarray(policy[0], np.float32), np.float32(policy[1])

    def program(numbers: ModelNumbers, policy: tuple[Array, Array], z: Array, chance: Array) -> list[Array]:
        own = model.with_numbers(numbers)
        ahead = own.ahead(z, *policy, chance)
        today = jnp.asarray(own.nodes[:1], z.dtype)[:, None]
        now = own.past(z, dict.fromkeys(names, today))
        later = (jnp.broadcast_to(ahead[name], (months, z.shape[1])) for name in names)
        return [jnp.concatenate([now[name], rows]) for name, rows in zip(names, later, strict=True)]

    shapes = _block(len(model.coordinates)), _block(chance.shape[1])
    arguments = (model.numbers, (levers, money), *shapes)
    run = compiled("observe_ahead", program, (model.structure, tuple(names)), arguments, [0] * len(names))

    def one(block: tuple[np.ndarray, int]) -> dict[str, np.ndarray]:
        rows, counting = block
        found = run(model.numbers, (levers, money), _worlds_last(z[rows]), _worlds_last(chance[rows]))
        return {name: np.asarray(array)[:, :counting] for name, array in zip(names, found, strict=True)}

    return _joined(parallel_map(one, blocks(len(z))), axis=1)


def _block(rows: int) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct((rows, BLOCK), jnp.float32)  # type: ignore[no-untyped-call]


def _worlds_last(rows: np.ndarray) -> Array:
    return jnp.asarray(rows.T, jnp.float32)


def _joined(parts: list[dict[str, np.ndarray]], axis: int) -> dict[str, np.ndarray]:
    return {name: np.concatenate([part[name] for part in parts], axis=axis) for name in parts[0]}

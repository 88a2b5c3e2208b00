"""What all items say of many worlds, worked out in blocks of one size by one compiled program."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from quidproquo.evidence.smc.target import LOG_ZERO, Target, TargetInputs
from quidproquo.worlds.programs import compiled
from quidproquo.worlds.runtime import parallel_map
from quidproquo.worlds.streams import BLOCK, blocks

__all__ = ["evaluate_items", "evaluation_program", "item_log_lik", "log_density"]


def evaluation_program(target: Target) -> Callable[..., tuple[Array, Array, Array]]:
    """The compiled program that looks at all items in a block of worlds.

    It takes the target's inputs, then coordinates and biases of `BLOCK` worlds, worlds last.
    """
    z, biases = (
        jax.ShapeDtypeStruct((rows, BLOCK), jnp.float32)  # type: ignore[no-untyped-call]
        for rows in (len(target.model.coordinates), len(target.likelihood.bias.names))
    )

    def program(inputs: TargetInputs, z: Array, biases: Array) -> tuple[Array, Array, Array]:
        return target.with_inputs(inputs).evaluate_items(z, biases)

    return compiled("evaluate_items", program, target.structure, (target.inputs, z, biases), (0, 0, 0))


def evaluate_items(
    target: Target, z: Float[np.ndarray, "world coordinate"], biases: Float[np.ndarray, "world bias"]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log-likelihood, chance of being wrong and prediction, `[world, item]` each."""
    if not target.ids:
        nothing = np.zeros((len(z), 0))
        return nothing, nothing, nothing
    program, inputs = evaluation_program(target), target.inputs

    def one(block: tuple[np.ndarray, int]) -> tuple[np.ndarray, ...]:
        rows, counting = block
        found = program(inputs, _worlds_last(z[rows]), _worlds_last(biases[rows]))
        return tuple(np.asarray(result).T[:counting].astype(np.float64) for result in found)

    parts = parallel_map(one, blocks(len(z)))
    log_likelihood, wrong, predicted = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return log_likelihood, wrong, predicted


def item_log_lik(
    target: Target, position: Float[np.ndarray, "moved world"]
) -> Float[np.ndarray, "item world"]:
    """Log-likelihood of every item at a sampler's positions; very low where it is not a number."""
    cut, worlds = len(target.active), position.shape[1]
    z = np.zeros((worlds, len(target.model.coordinates)), dtype=np.float32)
    z[:, target.active] = position[:cut].T
    biases = position[cut:].T
    program, inputs = evaluation_program(target), target.inputs
    parts = [
        np.asarray(program(inputs, _worlds_last(z[rows]), _worlds_last(biases[rows]))[0])
        for rows, _ in blocks(worlds)
    ]
    found = np.concatenate(parts, axis=1)[:, :worlds]
    return np.where(np.isfinite(found), found, np.float32(LOG_ZERO))


def log_density(
    target: Target, powers: Float[np.ndarray, " item"], position: Float[np.ndarray, "world moved"]
) -> Float[np.ndarray, " world"]:
    """Log of the posterior at some of a sampler's positions, up to a constant."""
    known = item_log_lik(target, position.T.astype(np.float32))
    found: Float[np.ndarray, " world"] = powers @ known - 0.5 * (position**2).sum(axis=1)
    return found


def _worlds_last(rows: np.ndarray) -> Array:
    return jnp.asarray(rows.T.astype(np.float32))

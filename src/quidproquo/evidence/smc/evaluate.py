"""What all items say of many worlds, worked out in blocks of one size by one compiled program."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.smc.target import LOG_ZERO, Target
from quidproquo.worlds.runtime import compiled_for, parallel_map
from quidproquo.worlds.streams import BLOCK, blocks

__all__ = ["blank", "compiled_item_evaluation", "evaluate_items", "item_log_lik", "log_density"]


@lru_cache(maxsize=8)
def compiled_item_evaluation(
    target: Target, given: bool = False
) -> Callable[..., tuple[Array, Array, Array]]:
    """The compiled program that looks at all items in a block of worlds; kept for the next call.

    With `given`, it takes the reports as a third argument.
    """
    z, biases = (
        jax.ShapeDtypeStruct((rows, BLOCK), jnp.float32)  # type: ignore[no-untyped-call]
        for rows in (len(target.model.coordinates), len(target.likelihood.bias.names))
    )
    if not given:
        return compiled_for(target.evaluate_items, z, biases)

    def program(z: Array, biases: Array, reports: ObservedInputs) -> tuple[Array, Array, Array]:
        return target.given(reports).evaluate_items(z, biases)

    return compiled_for(program, z, biases, blank(target))


def blank(target: Target) -> ObservedInputs:
    """Reports of nothing, of the right shape."""
    return ObservedInputs(*[jnp.zeros(len(target.ids), jnp.float32)] * len(ObservedInputs._fields))


def evaluate_items(
    target: Target,
    z: Float[np.ndarray, "world coordinate"],
    biases: Float[np.ndarray, "world bias"],
    reports: ObservedInputs | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log-likelihood, chance of being wrong and prediction, `[world, item]` each."""
    if not target.ids:
        nothing = np.zeros((len(z), 0))
        return nothing, nothing, nothing

    def one(block: tuple[np.ndarray, int]) -> tuple[np.ndarray, ...]:
        rows, counting = block
        found = _block(target, z[rows], biases[rows], reports)
        return tuple(np.asarray(result).T[:counting].astype(np.float64) for result in found)

    parts = parallel_map(one, blocks(len(z)))
    log_likelihood, wrong, predicted = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return log_likelihood, wrong, predicted


def item_log_lik(
    target: Target, position: Float[np.ndarray, "moved world"], reports: ObservedInputs | None = None
) -> Float[np.ndarray, "item world"]:
    """Log-likelihood of every item at a sampler's positions; very low where it is not a number."""
    cut, worlds = len(target.active), position.shape[1]
    z = np.zeros((worlds, len(target.model.coordinates)), dtype=np.float32)
    z[:, target.active] = position[:cut].T
    biases = position[cut:].T
    parts = [np.asarray(_block(target, z[rows], biases[rows], reports)[0]) for rows, _ in blocks(worlds)]
    found = np.concatenate(parts, axis=1)[:, :worlds]
    return np.where(np.isfinite(found), found, np.float32(LOG_ZERO))


def log_density(
    target: Target,
    powers: Float[np.ndarray, " item"],
    reports: ObservedInputs | None,
    position: Float[np.ndarray, "world moved"],
) -> Float[np.ndarray, " world"]:
    """Log of the posterior at some of a sampler's positions, up to a constant."""
    known = item_log_lik(target, position.T.astype(np.float32), reports)
    found: Float[np.ndarray, " world"] = powers @ known - 0.5 * (position**2).sum(axis=1)
    return found


def _block(
    target: Target, z: np.ndarray, biases: np.ndarray, reports: ObservedInputs | None
) -> tuple[Array, Array, Array]:
    program = compiled_item_evaluation(target, reports is not None)
    said = () if reports is None else (reports,)
    return program(jnp.asarray(z.T), jnp.asarray(biases.T, jnp.float32), *said)

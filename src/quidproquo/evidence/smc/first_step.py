"""The first step of an island: particles chosen among many draws from the prior.

It is taken from a crowd, so that a narrow place is entered by more than a few. The numbers are those of
NumPy: a step that is made once needs no compiled program.
"""

from __future__ import annotations

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key
from scipy import special

from quidproquo.evidence.smc.evaluate import item_log_lik
from quidproquo.evidence.smc.kernels import Cloud, stack_islands
from quidproquo.evidence.smc.resampling import resample
from quidproquo.evidence.smc.target import Target
from quidproquo.evidence.smc.tempering import State, at_start

__all__ = ["first_step", "prior_pool"]

_POOL = 32  # draws from the prior for each particle of an island


def prior_pool(
    rng: np.random.Generator, names: tuple[str, ...], count: int
) -> Float[np.ndarray, "moved drawn"]:
    """Draws from the prior of the coordinates of these names.

    Hypotheses are strata: each of their states has its share of the draws, to one draw, in every island.
    """
    drawn = rng.standard_normal((len(names), count), dtype=np.float32)
    for row, name in enumerate(names):
        if name.startswith("hypothesis."):
            inside = rng.uniform(1e-3, 1.0 - 1e-3, count)
            drawn[row] = special.ndtri((rng.permutation(count) + inside) / count)
    return drawn


def first_step(
    key: Key[Array, ""],
    target: Target,
    islands: Sequence[int],
    particles: int,
    powers: Float[np.ndarray, " item"],
) -> State:
    """Islands of these numbers, side by side, after their first step along the path from the prior.

    At the path's end items count with `powers`.
    """
    entered = [_entered(jax.random.fold_in(key, island), target, particles, powers) for island in islands]
    position = stack_islands([place for place, _, _ in entered])
    known = stack_islands([log_lik for _, log_lik, _ in entered])
    begin = at_start(
        Cloud(position, known, jnp.asarray(np.ones(position.shape[1], np.float32))), len(entered)
    )
    return begin._replace(power=jnp.asarray(np.array([power for *_, power in entered], np.float32)))


def _entered(
    key: Key[Array, ""], target: Target, particles: int, powers: Float[np.ndarray, " item"]
) -> tuple[Float[np.ndarray, "moved particle"], Float[np.ndarray, "item particle"], float]:
    """An island's first particles, what each item says of them, and how far along the path they are."""
    rng = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    drawn = prior_pool(rng, target.names, _POOL * particles)
    known = item_log_lik(target, drawn)
    # summed item by item: a product of matrices may depend on the number of threads
    value = (np.asarray(powers, dtype=np.float64)[:, None] * known).sum(axis=0)
    power = _power(value)
    index = resample(rng, special.softmax(power * value), particles)
    return drawn[:, index], known[:, index], power


def _power(value: Float[np.ndarray, " drawn"]) -> float:
    """The largest power, at most 1, whose weights keep one draw in so many effective, by bisection."""

    def enough(power: float) -> bool:
        weights = special.softmax(power * value)
        return bool(1.0 / np.sum(weights**2) >= len(value) / _POOL)

    if enough(1.0):
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if enough(middle) else (low, middle)
    # a step must be made even where the first weights are very uneven
    return max(low, 1e-6)

"""Tempered sequential Monte Carlo in a few islands, along a path between two posteriors.

The likelihood of item i counts with a power that goes from `start` to `end` as λ goes from 0 to 1;
each next λ is chosen so that the effective sample size falls to a set share (Jasra et al. 2011,
*Scand. J. Statistics* 38, 1–22); particles are resampled and moved (see `kernels`). From the prior all
powers go from 0 to 1, and λ is the usual β. Islands share no particles, so how their means differ is an
honest measure of error (Del Moral, Doucet & Jasra 2006, *JRSS B* 68, 411–436). Several of them stand side
by side (see `kernels.Cloud`), because larger arrays cost less a particle.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from quidproquo.evidence.smc.kernels import Cloud, sweeps
from quidproquo.evidence.smc.proposals import LearnedProposals
from quidproquo.evidence.smc.target import Target

__all__ = ["Path", "Plan", "Schedule", "State", "at_start", "temper"]


class Plan(NamedTuple):
    """What is moved: `particles` of each island, `islands` side by side."""

    target: Target
    islands: int
    particles: int
    resample: Callable[[Array, Array, int], Array]


class Path(NamedTuple):
    """The power of every item where each island's path starts and where it ends."""

    start: Float[Array, "item island"]
    end: Float[Array, "item island"]


class Schedule(NamedTuple):
    """How a path is gone: arguments of one program, so that no other numbers need another.

    `sweeps` are made after each step in λ, and `final` at the end. `keep` is the share of particles that
    stay effective in a step, of which there are at most `most_steps`: with none, particles are moved where
    they are.
    """

    sweeps: Int[Array, ""]
    final: Int[Array, ""]
    keep: Float[Array, ""]
    most_steps: Int[Array, ""]

    @staticmethod
    def of(sweeps: int, final: int, keep: float = 0.5, most_steps: int = 0) -> Schedule:
        """A schedule of plain numbers."""
        # NumPy's own numbers: making them in JAX would compile a small program for each
        numbers = np.int32(sweeps), np.int32(final), np.float32(keep), np.int32(most_steps)
        return Schedule(*map(jnp.asarray, numbers))


class State(NamedTuple):
    """Islands side by side: their particles, λ, the steps in λ so far, and whether the last sweeps are done."""

    cloud: Cloud
    power: Float[Array, " island"]
    rounds: Int[Array, " island"]
    settled: Array


def at_start(cloud: Cloud, islands: int) -> State:
    """Islands at λ = 0."""
    power, rounds = (jnp.asarray(np.zeros(islands, kind)) for kind in (np.float32, np.int32))
    return State(cloud, power, rounds, jnp.asarray(np.bool_(False)))


def temper(
    plan: Plan, key: Array, state: State, path: Path, schedule: Schedule, proposals: LearnedProposals
) -> State:
    """Take islands from where they stand on their paths to the ends, or as far as the steps reach."""
    _, _, go = jax.random.split(key, 3)
    how = schedule, proposals
    done: State = jax.lax.while_loop(
        lambda state: ~state.settled, partial(_round, plan, go, path, how), state
    )
    return done


def _round(plan: Plan, key: Array, path: Path, how: tuple[Schedule, LearnedProposals], state: State) -> State:
    """Raise λ as far as the share of effective particles allows, resample, and move.

    Once λ is 1 all weights are level, resampling keeps every particle, and the last moves are made.
    """
    schedule, proposals = how
    pick, go = jax.random.split(jax.random.fold_in(key, jnp.sum(state.rounds)))
    cloud, islands = state.cloud, plan.islands
    rises = (state.power < 1.0) & (jnp.max(state.rounds) < schedule.most_steps)
    # one row an island: particle p of island i is in column p·islands + i
    of_islands = cloud.item_log_lik.reshape(-1, plan.particles, islands)
    value = jnp.sum((path.end - path.start)[:, None] * of_islands, axis=0).T
    further = jax.vmap(partial(_next_power, keep=schedule.keep))(value, state.power)
    power = jnp.where(rises, further, state.power)
    weights = jax.nn.softmax((power - state.power)[:, None] * value, axis=1)
    chosen = jax.vmap(lambda k, w: plan.resample(k, w, plan.particles))(
        jax.random.split(pick, islands), weights
    )
    index = (chosen * islands + jnp.arange(islands)[:, None]).T.reshape(-1)
    fitter = Cloud(cloud.position[:, index], cloud.item_log_lik[:, index], cloud.acceptance)
    rising = jnp.any(rises)
    count = jnp.where(rising, schedule.sweeps, schedule.final)
    powers = path.start + power * (path.end - path.start)
    moved = sweeps(go, plan.target, count, powers, fitter, proposals)
    return State(moved, power, state.rounds + rises, ~rising)


def _next_power(log_likelihood: Array, power: Array, keep: Array) -> Array:
    """The largest power whose weights keep the share `keep` of particles effective, by bisection."""

    def share(to: Array) -> Array:
        weights = jax.nn.softmax((to - power) * log_likelihood)
        return 1.0 / jnp.sum(weights**2) / len(weights)

    def halve(_i: Array, ends: tuple[Array, Array]) -> tuple[Array, Array]:
        low, high = ends
        middle = 0.5 * (low + high)
        good = share(middle) >= keep
        return jnp.where(good, middle, low), jnp.where(good, high, middle)

    one = jnp.float32(1.0)
    low, _ = jax.lax.fori_loop(0, 30, halve, (power, one))
    # a step must be made even where the first weights are very uneven
    low = jnp.maximum(low, power + 1e-6)
    return jnp.where(share(one) >= keep, one, jnp.minimum(low, one))

"""Tempered sequential Monte Carlo in a few islands, along a path between two posteriors.

The likelihood of item i counts with a power that goes from `start` to `end` as λ goes from 0 to 1;
each next λ is chosen so that the effective sample size falls to a set share (Jasra et al. 2011,
*Scand. J. Statistics* 38, 1–22); particles are resampled and moved (see `moves`). From the prior all
powers go from 0 to 1, and λ is the usual β. Islands share no particles, so the spread between them is
an honest measure of error (Del Moral, Doucet & Jasra 2006, *JRSS B* 68, 411–436). A few of them lie side
by side (see `moves.Cloud`), because larger arrays are cheaper a particle; an island that has arrived
before its neighbours is moved on at the path's end.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import jax.scipy.special as jspecial
from jaxtyping import Array, Float, Int

from quidproquo.evidence.smc.kernels import Cloud, sweeps
from quidproquo.evidence.smc.proposals import LearnedProposals
from quidproquo.evidence.smc.target import Target
from quidproquo.worlds import streams

__all__ = ["Path", "Plan", "State", "SweepCounts", "at_start", "first_step", "prior_pool", "temper"]

_POOL = 32  # draws from the prior for each particle of an island


class Plan(NamedTuple):
    """What all islands share: `particles` of each, `islands` side by side.

    `keep` is the share of effective particles after a step in λ.
    """

    target: Target
    islands: int
    particles: int
    keep: float
    most_steps: int
    resample: Callable[[Array, Array, int], Array]


class Path(NamedTuple):
    """The power of every item where a path starts and where it ends."""

    start: Float[Array, " item"]
    end: Float[Array, " item"]


class SweepCounts(NamedTuple):
    """Sweeps after each step in λ, and at the end of the path."""

    sweeps: Int[Array, ""]
    final: Int[Array, ""]


class State(NamedTuple):
    """Islands side by side: their particles, λ, the steps in λ so far, and whether the last sweeps are done."""

    cloud: Cloud
    power: Float[Array, " island"]
    rounds: Int[Array, " island"]
    settled: Array


def at_start(cloud: Cloud, islands: int) -> State:
    """Islands at λ = 0."""
    nothing = jnp.zeros(islands)
    return State(cloud, nothing, nothing.astype(jnp.int32), jnp.bool_(False))


def prior_pool(plan: Plan, key: Array) -> Float[Array, "moved drawn"]:
    """Many draws from the prior, among which an island's particles are chosen.

    Hypotheses are strata: each of their states has its share of the draws, to one draw, in every island.
    """
    draw, _, _ = jax.random.split(key, 3)
    names, count = plan.target.names, _POOL * plan.particles
    drawn = jax.random.normal(draw, (len(names), count), jnp.float32)
    for row, name in enumerate(names):
        if name.startswith("hypothesis."):
            own = streams.strata(streams.named_key(draw, name), (count,), jnp.float32)
            drawn = drawn.at[row].set(jspecial.ndtri(own))
    return drawn


def first_step(
    plan: Plan,
    key: Array,
    prior_pool: Float[Array, "moved drawn"],
    item_log_lik: Float[Array, "item drawn"],
    path: Path,
) -> State:
    """Make the first step along the path, of one island.

    It is taken from a crowd, so that a narrow place is entered by more than a few.
    """
    _, pick, _ = jax.random.split(key, 3)
    value = (path.end - path.start) @ item_log_lik
    power = _next_power(value, jnp.float32(0.0), 1.0 / _POOL)
    index = plan.resample(pick, jax.nn.softmax(power * value), plan.particles)
    cloud = Cloud(prior_pool[:, index], item_log_lik[:, index], jnp.ones(plan.particles))
    return at_start(cloud, 1)._replace(power=power[None])


def temper(
    plan: Plan, key: Array, state: State, path: Path, counts: SweepCounts, proposals: LearnedProposals
) -> State:
    """Take islands from where they stand on the path to the path's end."""
    _, _, go = jax.random.split(key, 3)

    def unfinished(state: State) -> Array:
        return ~state.settled & (jnp.max(state.rounds) < plan.most_steps)

    done: State = jax.lax.while_loop(unfinished, partial(_round, plan, go, path, (counts, proposals)), state)
    return done


def _round(
    plan: Plan, key: Array, path: Path, how: tuple[SweepCounts, LearnedProposals], state: State
) -> State:
    """Raise λ as far as the share of effective particles allows, resample, and move.

    Once λ is 1 all weights are level, resampling keeps every particle, and the last moves are made.
    """
    pick, go = jax.random.split(jax.random.fold_in(key, jnp.sum(state.rounds)))
    cloud, climbs = state.cloud, state.power < 1.0
    # one row an island: particle p of island i is in column p·islands + i
    value = ((path.end - path.start) @ cloud.item_log_lik).reshape(plan.particles, plan.islands).T
    power = jax.vmap(partial(_next_power, keep=plan.keep))(value, state.power)
    weights = jax.nn.softmax((power - state.power)[:, None] * value, axis=1)
    chosen = jax.vmap(lambda k, w: plan.resample(k, w, plan.particles))(
        jax.random.split(pick, plan.islands), weights
    )
    index = (chosen * plan.islands + jnp.arange(plan.islands)[:, None]).T.reshape(-1)
    fitter = Cloud(cloud.position[:, index], cloud.item_log_lik[:, index], cloud.acceptance)
    counts, proposals = how
    climbing = jnp.any(climbs)
    count = jnp.where(climbing, counts.sweeps, counts.final)
    powers = path.start[:, None] + power * (path.end - path.start)[:, None]
    moved = sweeps(go, plan.target, count, powers, fitter, proposals)
    return State(moved, power, state.rounds + climbs, ~climbing)


def _next_power(log_likelihood: Array, power: Array, keep: float) -> Array:
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

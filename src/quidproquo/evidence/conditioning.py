"""Conditioning the worlds on the claims: tempered sequential Monte Carlo in independent islands.

Each island starts from the prior and raises the power β of the likelihood from 0 to 1, with the
next β chosen so that the effective sample size falls to a set share (Jasra et al. 2011, *Scand. J.
Statistics* 38, 1–22); particles are resampled and moved (see `moves`). Islands share nothing, so the
spread between them is an honest measure of error (Del Moral, Doucet & Jasra 2006, *JRSS B* 68,
411–436).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key

from quidproquo.evidence.moves import Cloud, sweeps
from quidproquo.evidence.target import Target
from quidproquo.terms.errors import EvidenceError, sentence
from quidproquo.worlds import streams
from quidproquo.worlds.runtime import compiled_for, spread

__all__ = ["ISLANDS", "Conditioned", "Settings", "condition"]

ISLANDS = 16
_LEAST_PARTICLES = 64
_CROWD = 32  # draws from the prior for each particle of an island


@dataclass(frozen=True)
class Settings:
    """How the sampler runs.

    `keep` is the share of effective particles after a step in β; `sweeps` are made after each of
    these steps, and `final_sweeps` at β = 1.
    """

    islands: int = ISLANDS
    keep: float = 0.5
    sweeps: int = 8
    final_sweeps: int = 12
    most_temperatures: int = 80


@dataclass(frozen=True)
class Conditioned:
    """Worlds of all islands, equally weighted, one island after another.

    `acceptance` and `temperatures` (steps in β) are per island.
    """

    z: Float[np.ndarray, "world coordinate"]
    biases: Float[np.ndarray, "world bias"]
    island: Int[np.ndarray, " world"]
    acceptance: Float[np.ndarray, " island"]
    temperatures: Int[np.ndarray, " island"]


class _Plan(NamedTuple):
    """What all islands share."""

    target: Target
    settings: Settings
    particles: int
    resample: Callable[[Array, Array, int], Array]


class _State(NamedTuple):
    """An island: its particles, β, the steps in β so far, and whether the last sweeps are done."""

    cloud: Cloud
    power: Array
    rounds: Array
    settled: Array


def condition(
    key: Key[Array, ""],
    target: Target,
    worlds: int,
    settings: Settings | None = None,
    done: Callable[[int], None] | None = None,
) -> Conditioned:
    """Draw worlds from the posterior.

    Raises:
        EvidenceError: if there are too few worlds for the islands, or no world fits the claims.
    """
    chosen = settings or Settings()
    particles = worlds // chosen.islands
    if particles < _LEAST_PARTICLES:
        raise EvidenceError(
            sentence(
                "the run",
                "worlds",
                worlds,
                f"at least {_LEAST_PARTICLES * chosen.islands}",
                "ask for more with --worlds",
            )
        )
    # imported late: it starts JAX, which must have been set up by then (`runtime.prepare`)
    from blackjax.smc import resampling

    # compiled before the threads start, so that it is done once
    plan = _Plan(target, chosen, particles, resampling.systematic)
    program = compiled_for(partial(_island, plan), key)

    def one(island: int) -> _State:
        state: _State = jax.device_get(program(jax.random.fold_in(key, island)))
        return state

    states = spread(one, list(range(chosen.islands)), done)
    short = [i for i, state in enumerate(states) if not state.power >= 1.0]
    if short:
        raise EvidenceError(
            sentence(
                "conditioning",
                "islands that reached full evidence",
                chosen.islands - len(short),
                f"all {chosen.islands}",
                "look for claims that no world can fit with 'qpq check'",
            )
        )
    position = np.concatenate([state.cloud.position.T for state in states])
    cut = len(target.active)
    # what no claim bears on keeps its prior
    z = np.array(streams.normals(key, target.model.coordinates, len(position)))
    z[:, target.active] = position[:, :cut]
    return Conditioned(
        z=z,
        biases=position[:, cut:],
        island=np.repeat(np.arange(chosen.islands), particles),
        acceptance=np.array([float(state.cloud.acceptance) for state in states]),
        temperatures=np.array([int(state.rounds) for state in states]),
    )


def _island(plan: _Plan, key: Array) -> _State:
    """One island from the prior to the posterior."""
    target, settings, particles, resample = plan
    draw, pick, go = jax.random.split(key, 3)
    crowd = jax.random.normal(draw, (len(target.names), _CROWD * particles), jnp.float32)
    terms = target.terms(crowd)
    value = jnp.sum(terms, axis=0)
    # the first step is taken from a crowd, so that a narrow place is entered by more than a few
    power = _next_power(value, jnp.float32(0.0), 1.0 / _CROWD)
    index = resample(pick, jax.nn.softmax(power * value), particles)
    cloud = Cloud(crowd[:, index], terms[:, index], jnp.ones(()))
    start = _State(cloud, power, jnp.int32(0), jnp.bool_(False))

    def unfinished(state: _State) -> Array:
        return ~state.settled & (state.rounds < settings.most_temperatures)

    done: _State = jax.lax.while_loop(unfinished, partial(_round, plan, go), start)
    return done


def _round(plan: _Plan, key: Array, state: _State) -> _State:
    """Raise β as far as the share of effective particles allows, resample, and move.

    Once β is 1 all weights are level, resampling keeps every particle, and the last moves are made.
    """
    target, settings, particles, resample = plan
    pick, go = jax.random.split(jax.random.fold_in(key, state.rounds))
    cloud, climbs = state.cloud, state.power < 1.0
    value = jnp.sum(cloud.terms, axis=0)
    power = _next_power(value, state.power, settings.keep)
    index = resample(pick, jax.nn.softmax((power - state.power) * value), particles)
    fitter = Cloud(cloud.position[:, index], cloud.terms[:, index], cloud.acceptance)
    count = jnp.where(climbs, settings.sweeps, settings.final_sweeps)
    moved = sweeps(go, target, count, power, fitter)
    return _State(moved, power, state.rounds + climbs, ~climbs)


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

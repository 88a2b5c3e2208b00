"""Compiled programs that islands climb by, from the prior or from another posterior."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from quidproquo.evidence.observation.likelihood import Reports
from quidproquo.evidence.smc import tempering
from quidproquo.evidence.smc.evaluate import blank, compiled_items, terms
from quidproquo.evidence.smc.kernels import Cloud, sweeps
from quidproquo.evidence.smc.proposals import Routes, no_routes
from quidproquo.evidence.smc.target import Target
from quidproquo.evidence.smc.tempering import Effort, Path, State
from quidproquo.worlds.runtime import compiled_for

__all__ = ["Pace", "climber", "entrance", "mover", "straight"]


class Pace(NamedTuple):
    """What a compiled program depends on of the settings."""

    keep: float
    most_steps: int


def _plan(target: Target, shape: tuple[int, int], pace: Pace) -> tempering.Plan:
    # imported late: it starts JAX, which must have been set up by then (`runtime.prepare`)
    from blackjax.smc import resampling

    return tempering.Plan(target, *shape, pace.keep, pace.most_steps, resampling.systematic)


@lru_cache(maxsize=4)
def entrance(
    target: Target, particles: int, pace: Pace, given: bool
) -> Callable[[Array, Path, Reports | None], State]:
    """Draws an island from the prior and takes its first step."""
    plan, key = _plan(target, (1, particles), pace), jax.random.key(0)
    compiled_items(target, given)
    draw = compiled_for(partial(tempering.crowd, plan), key)
    drawn = draw(key)
    known = jnp.zeros((len(target.ids), drawn.shape[1]), jnp.float32)
    choose = compiled_for(partial(tempering.enter, plan), key, drawn, known, straight(target))

    def enter(key: Array, path: Path, reports: Reports | None) -> State:
        drawn = draw(key)
        state: State = choose(key, drawn, jnp.asarray(terms(target, np.asarray(drawn), reports)), path)
        return state

    return enter


def straight(target: Target) -> Path:
    """The path from the prior to the posterior."""
    return Path(jnp.zeros(len(target.ids)), jnp.ones(len(target.ids)))


@lru_cache(maxsize=4)
def climber(target: Target, shape: tuple[int, int], pace: Pace, given: bool) -> Callable[..., State]:
    """The compiled program that takes islands along a path; with `given`, reports come last.

    `shape` says how many islands lie side by side, and the particles of each.
    """
    rows, columns = (len(target.names), len(target.ids)), shape[0] * shape[1]
    places, known = (jnp.zeros((count, columns), jnp.float32) for count in rows)
    cloud = Cloud(places, known, jnp.ones(columns))
    effort = Effort(jnp.int32(1), jnp.int32(1))
    plan, start = _plan(target, shape, pace), tempering.at_start(cloud, shape[0])
    arguments = jax.random.key(0), start, straight(target), effort, no_routes(len(target.names))
    if not given:
        return compiled_for(partial(tempering.climb, plan), *arguments)

    def program(
        key: Array, state: State, path: Path, effort: Effort, routes: Routes, reports: Reports
    ) -> State:
        return tempering.climb(plan._replace(target=target.given(reports)), key, state, path, effort, routes)

    return compiled_for(program, *arguments, blank(target))


@lru_cache(maxsize=4)
def mover(target: Target, shape: tuple[int, int]) -> Callable[[Array, Array, Array, Cloud, Routes], Cloud]:
    """The compiled program that moves islands side by side where they are, so many sweeps long."""
    rows, columns = (len(target.names), len(target.ids)), shape[0] * shape[1]
    places, known = (jnp.zeros((count, columns), jnp.float32) for count in rows)
    cloud, powers = Cloud(places, known, jnp.ones(columns)), jnp.ones((rows[1], shape[0]))

    def program(key: Array, count: Array, powers: Array, cloud: Cloud, routes: Routes) -> Cloud:
        return sweeps(key, target, count, powers, cloud, routes)

    return compiled_for(program, jax.random.key(0), jnp.int32(1), powers, cloud, no_routes(rows[0]))

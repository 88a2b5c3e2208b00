"""Compiled programs that islands climb by, from the prior or from another posterior."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.smc import resampling, tempering
from quidproquo.evidence.smc.evaluate import blank, compiled_item_evaluation, item_log_lik
from quidproquo.evidence.smc.kernels import Cloud, sweeps
from quidproquo.evidence.smc.proposals import LearnedProposals, no_proposals
from quidproquo.evidence.smc.target import Target
from quidproquo.evidence.smc.tempering import Path, State, SweepCounts
from quidproquo.worlds.runtime import compiled_for

__all__ = ["CompileOptions", "first_step_program", "move_program", "prior_to_posterior", "temper_program"]


class CompileOptions(NamedTuple):
    """What a compiled program depends on of the settings."""

    keep: float
    most_steps: int


def _plan(target: Target, shape: tuple[int, int], options: CompileOptions) -> tempering.Plan:
    return tempering.Plan(target, *shape, options.keep, options.most_steps, resampling.systematic)


@lru_cache(maxsize=4)
def first_step_program(
    target: Target, particles: int, options: CompileOptions, given: bool
) -> Callable[[Array, Path, ObservedInputs | None], State]:
    """Draws an island from the prior and takes its first step."""
    plan, key = _plan(target, (1, particles), options), jax.random.key(0)
    compiled_item_evaluation(target, given)
    draw = compiled_for(partial(tempering.prior_pool, plan), key)
    drawn = draw(key)
    known = jnp.zeros((len(target.ids), drawn.shape[1]), jnp.float32)
    choose = compiled_for(partial(tempering.first_step, plan), key, drawn, known, prior_to_posterior(target))

    def first_step(key: Array, path: Path, reports: ObservedInputs | None) -> State:
        drawn = draw(key)
        state: State = choose(key, drawn, jnp.asarray(item_log_lik(target, np.asarray(drawn), reports)), path)
        return state

    return first_step


def prior_to_posterior(target: Target) -> Path:
    """The path from the prior to the posterior."""
    return Path(jnp.zeros(len(target.ids)), jnp.ones(len(target.ids)))


@lru_cache(maxsize=4)
def temper_program(
    target: Target, shape: tuple[int, int], options: CompileOptions, given: bool
) -> Callable[..., State]:
    """The compiled program that takes islands along a path; with `given`, reports come last.

    `shape` says how many islands lie side by side, and the particles of each.
    """
    rows, columns = (len(target.names), len(target.ids)), shape[0] * shape[1]
    places, known = (jnp.zeros((count, columns), jnp.float32) for count in rows)
    cloud = Cloud(places, known, jnp.ones(columns))
    counts = SweepCounts(jnp.int32(1), jnp.int32(1))
    plan, start = _plan(target, shape, options), tempering.at_start(cloud, shape[0])
    arguments = jax.random.key(0), start, prior_to_posterior(target), counts, no_proposals(len(target.names))
    if not given:
        return compiled_for(partial(tempering.temper, plan), *arguments)

    def program(
        key: Array,
        state: State,
        path: Path,
        counts: SweepCounts,
        proposals: LearnedProposals,
        reports: ObservedInputs,
    ) -> State:
        return tempering.temper(
            plan._replace(target=target.given(reports)), key, state, path, counts, proposals
        )

    return compiled_for(program, *arguments, blank(target))


@lru_cache(maxsize=4)
def move_program(
    target: Target, shape: tuple[int, int]
) -> Callable[[Array, Array, Array, Cloud, LearnedProposals], Cloud]:
    """The compiled program that moves islands side by side where they are, so many sweeps long."""
    rows, columns = (len(target.names), len(target.ids)), shape[0] * shape[1]
    places, known = (jnp.zeros((count, columns), jnp.float32) for count in rows)
    cloud, powers = Cloud(places, known, jnp.ones(columns)), jnp.ones((rows[1], shape[0]))

    def program(key: Array, count: Array, powers: Array, cloud: Cloud, proposals: LearnedProposals) -> Cloud:
        return sweeps(key, target, count, powers, cloud, proposals)

    return compiled_for(program, jax.random.key(0), jnp.int32(1), powers, cloud, no_proposals(rows[0]))

"""Conditioning that leaves nothing to the last moves: a check of `condition`, at several times its cost.

At every temperature particles are moved until their order in no coordinate is what it was. The first
moves are those that `condition` makes; then glides and leaps are learnt from them, anew at each temperature
(see `routes`), and moves go on with these, for twice as long each time, until the rank correlation of every
coordinate with its place at the beginning is small. At the path's end the same is done for each time that
particles become worlds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from quidproquo.evidence.smc.compiled import Pace, climber, entrance, mover, straight
from quidproquo.evidence.smc.evaluate import log_density
from quidproquo.evidence.smc.islands import (
    Conditioned,
    abreast,
    all_arrived,
    forgotten,
    gathered,
    joined,
    particles_of,
    places,
)
from quidproquo.evidence.smc.kernels import Cloud
from quidproquo.evidence.smc.proposals import Routes, learnt, no_routes
from quidproquo.evidence.smc.sample import Settings, settings_for
from quidproquo.evidence.smc.target import Target
from quidproquo.evidence.smc.tempering import Effort, State
from quidproquo.worlds.runtime import spread

__all__ = ["condition_thoroughly"]

_FIRST, _MOST = 8, 512  # sweeps with routes at a temperature: at first, and at most in all


def condition_thoroughly(
    key: Key[Array, ""],
    target: Target,
    worlds: int,
    settings: Settings | None = None,
    done: Callable[[int], None] | None = None,
) -> Conditioned:
    """Draw worlds from the posterior, moved at every temperature until their order is forgotten.

    `left` of what is returned is the largest rank correlation that was left at any temperature. Of the
    settings, `islands`, `keep`, `sweeps`, `kept`, `left` and `most_steps` count. `done` is told of every
    temperature.

    Raises:
        EvidenceError: if there are too few worlds for the islands, or no world fits the claims.
    """
    chosen = settings or settings_for(worlds)
    climb = _climb(target, particles_of(worlds, chosen.islands, chosen.kept), chosen)
    states, steps, left = climb.entered(key), 0, 0.0
    while True:
        own, steps = jax.random.fold_in(key, chosen.islands + steps), steps + 1
        states, routes, order = climb.forgotten(own, states, None)
        left = max(left, order)
        if done is not None:
            done(1)
        if steps == chosen.most_steps or all((state.power >= 1.0).all() for state in states):
            break
        states = climb.raised(own, states)
    all_arrived(states)
    passed = [states]
    for time in range(1, chosen.kept):
        own = jax.random.fold_in(key, chosen.islands + chosen.most_steps + time)
        states, _, order = climb.forgotten(own, states, routes)
        passed, left = [*passed, states], max(left, order)
    found = gathered(key, target, list(zip(*passed, strict=True)), routes)
    return replace(found, left=left, temperatures=np.full(chosen.islands, steps), thorough=True)


@dataclass(frozen=True)
class _Climb:
    """What all groups of `beside` islands share."""

    target: Target
    settings: Settings
    beside: int
    enter: Callable[..., State]
    rise: Callable[..., State]
    move: Callable[..., Cloud]

    def entered(self, key: Array) -> list[State]:
        """Groups at the first temperature: fresh draws from the prior, chosen among many."""
        path = straight(self.target)

        def one(island: int) -> State:
            state: State = jax.device_get(self.enter(jax.random.fold_in(key, island), path, None))
            return state

        islands = spread(one, list(range(self.settings.islands)))
        return [joined(islands[at : at + self.beside]) for at in range(0, len(islands), self.beside)]

    def raised(self, key: Array, states: list[State]) -> list[State]:
        """Groups at the next temperature, nothing moved; those at the path's end stay as they are."""
        still, none = Effort(jnp.int32(0), jnp.int32(0)), no_routes(len(self.target.names))
        path, begun = straight(self.target), jnp.zeros(self.beside, jnp.int32)

        def one(group: tuple[int, State]) -> State:
            own, begin = jax.random.fold_in(key, group[0]), group[1]._replace(rounds=begun)
            state: State = jax.device_get(self.rise(own, begin, path, still, none))
            return state

        return spread(one, list(enumerate(states)))

    def forgotten(
        self, key: Array, states: list[State], routes: Routes | None
    ) -> tuple[list[State], Routes, float]:
        """Groups moved until no order is left, by which routes, and what is left of it.

        Without routes they are learnt from the first moves.
        """
        begun = places(states)
        if routes is None:
            none = no_routes(len(self.target.names))
            states = self._moved(jax.random.fold_in(key, 0), states, (self.settings.sweeps, none))
            routes = self._learnt(begun, states)
        made, order, enough = 0, 1.0, False
        while made < _MOST and not enough:
            count = max(made, _FIRST)
            states = self._moved(jax.random.fold_in(key, made + 1), states, (count, routes))
            made, (order, enough) = made + count, forgotten(begun, places(states), self.settings.left)
        return states, routes, order

    def _learnt(self, begun: Float[np.ndarray, "island particle moved"], states: list[State]) -> Routes:
        # islands stand at temperatures of their own, though close to one another
        powers = np.full(len(self.target.ids), np.mean([np.mean(state.power) for state in states]))
        density = partial(log_density, self.target, powers, None)
        return learnt(begun, places(states), self.target.blocks.owner, density)

    def _moved(self, key: Array, states: list[State], how: tuple[int, Routes]) -> list[State]:
        count, routes = how

        def one(group: tuple[int, State]) -> State:
            state = group[1]
            powers = jnp.ones((len(self.target.ids), 1)) * state.power
            own = jax.random.fold_in(key, group[0])
            cloud = jax.device_get(self.move(own, jnp.int32(count), powers, state.cloud, routes))
            return state._replace(cloud=cloud)

        return spread(one, list(enumerate(states)))


def _climb(target: Target, particles: int, settings: Settings) -> _Climb:
    beside = abreast(settings.islands, particles)
    one = Pace(settings.keep, 1)
    return _Climb(
        target,
        settings,
        beside,
        entrance(target, particles, one, False),
        climber(target, (beside, particles), one, False),
        mover(target, (beside, particles)),
    )

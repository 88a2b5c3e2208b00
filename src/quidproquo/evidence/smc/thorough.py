"""Conditioning that leaves nothing to the last moves: a check of `condition`, at several times its cost.

At every temperature particles are moved until their order in no coordinate is what it was. The first
moves are those that `condition` makes; then proposals are fitted to them, again at each temperature (see
`proposals`), and moves go on with these, for twice as long each time, until the rank correlation of every
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

from quidproquo.evidence.smc.compiled import path_between, temper_program
from quidproquo.evidence.smc.evaluate import log_density
from quidproquo.evidence.smc.first_step import first_step
from quidproquo.evidence.smc.islands import (
    Layout,
    PosteriorDraws,
    all_arrived,
    collect_draws,
    islands_per_batch,
    mixing_check,
    places,
)
from quidproquo.evidence.smc.proposals import LearnedProposals, fit_proposals, no_proposals
from quidproquo.evidence.smc.sample import Settings
from quidproquo.evidence.smc.target import Target
from quidproquo.evidence.smc.tempering import Path, Schedule, State
from quidproquo.worlds.runtime import parallel_map

__all__ = ["condition_thoroughly"]

_FIRST, _MOST = 8, 512  # sweeps with fitted proposals at a temperature: at first, and at most in all


def condition_thoroughly(
    key: Key[Array, ""],
    target: Target,
    worlds: int,
    settings: Settings | None = None,
    done: Callable[[int], None] | None = None,
) -> PosteriorDraws:
    """Draw worlds from the posterior, moved at every temperature until their order is forgotten.

    `max_rank_correlation` of what is returned is the largest that remained at any temperature. Of the
    settings, `islands`, `particles`, `keep`, `sweeps`, `max_rank_correlation` and `most_steps` count.
    `done` is called at every temperature.

    Raises:
        EvidenceError: if there are too few worlds for the islands, or no world fits the claims.
    """
    chosen = settings or Settings()
    layout = chosen.layout(worlds)
    temper = _tempering(target, layout, chosen)
    states, steps, max_rank_correlation = temper.entered(key), 0, 0.0
    while True:
        own, steps = jax.random.fold_in(key, layout.islands + steps), steps + 1
        states, proposals, order = temper.mixing_check(own, states, None)
        max_rank_correlation = max(max_rank_correlation, order)
        if done is not None:
            done(1)
        if steps == chosen.most_steps or all((state.power >= 1.0).all() for state in states):
            break
        states = temper.raised(own, states)
    all_arrived(states)
    passed = [states]
    for time in range(1, layout.kept):
        own = jax.random.fold_in(key, layout.islands + chosen.most_steps + time)
        states, _, order = temper.mixing_check(own, states, proposals)
        passed, max_rank_correlation = [*passed, states], max(max_rank_correlation, order)
    found = collect_draws(key, target, list(zip(*passed, strict=True)), worlds, proposals)
    return replace(
        found,
        max_rank_correlation=max_rank_correlation,
        temperatures=np.full(layout.islands, steps),
        thorough=True,
    )


@dataclass(frozen=True)
class _Tempering:
    """What all groups of `per_batch` islands share."""

    target: Target
    settings: Settings
    layout: Layout
    per_batch: int
    path: Path
    program: Callable[..., State]

    def entered(self, key: Array) -> list[State]:
        """Groups at the first temperature: fresh draws from the prior, chosen among many."""
        powers = np.ones(len(self.target.ids))

        def one(group: int) -> State:
            own = range(group * self.per_batch, (group + 1) * self.per_batch)
            return first_step(key, self.target, own, self.layout.particles, powers)

        return parallel_map(one, list(range(self.layout.islands // self.per_batch)))

    def raised(self, key: Array, states: list[State]) -> list[State]:
        """Groups at the next temperature, nothing moved; those at the path's end stay as they are."""
        step, none = Schedule.of(0, 0, self.settings.keep, 1), no_proposals(len(self.target.names))
        return self._tempered(key, states, step, none)

    def mixing_check(
        self, key: Array, states: list[State], proposals: LearnedProposals | None
    ) -> tuple[list[State], LearnedProposals, float]:
        """Groups moved until no order remains, by which proposals, and what remains of it.

        Where there are no proposals, they are fitted to the first moves.
        """
        begun = places(states)
        if proposals is None:
            none = no_proposals(len(self.target.names))
            states = self._moved(jax.random.fold_in(key, 0), states, (self.settings.sweeps, none))
            proposals = self._fitted(begun, states)
        made, order, enough = 0, 1.0, False
        while made < _MOST and not enough:
            count = max(made, _FIRST)
            states = self._moved(jax.random.fold_in(key, made + 1), states, (count, proposals))
            made, (order, enough) = (
                made + count,
                mixing_check(begun, places(states), self.settings.max_rank_correlation),
            )
        return states, proposals, order

    def _fitted(
        self, begun: Float[np.ndarray, "island particle moved"], states: list[State]
    ) -> LearnedProposals:
        # islands stand at temperatures of their own, though close to one another
        powers = np.full(len(self.target.ids), np.mean([np.mean(state.power) for state in states]))
        density = partial(log_density, self.target, powers)
        return fit_proposals(begun, places(states), self.target.blocks.owner, density)

    def _moved(self, key: Array, states: list[State], how: tuple[int, LearnedProposals]) -> list[State]:
        count, proposals = how
        return self._tempered(key, states, Schedule.of(0, count), proposals)

    def _tempered(
        self, key: Array, states: list[State], schedule: Schedule, proposals: LearnedProposals
    ) -> list[State]:
        inputs, none = self.target.inputs, jnp.zeros(self.per_batch, jnp.int32)

        def one(group: tuple[int, State]) -> State:
            own, begin = jax.random.fold_in(key, group[0]), group[1]
            begin = begin._replace(rounds=none, settled=jnp.bool_(False))
            state: State = jax.device_get(self.program(inputs, own, begin, self.path, schedule, proposals))
            return state

        return parallel_map(one, list(enumerate(states)))


def _tempering(target: Target, layout: Layout, settings: Settings) -> _Tempering:
    per_batch = islands_per_batch(layout.islands, layout.particles)
    program = temper_program(target, (per_batch, layout.particles))
    path = path_between(np.zeros(len(target.ids)), np.ones(len(target.ids)), per_batch)
    return _Tempering(target, settings, layout, per_batch, path, program)

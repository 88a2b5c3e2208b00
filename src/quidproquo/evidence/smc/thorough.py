"""Conditioning that leaves nothing to the last moves: a check of `condition`, at several times its cost.

At every temperature particles are moved until their order in no coordinate is what it was. The first
moves are those that `condition` makes; then proposals are fitted to them, again at each temperature (see
`proposals`), and moves go on with these, for twice as long each time, until the rank correlation of every
coordinate with its place at the beginning is small. At the path's end the same is done for each time that
particles become worlds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from jaxtyping import Array, Float, Key

from quidproquo.evidence.smc.batches import Batches, batches
from quidproquo.evidence.smc.evaluate import log_density
from quidproquo.evidence.smc.islands import (
    PosteriorDraws,
    all_arrived,
    collect_draws,
    mixing_check,
    places,
)
from quidproquo.evidence.smc.proposals import LearnedProposals, fit_proposals
from quidproquo.evidence.smc.sample import Settings
from quidproquo.evidence.smc.target import Target
from quidproquo.evidence.smc.tempering import State

__all__ = ["condition_thoroughly"]

_FIRST, _MOST = 16, 1024  # sweeps with fitted proposals at a temperature: at first, and at most in all
_MAX_RANK_CORRELATION = 0.1
_NUMBERS = 64  # of steps at one temperature, at most


def condition_thoroughly(
    key: Key[Array, ""],
    target: Target,
    worlds: int,
    settings: Settings | None = None,
    done: Callable[[int], None] | None = None,
) -> PosteriorDraws:
    """Draw worlds from the posterior, moved at every temperature until their order is forgotten.

    `max_rank_correlation` of what is returned is the largest that remained at any temperature. Of the
    settings, `islands`, `particles`, `keep`, `sweeps` and `most_steps` count. `done` is called at every
    temperature.

    Raises:
        EvidenceError: if there are too few worlds for the islands, or no world fits the claims.
    """
    chosen = settings or Settings()
    layout = chosen.layout(worlds)
    powers = np.ones(len(target.ids))
    run = batches(key, target, layout[:2], (0.0 * powers, powers))
    states, steps, max_rank_correlation = run.from_prior(powers), 0, 0.0
    while True:
        states, proposals, order = _mixed(run, steps, states, chosen.sweeps)
        steps, max_rank_correlation = steps + 1, max(max_rank_correlation, order)
        if done is not None:
            done(1)
        if steps == chosen.most_steps or all((state.power >= 1.0).all() for state in states):
            break
        states = run.raised(_NUMBERS * steps - 1, states, chosen.keep)
    all_arrived(states)
    passed = [states]
    for time in range(1, layout.kept):
        states, order = _moved_long(run, chosen.most_steps + time, (places(states), states), proposals)
        passed, max_rank_correlation = [*passed, states], max(max_rank_correlation, order)
    found = collect_draws(key, target, list(zip(*passed, strict=True)), worlds, proposals)
    return replace(
        found,
        max_rank_correlation=max_rank_correlation,
        temperatures=np.full(layout.islands, steps),
        thorough=True,
    )


def _mixed(
    run: Batches, temperature: int, states: list[State], first: int
) -> tuple[list[State], LearnedProposals, float]:
    """Batches moved until no order remains, the proposals that moved them, and what remains of the order."""
    begun = places(states)
    states = run.fitted_and_moved(_NUMBERS * temperature, states, first)
    proposals = _fitted(run, begun, states)
    states, order = _moved_long(run, temperature, (begun, states), proposals)
    return states, proposals, order


def _moved_long(
    run: Batches,
    temperature: int,
    since: tuple[Float[np.ndarray, "island particle moved"], list[State]],
    proposals: LearnedProposals,
) -> tuple[list[State], float]:
    """Batches moved until nothing remains of an order that they had, and what remains of it."""
    (begun, states), made, turn = since, 0, 0
    while True:
        count, turn = max(made, _FIRST), turn + 1
        states = run.moved(_NUMBERS * temperature + turn, states, count, proposals)
        made += count
        order, enough = mixing_check(begun, places(states), _MAX_RANK_CORRELATION)
        if enough or made >= _MOST:
            return states, order


def _fitted(
    run: Batches, begun: Float[np.ndarray, "island particle moved"], states: list[State]
) -> LearnedProposals:
    # islands stand at temperatures of their own, though close to one another
    powers = np.full(len(run.target.ids), np.mean([np.mean(state.power) for state in states]))
    density = partial(log_density, run.target, powers)
    return fit_proposals(begun, places(states), run.target.blocks, density)

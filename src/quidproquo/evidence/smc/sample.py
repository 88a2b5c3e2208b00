"""Conditioning the worlds on the claims.

Worlds are taken from the prior to the posterior in independent islands (see `tempering`). At every
temperature, proposals are fitted to the particles of all islands, and then move them. From there they may be
taken on to other posteriors (see `bridge`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from jaxtyping import Array, Float, Key

from quidproquo.evidence.smc.batches import Batches, batches
from quidproquo.evidence.smc.evaluate import log_density
from quidproquo.evidence.smc.islands import (
    PARTICLES,
    Layout,
    PosteriorDraws,
    all_arrived,
    collect_draws,
    island_layout,
    mixing_check,
    places,
)
from quidproquo.evidence.smc.proposals import fit_proposals
from quidproquo.evidence.smc.target import Target
from quidproquo.evidence.smc.tempering import State

__all__ = ["PosteriorDraws", "Settings", "condition"]

_BETWEEN = 15  # sweeps at least between two times that particles become worlds


@dataclass(frozen=True)
class Settings:
    """How the sampler runs.

    Islands have `particles` each; their number follows from that of the worlds unless it is given, and so
    does how often a particle becomes a world (`layout`). `keep` is the share of effective particles after a
    step along the path; `sweeps` are made after each of these steps, and `final_sweeps` at its end: the
    first quarter of them to fit proposals to (see `proposals`), the rest with these, at whose end, or evenly
    spaced, particles become worlds. They go on, at most `longest` times as long as the rest, until no
    coordinate's rank correlation with its place at the path's end is as large as `max_rank_correlation`, or
    as what few particles show by chance.
    """

    islands: int | None = None
    particles: int = PARTICLES
    keep: float = 0.5
    sweeps: int = 4
    final_sweeps: int = 100
    max_rank_correlation: float = 0.2
    longest: int = 3
    most_steps: int = 80

    def layout(self, worlds: int) -> Layout:
        """Islands and particles for so many worlds.

        Raises:
            EvidenceError: if there are too few worlds for the islands.
        """
        return island_layout(worlds, self.islands, self.particles)

    def units(self, worlds: int) -> int:
        """How often `condition` says that an island has come further, if none goes on for longer."""
        islands, _, kept = self.layout(worlds)
        return (1 + kept) * islands

    @property
    def early(self) -> int:
        """Sweeps at the path's end that proposals are fitted to."""
        return max(self.final_sweeps // 4, 1)

    def late(self, kept: int) -> int:
        """Sweeps after that, for each of the times that particles become worlds."""
        rest = self.final_sweeps - self.early
        return max(-(-rest // kept), min(rest, _BETWEEN))


def condition(
    key: Key[Array, ""],
    target: Target,
    worlds: int,
    settings: Settings | None = None,
    done: Callable[[int], None] | None = None,
    powers: Float[np.ndarray, " item"] | None = None,
) -> PosteriorDraws:
    """Draw worlds from the posterior in which each item counts with its power, by default in full.

    Raises:
        EvidenceError: if there are too few worlds for the islands, or no world fits the claims.
    """
    chosen = settings or Settings()
    layout = chosen.layout(worlds)
    powers = np.ones(len(target.ids)) if powers is None else powers
    run = batches(key, target, layout[:2], (np.zeros(len(powers)), powers))
    number, begun = _arrived(run, run.from_prior(powers), chosen, done)
    states = run.fitted_and_moved(number, begun, chosen.early)
    before, after = places(begun), places(states)
    proposals = fit_proposals(before, after, target.blocks, partial(log_density, target, powers))
    passed: list[list[State]] = []
    for time in range(layout.kept * chosen.longest):
        states = run.moved(number + 1 + time, states, chosen.late(layout.kept), proposals)
        if done is not None and time < layout.kept:
            done(layout.islands)
        passed = [*passed, states][-layout.kept :]
        max_rank_correlation, enough = mixing_check(before, places(states), chosen.max_rank_correlation)
        if len(passed) == layout.kept and enough:
            break
    return replace(
        collect_draws(key, target, list(zip(*passed, strict=True)), worlds, proposals),
        max_rank_correlation=max_rank_correlation,
    )


def _arrived(
    run: Batches, states: list[State], settings: Settings, done: Callable[[int], None] | None = None
) -> tuple[int, list[State]]:
    """Islands at the path's end, moved there, and the number of steps that they took.

    `done` is told how many of them their path so far amounts to, on a logarithmic scale: the first steps
    along a path are the shortest.

    Raises:
        EvidenceError: if not all of them get there.
    """
    first, counted = _power(states), 0
    for number in range(settings.most_steps):
        states = run.fitted_and_moved(2 * number, states, settings.sweeps)
        if done is not None:
            share = 1.0 - math.log(_power(states)) / math.log(first) if first < 1.0 else 1.0
            done(int(share * run.islands) - counted)
            counted = int(share * run.islands)
        if all((state.power >= 1.0).all() for state in states):
            break
        states = run.raised(2 * number + 1, states, settings.keep)
    all_arrived(states)
    return 2 * settings.most_steps, states


def _power(states: list[State]) -> float:
    """How far islands are along the path, on average."""
    return float(np.mean([np.mean(state.power) for state in states]))

"""Conditioning the worlds on the claims, and conditioning them again when claims are left out.

Worlds climb from the prior to the posterior in independent islands (see `tempering`). When a what-if
changes the claims so much that weights can't follow, they climb on from the posterior to the one
that is asked for: they start near it, so the way is short.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from quidproquo.evidence.smc import tempering
from quidproquo.evidence.smc.compiled import path_between, temper_program
from quidproquo.evidence.smc.evaluate import evaluation_program, log_density
from quidproquo.evidence.smc.first_step import first_step
from quidproquo.evidence.smc.islands import (
    PARTICLES,
    Layout,
    PosteriorDraws,
    all_arrived,
    collect_draws,
    island_layout,
    islands_per_batch,
    mixing_check,
    places,
)
from quidproquo.evidence.smc.kernels import Cloud, stack_islands
from quidproquo.evidence.smc.proposals import LearnedProposals, fit_proposals, no_proposals
from quidproquo.evidence.smc.slow_directions import no_slow_directions
from quidproquo.evidence.smc.target import LOG_ZERO, Target
from quidproquo.evidence.smc.tempering import Path, Schedule, State
from quidproquo.worlds.runtime import parallel_map

__all__ = ["PosteriorDraws", "Settings", "condition", "resample_from"]

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
    as what few particles show by chance. `anew` islands are taken on to another posterior, with
    `anew_sweeps` after each step and `anew_final` at the end.
    """

    islands: int | None = None
    particles: int = PARTICLES
    keep: float = 0.5
    sweeps: int = 4
    final_sweeps: int = 40
    max_rank_correlation: float = 0.1
    longest: int = 3
    most_steps: int = 80
    anew: int = 8
    anew_sweeps: int = 2
    anew_final: int = 6

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
    run = _run(key, target, (chosen, layout), np.ones(len(target.ids)) if powers is None else powers)

    def count(_: object) -> None:
        if done is not None:
            done(run.per_batch)

    arrived = parallel_map(run.arrive, run.groups, count)
    begun, states = ([passed[time] for passed in arrived] for time in range(2))
    all_arrived(states)
    before, after = (places(some) for some in (begun, states))
    proposals = fit_proposals(before, after, target.blocks.owner, partial(log_density, target, run.powers))
    passed: list[list[State]] = []
    for time in range(layout.kept * chosen.longest):
        states = parallel_map(partial(run.go_on, time, proposals), list(enumerate(states)), count)
        passed = [*passed, states][-layout.kept :]
        max_rank_correlation, enough = mixing_check(before, places(states), chosen.max_rank_correlation)
        if len(passed) == layout.kept and enough:
            break
    return replace(
        collect_draws(key, target, list(zip(*passed, strict=True)), worlds, proposals),
        max_rank_correlation=max_rank_correlation,
    )


@dataclass(frozen=True)
class _Run:
    """One conditioning: what all groups of `per_batch` islands share. Sweeps are numbered in `time`."""

    key: Key[Array, ""]
    target: Target
    settings: Settings
    layout: Layout
    powers: Float[np.ndarray, " item"]
    path: Path
    per_batch: int
    temper: Callable[..., State]
    none: LearnedProposals

    @property
    def groups(self) -> list[int]:
        return list(range(self.layout.islands // self.per_batch))

    @property
    def early(self) -> int:
        """Sweeps at the path's end that proposals are fitted to."""
        return max(self.settings.final_sweeps // 4, 1)

    @property
    def late(self) -> int:
        """Sweeps after that, for each time that particles become worlds."""
        rest = self.settings.final_sweeps - self.early
        return max(-(-rest // self.layout.kept), min(rest, _BETWEEN))

    def arrive(self, group: int) -> list[State]:
        """A group at the path's end, and after the sweeps that proposals are fitted to."""
        own = range(group * self.per_batch, (group + 1) * self.per_batch)
        begin = first_step(self.key, self.target, own, self.layout.particles, self.powers)
        climb = Schedule.of(self.settings.sweeps, 1, self.settings.keep, self.settings.most_steps)
        first = self._sweep((group, 0), begin, climb, self.none)
        return [first, self._sweep((group, 1), first, Schedule.of(0, self.early), self.none)]

    def go_on(self, time: int, proposals: LearnedProposals, state: tuple[int, State]) -> State:
        """A group, named by its number, after further sweeps."""
        group, begin = state
        return self._sweep((group, 2 + time), begin, Schedule.of(0, self.late), proposals)

    def _sweep(
        self, when: tuple[int, int], state: State, schedule: Schedule, proposals: LearnedProposals
    ) -> State:
        own = jax.random.fold_in(jax.random.fold_in(self.key, when[0]), when[1])
        begin = state._replace(settled=jnp.bool_(False))
        swept: State = jax.device_get(
            self.temper(self.target.inputs, own, begin, self.path, schedule, proposals)
        )
        return swept


def _run(
    key: Key[Array, ""],
    target: Target,
    how: tuple[Settings, Layout],
    powers: Float[np.ndarray, " item"],
) -> _Run:
    """Programs are compiled before threads start, side by side."""
    settings, layout = how
    per_batch = islands_per_batch(layout.islands, layout.particles)
    with ThreadPoolExecutor(max_workers=1) as meanwhile:
        evaluation = meanwhile.submit(evaluation_program, target)
        temper = temper_program(target, (per_batch, layout.particles))
        evaluation.result()
    path = path_between(np.zeros(len(powers)), powers, per_batch)
    none = no_proposals(len(target.names))
    return _Run(key, target, settings, layout, powers, path, per_batch, temper, none)


def resample_from(
    key: Key[Array, ""],
    target: Target,
    start: PosteriorDraws,
    log_likelihood: Float[np.ndarray, "world item"],
    powers: Float[np.ndarray, " item"],
    settings: Settings | None = None,
) -> PosteriorDraws:
    """Take worlds of the posterior on to the one in which each item counts with its power.

    `log_likelihood` is the items' in the worlds of `start`, of which the first islands' last ones are
    taken. `powers` lie between 0 (left out) and 1 (as before).

    Raises:
        EvidenceError: if the worlds don't get there.
    """
    chosen = settings or Settings()
    islands = [int(island) for island in np.unique(start.island)[: chosen.anew]]
    particles = start.particles
    per_batch = islands_per_batch(len(islands), particles)
    temper, inputs = temper_program(target, (per_batch, particles)), target.inputs
    path = path_between(np.ones(len(target.ids)), powers, per_batch)
    schedule = Schedule.of(chosen.anew_sweeps, chosen.anew_final, chosen.keep, chosen.most_steps)
    # without slow directions, which would make a sweep a third longer: what is slow there needn't be here
    proposals = LearnedProposals(no_slow_directions(len(target.names)), start.proposals.mode_jumps)
    position = np.concatenate([start.z[:, target.active], start.biases], axis=1).astype(np.float32)

    def one(group: int) -> State:
        own = islands[group * per_batch : (group + 1) * per_batch]
        # an island of fewer worlds than particles has some of them twice
        worlds = [np.resize(np.flatnonzero(start.island == island)[-particles:], particles) for island in own]
        known = [np.maximum(log_likelihood[some].T.astype(np.float32), LOG_ZERO) for some in worlds]
        places = stack_islands([position[some].T for some in worlds])
        cloud = Cloud(places, stack_islands(known), jnp.ones(per_batch * particles))
        begin, step = tempering.at_start(cloud, per_batch), jax.random.fold_in(key, group)
        state: State = jax.device_get(temper(inputs, step, begin, path, schedule, proposals))
        return state

    states = parallel_map(one, list(range(len(islands) // per_batch)))
    all_arrived(states)
    worlds = len(islands) * particles
    return collect_draws(key, target, [[state] for state in states], worlds, start.proposals)

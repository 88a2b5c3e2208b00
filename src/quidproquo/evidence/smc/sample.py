"""Conditioning the worlds on the claims, and conditioning them anew when claims are taken away.

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

from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.smc import tempering
from quidproquo.evidence.smc.compiled import (
    CompileOptions,
    first_step_program,
    prior_to_posterior,
    temper_program,
)
from quidproquo.evidence.smc.evaluate import log_density
from quidproquo.evidence.smc.islands import (
    LEAST_PARTICLES,
    PosteriorDraws,
    all_arrived,
    collect_draws,
    islands_per_batch,
    mixing_check,
    particles_of,
    places,
    stack,
)
from quidproquo.evidence.smc.kernels import Cloud, stack_islands
from quidproquo.evidence.smc.proposals import LearnedProposals, fit_proposals, no_proposals
from quidproquo.evidence.smc.slow_directions import no_slow_directions
from quidproquo.evidence.smc.target import LOG_ZERO, Target
from quidproquo.evidence.smc.tempering import Path, State, SweepCounts
from quidproquo.worlds.runtime import parallel_map

__all__ = ["PosteriorDraws", "Settings", "condition", "resample_from", "settings_for"]


@dataclass(frozen=True)
class Settings:
    """How the sampler runs.

    `keep` is the share of effective particles after a step along the path; `sweeps` are made after
    each of these steps, and `final_sweeps` at its end: the first quarter of them to learn routes from
    (see `proposals`), the rest with these. During that rest an island's particles become worlds `kept`
    times, evenly spaced. They go on, at most `longest` times as long as the rest, until no coordinate's
    rank correlation with its place at the path's end is as large as `max_rank_correlation`, or as
    what few particles show by chance. Of `anew` islands, at most `anew_particles` each are taken on to another
    posterior, with `anew_sweeps` after each step and `anew_final` at the end.
    """

    islands: int = 16
    keep: float = 0.5
    sweeps: int = 6
    final_sweeps: int = 40
    kept: int = 1
    max_rank_correlation: float = 0.1
    longest: int = 3
    most_steps: int = 80
    anew: int = 8
    anew_particles: int = 256
    anew_sweeps: int = 2
    anew_final: int = 6

    @property
    def units(self) -> int:
        """How often `condition` says that an island has come further, if none goes on for longer."""
        return (1 + self.kept) * self.islands

    @property
    def options(self) -> CompileOptions:
        """What a compiled program depends on."""
        return CompileOptions(self.keep, self.most_steps)


_MANY = Settings(islands=32, sweeps=4, final_sweeps=76, kept=4)


def settings_for(worlds: int) -> Settings:
    """Settings that serve so many worlds: with few, each is a particle of its own."""
    return _MANY if worlds >= 2 * LEAST_PARTICLES * _MANY.islands * _MANY.kept else Settings()


def condition(
    key: Key[Array, ""],
    target: Target,
    worlds: int,
    settings: Settings | None = None,
    done: Callable[[int], None] | None = None,
    powers: Float[np.ndarray, " item"] | None = None,
    reports: ObservedInputs | None = None,
) -> PosteriorDraws:
    """Draw worlds from the posterior in which each item counts with its power, by default in full.

    `reports` replace what the claims report; one compiled program serves all of them.

    Raises:
        EvidenceError: if there are too few worlds for the islands, or no world fits the claims.
    """
    chosen = settings or settings_for(worlds)
    kept = chosen.kept
    particles = particles_of(worlds, chosen.islands, kept)
    run = _run(key, target, (chosen, particles), powers, reports)

    def count(_: object) -> None:
        if done is not None:
            done(run.per_batch)

    arrived = parallel_map(run.arrive, run.groups, count)
    begun, states = ([passed[time] for passed in arrived] for time in range(2))
    all_arrived(states)
    before, after = (places(some) for some in (begun, states))
    density = partial(log_density, target, np.asarray(run.path.end), reports)
    proposals = fit_proposals(before, after, target.blocks.owner, density)
    passed: list[list[State]] = []
    for time in range(chosen.kept * chosen.longest):
        states = parallel_map(partial(run.go_on, time, proposals), list(enumerate(states)), count)
        passed = [*passed, states][-chosen.kept :]
        max_rank_correlation, enough = mixing_check(before, places(states), chosen.max_rank_correlation)
        if len(passed) == chosen.kept and enough:
            break
    return replace(
        collect_draws(key, target, list(zip(*passed, strict=True)), proposals),
        max_rank_correlation=max_rank_correlation,
    )


@dataclass(frozen=True)
class _Run:
    """One conditioning: what all groups of `per_batch` islands share. Sweeps are numbered in `time`."""

    key: Key[Array, ""]
    settings: Settings
    path: Path
    reports: ObservedInputs | None
    per_batch: int
    first_step: Callable[[Array, Path, ObservedInputs | None], State]
    temper: Callable[..., State]
    none: LearnedProposals

    @property
    def groups(self) -> list[int]:
        return list(range(self.settings.islands // self.per_batch))

    @property
    def early(self) -> int:
        """Sweeps at the path's end from which routes are learnt."""
        return max(self.settings.final_sweeps // 4, 1)

    @property
    def late(self) -> int:
        """Sweeps after that, for each time that particles become worlds."""
        return -(-(self.settings.final_sweeps - self.early) // self.settings.kept)

    def arrive(self, group: int) -> list[State]:
        """A group at the path's end, and after the sweeps from which routes are learnt."""
        own = range(group * self.per_batch, (group + 1) * self.per_batch)
        entered = [self.first_step(jax.random.fold_in(self.key, i), self.path, self.reports) for i in own]
        first = self._sweep((group, 0), stack(entered), (self.settings.sweeps, 1), self.none)
        return [first, self._sweep((group, 1), first, (0, self.early), self.none)]

    def go_on(self, time: int, proposals: LearnedProposals, state: tuple[int, State]) -> State:
        """A group, named by its number, after further sweeps."""
        group, begin = state
        return self._sweep((group, 2 + time), begin, (0, self.late), proposals)

    def _sweep(
        self, when: tuple[int, int], state: State, counts: tuple[int, int], proposals: LearnedProposals
    ) -> State:
        again = jax.random.fold_in(jax.random.fold_in(self.key, when[0]), when[1])
        begin, said = (
            state._replace(settled=jnp.bool_(False)),
            () if self.reports is None else (self.reports,),
        )
        both = SweepCounts(*map(jnp.int32, counts))
        swept: State = jax.device_get(self.temper(again, begin, self.path, both, proposals, *said))
        return swept


def _run(
    key: Key[Array, ""],
    target: Target,
    how: tuple[Settings, int],
    powers: Float[np.ndarray, " item"] | None,
    reports: ObservedInputs | None,
) -> _Run:
    """Programs are compiled before threads start, so that it is done once, and side by side."""
    settings, particles = how
    given, per_batch, options = (
        reports is not None,
        islands_per_batch(settings.islands, particles),
        settings.options,
    )
    with ThreadPoolExecutor(max_workers=2) as pool:
        entering = pool.submit(first_step_program, target, particles, options, given)
        temper = temper_program(target, (per_batch, particles), options, given)
        first_step = entering.result()
    path = prior_to_posterior(target)
    if powers is not None:
        path = path._replace(end=jnp.asarray(powers, jnp.float32))
    return _Run(key, settings, path, reports, per_batch, first_step, temper, no_proposals(len(target.names)))


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
    taken. `powers` lie between 0 (taken away) and 1 (as before).

    Raises:
        EvidenceError: if the worlds don't get there.
    """
    chosen = settings or Settings()
    islands = [int(island) for island in np.unique(start.island)[: chosen.anew]]
    particles = min(chosen.anew_particles, start.particles)
    per_batch = islands_per_batch(len(islands), particles)
    # by place, as in `condition`: the cache that shares the program takes names for other arguments
    temper = temper_program(target, (per_batch, particles), chosen.options, False)
    path = Path(jnp.ones(len(target.ids)), jnp.asarray(powers, jnp.float32))
    counts = SweepCounts(jnp.int32(chosen.anew_sweeps), jnp.int32(chosen.anew_final))
    # without glides, which would make a sweep a third longer: what is slow there needn't be slow here
    proposals = LearnedProposals(no_slow_directions(len(target.names)), start.proposals.mode_jumps)
    position = np.concatenate([start.z[:, target.active], start.biases], axis=1).astype(np.float32)

    def one(group: int) -> State:
        own = islands[group * per_batch : (group + 1) * per_batch]
        worlds = [np.flatnonzero(start.island == island)[-particles:] for island in own]
        known = [np.maximum(log_likelihood[some].T.astype(np.float32), LOG_ZERO) for some in worlds]
        cloud = Cloud(
            stack_islands([position[some].T for some in worlds]),
            stack_islands(known),
            jnp.ones(per_batch * particles),
        )
        begin = tempering.at_start(cloud, per_batch)
        state: State = jax.device_get(temper(jax.random.fold_in(key, group), begin, path, counts, proposals))
        return state

    states = parallel_map(one, list(range(len(islands) // per_batch)))
    all_arrived(states)
    return collect_draws(key, target, [[state] for state in states], start.proposals)

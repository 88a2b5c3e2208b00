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

from quidproquo.evidence.observation.likelihood import Reports
from quidproquo.evidence.smc import tempering
from quidproquo.evidence.smc.compiled import Pace, climber, entrance, straight
from quidproquo.evidence.smc.evaluate import log_density
from quidproquo.evidence.smc.islands import (
    LEAST_PARTICLES,
    Conditioned,
    abreast,
    all_arrived,
    forgotten,
    gathered,
    joined,
    particles_of,
    places,
)
from quidproquo.evidence.smc.kernels import Cloud, side_by_side
from quidproquo.evidence.smc.proposals import Routes, learnt, no_routes
from quidproquo.evidence.smc.slow_directions import no_glides
from quidproquo.evidence.smc.target import HOPELESS, Target
from quidproquo.evidence.smc.tempering import Effort, Path, State
from quidproquo.worlds.runtime import spread

__all__ = ["Conditioned", "Settings", "condition", "condition_anew", "settings_for"]


@dataclass(frozen=True)
class Settings:
    """How the sampler runs.

    `keep` is the share of effective particles after a step along the path; `sweeps` are made after
    each of these steps, and `final_sweeps` at its end: the first quarter of them to learn routes from
    (see `routes`), the rest with these. During that rest an island's particles become worlds `kept`
    times, evenly spaced. They go on, at most `longest` times as long as the rest, until no coordinate's
    rank correlation with its place at the path's end is as large as `left`, or as what few particles
    show by chance. Of `anew` islands, at most `anew_particles` each are taken on to another
    posterior, with `anew_sweeps` after each step and `anew_final` at the end.
    """

    islands: int = 16
    keep: float = 0.5
    sweeps: int = 6
    final_sweeps: int = 40
    kept: int = 1
    left: float = 0.1
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
    def pace(self) -> Pace:
        """What a compiled program depends on."""
        return Pace(self.keep, self.most_steps)


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
    reports: Reports | None = None,
) -> Conditioned:
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
            done(run.beside)

    arrived = spread(run.arrive, run.groups, count)
    begun, states = ([passed[time] for passed in arrived] for time in range(2))
    all_arrived(states)
    before, after = (places(some) for some in (begun, states))
    density = partial(log_density, target, np.asarray(run.path.end), reports)
    routes = learnt(before, after, target.blocks.owner, density)
    passed: list[list[State]] = []
    for time in range(chosen.kept * chosen.longest):
        states = spread(partial(run.go_on, time, routes), list(enumerate(states)), count)
        passed = [*passed, states][-chosen.kept :]
        left, enough = forgotten(before, places(states), chosen.left)
        if len(passed) == chosen.kept and enough:
            break
    return replace(gathered(key, target, list(zip(*passed, strict=True)), routes), left=left)


@dataclass(frozen=True)
class _Run:
    """One conditioning: what all groups of `beside` islands share. Sweeps are numbered in `time`."""

    key: Key[Array, ""]
    settings: Settings
    path: Path
    reports: Reports | None
    beside: int
    enter: Callable[[Array, Path, Reports | None], State]
    climb: Callable[..., State]
    none: Routes

    @property
    def groups(self) -> list[int]:
        return list(range(self.settings.islands // self.beside))

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
        own = range(group * self.beside, (group + 1) * self.beside)
        entered = [self.enter(jax.random.fold_in(self.key, i), self.path, self.reports) for i in own]
        first = self._sweep((group, 0), joined(entered), (self.settings.sweeps, 1), self.none)
        return [first, self._sweep((group, 1), first, (0, self.early), self.none)]

    def go_on(self, time: int, routes: Routes, state: tuple[int, State]) -> State:
        """A group, named by its number, after further sweeps."""
        group, begin = state
        return self._sweep((group, 2 + time), begin, (0, self.late), routes)

    def _sweep(self, when: tuple[int, int], state: State, effort: tuple[int, int], routes: Routes) -> State:
        again = jax.random.fold_in(jax.random.fold_in(self.key, when[0]), when[1])
        begin, said = (
            state._replace(settled=jnp.bool_(False)),
            () if self.reports is None else (self.reports,),
        )
        both = Effort(*map(jnp.int32, effort))
        swept: State = jax.device_get(self.climb(again, begin, self.path, both, routes, *said))
        return swept


def _run(
    key: Key[Array, ""],
    target: Target,
    how: tuple[Settings, int],
    powers: Float[np.ndarray, " item"] | None,
    reports: Reports | None,
) -> _Run:
    """Programs are compiled before threads start, so that it is done once, and side by side."""
    settings, particles = how
    given, beside, pace = reports is not None, abreast(settings.islands, particles), settings.pace
    with ThreadPoolExecutor(max_workers=2) as pool:
        entering = pool.submit(entrance, target, particles, pace, given)
        climb = climber(target, (beside, particles), pace, given)
        enter = entering.result()
    path = straight(target)
    if powers is not None:
        path = path._replace(end=jnp.asarray(powers, jnp.float32))
    return _Run(key, settings, path, reports, beside, enter, climb, no_routes(len(target.names)))


def condition_anew(
    key: Key[Array, ""],
    target: Target,
    start: Conditioned,
    log_likelihood: Float[np.ndarray, "world item"],
    powers: Float[np.ndarray, " item"],
    settings: Settings | None = None,
) -> Conditioned:
    """Take worlds of the posterior on to the one in which each item counts with its power.

    `log_likelihood` is the items' in the worlds of `start`, of which the first islands' last ones are
    taken. `powers` lie between 0 (taken away) and 1 (as before).

    Raises:
        EvidenceError: if the worlds don't get there.
    """
    chosen = settings or Settings()
    islands = [int(island) for island in np.unique(start.island)[: chosen.anew]]
    particles = min(chosen.anew_particles, start.particles)
    beside = abreast(len(islands), particles)
    # by place, as in `condition`: the cache that shares the program takes names for other arguments
    climb = climber(target, (beside, particles), chosen.pace, False)
    path = Path(jnp.ones(len(target.ids)), jnp.asarray(powers, jnp.float32))
    effort = Effort(jnp.int32(chosen.anew_sweeps), jnp.int32(chosen.anew_final))
    # without glides, which would make a sweep a third longer: what is slow there needn't be slow here
    routes = Routes(no_glides(len(target.names)), start.routes.leaps)
    position = np.concatenate([start.z[:, target.active], start.biases], axis=1).astype(np.float32)

    def one(group: int) -> State:
        own = islands[group * beside : (group + 1) * beside]
        worlds = [np.flatnonzero(start.island == island)[-particles:] for island in own]
        known = [np.maximum(log_likelihood[some].T.astype(np.float32), HOPELESS) for some in worlds]
        cloud = Cloud(
            side_by_side([position[some].T for some in worlds]),
            side_by_side(known),
            jnp.ones(beside * particles),
        )
        begin = tempering.at_start(cloud, beside)
        state: State = jax.device_get(climb(jax.random.fold_in(key, group), begin, path, effort, routes))
        return state

    states = spread(one, list(range(len(islands) // beside)))
    all_arrived(states)
    return gathered(key, target, [[state] for state in states], start.routes)

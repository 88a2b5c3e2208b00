"""Conditioning the worlds on the claims, and conditioning them anew when claims are taken away.

Worlds climb from the prior to the posterior in independent islands (see `tempering`). When a what-if
changes the claims so much that weights can't follow, they climb on from the posterior to the one
that is asked for: they start near it, so the way is short.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key
from scipy import stats

from quidproquo.evidence import tempering
from quidproquo.evidence.glides import no_glides, slowest
from quidproquo.evidence.items import blank, compiled_items, terms
from quidproquo.evidence.leaps import seek
from quidproquo.evidence.likelihood import Reports
from quidproquo.evidence.moves import Cloud, apart, side_by_side
from quidproquo.evidence.routes import Routes, no_routes
from quidproquo.evidence.target import HOPELESS, Target
from quidproquo.evidence.tempering import Effort, Path, State
from quidproquo.terms.errors import EvidenceError, sentence
from quidproquo.worlds import streams
from quidproquo.worlds.runtime import compiled_for, spread

__all__ = ["Conditioned", "Settings", "condition", "condition_anew", "settings_for"]

_LEAST_PARTICLES = 64
_CHANCE = 4.0  # rank correlation of what has nothing in common, at most, times the root of their number
_SIDE_BY_SIDE = 512  # particles of a program, at most: more of them don't fit into the nearest cache


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


_MANY = Settings(islands=32, sweeps=4, final_sweeps=76, kept=4)


def settings_for(worlds: int) -> Settings:
    """Settings that serve so many worlds: with few, each is a particle of its own."""
    return _MANY if worlds >= 2 * _LEAST_PARTICLES * _MANY.islands * _MANY.kept else Settings()


@dataclass(frozen=True)
class Conditioned:
    """Worlds of all islands, equally weighted, one island after another.

    `acceptance` and `temperatures` (steps along the path) are per island. `routes` are those that were
    learnt, and `particles` an island's own, which came by several times. `left` is the largest rank
    correlation of a coordinate with its place where the last moves began; NaN where that wasn't asked.
    """

    z: Float[np.ndarray, "world coordinate"]
    biases: Float[np.ndarray, "world bias"]
    island: Int[np.ndarray, " world"]
    acceptance: Float[np.ndarray, " island"]
    temperatures: Int[np.ndarray, " island"]
    routes: Routes
    particles: int
    left: float = math.nan


class _Pace(NamedTuple):
    """What a compiled program depends on of the settings."""

    keep: float
    most_steps: int


def _pace(settings: Settings) -> _Pace:
    return _Pace(settings.keep, settings.most_steps)


def _plan(target: Target, shape: tuple[int, int], pace: _Pace) -> tempering.Plan:
    # imported late: it starts JAX, which must have been set up by then (`runtime.prepare`)
    from blackjax.smc import resampling

    return tempering.Plan(target, *shape, pace.keep, pace.most_steps, resampling.systematic)


def _beside(islands: int, particles: int) -> int:
    """How many islands of so many particles lie side by side: as many in every program.

    There are two programs at least, whatever the number of cores.
    """
    most = max(min(_SIDE_BY_SIDE // particles, islands // 2), 1)
    return max(count for count in range(1, most + 1) if islands % count == 0)


@lru_cache(maxsize=4)
def _entrance(
    target: Target, particles: int, pace: _Pace, given: bool
) -> Callable[[Array, Path, Reports | None], State]:
    """Draws an island from the prior and takes its first step."""
    plan, key = _plan(target, (1, particles), pace), jax.random.key(0)
    compiled_items(target, given)
    draw = compiled_for(partial(tempering.crowd, plan), key)
    drawn = draw(key)
    known = jnp.zeros((len(target.ids), drawn.shape[1]), jnp.float32)
    choose = compiled_for(partial(tempering.enter, plan), key, drawn, known, _straight(target))

    def enter(key: Array, path: Path, reports: Reports | None) -> State:
        drawn = draw(key)
        state: State = choose(key, drawn, jnp.asarray(terms(target, np.asarray(drawn), reports)), path)
        return state

    return enter


def _straight(target: Target) -> Path:
    """The path from the prior to the posterior."""
    return Path(jnp.zeros(len(target.ids)), jnp.ones(len(target.ids)))


@lru_cache(maxsize=4)
def _climber(target: Target, shape: tuple[int, int], pace: _Pace, given: bool) -> Callable[..., State]:
    """The compiled program that takes islands along a path; with `given`, reports come last.

    `shape` says how many islands lie side by side, and the particles of each.
    """
    rows, columns = (len(target.names), len(target.ids)), shape[0] * shape[1]
    places, known = (jnp.zeros((count, columns), jnp.float32) for count in rows)
    cloud = Cloud(places, known, jnp.ones(columns))
    effort = Effort(jnp.int32(1), jnp.int32(1))
    plan, start = _plan(target, shape, pace), tempering.at_start(cloud, shape[0])
    arguments = jax.random.key(0), start, _straight(target), effort, no_routes(len(target.names))
    if not given:
        return compiled_for(partial(tempering.climb, plan), *arguments)

    def program(
        key: Array, state: State, path: Path, effort: Effort, routes: Routes, reports: Reports
    ) -> State:
        return tempering.climb(plan._replace(target=target.given(reports)), key, state, path, effort, routes)

    return compiled_for(program, *arguments, blank(target))


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
    particles = worlds // (chosen.islands * kept)
    if particles < _LEAST_PARTICLES:
        raise EvidenceError(
            sentence(
                "the run",
                "worlds",
                worlds,
                f"at least {_LEAST_PARTICLES * chosen.islands * kept}",
                "ask for more with --worlds",
            )
        )
    run = _run(key, target, (chosen, particles), powers, reports)

    def count(_: object) -> None:
        if done is not None:
            done(run.beside)

    arrived = spread(run.arrive, run.groups, count)
    begun, states = ([passed[time] for passed in arrived] for time in range(2))
    _all_arrived(states)
    before, after = (_places(some) for some in (begun, states))
    density = partial(_log_density, target, np.asarray(run.path.end), reports)
    moved = before.shape[2]
    glides = slowest(before.reshape(-1, moved), after.reshape(-1, moved))
    routes = Routes(glides, seek(after, target.blocks.owner, density))
    passed: list[list[State]] = []
    for time in range(chosen.kept * chosen.longest):
        states = spread(partial(run.go_on, time, routes), list(enumerate(states)), count)
        passed = [*passed, states][-chosen.kept :]
        left = rank_correlation(before.reshape(-1, moved), _places(states).reshape(-1, moved)).max()
        if len(passed) == chosen.kept and left < max(chosen.left, _CHANCE / np.sqrt(before[:, :, 0].size)):
            break
    return replace(_gathered(key, target, list(zip(*passed, strict=True)), routes), left=float(left))


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
        first = self._sweep((group, 0), _joined(entered), (self.settings.sweeps, 1), self.none)
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
    given, beside, pace = reports is not None, _beside(settings.islands, particles), _pace(settings)
    with ThreadPoolExecutor(max_workers=2) as pool:
        entering = pool.submit(_entrance, target, particles, pace, given)
        climb = _climber(target, (beside, particles), pace, given)
        enter = entering.result()
    path = _straight(target)
    if powers is not None:
        path = path._replace(end=jnp.asarray(powers, jnp.float32))
    return _Run(key, settings, path, reports, beside, enter, climb, no_routes(len(target.names)))


def rank_correlation(
    before: Float[np.ndarray, "particle moved"], after: Float[np.ndarray, "particle moved"]
) -> Float[np.ndarray, " moved"]:
    """How much particles' order in each coordinate is still what it was: Spearman's ρ, without its sign."""
    ranks = [stats.rankdata(places, axis=0) for places in (before, after)]
    one, other = (rank - rank.mean(axis=0) for rank in ranks)
    return np.asarray(np.abs((one * other).mean(axis=0) / (one.std(axis=0) * other.std(axis=0))))


def _joined(states: list[State]) -> State:
    """Islands that were apart, side by side."""
    clouds = [state.cloud for state in states]
    cloud = Cloud(*(side_by_side([getattr(one, field) for one in clouds]) for field in Cloud._fields))
    power, rounds = (jnp.concatenate([getattr(s, name) for s in states]) for name in ("power", "rounds"))
    return State(cloud, power, rounds, jnp.bool_(False))


def _places(states: list[State]) -> Float[np.ndarray, "island particle moved"]:
    """Where the particles of every island are."""
    return np.concatenate([apart(np.asarray(s.cloud.position), len(s.power)) for s in states])


def _log_density(
    target: Target,
    powers: Float[np.ndarray, " item"],
    reports: Reports | None,
    position: Float[np.ndarray, "world moved"],
) -> Float[np.ndarray, " world"]:
    """Log of the posterior at some positions, up to a constant."""
    known = terms(target, position.T.astype(np.float32), reports)
    found: Float[np.ndarray, " world"] = powers @ known - 0.5 * (position**2).sum(axis=1)
    return found


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
    beside = _beside(len(islands), particles)
    # by place, as in `condition`: the cache that shares the program takes names for other arguments
    climb = _climber(target, (beside, particles), _pace(chosen), False)
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
    _all_arrived(states)
    return _gathered(key, target, [[state] for state in states], start.routes)


def _all_arrived(states: list[State]) -> None:
    """See that all islands have reached the path's end."""
    powers = np.concatenate([state.power for state in states])
    if not (powers >= 1.0).all():
        raise EvidenceError(
            sentence(
                "conditioning",
                "islands that reached full evidence",
                int((powers >= 1.0).sum()),
                f"all {len(powers)}",
                "look for claims that no world can fit with 'qpq check'",
            )
        )


def _gathered(key: Array, target: Target, passed: Sequence[Sequence[State]], routes: Routes) -> Conditioned:
    """Worlds from the states that islands passed through, side by side."""
    # an island's own worlds together, those of one time before those of the next
    whole = [np.stack([_places([state]) for state in states], axis=1) for states in passed]
    places = np.concatenate(whole).astype(np.float32)
    islands, _, particles, moved = places.shape
    position, cut = places.reshape(-1, moved), len(target.active)
    last = [states[-1] for states in passed]
    # what no claim bears on keeps its prior
    z = np.array(streams.normals(key, target.model.coordinates, len(position)))
    z[:, target.active] = position[:, :cut]
    accepted = [apart(np.asarray(s.cloud.acceptance)[None], len(s.power))[:, :, 0] for s in last]
    return Conditioned(
        z=z,
        biases=position[:, cut:],
        island=np.repeat(np.arange(islands), len(position) // islands),
        acceptance=np.concatenate(accepted).mean(axis=1),
        temperatures=np.concatenate([state.rounds for state in last]),
        routes=routes,
        particles=particles,
    )

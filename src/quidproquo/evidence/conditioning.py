"""Conditioning the worlds on the claims, and conditioning them anew when claims are taken away.

Worlds climb from the prior to the posterior in independent islands (see `tempering`). When a what-if
changes the claims so much that weights can't follow, they climb on from the posterior to the one
that is asked for: they start near it, so the way is short.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key

from quidproquo.evidence import tempering
from quidproquo.evidence.glides import no_glides, slowest
from quidproquo.evidence.items import blank, compiled_items, terms
from quidproquo.evidence.leaps import seek
from quidproquo.evidence.likelihood import Reports
from quidproquo.evidence.moves import Cloud
from quidproquo.evidence.routes import Routes, no_routes
from quidproquo.evidence.target import HOPELESS, Target
from quidproquo.evidence.tempering import Effort, Path, State
from quidproquo.terms.errors import EvidenceError, sentence
from quidproquo.worlds import streams
from quidproquo.worlds.runtime import compiled_for, spread

__all__ = ["Conditioned", "Settings", "condition", "condition_anew", "settings_for"]

_LEAST_PARTICLES = 64


@dataclass(frozen=True)
class Settings:
    """How the sampler runs.

    `keep` is the share of effective particles after a step along the path; `sweeps` are made after
    each of these steps, and `final_sweeps` at its end: the first quarter of them to learn routes from
    (see `routes`), the rest with these. During that rest an island's particles become worlds `kept`
    times, evenly spaced. Of `anew` islands, at most `anew_particles` each are taken on to another
    posterior, with `anew_sweeps` after each step and `anew_final` at the end.
    """

    islands: int = 16
    keep: float = 0.5
    sweeps: int = 6
    final_sweeps: int = 40
    kept: int = 1
    most_steps: int = 80
    anew: int = 8
    anew_particles: int = 256
    anew_sweeps: int = 2
    anew_final: int = 6


_MANY = Settings(islands=32, sweeps=4, final_sweeps=60, kept=3)


def settings_for(worlds: int) -> Settings:
    """Settings that serve so many worlds: with few, each is a particle of its own."""
    return _MANY if worlds >= 2 * _LEAST_PARTICLES * _MANY.islands * _MANY.kept else Settings()


@dataclass(frozen=True)
class Conditioned:
    """Worlds of all islands, equally weighted, one island after another.

    `acceptance` and `temperatures` (steps along the path) are per island. `routes` are those that were
    learnt, and `particles` an island's own, which came by several times.
    """

    z: Float[np.ndarray, "world coordinate"]
    biases: Float[np.ndarray, "world bias"]
    island: Int[np.ndarray, " world"]
    acceptance: Float[np.ndarray, " island"]
    temperatures: Int[np.ndarray, " island"]
    routes: Routes
    particles: int


class _Pace(NamedTuple):
    """What a compiled program depends on of the settings."""

    keep: float
    most_steps: int


def _pace(settings: Settings) -> _Pace:
    return _Pace(settings.keep, settings.most_steps)


def _plan(target: Target, particles: int, pace: _Pace) -> tempering.Plan:
    # imported late: it starts JAX, which must have been set up by then (`runtime.prepare`)
    from blackjax.smc import resampling

    return tempering.Plan(target, particles, pace.keep, pace.most_steps, resampling.systematic)


@lru_cache(maxsize=4)
def _entrance(
    target: Target, particles: int, pace: _Pace, given: bool
) -> Callable[[Array, Path, Reports | None], State]:
    """Draws an island from the prior and takes its first step."""
    plan, key = _plan(target, particles, pace), jax.random.key(0)
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
def _climber(target: Target, particles: int, pace: _Pace, given: bool) -> Callable[..., State]:
    """The compiled program that takes an island along a path; with `given`, reports come last."""
    sizes = len(target.names), len(target.ids)
    places, known = (jnp.zeros((rows, particles), jnp.float32) for rows in sizes)
    cloud = Cloud(places, known, jnp.ones(()))
    effort = Effort(jnp.int32(1), jnp.int32(1))
    plan, start = _plan(target, particles, pace), tempering.at_start(cloud)
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
    given = reports is not None
    said = () if reports is None else (reports,)
    # compiled before the threads start, so that it is done once, and side by side
    with ThreadPoolExecutor(max_workers=2) as pool:
        entering = pool.submit(_entrance, target, particles, _pace(chosen), given)
        climb, enter = _climber(target, particles, _pace(chosen), given), entering.result()
    path = _straight(target)
    if powers is not None:
        path = path._replace(end=jnp.asarray(powers, jnp.float32))
    early = max(chosen.final_sweeps // 4, 1)
    late = -(-(chosen.final_sweeps - early) // kept)
    islands, none = list(range(chosen.islands)), no_routes(len(target.names))

    def sweep(island: int, time: int, state: State, effort: tuple[int, int], routes: Routes) -> State:
        again = jax.random.fold_in(jax.random.fold_in(key, island), time)
        begin = state._replace(settled=jnp.bool_(False))
        both = Effort(*map(jnp.int32, effort))
        swept: State = jax.device_get(climb(again, begin, path, both, routes, *said))
        return swept

    def arrive(island: int) -> list[State]:
        begin = enter(jax.random.fold_in(key, island), path, reports)
        first = sweep(island, 0, begin, (chosen.sweeps, 1), none)
        return [first, sweep(island, 1, first, (0, early), none)]

    arrived = spread(arrive, islands, done)
    begun, states = ([passed[time] for passed in arrived] for time in range(2))
    _all_arrived(states)
    before, after = (np.stack([state.cloud.position.T for state in some]) for some in (begun, states))
    density = partial(_log_density, target, np.asarray(path.end), reports)
    moved = len(target.names)
    glides = slowest(before.reshape(-1, moved), after.reshape(-1, moved))
    routes = Routes(glides, seek(after, target.blocks.owner, density))

    def go_on(island: int) -> list[State]:
        passed, state = [], states[island]
        for time in range(kept):
            state = sweep(island, 2 + time, state, (0, late), routes)
            passed.append(state)
        return passed

    return _gathered(key, target, spread(go_on, islands, done), routes)


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
    islands = np.unique(start.island)[: chosen.anew]
    particles = min(chosen.anew_particles, start.particles)
    # by place, as in `condition`: the cache that shares the program takes names for other arguments
    climb = _climber(target, particles, _pace(chosen), False)
    path = Path(jnp.ones(len(target.ids)), jnp.asarray(powers, jnp.float32))
    effort = Effort(jnp.int32(chosen.anew_sweeps), jnp.int32(chosen.anew_final))
    # without glides, which would make a sweep a third longer: what is slow there needn't be slow here
    routes = Routes(no_glides(len(target.names)), start.routes.leaps)
    position = np.concatenate([start.z[:, target.active], start.biases], axis=1).astype(np.float32)

    def one(island: int) -> State:
        own = jax.random.fold_in(key, island)
        worlds = np.flatnonzero(start.island == island)[-particles:]
        known = np.maximum(log_likelihood[worlds].T.astype(np.float32), HOPELESS)
        begin = tempering.at_start(Cloud(jnp.asarray(position[worlds].T), jnp.asarray(known), jnp.ones(())))
        state: State = jax.device_get(climb(own, begin, path, effort, routes))
        return state

    states = spread(one, [int(island) for island in islands])
    _all_arrived(states)
    return _gathered(key, target, [[state] for state in states], start.routes)


def _all_arrived(states: list[State]) -> None:
    """See that all islands have reached the path's end."""
    short = [i for i, state in enumerate(states) if not state.power >= 1.0]
    if short:
        raise EvidenceError(
            sentence(
                "conditioning",
                "islands that reached full evidence",
                len(states) - len(short),
                f"all {len(states)}",
                "look for claims that no world can fit with 'qpq check'",
            )
        )


def _gathered(key: Array, target: Target, passed: list[list[State]], routes: Routes) -> Conditioned:
    """Worlds from the states that each island passed through."""
    position = np.concatenate([state.cloud.position.T for states in passed for state in states])
    each, cut = len(position) // len(passed), len(target.active)
    last = [states[-1] for states in passed]
    # what no claim bears on keeps its prior
    z = np.array(streams.normals(key, target.model.coordinates, len(position)))
    z[:, target.active] = position[:, :cut]
    return Conditioned(
        z=z,
        biases=position[:, cut:],
        island=np.repeat(np.arange(len(last)), each),
        acceptance=np.array([float(state.cloud.acceptance) for state in last]),
        temperatures=np.array([int(state.rounds) for state in last]),
        routes=routes,
        particles=last[0].cloud.position.shape[1],
    )

"""Conditioning the worlds on the claims: tempered sequential Monte Carlo in independent islands.

Each island starts from the prior and raises the power β of the likelihood from 0 to 1, with the
next β chosen so that the effective sample size falls to a set share (Jasra et al. 2011, *Scand. J.
Statistics* 38, 1–22); particles are resampled and moved by Hamiltonian steps whose metric is the
cloud's own variance, and hypotheses by independent proposals. Islands share nothing, so the spread
between them is an honest measure of error (Del Moral, Doucet & Jasra 2006, *JRSS B* 68, 411–436).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from blackjax.smc import resampling
from jaxtyping import Array, Float, Int, Key

from quidproquo.evidence.target import Block, Target
from quidproquo.terms.errors import EvidenceError, sentence
from quidproquo.worlds import streams
from quidproquo.worlds.runtime import spread

__all__ = ["ISLANDS", "Conditioned", "Settings", "condition"]

ISLANDS = 16
_LEAST_PARTICLES = 64
_LEAST_STEP = 0.05
_JITTER = 0.4  # step lengths vary down to this share
_CROWD = 32  # draws from the prior for each particle of an island
_WHOLE = 0.1
_Z95 = 1.645
_SHRINK = 0.1  # of the cloud's covariance towards its diagonal
_HIGH, _LOW = 0.75, 0.55  # acceptance above and below which the step is changed


@dataclass(frozen=True)
class Settings:
    """How the sampler runs. `keep` is the share of effective particles after a step in β."""

    islands: int = ISLANDS
    keep: float = 0.5
    moves: int = 2
    jumps: int = 12
    final_rounds: int = 4
    leaps: int = 8
    step: float = 0.4
    most_temperatures: int = 80


@dataclass(frozen=True)
class Conditioned:
    """Particles of all islands, equally weighted, one island after another.

    `acceptance` and `temperatures` (steps in β) are per island.
    """

    z: Float[np.ndarray, "world coordinate"]
    biases: Float[np.ndarray, "world bias"]
    island: Int[np.ndarray, " world"]
    acceptance: Float[np.ndarray, " island"]
    temperatures: Int[np.ndarray, " island"]


class _State(NamedTuple):
    key: Array
    position: Array
    hypotheses: Array
    log_likelihood: Array
    power: Array
    step: Array
    steep: Array
    acceptance: Array
    rounds: Array
    settled: Array


def condition(
    key: Key[Array, ""],
    target: Target,
    worlds: int,
    settings: Settings | None = None,
    done: Callable[[int], None] | None = None,
) -> Conditioned:
    """Draw worlds from the posterior.

    Raises:
        EvidenceError: if there are too few worlds for the islands, or no world fits the claims.
    """
    chosen = settings or Settings()
    particles = worlds // chosen.islands
    if particles < _LEAST_PARTICLES:
        raise EvidenceError(
            sentence(
                "the run",
                "worlds",
                worlds,
                f"at least {_LEAST_PARTICLES * chosen.islands}",
                "ask for more with --worlds",
            )
        )
    # compiled before the threads start, so that it is done once
    program = jax.jit(partial(_island, target, chosen, particles)).lower(key).compile()

    def one(island: int) -> _State:
        result: _State = jax.device_get(program(jax.random.fold_in(key, island)))
        return result

    states = spread(one, list(range(chosen.islands)), done)
    short = [i for i, state in enumerate(states) if not state.power >= 1.0]
    if short:
        raise EvidenceError(
            sentence(
                "conditioning",
                "islands that reached full evidence",
                chosen.islands - len(short),
                f"all {chosen.islands}",
                "look for claims that no world can fit with 'qpq check'",
            )
        )
    cut = len(target.active)
    position = np.concatenate([state.position.T for state in states])
    # what no claim bears on keeps its prior
    z = np.array(streams.normals(key, target.model.coordinates, len(position)))
    z[:, target.active] = position[:, :cut]
    z[:, len(target.model.parameters) :] = np.concatenate([s.hypotheses.T for s in states])
    return Conditioned(
        z=z,
        biases=position[:, cut:],
        island=np.repeat(np.arange(chosen.islands), particles),
        acceptance=np.array([float(state.acceptance) for state in states]),
        temperatures=np.array([int(state.rounds) for state in states]),
    )


def _island(target: Target, settings: Settings, particles: int, key: Array) -> _State:
    """One island from the prior to the posterior."""
    key, first, second, pick = jax.random.split(key, 4)
    many = _CROWD * particles
    position = jax.random.normal(first, (target.size, many), jnp.float32)
    hypotheses = jax.random.normal(second, (len(target.model.hypotheses), many), jnp.float32)
    value = target.log_likelihood(position, hypotheses)
    # the first step is taken from a crowd, so that a narrow place is entered by more than a few
    power = _next_power(value, jnp.float32(0.0), 1.0 / _CROWD)
    index = resampling.systematic(pick, jax.nn.softmax(power * value), particles)
    start = _State(
        key=key,
        position=position[:, index],
        hypotheses=hypotheses[:, index],
        log_likelihood=value[index],
        power=power,
        step=jnp.float32(settings.step),
        steep=jnp.ones((target.size,), jnp.float32),
        acceptance=jnp.float32(1.0),
        rounds=jnp.int32(0),
        settled=jnp.int32(0),
    )

    def unfinished(state: _State) -> Array:
        return (state.settled < settings.final_rounds) & (state.rounds < settings.most_temperatures)

    done: _State = jax.lax.while_loop(unfinished, partial(_temper, target, settings), start)
    return done


def _temper(target: Target, settings: Settings, state: _State) -> _State:
    """Raise β as far as the share of effective particles allows, resample, and move.

    At β = 1 all weights are level, resampling keeps every particle, and only the moves go on.
    """
    key, pick = jax.random.split(state.key)
    power = _next_power(state.log_likelihood, state.power, settings.keep)
    weights = jax.nn.softmax((power - state.power) * state.log_likelihood)
    index = resampling.systematic(pick, weights, len(weights))
    moved = state._replace(
        key=key,
        position=state.position[:, index],
        hypotheses=state.hypotheses[:, index],
        log_likelihood=state.log_likelihood[index],
        power=power,
        rounds=state.rounds + (state.power < 1.0),
        settled=state.settled + (state.power >= 1.0),
    )
    after: _State = jax.lax.fori_loop(0, settings.moves, lambda _i, s: _move(target, settings, s), moved)
    return after


def _next_power(log_likelihood: Array, power: Array, keep: float) -> Array:
    """The largest power whose weights keep the share `keep` of particles effective, by bisection."""

    def share(to: Array) -> Array:
        weights = jax.nn.softmax((to - power) * log_likelihood)
        return 1.0 / jnp.sum(weights**2) / len(weights)

    def halve(_i: Array, ends: tuple[Array, Array]) -> tuple[Array, Array]:
        low, high = ends
        middle = 0.5 * (low + high)
        good = share(middle) >= keep
        return jnp.where(good, middle, low), jnp.where(good, high, middle)

    one = jnp.float32(1.0)
    low, _ = jax.lax.fori_loop(0, 30, halve, (power, one))
    # a step must be made even where the first weights are very uneven
    low = jnp.maximum(low, power + 1e-6)
    return jnp.where(share(one) >= keep, one, jnp.minimum(low, one))


def _move(target: Target, settings: Settings, state: _State) -> _State:
    """Hamiltonian steps of everything, then jumps block by block."""
    moved = _leap(target, settings, state)
    for block in target.blocks:
        moved = _jumps(target, block, settings.jumps, moved)
    return moved


def _leap(target: Target, settings: Settings, state: _State) -> _State:
    """One Hamiltonian move of parameters and biases.

    Leapfrog steps in coordinates whitened by the cloud's own covariance (Neal 2011, *MCMC using
    Hamiltonian dynamics*, sec. 4.1); step lengths are jittered by particle.
    """
    key, kick, jitter, decide = jax.random.split(state.key, 4)
    particles = state.position.shape[1]
    step = state.step * _JITTER ** jax.random.uniform(jitter, (particles,))

    def likelihood(rows: list[Array]) -> tuple[Array, Array]:
        value = target.of_rows(rows, state.hypotheses)
        return jnp.sum(value), value

    def gradient(q: Array) -> tuple[Array, tuple[Array, Array]]:
        rows, value = jax.grad(likelihood, has_aux=True)(list(q))
        slope = state.power * jnp.stack(rows) - q
        total = state.power * value - 0.5 * jnp.sum(q * q, axis=0)
        return slope, (total, value)

    root = _root(state.position, state.steep)
    momentum = jax.random.normal(kick, state.position.shape, state.position.dtype)

    def leap(i: Array, carry: tuple[Array, ...]) -> tuple[Array, ...]:
        q, p, total, value, first, steep = carry
        slope, (total, value) = gradient(q)
        first = jnp.where(i == 0, jnp.stack([total, value]), first)
        steep = jnp.where(i == 0, jnp.quantile(jnp.abs(slope), 0.9, axis=1) / _Z95, steep)
        ends = (i == 0) | (i == settings.leaps)
        p = p + jnp.where(ends, 0.5, 1.0) * step * (root.T @ slope)
        q = jnp.where(i < settings.leaps, q + step * (root @ p), q)
        return q, p, total, value, first, steep

    nothing = jnp.zeros_like(state.log_likelihood)
    start = (state.position, momentum, nothing, nothing, jnp.stack([nothing, nothing]), state.steep)
    q, p, after, fresh, first, steep = jax.lax.fori_loop(0, settings.leaps + 1, leap, start)
    total, value = first
    energy = after - total + 0.5 * jnp.sum(momentum**2 - p**2, axis=0)
    gain = jnp.where(jnp.isfinite(energy), energy, -jnp.inf)
    accept = jnp.log(jax.random.uniform(decide, gain.shape, minval=1e-12)) < gain
    rate = jnp.mean(jnp.minimum(1.0, jnp.exp(gain)))
    factor = jnp.where(rate > _HIGH, 1.15, jnp.where(rate < _LOW, 0.75, 1.0))
    return state._replace(
        key=key,
        position=jnp.where(accept, q, state.position),
        log_likelihood=jnp.where(accept, fresh, value),
        steep=steep,
        step=jnp.clip(state.step * factor, _LEAST_STEP, 1.0),
        acceptance=rate,
    )


def _root(position: Array, steep: Array) -> Array:
    """What whitens the cloud: its correlations, and the smaller of its spread and the local scale.

    Where worlds differ in which claims they take to be wrong, the cloud is wider than the room
    that one world has; `steep`, the size of the slopes, tells that room (for a normal cloud they
    agree).
    """
    centred = position - jnp.mean(position, axis=1, keepdims=True)
    wide = jnp.sqrt(jnp.mean(centred**2, axis=1) + 1e-9)
    scale = jnp.minimum(wide, 1.0 / jnp.maximum(steep, 1e-3))
    unit = centred / wide[:, None]
    correlation = (1.0 - _SHRINK) * (unit @ unit.T) / position.shape[1]
    steady = correlation + _SHRINK * jnp.eye(len(position), dtype=position.dtype)
    root: Array = scale[:, None] * jnp.linalg.cholesky(steady)
    return root


def _jumps(target: Target, block: Block, count: int, state: _State) -> _State:
    """Differential-evolution moves of one block, weighed by the items that depend on it alone.

    A particle moves by a multiple of the difference between two others of its island, in a random
    subset of the block, and every other time in the hypotheses that the block holds, which are
    drawn anew; now and then a particle moves by the whole difference, which carries it from one account
    of the claims to another (ter Braak 2006, *Statistics and Computing* 16, 239–249; Vrugt et al.
    2009, *Int. J. Nonlinear Sci. Numer. Simul.* 10(3), 273–290).
    """
    places = [int(place) for place in block.coordinates]

    def value_of(rows: Array, hypotheses: Array) -> Array:
        whole = list(state.position)
        for row, place in zip(rows, places, strict=True):
            whole[place] = row
        return target.part(block.operators, block.likelihood, whole, hypotheses)

    def jump(i: Array, carry: tuple[Array, ...]) -> tuple[Array, ...]:
        # the first round only works out the value where the particles are
        key, rows, doubts, value, before = carry
        key, propose, flip, decide = jax.random.split(key, 4)
        proposal = jnp.where(i == 0, rows, _proposal(propose, rows, block.groups))
        other = doubts
        if block.doubts:
            flips = i % 2 == 1
            proposal = jnp.where(flips, rows, proposal)
            other = jnp.where(flips, jax.random.normal(flip, doubts.shape, doubts.dtype), doubts)
        fresh = value_of(proposal, other)
        prior = 0.5 * jnp.sum(rows**2 - proposal**2, axis=0)
        gain = state.power * (fresh - value) + prior
        accept = jnp.log(jax.random.uniform(decide, gain.shape, minval=1e-12)) < gain
        accept = accept | (i == 0)
        before = jnp.where(i == 0, fresh, before)
        rows, doubts = jnp.where(accept, proposal, rows), jnp.where(accept, other, doubts)
        return key, rows, doubts, jnp.where(accept, fresh, value), before

    rows = jnp.stack([state.position[place] for place in places])
    nothing = jnp.zeros_like(state.log_likelihood)
    start = (state.key, rows, state.hypotheses, nothing, nothing)
    key, rows, doubts, after, before = jax.lax.fori_loop(0, count + 1, jump, start)
    return state._replace(
        key=key,
        position=state.position.at[jnp.asarray(places)].set(rows),
        hypotheses=doubts,
        log_likelihood=state.log_likelihood + after - before,
    )


def _proposal(key: Array, rows: Array, groups: Int[np.ndarray, " coordinate"]) -> Array:
    """A step for every particle along the difference of two others, in some rows of one group."""
    pick, luck, turn = jax.random.split(key, 3)
    size, particles = rows.shape
    shifts = jax.random.randint(pick, (2,), 1, particles)
    other, another = (jnp.roll(rows, shift, axis=1) for shift in shifts)
    chance = jax.random.uniform(luck, (size + 3, particles), rows.dtype)
    mine = jax.random.randint(turn, (particles,), 0, int(groups.max()) + 1)
    chosen = (groups[:, None] == mine) & (chance[3:] < 0.1 + chance[0])
    count = jnp.maximum(jnp.sum(chosen, axis=0), 1)
    scale = 2.38 / jnp.sqrt(2.0 * count) * (0.2 + chance[1])
    scale = jnp.where(chance[2] < _WHOLE, 1.0, scale)
    step: Array = chosen * scale * (other - another)
    return rows + step

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

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.likelihood import Likelihood, build_likelihood
from quidproquo.evidence.operators import Operators, build_operators
from quidproquo.terms.errors import EvidenceError, sentence
from quidproquo.worlds import streams
from quidproquo.worlds.model import Coordinates, Model
from quidproquo.worlds.runtime import spread

__all__ = ["ISLANDS", "Conditioned", "Settings", "Target", "build_target", "condition"]

ISLANDS = 16
_LEAST_PARTICLES = 64
_HOPELESS = -1e9
_PROBES = 2048
_LEAST_STEP = 0.05
_JITTER = 0.4  # step lengths vary down to this share
_SHARES = (0.03, 0.06, 0.12, 0.25)
_WHOLE = 0.1
_STIFFEST = 12.0
_JITTER = 0.1  # step lengths go down to this share: worlds differ in how stiff they are
_SHRINK = 0.1  # of the cloud's covariance towards its diagonal
_HIGH, _LOW = 0.75, 0.55  # acceptance above and below which the step is changed


@dataclass(frozen=True)
class Settings:
    """How the sampler runs. `keep` is the share of effective particles after a step in β."""

    islands: int = ISLANDS
    keep: float = 0.5
    moves: int = 2
    jumps: int = 12
    final_moves: int = 8
    leaps: int = 8
    step: float = 0.4
    most_temperatures: int = 80


@dataclass(frozen=True, eq=False)
class Target:
    """The posterior over coordinates (parameters, hypotheses, biases), all standard normal before.

    Only parameters that some claim bears on (`active`, indices) are moved; the claims leave the
    others at their prior, from which they are drawn. The sampler's position holds the active
    parameters, then the biases.
    """

    model: Model
    operators: Operators
    likelihood: Likelihood
    active: Int[np.ndarray, " active"]

    @property
    def size(self) -> int:
        """Number of coordinates that are moved."""
        return len(self.active) + len(self.likelihood.bias.names)

    def items(
        self, z: Coordinates, biases: Float[Array, "bias world"]
    ) -> tuple[Array, Array, Array]:
        """Log-likelihood, chance of being wrong and prediction, each `[item, world]`."""
        predicted = self.operators.predict(self.model, z)
        terms, wrong = self.likelihood.items(predicted, biases)
        return terms, wrong, predicted

    def log_likelihood(
        self, position: Float[Array, "moved world"], hypotheses: Float[Array, "hypothesis world"]
    ) -> Float[Array, " world"]:
        """Joint log-likelihood of worlds; very low where it is not a number."""
        return self.of_rows(list(position), hypotheses)

    def of_rows(self, rows: list[Array], hypotheses: Array) -> Float[Array, " world"]:
        """The same with the coordinates as separate rows, which is cheaper to differentiate."""
        nothing = jnp.zeros_like(hypotheses[0])
        z = [nothing] * len(self.model.parameters)
        for row, index in zip(rows, self.active, strict=False):
            z[index] = row
        biases = rows[len(self.active) :]
        stacked = jnp.stack(biases) if biases else jnp.zeros((0, *nothing.shape), nothing.dtype)
        total = jnp.sum(self.items([*z, *hypotheses], stacked)[0], axis=0)
        return jnp.where(jnp.isfinite(total), total, _HOPELESS)


def build_target(model: Model, table: EvidenceTable) -> Target:
    """Put the posterior of a model and an evidence table together.

    Whether a claim bears on a parameter is read off derivatives at draws from the prior: a
    parameter without any effect on any prediction in any of them has none by construction.
    """
    operators, likelihood = build_operators(model, table), build_likelihood(table)
    probe = streams.normals(jax.random.key(0), model.coordinates, _PROBES).T

    def total(rows: list[Array]) -> Array:
        predicted = operators.predict(model, rows)
        scale = jax.lax.stop_gradient(jnp.mean(jnp.abs(predicted), axis=1, keepdims=True)) + 1e-9
        irregular = jnp.sqrt(2.0 + jnp.arange(len(table), dtype=jnp.float32))[:, None]
        return jnp.sum(predicted / scale * irregular)

    slopes = jax.jit(jax.grad(total))([jnp.asarray(row) for row in probe])
    active = [i for i in range(len(model.parameters)) if np.any(np.asarray(slopes[i]) != 0.0)]
    return Target(model, operators, likelihood, np.array(active, dtype=np.int64))


@dataclass(frozen=True)
class Conditioned:
    """Particles of all islands, equally weighted, one island after another.

    `acceptance` and `temperatures` are per island; `reached` says whether β came to 1.
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
    acceptance: Array
    count: Array


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
            sentence("the run", "worlds", worlds, f"at least {_LEAST_PARTICLES * chosen.islands}", "ask for more with --worlds")
        )
    program = jax.jit(partial(_island, target, chosen, particles))

    def one(island: int) -> _State:
        result: _State = jax.device_get(program(jax.random.fold_in(key, island)))
        return result

    states = spread(one, list(range(chosen.islands)), done)
    short = [i for i, state in enumerate(states) if not state.power >= 1.0]
    if short:
        raise EvidenceError(
            sentence("conditioning", "islands that reached full evidence", chosen.islands - len(short), f"all {chosen.islands}", "look for claims that no world can fit with 'qpq check'")
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
        temperatures=np.array([int(state.count) for state in states]),
    )


def _island(target: Target, settings: Settings, particles: int, key: Array) -> _State:
    """One island from the prior to the posterior."""
    key, first, second = jax.random.split(key, 3)
    position = jax.random.normal(first, (target.size, particles), jnp.float32)
    hypotheses = jax.random.normal(second, (len(target.model.hypotheses), particles), jnp.float32)
    start = _State(
        key=key,
        position=position,
        hypotheses=hypotheses,
        log_likelihood=target.log_likelihood(position, hypotheses),
        power=jnp.float32(0.0),
        step=jnp.float32(settings.step),
        acceptance=jnp.float32(1.0),
        count=jnp.int32(0),
    )

    def unfinished(state: _State) -> Array:
        return (state.power < 1.0) & (state.count < settings.most_temperatures)

    warmed = jax.lax.while_loop(unfinished, partial(_temper, target, settings), start)
    return jax.lax.fori_loop(0, settings.final_moves, lambda _i, state: _move(target, settings, state), warmed)


def _temper(target: Target, settings: Settings, state: _State) -> _State:
    """Raise β as far as the share of effective particles allows, resample, and move."""
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
        count=state.count + 1,
    )
    return jax.lax.fori_loop(0, settings.moves, lambda _i, s: _move(target, settings, s), moved)


def _next_power(log_likelihood: Array, power: Array, keep: float) -> Array:
    """The largest power whose weights keep the share `keep` of particles effective, by bisection."""

    def share(to: Array) -> Array:
        weights = jax.nn.softmax((to - power) * log_likelihood)
        return 1.0 / jnp.sum(weights**2) / len(weights)

    def halve(_i: int, ends: tuple[Array, Array]) -> tuple[Array, Array]:
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
    """Hamiltonian steps, jumps between accounts of the claims, and a proposal for hypotheses."""
    leapt, stiffness = _leap(target, settings, state)
    jumped = jax.lax.fori_loop(0, settings.jumps, lambda _i, s: _jump(target, stiffness, s), leapt)
    key, flip = jax.random.split(jumped.key)
    return _flip(target, flip, jumped._replace(key=key))


def _leap(target: Target, settings: Settings, state: _State) -> tuple[_State, Array]:
    """One Hamiltonian move of parameters and biases; also how stiff each coordinate is.

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

    def leap(_i: int, carry: tuple[Array, ...]) -> tuple[Array, ...]:
        q, p, slope, _total, _value = carry
        p = p + 0.5 * step * (root.T @ slope)
        q = q + step * (root @ p)
        slope, (total, value) = gradient(q)
        return q, p + 0.5 * step * (root.T @ slope), slope, total, value

    momentum = jax.random.normal(kick, state.position.shape, state.position.dtype)
    slope, (total, value) = gradient(state.position)
    root, stiffness = _root(state.position, slope)
    start = (state.position, momentum, slope, total, value)
    q, p, _slope, after, fresh = jax.lax.fori_loop(0, settings.leaps, leap, start)
    energy = after - total + 0.5 * jnp.sum(momentum**2 - p**2, axis=0)
    gain = jnp.where(jnp.isfinite(energy), energy, -jnp.inf)
    accept = jnp.log(jax.random.uniform(decide, gain.shape, minval=1e-12)) < gain
    rate = jnp.mean(jnp.minimum(1.0, jnp.exp(gain)))
    factor = jnp.where(rate > _HIGH, 1.15, jnp.where(rate < _LOW, 0.75, 1.0))
    moved = state._replace(
        key=key,
        position=jnp.where(accept, q, state.position),
        log_likelihood=jnp.where(accept, fresh, state.log_likelihood),
        step=jnp.clip(state.step * factor, _LEAST_STEP, 1.0),
        acceptance=rate,
    )
    return moved, stiffness


def _root(position: Array, slope: Array) -> tuple[Array, Array]:
    """What whitens the cloud: its correlations, and the smaller of its spread and the local scale.

    Where worlds differ in which claims they take to be wrong, the cloud is wider than the room
    that one world has; the size of the slopes tells that room (for a normal cloud they agree).
    """
    centred = position - jnp.mean(position, axis=1, keepdims=True)
    wide = jnp.sqrt(jnp.mean(centred**2, axis=1) + 1e-9)
    steep = jnp.quantile(jnp.abs(slope), 0.9, axis=1) / 1.645
    scale = jnp.minimum(wide, 1.0 / jnp.maximum(steep, 1e-3))
    unit = centred / wide[:, None]
    correlation = (1.0 - _SHRINK) * (unit @ unit.T) / position.shape[1]
    steady = correlation + _SHRINK * jnp.eye(len(position), dtype=position.dtype)
    stiffness = jnp.clip(wide * steep, 1.0, _STIFFEST)
    return scale[:, None] * jnp.linalg.cholesky(steady), stiffness


def _jump(target: Target, stiffness: Array, state: _State) -> _State:
    """One differential-evolution move of parameters and biases.

    A particle moves by a multiple of the difference between two others of its island, in a random
    subset of its coordinates, stiff ones more often; now and then by the whole difference, which carries it from one
    account of the claims to another (ter Braak 2006, *Statistics and Computing* 16, 239–249;
    Vrugt et al. 2009, *Int. J. Nonlinear Sci. Numer. Simul.* 10(3), 273–290).
    """
    key, pick, mask, jitter, decide = jax.random.split(state.key, 5)
    size, particles = state.position.shape
    shifts = jax.random.choice(pick, particles - 1, (2,), replace=False) + 1
    other, another = (jnp.roll(state.position, shift, axis=1) for shift in shifts)
    share_key, mask_key = jax.random.split(mask)
    share = jnp.asarray(_SHARES)[jax.random.randint(share_key, (particles,), 0, len(_SHARES))]
    chosen = jax.random.uniform(mask_key, (size, particles)) < share * stiffness[:, None]
    count = jnp.maximum(jnp.sum(chosen, axis=0), 1)
    scale_key, whole_key, noise_key = jax.random.split(jitter, 3)
    scale = 2.38 / jnp.sqrt(2.0 * count) * jax.random.uniform(scale_key, (particles,), minval=0.3, maxval=1.2)
    scale = jnp.where(jax.random.uniform(whole_key, (particles,)) < _WHOLE, 1.0, scale)
    noise = 1e-4 * jax.random.normal(noise_key, state.position.shape, state.position.dtype)
    proposal = state.position + chosen * (scale * (other - another) + noise)
    value = target.log_likelihood(proposal, state.hypotheses)
    prior = 0.5 * jnp.sum(state.position**2 - proposal**2, axis=0)
    gain = state.power * (value - state.log_likelihood) + prior
    accept = jnp.log(jax.random.uniform(decide, gain.shape, minval=1e-12)) < gain
    return state._replace(
        key=key,
        position=jnp.where(accept, proposal, state.position),
        log_likelihood=jnp.where(accept, value, state.log_likelihood),
    )


def _flip(target: Target, key: Array, state: _State) -> _State:
    """Propose new hypotheses from their prior, and accept them by the likelihood at this power."""
    propose, decide = jax.random.split(key)
    fresh = jax.random.normal(propose, state.hypotheses.shape, state.hypotheses.dtype)
    value = target.log_likelihood(state.position, fresh)
    gain = state.power * (value - state.log_likelihood)
    accept = jnp.log(jax.random.uniform(decide, gain.shape, minval=1e-12)) < gain
    return state._replace(
        hypotheses=jnp.where(accept, fresh, state.hypotheses),
        log_likelihood=jnp.where(accept, value, state.log_likelihood),
    )

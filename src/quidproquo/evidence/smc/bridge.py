"""From worlds of one posterior to those of another, without a program of its own.

Worlds that were conditioned on the claims are near those of a what-if: without an origin, say, or with an
answer to a hypothesis that is as probable as all its others together. They are taken there along a path of
posteriors by sequential Monte Carlo: weights along the path, of which each step keeps a share effective,
then resampling, then moves (Del Moral, Doucet & Jasra 2006, *JRSS B* 68, 411–436). The moves are those of
the program that conditioned the worlds, with other numbers as arguments.

An island begins with a pool: the worlds of several islands of the run, which it shares with no other
island, so that how islands differ is an honest measure of error. Random numbers don't depend on what is
asked: answers to several questions have much of their errors in common (see `sensitivity.control_variate`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, Key
from scipy import special

from quidproquo.evidence.smc.block_normals import fit_block_normals
from quidproquo.evidence.smc.compiled import path_between, temper_program
from quidproquo.evidence.smc.evaluate import item_log_lik
from quidproquo.evidence.smc.islands import PosteriorDraws, collect_draws, islands_per_batch
from quidproquo.evidence.smc.kernels import Cloud, split_islands, stack_islands
from quidproquo.evidence.smc.mode_jumps import ModeJumps
from quidproquo.evidence.smc.proposals import LearnedProposals, no_proposals
from quidproquo.evidence.smc.resampling import resample
from quidproquo.evidence.smc.target import Target, TargetInputs
from quidproquo.evidence.smc.tempering import Schedule, State, at_start
from quidproquo.evidence.smc.tilt import Tilt, tilt_of
from quidproquo.terms.errors import EvidenceError, sentence
from quidproquo.worlds.runtime import parallel_map

__all__ = ["BridgeSettings", "bridge_to_powers", "bridge_to_state"]

_HALVINGS = 40
_LAST = 1 << 20  # number of the last moves, beyond that of any step
_MOST_TILT = 14.0  # of log odds, beyond which a state is out of reach
_TILT_STEP = math.log(16.0)  # at most, where few particles show how far to go
_NEAR = math.log(2.0)  # of log odds, within which a state holds in about half of the worlds


@dataclass(frozen=True)
class BridgeSettings:
    """How worlds are taken along a path.

    `keep` is the share of effective particles after a step, of which there are at most `most_steps`;
    `sweeps` follow each step, and `final_sweeps` the last one. There are at most so many `islands`.
    """

    islands: int = 8
    keep: float = 0.5
    sweeps: int = 1
    final_sweeps: int = 8
    most_steps: int = 40


class Particles(NamedTuple):
    """Where the particles of every island are, the log-likelihood of their items, and how often they moved."""

    position: Float[np.ndarray, "island particle moved"]
    item_log_lik: Float[np.ndarray, "island particle item"]
    acceptance: Float[np.ndarray, "island particle"]

    def chosen(self, index: Int[np.ndarray, "island chosen"]) -> Particles:
        """Those of these numbers, `[island, chosen]`."""
        rows = np.arange(len(index))[:, None]
        return Particles(*(array[rows, index] for array in self))


@runtime_checkable
class Path(Protocol):
    """Posteriors from the one that there are worlds of, at 0, to another one."""

    def slope(self, particles: Particles) -> Float[np.ndarray, "island particle"]:
        """How fast the log density of each particle grows along the path."""
        ...

    def end(self, at: float, particles: Particles) -> tuple[float, bool]:
        """How far to go, as far as that is known at a place of the path, and whether it ends there."""
        ...

    def moved(self, mover: Mover, at: float, how: Moves, particles: Particles) -> Particles:
        """Particles moved at a place of the path."""
        ...


class Moves(NamedTuple):
    """How particles are moved: the number that random numbers are keyed by, sweeps, and mode jumps if any."""

    number: int
    sweeps: int
    jumps: ModeJumps | None = None


@dataclass(frozen=True)
class Mover:
    """The compiled program that moves the particles of `per_batch` islands side by side."""

    key: Key[Array, ""]
    target: Target
    per_batch: int
    particles: int
    program: Callable[..., State]
    unfitted: LearnedProposals

    def rng(self, number: int) -> np.random.Generator:
        """Random numbers of a step for use outside the program."""
        return np.random.default_rng(np.asarray(jax.random.key_data(jax.random.fold_in(self.key, number))))

    def moved(
        self,
        inputs: TargetInputs,
        powers: Float[np.ndarray, " item"],
        how: Moves,
        particles: Particles,
    ) -> Particles:
        """Particles after some sweeps, with normal distributions of the blocks fitted to all of them."""
        every = particles.position.reshape(-1, particles.position.shape[2])
        proposals = self.unfitted._replace(block_normals=fit_block_normals(every, self.target.blocks))
        if how.jumps is not None:
            proposals = proposals._replace(mode_jumps=how.jumps)
        step, schedule = jax.random.fold_in(self.key, how.number), Schedule.of(0, how.sweeps)
        path = path_between(powers, powers, self.per_batch)

        def one(first: int) -> Particles:
            own = slice(first, first + self.per_batch)
            begin = _state(Particles(*(array[own] for array in particles)))
            after = self.program(inputs, jax.random.fold_in(step, first), begin, path, schedule, proposals)
            return _particles(jax.device_get(after))

        batches = parallel_map(one, list(range(0, len(particles.position), self.per_batch)))
        return Particles(*(np.concatenate(arrays) for arrays in zip(*batches, strict=True)))


def _state(particles: Particles) -> State:
    """Islands side by side at the end of their path."""
    position, known = (
        stack_islands([own.T for own in rows]) for rows in (particles.position, particles.item_log_lik)
    )
    islands = len(particles.position)
    accepted = stack_islands([own[None] for own in particles.acceptance])[0]
    return at_start(Cloud(position, known, accepted), islands)._replace(
        power=jnp.asarray(np.ones(islands, np.float32))
    )


def _particles(state: State) -> Particles:
    position, known, accepted = (
        split_islands(np.asarray(rows), len(state.power))
        for rows in (state.cloud.position, state.cloud.item_log_lik, state.cloud.acceptance[None])
    )
    return Particles(position, known, accepted[:, :, 0])


@dataclass(frozen=True)
class _PowerPath:
    """Each item's power changes evenly from 1 to its own."""

    target: Target
    powers: Float[np.ndarray, " item"]

    def slope(self, particles: Particles) -> Float[np.ndarray, "island particle"]:
        gained = self.powers - 1.0
        some = np.flatnonzero(gained)
        # summed item by item: a product of matrices may depend on the number of threads
        return np.asarray((gained[some] * particles.item_log_lik[:, :, some].astype(np.float64)).sum(axis=2))

    def end(self, at: float, particles: Particles) -> tuple[float, bool]:  # noqa: ARG002
        return 1.0, True

    def moved(self, mover: Mover, at: float, how: Moves, particles: Particles) -> Particles:
        return mover.moved(self.target.inputs, 1.0 + at * (self.powers - 1.0), how, particles)


@dataclass(frozen=True)
class _TiltPath:
    """The log odds of a hypothesis's state grow, or fall, until it holds in half of the worlds."""

    target: Target
    tilt: Tilt

    def slope(self, particles: Particles) -> Float[np.ndarray, "island particle"]:
        return self._holds(particles).astype(np.float64)

    def end(self, at: float, particles: Particles) -> tuple[float, bool]:
        if abs(at) > _MOST_TILT:
            remedy = "take the answer to be out of reach"
            found = f"{math.exp(abs(at)):.0e} times as great as they are"
            raise EvidenceError(sentence("what-if", "odds of an answer", found, "less", remedy))
        share = float(self._holds(particles).mean())
        with np.errstate(divide="ignore"):
            missing = -float(special.logit(share))
        # a share that few worlds showed is looked at once more after they have moved
        return at + float(np.clip(missing, -_TILT_STEP, _TILT_STEP)), abs(missing) <= _NEAR

    def moved(self, mover: Mover, at: float, how: Moves, particles: Particles) -> Particles:
        inputs, ones = self.tilt.inputs_at(self.target.inputs, at), np.ones(len(self.target.ids))
        begin = self._placed(particles, self.tilt.into(particles.position[..., self.tilt.row], at))
        after = mover.moved(inputs, ones, how, begin)
        return self._placed(after, self.tilt.out_of(after.position[..., self.tilt.row], at))

    def _holds(self, particles: Particles) -> Bool[np.ndarray, "island particle"]:
        return self.tilt.holds(particles.position[..., self.tilt.row])

    def _placed(self, particles: Particles, row: Float[np.ndarray, "island particle"]) -> Particles:
        position = particles.position.copy()
        position[..., self.tilt.row] = row
        return particles._replace(position=position)


def bridge_to_powers(
    key: Key[Array, ""],
    target: Target,
    start: PosteriorDraws,
    powers: Float[np.ndarray, " item"],
    settings: BridgeSettings | None = None,
) -> PosteriorDraws:
    """Worlds of the posterior in which each item counts with its power, from 0 (left out) to 1 (as before).

    `start` are worlds of the posterior of the target.

    Raises:
        EvidenceError: if the worlds don't get there.
    """
    return _bridged(key, target, start, _PowerPath(target, powers), settings or BridgeSettings())


def bridge_to_state(
    key: Key[Array, ""],
    target: Target,
    start: PosteriorDraws,
    about: tuple[str, int],
    settings: BridgeSettings | None = None,
) -> PosteriorDraws:
    """Worlds of the posterior with such prior odds that a state of a hypothesis holds in half of them.

    `about` is the hypothesis and the index of the state. Given the state, and given any other, the worlds are
    distributed as without the change, so weights turn them into those of any probability of the state.

    Raises:
        EvidenceError: if no claim bears on the hypothesis, or the worlds don't get there.
    """
    path = _TiltPath(target, tilt_of(target, *about))
    return _bridged(key, target, start, path, settings or BridgeSettings())


def _bridged(
    key: Key[Array, ""], target: Target, start: PosteriorDraws, path: Path, settings: BridgeSettings
) -> PosteriorDraws:
    mover, pool = _begun(key, target, start, settings)
    particles, steps, at = _along(mover, path, pool, settings)
    last = Moves(_LAST, settings.final_sweeps, start.proposals.mode_jumps)
    particles = path.moved(mover, at, last, particles)
    islands = len(particles.position)
    state = _state(particles)._replace(rounds=jnp.asarray(np.full(islands, steps, np.int32)))
    return collect_draws(key, target, [[state]], islands * mover.particles, start.proposals)


def _begun(
    key: Key[Array, ""], target: Target, start: PosteriorDraws, settings: BridgeSettings
) -> tuple[Mover, Particles]:
    """The program, and the pool of each island: worlds of every so manieth island of the run."""
    of_run = len(np.unique(start.island))
    per_batch = islands_per_batch(of_run, start.particles)
    islands = max(min(settings.islands, of_run) // per_batch, 1) * per_batch
    pools = [np.flatnonzero(start.island % islands == island) for island in range(islands)]
    # as large as the smallest, and of an island of few worlds some twice
    size = max(min(map(len, pools)), start.particles)
    rows = np.stack([pool[np.arange(size) * len(pool) // size] for pool in pools])
    position = np.concatenate([start.z[:, target.active], start.biases], axis=1).astype(np.float32)[rows]
    known = item_log_lik(target, position.reshape(rows.size, -1).T).T.reshape(*rows.shape, -1)
    program = temper_program(target, (per_batch, start.particles))
    mover = Mover(key, target, per_batch, start.particles, program, no_proposals(target.blocks))
    return mover, Particles(position, known, np.ones(rows.shape, np.float32))


def _along(
    mover: Mover, path: Path, pool: Particles, settings: BridgeSettings
) -> tuple[Particles, int, float]:
    """Particles at the end of a path, the steps that they took, and where it ends.

    Raises:
        EvidenceError: if the path is too long.
    """
    particles, at = pool, 0.0
    for step in range(settings.most_steps):
        slope = path.slope(particles)
        end, last = path.end(at, particles)
        least = min(settings.keep, mover.particles / slope.shape[1]) if step == 0 else settings.keep
        share = _step(slope * (end - at), least)
        weights = special.softmax(share * (end - at) * slope, axis=1)
        rng = mover.rng(2 * step)
        particles = particles.chosen(np.stack([resample(rng, own, mover.particles) for own in weights]))
        at += share * (end - at)
        if last and share == 1.0:
            return particles, step + 1, at
        particles = path.moved(mover, at, Moves(2 * step + 1, settings.sweeps), particles)
    raise EvidenceError(
        sentence(
            "what-if",
            "steps from the claims' posterior",
            f"more than {settings.most_steps}",
            "fewer",
            "make a smaller change",
        )
    )


def _step(log_ratio: Float[np.ndarray, "island particle"], keep: float) -> float:
    """The largest share of a step, at most 1, that keeps so many particles effective, by bisection."""

    def enough(share: float) -> bool:
        weights = special.softmax(share * log_ratio, axis=1)
        return bool(np.mean(1.0 / (weights**2).sum(axis=1)) >= keep * log_ratio.shape[1])

    if enough(1.0):
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if enough(middle) else (low, middle)
    # a step must be made even where the first weights are very uneven
    return max(low, 1e-6)

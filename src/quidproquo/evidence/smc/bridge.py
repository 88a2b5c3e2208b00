"""From worlds of one posterior to those of another, without a program of its own.

Worlds that were conditioned on the claims are near those of a what-if: without an origin, say, or with an
answer to a hypothesis that is as probable as all its others together; and near those of a case with a claim
more. They are taken there along a path of posteriors by sequential Monte Carlo: weights along the path, of
which each step keeps a share effective, then resampling, then moves (Del Moral, Doucet & Jasra 2006, *JRSS B*
68, 411–436). Moves are those of the program that conditioned the worlds, with other numbers as arguments.

What that program doesn't know is corrected for (see `mover`). Where a claim that held worlds together is left
out, coordinates have far to go: those that grow much wider on the path are moved alone as well, and the last
moves go on while any still does.

An island begins with a pool: the worlds of several islands of the run, which it shares with no other
island, so that how islands differ is an honest measure of error. Random numbers don't depend on what is
asked: answers to several questions have much of their errors in common (see `sensitivity.control_variate`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float, Int, Key
from scipy import special

from quidproquo.evidence.smc.compiled import temper_program
from quidproquo.evidence.smc.extension import Extension
from quidproquo.evidence.smc.islands import PosteriorDraws, collect_draws, islands_per_batch, rank_correlation
from quidproquo.evidence.smc.mode_jumps import ModeJumps
from quidproquo.evidence.smc.mover import Law, Mover, Particles, Path, Position, Sweeps, side_by_side, weighed
from quidproquo.evidence.smc.proposals import no_proposals
from quidproquo.evidence.smc.resampling import resample
from quidproquo.evidence.smc.tempering import State
from quidproquo.evidence.smc.tilt import Tilt, tilt_of
from quidproquo.terms.errors import EvidenceError, sentence
from quidproquo.worlds import streams

__all__ = ["BridgeSettings", "bridge_to_claims", "bridge_to_powers", "bridge_to_state"]

_HALVINGS = 40
_LAST = 1 << 20  # number of the last moves, beyond that of any step
_MOST_TILT = 14.0  # of log odds, beyond which a state is out of reach
_TILT_STEP = math.log(16.0)  # at most, where few particles show how far to go
_WIDER = 1.2  # times as wide as before is far wider
_CHANCE = 2.0  # standard errors by which a row must grow that is far wider than at the start
_LEAST_WIDTH = 1e-6
_MOST_FREED = 4  # rows that are moved alone
_MOST_FURTHER = 4  # parts of the last moves that are made beyond their number
_NEAR = math.log(2.0)  # of log odds, within which a state holds in about half of the worlds
_LEAST_ACCEPTED = 0.02  # share of sweeps; below it the program doesn't move worlds where they are wanted


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


@dataclass(frozen=True)
class _CountsPath:
    """How each column counts changes evenly, in the posterior and in the program's moves."""

    begin: Law
    finish: Law

    def slope(self, particles: Particles) -> Float[np.ndarray, "island particle"]:
        return weighed(self.finish.counts - self.begin.counts, particles)

    def end(self, at: float, particles: Particles) -> tuple[float, bool]:  # noqa: ARG002
        return 1.0, True

    def law(self, at: float) -> Law:
        counts, moves = (
            one + at * (other - one) for one, other in zip(self.begin[:2], self.finish[:2], strict=True)
        )
        return Law(counts, moves, self.begin.inputs)

    def into(self, position: Position, at: float) -> Position:  # noqa: ARG002
        return position

    def out_of(self, position: Position, at: float) -> Position:  # noqa: ARG002
        return position


@dataclass(frozen=True)
class _TiltPath:
    """The log odds of a hypothesis's state grow, or fall, until it holds in half of the worlds."""

    tilt: Tilt
    base: Law

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

    def law(self, at: float) -> Law:
        return self.base._replace(inputs=self.tilt.inputs_at(self.base.inputs, at))

    def into(self, position: Position, at: float) -> Position:
        return self._placed(position, self.tilt.into(position[..., self.tilt.row], at))

    def out_of(self, position: Position, at: float) -> Position:
        return self._placed(position, self.tilt.out_of(position[..., self.tilt.row], at))

    def _holds(self, particles: Particles) -> Bool[np.ndarray, "island particle"]:
        return self.tilt.holds(particles.position[..., self.tilt.row])

    def _placed(self, position: Position, row: Float[np.ndarray, "island particle"]) -> Position:
        found = position.copy()
        found[..., self.tilt.row] = row
        return found


def bridge_to_powers(
    key: Key[jax.Array, ""],
    extension: Extension,
    start: PosteriorDraws,
    powers: Float[np.ndarray, " item"],
    settings: BridgeSettings | None = None,
) -> PosteriorDraws:
    """Worlds of the posterior in which each item counts with its power, from 0 (left out) to 1 (as before).

    `start` are worlds of the posterior of the extension's target.

    Raises:
        EvidenceError: if the worlds don't get there.
    """
    begin, finish = (_law(extension, some) for some in (np.ones(len(powers)), powers))
    return _bridged(key, extension, start, _CountsPath(begin, finish), settings or BridgeSettings())


def bridge_to_state(
    key: Key[jax.Array, ""],
    extension: Extension,
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
    base = _law(extension, np.ones(len(extension.target.ids)))
    path = _TiltPath(tilt_of(extension.program, *about), base)
    return _bridged(key, extension, start, path, settings or BridgeSettings())


def _law(extension: Extension, powers: Float[np.ndarray, " item"]) -> Law:
    return Law(*extension.powers(powers), extension.program.inputs)


def bridge_to_claims(
    key: Key[jax.Array, ""],
    extension: Extension,
    start: PosteriorDraws,
    worlds: int,
    settings: BridgeSettings | None = None,
) -> PosteriorDraws:
    """Worlds of the posterior of the extension's target, from those of the program's target as it was before.

    Raises:
        EvidenceError: if the worlds don't get there, or the program hardly moves them there.
    """
    chosen = settings or BridgeSettings()
    islands = len(np.unique(start.island))
    mover, path = _mover(key, extension, start), _path_to_claims(extension)
    position = _position_before(key, extension, start)[_pools(start, islands)]
    end = _along(mover, path, mover.looked_at(position), chosen)
    kept = max(-(-worlds // (islands * mover.particles)), 1)
    passed = _settled(mover, path, end, (chosen.final_sweeps, kept), start.proposals.mode_jumps)
    accepted = min(float(particles.accepted.mean()) for particles in passed)
    if accepted < _LEAST_ACCEPTED:
        remedy = "condition the worlds from the prior"
        allowed = f"at least {_LEAST_ACCEPTED:.0%}"
        raise EvidenceError(sentence("bridge", "moves accepted", f"{accepted:.1%}", allowed, remedy))
    moved = position.shape[2]
    order = rank_correlation(*(each.position.reshape(-1, moved) for each in (end.particles, passed[-1])))
    states = [_collected(extension, particles, end.steps) for particles in passed]
    found = collect_draws(key, extension.target, [states], worlds, start.proposals)
    return replace(found, max_rank_correlation=float(order.max()), changes=extension.changes)


def _path_to_claims(extension: Extension) -> _CountsPath:
    """From all items of before to those of the target.

    Items with other numbers count by their old ones at first; what is gone counts less and less; what
    stands in for an added item leaves the posterior, but goes on moving worlds.
    """
    counts, moves = extension.powers(np.ones(len(extension.target.ids)))
    added = len(extension.added)
    known, renewed = len(moves), extension.renewed
    start = np.concatenate([np.ones(known), np.zeros(added), np.ones(len(renewed))])
    start[renewed] = 0.0
    begin = Law(start, start[:known].copy(), extension.program.inputs)
    finish = Law(np.concatenate([counts, np.zeros(len(renewed))]), moves, extension.program.inputs)
    return _CountsPath(begin, finish)


def _position_before(
    key: Key[jax.Array, ""], extension: Extension, start: PosteriorDraws
) -> Float[np.ndarray, "world row"]:
    """Worlds of before as positions; coordinates that nothing depended on lie where their prior has them."""
    known = np.concatenate([start.z[:, extension.before.active], start.biases], axis=1)
    further = start.z[:, extension.extra_coordinates]
    biases = streams.normals(key, extension.extra_biases, len(start.z))
    return np.concatenate([known, further, biases], axis=1).astype(np.float32)


def _bridged(
    key: Key[jax.Array, ""],
    extension: Extension,
    start: PosteriorDraws,
    path: Path,
    settings: BridgeSettings,
) -> PosteriorDraws:
    mover = replace(_mover(key, extension, start), compares=False)
    islands = max(min(settings.islands, len(np.unique(start.island))) // mover.per_batch, 1) * mover.per_batch
    rows = _pools(start, islands)
    otherwise = streams.normals(key, extension.names, len(start.z))
    position = extension.position(start.z, start.biases, otherwise)[rows]
    end = _along(mover, path, mover.looked_at(position), settings)
    particles = _settled(mover, path, end, (settings.final_sweeps, 1), start.proposals.mode_jumps)[-1]
    states = [[_collected(extension, particles, end.steps)]]
    return collect_draws(key, extension.target, states, islands * mover.particles, start.proposals)


def _mover(key: Key[jax.Array, ""], extension: Extension, start: PosteriorDraws) -> Mover:
    per_batch = islands_per_batch(len(np.unique(start.island)), start.particles)
    program = temper_program(extension.program, (per_batch, start.particles))
    unfitted = no_proposals(extension.program.blocks)
    return Mover(key, extension, per_batch, start.particles, program, unfitted, compares=True)


def _pools(start: PosteriorDraws, islands: int) -> Int[np.ndarray, "island world"]:
    """The worlds that each island begins with: those of every so manieth island of the run, equally many."""
    pools = [np.flatnonzero(start.island % islands == island) for island in range(islands)]
    # of an island of few worlds some twice
    size = max(min(map(len, pools)), start.particles)
    return np.stack([pool[np.arange(size) * len(pool) // size] for pool in pools])


def _collected(extension: Extension, particles: Particles, steps: int) -> State:
    """Particles as positions of the target, all islands side by side."""
    shape, rows = particles.position.shape[:2], particles.position.reshape(-1, particles.position.shape[2])
    position = extension.of_target(rows).reshape(*shape, -1)
    found = side_by_side(position, particles.log_lik, particles.accepted)
    return found._replace(rounds=jnp.asarray(np.full(shape[0], steps, np.int32)))


class _End(NamedTuple):
    """Particles at the end of a path, where that is, and the steps it took.

    `widths` are the standard deviations of the program's rows at the path's start, and `freed` the rows that have
    grown far wider since.
    """

    particles: Particles
    at: float
    steps: int
    widths: Float[np.ndarray, " moved"]
    freed: tuple[int, ...]


def _along(mover: Mover, path: Path, pool: Particles, settings: BridgeSettings) -> _End:
    """Particles taken to the end of a path.

    Raises:
        EvidenceError: if the path is too long.
    """
    particles, at, widths = pool, 0.0, _widths(mover, pool)
    for step in range(settings.most_steps):
        slope = path.slope(particles)
        end, last = path.end(at, particles)
        least = min(settings.keep, mover.particles / slope.shape[1]) if step == 0 else settings.keep
        share = _step(slope * (end - at), least)
        weights = special.softmax(share * (end - at) * slope, axis=1)
        freed = _wider(widths, _widths(mover, particles, weights))
        rng = mover.rng(2 * step)
        particles = particles.chosen(np.stack([resample(rng, own, mover.particles) for own in weights]))
        at += share * (end - at)
        if last and share == 1.0:
            return _End(particles, at, step + 1, widths, freed)
        particles = mover.moved(path, at, Sweeps(2 * step + 1, settings.sweeps, None, freed), particles)
    found = f"more than {settings.most_steps}"
    remedy = "make a smaller change"
    raise EvidenceError(sentence("what-if", "steps from the claims' posterior", found, "fewer", remedy))


def _settled(
    mover: Mover, path: Path, end: _End, times: tuple[int, int], jumps: ModeJumps | None
) -> list[Particles]:
    """Particles after the last moves; `times` are the number of sweeps and how many states are wanted of them.

    Unless one short step led here, the first part of the sweeps is followed by further ones while rows grow
    wider. How wide they are is seen over all islands, and says nothing of which particle is where.
    """
    sweeps, kept = times
    near = end.steps == 1 and not end.freed
    parts = kept if near else max(kept, 2)
    each, particles, freed = -(-sweeps // parts), end.particles, end.freed
    # of the ratio of two independent standard deviations
    chance = 1.0 + _CHANCE / math.sqrt(particles.accepted.size)
    for number in (0, *range(parts, parts + _MOST_FURTHER)):
        before = particles
        particles = mover.moved(path, end.at, Sweeps(_LAST + number, each, jumps, freed), particles)
        if near:
            break
        old, new = _widths(mover, before), _widths(mover, particles)
        freed = _wider(end.widths, new)
        if not (_wider(old, new) or any(new[row] > chance * old[row] for row in freed)):
            break
    passed = [particles]
    for number in range(1, parts):
        how = Sweeps(_LAST + number, each, jumps, freed)
        passed.append(mover.moved(path, end.at, how, passed[-1]))
    return passed[-kept:]


def _widths(
    mover: Mover, particles: Particles, weights: Float[np.ndarray, "island particle"] | None = None
) -> Float[np.ndarray, " moved"]:
    """Standard deviations of the program's rows, over all islands."""
    position = particles.position[..., : len(mover.extension.program.names)].astype(np.float64)
    shape = position.shape[:2]
    share = np.full(shape, 1.0 / shape[1]) if weights is None else weights
    share = share[..., None] / shape[0]
    mean = (share * position).sum(axis=(0, 1))
    found: Float[np.ndarray, " moved"] = np.sqrt((share * (position - mean) ** 2).sum(axis=(0, 1)))
    return found


def _wider(before: Float[np.ndarray, " moved"], after: Float[np.ndarray, " moved"]) -> tuple[int, ...]:
    """The rows that are far wider than before, those that grew most first: a few at most.

    A claim that held them counts less. The program moves whole blocks, by distributions fitted to where most
    particles are, and so widens such a row by little at a time.
    """
    ratio = after / np.maximum(before, _LEAST_WIDTH)
    widest = np.argsort(-ratio, kind="stable")[:_MOST_FREED]
    return tuple(int(row) for row in widest if ratio[row] > _WIDER)


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

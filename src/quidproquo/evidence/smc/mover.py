"""The moves of a bridge: those of a program, corrected for what it doesn't know.

Where the posterior holds what the program doesn't know (see `extension`), a sweep of it is a proposal: with
π the posterior that the program moves by, and p the one that is wanted, it goes from x to y and is accepted
with the probability min(1, p(y)·π(x) / (p(x)·π(y))). As a sweep is reversible for π, this leaves p invariant
(the surrogate transition method: Liu 2001, *Monte Carlo Strategies in Scientific Computing*, section 9.4.3).
Coordinates that the program doesn't know are moved one by one in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias, runtime_checkable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float, Int, Key

from quidproquo.evidence.smc.block_normals import fit_block_normals
from quidproquo.evidence.smc.compiled import path_between
from quidproquo.evidence.smc.evaluate import item_log_lik
from quidproquo.evidence.smc.extension import Extension
from quidproquo.evidence.smc.kernels import Cloud, split_islands, stack_islands
from quidproquo.evidence.smc.mode_jumps import ModeJumps
from quidproquo.evidence.smc.proposals import LearnedProposals
from quidproquo.evidence.smc.target import TargetInputs
from quidproquo.evidence.smc.tempering import Schedule, State, at_start
from quidproquo.worlds.runtime import parallel_map

__all__ = ["Law", "Mover", "Particles", "Path", "Place", "Position", "Sweeps", "side_by_side", "weighed"]

_ALONE = 1 << 16  # part of a step for moves of single rows after its sweeps
_REFIT = 2  # sweeps after which proposals are fitted again where rows grow wider
_FRESH, _LEAST_STEP = 0.5, 0.05  # of the moves of single coordinates, as in `kernels`

Position: TypeAlias = Float[np.ndarray, "island particle row"]


class Particles(NamedTuple):
    """Where particles are, and what is known there.

    Columns of `log_lik` are the items of the program, the added ones, and those that had other numbers before
    (see `Extension`); `predicted` is what particles say about the added ones. `accepted` is the share of
    proposals accepted lately.
    """

    position: Float[np.ndarray, "island particle row"]
    log_lik: Float[np.ndarray, "island particle column"]
    predicted: Float[np.ndarray, "island particle added"]
    accepted: Float[np.ndarray, "island particle"]

    def chosen(self, index: Int[np.ndarray, "island chosen"]) -> Particles:
        """Those of these numbers."""
        rows = np.arange(len(index))[:, None]
        return Particles(*(array[rows, index] for array in self))

    def where(self, accepted: Bool[np.ndarray, "island particle"], other: Particles) -> Particles:
        """Those of `other` where they are accepted."""
        pairs = zip(self, other, strict=True)
        return Particles(
            *(np.where(accepted[..., None] if old.ndim == 3 else accepted, new, old) for old, new in pairs)
        )


class Law(NamedTuple):
    """A posterior of a path: how each column counts in it, and in the moves of the program, with its numbers."""

    counts: Float[np.ndarray, " column"]
    moves: Float[np.ndarray, " item"]
    inputs: TargetInputs


class Sweeps(NamedTuple):
    """How particles are moved: the number that random numbers are keyed by, how often, and mode jumps if any.

    Rows of the program in `freed` are moved alone as well.
    """

    number: int
    times: int
    jumps: ModeJumps | None = None
    freed: tuple[int, ...] = ()


@runtime_checkable
class Path(Protocol):
    """Posteriors from the one that there are worlds of, at 0, to another one."""

    def slope(self, particles: Particles) -> Float[np.ndarray, "island particle"]:
        """How fast the log density of each particle grows along the path."""
        ...

    def end(self, at: float, particles: Particles) -> tuple[float, bool]:
        """How far to go, as far as that is known at a place of the path, and whether it ends there."""
        ...

    def law(self, at: float) -> Law:
        """The posterior at a place of the path."""
        ...

    def into(self, position: Position, at: float) -> Position:
        """The same worlds, as the law at a place of the path takes them."""
        ...

    def out_of(self, position: Position, at: float) -> Position:
        """The way back."""
        ...


class Place(NamedTuple):
    """A place of a path: the posterior there, and the proposals that are made."""

    path: Path
    at: float
    law: Law
    proposals: LearnedProposals


@dataclass(frozen=True)
class Mover:
    """The program that moves the particles of `per_batch` islands side by side, and what it doesn't know.

    `compares` says whether items by their numbers of before are looked at, too.
    """

    key: Key[jax.Array, ""]
    extension: Extension
    per_batch: int
    particles: int
    program: Callable[..., State]
    unfitted: LearnedProposals
    compares: bool

    def rng(self, number: int, part: int = 0) -> np.random.Generator:
        """Random numbers of a step for use outside the program."""
        key = jax.random.fold_in(jax.random.fold_in(self.key, number), part)
        return np.random.default_rng(np.asarray(jax.random.key_data(key)))

    def looked_at(self, position: Float[np.ndarray, "island particle row"]) -> Particles:
        """Particles with all that is known where they are."""
        rows = position.reshape(-1, position.shape[2])
        moved = len(self.extension.program.names)
        known = item_log_lik(self.extension.program, rows[:, :moved].T).T
        return self._known_at(position, known.reshape(*position.shape[:2], -1))

    def moved(self, path: Path, at: float, how: Sweeps, particles: Particles) -> Particles:
        """Particles moved at a place of the path, by distributions of the blocks fitted to all of them.

        Where rows are moved alone, which have far to go, distributions are fitted again every few sweeps: they
        must widen as the particles do.
        """
        law = path.law(at)
        beyond = law.counts - np.pad(law.moves, (0, len(law.counts) - len(law.moves)))
        each = min(_REFIT, how.times) if how.freed else how.times
        for first in range(0, how.times, each):
            place = Place(path, at, law, self._fitted(path.into(particles.position, at), how))
            turns = range(first, min(first + each, how.times))
            if not beyond.any():
                particles = self._swept(place, (how.number, first), len(turns), particles)
            else:
                for turn in turns:
                    particles = self._corrected(place, beyond, (how.number, turn), particles)
            if how.freed:
                rng = self.rng(how.number, _ALONE + first)
                particles = self._alone_moved(place, how.freed, rng, particles)
        return particles

    def _alone_moved(
        self, place: Place, rows: tuple[int, ...], rng: np.random.Generator, particles: Particles
    ) -> Particles:
        """Of each particle one of these rows of the program, chosen by chance, moved towards its prior."""
        into = particles._replace(position=place.path.into(particles.position, place.at))
        row = np.asarray(rows)[rng.integers(len(rows), size=particles.accepted.shape)]
        position = place.path.out_of(self._towards_prior(row, rng, into), place.at)
        proposed = self.looked_at(position)._replace(accepted=particles.accepted)
        return self._kept(place.law, rng, particles, proposed)

    def _fitted(self, position: Float[np.ndarray, "island particle row"], how: Sweeps) -> LearnedProposals:
        moved = len(self.extension.program.names)
        every = position[..., :moved].reshape(-1, moved)
        fitted = fit_block_normals(every, self.extension.program.blocks)
        found = self.unfitted._replace(block_normals=fitted)
        return found if how.jumps is None else found._replace(mode_jumps=how.jumps)

    def _corrected(
        self,
        place: Place,
        beyond: Float[np.ndarray, " column"],
        number: tuple[int, int],
        particles: Particles,
    ) -> Particles:
        """One sweep, accepted or rejected as a whole; then the coordinates that the program doesn't know."""
        rng = self.rng(number[0], number[1] + 1)
        proposed = self._swept(place, number, 1, particles)
        gain = weighed(beyond, proposed) - weighed(beyond, particles)
        accepted = np.log(rng.uniform(size=gain.shape)) < gain
        found = particles.where(accepted, proposed)
        found = found._replace(accepted=proposed.accepted * accepted)
        for row in range(len(self.extension.program.names), found.position.shape[2]):
            found = self._one_moved(place.law, row, rng, found)
        return found

    def _one_moved(self, law: Law, row: int, rng: np.random.Generator, particles: Particles) -> Particles:
        """A coordinate moved towards a draw from its prior: a preconditioned Crank–Nicolson step."""
        position = self._towards_prior(np.full(particles.accepted.shape, row), rng, particles)
        coordinate = row < len(self.extension.program.names) + len(self.extension.extra_coordinates)
        known = particles.log_lik[..., : len(law.moves)]
        proposed = self._known_at(position, known, None if coordinate else particles.predicted, particles)
        return self._kept(law, rng, particles, proposed._replace(accepted=particles.accepted))

    def _towards_prior(
        self, row: Int[np.ndarray, "island particle"], rng: np.random.Generator, particles: Particles
    ) -> Position:
        """Particles with one row each moved towards a draw from its prior, which the step leaves invariant."""
        shape = row.shape
        partial = _LEAST_STEP + (1.0 - _LEAST_STEP) * rng.uniform(size=shape)
        step = np.where(rng.uniform(size=shape) < _FRESH, 1.0, partial)
        position, at = particles.position.copy(), row[..., None]
        old = np.take_along_axis(position, at, axis=2)[..., 0]
        new = np.sqrt(1.0 - step**2) * old + step * rng.standard_normal(shape)
        np.put_along_axis(position, at, new[..., None], axis=2)
        return position

    def _kept(
        self, law: Law, rng: np.random.Generator, particles: Particles, proposed: Particles
    ) -> Particles:
        """Proposals that leave the prior invariant, where they are accepted."""
        gain = weighed(law.counts, proposed) - weighed(law.counts, particles)
        accepted = np.log(rng.uniform(size=gain.shape)) < gain
        return particles.where(accepted, proposed)

    def _swept(self, place: Place, number: tuple[int, int], count: int, particles: Particles) -> Particles:
        """Particles moved by the program, batch by batch, and looked at again."""
        law, into = place.law, place.path.into(particles.position, place.at)
        step = jax.random.fold_in(jax.random.fold_in(self.key, number[0]), number[1])
        path, schedule = path_between(law.moves, law.moves, self.per_batch), Schedule.of(0, count)
        moved, known = len(self.extension.program.names), len(law.moves)

        def one(first: int) -> tuple[np.ndarray, ...]:
            own = slice(first, first + self.per_batch)
            begin = side_by_side(
                into[own, :, :moved], particles.log_lik[own, :, :known], particles.accepted[own]
            )
            key = jax.random.fold_in(step, first)
            after = jax.device_get(self.program(law.inputs, key, begin, path, schedule, place.proposals))
            return tuple(
                split_islands(np.asarray(rows), self.per_batch)
                for rows in (after.cloud.position, after.cloud.item_log_lik, after.cloud.acceptance[None])
            )

        batches = parallel_map(one, list(range(0, len(particles.position), self.per_batch)))
        position, log_lik, accepted = (np.concatenate(arrays) for arrays in zip(*batches, strict=True))
        whole = np.concatenate([position, particles.position[..., moved:]], axis=2)
        whole = place.path.out_of(whole, place.at)
        return self._known_at(whole, log_lik)._replace(accepted=accepted[..., 0])

    def _known_at(
        self,
        position: Float[np.ndarray, "island particle row"],
        known: Float[np.ndarray, "island particle item"],
        predicted: Float[np.ndarray, "island particle added"] | None = None,
        earlier: Particles | None = None,
    ) -> Particles:
        """Particles with what the program knows of them, and all other columns.

        `predicted` is what they say, if that is known; `earlier` are the same particles where other coordinates
        than the program's were different.
        """
        shape, rows = position.shape[:2], position.reshape(-1, position.shape[2])
        extension, items = self.extension, known.shape[2]
        said = extension.predict(rows) if predicted is None else predicted.reshape(len(rows), -1)
        added = extension.log_lik(said, rows)
        columns = [known, added.reshape(*shape, -1).astype(np.float32)]
        if self.compares:
            first = items + added.shape[1]
            old = self._before(rows) if earlier is None else earlier.log_lik[..., first:]
            columns.append(old.reshape(*shape, -1))
        log_lik = np.concatenate(columns, axis=2)
        return Particles(position, log_lik, said.reshape(*shape, -1), np.ones(shape, np.float32))

    def _before(self, rows: Float[np.ndarray, "particle row"]) -> Float[np.ndarray, "particle renewed"]:
        before = self.extension.before
        known = item_log_lik(before, rows[:, : len(before.names)].T)
        return np.asarray(known[self.extension.renewed].T)


def weighed(
    counts: Float[np.ndarray, " column"], particles: Particles
) -> Float[np.ndarray, "island particle"]:
    """Sum of the columns, each as often as it counts."""
    some = np.flatnonzero(counts)
    # summed column by column: a product of matrices may depend on the number of threads
    return np.asarray((counts[some] * particles.log_lik[:, :, some].astype(np.float64)).sum(axis=2))


def side_by_side(
    position: Float[np.ndarray, "island particle moved"],
    log_lik: Float[np.ndarray, "island particle item"],
    accepted: Float[np.ndarray, "island particle"],
) -> State:
    """Islands side by side at the end of their path."""
    places, known = (stack_islands([own.T for own in rows]) for rows in (position, log_lik))
    share = stack_islands([own[None] for own in accepted])[0]
    arrived = jnp.asarray(np.ones(len(position), np.float32))
    return at_start(Cloud(places, known, share), len(position))._replace(power=arrived)

"""Islands of particles in batches that one compiled program moves, all of them one temperature at a time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from quidproquo.evidence.smc.compiled import path_between, temper_program
from quidproquo.evidence.smc.evaluate import evaluation_program
from quidproquo.evidence.smc.first_step import first_step
from quidproquo.evidence.smc.islands import islands_per_batch, places
from quidproquo.evidence.smc.proposals import LearnedProposals, fit_to_blocks, no_proposals
from quidproquo.evidence.smc.target import Target
from quidproquo.evidence.smc.tempering import Path, Schedule, State
from quidproquo.worlds.runtime import parallel_map

__all__ = ["Batches", "batches"]


@dataclass(frozen=True)
class Batches:
    """Batches of `per_batch` islands on one path, and the program that moves them.

    A step of all batches has a number of its own, which its random numbers are keyed by.
    """

    key: Key[Array, ""]
    target: Target
    islands: int
    particles: int
    per_batch: int
    path: Path
    program: Callable[..., State]

    def islands_of(self, batch: int) -> range:
        """The islands of a batch."""
        return range(batch * self.per_batch, (batch + 1) * self.per_batch)

    def each(self, of_batch: Callable[[int], State]) -> list[State]:
        """A state for each batch, worked out side by side."""
        return parallel_map(of_batch, list(range(self.islands // self.per_batch)))

    def from_prior(self, powers: Float[np.ndarray, " item"]) -> list[State]:
        """Islands after their first step from the prior; at the path's end items count with `powers`."""
        return self.each(
            lambda batch: first_step(self.key, self.target, self.islands_of(batch), self.particles, powers)
        )

    def raised(self, number: int, states: list[State], keep: float) -> list[State]:
        """Islands at their next temperature, resampled; those at the path's end stay as they are."""
        return self._tempered(number, states, Schedule.of(0, 0, keep, 1), no_proposals(self.target.blocks))

    def moved(self, number: int, states: list[State], count: int, proposals: LearnedProposals) -> list[State]:
        """Islands after so many sweeps where they stand on the path."""
        return self._tempered(number, states, Schedule.of(0, count), proposals)

    def fitted_and_moved(self, number: int, states: list[State], count: int) -> list[State]:
        """The same, blocks being proposed from normal distributions fitted to the particles of all islands."""
        return self.moved(number, states, count, fit_to_blocks(places(states), self.target.blocks))

    def _tempered(
        self, number: int, states: list[State], schedule: Schedule, proposals: LearnedProposals
    ) -> list[State]:
        inputs, none = self.target.inputs, jnp.asarray(np.zeros(self.per_batch, np.int32))
        # islands are keyed by their own numbers
        step = jax.random.fold_in(self.key, self.islands + number)

        def one(batch: int) -> State:
            own = jax.random.fold_in(step, batch)
            begin = states[batch]._replace(rounds=none, settled=jnp.asarray(np.bool_(False)))
            after: State = jax.device_get(self.program(inputs, own, begin, self.path, schedule, proposals))
            return after._replace(rounds=states[batch].rounds + after.rounds)

        return self.each(one)


def batches(
    key: Key[Array, ""],
    target: Target,
    shape: tuple[int, int],
    ends: tuple[Float[np.ndarray, " item"], Float[np.ndarray, " item"]],
) -> Batches:
    """Islands, of so many particles each, on the path between two sets of powers.

    `shape` is the number of islands and the particles of each. Programs are compiled side by side.
    """
    islands, particles = shape
    per_batch = islands_per_batch(islands, particles)
    with ThreadPoolExecutor(max_workers=1) as meanwhile:
        evaluation = meanwhile.submit(evaluation_program, target)
        program = temper_program(target, (per_batch, particles))
        evaluation.result()
    path = path_between(*ends, per_batch)
    return Batches(key, target, islands, particles, per_batch, path, program)

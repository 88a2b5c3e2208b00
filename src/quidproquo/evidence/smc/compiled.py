"""The compiled program that takes islands of particles along a path, wherever it starts and ends."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from quidproquo.evidence.smc import resampling, tempering
from quidproquo.evidence.smc.kernels import Cloud
from quidproquo.evidence.smc.proposals import LearnedProposals, no_proposals
from quidproquo.evidence.smc.target import Target, TargetInputs
from quidproquo.evidence.smc.tempering import Path, Schedule, State
from quidproquo.worlds.programs import compiled

__all__ = ["path_between", "temper_program"]


def path_between(start: Float[np.ndarray, " item"], end: Float[np.ndarray, " item"], islands: int) -> Path:
    """The same path for islands side by side, from powers of the items to others."""
    ends = (np.repeat(np.asarray(powers, np.float32)[:, None], islands, axis=1) for powers in (start, end))
    return Path(*(jnp.asarray(each) for each in ends))


def temper_program(target: Target, shape: tuple[int, int]) -> Callable[..., State]:
    """The compiled program that takes a batch of islands along a path.

    `shape` says how many islands lie side by side, and the particles of each. The program takes the
    target's inputs, then the arguments of `tempering.temper`: one program serves conditioning from the
    prior, from another posterior, and moves without a step along the path.
    """
    rows, columns = (len(target.names), len(target.ids)), shape[0] * shape[1]
    places, known = (jnp.asarray(np.zeros((count, columns), np.float32)) for count in rows)
    start = tempering.at_start(Cloud(places, known, jnp.asarray(np.ones(columns, np.float32))), shape[0])
    arguments = (
        target.inputs,
        jax.random.key(0),
        start,
        path_between(np.zeros(len(target.ids)), np.ones(len(target.ids)), shape[0]),
        Schedule.of(0, 0),
        no_proposals(target.blocks),
    )

    def program(
        inputs: TargetInputs,
        key: Array,
        state: State,
        path: Path,
        schedule: Schedule,
        proposals: LearnedProposals,
    ) -> State:
        plan = tempering.Plan(target.with_inputs(inputs), *shape, resampling.systematic)
        return tempering.temper(plan, key, state, path, schedule, proposals)

    return compiled("temper", program, (target.structure, shape), arguments, start)

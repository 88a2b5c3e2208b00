"""Routes across the posterior, learnt from the first sweeps at the end of the path and used by the rest."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from quidproquo.evidence.smc.mode_jumps import Density, ModeJumps, fit_jumps, no_mode_jumps
from quidproquo.evidence.smc.slow_directions import SlowDirections, fit_slow_directions, no_slow_directions

__all__ = ["LearnedProposals", "fit_proposals", "no_proposals"]


class LearnedProposals(NamedTuple):
    """Glides along what changes slowest, and leaps between accounts of the claims that lie apart."""

    slow_directions: SlowDirections
    mode_jumps: ModeJumps


def no_proposals(moved: int) -> LearnedProposals:
    """Before any have been looked for."""
    return LearnedProposals(no_slow_directions(moved), no_mode_jumps(moved))


def fit_proposals(
    before: Float[np.ndarray, "island particle moved"],
    after: Float[np.ndarray, "island particle moved"],
    owner: Int[np.ndarray, " moved"],
    log_density: Density,
) -> LearnedProposals:
    """Routes from where particles were and are; `owner` numbers the block of every coordinate."""
    moved = before.shape[2]
    slow_directions = fit_slow_directions(before.reshape(-1, moved), after.reshape(-1, moved))
    return LearnedProposals(slow_directions, fit_jumps(after, owner, log_density))

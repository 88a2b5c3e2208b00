"""Routes across the posterior, learnt from the first sweeps at the end of the path and used by the rest."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from quidproquo.evidence.smc.mode_jumps import Density, Leaps, no_leaps, seek
from quidproquo.evidence.smc.slow_directions import Glides, no_glides, slowest

__all__ = ["Routes", "learnt", "no_routes"]


class Routes(NamedTuple):
    """Glides along what changes slowest, and leaps between accounts of the claims that lie apart."""

    glides: Glides
    leaps: Leaps


def no_routes(moved: int) -> Routes:
    """Before any have been looked for."""
    return Routes(no_glides(moved), no_leaps(moved))


def learnt(
    before: Float[np.ndarray, "island particle moved"],
    after: Float[np.ndarray, "island particle moved"],
    owner: Int[np.ndarray, " moved"],
    log_density: Density,
) -> Routes:
    """Routes from where particles were and are; `owner` numbers the block of every coordinate."""
    moved = before.shape[2]
    glides = slowest(before.reshape(-1, moved), after.reshape(-1, moved))
    return Routes(glides, seek(after, owner, log_density))

"""Routes across the posterior, learnt from the first sweeps at the end of the path and used by the rest."""

from __future__ import annotations

from typing import NamedTuple

from quidproquo.evidence.glides import Glides, no_glides
from quidproquo.evidence.leaps import Leaps, no_leaps

__all__ = ["Routes", "no_routes"]


class Routes(NamedTuple):
    """Glides along what changes slowest, and leaps between accounts of the claims that lie apart."""

    glides: Glides
    leaps: Leaps


def no_routes(moved: int) -> Routes:
    """Before any have been looked for."""
    return Routes(no_glides(moved), no_leaps(moved))

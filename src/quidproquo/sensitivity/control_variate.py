"""Regrets from worlds run again, told by what differs from the same worlds run again without a change.

Ensembles that are run again are small, but share where they start, their luck, and all that no claim
bears on: what one of them says of options is off by nearly as much as what another says. So the original's
regrets are taken, and the difference of two such ensembles added (common random numbers as a control
variate; Glasserman & Yao 1992, *Management Science* 38, 884–908).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from quidproquo.evidence.weights.jackknife import jackknife_error

__all__ = ["ControlVariate", "Regrets"]


@dataclass(frozen=True)
class Regrets:
    """Each option's regret at the 95 % quantile, and without each island in turn."""

    regrets: Float[np.ndarray, " option"]
    rows: Float[np.ndarray, "island option"]

    def apart(self, one: int, other: int) -> float:
        """Monte Carlo error of how far two options' regrets lie apart."""
        return jackknife_error(self.rows[:, one] - self.rows[:, other])


@dataclass(frozen=True)
class ControlVariate:
    """What the original ensemble says under no change, and what worlds run again say under none."""

    original: Regrets
    control: Regrets

    def told(self, found: Regrets) -> Regrets:
        """The original's regrets moved by as much as those found lie from the control's.

        The rows then spread as the difference does; where an island lost all its weight, as what was
        found does.
        """
        moved = found.regrets - self.control.regrets + self.original.regrets
        if found.rows.shape == self.control.rows.shape:
            return Regrets(moved, found.rows - self.control.rows + self.original.regrets)
        return Regrets(moved, found.rows - self.control.regrets + self.original.regrets)

    def apart(self, told: Regrets, one: int, other: int) -> float:
        """Monte Carlo error of how far two options' regrets lie apart, that of the original in it."""
        return math.hypot(told.apart(one, other), self.original.apart(one, other))

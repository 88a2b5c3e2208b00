"""Estimates from re-run worlds, corrected by the same worlds re-run without a change.

Ensembles that are re-run are small, but they share their starting points, their random numbers, and all that
no claim bears on: their errors are nearly the same. So the original's estimates are taken, and the
difference of two such ensembles is added (common random numbers as a control variate; Glasserman & Yao
1992, *Management Science* 38, 884–908).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quidproquo.decisions.rule import RegretEstimate
from quidproquo.evidence.weights.jackknife import JackknifeEstimate

__all__ = ["ControlVariate", "adjust_regrets", "independent"]


@dataclass(frozen=True)
class ControlVariate:
    """What the original ensemble gives, and what worlds give that were re-run without a change."""

    original: JackknifeEstimate
    control: JackknifeEstimate

    def adjust(self, found: JackknifeEstimate) -> JackknifeEstimate:
        """The original's numbers, moved by as much as those found differ from the control's.

        The sources of error are the original's, then that of the difference; where an island lost all
        its weight, so that its difference is unknown, that of what was found and of the control.
        """
        moved = found.value - self.control.value + self.original.value
        after, before = found.replicates[0], self.control.replicates[0]
        own = (after - before,) if after.shape == before.shape else (after, before)
        return JackknifeEstimate(moved, (*self.original.replicates, *own))


def adjust_regrets(
    original: RegretEstimate, control: RegretEstimate, found: RegretEstimate
) -> RegretEstimate:
    """Regrets and mean values, adjusted by a control variate."""
    regret = ControlVariate(original.regret, control.regret).adjust(found.regret)
    return RegretEstimate(regret, found.value - control.value + original.value)


def independent(found: JackknifeEstimate, original: JackknifeEstimate) -> JackknifeEstimate:
    """An estimate from worlds that have nothing in common with the original's: no source of error is shared."""
    nothing = tuple(np.zeros_like(rows) for rows in original.replicates)
    return JackknifeEstimate(found.value, (*nothing, *found.replicates))

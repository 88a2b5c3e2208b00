"""What if a source were more or less reliable: its Admiralty letter moved one step.

A letter says how far reports scatter, how far biases reach, and how strongly an assessment bears on what
it asserts (`tables`). Worlds and biases stay as they are; what changes is how well they fit the claims.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float, Int

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.observation.layout import build_likelihood
from quidproquo.evidence.observation.likelihood import Likelihood
from quidproquo.evidence.smc.target import Target
from quidproquo.evidence.weights.reweight import Change
from quidproquo.sensitivity.evaluator import WhatIf
from quidproquo.terms.grades import RELIABILITY_GRADES
from quidproquo.worlds.runtime import parallel_map
from quidproquo.worlds.streams import blocks

__all__ = ["grade_factors", "grade_what_ifs", "graded"]

_WORST, _UNJUDGED, _MIDDLE = 4, 5, 2


def graded(table: EvidenceTable, step: int) -> EvidenceTable:
    """The same claims with every source's letter one `step` worse (1) or better (−1), from A to E.

    Where there is none, the letter stays. A source that can't be judged (F) is graded C for a step
    either way: neither trusted nor distrusted.
    """
    grades = np.asarray(table.reliability)
    moved = np.clip(grades + step, 0, _WORST)
    return replace(table, reliability=np.where(grades == _UNJUDGED, _MIDDLE, moved))


def grade_factors(
    own: Likelihood,
    other: Likelihood,
    predicted: Float[np.ndarray, "world item"],
    biases: Float[np.ndarray, "world bias"],
) -> Float[np.ndarray, "item world"]:
    """Log of each item's likelihood under other letters over that under its own, in every world."""

    def one(block: tuple[Int[np.ndarray, " block"], int]) -> np.ndarray:
        rows = block[0][: block[1]]
        said, about = (np.asarray(array[rows].T, dtype=np.float64) for array in (predicted, biases))
        factors: np.ndarray = other.evaluate_items(said, about)[0] - own.evaluate_items(said, about)[0]
        return factors

    return np.concatenate(parallel_map(one, blocks(len(predicted))), axis=1)


def grade_what_ifs(
    target: Target,
    table: EvidenceTable,
    predicted: Float[np.ndarray, "world item"],
    biases: Float[np.ndarray, "world bias"],
) -> list[WhatIf]:
    """Every origin with the letter next to its own, a better and a worse one where there are both.

    `table` is that of the target; `predicted` and `biases` are the worlds'. Origins share no claim
    and no chance of being wrong, so all letters are moved at once and each origin takes its claims' part.
    """
    found: dict[tuple[str, int], WhatIf] = {}
    origins = np.array(table.origin)
    for step in (-1, 1):
        moved = graded(table, step)
        other = build_likelihood(moved, target.likelihood.bias.names)
        factors = grade_factors(target.likelihood, other, predicted, biases)
        for origin in dict.fromkeys(table.origin):
            own = np.flatnonzero(origins == origin)
            old, new = int(table.reliability[own[0]]), int(moved.reliability[own[0]])
            if old != new:
                change = Change(log_factor=factors[own].sum(axis=0))
                title = f"{origin}, graded {RELIABILITY_GRADES[new]} instead of {RELIABILITY_GRADES[old]}"
                found[origin, new] = WhatIf(
                    "reliability", f"{origin}={RELIABILITY_GRADES[new]}", title, change=change
                )
    return [found[key] for key in sorted(found)]

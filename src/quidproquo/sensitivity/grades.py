"""What if a source were more or less reliable: its Admiralty letter moved one step.

A letter says how far reports scatter, how far biases reach, and how strongly an assessment bears on what
it asserts (`tables`). Worlds and biases stay as they are; what changes is how well they fit the claims.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.observation.inputs import GradeInputs
from quidproquo.evidence.observation.layout import build_likelihood
from quidproquo.evidence.observation.likelihood import Likelihood
from quidproquo.evidence.smc.target import Target
from quidproquo.evidence.weights.reweight import Change
from quidproquo.sensitivity.evaluator import WhatIf
from quidproquo.terms.grades import RELIABILITY_GRADES
from quidproquo.worlds.runtime import compiled_for, parallel_map
from quidproquo.worlds.streams import BLOCK, blocks

__all__ = ["compile_grade_program", "grade_factors", "grade_what_ifs", "graded"]

_WORST, _UNJUDGED, _MIDDLE = 4, 5, 2
Program = Callable[..., Array]


def graded(table: EvidenceTable, step: int) -> EvidenceTable:
    """The same claims with every source's letter one `step` worse (1) or better (−1), from A to E.

    Where there is none, the letter stays. A source that can't be judged (F) is graded C for a step
    either way: neither trusted nor distrusted.
    """
    letters = np.asarray(table.reliability)
    moved = np.clip(letters + step, 0, _WORST)
    return replace(table, reliability=np.where(letters == _UNJUDGED, _MIDDLE, moved))


@lru_cache(maxsize=4)
def _program(target: Target) -> Program:
    """Log-likelihoods of all items in a block of worlds, what letters bear on as arguments."""
    likelihood = target.likelihood

    def item_log_lik(predicted: Array, biases: Array, letters: GradeInputs) -> Array:
        found: Array = likelihood.with_grades(letters).evaluate_items(predicted, biases)[0]
        return found

    said, about = (
        jax.ShapeDtypeStruct((rows, BLOCK), jnp.float32)  # type: ignore[no-untyped-call]
        for rows in (len(likelihood), len(likelihood.bias.names))
    )
    return compiled_for(item_log_lik, said, about, _letters(likelihood))


def _letters(likelihood: Likelihood) -> GradeInputs:
    """What its letters bear on."""
    arrays = (likelihood.sd, likelihood.contaminated_sd, likelihood.trust, likelihood.bias.design)
    return GradeInputs(*(jnp.asarray(array, jnp.float32) for array in arrays))


def compile_grade_program(target: Target) -> None:
    """Compile what `grade_what_ifs` needs, so that it is at hand."""
    if target.ids:
        _program(target)


def grade_factors(
    target: Target,
    other: Likelihood,
    predicted: Float[np.ndarray, "world item"],
    biases: Float[np.ndarray, "world bias"],
) -> Float[np.ndarray, "item world"]:
    """Log of each item's likelihood under other letters over that under its own, in every world."""
    program = _program(target)

    own, others = _letters(target.likelihood), _letters(other)

    def item_log_lik(rows: Int[np.ndarray, " block"], letters: GradeInputs) -> np.ndarray:
        said, about = (jnp.asarray(array[rows].T, jnp.float32) for array in (predicted, biases))
        return np.asarray(program(said, about, letters), dtype=np.float64)

    def one(block: tuple[Int[np.ndarray, " block"], int]) -> np.ndarray:
        rows, counting = block
        factors: np.ndarray = item_log_lik(rows, others) - item_log_lik(rows, own)
        return factors[:, :counting]

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
        factors = grade_factors(target, build_likelihood(moved), predicted, biases)
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

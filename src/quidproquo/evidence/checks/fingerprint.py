"""What a recorded back-test or calibration holds for: versions, numbers of a seeded run, and inputs.

No source text is hashed: whoever renames a variable or mends a docstring changes nothing here. A number
that changes does:

- `report_numbers` of `seeded` (densities, distribution functions and draws of every form) are computed
  whenever a record is looked at. That takes milliseconds.
- The sampler's would take a compilation. They are kept here instead (`SAMPLER_NUMBERS`), and a test holds
  that the sampler still gives them. Whoever changes them puts the new ones here, and so makes the records
  out of date.
- What no seeded run shows (a mechanism, a default setting) has a version, which is raised by hand.
  `tests/study/test_calibration.py` holds the shipped model to the numbers in its record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import cache
from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import Array, Float, Key

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.checks import planted
from quidproquo.evidence.checks.seeded import report_numbers
from quidproquo.evidence.smc.evaluate import evaluate_items
from quidproquo.evidence.smc.target import Target
from quidproquo.worlds.model import Model

__all__ = [
    "MODEL_VERSION",
    "SAMPLER_NUMBERS",
    "SAMPLER_VERSION",
    "Stamp",
    "inputs_hash",
    "reference",
    "stamp",
]

MODEL_VERSION = "2026.1"
"""Raised when a mechanism gives other numbers."""
SAMPLER_VERSION = "2026.5"
"""Raised when conditioning gives other numbers, or its default settings are others."""
SAMPLER_NUMBERS: tuple[float, ...] = (
    0.361, -0.119, -0.189, -0.084, -0.04, 0.181, 0.19, -0.124, 0.023, -0.093, -0.137, 0.112, -0.397, 0.59,
    0.966, 0.878, 0.358, 0.457, 0.318, 0.771, 0.895, 0.918, 0.862, 0.846, 0.901, 0.739, 0.617,
)  # fmt: skip
"""What `seeded.sampler_numbers` gives, to three decimals."""
_WORLDS = 8


class Stamp(NamedTuple):
    """What the figures of a record depend on besides the case; `numbers` hashes those of a seeded run."""

    model: str
    sampler: str
    numbers: str


@cache
def stamp() -> Stamp:
    """The stamp of the program as it is."""
    return Stamp(
        MODEL_VERSION, SAMPLER_VERSION, _hash([*_rounded(report_numbers()), *_rounded(SAMPLER_NUMBERS)])
    )


def inputs_hash(model: Model, table: EvidenceTable) -> str:
    """Hash of what is conditioned: names and numbers of the priors, hypotheses and claims."""
    priors = model.priors
    text = [*model.coordinates, *(state.id for one in model.hypotheses for state in one.states)]
    chances = [state.prior for one in model.hypotheses for state in one.states]
    for numbers in (priors.link, priors.uniform, priors.centre, priors.width, chances):
        text += _rounded(numbers)
    for field in fields(EvidenceTable):
        column = getattr(table, field.name)
        if isinstance(column, np.ndarray):
            text += _rounded(column)
        elif field.name != "unused":
            text += column
    return _hash(text)


def reference(key: Key[Array, ""], target: Target) -> Float[np.ndarray, " number"]:
    """Joint log-likelihood of a few prior worlds, given the claims and given what each would report."""
    points, predicted = planted.plant(key, target, _WORLDS)
    given_claims = evaluate_items(target, points.z, points.biases)[0].sum(axis=1)
    given_own = []
    for world in range(_WORLDS):
        one = slice(world, world + 1)
        own = jax.random.fold_in(key, world)
        reports = planted.planted_reports(own, target, predicted[world], points.biases[world])
        given = target.with_observed(reports)
        given_own.append(evaluate_items(given, points.z[one], points.biases[one])[0].sum())
    return np.concatenate([given_claims, given_own])


def _rounded(numbers: np.ndarray | Sequence[float]) -> list[str]:
    """Five significant digits, which machines of one type agree on, and nearly always all machines."""
    return [f"{number:.5g}" for number in np.asarray(numbers, dtype=np.float64)]


def _hash(text: Iterable[str]) -> str:
    return f"sha256:{hashlib.sha256(chr(10).join(text).encode()).hexdigest()[:16]}"

"""What other reliability grades do to the weights of a run's worlds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.observation.layout import build_likelihood
from quidproquo.sensitivity.grades import grade_factors
from quidproquo.study.evidence_file import StoredEvidence
from quidproquo.terms.grades import RELIABILITY_GRADES

__all__ = ["grade_factor", "regraded"]


def regraded(table: EvidenceTable, grades: Mapping[str, str]) -> EvidenceTable:
    """The same claims with other grades of some origins."""
    places = [
        RELIABILITY_GRADES.index(grades[origin]) if origin in grades else int(own)
        for origin, own in zip(table.origin, table.reliability, strict=True)
    ]
    return replace(table, reliability=np.array(places, dtype=np.asarray(table.reliability).dtype))


def grade_factor(
    evidence: StoredEvidence,
    predicted: Float[np.ndarray, "world item"],
    grades: Mapping[str, str],
    without: Collection[str],
) -> Float[np.ndarray, " world"]:
    """Log of the claims' likelihood under other grades over that under their own, in every world.

    Claims that are left out count for nothing either way.
    """
    table = evidence.table
    own = build_likelihood(table, evidence.bias_names)
    other = build_likelihood(regraded(table, grades), evidence.bias_names)
    factors = grade_factors(own, other, predicted, evidence.biases)
    kept = [
        place
        for place, (item, origin) in enumerate(zip(table.ids, table.origin, strict=True))
        if origin in grades and item not in without
    ]
    return np.asarray(factors[kept].sum(axis=0))

"""The two graded vocabularies of analysts: likelihood words and the Admiralty code.

Likelihood words and their intervals: Intelligence Community Directive 203, *Analytic Standards*
(2015), section D.6.e.(2).(a). Letters and digits: NATO AJP-2.1 (Admiralty code).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "CREDIBILITIES",
    "LIKELIHOODS",
    "RELIABILITIES",
    "RELIABILITY_GRADES",
    "Likelihood",
    "likelihood_word",
]


@dataclass(frozen=True)
class Likelihood:
    """One row of the ICD 203 scale: the words, and the interval of probability they stand for."""

    word: str
    synonym: str
    low: float
    high: float


LIKELIHOODS = (
    Likelihood("almost no chance", "remote", 0.01, 0.05),
    Likelihood("very unlikely", "highly improbable", 0.05, 0.20),
    Likelihood("unlikely", "improbable", 0.20, 0.45),
    Likelihood("roughly even chance", "roughly even odds", 0.45, 0.55),
    Likelihood("likely", "probable", 0.55, 0.80),
    Likelihood("very likely", "highly probable", 0.80, 0.95),
    Likelihood("almost certain", "nearly certain", 0.95, 0.99),
)

ReliabilityGrade = Literal["A", "B", "C", "D", "E", "F"]
RELIABILITIES: dict[ReliabilityGrade, str] = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
RELIABILITY_GRADES = "".join(RELIABILITIES)  # in tables a source's letter is its place here

CREDIBILITIES = {
    1: "confirmed by other sources",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "truth cannot be judged",
}


def likelihood_word(probability: float) -> Likelihood:
    """The row of the ICD 203 scale whose interval holds a probability.

    Below 0.01 and above 0.99 the outermost rows are returned; a probability on a boundary
    belongs to the row nearer to certainty.

    >>> likelihood_word(0.7).word
    'likely'
    """
    if not 0.0 <= probability <= 1.0:
        message = f"probability: value is {probability}, but it must be from 0 to 1; pass a share."
        raise ValueError(message)
    if probability <= 0.5:
        return next(row for row in LIKELIHOODS if probability <= row.high)
    return next(row for row in reversed(LIKELIHOODS) if probability >= row.low)

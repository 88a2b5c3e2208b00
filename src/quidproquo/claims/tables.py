"""The versioned tables that turn the wording of claims into numbers; all of them are judgement."""

from __future__ import annotations

from quidproquo.terms.grades import LIKELIHOODS

__all__ = [
    "CONFLICT_TOLERANCE",
    "DEFAULT_LIKELIHOOD",
    "LIKELIHOOD_WORDS",
    "MEAN_QUALIFIERS",
    "MODAL_QUALIFIERS",
    "NEAR",
    "POSSIBILITY_WORDS",
    "SAME_NUMBER",
    "TABLE_VERSION",
    "UNREVIEWED_CREDIBILITY",
]

TABLE_VERSION = "2025.1"

_SCALE = {row.word: (row.low, row.high) for row in LIKELIHOODS}

# Words beside those of ICD 203 that stand for a row of its scale.
_ALSO = {
    "almost certainly": "almost certain",
    "nearly certainly": "almost certain",
    "virtually certain": "almost certain",
    "highly likely": "very likely",
    "very probable": "very likely",
    "very probably": "very likely",
    "most likely": "very likely",
    "probably": "likely",
    "more likely than not": "likely",
    "even chance": "roughly even chance",
    "even odds": "roughly even chance",
    "highly unlikely": "very unlikely",
    "very improbable": "very unlikely",
    "improbably": "unlikely",
    "remote chance": "almost no chance",
}
LIKELIHOOD_WORDS: dict[str, tuple[float, float]] = {
    **_SCALE,
    **{row.synonym: (row.low, row.high) for row in LIKELIHOODS},
    **{word: _SCALE[row] for word, row in _ALSO.items()},
}

# A statement under one of these says that something can be so, not how probable it is.
POSSIBILITY_WORDS = ("could", "may", "might", "possibly", "possible", "perhaps", "maybe", "conceivably")

# With these qualifiers "could" tells what is counted ("could hold") and hedges nothing.
CAPACITY = "capacity"
MODAL_QUALIFIERS = (CAPACITY, "capability", "conditional")

# With these qualifiers a number is the mean from `since` to the event.
MEAN_QUALIFIERS = ("yearly_average",)

# How probable a speaker is taken to find what he asserts without any likelihood word, by role.
DEFAULT_LIKELIHOOD = {"observation": (0.95, 0.99), "assessment": (0.80, 0.95)}

# Relative room on each side of a number before two claims are held to be in conflict.
CONFLICT_TOLERANCE = {
    "eq": 0.05,
    "about": 0.15,
    "at_least": 0.05,
    "more_than": 0.05,
    "at_most": 0.05,
    "less_than": 0.05,
    "between": 0.05,
}

# Two figures that differ by less than this share of the larger are the same figure.
SAME_NUMBER = 0.005

# "Nearly x" and "just under x" mean from NEAR·x to x; "just over x" from x to x / NEAR.
NEAR = 0.9

# A claim that nobody has reviewed weighs with this digit.
UNREVIEWED_CREDIBILITY = 6

"""The versioned tables that turn words and grades into numbers.

They are judgement, stated in one place: how far a report of each kind scatters around what its
origin believes, how often a claim of each grade is simply wrong, and how strongly an assessment
bears. Standard deviations are in units of the quantity's scale (`scales`).
"""

from __future__ import annotations

__all__ = [
    "BIAS_FACTOR",
    "BIAS_SD",
    "CONTAMINATION_FACTOR",
    "HALF_WIDTH",
    "LOWER_BOUNDS",
    "NEAR",
    "NEGLIGIBLE",
    "REPORT_SD",
    "SD_FACTOR",
    "TABLE_VERSION",
    "TRUST_BY_CREDIBILITY",
    "TRUST_BY_RELIABILITY",
    "WRONG_PROBABILITY",
]

TABLE_VERSION = "2026.1"

# standard deviation of a report around what its origin believes
REPORT_SD = {
    "eq": 0.12,
    "about": 0.20,
    "at_least": 0.08,
    "more_than": 0.08,
    "at_most": 0.08,
    "less_than": 0.08,
    "between": 0.08,
}
# how far beyond a bound the truth is expected to lie (half-normal scale)
HALF_WIDTH = {"at_least": 0.45, "more_than": 0.45, "at_most": 0.5, "less_than": 0.5}
LOWER_BOUNDS = frozenset({"at_least", "more_than"})
# share of a reported amount below which an amount is as good as nothing
NEGLIGIBLE = 0.05
# "nearly x" and "just under x" mean between NEAR·x and x
NEAR = 0.9
# how much farther reports of a source scatter, by its reliability grade
SD_FACTOR = {"A": 0.8, "B": 1.0, "C": 1.3, "D": 1.8, "E": 2.5, "F": 3.0}

# probability that a claim is wrong altogether, by its credibility grade
WRONG_PROBABILITY = {1: 0.02, 2: 0.05, 3: 0.12, 4: 0.30, 5: 0.60, 6: 0.50}
# how much farther wrong reports scatter about the truth than right ones, biases included (Tukey 1960)
CONTAMINATION_FACTOR = 3.0

# standard deviations of bias: of the family, of the origin, of the origin on one quantity
BIAS_SD = {"family": 0.20, "origin": 0.20, "pair": 0.25}
# how much larger the biases of an origin are, by its reliability grade
BIAS_FACTOR = {"A": 0.6, "B": 0.8, "C": 1.0, "D": 1.5, "E": 2.0, "F": 2.5}

# how strongly an assessment bears on the event that it asserts: reliability times credibility
TRUST_BY_RELIABILITY = {"A": 0.98, "B": 0.95, "C": 0.85, "D": 0.60, "E": 0.30, "F": 0.50}
TRUST_BY_CREDIBILITY = {1: 1.0, 2: 0.9, 3: 0.7, 4: 0.4, 5: 0.2, 6: 0.0}

"""The versioned tables that turn words and grades into numbers.

They are judgement, stated in one place: how far a report of each kind spreads around what its
origin believes, how often a claim of each grade is simply wrong, and how strongly an assessment
bears. Spreads are in units of the quantity's scale (natural log, log-odds).
"""

from __future__ import annotations

__all__ = [
    "BIAS",
    "BIAS_BY_LETTER",
    "HALF_WIDTH",
    "NEAR",
    "NOTHING",
    "SCALE_UNIT",
    "SPREAD",
    "SPREAD_BY_LETTER",
    "TABLE_VERSION",
    "TRUST_BY_DIGIT",
    "TRUST_BY_LETTER",
    "WRONG_BY_DIGIT",
    "WRONG_TIMES",
]

TABLE_VERSION = "2026.1"

# standard deviation of a report around what its origin believes
SPREAD = {
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
# share of a reported amount below which an amount is as good as nothing
NOTHING = 0.05
# "nearly x" and "just under x" mean between NEAR·x and x
NEAR = 0.9
SPREAD_BY_LETTER = {"A": 0.8, "B": 1.0, "C": 1.3, "D": 1.8, "E": 2.5, "F": 3.0}

# chance that a claim is wrong altogether, by the Admiralty digit
WRONG_BY_DIGIT = {1: 0.02, 2: 0.05, 3: 0.12, 4: 0.30, 5: 0.60, 6: 0.50}
# how much wider wrong reports scatter about the truth than right ones, biases included (Tukey 1960)
WRONG_TIMES = 3.0

# standard deviations of bias: of the family, of the origin, of the origin on one quantity
BIAS = {"family": 0.20, "origin": 0.20, "pair": 0.25}
BIAS_BY_LETTER = {"A": 0.6, "B": 0.8, "C": 1.0, "D": 1.5, "E": 2.0, "F": 2.5}

# how strongly an assessment bears on the event that it asserts: letter times digit
TRUST_BY_LETTER = {"A": 0.98, "B": 0.95, "C": 0.85, "D": 0.60, "E": 0.30, "F": 0.50}
TRUST_BY_DIGIT = {1: 1.0, 2: 0.9, 3: 0.7, 4: 0.4, 5: 0.2, 6: 0.0}

# what one unit of the tables above means on each scale
SCALE_UNIT = {"log": 1.0, "logit": 1.2, "count": 1.0, "identity": 1.0}

"""Two claims set against each other: their numbers, their dates, and when these can't both be right."""

from __future__ import annotations

import math

from quidproquo.cases.record import Case
from quidproquo.claims.record import Claim
from quidproquo.claims.tables import CAPACITY, CONFLICT_TOLERANCE, NEAR
from quidproquo.terms.edtf import Interval

__all__ = [
    "comparable_qualifiers",
    "days_between",
    "ends_of",
    "exclusive",
    "same_figure",
    "same_start",
    "significant_digits",
    "starts_close",
    "thing_counted",
]

_DIGITS = 3  # figures that agree to as many significant digits are one
_NEARLY_ALL = 0.9  # of a share above this, what is missing to the whole is what tells two of them apart
_STARTS_CLOSE = 45  # days between two starts that may be one start in other words
_LEAST_ROOM = 0.05
# what could be, what is like it, and what one might do are no count of the thing
_NO_COUNT = (CAPACITY, "capability", "analogy")


def ends_of(claim: Claim) -> tuple[float, float]:
    """The interval that the words of a number leave open, without any room for error; NaN without a number."""
    if claim.value is None:
        low, high = claim.low, claim.high
        return (math.nan if low is None else low), (math.nan if high is None else high)
    low = high = claim.value
    up, down = claim.comparison in ("at_least", "more_than"), claim.comparison in ("at_most", "less_than")
    if claim.near:
        return (low, high / NEAR) if up else (NEAR * low, high)
    return (low, math.inf) if up else (-math.inf, high) if down else (low, high)


def exclusive(a: Claim, b: Claim, case: Case) -> bool:
    """Whether two numbers exclude each other by more than the looser wording of the two leaves room for.

    The room counts once, not on both sides: "more than 12,000" and "11,000" exclude each other.
    """
    (a_low, a_high), (b_low, b_high) = ends_of(a), ends_of(b)
    below, above = (a_high, b_low) if a_high < b_low else (b_high, a_low)
    if not above > below:  # they touch or overlap, or one has no number
        return False
    room = max(CONFLICT_TOLERANCE[a.comparison], CONFLICT_TOLERANCE[b.comparison])
    quantity = case.quantities[a.quantity]
    if quantity.scale == "logit" and below > _NEARLY_ALL:
        below, above = 1.0 - above, 1.0 - below
    return above - below > room * max(abs(below), abs(above))


def same_figure(a: Claim, b: Claim) -> bool:
    """Whether two claims print one figure, "at least" and "more than" aside; "at most" it is another matter."""
    if a.value is None or b.value is None:
        return (a.value, a.low, a.high) == (b.value, b.low, b.high) and a.low is not None
    if f"{a.value:.{_DIGITS}g}" != f"{b.value:.{_DIGITS}g}":
        return False
    return (a.comparison in ("at_most", "less_than")) == (b.comparison in ("at_most", "less_than"))


def significant_digits(value: float) -> int:
    """How many digits a figure is printed with, zeros at its end aside."""
    return len(f"{abs(value):.6e}".partition("e")[0].replace(".", "").rstrip("0")) or 1


def days_between(a: Interval | None, b: Interval | None) -> float:
    """Days between two dates, 0 where they overlap; infinite where one isn't stated."""
    if a is None or b is None:
        return math.inf
    return float(max((b.start - a.end).days, (a.start - b.end).days, 0))


def same_start(a: Claim, b: Claim) -> bool:
    """Whether two claims count from the same start, or neither names one."""
    if a.since is None or b.since is None:
        return a.since is b.since
    return a.since.overlaps(b.since)


def starts_close(a: Claim, b: Claim) -> bool:
    """Whether two starts are near enough to be one in other words; one that isn't named may be any."""
    return a.since is None or b.since is None or days_between(a.since, b.since) <= _STARTS_CLOSE


def comparable_qualifiers(a: Claim, b: Claim, case: Case) -> bool:
    """Whether two numbers of one quantity count the same, though their qualifiers may differ.

    A plain count may be set against what was reported, planned or holds on a condition, for then the two
    disagree about that; never against what could be held or is carried over from elsewhere, nor against a
    qualifier that the case compares with another output of its model.
    """
    if a.qualifier == b.qualifier:
        return True
    if {a.qualifier, b.qualifier} & set(_NO_COUNT):
        return False
    outputs = case.quantities[a.quantity].observes
    first, second = (outputs.get(claim.qualifier, "") for claim in (a, b))
    return (first == second != "") or ("" in (a.qualifier, b.qualifier) and "" in (first, second))


def thing_counted(unit: str) -> str:
    """What a unit counts, without the time it is counted in.

    >>> thing_counted("crates/year"), thing_counted("crates")
    ('crates', 'crates')
    """
    return unit.partition("/")[0]

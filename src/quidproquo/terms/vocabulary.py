"""The closed lists of words that every room shares: comparisons, roles, kinds, scales, units."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = [
    "CLOCKS",
    "COMPARISONS",
    "KINDS",
    "NUMERIC_COMPARISONS",
    "PROPOSITION_COMPARISONS",
    "ROLES",
    "SCALES",
    "SPAN_KINDS",
    "STAGES",
    "STATES",
    "VERIFICATIONS",
    "UnitRange",
    "unit_range",
]

NUMERIC_COMPARISONS = ("eq", "about", "at_least", "at_most", "more_than", "less_than", "between")
PROPOSITION_COMPARISONS = ("proposition_true", "proposition_false")
COMPARISONS = NUMERIC_COMPARISONS + PROPOSITION_COMPARISONS
CLOCKS = ("published", "event")
ROLES = ("observation", "assessment", "forecast", "recommendation", "context")
STATES = ("proposed", "accepted", "rejected")
KINDS = ("stock", "cumulative", "rate", "share", "count", "level", "event")
SCALES = ("log", "logit", "count", "identity")
STAGES = ("sought", "promised", "sent", "in_place", "used", "lost")
SPAN_KINDS = ("original", "digest")
VERIFICATIONS = ("seed_text", "derived", "page_excerpt", "unverified")


@dataclass(frozen=True)
class UnitRange:
    """What a number in a unit may be: `low` and `high` are allowed themselves."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether `value` is a finite number in the range."""
        return math.isfinite(value) and self.low <= value <= self.high

    def __str__(self) -> str:
        if math.isinf(self.high):
            return "any finite number" if math.isinf(self.low) else f"{self.low:g} or more"
        return f"from {self.low:g} to {self.high:g}"


def unit_range(unit: str, scale: str) -> UnitRange:
    """The range of a quantity with this unit and scale.

    A share on the logit scale lies in [0, 1]; on the identity scale anything finite is allowed
    (a growth rate may be negative); everything else counts something and can't be negative.
    """
    if unit == "fraction" and scale == "logit":
        return UnitRange(0.0, 1.0)
    if scale == "identity":
        return UnitRange(-math.inf, math.inf)
    return UnitRange(0.0, math.inf)

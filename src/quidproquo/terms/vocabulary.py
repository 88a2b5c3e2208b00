"""The closed lists of words that every room shares: comparisons, roles, kinds, scales, units."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

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
    "Clock",
    "Comparison",
    "Direction",
    "Kind",
    "NumericComparison",
    "PropositionComparison",
    "Role",
    "Scale",
    "SpanKind",
    "Stage",
    "State",
    "UnitRange",
    "Verification",
    "unit_range",
]

NumericComparison = Literal["eq", "about", "at_least", "at_most", "more_than", "less_than", "between"]
PropositionComparison = Literal["proposition_true", "proposition_false"]
Comparison = Literal[NumericComparison, PropositionComparison]
Clock = Literal["published", "event"]
Direction = Literal["lower", "higher"]
Role = Literal["observation", "assessment", "forecast", "recommendation", "context"]
State = Literal["proposed", "accepted", "rejected"]
Kind = Literal["stock", "cumulative", "rate", "share", "count", "level", "event"]
Scale = Literal["log", "logit", "count", "identity"]
Stage = Literal["sought", "promised", "sent", "in_place", "used", "lost"]
SpanKind = Literal["original", "digest"]
Verification = Literal["seed_text", "derived", "page_excerpt", "unverified"]

NUMERIC_COMPARISONS: tuple[str, ...] = get_args(NumericComparison)
PROPOSITION_COMPARISONS: tuple[str, ...] = get_args(PropositionComparison)
COMPARISONS: tuple[str, ...] = NUMERIC_COMPARISONS + PROPOSITION_COMPARISONS
CLOCKS: tuple[str, ...] = get_args(Clock)
ROLES: tuple[str, ...] = get_args(Role)
STATES: tuple[str, ...] = get_args(State)
KINDS: tuple[str, ...] = get_args(Kind)
SCALES: tuple[str, ...] = get_args(Scale)
STAGES: tuple[str, ...] = get_args(Stage)
SPAN_KINDS: tuple[str, ...] = get_args(SpanKind)
VERIFICATIONS: tuple[str, ...] = get_args(Verification)


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

"""The closed lists of words that every room shares: comparisons, roles, kinds, scales, units."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

__all__ = [
    "BASES",
    "CLOCKS",
    "COMPARISONS",
    "DIRECTIONS",
    "DISTRIBUTIONS",
    "KINDS",
    "NUMERIC_COMPARISONS",
    "PROPOSITION_COMPARISONS",
    "RELATIONS",
    "ROLES",
    "SCALES",
    "SIDES",
    "SIGNS",
    "SPAN_KINDS",
    "STAGES",
    "STATES",
    "VERIFICATIONS",
    "Basis",
    "Clock",
    "Comparison",
    "Direction",
    "Distribution",
    "Kind",
    "NumericComparison",
    "PropositionComparison",
    "Relation",
    "Role",
    "Scale",
    "Side",
    "Sign",
    "SpanKind",
    "Stage",
    "State",
    "UnitRange",
    "Verification",
    "unit_range",
    "word_of",
]

Word = TypeVar("Word", bound=str)

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
Relation = Literal[
    "derived_from", "relays", "contradicts", "supersedes", "refines", "retracts", "corroborates"
]
Side = Literal["gives", "gets"]
Basis = Literal["document", "independent"]
Distribution = Literal["normal", "lognormal", "logitnormal", "uniform", "loguniform", "date", "fixed"]
Sign = Literal["+", "-", "0", "?"]

NUMERIC_COMPARISONS: tuple[NumericComparison, ...] = get_args(NumericComparison)
PROPOSITION_COMPARISONS: tuple[PropositionComparison, ...] = get_args(PropositionComparison)
COMPARISONS: tuple[Comparison, ...] = (*NUMERIC_COMPARISONS, *PROPOSITION_COMPARISONS)
CLOCKS: tuple[Clock, ...] = get_args(Clock)
ROLES: tuple[Role, ...] = get_args(Role)
STATES: tuple[State, ...] = get_args(State)
KINDS: tuple[Kind, ...] = get_args(Kind)
SCALES: tuple[Scale, ...] = get_args(Scale)
STAGES: tuple[Stage, ...] = get_args(Stage)
SPAN_KINDS: tuple[SpanKind, ...] = get_args(SpanKind)
VERIFICATIONS: tuple[Verification, ...] = get_args(Verification)
RELATIONS: tuple[Relation, ...] = get_args(Relation)
SIDES: tuple[Side, ...] = get_args(Side)
BASES: tuple[Basis, ...] = get_args(Basis)
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
DISTRIBUTIONS: tuple[Distribution, ...] = get_args(Distribution)
SIGNS: tuple[Sign, ...] = get_args(Sign)


def word_of(text: str, words: Sequence[Word]) -> Word | None:
    """The word of a closed list that a text is; None if it is none of them.

    >>> word_of("forecast", ROLES), word_of("guess", ROLES)
    ('forecast', None)
    """
    return next((word for word in words if word == text), None)


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

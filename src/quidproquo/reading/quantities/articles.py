"""Articles that count one of a unit because a comparison stands before them: "at least a month"."""

from __future__ import annotations

import re

from quidproquo.reading.quantities import comparisons
from quidproquo.reading.quantities.special import with_free
from quidproquo.reading.quantities.units import unit_after
from quidproquo.reading.record import Quantified

__all__ = ["with_articles"]

_UNIT = re.compile(
    r"[ ](?P<article>an?)[ ](?:second|minute|hour|day|week|fortnight|month|quarter|year|decade|century|tonne|"
    r"ton|kilo|"
    r"kilogram|kilometre|kilometer|mile|metre|meter|litre|liter|hectare|acre)(?![\w’'-]|[ ](?:ago|earlier|"
    r"later|before|or)\b)"
)
# "Over a year" tells when, "for over a year" how long at least.
_PERIOD = frozenset({"over", "within"})
_LASTING = frozenset("for well just been of took takes lasted lasts spent after is was to by".split())


def with_articles(text: str, found: list[Quantified]) -> list[Quantified]:
    """Add the single units that a comparison counts, where nothing else is read."""
    return with_free(
        found, [one for match in _UNIT.finditer(text) if (one := _single(text, match)) is not None]
    )


def _single(text: str, match: re.Match[str]) -> Quantified | None:
    at = match.start("article")
    comparison, near, start = comparisons.before(text, at)
    if comparison == "eq" or text[start - 1 : start].isdigit():
        return None
    unit = unit_after(text, match.end("article"))
    if unit is None:
        return None
    if text[start:at].strip().lower() in _PERIOD:
        before = text[max(0, start - 12) : start].lower().split()
        if not before or before[-1] not in _LASTING:
            return None
    return Quantified(
        start, unit.end, text[start : unit.end], comparison, near, 1.0, None, None,
        unit.unit, "", False, unit.kind, "", 1.0, "",
    )  # fmt: skip

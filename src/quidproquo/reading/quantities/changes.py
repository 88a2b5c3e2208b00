"""Changes from one number to another, and conversions in brackets: what two numbers in a row say together."""

from __future__ import annotations

import re
from dataclasses import replace

from quidproquo.reading.quantities.units import MEASURES, rate_after
from quidproquo.reading.record import Quantified

__all__ = ["with_changes", "with_conversions"]

_FROM = re.compile(r"\bfrom[ \n]$", re.IGNORECASE)
_TO = re.compile(r"[ ]*\n?to[ \n]+", re.IGNORECASE)
_IN_BRACKET = re.compile(r"[ ][(\[](?:or[ ])?")
_BRACKET = re.compile(r"[ ]\([ ]?|[ ]/[ ]")


def with_changes(text: str, found: list[Quantified]) -> list[Quantified]:
    """Join "from 3,000 to 10,000" after a verb of change into one range that keeps both as its `levels`.

    Guidelines for quantities take an expression from one number to another for one quantity with two ends
    (Almasian, Kazakova and Gertz 2023, CQE, EMNLP).
    """
    done: list[Quantified] = []
    for one in found:
        first = done[-1] if done else None
        if first is not None and _joins(text, first, one):
            done[-1] = _joined(text, first, one)
        else:
            done.append(one)
    return done


def _joins(text: str, first: Quantified, second: Quantified) -> bool:
    gap = second.start - first.end
    if not 3 < gap < 8 or first.value is None or second.value is None or first.value == second.value:
        return False
    if not _TO.fullmatch(text, first.end, second.start) or not _FROM.search(
        text, max(0, first.start - 5), first.start
    ):
        return False
    units = {first.unit, second.unit} - {""}
    return len(units) < 2 and (first.kind == second.kind or first.kind == "count")


def _joined(text: str, first: Quantified, second: Quantified) -> Quantified:
    start = first.start - 5
    low, high = sorted((first.value or 0.0, second.value or 0.0))
    return replace(
        second, start=start, surface=text[start : second.end], comparison="between", near=False, value=None,
        low=low, high=high, unit=second.unit or first.unit, head=second.head or first.head, levels=(first, second),
    )  # fmt: skip


def _is_measured(one: Quantified) -> bool:
    return one.kind in {"measure", "money"} or (one.kind == "count" and one.unit.lower() in MEASURES)


def with_conversions(text: str, found: list[Quantified]) -> list[Quantified]:
    """Give a conversion in brackets the comparison of what it converts: "under 300 hp (224 kW)"."""
    done = list(found)
    for index in range(1, len(done)):
        given, here = done[index - 1], done[index]
        if here.start - given.end > 6:
            continue
        if _is_measured(given) and _is_measured(here) and given.unit != here.unit:
            done[index - 1], done[index] = given, here = _with_rate(text, given, here)
        if (
            given.comparison in {"eq", "between"}
            or here.comparison != "eq"
            or not _is_measured(given)
            or not _is_measured(here)
            or here.unit == given.unit
            or not _BRACKET.fullmatch(text, given.end, here.start)
            or text[here.end : here.end + 1] not in {")", " "}
        ):
            continue
        done[index] = replace(here, comparison=given.comparison, near=given.near)
    return done


def _with_rate(text: str, given: Quantified, here: Quantified) -> tuple[Quantified, Quantified]:
    """A rate after a conversion in brackets holds for both: "6 billion francs ($10.8 million) a month"."""
    if (
        given.per
        or here.per
        or not _IN_BRACKET.fullmatch(text, given.end, here.start)
        or text[here.end : here.end + 1] not in {")", "]"}
    ):
        return given, here
    rate = rate_after(text, here.end + 1)
    if rate is None:
        return given, here
    per, count, end = rate
    surface = text[here.start : end]
    return (
        replace(given, per=per, per_count=count, unit=f"{given.unit or 'count'}/{per}"),
        replace(
            here, per=per, per_count=count, unit=f"{here.unit or 'count'}/{per}", end=end, surface=surface
        ),
    )

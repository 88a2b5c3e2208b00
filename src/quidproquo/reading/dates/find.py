"""Dates in running text, absolute or relative to an anchor, as EDTF intervals."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from quidproquo.reading.dates.grammar import Context, Found
from quidproquo.reading.dates.relative import RULES, SCAN
from quidproquo.terms.edtf import Interval

__all__ = ["Dated", "dates"]


@dataclass(frozen=True)
class Dated:
    """A date as it stands in the text.

    `edtf` and `interval` are empty where the date hangs on an anchor that is missing. `relation`
    says how it is used: "point", "since" (start of a period that lasts), "until", "before", "after",
    "between", "during" (within a period) or "ago". `relative` tells whether the anchor was needed.
    """

    start: int
    end: int
    surface: str
    edtf: str
    interval: Interval | None
    relation: str = "point"
    relative: bool = False


_RELATION = re.compile(
    r"(?:\b(?P<since>since(?:[ ](?:at[ ]least|about|around))?|ever[ ]since|starting(?:[ ](?:in|on))?|"
    r"beginning(?:[ ](?:in|on))?|as[ ]of)"
    r"|\b(?P<until>until|till|through|to|up[ ]to|by)|\b(?P<before>before|prior[ ]to|ahead[ ]of)|"
    r"\b(?P<after>after|following)"
    r"|\b(?P<during>in|during|over|within|throughout|for)|\b(?P<between>between)|\b(?P<from>from))"
    r"[ \n]+(?:the[ ])?$",
    re.IGNORECASE,
)
_LINK = re.compile(r"[ \n]*(?:to|and|through|until|till|-|–|—)[ \n]*(?:the[ ])?", re.IGNORECASE)


def dates(text: str, anchor: date | Interval | None = None) -> list[Dated]:
    """Dates in a text, in order, read against the day it was published.

    >>> from datetime import date
    >>> dates("They met last Friday.", date(2024, 10, 24))[0].edtf
    '2024-10-18'
    """
    day = _day(anchor)
    found: list[Dated] = []
    for match in SCAN.finditer(text):
        rule = RULES[match.lastgroup or ""]
        if found and match.start() < found[-1].end:
            continue
        here = Context(text, match.start(), match.end(), day, found[-1].interval if found else None)
        result = rule.read(rule.pattern.fullmatch(text, match.start(), match.end()), here)
        if result is None:
            continue
        found.append(_dated(text, match, result))
    return _joined(text, found)


def _day(anchor: date | Interval | None) -> date | None:
    if isinstance(anchor, Interval):
        return anchor.end
    return anchor


def _dated(text: str, match: re.Match[str], result: Found) -> Dated:
    relation = "point"
    cue = _RELATION.search(text, max(0, match.start() - 24), match.start())
    if cue is not None:
        name = cue.lastgroup or ""
        relation = {"from": "since", "during": "during"}.get(name, name)
        if relation == "during" and result.interval is not None and result.interval.days == 1:
            relation = "point"
    if result.relation:
        relation = result.relation
    edtf = result.interval.edtf if result.interval is not None else ""
    return Dated(match.start(), match.end(), match[0], edtf, result.interval, relation, result.relative)


def _joined(text: str, found: list[Dated]) -> list[Dated]:
    """Join "between March and October" and "from 2018 to 2021" into one date each."""
    done: list[Dated] = []
    for item in found:
        if done and done[-1].relation in {"between", "since"} and item.interval is not None:
            first = done[-1]
            link = _LINK.fullmatch(text, first.end, item.start)
            if link is not None and first.interval is not None:
                start = _earlier(first.interval, item.interval)
                if start is not None:
                    whole = Interval(
                        start.start,
                        item.interval.end,
                        f"{start.edtf.split('/')[0]}/{item.interval.edtf.split('/')[-1]}",
                    )
                    done[-1] = replace(
                        first, end=item.end, surface=text[first.start : item.end], edtf=whole.edtf,
                        interval=whole, relation="between", relative=first.relative or item.relative,
                    )  # fmt: skip
                    continue
        done.append(item)
    return done


def _earlier(first: Interval, last: Interval) -> Interval | None:
    """The first end of a period, moved back by a year if it was read as later than the last."""
    if first.start <= last.start:
        return first
    try:
        moved = Interval(first.start.replace(year=last.start.year), first.end.replace(year=last.start.year))
        if moved.start > last.start:
            moved = Interval(
                first.start.replace(year=last.start.year - 1), first.end.replace(year=last.start.year - 1)
            )
    except ValueError:
        return None
    return moved if (first.start - last.start) < timedelta(days=730) else None  # two years

"""Dates in running text, absolute or relative to an anchor, as EDTF intervals."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from quidproquo.reading.dates.calendar import month, shift_months
from quidproquo.reading.dates.grammar import Context, Found
from quidproquo.reading.dates.relative import RULES, SCAN
from quidproquo.reading.wrapping import Unwrapped, unwrapped
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
    r"[ \n]+(?:the[ ](?:(?:night|evening|morning|afternoon|day)[ ]of[ ](?:the[ ])?)?)?$",
    re.IGNORECASE,
)
_RUN = re.compile(r"[-–—]|\b(?:to|through|until|till|and)\b")
_NIGHT = r"(?:the[ ](?:(?:night|evening|morning|afternoon|day)[ ]of[ ])?)?"
_LINK = re.compile(rf"[ \n]*(?:to|and|through|until|till|-to-|-|–|—)[ \n]*{_NIGHT}")
# Without "from" or "between": "26 July - 22 August", "June 3 to June 8".
_DASH = re.compile(r"[ ]?(?:-|–|—)[ ]?|-to-")
_TO = re.compile(rf"[ ](?:to|through|until)[ ]{_NIGHT}")
_MOVED = re.compile(
    r"\b(?:mov|postpon|delay|push|shift|brought|reschedul|extend|chang|put[ ]off)", re.IGNORECASE
)
# "In 2018 from February to December": the year only places what follows.
_WITHIN = re.compile(r",?[ ]\(?(?:(?:from|between|in|during|on)[ ])?(?:the[ ])?(?:(?:early|mid|late)[ -])?")


def dates(text: str, anchor: date | Interval | None = None) -> list[Dated]:
    """Dates in a text, in order, read against the day it was published.

    >>> from datetime import date
    >>> dates("They met last Friday.", date(2024, 10, 24))[0].edtf
    '2024-10-18'
    """
    flow = unwrapped(text)
    found = _read(flow.text, _day(anchor))
    return found if flow.text is text else [_printed(text, flow, one) for one in found]


def _printed(text: str, flow: Unwrapped, found: Dated) -> Dated:
    """A date of the unwrapped text at its place in the printed text."""
    if not flow.kept and text.find("\n", found.start, found.end) < 0:
        return found
    start, end = flow.printed(found.start, found.end)
    return replace(found, start=start, end=end, surface=text[start:end])


def _read(text: str, day: date | None) -> list[Dated]:
    found: list[Dated] = []
    for match in SCAN.finditer(text):
        rule = RULES[match.lastgroup or ""]
        if found and match.start() < found[-1].end:
            continue
        last = found[-1] if found else None
        here = Context(
            text, match.start(), match.end(), day, last.interval if last is not None else None,
            last.end if last is not None else 0, last.relative if last is not None else True,
        )  # fmt: skip
        result = rule.read(rule.pattern.fullmatch(text, match.start(), match.end()), here)
        if result is None:
            continue
        found.append(_stretched(text, _dated(text, match, result), last.end if last is not None else 0))
    return _joined(text, found)


def _day(anchor: date | Interval | None) -> date | None:
    if isinstance(anchor, Interval):
        return anchor.end
    return anchor


def _dated(text: str, match: re.Match[str], result: Found) -> Dated:
    relation = "point"
    cue = _RELATION.search(text, max(0, match.start() - 32), match.start())
    if cue is not None:
        name = cue.lastgroup or ""
        relation = {"from": "since", "during": "during"}.get(name, name)
        if name == "from" and _RUN.search(match[0]):
            relation = "between"
        if relation == "during" and result.interval is not None and result.interval.days == 1:
            relation = "point"
    if result.relation:
        relation = result.relation
    edtf = result.interval.edtf if result.interval is not None else ""
    return Dated(match.start(), match.end(), match[0], edtf, result.interval, relation, result.relative)


# "The week of 5 May", "the week ending 11 May", "the six months ended 30 June".
_STRETCH = re.compile(
    r"\b(?P<what>week|quarter|half(?:[ -]year)?|(?:fiscal[ ]|financial[ ])?year|"
    r"(?P<n>two|three|four|six|nine|ten|twelve|\d{1,2})[ ]months)"
    r"[ ](?P<how>of|beginning|starting|commencing|ended|ending)"
    r"[ ](?:on[ ])?(?:the[ ](?:end[ ]of[ ])?)?\Z",
    re.IGNORECASE,
)
_NAMED = {"two": 2, "three": 3, "four": 4, "six": 6, "nine": 9, "ten": 10, "twelve": 12}
_WEEK = 7


def _stretched(text: str, item: Dated, first: int) -> Dated:
    """A date that only names a week or the last month of a period, as that week or period."""
    if item.interval is None:
        return item
    named = _STRETCH.search(text, max(first, item.start - 48), item.start)
    if named is None:
        return item
    what, how = named["what"].lower(), named["how"].lower()
    whole = _week(item.interval, how) if what == "week" else _months_to(item.interval, named)
    return item if whole is None else replace(item, edtf=whole.edtf, interval=whole, relation="point")


def _week(day: Interval, how: str) -> Interval | None:
    if day.days != 1:
        return None
    if how in {"ended", "ending"}:
        return Interval(day.start - timedelta(days=_WEEK - 1), day.start)
    monday = day.start - timedelta(days=day.start.weekday()) if how == "of" else day.start
    return Interval(monday, monday + timedelta(days=_WEEK - 1))


def _months_to(last: Interval, named: re.Match[str]) -> Interval | None:
    """The months up to one, whose last day may stand for it."""
    if named["how"].lower() in {"of", "beginning", "starting", "commencing"}:
        return None
    closing = month(last.end.year, last.end.month)
    if closing is None or last.end != closing.end or last.days not in {1, closing.days}:
        return None
    what = named["what"].lower()
    if named["n"]:
        count = _NAMED.get(named["n"].lower()) or int(named["n"])
    else:
        count = 3 if what == "quarter" else 6 if what.startswith("half") else 12
    opening = shift_months(closing.start, 1 - count)
    if opening is None:
        return None
    begin = f"{opening.year:04d}-{opening.month:02d}"
    return Interval(opening, closing.end, f"{begin}/{closing.edtf}")


def _joined(text: str, found: list[Dated]) -> list[Dated]:
    """Join "between March and October", "from 2018 to 2021" and "26 July – 22 August" into one date each."""
    done: list[Dated] = []
    for item in found:
        if done:
            done[-1] = _in_same_year(text, done[-1], item)
        whole = _pair(text, done[-1], item) if done else None
        if whole is not None:
            done[-1] = whole
        else:
            done.append(item)
    return done


_AND = re.compile(r",[ ]|,?[ ](?:and|or)[ ]")
_LONGEST_MONTH = 31


def _in_same_year(text: str, first: Dated, item: Dated) -> Dated:
    """A month before another one with its year, in that year: "in March and April 2024"."""
    if first.interval is None or item.interval is None or not first.relative or item.relative:
        return first
    months = all(27 < one.days <= _LONGEST_MONTH for one in (first.interval, item.interval))
    named = first.surface[:1].isupper() and first.interval.start.day == 1
    if not months or not named or not _AND.fullmatch(text, first.end, item.start):
        return first
    moved = _in_year(first.interval, item.interval.start.year)
    if moved is None or moved.start > item.interval.start:
        return first
    return replace(first, interval=moved, edtf=moved.edtf, relative=False)


def _pair(text: str, first: Dated, item: Dated) -> Dated | None:
    """Two dates in a row as one period, or None where they are two."""
    if first.interval is None or item.interval is None or item.start - first.end > 32:
        return None
    if _is_placed(text, first, item):
        return replace(item, start=first.start, surface=text[first.start : item.end])
    opened = first.relation in {"between", "since"} and _LINK.fullmatch(text, first.end, item.start)
    if not opened and not _spans(text, first, item):
        return None
    start = _earlier(first, item)
    if start is None:
        return None
    whole = Interval(
        start.start, item.interval.end, f"{start.edtf.split('/')[0]}/{item.interval.edtf.split('/')[-1]}"
    )
    return replace(
        first, end=item.end, surface=text[first.start : item.end], edtf=whole.edtf,
        interval=whole, relation="between", relative=first.relative or item.relative,
    )  # fmt: skip


def _is_placed(text: str, first: Dated, item: Dated) -> bool:
    """Whether a year only places the months after it: "in 2018 from February to December"."""
    if first.interval is None or item.interval is None or first.relative or item.relative:
        return False
    if len(first.surface) != _YEAR_LENGTH or first.surface in item.surface:
        return False
    inside = first.interval.start <= item.interval.start and item.interval.end <= first.interval.end
    return (
        inside
        and item.interval.days < first.interval.days
        and bool(_WITHIN.fullmatch(text, first.end, item.start))
    )


_YEAR_LENGTH = 4


def _spans(text: str, first: Dated, item: Dated) -> bool:
    """Whether a dash, or "to", between two dates makes them a period."""
    if first.interval is None or item.interval is None or first.relation == "between":
        return False
    if _DASH.fullmatch(text, first.end, item.start):
        alike = first.interval.days == item.interval.days or first.interval.days <= 31 < item.interval.days
        return alike or (first.interval.days > 27 and item.interval.days > 27)
    if not _TO.fullmatch(text, first.end, item.start) or first.relation in {"before", "after", "until"}:
        return False
    one_kind = (first.interval.days == 1) == (item.interval.days == 1)
    return one_kind and _MOVED.search(text, max(0, first.start - 60), first.start) is None


def _earlier(first: Dated, last: Dated) -> Interval | None:
    """The first end of a period, in the year of the last where its own was not printed; None if that is later."""
    begin, end = first.interval, last.interval
    if begin is None or end is None:
        return None
    stated = first.relative and not last.relative and begin.days <= 31
    if begin.start <= end.start and not stated:
        return begin
    if not first.relative:
        return None
    for year in (end.start.year, end.start.year - 1):
        moved = _in_year(begin, year)
        if moved is not None and moved.start <= end.start:
            return moved
    return None


def _in_year(whole: Interval, year: int) -> Interval | None:
    try:
        moved = Interval(
            whole.start.replace(year=year), whole.end.replace(year=year + whole.end.year - whole.start.year)
        )
    except ValueError:
        return None
    return moved

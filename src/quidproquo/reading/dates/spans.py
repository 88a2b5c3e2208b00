"""Parts of a year or a month, and runs of months: "the first half of 2024", "June–August"."""

from __future__ import annotations

import re
from datetime import timedelta

from quidproquo.reading.dates import calendar as words
from quidproquo.reading.dates.grammar import (
    MONTH,
    WORDED_YEAR,
    YEAR,
    Context,
    Found,
    month_number,
    number_of,
    rule,
    stated_year,
    worded_year,
)
from quidproquo.terms.edtf import Interval

__all__: list[str] = []

_ORDER = r"[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ll]ast|[Ff]inal"
_NUMBERS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
# "Of 2015", "of this year", "of the year", "2015", "last year".
_OF_YEAR = (
    rf"(?:[ ](?:of[ ])?(?:(?:fiscal|FY|the[ ]year)[ ])?(?P<y>{YEAR})\b|{WORDED_YEAR}"
    r"|[ ]of[ ](?P<the>the|each|every)[ ]year\b)"
)


def _year_of(match: re.Match[str], here: Context) -> tuple[int | None, bool]:
    """The year of a phrase with `_OF_YEAR`, and whether it hangs on the anchor."""
    if match["y"]:
        return int(match["y"]), False
    if match["the"]:
        return (here.anchor.year if here.anchor is not None and match["the"] == "the" else None), True
    return worded_year(match, here), True


@rule(
    "iso_span",
    rf"\b(?P<y>{YEAR})[-–](?P<y2>0[1-9]|1[0-2])(?![\d-]|/\d)",
)
def _iso_span(match: re.Match[str] | None, here: Context) -> Found | None:
    """Of "2007-11" the years 2007 to 2011; of "2024-10", which can be no run of years, the month."""
    assert match is not None
    del here
    year, last = int(match["y"]), int(match["y2"])
    if last > year % 100:
        return Found(words.year(year, year // 100 * 100 + last))
    return Found(words.month(year, last))


@rule(
    "half",
    rf"\b(?:(?:[Tt]he[ ])?(?:(?:[Ff]irst|[Ss]econd|[Ll]atter|[Ll]ast|[Oo]ther)[ -]half|H[12]|[12]H){_OF_YEAR}"
    rf"|H[12](?![\w-])|(?:[Tt]he[ ])?(?:[Ff]irst|[Ss]econd|[Ll]atter|"
    rf"[Ll]ast)[ -]half[ ]of[ ](?P<m>{MONTH})(?:,?[ ](?P<y2>{YEAR})\b)?)",
)
def _half(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    printed = match[0].lower().replace("the ", "", 1)
    first = printed.startswith(("first", "h1", "1h"))
    if match["m"]:
        return _half_month(match, here, first)
    if match["y"] or match["of"] or match["back"] or match["the"]:
        year, relative = _year_of(match, here)
    else:
        year, relative = (here.anchor.year if here.anchor is not None else None), True
    if year is None:
        return Found(None, relative=True)
    return Found(_months(year, *((1, 6) if first else (7, 12))), relative)


def _half_month(match: re.Match[str], here: Context, first: bool) -> Found:
    number = month_number(match["m"])
    year, relative = _month_year(match["y2"], number, here)
    whole = words.month(year, number) if year is not None else None
    if whole is None:
        return Found(None, relative=True)
    middle = whole.start.replace(day=15)
    half = Interval(whole.start, middle) if first else Interval(middle + timedelta(days=1), whole.end)
    return Found(half, relative)


def _month_year(printed: str | None, month: int, here: Context) -> tuple[int | None, bool]:
    """The year of a month: as printed, as stated just before, or the nearest past by the anchor."""
    if printed:
        return int(printed), False
    stated = stated_year(here, month)
    if stated is not None:
        return stated, False
    if here.anchor is None:
        return None, True
    ahead = month > here.anchor.month and not here.future
    return here.anchor.year - (1 if ahead else 0), True


def _months(year: int, first: int, last: int) -> Interval | None:
    start, end = words.month(year, first), words.month(year, last)
    if start is None or end is None:
        return None
    return Interval(start.start, end.end, f"{start.edtf}/{end.edtf}")


@rule(
    "first_months",
    r"\b(?:[Tt]he[ ])?(?P<which>[Ff]irst|[Ll]ast|[Ff]inal)[ ](?P<n>two|three|four|five|six|seven|eight|nine|"
    r"ten|eleven|1[01]|[2-9])[ ]"
    rf"(?P<u>month|quarter)s{_OF_YEAR}",
)
def _first_months(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    count = (number_of(match["n"]) or 0) * (3 if match["u"] == "quarter" else 1)
    year, relative = _year_of(match, here)
    if year is None or not 0 < count < 12:
        return Found(None, relative=True) if year is None else None
    first = match["which"].lower() == "first"
    return Found(_months(year, 1, count) if first else _months(year, 13 - count, 12), relative)


@rule(
    "quarter_of",
    rf"\b(?:[Tt]he[ ])?(?:(?P<q>{_ORDER})[ -]quarter|(?P<q2>Q[1-4]|[1-4]Q)){_OF_YEAR}",
)
def _quarter_of(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    number = _NUMBERS.get(match["q"].lower(), 4) if match["q"] else int(match["q2"].strip("Q"))
    year, relative = _year_of(match, here)
    return Found(words.quarter(year, number), relative) if year is not None else Found(None, relative=True)


@rule(
    "week_of",
    rf"\b(?:[Tt]he[ ])?(?P<o>{_ORDER})[ ](?:(?P<n>two|three|ten|\d)[ ])?(?P<u>week|day)s?[ ](?:of|"
    rf"in)[ ](?P<m>{MONTH})"
    rf"(?:,?[ ](?P<y>{YEAR})\b|{WORDED_YEAR})?",
)
def _week_of(match: re.Match[str] | None, here: Context) -> Found | None:
    """Weeks counted in sevens from the first of a month, or back from its last day."""
    assert match is not None
    number = month_number(match["m"])
    if match["of"] or match["back"]:
        year, relative = worded_year(match, here), True
    else:
        year, relative = _month_year(match["y"], number, here)
    whole = words.month(year, number) if year is not None else None
    if whole is None:
        return Found(None, relative=True)
    size = 7 if match["u"] == "week" else 1
    length = size * (number_of(match["n"]) or 1 if match["n"] else 1)
    name = match["o"].lower()
    if name in {"last", "final"}:
        return Found(Interval(whole.end - timedelta(days=length - 1), whole.end), relative)
    start = whole.start + timedelta(days=size * (_NUMBERS[name] - 1))
    return Found(Interval(start, min(whole.end, start + timedelta(days=length - 1))), relative)


@rule(
    "part_of_years",
    r"\b(?P<rel>[Ll]ast|[Nn]ext|[Tt]his)[ ]year['’]s[ ](?:(?P<q>first|second|third|fourth|last|final)[ -]quarter"
    r"|(?P<h>first|second|latter|last)[ -]half)\b",
)
def _part_of_years(match: re.Match[str] | None, here: Context) -> Found | None:
    """As in "next year's first half"."""
    assert match is not None
    if here.anchor is None:
        return Found(None, relative=True)
    year = here.anchor.year + {"last": -1, "next": 1, "this": 0}[match["rel"].lower()]
    if match["h"]:
        return Found(_months(year, *((1, 6) if match["h"] == "first" else (7, 12))), relative=True)
    return Found(words.quarter(year, _NUMBERS.get(match["q"], 4)), relative=True)


_ROUND = r"(?:-to-|[ ]?[-–—/][ ]?|[ ](?:to|through|until|till)[ ])"


@rule(
    "months",
    rf"\b(?:(?P<y0>{YEAR})[ ])?(?P<m>{MONTH}){_ROUND}(?P<m2>{MONTH})(?![a-z]|"
    rf"[ ]\d{{1,2}}(?![\d,])\b)(?:(?:,?[ ](?:of[ ])?(?P<y>{YEAR})\b)|{WORDED_YEAR})?",
)
def _run(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    first, last = month_number(match["m"]), month_number(match["m2"])
    if match["y0"]:
        start, relative = int(match["y0"]), False
        end = start + (1 if last < first else 0)
    else:
        if match["of"] or match["back"]:
            worded, relative = worded_year(match, here), True
        else:
            worded, relative = _month_year(match["y"], last, here)
        if worded is None:
            return Found(None, relative=True)
        end = worded
        start = end - (1 if last < first else 0)
    low, high = words.month(start, first), words.month(end, last)
    if low is None or high is None:
        return None
    return Found(Interval(low.start, high.end, f"{low.edtf}/{high.edtf}"), relative, "between")


@rule(
    "year_month",
    rf"\b(?:(?P<y>{YEAR})[ ](?P<m>{MONTH})[ ](?P<d>0?[1-9]|[12]\d|3[01])(?![\d,.]\d|\w)"
    rf"|(?P<rel>[Ll]ast|[Nn]ext|[Tt]his)[ ]year,?[ ](?:in[ ])(?:(?P<p>early|mid|"
    rf"late)[ -])?(?P<m2>{MONTH})(?![a-z]))",
)
def _year_month(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    if match["y"]:
        whole = words.month(int(match["y"]), month_number(match["m"]))
        day = int(match["d"])
        if whole is None or day > whole.end.day:
            return None
        return Found(words.day(whole.start.replace(day=day)))
    if here.anchor is None:
        return Found(None, relative=True)
    year = here.anchor.year + {"last": -1, "next": 1, "this": 0}[match["rel"].lower()]
    found = words.month(year, month_number(match["m2"]))
    part = match["p"]
    return Found(words.part_of(found, part) if found is not None and part else found, relative=True)

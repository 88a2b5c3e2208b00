"""Dates printed in full or in part: days, months, quarters, seasons, years, decades."""

from __future__ import annotations

import re
from datetime import date, timedelta

from quidproquo.reading.dates import calendar as words
from quidproquo.reading.dates import holidays, spans
from quidproquo.reading.dates.calendar import SEASONS, WEEKDAYS
from quidproquo.reading.dates.grammar import (
    DAY,
    MAY_VERB,
    MONTH,
    PART,
    WEEKDAY,
    WORDED_YEAR,
    YEAR,
    Context,
    Found,
    day_number,
    month_number,
    narrow,
    rule,
    safe_day,
    stated_year,
    worded_year,
)
from quidproquo.reading.dates.tense import is_ahead
from quidproquo.terms.edtf import Interval

__all__: list[str] = []

# The rules for runs of months and parts of years come first in the scan.
_FIRST = (holidays.__name__, spans.__name__)


@rule("iso", rf"\b(?P<y>{YEAR})-(?P<m>0[1-9]|1[0-2])(?:-(?P<d>0[1-9]|[12]\d|3[01]))?(?![\d-])")
def _iso(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    del here
    year, month = int(match["y"]), int(match["m"])
    found = safe_day(year, month, int(match["d"])) if match["d"] else words.month(year, month)
    return Found(found) if found else None


@rule("year_first", rf"\b(?P<y>{YEAR})[/.](?P<m>0?[1-9]|1[0-2])[/.](?P<d>0?[1-9]|[12]\d|3[01])(?![\d/]|\.\d)")
def _year_first(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    del here
    found = safe_day(int(match["y"]), int(match["m"]), int(match["d"]))
    return Found(found) if found else None


@rule(
    "named",
    rf"(?<![\d/])(?P<d>0?[1-9]|[12]\d|3[01])(?:[/.-])(?P<m>{MONTH})(?:[/.-])(?P<y>{YEAR}|\d\d)(?!\d|[/-]\d)",
)
def _named(match: re.Match[str] | None, here: Context) -> Found | None:
    """As in "29/Nov/2016", "29-Nov-16"."""
    assert match is not None
    del here
    year = int(match["y"])
    if year < 100:
        year += 1900 if year > 68 else 2000
    found = safe_day(year, month_number(match["m"]), int(match["d"]))
    return Found(found) if found else None


@rule(
    "slash",
    r"(?<![\d/])(?P<a>0?[1-9]|[12]\d|3[01])[/.](?P<b>0?[1-9]|[12]\d|3[01])[/.](?P<y>(?:19|20)\d\d|"
    r"\d\d)(?![\d/.]\d|\d)",
)
def _slash(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    del here
    first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
    if year < 100:
        year += 1900 if year > 68 else 2000
    dotted = "." in match[0]
    month, day = (second, first) if dotted or first > 12 else (first, second)
    found = safe_day(year, month, day) if month <= 12 else None
    return Found(found) if found else None


_MONTH_DAY = (
    rf"(?:{WEEKDAY},?[ ])?\b(?P<m>{MONTH})[ \n\u00a0](?:the[ ])?(?P<d>{DAY})\b(?!,\d{{3}}(?!\d)|[ ]?%|:\d|[ "
    rf"](?:percent|million|billion))(?:(?:,[ ]{DAY})*,?[ ]?(?:-|–|—|to|and|"
    rf"through)[ ]?(?P<d2>{DAY})\b(?![:,]\d|[ ]?%"
    rf"|[ ](?:{MONTH})))?(?:(?:,?[ \n]|,)(?P<y>{YEAR})\b(?!-)|{WORDED_YEAR})?"
)


@rule("month_day", _MONTH_DAY.replace(r"\u00a0", "\u00a0"))
def _month_day(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    return _dayed(match, here)


@rule(
    "day_month",
    rf"(?:{WEEKDAY},?[ ])?\b(?:the[ ])?(?P<d>{DAY})(?:(?:,[ ]{DAY})*,?[ ]?(?:-|–|—|to|"
    rf"and)[ ]?(?P<d2>{DAY}))?[ ](?:of[ "
    rf"])?(?P<m>{MONTH})(?![a-z])(?:,?[ ](?P<y>{YEAR})\b|{WORDED_YEAR})?",
)
def _day_month(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    if match["m"] == "May" and not match["y"] and MAY_VERB.match(here.text, here.end):
        return None
    return _dayed(match, here)


def _dayed(match: re.Match[str], here: Context) -> Found | None:
    month, first = month_number(match["m"]), day_number(match["d"])
    last = day_number(match["d2"]) if match["d2"] else first
    if match["of"] or match["back"]:
        year, relative = worded_year(match, here), True
    else:
        year, relative = _year_of(match["y"], month, first, here)
    if relative and year is not None and not match["of"]:
        year = _weekday_year(match[0], year, (month, first)) or year
    if year is None:
        return Found(None, relative=True)
    start, end = safe_day(year, month, first), safe_day(year, month, last)
    if start is None or end is None or end.end < start.start:
        return Found(start, relative) if start else None
    return Found(start if first == last else Interval(start.start, end.end), relative)


def _year_of(printed: str | None, month: int, day: int, here: Context) -> tuple[int | None, bool]:
    """The year of a month or day that is printed without one: the nearest past, or next if ahead."""
    if printed:
        return int(printed), False
    stated = stated_year(here, month)
    if stated is not None:
        return stated, False
    if here.anchor is None:
        return None, True
    year = here.anchor.year
    ahead = (month, day) > (here.anchor.month, here.anchor.day)
    if ahead and not here.future and not _soon(here.anchor, month, day):
        year -= 1
    if not ahead and here.future and _months_back(here.anchor, month) > 6:
        year += 1
    return year, True


def _soon(anchor: date, month: int, day: int) -> bool:
    """Whether a day printed without a year lies in the two months ahead."""
    coming = safe_day(anchor.year, month, day) or safe_day(anchor.year, month, 1)
    return coming is not None and 0 < (coming.start - anchor).days <= 61


def _weekday_year(printed: str, year: int, at: tuple[int, int]) -> int | None:
    """The year, this or a neighbour, in which the day falls on the weekday printed with it."""
    name = re.match(r"[A-Za-z]+", printed)
    number = WEEKDAYS.get(name[0].lower()) if name else None
    if number is None:
        return None
    for candidate in (year, year + 1, year - 1):
        found = safe_day(candidate, *at)
        if found is not None and found.start.weekday() == number:
            return candidate
    return None


def _months_back(anchor: date, month: int) -> int:
    return (anchor.month - month) % 12


@rule(
    "month",
    rf"\b(?:(?P<p>(?:[Ee]arly|[Mm]id|[Ll]ate|(?:[Tt]he[ ])?(?:end|beginning|start|middle)[ ]of))[ "
    rf"-])?(?:(?P<rel>[Ll]ast|[Nn]ext|[Tt]his(?:[ ]past)?|[Tt]his[ ]coming)[ ])?(?P<m>{MONTH})(?![a-z]|[ "
    rf"](?:0?[1-9]|[12]\d|3[01])[ ,.])"
    rf"(?:,?[ ](?:of[ ])?(?:(?P<y>{YEAR})\b|(?P<y2>['’]\d\d)(?![\w-]))|{WORDED_YEAR})?",
)
def _month(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    if not _is_month(match, here):
        return None
    number = month_number(match["m"])
    stated = None if match["rel"] or match["of"] or match["back"] else stated_year(here, number)
    printed = match["y"] or (f"20{match['y2'][1:]}" if match["y2"] else stated)
    if printed is not None:
        return Found(narrow(words.month(int(printed), number), match["p"]))
    if match["of"] or match["back"]:
        worded = worded_year(match, here)
        if worded is None:
            return Found(None, relative=True)
        return Found(narrow(words.month(worded, number), match["p"]), relative=True)
    if here.anchor is None:
        return Found(None, relative=True)
    rel = (match["rel"] or "").lower()
    year = here.anchor.year
    if rel == "last" and number >= here.anchor.month:
        year -= 1
    elif rel in {"next", "this coming"} and number <= here.anchor.month:
        year += 1
    elif not rel and number > here.anchor.month and not here.future:
        year -= 1
    elif not rel and number < here.anchor.month and here.future and _months_back(here.anchor, number) > 6:
        year += 1
    return Found(narrow(words.month(year, number), match["p"]), relative=True)


def _is_month(match: re.Match[str], here: Context) -> bool:
    """Whether "May", "March" … is the month: not the verb, not a person's name."""
    name = match["m"].rstrip(".").lower()
    if match["y"] or match["p"] or match["rel"] or match["of"] or match["back"]:
        return True
    before = here.text[max(0, here.start - 14) : here.start].rstrip()
    last = re.search(r"([A-Za-z’']+)[,.]?$", before)
    word = last[1].lower() if last else ""
    after = here.text[here.end : here.end + 12]
    if name == "may":
        return word in {
            "in",
            "since",
            "until",
            "by",
            "last",
            "of",
            "from",
            "to",
            "and",
            "during",
            "through",
            "for",
            "between",
            "after",
            "before",
            "on",
            "or",
        } and not re.match(r"[ ](?:be|have|not|also|well)\b", after)
    if (
        last is not None
        and last[1][0].isupper()
        and word
        not in {
            "in",
            "since",
            "last",
            "by",
            "until",
            "from",
            "during",
            "on",
            "after",
            "before",
            "the",
            "between",
            "through",
            "and",
            "of",
        }
        and name in {"april", "june", "august", "jan", "march", "mar"}
        and not before.endswith((".", ","))
    ):
        return False
    if (
        re.match(r"[ ][A-Z][a-z]+", after)
        and name in {"april", "june", "august", "jan"}
        and word not in {"in", "since", "last", "by", "the"}
    ):
        return False
    if name == "march" and re.match(r"[ ](?:on|to|for|against)\b", after):
        return word in {"in", "since", "last", "by", "until"}
    return name not in {"mar", "jan", "sun"} or match["m"].endswith(".")


@rule(
    "weekday",
    rf"\b(?:(?P<rel>[Ll]ast|[Nn]ext|[Tt]his(?:[ ]past)?|[Tt]his[ ]coming|[Ll]ate|[Ee]arly|[Ee]arlier)[ "
    rf"])?(?P<w>{WEEKDAY})(?![a-z])(?:[ ](?P<when>morning|afternoon|evening|night))?"
    r"(?:[ ](?:of[ ])?(?P<week>last|this|next|the[ ](?:previous|following|same))[ ]week\b(?!['’])|"
    r"[ ]a[ ]week[ ]ago\b)?",
)
def _weekday(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    if here.anchor is None:
        return Found(None, relative=True)
    number = WEEKDAYS[match["w"].lower().rstrip(".")]
    rel = (match["rel"] or "").lower()
    if match["week"]:
        return Found(words.day(_in_week(match["week"], number, here)), relative=True)
    if match[0].endswith("ago"):
        return Found(
            words.day(here.anchor - timedelta(days=(here.anchor.weekday() - number) % 7 + 7)), relative=True
        )
    back = (here.anchor.weekday() - number) % 7
    if rel in {"next", "this coming"}:
        shift = -back + 7 if back else 7
    elif rel in {"last", "this past"}:
        # "last Friday" in a text of Thursday is six days back; on the day itself, a week.
        shift = -(back or 7)
    elif is_ahead(here.text, here.start, here.end):
        shift = (7 - back) % 7
    else:
        shift = -back
    return Found(words.day(here.anchor + timedelta(days=shift)), relative=True)


def _in_week(printed: str, number: int, here: Context) -> date:
    """The weekday of last, this or next week; "the following week" follows the date before."""
    assert here.anchor is not None
    base = here.anchor
    word = printed.removeprefix("the ")
    if word in {"previous", "following", "same"} and here.previous is not None:
        base = here.previous.start
    shift = {"last": -1, "previous": -1, "next": 1, "following": 1}.get(word, 0)
    return base + timedelta(days=7 * shift + number - base.weekday())


@rule(
    "quarter",
    rf"\b(?:[Tt]he[ ])?(?:(?P<rel>[Ll]ast|[Nn]ext|[Tt]his|latest|current)[ ])?(?P<q>[Ff]irst|[Ss]econd|"
    rf"[Tt]hird|[Ff]ourth|Q[1-4])(?:[ -]?quarter\b|(?<=Q\d)\b)(?:[ ](?:of[ ])?(?:(?:fiscal|FY)[ "
    rf"])?(?P<y>{YEAR}))?",
)
def _quarter(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    number = {"first": 1, "second": 2, "third": 3, "fourth": 4}.get(match["q"].lower()) or int(
        match["q"][-1:]
    )
    if match["y"]:
        return Found(words.quarter(int(match["y"]), number))
    if here.anchor is None:
        return Found(None, relative=True)
    year = here.anchor.year
    begins = date(year, 3 * number - 2, 1)
    if begins > here.anchor and not here.future:
        year -= 1
    return Found(words.quarter(year, number), relative=True)


@rule(
    "season",
    rf"\b(?:(?P<p>[Ee]arly|[Mm]id|[Ll]ate)[ -])?(?:(?P<rel>[Ll]ast|[Nn]ext|[Tt]his(?:[ ]past)?|[Tt]he|"
    rf"[Ii]n)[ ])(?P<p2>(?:early|mid|late)[ -])?(?P<s>spring|summer|autumn|fall|winter)\b(?:[ ](?:of[ "
    rf"])?(?P<y>{YEAR})(?:[-–/]\d\d)?\b|{WORDED_YEAR})?"
    rf"(?!-|[ ](?:of[ ](?!\d)|in[ ]|to[ ]|from[ ]|apart|back|short|victim|"
    rf"below|under|"
    rf"games|olympics|school))",
)
def _season(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    rel = match["rel"].lower()
    name = match["s"].lower()
    worded = worded_year(match, here) if match["of"] or match["back"] else None
    if name == "fall" and rel in {"the", "in"} and not match["y"] and worded is None:
        return None
    if not match["y"] and here.anchor is None:
        return Found(None, relative=True)
    stated = int(match["y"]) if match["y"] else worded
    anchor = here.anchor or date(int(match["y"]), 12, 31)
    year = anchor.year if stated is None else stated
    if name == "winter":
        first = date(year if stated is not None or rel != "last" or anchor.month > 2 else year - 1, 12, 1)
        if stated is None and first > anchor and rel != "next":
            first = date(first.year - 1, 12, 1)
        interval = Interval(first, date(first.year + 1, 3, 1) - timedelta(days=1))
    else:
        low, high = SEASONS[name]
        if stated is None:
            year += _season_shift(rel, (low, high), anchor)
        start, end = words.month(year, low), words.month(year, high)
        if start is None or end is None:
            return None
        interval = Interval(start.start, end.end)
    return Found(narrow(interval, match["p"] or match["p2"]), relative=not match["y"])


def _season_shift(rel: str, months: tuple[int, int], anchor: date) -> int:
    if rel == "last":
        return 0 if months[1] < anchor.month else -1
    if rel == "next":
        return 1 if months[0] <= anchor.month else 0
    return 0 if months[0] <= anchor.month or rel == "this" else -1


@rule(
    "years",
    rf"\b(?:(?P<p>{PART.replace('early', '[Ee]arly').replace('late', '[Ll]ate').replace('mid', '[Mm]id')})[ -])?"
    rf"(?:(?P<fy>fiscal(?:[ ]year)?|FY|the[ ]year)[ ]?)?(?P<y>{YEAR})(?:(?P<dash>[-–/])(?P<y2>{YEAR}|\d\d)(?!\d))?"
    r"(?![\w-]|['’]s[ ]|[.,]\d|[ ]?(?:%|percent|per[ ]cent))",
)
def _years(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    if not match["p"] and not match["fy"] and not _is_year(here):
        return None
    first = int(match["y"])
    if match["y2"]:
        last = int(match["y2"]) if len(match["y2"]) == 4 else first // 100 * 100 + int(match["y2"])
        return Found(words.year(first, last)) if last > first else None
    return Found(narrow(words.year(first), match["p"]))


_COUNTED = re.compile(
    r"[ ](?:more[ ])?(?:[a-z]+[ ])?(?:troops|soldiers|people|men|women|jobs|homes|cars|houses|dollars|"
    r"workers|tons|tonnes|shares|units|students|cases|"
    r"containers|rounds|votes|points|feet|miles|kilometers|kilometres|meters|metres|acres|hours|employees|"
    r"delegates|families|hectares|"
    r"megawatts|barrels|pounds|euros|won|rubles|yuan|yen|members|others|children|officers|personnel|"
    r"civilians)\b"
)
_YEAR_BEFORE = re.compile(
    r"(?:[$€£¥₩#]|\b(?:at[ ]least|about|some|over|than|nearly|almost|roughly|approximately|No\.|"
    r"[Rr]esolution|Boeing|Article|of[ ]the|lost|sent|another)[ ]|[A-Za-z]-|\d[.,]|[A-Za-z0-9])\Z"
)


def _is_year(here: Context) -> bool:
    if _COUNTED.match(here.text, here.end):
        return False
    before = here.text[max(0, here.start - 14) : here.start]
    if re.search(r"mid-$", before):
        return True
    return _YEAR_BEFORE.search(before) is None


@rule(
    "decade",
    r"\b(?:(?P<p>[Ee]arly|[Mm]id|[Ll]ate)[ -])?(?:the[ ])?(?:(?P<p2>early|mid|late)[ -])?(?:(?P<y>(?:1[5-9]|"
    r"20)\d0)['’]?s|['‘’](?P<short>[2-9]0)s)\b",
)
def _decade(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    del here
    first = int(match["y"]) if match["y"] else 1900 + int(match["short"])
    return Found(narrow(words.year(first, first + 9), match["p"] or match["p2"]))

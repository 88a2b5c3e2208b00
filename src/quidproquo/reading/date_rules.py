"""The grammar of dates: one rule for each way of printing one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from quidproquo.reading import calendar_words as words
from quidproquo.reading.calendar_words import MONTHS, SEASONS, WEEKDAYS
from quidproquo.terms.edtf import Interval

__all__ = ["RULES", "SCAN", "Found", "Rule"]

_YEAR = r"(?:1[5-9]|20)\d\d"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"JANUARY|FEBRUARY|MARCH|APRIL|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|(?:Mon|Tues|Tue|Wed|Thurs|Thur|Fri|Sat|Sun)\.)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_PART = r"(?:early|mid|late|the[ ]end[ ]of|the[ ]beginning[ ]of|the[ ]start[ ]of|the[ ]middle[ ]of|end[ ]of|beginning[ ]of)"
_COUNT = (
    r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|several|few|a[ ]few|"
    r"a[ ]couple[ ]of|a[ ]dozen|\d{1,3})"
)
_UNIT = r"(?:day|week|month|quarter|year|decade|weekend)"
_NUMBERS = {
    word: value
    for value, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
} | {"a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "a dozen": 12}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What a rule makes of its words: an interval, or None where the anchor is missing."""

    interval: Interval | None
    relative: bool = False
    relation: str = ""


class Context(Protocol):
    """What a rule may look at besides its own words."""

    text: str
    start: int
    end: int
    anchor: date | None
    previous: Interval | None

    @property
    def future(self) -> bool:
        """Whether the sentence speaks of the future before the date."""


Reader = Callable[["re.Match[str] | None", Context], "Found | None"]


@dataclass(frozen=True)
class Rule:
    """A pattern and the function that reads what it matched."""

    pattern: re.Pattern[str]
    read: Reader


RULES: dict[str, Rule] = {}
_SOURCES: list[str] = []
_NAMED = re.compile(r"[(][?]P<\w+>")


def _rule(name: str, pattern: str) -> Callable[[Reader], Reader]:
    def keep(read: Reader) -> Reader:
        RULES[name] = Rule(re.compile(pattern, re.VERBOSE), read)
        plain = _NAMED.sub("(?:", pattern)
        _SOURCES.append(f"(?P<{name}>{plain})")
        return read

    return keep


def _number(text: str) -> int | None:
    printed = re.sub(r"\s+", " ", text.lower())
    return int(printed) if printed.isdigit() else _NUMBERS.get(printed)


def _month_number(text: str) -> int:
    return MONTHS[text.lower().rstrip(".")]


def _day_number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _safe(year: int, month: int, day: int) -> Interval | None:
    try:
        return words.day(date(year, month, day))
    except ValueError:
        return None


def _part(text: str | None) -> str:
    printed = (text or "").lower().replace("the ", "").replace(" of", "").strip(" -")
    return printed


def _narrow(interval: Interval | None, part: str | None) -> Interval | None:
    name = _part(part)
    return words.part_of(interval, name) if interval is not None and name else interval


@_rule("iso", rf"\b(?P<y>{_YEAR})-(?P<m>0[1-9]|1[0-2])(?:-(?P<d>0[1-9]|[12]\d|3[01]))?(?![\d-])")
def _iso(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None  # noqa: S101 - the scan found it
    del here
    year, month = int(match["y"]), int(match["m"])
    found = _safe(year, month, int(match["d"])) if match["d"] else words.month(year, month)
    return Found(found) if found else None


@_rule("slash", r"(?<![\d/])(?P<a>0?[1-9]|[12]\d|3[01])[/.](?P<b>0?[1-9]|[12]\d|3[01])[/.](?P<y>(?:19|20)\d\d|\d\d)(?![\d/.]\d|\d)")
def _slash(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None  # noqa: S101
    del here
    first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
    if year < 100:  # noqa: PLR2004 - two digits
        year += 1900 if year > 68 else 2000  # noqa: PLR2004 - the usual pivot
    dotted = "." in match[0]
    month, day = (second, first) if dotted or first > 12 else (first, second)  # noqa: PLR2004
    found = _safe(year, month, day) if month <= 12 else None  # noqa: PLR2004
    return Found(found) if found else None


_MONTH_DAY = (
    rf"(?:{_WEEKDAY},?[ ])?\b(?P<m>{_MONTH})[ \n\u00a0](?:the[ ])?(?P<d>{_DAY})\b(?!,\d{{3}}|[ ]?%|:\d|[ ](?:percent|million|billion))"
    rf"(?:[ ]?(?:-|–|—|to|and|through)[ ]?(?P<d2>{_DAY})\b(?![:,]\d|[ ]?%))?(?:,?[ \n](?P<y>{_YEAR})\b(?!-))?"
)


@_rule("month_day", _MONTH_DAY.replace(r"\u00a0", "\u00a0"))
def _month_day(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None  # noqa: S101
    return _dayed(match, here)


@_rule("day_month", rf"(?:{_WEEKDAY},?[ ])?\b(?:the[ ])?(?P<d>{_DAY})(?:[ ]?(?:-|–|—|to|and)[ ]?(?P<d2>{_DAY}))?[ ](?:of[ ])?(?P<m>{_MONTH})(?![a-z])(?:,?[ ](?P<y>{_YEAR})\b)?")
def _day_month(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None  # noqa: S101
    if match["m"] == "May" and not match["y"] and re.match(r"[ ][a-z]", here.text[here.end : here.end + 2]):
        return None
    return _dayed(match, here)


def _dayed(match: re.Match[str], here: Context) -> Found | None:
    month, first = _month_number(match["m"]), _day_number(match["d"])
    last = _day_number(match["d2"]) if match["d2"] else first
    year, relative = _year_of(match["y"], month, first, here)
    if relative and year is not None:
        year = _weekday_year(match[0], year, (month, first)) or year
    if year is None:
        return Found(None, relative=True)
    start, end = _safe(year, month, first), _safe(year, month, last)
    if start is None or end is None or end.end < start.start:
        return Found(start, relative) if start else None
    return Found(start if first == last else Interval(start.start, end.end), relative)


def _year_of(printed: str | None, month: int, day: int, here: Context) -> tuple[int | None, bool]:
    """The year of a month or day that is printed without one: the nearest past, or next if ahead."""
    if printed:
        return int(printed), False
    if here.anchor is None:
        return None, True
    year = here.anchor.year
    ahead = (month, day) > (here.anchor.month, here.anchor.day)
    if ahead and not here.future and not _soon(here.anchor, month, day):
        year -= 1
    if not ahead and here.future and _months_back(here.anchor, month) > 6:  # noqa: PLR2004 - half a year
        year += 1
    return year, True


def _soon(anchor: date, month: int, day: int) -> bool:
    """Whether a day printed without a year lies in the two months ahead."""
    coming = _safe(anchor.year, month, day) or _safe(anchor.year, month, 1)
    return coming is not None and 0 < (coming.start - anchor).days <= 61  # noqa: PLR2004 - two months


def _weekday_year(printed: str, year: int, at: tuple[int, int]) -> int | None:
    """The year, this or a neighbour, in which the day falls on the weekday printed with it."""
    name = re.match(r"[A-Za-z]+", printed)
    number = WEEKDAYS.get(name[0].lower()) if name else None
    if number is None:
        return None
    for candidate in (year, year + 1, year - 1):
        found = _safe(candidate, *at)
        if found is not None and found.start.weekday() == number:
            return candidate
    return None


def _months_back(anchor: date, month: int) -> int:
    return (anchor.month - month) % 12


@_rule("month", rf"\b(?:(?P<p>(?:[Ee]arly|[Mm]id|[Ll]ate|(?:[Tt]he[ ])?(?:end|beginning|start|middle)[ ]of))[ -])?(?:(?P<rel>[Ll]ast|[Nn]ext|[Tt]his(?:[ ]past)?|[Tt]his[ ]coming)[ ])?(?P<m>{_MONTH})(?![a-z]|[ ]\d{{1,2}}[ ,.])(?:,?[ ](?:of[ ])?(?P<y>{_YEAR})\b|[ ]of[ ](?P<of>this|last|next)[ ]year)?")
def _month(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None  # noqa: S101
    if not _is_month(match, here):
        return None
    number = _month_number(match["m"])
    if match["y"]:
        return Found(_narrow(words.month(int(match["y"]), number), match["p"]))
    if here.anchor is None:
        return Found(None, relative=True)
    if match["of"]:
        year = here.anchor.year + {"this": 0, "last": -1, "next": 1}[match["of"]]
        return Found(_narrow(words.month(year, number), match["p"]), relative=True)
    rel = (match["rel"] or "").lower()
    year = here.anchor.year
    if rel == "last" and number >= here.anchor.month:
        year -= 1
    elif rel in {"next", "this coming"} and number <= here.anchor.month:
        year += 1
    elif not rel and number > here.anchor.month and not here.future:
        year -= 1
    elif not rel and number < here.anchor.month and here.future and _months_back(here.anchor, number) > 6:  # noqa: PLR2004
        year += 1
    return Found(_narrow(words.month(year, number), match["p"]), relative=True)


def _is_month(match: re.Match[str], here: Context) -> bool:
    """Whether "May", "March" … is the month: not the verb, not a person's name."""
    name = match["m"].rstrip(".").lower()
    if match["y"] or match["p"] or match["rel"] or match["of"]:
        return True
    before = here.text[max(0, here.start - 14) : here.start].rstrip()
    last = re.search(r"([A-Za-z’']+)[,.]?$", before)
    word = last[1].lower() if last else ""
    after = here.text[here.end : here.end + 12]
    if name == "may":
        return word in {"in", "since", "until", "by", "last", "of", "from", "to", "and", "during", "through", "for", "between", "after", "before", "on", "or"} and not re.match(r"[ ](?:be|have|not|also|well)\b", after)
    if last is not None and last[1][0].isupper() and word not in {"in", "since", "last", "by", "until", "from", "during", "on", "after", "before", "the", "between", "through", "and", "of"} and name in {"april", "june", "august", "jan", "march", "mar"} and not before.endswith((".", ",")):
        return False
    if re.match(r"[ ][A-Z][a-z]+", after) and name in {"april", "june", "august", "jan"} and word not in {"in", "since", "last", "by", "the"}:
        return False
    if name == "march" and re.match(r"[ ](?:on|to|for|against)\b", after):
        return word in {"in", "since", "last", "by", "until"}
    return name not in {"mar", "jan", "sun"} or match["m"].endswith(".")


@_rule("weekday", rf"\b(?:(?P<rel>[Ll]ast|[Nn]ext|[Tt]his(?:[ ]past)?|[Tt]his[ ]coming|[Ll]ate|[Ee]arly|[Ee]arlier)[ ])?(?P<w>{_WEEKDAY})(?![a-z])(?:[ ](?P<when>morning|afternoon|evening|night))?")
def _weekday(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None  # noqa: S101
    if here.anchor is None:
        return Found(None, relative=True)
    number = WEEKDAYS[match["w"].lower().rstrip(".")]
    rel = (match["rel"] or "").lower()
    back = (here.anchor.weekday() - number) % 7
    if rel in {"next", "this coming"}:
        shift = -back + 7 if back else 7
    elif rel in {"last", "this past"}:
        # "last Friday" in a text of Thursday is six days back; on the day itself, a week.
        shift = -(back or 7)
    elif here.future and _ahead(here):
        shift = (7 - back) % 7
    else:
        shift = -back
    return Found(words.day(here.anchor + timedelta(days=shift)), relative=True)


_AHEAD = re.compile(
    r"\b(?:will|shall|is[ ]expected|are[ ]expected|scheduled|is[ ]due|are[ ]due|is[ ]set|are[ ]set|plans?[ ]to|to[ ]be|going[ ]to|until|by|upcoming|expires?)\b[^.!?;”\"]*$",
    re.IGNORECASE,
)
_SAID = re.compile(r"\b(?:said|told|announced|reported|says|wrote|added|confirmed)\b[^.;,”\"]{0,40}$", re.IGNORECASE)


def _ahead(here: Context) -> bool:
    before = here.text[max(0, here.start - 90) : here.start]
    return _AHEAD.search(before) is not None and _SAID.search(before) is None


@_rule("quarter", rf"\b(?:[Tt]he[ ])?(?:(?P<rel>[Ll]ast|[Nn]ext|[Tt]his|latest|current)[ ])?(?P<q>[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|Q[1-4])(?:[ -]?quarter\b|(?<=Q\d)\b)(?:[ ](?:of[ ])?(?:(?:fiscal|FY)[ ])?(?P<y>{_YEAR}))?")
def _quarter(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None  # noqa: S101
    number = {"first": 1, "second": 2, "third": 3, "fourth": 4}.get(match["q"].lower()) or int(match["q"][-1:])
    if match["y"]:
        return Found(words.quarter(int(match["y"]), number))
    if here.anchor is None:
        return Found(None, relative=True)
    year = here.anchor.year
    begins = date(year, 3 * number - 2, 1)
    if begins > here.anchor and not here.future:
        year -= 1
    return Found(words.quarter(year, number), relative=True)


@_rule("season", rf"\b(?:(?P<p>[Ee]arly|[Mm]id|[Ll]ate)[ -])?(?:(?P<rel>[Ll]ast|[Nn]ext|[Tt]his(?:[ ]past)?|[Tt]he|[Ii]n)[ ])(?P<p2>(?:early|mid|late)[ -])?(?P<s>spring|summer|autumn|fall|winter)\b(?:[ ](?:of[ ])?(?P<y>{_YEAR}))?(?!-|[ ](?:of[ ](?!\d)|in[ ]|to[ ]|from[ ]|apart|back|short|victim|below|under|games|olympics|school))")
def _season(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None  # noqa: S101
    rel = match["rel"].lower()
    name = match["s"].lower()
    if name == "fall" and rel in {"the", "in"} and not match["y"]:
        return None
    if not match["y"] and here.anchor is None:
        return Found(None, relative=True)
    anchor = here.anchor or date(int(match["y"]), 12, 31)
    year = int(match["y"]) if match["y"] else anchor.year
    if name == "winter":
        first = date(year if match["y"] or rel != "last" or anchor.month > 2 else year - 1, 12, 1)  # noqa: PLR2004
        if not match["y"] and first > anchor and rel != "next":
            first = date(first.year - 1, 12, 1)
        interval = Interval(first, date(first.year + 1, 3, 1) - timedelta(days=1))
    else:
        low, high = SEASONS[name]
        if not match["y"]:
            year += _season_shift(rel, (low, high), anchor)
        start, end = words.month(year, low), words.month(year, high)
        if start is None or end is None:
            return None
        interval = Interval(start.start, end.end)
    return Found(_narrow(interval, match["p"] or match["p2"]), relative=not match["y"])


def _season_shift(rel: str, months: tuple[int, int], anchor: date) -> int:
    if rel == "last":
        return 0 if months[1] < anchor.month else -1
    if rel == "next":
        return 1 if months[0] <= anchor.month else 0
    return 0 if months[0] <= anchor.month or rel == "this" else -1


@_rule("years", rf"\b(?:(?P<p>{_PART.replace('early', '[Ee]arly').replace('late', '[Ll]ate').replace('mid', '[Mm]id')})[ -])?(?:(?P<fy>fiscal(?:[ ]year)?|FY|the[ ]year)[ ]?)?(?P<y>{_YEAR})(?:(?P<dash>[-–/])(?P<y2>{_YEAR}|\d\d)(?!\d))?(?![\d-]|[.,]\d|[ ]?(?:%|percent|per[ ]cent))")
def _years(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None  # noqa: S101
    if not match["p"] and not match["fy"] and not _is_year(match, here):
        return None
    first = int(match["y"])
    if match["y2"]:
        last = int(match["y2"]) if len(match["y2"]) == 4 else first // 100 * 100 + int(match["y2"])  # noqa: PLR2004
        return Found(words.year(first, last)) if last > first else None
    return Found(_narrow(words.year(first), match["p"]))


_COUNTED = re.compile(
    r"[ ](?:more[ ])?(?:[a-z]+[ ])?(?:troops|soldiers|people|men|women|jobs|homes|cars|houses|dollars|workers|tons|tonnes|shares|units|students|cases|"
    r"containers|rounds|votes|points|feet|miles|kilometers|kilometres|meters|metres|acres|hours|employees|delegates|families|hectares|"
    r"megawatts|barrels|pounds|euros|won|rubles|yuan|yen|members|others|children|officers|personnel|civilians)\b"
)
_YEAR_BEFORE = re.compile(r"(?:[$€£¥₩#]|\b(?:at[ ]least|about|some|over|than|nearly|almost|roughly|approximately|No\.|[Rr]esolution|Boeing|Article|of[ ]the|killed|lost|sent|another)[ ]|[A-Za-z]-|\d[.,]|[A-Za-z0-9])$")


def _is_year(match: re.Match[str], here: Context) -> bool:
    if _COUNTED.match(here.text, here.end):
        return False
    before = here.text[max(0, here.start - 14) : here.start]
    if re.search(r"mid-$", before):
        return True
    return _YEAR_BEFORE.search(before) is None


@_rule("decade", r"\b(?:(?P<p>[Ee]arly|[Mm]id|[Ll]ate)[ -])?(?:the[ ])?(?:(?P<p2>early|mid|late)[ -])?(?:(?P<y>(?:1[5-9]|20)\d0)['’]?s|['‘’](?P<short>[2-9]0)s)\b")
def _decade(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None  # noqa: S101
    del here
    first = int(match["y"]) if match["y"] else 1900 + int(match["short"])
    return Found(_narrow(words.year(first, first + 9), match["p"] or match["p2"]))


@_rule("day", r"\b(?:[Tt]he[ ]day[ ](?:before[ ]yesterday|after[ ]tomorrow)|[Yy]esterday|[Tt]omorrow|[Tt]oday|[Tt]onight|[Ll]ast[ ]night|[Tt]his[ ](?:morning|afternoon|evening))\b")
def _near_day(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None  # noqa: S101
    name = match[0].lower()
    shift = -2 if "before" in name else 2 if "after t" in name else {"yesterday": -1, "tomorrow": 1, "last night": -1}.get(name, 0)
    if here.anchor is None:
        return Found(None, relative=True)
    return Found(words.day(here.anchor + timedelta(days=shift)), relative=True)


@_rule("this_unit", rf"\b(?:(?P<p>[Ee]arly|[Ll]ate|[Mm]id|[Ee]arlier|[Ll]ater|(?:[Tt]he[ ])?(?:end|beginning|start|middle)[ ]of)[ -])?(?:[Tt]he[ ])?(?P<rel>[Ll]ast|[Pp]ast|[Nn]ext|[Tt]his(?:[ ]past)?|[Cc]oming|previous|current|following)[ ](?P<u>{_UNIT})\b(?!-old|s)")
def _this_unit(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None  # noqa: S101
    rel, unit = match["rel"].lower(), match["u"]
    if here.anchor is None:
        return Found(None, relative=True)
    if rel in {"past", "this past"} or (rel in {"last", "next", "coming"} and re.match(r"(?:over|during|in|within|for)[ ]+the\b", _before_the(here))):
        return _rolling(rel, unit, here.anchor)
    base = here.anchor
    if rel in {"previous", "following"} and here.previous is not None:
        base = here.previous.start
    shift = {"last": -1, "previous": -1, "next": 1, "coming": 1, "following": 1}.get(rel, 0)
    interval = _unit_at(unit, base, shift)
    part = _part(match["p"])
    if interval is not None and part and part not in {"earlier", "later"}:
        interval = words.part_of(interval, part)
    return Found(interval, relative=True)


def _before_the(here: Context) -> str:
    if not here.text[here.start : here.start + 4].lower().startswith("the "):
        return ""
    found = re.search(r"(\w+[ ]+)$", here.text[max(0, here.start - 10) : here.start])
    return (found[1].lower() + "the") if found else ""


def _rolling(rel: str, unit: str, anchor: date) -> Found:
    """"over the past year": the year up to the anchor."""
    ahead = rel in {"next", "coming"}
    other = _moved(anchor, unit, 1 if ahead else -1)
    if other is None:
        return Found(None, relative=True)
    interval = Interval(anchor, other) if ahead else Interval(other, anchor)
    return Found(interval, relative=True, relation="during")


def _moved(anchor: date, unit: str, count: int) -> date | None:
    if unit in {"day", "week", "weekend"}:
        try:
            return anchor + timedelta(days=count * (1 if unit == "day" else 7))
        except OverflowError:
            return None
    return words.shift_months(anchor, count * {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit])


def _unit_at(unit: str, base: date, shift: int) -> Interval | None:
    if unit == "day":
        moved = _moved(base, "day", shift)
        return words.day(moved) if moved else None
    if unit in {"week", "weekend"}:
        monday = base - timedelta(days=base.weekday()) + timedelta(days=7 * shift)
        first = monday if unit == "week" else monday + timedelta(days=5)
        return Interval(first, monday + timedelta(days=6))
    if unit == "month":
        moved = words.shift_months(base.replace(day=1), shift)
        return words.month(moved.year, moved.month) if moved else None
    if unit == "quarter":
        moved = words.shift_months(base.replace(day=1), 3 * shift)
        return words.quarter(moved.year, (moved.month + 2) // 3) if moved else None
    if unit == "decade":
        first = base.year // 10 * 10 + 10 * shift
        return words.year(first, first + 9)
    return words.year(base.year + shift)


@_rule("spans", rf"\b(?:[Tt]he[ ])?(?P<rel>[Ll]ast|[Pp]ast|[Nn]ext|[Cc]oming|previous)[ ](?P<n>{_COUNT})[ ](?P<u>{_UNIT})s\b")
def _spans(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None  # noqa: S101
    count = _number(match["n"])
    if here.anchor is None or count is None:
        return Found(None, relative=True)
    ahead = match["rel"].lower() in {"next", "coming"}
    other = _moved(here.anchor, match["u"], count if ahead else -count)
    if other is None:
        return Found(None, relative=True)
    interval = Interval(here.anchor, other) if ahead else Interval(other, here.anchor)
    return Found(interval, relative=True, relation="during")


@_rule("ago", rf"\b(?:(?:about|around|roughly|some|nearly|almost|more[ ]than|over|just)[ ])?(?P<n>{_COUNT})[ -](?P<u>{_UNIT}|hour|minute)s?[ -](?P<how>ago|earlier|later|before|from[ ]now)\b")
def _ago(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None  # noqa: S101
    if match["how"] == "before" and re.match(r"[ ](?:the|a|he|she|it|they|his|her|its|that)\b", here.text[here.end : here.end + 6]):
        return None
    count = _number(re.sub(r"\s+", " ", match["n"]))
    base = here.anchor
    if match["how"] in {"earlier", "later", "before"} and here.previous is not None and match["u"] in {"day", "week", "month"}:
        base = here.previous.start
    if base is None or count is None:
        return Found(None, relative=True)
    if match["u"] in {"hour", "minute"}:
        return Found(words.day(base), relative=True)
    ahead = match["how"] in {"later", "from now"}
    moved = _moved(base, match["u"], count if ahead else -count)
    if moved is None:
        return Found(None, relative=True)
    if match["u"] in {"day", "week"}:
        interval: Interval | None = words.day(moved) if match["u"] == "day" else _unit_at("week", moved, 0)
    elif match["u"] == "month":
        interval = words.month(moved.year, moved.month)
    else:
        interval = words.year(moved.year)
    return Found(interval, relative=True)


@_rule("year_end", r"\b(?:[Tt]he[ ])?(?:year[ -]end|end[ ]of[ ]the[ ]year|year's[ ]end|year’s[ ]end)\b(?:[ ](?P<y>(?:1[5-9]|20)\d\d))?")
def _year_end(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None  # noqa: S101
    if match["y"]:
        return Found(_safe(int(match["y"]), 12, 31))
    if here.anchor is None:
        return Found(None, relative=True)
    return Found(_safe(here.anchor.year, 12, 31), relative=True)


SCAN = re.compile("|".join(_SOURCES), re.VERBOSE)

"""Dates given by their distance from the day of writing: last week, two years ago, year-end."""

from __future__ import annotations

import re
from datetime import date, timedelta

from quidproquo.reading.dates import absolute as date_rules
from quidproquo.reading.dates import calendar as words
from quidproquo.reading.dates.grammar import (
    COUNT,
    RULES,
    SOURCES,
    UNIT,
    WEEKDAY,
    Context,
    Found,
    number_of,
    part_word,
    rule,
    safe_day,
)
from quidproquo.reading.dates.tense import opens_ahead
from quidproquo.reading.trie import trie
from quidproquo.terms.edtf import Interval

__all__ = ["RULES", "SCAN"]

# The rules for printed dates come first in the scan.
_PRINTED = date_rules.__name__


@rule(
    "day",
    r"\b(?:[Tt]he[ ]day[ ](?:before[ ]yesterday|after[ ]tomorrow)|[Yy]esterday|[Tt]omorrow|[Tt]oday|"
    r"[Tt]onight|[Ll]ast[ ]night|[Tt]his[ ](?:morning|afternoon|evening))\b",
)
def _near_day(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    name = match[0].lower()
    shift = (
        -2
        if "before" in name
        else 2
        if "after t" in name
        else {"yesterday": -1, "tomorrow": 1, "last night": -1}.get(name, 0)
    )
    if here.anchor is None:
        return Found(None, relative=True)
    return Found(words.day(here.anchor + timedelta(days=shift)), relative=True)


@rule(
    "this_unit",
    rf"\b(?:(?P<p>[Ee]arly|[Ll]ate|[Mm]id|[Ee]arlier|[Ll]ater|(?:[Tt]he[ ])?(?:end|beginning|start|middle)[ "
    rf"]of)[ -])?(?:[Tt]he[ ])?(?P<rel>[Ll]ast|[Pp]ast|[Nn]ext|[Tt]his(?:[ ]past)?|[Cc]oming|previous|"
    rf"current|following)[ ](?:(?:fiscal|financial|calendar)[ ](?=year))?(?P<u>{UNIT})\b(?!-old|s)",
)
def _this_unit(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    rel, unit = match["rel"].lower(), match["u"]
    if unit == "quarter" and _NO_TIME.match(here.text, here.end):
        return None
    if here.anchor is None:
        return Found(None, relative=True)
    fiscal = match[0].endswith(("fiscal year", "financial year", "calendar year"))
    if rel in {"past", "this past"} or (
        not fiscal
        and rel in {"last", "next", "coming"}
        and re.match(r"(?:over|during|in|within|for)[ ]+the\b", _before_the(here))
    ):
        return _rolling(rel, unit, here.anchor)
    base = here.anchor
    if rel in {"previous", "following"} and here.previous is not None:
        base = here.previous.start
    shift = {"last": -1, "previous": -1, "next": 1, "coming": 1, "following": 1}.get(rel, 0)
    interval = _unit_at(unit, base, shift)
    part = part_word(match["p"])
    if interval is not None and part and part not in {"earlier", "later"}:
        interval = words.part_of(interval, part)
    return Found(interval, relative=True)


# "The last quarter of the cargo" is no time.
_NO_TIME = re.compile(
    r"[ ]of[ ](?:the|an?|its|their|his|her)[ ](?!year|century|decade)|-(?:final|finals|mile|hour)"
)


def _before_the(here: Context) -> str:
    if not here.text[here.start : here.start + 4].lower().startswith("the "):
        return ""
    found = re.search(r"(\w+[ ]+)$", here.text[max(0, here.start - 10) : here.start])
    return (found[1].lower() + "the") if found else ""


def _rolling(rel: str, unit: str, anchor: date) -> Found:
    """As in "over the past year": the year up to the anchor."""
    ahead = rel in {"next", "coming"}
    other = _moved(anchor, unit, 1 if ahead else -1)
    if other is None:
        return Found(None, relative=True)
    interval = Interval(anchor, other) if ahead else Interval(other, anchor)
    return Found(interval, relative=True, relation="during")


_DAYS = {"day": 1, "week": 7, "weekend": 7, "fortnight": 14}


def _moved(anchor: date, unit: str, count: int) -> date | None:
    if unit in _DAYS:
        try:
            return anchor + timedelta(days=count * _DAYS[unit])
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
        opening = base.year // 10 * 10 + 10 * shift
        return words.year(opening, opening + 9)
    return words.year(base.year + shift)


@rule(
    "spans",
    rf"\b(?:[Tt]he[ ])?(?P<rel>[Ll]ast|[Pp]ast|[Nn]ext|[Cc]oming|previous)[ ](?P<n>{COUNT})[ "
    rf"](?P<u>{UNIT})s\b",
)
def _spans(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    count = number_of(match["n"])
    if here.anchor is None or count is None:
        return Found(None, relative=True)
    ahead = match["rel"].lower() in {"next", "coming"}
    other = _moved(here.anchor, match["u"], count if ahead else -count)
    if other is None:
        return Found(None, relative=True)
    interval = Interval(here.anchor, other) if ahead else Interval(other, here.anchor)
    return Found(interval, relative=True, relation="during")


@rule(
    "ago",
    rf"\b(?i:(?:about|around|roughly|some|nearly|almost|more[ ]than|over|just)[ ])?(?P<n>{COUNT})[ "
    rf"-](?P<u>{UNIT}|fortnight|hour|minute)s?[ -](?P<how>ago|earlier|later|before|from[ ](?:now|today|tomorrow|"
    rf"yesterday|{WEEKDAY}))\b",
)
def _ago(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    if match["how"] == "before" and re.match(
        r"[ ](?:the|a|he|she|it|they|his|her|its|that)\b", here.text[here.end : here.end + 6]
    ):
        return None
    count = number_of(re.sub(r"\s+", " ", match["n"]))
    base = here.anchor
    if (
        match["how"] in {"earlier", "later", "before"}
        and here.previous is not None
        and (match["u"] in {"day", "week", "month"} or (match["how"] == "later" and _same_sentence(here)))
    ):
        base = here.previous.start
    if base is None or count is None:
        return Found(None, relative=True)
    if match["u"] in {"hour", "minute"}:
        return Found(words.day(base), relative=True)
    exact = match["how"].startswith("from ") and match["how"] != "from now"
    ahead = match["how"] == "later" or match["how"].startswith("from ")
    if exact:
        base += timedelta(days=_days_to(match["how"].removeprefix("from "), base))
    moved = _moved(base, match["u"], count if ahead else -count)
    if moved is None:
        return Found(None, relative=True)
    if exact:
        return Found(words.day(moved), relative=True)
    if match["u"] in {"day", "week", "fortnight"}:
        interval: Interval | None = words.day(moved) if match["u"] == "day" else _unit_at("week", moved, 0)
    elif match["u"] == "month":
        interval = words.month(moved.year, moved.month)
    elif match["how"] in {"earlier", "later", "before"} and _monthly(here):
        interval = words.month(moved.year, here.previous.start.month) if here.previous is not None else None
    else:
        interval = words.year(moved.year)
    return Found(interval, relative=True)


def _days_to(name: str, base: date) -> int:
    """How many days a day named after "from" is ahead: tomorrow, yesterday, the next Friday."""
    number = words.WEEKDAYS.get(name.lower())
    if number is not None:
        return (number - base.weekday()) % 7 or 7
    return {"tomorrow": 1, "yesterday": -1}.get(name, 0)


def _monthly(here: Context) -> bool:
    """Whether the date just before is a month: "in September from a year earlier"."""
    previous = here.previous
    if previous is None or not 28 <= previous.days <= 31 or previous.start.day != 1:
        return False
    return _same_sentence(here)


def _same_sentence(here: Context) -> bool:
    """Whether no sentence ends in the 80 characters before, where the date before must stand."""
    before = here.text[max(0, here.start - 80) : here.start]
    return re.search(r"[.!?]\s|\n\n", before) is None


@rule(
    "in_time",
    rf"\b[Ii]n[ ](?P<n>{COUNT})[ ](?P<u>{UNIT}|fortnight)"
    r"(?:s?['’]s?[ ]time\b|s?\b(?!['’-]|[ ](?:of|since|from|after)\b))",
)
def _in_time(match: re.Match[str] | None, here: Context) -> Found | None:
    """As in "in two weeks’ time", and "in two weeks" where that is ahead, not how long something took."""
    assert match is not None
    if not match[0].endswith("time") and not _is_from_now(here):
        return None
    count = number_of(match["n"])
    moved = _moved(here.anchor, match["u"], count) if here.anchor is not None and count is not None else None
    if moved is None:
        return Found(None, relative=True)
    if match["u"] in _DAYS:
        found: Interval | None = words.day(moved) if match["u"] == "day" else _unit_at("week", moved, 0)
    else:
        found = (
            words.year(moved.year)
            if match["u"] in {"year", "decade"}
            else words.month(moved.year, moved.month)
        )
    return Found(found, relative=True)


# "Will end in ten days": a verb of what happens at once.
_AT_ONCE = re.compile(
    r"\b(?:will|shall|to|are|is|due)[ ](?:(?:be|also|then|only|not|start|due|expected|scheduled|set|to)[ ]){0,3}"
    r"(?:ends?|begin|start|open|reopen|close|shut|arrive|leave|depart|return|meet|vote|sail|fly|land|expire|resume|"
    r"come|go|visit|launch(?:ed)?|held|published|released|take[ ](?:place|effect|office)|run[ ]out|"
    r"due|opening|arriving|leaving)"
    r"[ ](?:(?:back[ ])?(?:in|at|for|to|from|into)[ ](?:[A-Z]\w+|the[ ][a-z]+)[ ])?\Z"
)


def _is_from_now(here: Context) -> bool:
    """Whether "in two weeks" is when something will happen."""
    if opens_ahead(here.text, here.start, here.end):
        return True
    return _AT_ONCE.search(here.text, max(0, here.start - 90), here.start) is not None


@rule("weekend", r"\b(?:[Oo]ver|[Aa]t|[Oo]n|[Dd]uring)[ ]the[ ]weekend\b(?![ ](?:of|before|after))")
def _weekend(match: re.Match[str] | None, here: Context) -> Found | None:
    """The last weekend, or the one under way; the next where the words speak of the future."""
    assert match is not None
    if here.anchor is None:
        return Found(None, relative=True)
    saturday = here.anchor - timedelta(days=(here.anchor.weekday() - 5) % 7)
    if here.future and here.anchor.weekday() < 5:
        saturday += timedelta(days=7)
    return Found(Interval(saturday, saturday + timedelta(days=1)), relative=True, relation="during")


@rule(
    "part_of_the",
    r"\b(?:[Tt]he|[Aa]t)[ ](?:(?P<p>end|beginning|start|middle)[ ]of[ ]the[ ](?P<u>week|month|quarter)"
    r"|(?P<p2>beginning|start|middle)[ ]of[ ]the[ ]year)\b",
)
def _part_of_the(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    whole = _unit_at(match["u"] or "year", here.anchor, 0) if here.anchor is not None else None
    if whole is None:
        return Found(None, relative=True)
    return Found(words.part_of(whole, match["p"] or match["p2"]), relative=True)


@rule(
    "year_end",
    r"\b(?:[Tt]he[ ])?(?:year[ -]end|end[ ]of[ ]the[ ]year|year's[ ]end|year’s[ ]end)\b(?:[ "
    r"](?P<y>(?:1[5-9]|20)\d\d))?",
)
def _year_end(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    if match["y"]:
        return Found(safe_day(int(match["y"]), 12, 31))
    if here.anchor is None:
        return Found(None, relative=True)
    return Found(safe_day(here.anchor.year, 12, 31), relative=True)


# A date begins with one of these; looked for first, for speed.
_AFTER_THE = (
    "end|beginning|start|middle|early|mid|late|last|past|next|this|coming|previous|current|following|day|year|"
    "latest|final|"
    "latter|other|first|second|third|fourth|spring|summer|autumn|fall|winter|'|‘|’|0|1|2|3|4|5|6|7|8|9"
)
_AFTER_IN = (
    "early|mid|late|spring|summer|autumn|fall|winter|a|one|two|three|four|five|six|seven|eight|nine|ten|"
    "several|1|2|3|4|5|6|7|"
    "8|9"
)
_EITHER_CASE = (
    "earl|mid|lat|end|beginning of|last|next|this |past |coming |first|second|third|fourth|final |yesterday|"
    "tomorrow|today|"
    "tonight|over the weekend|on the weekend|at the weekend|during the weekend|at end|at beginning|at start|at "
    "middle"
)
_AS_PRINTED = (
    "previous|current|following|fiscal|FY|about|around|roughly|some |nearly|almost|more than|over |just |one|"
    "two|three|four|"
    "five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|several|few|year|H1|H2|Q1|"
    "Q2|Q3|Q4|Mon|"
    "Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|JAN|FEB|MAR|APR|JUN|JUL|AUG|SEP|"
    "OCT|NOV|DEC|"
    "New Year|Orthodox|Christmas|Valentine|International W|Victory D|Juneteenth|Bastille|Halloween|Armistice|"
    "Veterans|Boxing|"
    "Good F|Easter|Ash W|Thanksgiving|Labor D|Memorial D"
)
_UNITS = "day|week|month|quarter|year|decade|weekend|fortnight|hour|minute|few|couple|dozen"
_CAPITALISED = (
    "About|Around|Roughly|Some |Nearly|Almost|More than|Over |Just |One|Two|Three|Four|Five|Six|Seven|Eight|Nine|"
    "Ten|Eleven|Twelve|Fifteen|Twenty|Thirty|Forty|Fifty|Several|Few"
)


def _starts() -> list[str]:
    either = [
        *_EITHER_CASE.split("|"),
        *(f"the {word}" for word in _AFTER_THE.split("|")),
        *(f"in {word}" for word in _AFTER_IN.split("|")),
    ]
    counted = [
        f"{article}{gap}{unit}"
        for article in ("a", "an", "A", "An")
        for gap in " -"
        for unit in _UNITS.split("|")
    ]
    return [
        *either,
        *(word[0].upper() + word[1:] for word in either),
        *_AS_PRINTED.split("|"),
        *_CAPITALISED.split("|"),
        *counted,
    ]


_INITIALS = "".join(sorted({word[0] for word in _starts()}))
SCAN = re.compile(rf"(?<!\w)(?=[\d{_INITIALS}])(?=\d|{trie(_starts())})(?:{'|'.join(SOURCES)})", re.VERBOSE)

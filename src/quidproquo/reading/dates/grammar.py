"""How a rule of the grammar of dates is written: shared patterns, what a rule sees and gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from quidproquo.reading.dates import calendar as words
from quidproquo.reading.dates.calendar import MONTHS
from quidproquo.reading.dates.tense import opens_ahead
from quidproquo.terms.edtf import Interval

__all__ = [
    "COUNT",
    "DAY",
    "MAY_VERB",
    "MONTH",
    "PART",
    "RULES",
    "SOURCES",
    "UNIT",
    "WEEKDAY",
    "WORDED_YEAR",
    "YEAR",
    "Context",
    "Found",
    "Rule",
    "day_number",
    "month_number",
    "narrow",
    "number_of",
    "part_word",
    "rule",
    "safe_day",
    "stated_year",
    "worded_year",
]

YEAR = r"(?:1[5-9]|20)\d\d"
MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"JANUARY|FEBRUARY|MARCH|APRIL|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
# What follows the verb "may", also in a headline: "5 May Face Trial".
MAY_VERB = re.compile(
    r"[ ](?:be|have|not|also|well|yet|soon|still|never|[A-Z][a-z]+[ ][A-Z]|(?:go|come|get|lose|need|want|"
    r"become|face)\b)"
)
WEEKDAY = (
    r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|(?:Mon|Tues|Tue|Wed|Thurs|Thur|Fri|"
    r"Sat|Sun)\.)"
)
DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
PART = (
    r"(?:early|mid|late|the[ ]end[ ]of|the[ ]beginning[ ]of|the[ ]start[ ]of|the[ ]middle[ ]of|end[ ]of|"
    r"beginning[ ]of)"
)
COUNT = (
    r"(?i:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|"
    r"fifty|several|few|a[ ]few|"
    r"a[ ]couple[ ]of|a[ ]dozen|\d{1,3})"
)
UNIT = r"(?:day|week|month|quarter|year|decade|weekend)"
# "April last year", "in June of the following year", "in May two years ago".
WORDED_YEAR = (
    r"(?:[ ](?:of[ ])?(?:the[ ])?(?P<of>this|last|next|previous|following|preceding|that|same|past|current|"
    r"coming)[ ]year\b(?![’'-])"
    r"|[ ](?P<back>an?|one|two|three|four|five)[ ]years?[ ](?:ago|earlier)\b)"
)
NUMBERS = {
    word: value
    for value, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
} | {"a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "a dozen": 12}


@dataclass(frozen=True)
class Found:
    """What a rule makes of its words: an interval, or None where the anchor is missing."""

    interval: Interval | None
    relative: bool = False
    relation: str = ""


_FUTURE = re.compile(
    r"\b(?:will|shall|won't|won’t|would|expect\w*|plan(?:s|ned|ning)?|schedul\w+|due|set[ ]to|upcoming|next|"
    r"coming|to[ ]be|going[ ]to|call(?:s|ed|ing)[ ]for|forecast\w*|deadline|expires?|"
    r"(?:until|by)(?=[ ](?:the[ ])?(?:end[ ]of[ ](?:the[ ])?|late[ ]|early[ ]|mid-?)?$))\b",
    re.IGNORECASE,
)
_LOOK = 90


@dataclass(frozen=True)
class Context:
    """What a rule may look at besides its own words.

    `anchor` is the day that relative dates are read against, `previous` the date before in the text, which
    ends at `previous_end`; `previous_relative` says that its year was not stated.
    """

    text: str
    start: int
    end: int
    anchor: date | None
    previous: Interval | None
    previous_end: int = 0
    previous_relative: bool = True

    @property
    def future(self) -> bool:
        """Whether the words before, or the verb of the clause that the date opens, speak of the future."""
        before = self.text[max(0, self.start - _LOOK) : self.start]
        if _FUTURE.search(re.split(r"[.!?;]\s", before)[-1]) is not None:
            return True
        return opens_ahead(self.text, self.start, self.end) is True


Reader = Callable[["re.Match[str] | None", Context], "Found | None"]


@dataclass(frozen=True)
class Rule:
    """A pattern and the function that reads what it matched."""

    pattern: re.Pattern[str]
    read: Reader


RULES: dict[str, Rule] = {}
SOURCES: list[str] = []
_NAMED = re.compile(r"[(][?]P<\w+>")


def rule(name: str, pattern: str) -> Callable[[Reader], Reader]:
    """Register a function as the reader of what a pattern matches."""

    def keep(read: Reader) -> Reader:
        RULES[name] = Rule(re.compile(pattern, re.VERBOSE), read)
        plain = _NAMED.sub("(?:", pattern)
        SOURCES.append(f"(?P<{name}>{plain})")
        return read

    return keep


def number_of(text: str) -> int | None:
    """The value of a small count in words or digits, None for a vague one."""
    printed = re.sub(r"\s+", " ", text.lower())
    return int(printed) if printed.isdigit() else NUMBERS.get(printed)


def month_number(text: str) -> int:
    """The number of a month by its name."""
    return MONTHS[text.lower().rstrip(".")]


def day_number(text: str) -> int:
    """The number of a day, without its ordinal ending."""
    return int(re.sub(r"\D", "", text))


_IN_YEAR = re.compile(
    r",?[ ]\(?(?:(?:from|between|in|during|on)[ ])?(?:the[ ])?(?:(?:early|mid|late)[ -])?(?:[A-Z][a-z]+day,?[ ])?"
)
_ON_TO = re.compile(r"[ ]?(?:-|–|—|to|through|until|till|and)[ ]?(?:the[ ])?")


def stated_year(here: Context, month: int) -> int | None:
    """The year that the text states just before a month or day without one: "in 2018 from May to June"."""
    if here.previous is None or here.previous_relative or here.start - here.previous_end > 24:
        return None
    gap = here.text[here.previous_end : here.start]
    first, last = here.previous.start, here.previous.end
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return first.year if first.year == last.year and _IN_YEAR.fullmatch(gap) else None
    if _ON_TO.fullmatch(gap) is None:
        return None
    return last.year + (1 if month < last.month else 0)


def worded_year(match: re.Match[str], here: Context) -> int | None:
    """The year that `WORDED_YEAR` names, None where the anchor is missing."""
    if match["back"]:
        return here.anchor.year - (number_of(match["back"]) or 0) if here.anchor is not None else None
    name = match["of"]
    if name in {"that", "same", "previous", "preceding", "following"} and here.previous is not None:
        base = here.previous.start.year
    elif here.anchor is not None:
        base = here.anchor.year
    else:
        return None
    shift = {"last": -1, "past": -1, "previous": -1, "preceding": -1, "next": 1, "coming": 1, "following": 1}
    return base + shift.get(name, 0)


def safe_day(year: int, month: int, day: int) -> Interval | None:
    """A day as an interval, None if the calendar lacks it."""
    try:
        return words.day(date(year, month, day))
    except ValueError:
        return None


def part_word(text: str | None) -> str:
    """The word "early", "mid", "late" or the like, without "the … of"."""
    return (text or "").lower().replace("the ", "").replace(" of", "").strip(" -")


def narrow(interval: Interval | None, part: str | None) -> Interval | None:
    """The named part of an interval, or all of it."""
    name = part_word(part)
    return words.part_of(interval, name) if interval is not None and name else interval

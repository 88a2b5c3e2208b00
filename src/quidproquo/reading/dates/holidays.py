"""Holidays and days that have a name: "on Christmas Day", "since Easter 2023"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from quidproquo.reading.dates import calendar as words
from quidproquo.reading.dates.grammar import WORDED_YEAR, YEAR, Context, Found, rule, stated_year, worded_year

__all__ = ["easter"]

_FIXED = {
    "new year's day": (1, 1), "orthodox christmas": (1, 7), "valentine's day": (2, 14),
    "international women's day": (3, 8), "may day": (5, 1), "victory day": (5, 9), "juneteenth": (6, 19),
    "bastille day": (7, 14), "halloween": (10, 31), "armistice day": (11, 11), "veterans day": (11, 11),
    "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25), "boxing day": (12, 26),
    "new year's eve": (12, 31),
}  # fmt: skip
_EASTER = {"good friday": -2, "easter sunday": 0, "easter monday": 1, "easter": 0, "ash wednesday": -46}
_NAMES = (
    r"(?:New[ ]Year['’]s[ ](?:Day|Eve)|(?:Orthodox[ ])?Christmas(?:[ ](?:Day|Eve))?|Valentine['’]s[ ]Day|"
    r"International[ ]Women['’]s[ ]Day|May[ ]Day|Victory[ ]Day|Juneteenth|Bastille[ ]Day|Halloween|"
    r"Armistice[ ]Day|"
    r"Veterans[ ]Day|Boxing[ ]Day|Good[ ]Friday|Easter(?:[ ](?:Sunday|Monday))?|Ash[ ]Wednesday|"
    r"Thanksgiving(?:[ ]Day)?|"
    r"Labor[ ]Day|Memorial[ ]Day)"
)


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher; Nature 13, 1876, 487).

    >>> easter(2024)
    datetime.date(2024, 3, 31)
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    moon = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * moon) // 451
    month, day = divmod(h + moon - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _in_year(name: str, year: int) -> date | None:
    """The day of a holiday in a year; Labor Day is the one in September, Memorial Day the one in May."""
    if not 1500 <= year <= 2999:
        return None
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if name in _EASTER:
        return easter(year) + timedelta(days=_EASTER[name])
    if name.startswith("thanksgiving"):
        first = date(year, 11, 1)
        return first + timedelta(days=(3 - first.weekday()) % 7 + 21)
    if name == "labor day":
        first = date(year, 9, 1)
        return first + timedelta(days=-first.weekday() % 7)
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())


@rule(
    "holiday",
    rf"\b(?:(?P<rel>[Ll]ast|[Nn]ext|[Tt]his)[ ])?(?P<name>{_NAMES})(?![\w-]|['’]s?[ ]?[A-Z]|[ ](?:Island|tree|"
    rf"trees|card|cards|"
    rf"eggs?|bunny|markets?|party|parties|carols?|Rising)\b)(?:,?[ ](?:of[ ])?(?P<y>{YEAR})\b|{WORDED_YEAR})?",
)
def _holiday(match: re.Match[str] | None, here: Context) -> Found | None:
    assert match is not None
    name = match["name"].lower().replace("’", "'")
    if match["y"]:
        year, relative = int(match["y"]), False
    elif match["of"] or match["back"]:
        worded = worded_year(match, here)
        if worded is None:
            return Found(None, relative=True)
        year, relative = worded, True
    else:
        stated = stated_year(here, 1)
        if stated is None and here.anchor is None:
            return Found(None, relative=True)
        year, relative = (stated, False) if stated is not None else (_nearest(name, match["rel"], here), True)
    found = _in_year(name, year)
    return Found(words.day(found), relative) if found is not None else None


def _nearest(name: str, rel: str | None, here: Context) -> int:
    """The year of the last such day, or of the next one where the words speak of the future."""
    assert here.anchor is not None
    year = here.anchor.year
    found = _in_year(name, year)
    if found is None or found == here.anchor:
        return year
    word = (rel or "").lower()
    ahead = found > here.anchor
    if word == "next" or (not word and here.future):
        return year if ahead else year + 1
    if word == "this":
        return year
    near = ahead and not word and (found - here.anchor).days <= 14
    return year - 1 if ahead and not near else year

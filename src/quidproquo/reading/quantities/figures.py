"""Figures as they are printed: group marks of all sorts, commas for points, and "grand" for a thousand."""

from __future__ import annotations

import re

__all__ = ["GRAND", "GROUPED", "SPACED", "figure", "is_grouped", "parted"]

# "12,500", "12’500", "12\u00a0500.5"; "1,20,000" in lakhs; "1.250.000"; "4,5 million" with a comma for the point.
GROUPED = (
    r"\d{1,3}(?:[,\u00a0\u202f\u2009’']\d{3})+(?!\d)(?:\.\d+)?|\d{1,2}(?:,\d\d)+,\d{3}(?!\d)"
    r"|\d{1,3}(?:\.\d{3}){2}(?![\d.])|\d{1,3},\d{1,2}(?=[ ]?(?:million|billion|trillion|bn\b|mln\b|%|per[ ]?cent))"
)
# "12 500 men": groups parted by blanks, where no other figure and no calibre is near.
SPACED = (
    r"(?<!\d[ ])(?:[1-9]\d{0,2}(?:[ ]\d{3}){1,2}|[1-9]\d?(?:[ ]\d{3}){3})(?:\.\d{1,2})?"
    r"(?!\d|[ ]\d|[.,’'/]\d|[-–](?!strong|odd|plus)|[ ]?(?:mm|cal)\b|[a-z°])"
)
_GROUP_MARKS = {ord(mark): None for mark in ", \u00a0\u202f\u2009’'"}
_COMMA_POINT = re.compile(r"\d{1,3},\d{1,2}\Z")
# "20 grand", but not "20 grand pianos".
GRAND = re.compile(
    r"[ ]grand(?=[.,;:!?)\"”’]|\Z|[ \n](?:an?|per|each|in|for|to|from|on|of|and|or|by|at|was|is|were|are|more|"
    r"less|apiece|"
    r"every|as|with|after|before|last|this|that|which|monthly|the|if|when|while|but|so)\b)",
    re.IGNORECASE,
)
# Before figures that a blank parts into two numbers: "May 12 500 men came", "Article 5 300 ships", "call 555 123".
_PARTED_BEFORE = re.compile(
    r"(?:\+|#|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|"
    r"feb|mar|"
    r"apr|jun|jul|aug|sept?|oct|nov|dec|articles?|sections?|chapters?|resolutions?|rooms?|pages?|figures?|"
    r"tables?|flight|"
    r"route|highway|unit|level|phase|day|group|type|line|paragraphs?|annex|no|nos|number|call|phone|tel|"
    r"telephone|ring|"
    r"fax|dial|box|suite|floor)\.?:?[ ])\Z",
    re.IGNORECASE,
)
# "12 500 kg bags" are twelve, "12 500 kg of rice" are many.
_PARTED_AFTER = re.compile(
    r"[ ](?:kg|lb|km|kW|MW|hp|pound|ton|tonne|metre|meter|mile|kilo|litre|liter|watt|seat|"
    r"bed)[ ](?:[a-z]+[ ])?[a-z]+s\b"
)


def figure(printed: str) -> float:
    """Digits with their group marks as a number."""
    if printed.isdigit():
        return float(printed)
    if printed[-4:-3] != "," and _COMMA_POINT.match(printed):
        return float(printed.replace(",", "."))
    if printed.count(".") > 1:
        return float(printed.replace(".", ""))
    return float(printed.translate(_GROUP_MARKS))


def is_grouped(printed: str) -> bool:
    """Whether figures have group marks, as no year and no number of a model has."""
    return not printed.isdigit() and (
        any(mark in printed for mark in ",\u00a0\u202f\u2009’' ") or printed.count(".") > 1
    )


def parted(text: str, start: int, printed: str) -> int:
    """How many of the figures at a place are one number: all, or those before the first blank.

    >>> parted("May 12 500 men came", 4, "12 500")
    2
    """
    blank = printed.find(" ")
    if blank < 0:
        return len(printed)
    if _PARTED_BEFORE.search(text, max(0, start - 14), start) or _PARTED_AFTER.match(
        text, start + len(printed)
    ):
        return blank
    return len(printed)

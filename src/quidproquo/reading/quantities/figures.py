"""Figures as they are printed: group marks of all sorts, commas for points, and "grand" for a thousand."""

from __future__ import annotations

import re

__all__ = ["CUT", "GRAND", "GROUPED", "SPACED", "figure", "is_grouped", "parted"]

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
# "2, 400 wagons", "1 ,200 seats", "450, 000": thousands cut in two, where no third figure makes a list of it.
CUT = (
    r"(?<![\d,.])(?:[1-9]\d{0,2}(?:,[ ]\d{3}(?!\d)){1,3}(?!\.\d|,?[ ]?(?:and[ ]|or[ ]|to[ ])?\d)|"
    r"[1-9]\d{0,2}[ ],\d{3}(?![\d,])"
    r"|[1-9]\d{0,2}(?:,[ ]\d{3}){0,2},[ ]0\d\d(?![\d,]))"
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
# Words after which a figure counts what follows, so that a comma in it closes no clause.
_COUNTS_ON = re.compile(
    r"(?:\b(?!(?:aged|turned|entered|named|called|need|indeed)\b)(?:some|about|around|roughly|"
    r"approximately|nearly|almost|over|"
    r"than|least|most|up[ ]to|only|exactly|another|further|estimated|(?:total|sum|crowd|toll|average|"
    r"population)[ ]of|"
    r"has|have|had|sold|built|bought|paid|cost|costs|made|lost|sent|took|got|won|shot|gave|ground|found|"
    r"brought|held|left|"
    r"fed|grew|drew|wrote|saw|caught|cut|hit|struck|[a-z]{2,}ed)[ ]|(?:[$€£¥₩₽₴₹]|\b(?:USD|EUR|GBP)[ ]?))\Z",
    re.IGNORECASE,
)
# "When he turned 12, 300 guests came": the comma closes what these words open.
_OPENED = re.compile(
    r"(?:\A|[.!?;:][”\"’]?[ \n]|,[ ])(?:when|as|after|before|if|while|once|because|since|with|in|on|at|by|"
    r"though|although)\b[^,.;:!?]*\Z",
    re.IGNORECASE,
)
_NOUN_AFTER = re.compile(
    r"[ ](?:(?!(?:as|in|of|to|at|from|by|and|or|with|for|on|when|who|were|was|are|is|had|have|has|did|"
    r"fled|[a-z]+ed)[ ])"
    r"[a-z-]+[ ]){0,2}?(?:men|women|people|children|cattle|sheep|of[ ](?:them|which|whom)|"
    r"(?!(?:was|is|has|does|as|this|its|us)\b)[a-z]+[^\Wus]s)\b"
)
_SENTENCE_START = re.compile(r"(?:\A|[.!?][”\"’]?[ \n]+|\n)\Z")
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
    if "," in printed:
        return len(printed) if _is_cut(text, start, printed) else min(blank, printed.index(","))
    if _PARTED_BEFORE.search(text, max(0, start - 14), start) or _PARTED_AFTER.match(
        text, start + len(printed)
    ):
        return blank
    return len(printed)


def _is_cut(text: str, start: int, printed: str) -> bool:
    """Whether figures with a blank beside their comma are one number: "repaired 2, 400 wagons"."""
    if " ," in printed or ", 0" in printed:
        return True
    before = text[max(0, start - 120) : start]
    counting = _COUNTS_ON.search(before) is not None
    if not counting and not _SENTENCE_START.search(before):
        return False
    money = before[-1:] in {"$", "€", "£", "¥"}
    if not money and _NOUN_AFTER.match(text, start + len(printed)) is None:
        return False
    return _OPENED.search(before) is None

"""Numbers that name things and count nothing: model numbers, resolutions, dates, times, scores."""

from __future__ import annotations

import re

from quidproquo.reading.attribution.names import BODY
from quidproquo.reading.quantities.noun_phrases import is_plural
from quidproquo.reading.quantities.telephones import is_of_telephone
from quidproquo.reading.quantities.units import unit_after

__all__ = ["is_name"]

_LABELS = frozenset(
    "resolution article articles section sections chapter no nos number numbers flight route highway "
    "interstate room page pages type unit "
    "paragraph annex appendix title act bill proposition measure amendment law rule order directive "
    "regulation phase stage level grade class category group task team district ward precinct block lot gate "
    "pier terminal channel figure table box volume vol part parts model mark mk series version windows "
    "boeing airbus "
    "iphone galaxy apollo covid asx tsx topix ibex csi "
    "formula fortune nasdaq russell stoxx ftse dax s&p cac nikkei psalm corps "
    "division "
    "brigade regiment battalion squadron army fleet point item line exit road street avenue apartment suite "
    "floor "
    "building tower bus train platform track station studio radio fm am psalms verse matthew luke john mark "
    "acts "
    "episode season area zone sector plan form schedule exhibit question act scene lesson step rank seed pick "
    "vitamin agenda catch-22 route windows ps xbox playstation web runway hangar dock berth bay cell "
    "android release "
    "ios firmware locker".split()
)
_MONTHS = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
)
_MONTH_BEFORE = re.compile(_MONTHS + r"[ \u00a0\n]+(?:the[ ])?$", re.IGNORECASE)
_MONTH_DAYS_BEFORE = re.compile(
    _MONTHS + r"[ ]+\d{1,2}(?:st|nd|rd|th)?(?:[ ]?(?:-|–|—|to|and|or|through|,)[ ]?)+$", re.IGNORECASE
)
_DAYS_MONTH = re.compile(
    r"(?:st|nd|rd|th)?(?:,[ ]\d{1,2}){0,4}(?:,?[ ]*(?:-|–|—|to|and|or)[ ]*\d{1,2})?[ ]+(?:of[ ])?"
    + _MONTHS
    + r"(?![a-z])",
    re.IGNORECASE,
)
_YEAR_CUE = re.compile(
    r"(?:\b(?:in|into|since|until|till|by|from|before|after|during|of|late|early|mid|through|to|and|between|for|"
    r"the|year|fiscal|fy|"
    r"circa|spring|summer|autumn|fall|winter|or|last|season|election|around)[ -]|[(\[/–,;-][ ]?|\bmid-|‘|')$",
    re.IGNORECASE,
)
_CLOCK_AFTER = re.compile(
    r"[ ]?(?:a\.?m\b|p\.?m\b|o['’]clock|h(?:ours)?[ ]gmt|gmt\b|utc\b)|:\d", re.IGNORECASE
)
_LABEL_BEFORE = re.compile(r"([A-Za-z&][A-Za-z&’'.-]*)[ \u00a0](?:#|§[ ]?|-)?$")
_LETTERS = re.compile(r"[A-Za-z]+")
_ORDINAL = frozenset({"st", "nd", "rd", "th"})
_CAPITALISED_FINE = frozenset(
    "about around some roughly nearly almost over under only just at least most more than up to the a an of "
    "in on and or but with by "
    "for from some all both another other these those that this its their our his her no not if when while "
    "as since between "
    "january february march april may june july august september october november december monday tuesday "
    "wednesday "
    "thursday friday saturday sunday approximately exactly currently today yesterday now last next then "
    "there were was has had have "
    "are is than below above so after before during until among within one two nearly every each first "
    "further additional "
    "meanwhile however moreover also still yet approx estimated total including plus minus us".split()
)
_SCORE_AFTER = re.compile(r"[-–](\d{1,3})(?![\d,.]*\d)")
_SCORE_CUE = re.compile(
    r"(?:\b(?:won|win|wins|lost|beat|vote|voted|ruled|ruling|lead|led|defeat|victory|score|draw|drew|tied|"
    r"by|a|an)[ ])$",
    re.I,
)
# In "40-45 percent" the second number is the larger; a score or a vote has it the other way round, mostly.
_FIRST_OF_TWO = re.compile(r"(?<![\d.,–-])(\d{1,4}(?:\.\d+)?)[-–]$")
_PLAYED = re.compile(r"\b(?:won|win|wins|lost|beat|beaten|voted?|ruled|drew|tied)[ ]$", re.IGNORECASE)
# More digits than this without marks between them are an identifier.
_LONG_ID = 12
# "1. Lisbon 2. Porto": the number of an item in a list.
_ITEM = re.compile(r"[.)][ \u00a0\n]+[A-Z“\"]")
_ITEM_BEFORE = re.compile(r"(?:^|\n|[.!?:;)][ \u00a0]+)$")
# Before "p" these are lines on a screen; other numbers are pence.
_SCREENS = frozenset("240 360 480 540 576 720 1080 1440 2160 4320".split())
_JOINING = frozenset(
    "mid of to about nearly some minus by thousand million billion trillion percent bn mn tn".split()
)
_HEAD_WORD = re.compile(r"(?<![A-Za-z0-9])(?=[0-9]*[A-Za-z])([A-Za-z0-9]+)[-–_/]$")
_LONG = re.compile(
    r"[ -](?:of|thick|wide|long|deep|tall|high|across|apart|in|by|above|below|away|[x×]|less|more|"
    r"longer|shorter)\b"
)
_MILLIMETRE = re.compile(r"mm(?![a-z])|millimet(?:re|er)(?=[ -][a-z])")
_DESCRIBED = re.compile(r"[ -]((?:[a-z]+[ ]){0,2}[a-z]+)")
_VERBS_IN_S = frozenset("is was has does as its this us".split())
_LARGE = re.compile(r"[2-9]\d|\d{3}")
_MEASURING = re.compile(
    r"\b(?:thickness|diameter|length|width|height|depth|size|gap|distance|rain|"
    r"rainfall|radius|measur\w+|by)\b[^.;]*$",
    re.IGNORECASE,
)
# "4K television", "a 5K race".
_PICTURE = re.compile(
    r"[ -](?:tvs?|televisions?|video|footage|resolution|display|screen|monitor|camera|content|stream\w*|ultra|hdr|"
    r"uhd|blu-ray|image|movies?|films?|games?|gaming|runs?|races?|fun|walk)\b",
    re.IGNORECASE,
)
_SQUARED = re.compile(r"[23](?!\w)")
_MAY = re.compile(
    r"[ ]+(?:may[ ]|May[ ](?:be|have|not|also|well|yet|soon|still|never|[A-Z][a-z]+[ ][A-Z]|face|go|come|get)\b)"
)
_DATE_PARTS = re.compile(r"[/.-]\d{1,2}[/.-]\d{2,4}\b")
_YEAR_MARK = re.compile(r"\d{4}[-–/]$")
_STREET_OR_MODEL = re.compile(
    r"[ ](?:(?:(?:[A-Z][a-z]+|[NSEW]{1,2}\.?|\d{1,3}(?:st|nd|rd|th))[ ]){1,4}(?:Road|Street|Avenue|Lane|Drive|"
    r"Boulevard|"
    r"Square|Rd|St|Ave|Blvd|Court|Terrace|Parkway|Pkwy|Way|Place|Plaza|Highway|Hwy|Circle|Alley|Quay|Crescent|"
    r"Close|"
    r"Embankment|Mews|Row|Dr|Ln)|Pro|Max|Plus|Ultra|Mini|Lite)\b"
)
_STREET_NUMBERED = re.compile(r"[ ]\d{1,3}(?:st|nd|rd|th)[ ](?:Road|Street|Avenue|St|Ave|Rd)\b")
# "Portland, OR 97223".
_POST_DIGITS = 5
_POST_CODE = re.compile(r",[ ][A-Z]{2}[ ]\Z")
# "16 years.[1]", "oil.12 The": marks of notes, not an insertion like "[12] men".
_NOTE_BEFORE = re.compile(r"(?:\[|\[\d{1,3}[,–-][ ]?)\Z")
_NOTE_AFTER = re.compile(
    r"(?:[,–-][ ]?\d{1,3})*\](?![ ](?:[a-z]+[ ])?(?!(?:was|is|has|this|its|as|does|us)\b)[a-z]+s\b|[ ](?:men|"
    r"people|women)\b)"
)
_RAISED = re.compile(r"[A-Za-z)”\"’][.,;][”\"’]?\Z")
_AFTER_RAISED = re.compile(r"(?:,\d{1,3})*(?:[ \n]+[A-Z“\"(]|\s*\Z)")
# "(1) the crates and (2) the boats" counts off; "the absent (12)" counts.
_ENUMERATED = re.compile(r"(?:(?:^|[.:;,\n]|\b(?:and|or|are|is))[ ]?)\(\Z")
_DOUBLED = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"hundred|thousand)[ ]\(\Z",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|www\.|@|#)[^\s]*\Z")
# "Suite 11g and 12c": releases, not grams.
_RELEASE = re.compile(
    r"\b(?:suite|version|release|edition|database|server|model|oracle|java|type|series|block|room|flat|class|"
    r"grade|unit|runways?)"
    r"[ ](?:\d{1,3}[a-z](?:,[ ]|[ ](?:and|or|to)[ ]))*\Z",
    re.IGNORECASE,
)
_RUNWAY = re.compile(r"\brunways?[ ](?:\d{1,2}[LRC]?(?:,[ ]|[ ](?:and|or)[ ]|/))*\Z", re.IGNORECASE)
_PAGES_BEFORE = re.compile(
    r"\b(?:pp?|fig|figs|vol|ch|chap|sec|para|paras|art|arts|n|fn)\.[ ]?(?:\d+[–-])?\Z", re.IGNORECASE
)
_YEAR_LOW, _YEAR_HIGH = 1500, 2100


def is_name(text: str, start: int, end: int, value: float, plain: bool) -> bool:
    """Whether the digits at a span name something: "Resolution 2270", "F-16", "11th", "5:30", "in 2024".

    `plain` says that the number has neither a currency, nor scale, nor group marks.
    """
    if _in_word(text, start, end) or _is_linked(text, start):
        return True
    if not plain:
        return False
    following = text[end : end + 48]
    before = text[max(0, start - 32) : start]
    printed = text[start:end]
    if _is_identifier(before, following, printed):
        return True
    if _CLOCK_AFTER.match(following) or (before[-1:] == ":" and before[-2:-1].isdigit()):
        return True
    if _is_date_part(before, following, value, printed):
        return True
    if _is_labelled(before, following, printed):
        return True
    return _is_age(before, following, value) or _is_score(before, following, value)


def _is_identifier(before: str, following: str, printed: str) -> bool:
    """Whether digits identify: a phone number, an address, a version, a model, an item in a list."""
    if len(printed) >= _LONG_ID or (printed[0] == "0" and printed.isdigit() and len(printed) > 1):
        return True
    mark = following[:1]
    if mark in {".", ")"} and _ITEM.match(following) and _ITEM_BEFORE.search(before):
        return True
    if mark == "." and "." in printed and following[1:2].isdigit():
        return True
    if _is_note(before, following, printed) or _is_address(before, following, printed):
        return True
    if (before[-2:] == ". " or before[-1:] in {"–", "-"}) and _PAGES_BEFORE.search(before):
        return True
    return is_of_telephone(before, printed, following)


def _is_address(before: str, following: str, printed: str) -> bool:
    """Whether digits are a house number, a post code or part of a model's name."""
    if len(printed) == _POST_DIGITS and before[-1:] == " " and _POST_CODE.search(before):
        return True
    if following[:1] != " ":
        return False
    if following[1:2].isupper():
        return _STREET_OR_MODEL.match(following) is not None
    return following[1:2].isdigit() and _STREET_NUMBERED.match(following) is not None


def _is_note(before: str, following: str, printed: str) -> bool:
    """Whether digits mark a note or count off: "[1]", "oil.12 The", "(2) the boats", "five (5) crates"."""
    if len(printed) > 3 or not printed.isdigit():
        return False
    last = before[-1:]
    if following[:1] == "]" or (last == "[" and following[:1] in {",", "–", "-"}) or "[" in before[-6:]:
        return _NOTE_BEFORE.search(before) is not None and _NOTE_AFTER.match(following) is not None
    if last == "(" and following[:1] == ")":
        return printed == "1" or _ENUMERATED.search(before) is not None or _DOUBLED.search(before) is not None
    return last in {".", ",", ";", "”", '"', "’"} and bool(
        _RAISED.search(before) and _AFTER_RAISED.match(following)
    )


def _in_word(text: str, start: int, end: int) -> bool:
    """Whether the digits hang on letters: XY-23, 11th, 5G, 1970s, the '90's."""
    before = text[max(0, start - 2) : start]
    if before[-1:] in {"-", "–", "_", "#", "/"} and before[:1].isalnum():
        head = _HEAD_WORD.search(text, max(0, start - 16), start)
        if head is None:
            if not before[:1].isdigit():
                return True
        elif head[1].lower().lstrip("0123456789") not in _JOINING:
            return True
    letters = _LETTERS.match(text, end)
    if letters is not None:
        return _has_letters(text, start, end, letters)
    mark = text[end : end + 1]
    if mark in {"'", "’"} and text.startswith("s", end + 1):
        number = text[start:end]
        return (len(number) == 2 and number[1] == "0") or (len(number) == 4 and number[:2] in {"19", "20"})
    if mark == "-" and text.startswith("cal", end + 1):
        return True
    if mark in {" ", "\u00a0", "-"} and text.startswith("m", end + 1):
        long = _MILLIMETRE.match(text, end + 1)
        if long is not None:
            return _is_calibre(text, start, long.end())
    return (
        mark in {"-", "/", "."}
        and text[end + 1 : end + 2].isdigit()
        and text[start - 1 : start] in {".", "/"}
    )


def _is_linked(text: str, start: int) -> bool:
    """Whether digits stand in an address of the web or of mail."""
    if text[start - 1 : start] in {" ", ""} or text[start - 1] not in "/=-_.#@?&+":
        return False
    return _LINK.search(text, max(0, start - 120), start) is not None


def _has_letters(text: str, start: int, end: int, letters: re.Match[str]) -> bool:
    """Whether digits with letters straight after them name something; units and scales don't."""
    short = letters[0].lower()
    following = text[letters.end() : letters.end() + 1]
    if letters[0] == "p" and text[start:end] not in _SCREENS:
        return False
    if letters[0] in {"L", "R", "C"} and _RUNWAY.search(text, max(0, start - 24), start):
        return True
    if letters[0] in {"C", "F", "x"}:
        return following.isdigit() or end - start > 3
    if (
        short in _ORDINAL
        or short in {"s", "ers"}
        or letters[0] in {"D", "G"}
        or (len(short) == 1 and short not in "kmgtwlb")
    ):
        return True
    if following.isdigit():
        return not (short in {"m", "km", "cm", "ft"} and _SQUARED.match(text, letters.end()))
    if letters[0] in {"g", "m", "l", "t", "b"} and _RELEASE.search(text, max(0, start - 40), start):
        return True
    if short == "k" and text[start:end] in {"4", "5", "8"} and _PICTURE.match(text, letters.end()):
        return True
    return short == "mm" and _is_calibre(text, start, letters.end())


def _is_calibre(text: str, start: int, end: int) -> bool:
    """Whether millimetres are a calibre or a lens, of 20 mm at least ("a 50 mm lens"), and no length or depth."""
    if _LONG.match(text, end):
        return False
    if _LARGE.match(text, start) is None or "." in text[start : start + 5]:
        described = _DESCRIBED.match(text, end)
        nouns = described[1].split() if described is not None else []
        return any(is_plural(noun) and noun not in _VERBS_IN_S for noun in nouns)
    return _MEASURING.search(text, max(0, start - 40), start) is None


def _is_date_part(before: str, following: str, value: float, printed: str) -> bool:
    whole = value == int(value)
    if whole and 1 <= value <= 31 and (_MONTH_BEFORE.search(before) or _MONTH_DAYS_BEFORE.search(before)):
        return not _SHARE_OR_SCALE.match(following)
    if whole and 1 <= value <= 31 and _DAYS_MONTH.match(following):
        return not _MAY.match(following) or bool(re.search(r"\b(?:on|the)[ ]$", before))
    if (following[:1] in {"/", ".", "-"} and _DATE_PARTS.match(following)) or (
        before[-1:] in {"/", ".", "-"} and re.search(r"\d[/.]$|\d[/.-]\d{1,2}-$|\d{4}-$", before)
    ):
        return True
    if len(printed) == 2 and before[-1:] in {"‘", "’"} and not before[-2:-1].isalnum():
        return True
    if whole and len(printed) == 4 and _YEAR_LOW <= value <= _YEAR_HIGH:
        return _is_year(before, following)
    return bool(whole and len(printed) <= 2 and before[-1:] in {"-", "–", "/"} and _YEAR_MARK.search(before))


# "An average of 1900", "more than 2000" count.
_AMOUNT_BEFORE = re.compile(
    r"\b(?:(?:average|total|sum|mean|median|maximum|minimum|capacity|population|list|crowd|group)[ ]of|"
    r"(?:more|less|fewer|higher|lower|greater|rather)[ ]than|at[ ](?:least|most)|up[ ]to|nearly|almost|roughly|"
    r"approximately)[ ]$",
    re.IGNORECASE,
)


_SHARED = re.compile(r"[ ]?(?:%|percent|per cent)")
_DAY_BEFORE = re.compile(_MONTHS + r"[ ]+\d{1,2}(?:st|nd|rd|th)?,?[ ]$", re.IGNORECASE)
_PLURAL = re.compile(r"[ ]+[a-z]+s\b")
_YEAR_ENDS = re.compile(r"[ ]*(?:[,.;:)–-]|$|[A-Za-z])")


def _is_year(before: str, following: str) -> bool:
    if _SHARED.match(following) or _AMOUNT_BEFORE.search(before):
        return False
    if _MONTH_BEFORE.search(before) or _DAY_BEFORE.search(before):
        return True
    if _PLURAL.match(following) and not re.match(
        r"[ ]+(?:was|is|has|sales|earnings|results|elections?|as|this|talks|games|olympics|its)\b", following
    ):
        return bool(
            re.search(r"\b(?:since|in|until|during|the|late|early)[ ]$", before, re.I)
        ) and not re.match(
            r"[ ]+(?:troops|soldiers|people|men|jobs|homes|cars|houses|dollars|workers|tons|tonnes|shares|"
            r"units|students|cases)\b",
            following,
        )
    return bool(_YEAR_CUE.search(before)) or _YEAR_ENDS.match(following) is not None


def _is_labelled(before: str, following: str, printed: str) -> bool:
    if before[-2:] in {"P ", "p "} and _INDEX.search(before):
        return True
    if not printed[0].isdigit():
        return False
    label = _LABEL_BEFORE.search(before)
    if before.endswith(("#", "§", "No.", "no.")):
        return True
    listed = label is None or label[1].islower()
    if listed and _DIGIT.search(before):
        listing = _LISTED.search(before)
        # "Channels 4, 5 and 9" are three; "in Room 12, 300 guests" is one and its guests.
        if listing is not None and ("," not in listing[0] or listing[1].endswith("s")):
            label = listing
    if label is None or "," in printed:
        return False
    word = label[1].lower().rstrip(".")
    if "." in printed and not printed.endswith(".0"):
        return word in _DOTTED and _SHARE_OR_SCALE.match(following) is None
    if _SHARE_OR_SCALE.match(following):
        return False
    capital = label[1][0].isupper()
    if word.endswith("s") and word[:-1] in _LABELS:
        word = word[:-1]
    if word in _LABELS and (any(letter.isupper() for letter in label[1]) or word in _LOWER_LABELS):
        return "." not in printed
    if not capital and word in _NUMBERED and _DETERMINED.search(before[: label.start()]) is None:
        return _counts_plural(following) is False
    if not capital or word in _CAPITALISED_FINE:
        return False
    opens = _OPENS.search(before[: label.start()]) is not None
    return not opens and not _is_counted(following, float(printed))


def _counts_plural(following: str) -> bool:
    """Whether a plural follows, which the number counts: "at gate 7 planes waited"."""
    words = _NEXT_WORDS.match(following)
    first = words[0].split()[0] if words is not None else ""
    return first.islower() and first not in _VERBS_IN_S and is_plural(first)


def _is_counted(following: str, value: float) -> bool:
    """Whether a number after a name counts what follows: "in Lisbon 9 people", not "the Planet 9 project"."""
    if _POLLED.match(following):
        return True
    if not _COUNTED.match(following):
        return False
    if following[:1] != " " or value >= 100 or unit_after(following, 0) is not None:
        return True
    words = _NEXT_WORDS.match(following)
    return words is not None and any(is_plural(word) for word in words[0].split())


_SHARE_OR_SCALE = re.compile(r"[ ]?(?:%|percent|per cent|million|billion|thousand|trillion|hundred)")
_OPENS = re.compile(r"(?:^|[.!?”\"“][ \n]*)$")
# "Leads Smith 46 to 40 percent", "Smith 46, Jones 40 percent".
_POLLED = re.compile(r"[ ]?(?:to|-|–)[ ]?\d+[ ]?(?:%|per)")
_NEXT_WORDS = re.compile(r"(?:[ ][A-Za-z’'-]+){1,4}")
# A label with its numbers, before another: "Channels 4, 5 and", "Windows 8 or".
_DIGIT = re.compile(r"\d[ ,]")
_LISTED = re.compile(
    r"([A-Za-z&][A-Za-z&’'.-]*)[ ]\d{1,4}(?:,[ ]\d{1,4}){0,3}(?:,[ ]|,?[ ](?:and|or|to|through|&|of)[ ])$"
)
# Labels in lower case too: "a category 4 storm", "type 2 diabetes"; but "level 5 metres above" measures.
_LOWER_LABELS = frozenset(
    "article section chapter page no resolution category type tier grade route highway flight part".split()
)
# Places and things with a number: "in room 101", but "on the runway 24 planes waited".
_NUMBERED = frozenset(
    "runway gate room building hangar dock pier platform exit bus tram cell ward terminal bay berth "
    "locker apartment suite "
    "tower version release firmware phase bus floor".split()
)
_DETERMINED = re.compile(
    r"\b(?:the|an?|this|that|its|their|his|her|each|every|per|no|any|one|same|our|my|your|of|another)[ ]\Z",
    re.IGNORECASE,
)
_DOTTED = frozenset("version release firmware windows android ios article section chapter paragraph".split())
_INDEX = re.compile(r"\bS[ ]?(?:&|and)?[ ]?P[ ]$", re.IGNORECASE)
# What is counted, or a unit, follows; after a name and its number a verb or a preposition does.
_COUNTED = re.compile(
    r"[ -](?!(?:is|are|was|were|has|had|have|will|would|can|could|may|on|in|at|by|for|from|with|to|and|or|but|"
    r"that|which|who|as|when|while|after|before|since|until)\b)[a-z]+|[a-z]{2,}"
)
_AGED = re.compile(
    r"(?:(?:-to-|[ ]to[ ]|[-–])\d{1,3})?-?[ ]?years?[- ]old(?:s\b|\b)|[- ]?year[- ]olds\b|-months?-old\b",
    re.IGNORECASE,
)


_OF_AGE = re.compile(
    r"\b(?:age[sd]?[ ]|age[ ]of[ ]|aged[ ]between[ ])(?:\d{1,3}(?:-to-|[ ]to[ ]|[-–]))?$", re.IGNORECASE
)


def _is_age(before: str, following: str, value: float) -> bool:
    if _AGED.match(following) or _OF_AGE.search(before):
        return True
    young = 0 < value < 116 and value == int(value)
    if young and before.endswith("(") and following.startswith(")"):
        named = _NAMED_BEFORE.search(before)  # "Ana Lima (54)"
        return named is not None and value > 9 and BODY.search(named[1]) is None and named[1][:4] != "The "
    return bool(
        young
        and before.endswith(", ")
        and re.match(r",(?!\d)|[.)](?:\s|$)|;", following)
        and re.search(r"[A-Z][a-z’'-]+,[ ]$", before)
    )


_NAMED_BEFORE = re.compile(
    r"(?:\A|[.,;:”“\"\n][ ]?|\b(?:and|or|but|by|with|when|to|said|says|told|while|as|that|were|was|are|is)[ ])"
    r"([A-Z][\w’'-]*[a-z][ ][A-Z][\w’'-]*[a-z])[ ]\(\Z"
)


_OF_TRIES = re.compile(r"-for-\d")
# Before a number: a set of tennis or a try at something, "6-4, ", "7-6 (", "18-for-".
_SETS = re.compile(r"(?<![\d-])(?:\d-\d(?:[ ]\(\d{1,2}\))?,?[ ](?:\(|\d-)?|\d-for-)$")


def _is_score(before: str, following: str, value: float) -> bool:
    found = _SCORE_AFTER.match(following)
    if _OF_TRIES.match(following) or (before[-1:] in {" ", "-", "("} and _SETS.search(before)):
        return True
    if found is not None:
        other = float(found[1])
        rest = following[found.end() :]
        return (
            other <= value
            or _PLAYED.search(before) is not None
            or (
                _SCORE_CUE.search(before) is not None
                and re.match(
                    r"[ ](?:vote|win|victory|loss|lead|defeat|ruling|decision|record|draw|tie|margin)", rest
                )
                is not None
            )
        )
    first = _FIRST_OF_TWO.search(before) if before[-1:] in {"-", "–"} else None
    if first is None:
        return before[-1:] in {"-", "–"} and before[-2:-1].isdigit()
    rising = float(first[1]) < value and _PLAYED.search(before[: first.start()]) is None
    return not (rising and (value < 1000 or re.match(r"[ ](?:[a-z]+s\b|[a-z]*[%$])|[ ]?%", following)))

"""Numbers that name things and count nothing: model numbers, resolutions, dates, times, scores."""

from __future__ import annotations

import re

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
    "vitamin agenda catch-22 route windows ps xbox playstation web".split()
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
    r"(?:st|nd|rd|th)?(?:[ ]*(?:-|–|—|to|and|or)[ ]*\d{1,2})?[ ]+(?:of[ ])?" + _MONTHS + r"(?![a-z])",
    re.IGNORECASE,
)
_YEAR_CUE = re.compile(
    r"(?:\b(?:in|into|since|until|till|by|from|before|after|during|of|late|early|mid|through|to|and|between|for|"
    r"the|year|fiscal|fy|"
    r"circa|spring|summer|autumn|fall|winter|or|last|season|election|around)[ -]|[(\[/–,;-][ ]?|\bmid-|‘|')$",
    re.IGNORECASE,
)
_CLOCK_AFTER = re.compile(
    r"[ ]?(?:a\.?m\b|p\.?m\b|o['’]clock|h(?:ours)?[ ]gmt|gmt\b|utc\b)|:\d\d", re.IGNORECASE
)
_LABEL_BEFORE = re.compile(r"([A-Za-z&][A-Za-z&’'.-]*)[ \u00a0](?:#|§[ ]?)?$")
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
_YEAR_LOW, _YEAR_HIGH = 1500, 2100


def is_name(text: str, start: int, end: int, value: float, plain: bool) -> bool:
    """Whether the digits at a span name something: "Resolution 2270", "F-16", "11th", "5:30", "in 2024".

    `plain` says that the number has neither a currency, nor scale, nor group marks.
    """
    if _in_word(text, start, end):
        return True
    if not plain:
        return False
    following = text[end : end + 24]
    before = text[max(0, start - 32) : start]
    if len(text[start:end]) >= _LONG_ID or (_ITEM.match(following) and _ITEM_BEFORE.search(before)):
        return True
    if _CLOCK_AFTER.match(following) or re.search(r"\d:$", before):
        return True
    if _is_date_part(before, following, value, text[start:end]):
        return True
    if _is_labelled(before, following, text[start:end]):
        return True
    return _is_age(before, following, value) or _is_score(before, following, value)


def _in_word(text: str, start: int, end: int) -> bool:
    """Whether the digits hang on letters: XY-23, 11th, 5G, 1970s."""
    before = text[max(0, start - 2) : start]
    if before[-1:] in {"-", "–", "_", "#", "/"} and before[:1].isalnum() and not before[:1].isdigit():
        head = re.search(r"([A-Za-z]+)[-–_/]$", text[max(0, start - 16) : start])
        return head is None or head[1].lower() not in {"mid", "of", "to", "about", "nearly", "some", "minus"}
    letters = _LETTERS.match(text, end)
    if letters is not None:
        short = letters[0].lower()
        if (
            short in _ORDINAL
            or short == "s"
            or letters[0] in {"D", "G"}
            or (len(short) == 1 and short not in "kmgtwlb")
        ):
            return True
        if text[letters.end() : letters.end() + 1].isdigit():
            return True
        return (
            short in {"mm", "cm"}
            and float(text[start:end].replace(",", "") or 0) >= 20
            and not _is_rain(text, letters.end())
        )
    spaced = re.match(r"[ \u00a0-]mm\b", text[end : end + 4])
    if spaced is not None:
        return not _is_rain(text, end + spaced.end())
    return (
        text[end : end + 1] in {"-", "/", "."}
        and text[end + 1 : end + 2].isdigit()
        and text[start - 1 : start] in {".", "/"}
    )


def _is_rain(text: str, end: int) -> bool:
    return re.match(r"[ ](?:of|thick|wide|long|deep|in)\b", text[end : end + 7]) is not None


def _is_date_part(before: str, following: str, value: float, printed: str) -> bool:
    whole = value == int(value)
    if whole and 1 <= value <= 31 and (_MONTH_BEFORE.search(before) or _MONTH_DAYS_BEFORE.search(before)):
        return not re.match(r"[ ]?(?:%|percent|million|billion)", following)
    if whole and 1 <= value <= 31 and _DAYS_MONTH.match(following):
        return not re.match(r"[ ]+may[ ]+(?!\d)", following, re.IGNORECASE) or bool(
            re.search(r"\b(?:on|the)[ ]$", before)
        )
    if re.match(r"[/.-]\d{1,2}[/.-]\d{2,4}\b", following) or (
        before[-1:] in {"/", ".", "-"} and re.search(r"\d[/.]$|\d[/.-]\d{1,2}-$|\d{4}-$", before)
    ):
        return True
    if len(printed) == 2 and before[-1:] in {"‘", "’"} and not before[-2:-1].isalnum():
        return True
    if whole and len(printed) == 4 and _YEAR_LOW <= value <= _YEAR_HIGH:
        return _is_year(before, following)
    return bool(whole and re.search(r"\d{4}[-–/]$", before) and len(printed) <= 2)


def _is_year(before: str, following: str) -> bool:
    if re.match(r"[ ]?(?:%|percent|per cent)", following):
        return False
    if _MONTH_BEFORE.search(before) or re.search(
        _MONTHS + r"[ ]+\d{1,2}(?:st|nd|rd|th)?,?[ ]$", before, re.I
    ):
        return True
    if re.match(r"[ ]+[a-z]+s\b", following) and not re.match(
        r"[ ]+(?:was|is|has|sales|earnings|results|elections?|as|this|talks|games|olympics|its)\b", following
    ):
        return bool(
            re.search(r"\b(?:since|in|until|during|the|late|early)[ ]$", before, re.I)
        ) and not re.match(
            r"[ ]+(?:troops|soldiers|people|men|jobs|homes|cars|houses|dollars|workers|tons|tonnes|shares|"
            r"units|students|cases)\b",
            following,
        )
    return bool(_YEAR_CUE.search(before)) or re.match(r"[ ]*(?:[,.;:)–-]|$|[A-Za-z])", following) is not None


def _is_labelled(before: str, following: str, printed: str) -> bool:
    if before[-2:] in {"P ", "p "} and _INDEX.search(before):
        return True
    label = _LABEL_BEFORE.search(before)
    if before.endswith(("#", "§", "No.", "no.")):
        return True
    if label is None or "," in printed or "." in printed:
        return False
    word = label[1].lower().rstrip(".")
    if re.match(r"[ ]?(?:%|percent|per cent|million|billion|thousand|trillion|hundred)", following):
        return False
    if word in _LABELS and (any(letter.isupper() for letter in label[1]) or word in _LOWER_LABELS):
        return True
    if not label[1][0].isupper() or word in _CAPITALISED_FINE:
        return False
    opens = re.search(r"(?:^|[.!?:;”\"“][ \n]*)$", before[: label.start()]) is not None
    return not opens and not _COUNTED.match(following)


# Labels in lower case too: "a category 4 storm", "type 2 diabetes"; but "level 5 metres above" measures.
_LOWER_LABELS = frozenset(
    "article section chapter page no resolution category type tier grade route highway flight".split()
)
_INDEX = re.compile(r"\bS[ ]?(?:&|and)?[ ]?P[ ]$", re.IGNORECASE)
# What is counted, or a unit, follows; after a name and its number a verb or a preposition does.
_COUNTED = re.compile(
    r"[ -](?!(?:is|are|was|were|has|had|have|will|would|can|could|may|on|in|at|by|for|from|with|to|and|or|but|"
    r"that|which|who|as|when|while|after|before|since|until)\b)[a-z]+|[a-z]{2,}"
)
_AGED = re.compile(r"-?[ ]?years?[- ]old\b|[- ]?year[- ]olds\b|-months?-old\b", re.IGNORECASE)


def _is_age(before: str, following: str, value: float) -> bool:
    if _AGED.match(following) or re.search(r"\baged?[ ](?:of[ ]|between[ ])?$", before, re.IGNORECASE):
        return True
    young = 0 < value < 116 and value == int(value)
    return bool(
        young
        and re.match(r",(?!\d)|[.)](?:\s|$)|;", following)
        and re.search(r"[A-Z][a-z’'-]+,[ ]$", before)
        and (following[:1] != "." or True)
    )


def _is_score(before: str, following: str, value: float) -> bool:
    found = _SCORE_AFTER.match(following)
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

"""The noun phrase after a number: what is counted, and what a share is taken of."""

from __future__ import annotations

import re

__all__ = ["head_after", "is_plural", "plural"]

_STOP = frozenset(
    "in on at by for from with to into onto over under about around after before since until during through "
    "against among between "
    "within without across along behind beyond near off than as and or but nor so yet if when while where "
    "because although though "
    "that which who whom whose what how why this these those it he she they we you i is are was were be "
    "been being am has have had "
    "do does did will would shall should can could may might must not n't also still already now then there "
    "here said says say told "
    "per each every apiece ago later earlier last next out up down away back via amid despite including "
    "excluding plus versus vs "
    "according due because however meanwhile instead more less fewer only just even too very yet once".split()
)
_DETERMINERS = frozenset(
    "the a an its their his her our your my all any some those these such that this both".split()
)
_WORD = re.compile(r"[ \u00a0\t]*(?:\n[ \t]*)?([A-Za-z][\w’'.-]*|&|,|\"|“|”)")
_AUXILIARY = re.compile(
    r"[ ]+(?:(?:of[ ]them|others|more)[ ]+)?(?:were|was|are|is|had been|have been|has been)[ ]+(?:(?:also|"
    r"reportedly|believed|either|already|now)[ ]+)?(\w+)",
    re.IGNORECASE,
)
_OF = re.compile(
    r"[ ]+(?:-[ ]*)?of[ ]+(?:the|its|their|all|those|these|his|her|a|an|our|some)?\b[ ]*", re.IGNORECASE
)
_DETERMINED = re.compile(r"[ ]+(?:the|its|their|his|her|all|these|those)[ ]+", re.IGNORECASE)
_NUMBER = re.compile(r"[ ]*[$€£]?\d[\d,.]*(?:[ ](?:million|billion|thousand))?[ ]+")
_JOINED = re.compile(r"[ ]([a-z]+)(?:[ .,;]|$)")
_NEXT_WORD = re.compile(r"[ ][a-z]+(?:ed|ing)?[, ]")
_INITIALS = re.compile(r"(?:[A-Za-z]\.)+")
# "152mm field pieces", "122mm and 152mm rounds", ".50-calibre rounds": the calibre counts nothing.
_CALIBRE = re.compile(
    r"[ \u00a0]+(?:(?:\.?\d{1,3}(?:\.\d{1,2})?(?:[x×]\d{2,3}(?:\.\d)?)?[ \u00a0-]?(?:mm|cm|millimet(?:re|er)s?|"
    r"cal(?:ib(?:er|re))?|inch|pounders?)\b-?|"
    r"\d+(?:,\d{3})?-(?:pound|lb|kg|kilo(?:gram)?|km|metre|meter|foot|tonne?|litre|liter|watt|inch|kiloton|"
    r"mile)\b)(?:[ ]?(?:and|or|to|/|,)[ ]?)?)+(?=[ ][A-Za-z])"
)
# "[12] men", "five (5) crates".
_ASIDE = re.compile(r"\]|[ ]\(\d+\)")
# "Four A-59 fast and one B-31 slow boats": the noun stands after the second number.
_SECOND = re.compile(
    r",?[ ](?:and|or)[ ](?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|"
    r"thirty|forty|"
    r"fifty|sixty|dozens|several)(?=[ ][A-Za-z])"
)
_ONE = re.compile(r"(?:\bone|(?<![\d.,])1)\Z", re.IGNORECASE)
# Adjectives that stand for whom they describe: "300 dead and 20 burnt houses".
_WHOLE = frozenset("dead missing hurt sick homeless others".split())
_TWO_WORDS = re.compile(r"[ ]([A-Za-z][\w-]*)[ ]([a-z-]+)(?![\w-])")
_FIGURES = frozenset(
    "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty dozens hundreds "
    "thousands "
    "several some many another other no".split()
)
_CALIBRE_STARTS = frozenset("0123456789.")
_MAX = 6


def head_after(text: str, end: int, kind: str) -> tuple[str, int, str, str]:
    """The noun phrase that follows a number: phrase, where it ends, its head noun, and the base of a share.

    A phrase that begins with "of" ("half of the 300 crates") gives the base; a number inside is skipped.
    """
    at = end
    base = ""
    opening = _OF.match(text, at)
    if opening is not None:
        at = opening.end()
    elif kind in {"share", "part"}:
        determiner = _DETERMINED.match(text, at)
        if determiner is None:
            return _described(text, end)
        at = determiner.end()
    number = _NUMBER.match(text, at)
    if number is not None and kind in {"share", "part"}:
        at = number.end()
    if kind == "count":
        at = _aside_end(text, at)
    words, stop = _phrase(text, at)
    if kind in {"share", "part", "measure", "money"}:
        base = " ".join(words)
    if not words:
        return _described(text, end)
    noun = _noun(words)
    if kind == "count" and opening is None and not is_plural(noun):
        noun = _shared(text, (end, stop), words) or noun
    return " ".join(words), stop, noun, base


def _aside_end(text: str, at: int) -> int:
    """Where what stands between a number and its noun ends: a closing bracket, the number again, a calibre."""
    if text.startswith(("]", " ("), at) and (aside := _ASIDE.match(text, at)) is not None:
        at = aside.end()
    if text[at + 1 : at + 2] in _CALIBRE_STARTS and (calibre := _CALIBRE.match(text, at)) is not None:
        at = calibre.end()
    return at


def _shared(text: str, span: tuple[int, int], words: list[str]) -> str:
    """The noun that a number shares with the next one, where its own phrase has only adjectives; "" if none."""
    last = words[-1].lower()
    second = _SECOND.match(text, span[1])
    if (
        second is None
        or last in _WHOLE
        or (last.endswith("ed") and words[-1].islower())
        or _ONE.search(text, max(0, span[0] - 5), span[0])
    ):
        return ""
    others, _ = _phrase(text, second.end())
    noun = _noun(others)
    return noun if is_plural(noun) and others.index(noun) > 0 else ""


def _described(text: str, end: int) -> tuple[str, int, str, str]:
    """A number without a noun: "300 were counted" gives the participle."""
    found = _AUXILIARY.match(text, end)
    if found is None or found[1].lower() in _STOP:
        return "", end, "", ""
    return found[1], end, "", ""


def _phrase(text: str, at: int) -> tuple[list[str], int]:
    words: list[str] = []
    stop = at
    while len(words) < _MAX:
        found = _WORD.match(text, stop)
        if found is None:
            break
        word = found[1]
        lower = word.lower().rstrip(".’'")
        if word in {",", '"', "“", "”"}:
            if (
                word == ","
                and words
                and _NEXT_WORD.match(text, found.end(), found.end() + 20)
                and len(words) == 1
                and not words[0].endswith("s")
            ):
                stop = found.end()
                continue
            break
        if not words and lower in {"more", "other", "fewer"}:
            stop = found.end()
            continue
        if lower in _STOP or (words and (lower == "of" or lower in _DETERMINERS)):
            if (
                lower in {"and", "or"}
                and words
                and (_joins(text, found.end(), words) or _pairs(text, found.end(), words))
            ):
                stop = found.end()
                continue
            break
        if lower in _DETERMINERS and not words:
            stop = found.end()
            continue
        words.append(word.rstrip(".’'") if word.endswith((".", "’", "'")) else word)
        stop = found.end()
        if word.endswith(".") and not _INITIALS.fullmatch(word):
            stop -= 1
            break
    return words, stop


def _joins(text: str, at: int, words: list[str]) -> bool:
    """Whether a noun phrase goes on after "and" or "or": "lost or stolen", "crates and boxes"."""
    following = _JOINED.match(text, at)
    if following is None:
        return False
    tail = words[-1].lower()
    same = (tail.endswith("ed") and following[1].endswith("ed")) or (
        tail.endswith("s") and following[1].endswith("s")
    )
    return same and following[1] not in _STOP


def _pairs(text: str, at: int, words: list[str]) -> bool:
    """Whether two adjectives share the plural after "and": "timber and freight trains"."""
    following = _TWO_WORDS.match(text, at)
    if following is None or any(is_plural(word) for word in words) or words[-1].lower() in _WHOLE:
        return False
    second, noun = following[1].lower(), following[2]
    taken = _STOP | _DETERMINERS | _FIGURES
    return is_plural(noun) and not is_plural(second) and second not in taken and noun not in taken


_PEOPLE = frozenset(
    "people men women children troops personnel police infantry cavalry staff clergy aircraft spacecraft "
    "cattle sheep "
    "livestock".split()
)


def _noun(words: list[str]) -> str:
    """The head noun of a phrase: its first plural, or the last word before a verb in the past."""
    for index, word in enumerate(words):
        if is_plural(word):
            following = words[index + 1] if index + 1 < len(words) else ""
            return following if following and is_plural(following) else word
    for index, word in enumerate(words):
        if index > 0 and word.endswith("ed") and word.islower():
            return words[index - 1]
    return words[-1] if words else ""


def is_plural(word: str) -> bool:
    """Whether a word looks like a plural, or names people as one."""
    lower = word.lower()
    regular = lower.endswith("s") and not lower.endswith(("ss", "us", "’s", "'s")) and len(lower) > 2
    return regular or lower in _PEOPLE


_IRREGULAR = {"man": "men", "woman": "women", "child": "children", "person": "persons", "foot": "feet"}
_SIBILANT = re.compile(r"(?:s|x|ch|sh)\Z")


def plural(word: str) -> str:
    """The plural of a noun that a hyphen joins to its number: "member" of "a five-member panel".

    >>> plural("country")
    'countries'
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if is_plural(word):
        return word
    if word.endswith("y") and word[-2:-1] not in set("aeiou"):
        return f"{word[:-1]}ies"
    return f"{word}es" if _SIBILANT.search(word) else f"{word}s"

"""The noun phrase after a number: what is counted, and what a share is taken of."""

from __future__ import annotations

import re

__all__ = ["head_after", "is_plural"]

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
    words, stop = _phrase(text, at)
    if kind in {"share", "part", "measure", "money"}:
        base = " ".join(words)
    if not words:
        return _described(text, end)
    return " ".join(words), stop, _noun(words), base


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
            if lower in {"and", "or"} and words and _joins(text, found.end(), words):
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


_PEOPLE = frozenset("people men women children troops personnel police infantry".split())


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

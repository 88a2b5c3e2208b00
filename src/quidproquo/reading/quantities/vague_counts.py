"""Vague numbers that need their surroundings: "several crates", "a few lorries", "in the mid-teens"."""

from __future__ import annotations

import re

from quidproquo.reading.attribution.cues import VERBS
from quidproquo.reading.quantities.noun_phrases import head_after, is_plural
from quidproquo.reading.quantities.units import unit_after
from quidproquo.reading.quantities.vague import DECADES, NOUN_COUNTS, TEENS, read_level

__all__ = ["SMALL_WORDS", "level", "small_count", "teens"]

SMALL_WORDS = ("several", "few", "handful", "couple")

Found = tuple[int, int, float, float]

# "Quite a few" are many; "one of several" tells what one is, not how many there are.
_OTHER_USE = re.compile(
    r"\b(?:quite|not|good|many|one[ ]of|any[ ]of|each[ ]of|than)[ \n]+$|-$", re.IGNORECASE
)
_ARTICLE = re.compile(r"\ba[ \n]$", re.IGNORECASE)
_NO_COUNT = re.compile(
    r"(?![ \n]+[A-Za-z])"
    r"|[ \n]+(?:more|other|others|another|such|different|further|additional|of|and|or|times|"
    r"hundred|hundreds|thousand|thousands|million|millions|billion|billions|trillion|trillions|dozen|dozens|tens|lakh|crore)\b",
    re.IGNORECASE,
)
# Plurals that are spoken of and not counted.
_TALK = frozenset(
    "times ways reasons things points factors aspects respects issues questions examples cases steps options "
    "words ideas sides directions levels types kinds sorts forms areas occasions instances generations moments "
    "seasons summers winters springs topics themes features elements parts stages phases fronts terms measures "
    "challenges problems possibilities scenarios implications lessons observations remarks comments doubts "
    "concerns benefits advantages opportunities purposes categories clues details facts indications signs "
    "thoughts tricks twists turns hints changes differences similarities bits ones theories explanations "
    "variations kings".split()
)
_AFTER_NOUN = re.compile(r"[ \n]+(?:have[ ]|had[ ]|also[ ])?([a-z]+)")
_LEVEL = re.compile(
    r"(?<![\w-])(?P<low>low|mid|middle|high|upper)(?:-?[ ]?(?:to|or)[ -](?P<high>mid|high|upper))?[ -]$",
    re.IGNORECASE,
)
# Ages, years and weather: "in his mid-twenties", "since the mid-thirties", "In the mid-sixties, …".
_AGE_OR_YEARS = re.compile(
    r"\b(?:[Hh]is|[Hh]er|[Tt]heir|my|your|our|aged|ages|age|[Ss]ince[ ]the|[Uu]ntil[ ]the|[Dd]uring[ ]the|"
    r"[Bb]y[ ]the|of[ ]the)[ ]$"
    r"|\b(?:In|From)[ ]the[ ]$|\b[Tt]emperatures?\b[^.;]*$"
)
_MOST_BACK = 60


def small_count(text: str, start: int, end: int) -> Found | None:
    """Where a small vague count before a noun starts and ends, with its interval; None where nothing is counted.

    Spans of time ("a few weeks") are left to the dates, and speakers ("several analysts said") to the
    attributions.
    """
    word = text[start:end].lower()
    if word == "several":
        name = word
    else:
        article = _ARTICLE.search(text, max(0, start - 2), start)
        if article is None:
            return None
        start = article.start()
        name = f"a {word}"
        if word != "few":
            if not text.startswith(" of ", end):
                return None
            name, end = f"{name} of", end + 3
    if _NO_COUNT.match(text, end) or _OTHER_USE.search(text, max(0, start - 12), start):
        return None
    if not _counted(text, end):
        return None
    low, high = NOUN_COUNTS[name]
    return start, end, low, high


def _counted(text: str, end: int) -> bool:
    """Whether a unit or a countable plural follows that isn't just the subject of a cue."""
    unit = unit_after(text, end)
    if unit is not None:
        return unit.kind in {"money", "measure", "share", "points"}
    head, stop, noun, _ = head_after(text, end, "count")
    if not head or not is_plural(noun) or noun.lower() in _TALK:
        return False
    following = _AFTER_NOUN.match(text, stop)
    words = head.split()
    later = words[words.index(noun) + 1 :]
    cue = later[0] if later else (following[1] if following else "")
    return VERBS.get(cue, "") not in {"say", "think"}


def level(text: str, start: int, words: list[str]) -> tuple[int, float, float] | None:
    """Where "low", "mid" or "high" before a plural of a number word starts, with the interval of both.

    >>> level("in the mid-teens", 11, ["teens"])
    (7, 14.0, 16.0)
    """
    found = _LEVEL.search(text, max(0, start - 20), start)
    if found is None:
        return None
    if words[0] in DECADES and _AGE_OR_YEARS.search(text, max(0, found.start() - _MOST_BACK), found.start()):
        return None
    lower = found["low"].lower().replace("middle", "mid")
    low, high = read_level(lower, (found["high"] or lower).lower(), words)
    return found.start(), low, high


def teens(text: str, start: int) -> tuple[float, float] | None:
    """The interval of "teens" where it stands alone and counts: "rates are in the teens"."""
    before = text[max(0, start - _MOST_BACK) : start]
    if not before.endswith(("in the ", "into the ")) or _AGE_OR_YEARS.search(before):
        return None
    return TEENS

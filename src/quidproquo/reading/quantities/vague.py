"""What each vague number word means: a versioned table of intervals."""

from __future__ import annotations

__all__ = [
    "COUNTS",
    "DECADES",
    "NOUN_COUNTS",
    "PLURAL_SCALES",
    "TEENS",
    "VAGUE_VERSION",
    "read_level",
    "read_vague",
]

VAGUE_VERSION = "2025-3"

# A plural of a scale word runs from one to ten of it.
PLURAL_SCALES = {
    "tens": 10.0,
    "dozens": 12.0,
    "scores": 20.0,
    "hundreds": 100.0,
    "thousands": 1e3,
    "millions": 1e6,
    "billions": 1e9,
    "trillions": 1e12,
}

# Small vague counts before a scale word ("several thousand", "a couple hundred").
COUNTS = {
    "several": (3.0, 9.0),
    "a few": (2.0, 6.0),
    "few": (2.0, 6.0),
    "some": (2.0, 9.0),
    "many": (3.0, 9.0),
    "multiple": (2.0, 9.0),
    "a couple": (2.0, 2.0),
    "a couple of": (2.0, 2.0),
    "couple": (2.0, 2.0),
    "couple of": (2.0, 2.0),
    "a handful of": (3.0, 6.0),
}

# Small vague counts straight before a noun ("several crates"). "A few" is narrower here than before a scale
# word: 2,000 or 6,000 may be printed as "a few thousand", but two crates are "two" or "a couple".
NOUN_COUNTS = {**COUNTS, "a few": (3.0, 5.0)}

# "Low", "mid" and "high" by the last digit in a ten, and by the first digit of a scale word
# ("low thousands" are 1,000 to 3,999). "Low teens" begin with eleven, as ten is no teen.
DECADES = {
    "teens": 10.0,
    "twenties": 20.0,
    "thirties": 30.0,
    "forties": 40.0,
    "fifties": 50.0,
    "sixties": 60.0,
    "seventies": 70.0,
    "eighties": 80.0,
    "nineties": 90.0,
}
# "In the teens" alone: the numbers whose words end so.
TEENS = (13.0, 19.0)
_UNITS = {"low": (0.0, 3.0), "mid": (4.0, 6.0), "high": (7.0, 9.0), "upper": (7.0, 9.0)}
_LEADS = {"low": (1.0, 3.0), "mid": (4.0, 6.0), "high": (7.0, 9.0), "upper": (7.0, 9.0)}


def read_vague(words: list[str]) -> tuple[float, float]:
    """The interval of a chain such as ["tens", "thousands"] or ["dozens"].

    >>> read_vague(["tens", "thousands"])
    (10000.0, 100000.0)
    """
    low = 1.0
    for word in words:
        low *= PLURAL_SCALES[word]
    return low, low * 10.0


def read_level(lower: str, upper: str, words: list[str]) -> tuple[float, float]:
    """The interval of "mid-teens", "low thousands", or from one level to another ("low to mid twenties").

    >>> read_level("low", "low", ["thousands"])
    (1000.0, 3999.0)
    """
    if words[0] in DECADES:
        base = DECADES[words[0]]
        least = 11.0 if base == 10.0 else base
        return max(base + _UNITS[lower][0], least), base + _UNITS[upper][1]
    scale, _ = read_vague(words)
    return _LEADS[lower][0] * scale, (_LEADS[upper][1] + 1.0) * scale - 1.0

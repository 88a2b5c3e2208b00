"""What each vague number word means: a versioned table of intervals."""

from __future__ import annotations

__all__ = ["COUNTS", "SPREADS", "VAGUE_VERSION", "read_vague"]

VAGUE_VERSION = "2025-1"

# A plural of a scale word runs from one to ten of it.
SPREADS = {
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

TEENS = {"low": (11.0, 13.0), "mid": (14.0, 16.0), "high": (17.0, 19.0)}
DECADES = {"low": (1.0, 3.0), "mid": (4.0, 6.0), "high": (7.0, 9.0), "upper": (7.0, 9.0)}


def read_vague(words: list[str]) -> tuple[float, float]:
    """The interval of a chain such as ["tens", "thousands"] or ["dozens"].

    >>> read_vague(["tens", "thousands"])
    (10000.0, 100000.0)
    """
    low = 1.0
    for word in words:
        low *= SPREADS[word]
    return low, low * 10.0

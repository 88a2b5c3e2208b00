"""Near-duplicate documents: syndicated copies of one text."""

from __future__ import annotations

import re
import zlib

__all__ = ["Shingles", "near_copy", "shingles"]

Shingles = frozenset[int]

_WORD = re.compile(r"\w+")
_LENGTH = 5
_SKETCH = 400
_SHARE = 0.8
_LEAST = 30


def shingles(text: str) -> Shingles:
    """Hashes of the runs of five words of a text; the 400 smallest where there are more."""
    words = [word.lower() for word in _WORD.findall(text)]
    hashes = {
        zlib.crc32(" ".join(words[at : at + _LENGTH]).encode())
        for at in range(max(0, len(words) - _LENGTH + 1))
    }
    return frozenset(sorted(hashes)[:_SKETCH])


def near_copy(one: Shingles, other: Shingles) -> bool:
    """Whether two texts share at least 80% of their runs of words (too short texts never do)."""
    if min(len(one), len(other)) < _LEAST:
        return False
    if max(len(one), len(other)) < _SKETCH:
        return len(one & other) >= _SHARE * min(len(one), len(other)) and min(
            len(one), len(other)
        ) >= 0.5 * max(len(one), len(other))
    smallest = sorted(one | other)[:_SKETCH]
    both = one & other
    return sum(1 for value in smallest if value in both) >= _SHARE * 0.85 * len(smallest)

"""Near-duplicate documents: syndicated copies of one text."""

from __future__ import annotations

import re
import zlib
from collections import deque

__all__ = ["Shingles", "near_copy", "shingles"]

Shingles = frozenset[int]

_WORD = re.compile(r"\w+")
_LENGTH = 5
_SKETCH = 400
_SHARE = 0.8
_LEAST = 30
_MOST_KEPT = 4 * _SKETCH
# A rolling hash: the sum of the hashes of five words, each times a power of the base.
_MASK = 2**64 - 1
_BASE = 0x9E3779B97F4A7C15
_OLDEST = pow(_BASE, _LENGTH, 2**64)
_SCRAMBLE = 0xD6E8FEB86659FD93


def shingles(text: str) -> Shingles:
    """Hashes of the runs of five words of a text; the 400 smallest where there are more."""
    hashes: set[int] = set()
    limit = _MASK + 1
    known: dict[str, int] = {}
    run = 0
    recent = deque([0] * _LENGTH, maxlen=_LENGTH)
    for number, found in enumerate(_WORD.finditer(text.lower()), start=1):
        word = found[0]
        value = known.get(word) or known.setdefault(word, zlib.crc32(word.encode()) + 1)
        run = (run * _BASE + value - recent[0] * _OLDEST) & _MASK
        recent.append(value)
        mixed = (run ^ (run >> 29)) * _SCRAMBLE & _MASK
        if mixed < limit and number >= _LENGTH:
            hashes.add(mixed)
            if len(hashes) > _MOST_KEPT:  # so a long text takes no more memory than a short one
                hashes = set(sorted(hashes)[:_SKETCH])
                limit = max(hashes)
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

"""Near-duplicate documents: syndicated copies of one text."""

from __future__ import annotations

import heapq
import zlib
from collections.abc import Iterator

__all__ = ["Shingles", "near_copy", "shingles"]

Shingles = frozenset[int]

_LENGTH = 5
_SKETCH = 400
_SHARE = 0.8
_LEAST = 30
_CHUNK = 1_000_000


def shingles(text: str) -> Shingles:
    """Hashes of the runs of five words of a text; the 400 smallest where there are more."""
    smallest: list[int] = []
    tail: list[str] = []
    for chunk in _chunks(text.lower()):
        words = tail + chunk.split()
        tail = words[1 - _LENGTH :]
        known = {word: zlib.crc32(word.encode()) for word in set(words)}
        hashed = [known[word] for word in words]
        # Python's hash of a tuple of numbers is the same in every process, unlike that of a text
        runs = set(map(hash, zip(*(hashed[first:] for first in range(_LENGTH)), strict=False)))
        smallest = heapq.nsmallest(_SKETCH, runs.union(smallest))
    return frozenset(smallest)


def _chunks(text: str) -> Iterator[str]:
    """Pieces of a text, cut at blanks where there are some, so that a long one takes no more memory."""
    start = 0
    while start < len(text):
        end = start + _CHUNK
        if end < len(text):
            cut = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
            end = cut if cut > start else end
        yield text[start:end]
        start = end


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

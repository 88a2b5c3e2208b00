"""A pattern for many words that shares their beginnings, which is faster than a plain list of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["trie"]


def trie(words: Iterable[str]) -> str:
    """A pattern that matches any of the words, the longest first.

    >>> trie(["ten", "tenth", "two"])
    't(?:en(?:th)?|wo)'
    """
    branches: dict[str, list[str]] = {}
    ends = False
    for word in words:
        if word:
            branches.setdefault(word[0], []).append(word[1:])
        else:
            ends = True
    parts = [re.escape(letter) + trie(rest) for letter, rest in sorted(branches.items())]
    if not parts:
        return ""
    inner = parts[0] if len(parts) == 1 and not ends else f"(?:{'|'.join(parts)})"
    return f"(?:{inner})?" if ends else inner

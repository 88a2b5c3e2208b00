"""Finding printed words in a text: exactly, or else with any white space and any form of quotation mark."""

from __future__ import annotations

import re

from quidproquo.reading.sentences import Span

__all__ = ["locate"]

_SPACE = re.compile(r"\s+")
_MARKS = {
    **dict.fromkeys('"“”„«»', '["“”„«»]'),
    **dict.fromkeys("'‘’", "['‘’]"),
    **dict.fromkeys("-‐‑–—", "[-‐‑–—]"),
}
_JOINERS = frozenset(".,'’\u00a0\u202f")


def locate(text: str, printed: str, span: Span, *, cased: bool = True) -> Span | None:
    """Where words stand inside a span of a text, as offsets into the text; None where they don't.

    Only whole words and whole numbers count: "300" isn't found in "1,300" nor "3" in "3.5".

    >>> locate("He  said “no”.", 'said "no"', (0, 14))
    (4, 13)
    """
    printed = printed.strip()
    words = _SPACE.split(printed)
    # Twice the room leaves space for what white space and marks may differ by; more can't be found.
    if not words[0] or len(printed) > 2 * (span[1] - span[0]) + 100:
        return None
    if cased:
        at = text.find(printed, *span)
        while at >= 0:
            if _is_whole(text, at, at + len(printed)):
                return at, at + len(printed)
            at = text.find(printed, at + 1, span[1])
    pattern = r"\s+".join("".join(_MARKS.get(mark, re.escape(mark)) for mark in word) for word in words)
    for found in re.finditer(pattern, text[span[0] : span[1]], 0 if cased else re.IGNORECASE):
        start, end = span[0] + found.start(), span[0] + found.end()
        if _is_whole(text, start, end):
            return start, end
    return None


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a span cuts neither a word nor a number."""
    return not (_cuts(text, start) or _cuts(text, end))


def _cuts(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before.isdigit() and after.isdigit():
        return True
    if _spaced(before) and _spaced(after) and before.isascii() == after.isascii():
        return True
    if after in _JOINERS and at + 1 < len(text):
        return before.isdigit() and text[at + 1].isdigit()
    return before in _JOINERS and after.isdigit() and at > 1 and text[at - 2].isdigit()


def _spaced(letter: str) -> bool:
    """Whether a letter or digit is of a script that parts words by spaces, particles included."""
    return letter.isalnum() and not ("\u0e00" <= letter <= "\u11ff" or letter >= "\u2e80")

"""Parting a long document into passages at the bounds of its sentences."""

from __future__ import annotations

from quidproquo.reading.sentences import Span, sentences

__all__ = ["halves", "passages"]

MOST = 4000


def passages(text: str, most: int = MOST) -> list[Span]:
    """Spans that hold every sentence of a text, each of at most `most` characters and in order.

    A sentence that is longer by itself is parted at a space, or where there is none, at the limit.
    """
    found: list[Span] = []
    start = end = -1
    for first, last in _pieces(text, most):
        if start >= 0 and last - start <= most:
            end = max(end, last)
            continue
        if start >= 0:
            found.append((start, end))
        start, end = first, last
    if start >= 0:
        found.append((start, end))
    return found


def halves(text: str, span: Span) -> list[Span]:
    """A passage as two or so of half its length."""
    start, end = span
    half = max(1, (end - start) // 2 + 1)
    return [(start + first, start + last) for first, last in passages(text[start:end], half)]


def _pieces(text: str, most: int) -> list[Span]:
    """Sentences that don't overlap, the long ones in parts."""
    done = 0
    pieces: list[Span] = []
    for begin, end in sentences(text):
        start = max(begin, done)
        while end - start > most:
            space = text.rfind(" ", start + most // 2, start + most)
            cut = space if space > start else start + most
            pieces.append((start, cut))
            start = cut
        if start < end:
            pieces.append((start, end))
        done = max(done, end)
    return pieces

"""Quotations: which stretches of a text stand between quotation marks."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Quotation", "quotations"]

_MARK = re.compile(r"[“”«»„\"]|''|``|\n[ \t\r]*\n")
_OPEN = frozenset("“«„")
_CLOSE = frozenset("”»")
_LONGEST = 3000


@dataclass(frozen=True)
class Quotation:
    """A stretch between quotation marks: `start` and `end` take the marks in.

    `closed` is False where a paragraph ends inside (the next one usually opens again).
    """

    start: int
    end: int
    closed: bool = True


def quotations(text: str) -> list[Quotation]:
    """Outermost quotations in order; an unbalanced mark ends at the end of its paragraph."""
    found: list[Quotation] = []
    start: int | None = None
    depth = 0
    for mark in _MARK.finditer(text):
        sign = mark[0]
        if sign.startswith("\n"):
            if start is not None:
                found.append(Quotation(start, mark.start(), closed=False))
                start, depth = None, 0
            continue
        opens = (
            sign in _OPEN
            or sign == "``"
            or (sign not in _CLOSE and sign != "''" and _opens(text, mark, start))
        )
        if start is None:
            if opens:
                start, depth = mark.start(), 1
            continue
        if opens and sign in _OPEN and sign == text[start]:
            depth += 1
            continue
        depth -= 1
        if depth <= 0:
            found.append(Quotation(start, mark.end()))
            start, depth = None, 0
    if start is not None:
        found.append(Quotation(start, len(text), closed=False))
    return [quote for quote in found if quote.end - quote.start <= _LONGEST]


def _opens(text: str, mark: re.Match[str], start: int | None) -> bool:
    """Whether a straight mark opens: a quotation isn't open yet and a word follows."""
    if start is not None:
        return False
    after = text[mark.end() : mark.end() + 1]
    before = text[mark.start() - 1 : mark.start()]
    return bool(after) and not after.isspace() and not (before.isdigit() and not after.isalpha())

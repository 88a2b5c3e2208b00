"""Quotations: which stretches of a text stand between quotation marks."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Quotation", "quotations"]

_MARK = re.compile(r"[“”«»„\"]|''|``|\n[ \t\r]*\n")
_OPEN = frozenset("“«„")
_CLOSE = frozenset("”»")
_LONGEST = 3000
# Single marks; an apostrophe inside a word and the genitive of a plural don't close.
_SINGLE = re.compile(
    r"‘(?=\w)(?:[^‘’\n]|’(?=\w)|(?<=s)’(?= [a-z])){3,600}?’(?!\w)(?!(?<=s’) [a-z])"
    r"|(?<![\w'])'(?=[A-Z])(?:[^'\n]|'(?=\w)){3,600}?(?<=[,.!?])'(?!\w)"
)


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
        opens = sign in _OPEN or sign == "``" or (sign not in _CLOSE and _opens(text, mark, start))
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
    found = [quote for quote in found if quote.end - quote.start <= _LONGEST]
    return _with_single(text, found) if "‘" in text or "'" in text else found


def _with_single(text: str, found: list[Quotation]) -> list[Quotation]:
    """The quotations with those in single marks that lie in none of them."""
    singles: list[Quotation] = []
    number = 0
    for match in _SINGLE.finditer(text):
        while number < len(found) and found[number].end <= match.start():
            number += 1
        if number == len(found) or match.end() <= found[number].start:
            singles.append(Quotation(match.start(), match.end()))
    return sorted([*found, *singles], key=lambda quote: quote.start) if singles else found


def _opens(text: str, mark: re.Match[str], start: int | None) -> bool:
    """Whether a straight mark opens: a quotation isn't open yet and a word follows."""
    if start is not None:
        return False
    after = text[mark.end() : mark.end() + 1]
    before = text[mark.start() - 1 : mark.start()]
    return bool(after) and not after.isspace() and not (before.isdigit() and not after.isalpha())

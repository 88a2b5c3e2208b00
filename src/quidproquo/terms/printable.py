"""Text from outside as it may be shown: without the characters that change how other text is shown.

Titles, sentences and names of files come from anyone. A control character can recolour, move or empty a
terminal, and an override of the writing direction can turn a sentence round.
"""

from __future__ import annotations

__all__ = ["printable"]

_SHOWN_AS = "\N{REPLACEMENT CHARACTER}"
_KEPT = "\t\n"
_CONTROLS = {*range(0x20), *range(0x7F, 0xA0)} - set(map(ord, _KEPT))
_DIRECTIONS = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_TABLE = dict.fromkeys(_CONTROLS | _DIRECTIONS, _SHOWN_AS)


def printable(text: str) -> str:
    r"""The text with each control character and each override of direction shown as U+FFFD.

    Tabs, line feeds and marks that right-to-left scripts need stay, and so does the number of characters.

    >>> printable("a\x1b[31mb\u202ec")
    'a�[31mb�c'
    """
    return text.translate(_TABLE)

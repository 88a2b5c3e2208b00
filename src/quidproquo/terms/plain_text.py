"""Text from documents, made harmless for terminals and spreadsheets.

A terminal obeys control characters, and characters that turn the direction of writing make a line read
otherwise than it is. A spreadsheet takes a cell that begins with = + - or @ for a formula; such a cell, unless
it is a number, is written with an apostrophe before it, which is taken off when it is read.
"""

from __future__ import annotations

import re

__all__ = ["from_spreadsheet", "printable", "to_spreadsheet"]

_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)
_SHOWN = "\ufffd"


def printable(text: str) -> str:
    r"""A text without what a terminal would obey; each such character is shown as a replacement character.

    Line feeds and tabs stay.

    >>> printable("a\x1b[31mb")
    'a\ufffd[31mb'
    """
    return _CONTROL.sub(_SHOWN, text)


def to_spreadsheet(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay as they are.

    >>> to_spreadsheet("=1+1"), to_spreadsheet("-1.5"), to_spreadsheet("'=1")
    ("'=1+1", '-1.5', "''=1")
    """
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def from_spreadsheet(cell: str) -> str:
    """The cell that `to_spreadsheet` made this one of.

    >>> from_spreadsheet("'=1+1"), from_spreadsheet("'tis so")
    ('=1+1', "'tis so")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell

"""Cells made harmless for spreadsheets.

A spreadsheet takes a cell that begins with = + - or @ for a formula. Such a cell, unless it is a number, is
written with an apostrophe before it, which is taken off when it is read.
"""

from __future__ import annotations

import re

__all__ = ["from_spreadsheet", "to_spreadsheet"]

_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


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

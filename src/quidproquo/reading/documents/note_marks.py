"""Raised signs that point to notes, beside raised signs that are powers."""

from __future__ import annotations

import re

__all__ = ["NOTE_MARK", "POWER"]

NOTE_MARK = re.compile(r"\s*\[?(?:\d{1,3}|[a-z*†‡])\]?(?:\s*,\s*\[?\d{1,3}\]?)*\s*")
"""What a mark of a note is: one number or sign, or a few numbers."""

POWER = re.compile(r"(?:\d|\b(?:mm|cm|m|km|ft|in|mi|sq))\s*$")
"""What stands before a power: a number or a unit of length."""

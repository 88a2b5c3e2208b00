"""The ledger on a terminal: one block for each thing that it is listed by."""

from __future__ import annotations

from collections.abc import Sequence

from quidproquo.brief.numerals import amount, date_words, interval_digits, range_words
from quidproquo.brief.sentences.decisions import listed
from quidproquo.brief.what_if import wrapped
from quidproquo.brief.wording import number_words
from quidproquo.study.schema.ledger import LedgerRow

__all__ = ["ledger_lines"]

_NAMED = 3


def ledger_lines(rows: Sequence[LedgerRow], by: str) -> list[str]:
    """Lines of at most 80 characters."""
    if not rows:
        return ["The case has no ledger."]
    lines: list[str] = []
    heading = ""
    for row in rows:
        title = date_words(row.period) if by == "period" else str(getattr(row, by))
        if title != heading:
            heading = title
            lines += ["", *wrapped(title[:1].upper() + title[1:])]
        lines += wrapped(_what(row, by), "  ")
        lines += wrapped(_rests_on(row), "      ")
    return lines[1:]


def _what(row: LedgerRow, by: str) -> str:
    digits = interval_digits(row.low, row.best, row.high)
    numbers = (
        f"{amount(row.best, row.unit, digits=digits)} ({range_words(row.low, row.high, row.unit, digits)})"
    )
    whom = f", {row.giver} to {row.receiver}"
    name = "" if by == "object" else f"{row.object}, "
    day = "" if by == "period" else f", by {date_words(row.period)}"
    return f"{name}{row.stage}{whom}{day}: {numbers}"


def _rests_on(row: LedgerRow) -> str:
    if not row.origins:
        words = "on no claim that weighs"
    else:
        more = len(row.origins) - _NAMED
        names = [*row.origins[:_NAMED], *([f"{more} more"] if more > 0 else [])]
        words = f"on {number_words(row.independent, 'origin')}: {listed(names)}"
    return f"{words}; {number_words(len(row.dissent), 'contradiction')}" if row.dissent else words

"""How published totals stand against answers: signs, headings of the grid, and a verdict in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from quidproquo.brief.numerals import share
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.totals import TotalCellRecord, TotalInterpretationRecord, TotalRecord

__all__ = ["SIGNS", "Heading", "agreement", "cells_of", "chance", "compact", "heads", "tally"]

SIGNS = {"consistent": "✓", "strained": "≈", "not consistent": "✕"}
_LEAST = 0.01
_LIMITS = ("2", "10")  # percent between which a total is strained
_SIZES = ((1e9, "\u00a0bn"), (1e6, "\u00a0m"), (1e3, "\u00a0k"))


def chance(cell: TotalCellRecord) -> str:
    """A cell's tail probability in percent with its error; tiny ones as a bound."""
    if cell.tail is None or cell.tail_mcse is None:
        return "too few worlds"
    if cell.tail < _LEAST:
        return "under 1%"
    percent, error = 100 * cell.tail, 100 * cell.tail_mcse
    if f"{percent:.0f}" in _LIMITS:  # the whole number would not show on which side of the limit it lies
        return f"{percent:.1f} ± {max(0.1, error):.1f}%"
    return f"{percent:.0f} ± {max(1.0, error):.0f}%"


def compact(value: float, unit: str) -> str:
    """An amount in a narrow cell: two digits, without the time it is counted by."""
    if unit == "fraction":
        return share(value)
    size, suffix = next(((s, t) for s, t in _SIZES if abs(value) >= s), (1.0, ""))
    digits = max(0, 1 - math.floor(math.log10(max(abs(value) / size, 0.1))))
    text = f"{value / size:.{digits}f}{suffix}"
    return f"${text}" if unit.partition("/")[0] == "USD" else text


def cells_of(total: TotalRecord) -> int:
    """How many joint states a total is held against."""
    return len(next(iter(total.interpretations.values())).cells)


@dataclass(frozen=True)
class Heading:
    """The title of a hypothesis' state, over so many columns."""

    title: str
    columns: int


def heads(brief: Brief, total: TotalRecord) -> list[list[Heading]]:
    """Rows of headings over the cells: the title of each hypothesis' state, and the columns it spans."""
    cells = next(iter(total.interpretations.values())).cells
    rows = []
    names = list(total.by)
    for depth, name in enumerate(names, start=1):
        row = []
        for key, group in groupby(tuple(c.states[n] for n in names[:depth]) for c in cells):
            row.append(Heading(brief.hypotheses[name].states[key[-1]].title, len(list(group))))
        rows.append(row)
    return rows


def tally(totals: Sequence[TotalRecord]) -> list[str]:
    """For each joint state, how many totals are consistent with it as they themselves say."""
    own = [next(iter(total.interpretations.values())).cells for total in totals]
    return [
        f"{sum(c.verdict == 'consistent' for c in column)} of {len(own)}" for column in zip(*own, strict=True)
    ]


def agreement(brief: Brief, total: TotalRecord, interpretation: TotalInterpretationRecord) -> str:
    """With which answers a total is consistent under an interpretation, as shortly as it can be said."""
    judged = [c for c in interpretation.cells if c.tail is not None]
    fitting = [c for c in judged if c.verdict == "consistent"]
    if not judged:
        return "too few worlds to say"
    if len(fitting) == len(judged):
        return "with every answer"
    if not fitting:
        return "with none"
    for name in total.by:
        kept = dict.fromkeys(c.states[name] for c in fitting)
        if len(fitting) == sum(c.states[name] in kept for c in judged):
            titles = brief.hypotheses[name].states
            gone = [s for s in dict.fromkeys(c.states[name] for c in judged) if s not in kept]
            shorter, word = (gone, "unless") if len(gone) < len(kept) else (list(kept), "where")
            return f"{word} it is " + " or ".join(titles[s].title for s in shorter)
    return f"with {len(fitting)} of {len(judged)} pairs of answers"

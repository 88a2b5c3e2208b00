"""What stands where on a page of a PDF: columns that are stored row by row, and tables."""

from __future__ import annotations

import bisect
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from quidproquo.reading.documents.tables import has_figures, is_figure, table_lines

__all__ = ["Stretch", "laid_out"]

_LEAST_ROWS = 4
"""Rows that columns must share; fewer may be a table, a letter's head or a list."""

_SHARE = 0.6
"""Share of a page's rows that must be parted into the same number of columns."""

_WORDS_OF_PROSE = 3.5
"""Words in a line of a column, in the middle; cells of a table have fewer."""

_LONGEST_CELL = 8
_MOST_COLUMNS = 5
_MOST_STRETCHES = 5_000


@dataclass(frozen=True)
class Stretch:
    """Words that stand together on a line: their box in points, from the page's lower corner, and the text."""

    start: float
    bottom: float
    end: float
    top: float
    text: str


_Row = list[Stretch]


def laid_out(stretches: Sequence[Stretch]) -> list[str] | None:
    """The lines of a page, columns put one after the other and tables with their heads in each row.

    Gives None if the page has neither, so that its text can be taken as it is stored. An empty line
    parts what doesn't belong together.
    """
    if not 4 <= len(stretches) <= _MOST_STRETCHES:
        return None
    rows = _rows(stretches)
    gutters = _gutters(rows)
    if gutters:
        return _by_column(rows, gutters) if _interleaved(stretches, gutters) else None
    return _with_tables(rows)


def _rows(stretches: Sequence[Stretch]) -> list[_Row]:
    """Stretches by the line that they stand on, from the top, each from the left."""
    rows: list[_Row] = []
    for item in sorted(stretches, key=lambda item: -item.bottom):
        if rows and abs(rows[-1][0].bottom - item.bottom) < 0.4 * (item.top - item.bottom):
            rows[-1].append(item)
        else:
            rows.append([item])
    return [sorted(row, key=lambda item: item.start) for row in rows]


def _gutters(rows: list[_Row]) -> list[float]:
    """The middles of the empty strips between columns of prose, from the left; none if it is one column."""
    count = statistics.mode(len(row) for row in rows)
    full = [row for row in rows if len(row) == count]
    if not 2 <= count <= _MOST_COLUMNS or len(full) < max(_LEAST_ROWS, _SHARE * len(rows)):
        return []
    for column in range(count):
        words = [len(row[column].text.split()) for row in full]
        if statistics.median(words) < _WORDS_OF_PROSE:
            return []
    found = []
    for column in range(count - 1):
        ends = _quantile([row[column].end for row in full])
        starts = -_quantile([-row[column + 1].start for row in full])
        if ends >= starts:
            return []
        found.append((ends + starts) / 2)
    return found


def _quantile(values: list[float]) -> float:
    """The value that a tenth of the others exceed: a few lines may cross a gutter."""
    ordered = sorted(values)
    return ordered[int(0.9 * (len(ordered) - 1))]


def _interleaved(stretches: Sequence[Stretch], gutters: list[float]) -> bool:
    """Whether the file stores the columns by turns."""
    columns = [
        bisect.bisect(gutters, item.start)
        for item in stretches
        if not any(item.start < gutter < item.end for gutter in gutters)
    ]
    turns = sum(one != other for one, other in pairwise(columns))
    return turns > 0.5 * len(columns)


def _by_column(rows: list[_Row], gutters: list[float]) -> list[str]:
    """The columns from the left; a line that crosses a gutter ends them all."""
    lines: list[str] = []
    columns: list[list[str]] = [[] for _ in range(len(gutters) + 1)]
    for row in rows:
        if any(item.start < gutter < item.end for item in row for gutter in gutters):
            lines += [*_joined(columns), "", " ".join(item.text for item in row), ""]
            columns = [[] for _ in columns]
            continue
        for item in row:
            columns[bisect.bisect(gutters, item.start)].append(item.text)
    return [*lines, *_joined(columns)]


def _joined(columns: list[list[str]]) -> list[str]:
    """The lines of columns one after the other, parted where a column ends with its sentence."""
    lines: list[str] = []
    for column in columns:
        lines += [""] * _ended(lines) + column
    return lines


def _ended(column: list[str]) -> bool:
    """Whether the last line of a column closes a sentence."""
    return bool(column) and column[-1].rstrip("\"'”’)")[-1:] in ".!?"


def _with_tables(rows: list[_Row]) -> list[str] | None:
    """The lines of a page with its tables read; None if it has none."""
    lines: list[str] = []
    found = False
    at = 0
    while at < len(rows):
        end = at
        while (
            end < len(rows)
            and _is_table_row(rows[end])
            and _follows(rows, end, at)
            and not _heads(rows, end, at)
        ):
            end += 1
        table = _table(rows[at:end])
        if table:
            lines += ["", *(f"{line}\n" for line in table)]
            found = True
            at = end
        else:
            lines.append(" ".join(item.text for item in rows[at]))
            at += 1
    return [line for text in lines for line in text.split("\n")] if found else None


def _is_table_row(row: _Row) -> bool:
    return len(row) >= 2 and all(len(item.text.split()) <= _LONGEST_CELL for item in row)


def _follows(rows: list[_Row], at: int, first: int) -> bool:
    """Whether a row stands close enough below the one before it."""
    if at == first:
        return True
    height = rows[at][0].top - rows[at][0].bottom
    return rows[at - 1][0].bottom - rows[at][0].bottom < 4 * height


def _heads(rows: list[_Row], at: int, first: int) -> bool:
    """Whether a row without figures follows one with figures: the heads of another table."""
    if at == first or any(is_figure(item.text) for item in rows[at]):
        return False
    return any(is_figure(item.text) for item in rows[at - 1])


def _table(rows: list[_Row]) -> list[str]:
    """The rows of a table as lines; none if they aren't one: no head, no figures, or a list of contents."""
    if len(rows) < 2:
        return []
    columns = _columns(rows)
    grid = [_cells(row, columns) for row in rows]
    if len(columns) < 2 or any(is_figure(cell) for cell in grid[0]) or not has_figures(grid[1:]):
        return []
    if any("...." in cell or ". . ." in cell for row in grid for cell in row):
        return []
    filled = [sum(1 for cell in row if cell) for row in grid]
    if statistics.median(filled) < 2:
        return []
    return table_lines(grid)


def _columns(rows: list[_Row]) -> list[tuple[float, float]]:
    """Where the columns stand: stretches that overlap across rows share one."""
    columns: list[tuple[float, float]] = []
    for item in sorted((item for row in rows for item in row), key=lambda item: item.start):
        if columns and item.start < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], item.end))
        else:
            columns.append((item.start, item.end))
    return columns


def _cells(row: _Row, columns: list[tuple[float, float]]) -> list[str]:
    cells = [""] * len(columns)
    for item in row:
        at = next(n for n, (start, end) in enumerate(columns) if start <= item.start < end)
        cells[at] = f"{cells[at]} {item.text}".strip()
    return cells

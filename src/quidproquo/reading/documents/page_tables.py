"""Tables, note marks and list signs of web pages, made plain before the article's text is taken."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from quidproquo.reading.documents.limits import MOST_CELLS, MOST_COLUMNS, MOST_SPAN
from quidproquo.reading.documents.note_marks import NOTE_MARK, POWER
from quidproquo.reading.documents.tables import has_figures, table_lines

__all__ = ["plain_structure"]

_BLOCKS = (
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "blockquote",
    "article",
    "section",
    "table",
    "form",
)
_PARTS = frozenset({"tr", "td", "th", "tbody", "thead", "tfoot", "caption"})
_LETTERS_OF_PROSE = 12
_WORDS_OF_PROSE = 30
_LEAST_OF_TABLE = 25  # cells that a table counts for at least: to turn one into text takes as long
_MOST_MARKS = 5_000  # each that goes makes the text before it longer, so many more would take long


def plain_structure(tree: Any) -> bool:  # noqa: ANN401 - lxml has no types
    """Turn tables into paragraphs, a row each, lists of sentences too, and leave out note marks.

    Gives whether tables were read only in part.
    """
    for mark in list(islice(tree.iter("sup"), _MOST_MARKS)):
        _drop_note_mark(mark)
    for lines in list(tree.iter("ul", "ol")):
        _plain_list(lines)
    cells = 0
    # inner tables stand after outer ones, so the list is gone through from its end
    for table in reversed(list(tree.iter("table"))):
        if cells >= MOST_CELLS:
            _replace(table, [])
            continue
        rows, heads = _rows(table, MOST_CELLS - cells)
        cells += max(_LEAST_OF_TABLE, sum(len(row) for row in rows))
        if _is_layout(table, rows):
            _unwrap(table)
        else:
            _replace(table, table_lines(rows, heads or None))
    return cells >= MOST_CELLS


def _plain_list(lines: Any) -> None:  # noqa: ANN401
    """Make a list of sentences paragraphs; lists of links stay, for what finds the article to leave out."""
    items = [item for item in lines if item.tag == "li"]
    whole = sum(len(" ".join(item.itertext())) for item in items)
    linked = sum(len(" ".join(link.itertext())) for item in items for link in item.iter("a"))
    if not items or linked > 0.5 * whole or whole < _LETTERS_OF_PROSE * len(items):
        return
    lines.tag = "div"
    for item in items:
        item.tag = "div" if any(True for _ in item.iter(*_BLOCKS)) else "p"


def _drop_note_mark(mark: Any) -> None:  # noqa: ANN401
    """Leave out a raised number that points to a note: "36,000 men¹²"; powers and units stay."""
    printed = "".join(mark.itertext())
    parent = mark.getparent()
    if parent is None or len(printed) > 24 or not NOTE_MARK.fullmatch(printed):
        return
    previous = mark.getprevious()
    before = (previous.tail if previous is not None else parent.text) or ""
    if not before.strip() or POWER.search(before[-8:]):
        return
    mark.drop_tree()


def _rows(table: Any, most: int) -> tuple[list[list[str]], int]:  # noqa: ANN401
    """The cells of a table with those that cover several repeated, and how many rows are heads."""
    rows: list[list[str]] = []
    covered: dict[int, tuple[int, str]] = {}
    heads = count = 0
    for row in _own(table, "tr"):
        cells: list[str] = []
        own = list(_own(row, "td", "th"))
        for cell in own:
            _fill(cells, covered)
            content = " ".join(" ".join(cell.itertext()).split())
            for _ in range(min(_span(cell, "colspan"), MOST_COLUMNS - len(cells))):
                if _span(cell, "rowspan") > 1:
                    covered[len(cells)] = (_span(cell, "rowspan") - 1, content)
                cells.append(content)
        _fill(cells, covered)
        if len(rows) == heads and own and (all(c.tag == "th" for c in own) or row.getparent().tag == "thead"):
            heads += 1
        rows.append(cells)
        count += len(cells)
        if count >= most:
            break
    return rows, heads if heads < len(rows) else 0


def _fill(cells: list[str], covered: dict[int, tuple[int, str]]) -> None:
    """Add what cells of rows above cover at this place."""
    while len(cells) in covered:
        at = len(cells)
        rows, content = covered.pop(at)
        if rows > 1:
            covered[at] = (rows - 1, content)
        cells.append(content)


def _own(parent: Any, *wanted: str) -> Iterator[Any]:  # noqa: ANN401
    """Rows of a table, or cells of a row, not those of tables inside it."""
    for item in parent:
        if item.tag in wanted:
            yield item
        elif item.tag in {"tbody", "thead", "tfoot"}:
            yield from (inner for inner in item if inner.tag in wanted)


def _span(cell: Any, name: str) -> int:  # noqa: ANN401
    value = cell.get(name) or ""
    return max(1, min(int(value[:5]), MOST_SPAN)) if value.isdecimal() else 1


def _is_layout(table: Any, rows: list[list[str]]) -> bool:  # noqa: ANN401
    """Whether a table only lays out a page: no figures, or cells that hold whole passages."""
    if table.get("role") == "presentation" or not any(len(row) > 1 for row in rows) or not has_figures(rows):
        return True
    if any(len(cell.split()) > _WORDS_OF_PROSE for row in rows for cell in row):
        return True
    return any(
        sum(1 for _ in cell.iter(*_BLOCKS)) > 2 for row in _own(table, "tr") for cell in _own(row, "td")
    )


def _unwrap(table: Any) -> None:  # noqa: ANN401
    """Make a table that lays out a page a sequence of passages."""
    table.tag = "div"
    for item in table.iter(*_PARTS):
        item.tag = "div"


def _replace(table: Any, lines: list[str]) -> None:  # noqa: ANN401
    from lxml import html

    caption = [" ".join(" ".join(item.itertext()).split()) for item in table.iter("caption")]
    tail = table.tail
    table.clear()
    table.tag, table.tail = "div", tail
    for line in (*caption, *lines):
        paragraph = html.Element("p")
        paragraph.text = line
        table.append(paragraph)

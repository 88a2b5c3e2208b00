"""Word files: paragraphs, tables, text boxes and notes as they read once all tracked changes are accepted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quidproquo.reading.documents.extract import Extract, Unreadable
from quidproquo.reading.documents.limits import MOST_CELLS, MOST_COLUMNS
from quidproquo.reading.documents.note_marks import NOTE_MARK, POWER
from quidproquo.reading.documents.package import Package, local
from quidproquo.reading.documents.tables import table_lines

__all__ = ["core_metadata", "read_word", "saved_on"]

# What stands in a file and isn't part of its text: what was deleted or moved away, the code of a field, a
# second form of the same drawing for older programs, properties.
_OMITTED = frozenset(
    "del moveFrom instrText delText delInstrText Fallback rPr pPr sdtPr sectPr tblPr trPr tcPr".split()
)
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_PROGRAMS = frozenset({"python-docx", "docx4j", "Apache POI", "openpyxl", "un-named"})
_TO_THE_MINUTE = len("2024-10-24T08:00")


def read_word(data: bytes) -> list[Extract]:
    """The text of a Word file, in the order of the file; footnotes and endnotes follow it.

    Raises:
        Unreadable: if it is damaged or locked, or asks for more than the limits.
    """
    with Package(data, "Word file") as package:
        main = next((name for kind, name in package.related("") if kind == "officeDocument"), "")
        if not main:
            raise Unreadable("it is no whole Word file")
        body = next((item for item in package.xml(main) if local(item) == "body"), None)
        if body is None:
            raise Unreadable("it is no whole Word file: it has no body")
        text = _Text()
        text.blocks(body)
        related = dict(package.related(main))
        for kind in ("footnotes", "endnotes"):
            if related.get(kind, "") in package:
                text.notes(package.xml(related[kind]))
        meta = core_metadata(package)
    lines = (line.strip() for line in text.lines)
    return [
        Extract(
            "\n\n".join(line for line in lines if line).replace("\u00ad", ""),
            "word",
            meta,
            omitted=f"the tables after the first {MOST_CELLS:,} cells" if text.cells > MOST_CELLS else "",
        )
    ]


def core_metadata(package: Package) -> dict[str, str]:
    """Title, author and date of a Word or Excel file."""
    name = next((name for kind, name in package.related("") if kind == "core-properties"), "")
    if name not in package:
        return {}
    found = {local(item): (item.text or "").strip() for item in package.xml(name)}
    author = found.get("creator", "")
    meta = {
        "title": found.get("title", ""),
        "author": "" if author in _PROGRAMS else author,
        "published": saved_on(found.get("created", ""), found.get("modified", "")),
    }
    return {field: value for field, value in meta.items() if value}


def saved_on(created: str, modified: str) -> str:
    """The day on which a file was last saved; "" if nobody has worked on it since it was created.

    The date of creation is often that of a template, or of the program's own; then both dates are the same.

    >>> saved_on("2013-12-23T23:15:00Z", "2024-10-24T08:00:00Z")
    '2024-10-24'
    >>> saved_on("2013-12-23T23:15:00Z", "2013-12-23T23:15:00Z")
    ''
    """
    return modified[:10] if modified[:_TO_THE_MINUTE] > created[:_TO_THE_MINUTE] else ""


class _Text:
    """The lines of a document as its elements are gone through."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.cells = 0

    def blocks(self, parent: Any) -> None:  # noqa: ANN401 - lxml has no types
        """Add paragraphs and tables, also those in content controls, insertions and alternatives."""
        for item in parent:
            name = local(item)
            if name == "p":
                self._paragraph(item)
            elif name == "tbl":
                self._table(item)
            elif name and name not in _OMITTED:
                self.blocks(item)

    def notes(self, root: Any) -> None:  # noqa: ANN401
        """Add footnotes or endnotes; those with a type are only the lines that part them from the text."""
        for note in root:
            if not any(key.endswith("}type") for key in note.keys()):  # noqa: SIM118 - of lxml, no mapping
                self.blocks(note)

    def _paragraph(self, item: Any) -> None:  # noqa: ANN401
        boxes: list[Any] = []
        text = ""
        for piece, raised in _runs(item, boxes):
            if not (raised and NOTE_MARK.fullmatch(piece) and text.strip() and not POWER.search(text[-8:])):
                text += piece
        self.lines.append(text)
        for box in boxes:
            self.blocks(box)

    def _table(self, table: Any) -> None:  # noqa: ANN401
        """Add a table; tables inside its cells and a table that only lays out a page are added as text."""
        if self.cells > MOST_CELLS:
            return
        rows: list[list[str]] = []
        heads = 0
        for row in _inside(table, "tr"):
            if len(rows) == heads and any(local(flag) == "tblHeader" for flag in row.iter()):
                heads += 1
            rows.append(self._row(row, rows[-1] if rows else []))
            self.cells += len(rows[-1])
            if self.cells > MOST_CELLS:
                break
        self.lines.extend(table_lines(rows, heads or None))

    def _row(self, row: Any, above: list[str]) -> list[str]:  # noqa: ANN401
        cells: list[str] = []
        for cell in _inside(row, "tc"):
            inner = _Text()
            inner.cells = self.cells
            inner.blocks(cell)
            self.cells = inner.cells
            span, merged = _merging(cell)
            at = len(cells)
            content = (above[at] if at < len(above) else "") if merged else " ".join(inner.lines)
            cells.extend([content] * min(span, MOST_COLUMNS - at))
        return cells


def _inside(parent: Any, wanted: str) -> Iterator[Any]:  # noqa: ANN401
    """Rows of a table or cells of a row, also those in content controls and insertions, no deeper ones."""
    for item in parent:
        name = local(item)
        if name == wanted:
            if not _is_deleted(item):
                yield item
        elif name in {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}:
            yield from _inside(item, wanted)


def _is_deleted(row: Any) -> bool:  # noqa: ANN401
    """Whether a tracked change deletes a whole row or cell."""
    return any(
        local(mark) in {"del", "cellDel"}
        for properties in row
        if local(properties) in {"trPr", "tcPr"}
        for mark in properties
    )


def _merging(cell: Any) -> tuple[int, bool]:  # noqa: ANN401
    """How many columns a cell covers, and whether it goes on from the cell above it."""
    span, merged = 1, False
    for properties in cell:
        if local(properties) != "tcPr":
            continue
        for item in properties:
            value = next((value for key, value in item.items() if key.endswith("}val")), "")
            if local(item) == "gridSpan" and value.isdigit():
                span = max(1, min(int(value[:6]), MOST_COLUMNS))
            elif local(item) == "vMerge":
                merged = value != "restart"
    return span, merged


def _runs(parent: Any, boxes: list[Any], *, raised: bool = False) -> Iterator[tuple[str, bool]]:  # noqa: ANN401
    """The pieces of a paragraph, and whether they are raised; text boxes anchored in it are put aside."""
    for item in parent:
        name = local(item)
        if name == "t":
            yield item.text or "", raised
        elif name in _BREAKS:
            yield _BREAKS[name], False
        elif name == "txbxContent":
            boxes.append(item)
        elif name == "r":
            flags = _properties(item)
            if "vanish" not in flags:
                yield from _runs(item, boxes, raised=flags.get("vertAlign") == "superscript")
        elif name and name not in _OMITTED:
            yield from _runs(item, boxes, raised=raised)


def _properties(run: Any) -> dict[str, str]:  # noqa: ANN401
    """The properties of a run by name, with their values."""
    return {
        local(flag): next((value for key, value in flag.items() if key.endswith("}val")), "")
        for properties in run
        if local(properties) == "rPr"
        for flag in properties
    }

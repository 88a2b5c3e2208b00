"""OpenDocument files: texts (.odt) and spreadsheets (.ods)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quidproquo.reading.documents.extract import Extract, Unreadable
from quidproquo.reading.documents.limits import MOST_CELLS, MOST_COLUMNS, MOST_UNPACKED, megabytes
from quidproquo.reading.documents.package import Package, local
from quidproquo.reading.documents.tables import table_lines
from quidproquo.reading.documents.word import saved_on

__all__ = ["read_opendocument"]

# Kept apart from the text by the format: deleted passages, comments, the parts of an index that repeat headings.
_OMITTED = frozenset(
    "tracked-changes annotation annotation-end forms sequence-decls note-citation table-of-content".split()
)
_BLOCKS = frozenset({"p", "h"})


def read_opendocument(data: bytes) -> list[Extract]:
    """The text of an OpenDocument file with its tables; notes follow the paragraph that they belong to.

    Raises:
        Unreadable: if it is damaged or locked, or asks for more than the limits.
    """
    with Package(data, "OpenDocument file") as package:
        if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
            raise Unreadable("it is locked by a password", "save a copy without the password")
        body = next((item for item in package.xml("content.xml") if local(item) == "body"), None)
        if body is None:
            raise Unreadable("it is no whole OpenDocument file: it has no body")
        text = _Text()
        text.blocks(body)
        meta = _metadata(package)
    sheet = any(local(item) == "spreadsheet" for item in body)
    lines = (line.strip() for line in text.lines)
    return [
        Extract(
            "\n\n".join(line for line in lines if line).replace("\u00ad", ""),
            "spreadsheet" if sheet else "opendocument",
            meta,
            omitted=f"the tables after the first {MOST_CELLS:,} cells" if text.cells > MOST_CELLS else "",
        )
    ]


def _metadata(package: Package) -> dict[str, str]:
    if "meta.xml" not in package:
        return {}
    found = {local(item): (item.text or "").strip() for item in package.xml("meta.xml").iter()}
    meta = {
        "title": found.get("title", ""),
        "author": found.get("initial-creator", "") or found.get("creator", ""),
        "published": saved_on(found.get("creation-date", ""), found.get("date", "")),
    }
    return {field: value for field, value in meta.items() if value}


class _Text:
    """The lines of a document as its elements are gone through."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.cells = 0
        self._written = 0

    def blocks(self, parent: Any) -> None:  # noqa: ANN401 - lxml has no types
        """Add paragraphs, headings and tables, also those in sections, lists and frames."""
        for item in parent:
            name = local(item)
            if name in _BLOCKS:
                aside: list[Any] = []
                self.lines.append("".join(self._runs(item, aside)))
                for part in aside:
                    self.blocks(part)
            elif name == "table":
                self._table(item)
            elif name and name not in _OMITTED:
                self.blocks(item)

    def _runs(self, parent: Any, aside: list[Any]) -> Iterator[str]:  # noqa: ANN401
        """The text of a paragraph; notes and frames in it are put aside."""
        yield self._counted(parent.text or "")
        for item in parent:
            name = local(item)
            if name == "s":
                yield self._counted(" " * min(_number(item, "c", 1), MOST_UNPACKED))
            elif name in {"tab", "line-break"}:
                yield "\t" if name == "tab" else "\n"
            elif name in {"note", "frame", "text-box"}:
                aside.append(item)
            elif name and name not in _OMITTED:
                yield from self._runs(item, aside)
            yield self._counted(item.tail or "")

    def _counted(self, text: str) -> str:
        """Text as it is; its length counts, since a few bytes can ask for millions of spaces."""
        self._written += len(text)
        if self._written > MOST_UNPACKED:
            raise Unreadable(f"its text unpacks to more than {megabytes(MOST_UNPACKED)}", "split it")
        return text

    def _table(self, table: Any) -> None:  # noqa: ANN401
        rows: list[list[str]] = []
        heads = 0
        for row, is_head in _rows(table, is_head=False):
            if self.cells > MOST_CELLS:
                break
            cells = self._row(row)
            # A row that is repeated without content is only how a sheet is filled up.
            times = min(_number(row, "number-rows-repeated", 1), MOST_CELLS) if any(cells) else 1
            heads += times if is_head else 0
            for _ in range(times):
                rows.append(cells)
                self.cells += len(cells)
                if self.cells > MOST_CELLS:
                    break
        self.lines.extend(table_lines(rows, heads or None))

    def _row(self, row: Any) -> list[str]:  # noqa: ANN401
        cells: list[str] = []
        content = ""
        for cell in row:
            name = local(cell)
            if name == "table-cell":
                inner = _Text()
                inner.blocks(cell)
                content = self._counted(" ".join(inner.lines))
            elif name != "covered-table-cell":
                continue
            times = min(_number(cell, "number-columns-repeated", 1), MOST_COLUMNS - len(cells))
            cells.extend([content] * times)
        while cells and not cells[-1]:
            cells.pop()
        return cells


def _rows(table: Any, *, is_head: bool) -> Iterator[tuple[Any, bool]]:  # noqa: ANN401
    for item in table:
        name = local(item)
        if name == "table-row":
            yield item, is_head
        elif name in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _rows(item, is_head=is_head or name == "table-header-rows")


def _number(item: Any, name: str, default: int) -> int:  # noqa: ANN401
    value = next((value for key, value in item.items() if key.endswith("}" + name)), "")
    return int(value[:9]) if value.isdigit() else default

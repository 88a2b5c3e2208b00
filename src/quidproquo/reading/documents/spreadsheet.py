"""Tables that are files: Excel workbooks (.xlsx), and values separated by commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterable
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from quidproquo.reading.documents.extract import Extract, Unreadable
from quidproquo.reading.documents.limits import MOST_CELLS, MOST_COLUMNS
from quidproquo.reading.documents.package import Package, parse_xml
from quidproquo.reading.documents.tables import table_lines
from quidproquo.reading.documents.text import decode
from quidproquo.reading.documents.word import core_metadata

__all__ = ["read_csv", "read_excel"]

_MOST_BLANK_ROWS = 1_000  # after these a sheet ends: one stray cell in the last row doesn't make a million
_MOST_SHEETS = 100
_OMITTED = f"the cells after the first {MOST_CELLS:,}"
_WITHOUT_VALUE = re.compile(rb"</f>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")


def read_excel(data: bytes) -> list[Extract]:
    """The sheets of an Excel workbook, each as a table; formulas give the value that was saved with them.

    Raises:
        Unreadable: if it is damaged or locked, or asks for more than the limits.
    """
    with Package(data, "Excel file") as package:
        omitted = []
        for name in package.names:
            if name.endswith((".xml", ".rels")):
                # openpyxl parses with the standard library and without limits: sound and small parts only
                part = package.read(name)
                parse_xml(part, "Excel file")
                if name.startswith("xl/worksheets/") and _WITHOUT_VALUE.search(part):
                    omitted = ["formulas that were saved without their values"]
        meta = core_metadata(package)
    lines, cells = _sheets(data)
    if cells > MOST_CELLS:
        omitted.append(_OMITTED)
    remedy = "open it in a spreadsheet program and save it again" if omitted and cells <= MOST_CELLS else ""
    return [Extract("\n\n".join(lines), "spreadsheet", meta, omitted=" and ".join(omitted), remedy=remedy)]


def _sheets(data: bytes) -> tuple[list[str], int]:
    import openpyxl

    lines: list[str] = []
    cells = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            for sheet in book.worksheets[:_MOST_SHEETS]:
                sheet.reset_dimensions()
                rows: list[list[str]] = []
                blank = 0
                for row in sheet.iter_rows():
                    printed = [_cell(cell) for cell in islice(row, MOST_COLUMNS)]
                    blank = 0 if any(printed) else blank + 1
                    if blank > _MOST_BLANK_ROWS or cells > MOST_CELLS:
                        break
                    rows.append(printed)
                    cells += len(printed)
                found = table_lines(rows)
                lines.extend([sheet.title, *found] if found and len(book.worksheets) > 1 else found)
            book.close()
    except Exception as error:  # openpyxl raises whatever a damaged part runs into
        raise Unreadable("it is no whole Excel file") from error
    return lines, cells


def _cell(cell: Any) -> str:  # noqa: ANN401 - openpyxl has no types
    """A cell as it is shown: shares in percent where the sheet shows them so."""
    value = cell.value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and "%" in cell.number_format:
        return f"{value * 100:.10g}%"
    return _printed(value)


def _printed(value: object) -> str:
    """A cell as people read it: dates without midnight, whole numbers without ".0", thousands grouped."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (int, float)):
        whole = float(value).is_integer() and abs(value) < 1e15
        if not whole:
            return f"{value:,.10g}" if abs(value) < 1e15 else str(value)
        return f"{int(value):,}" if abs(value) >= 10_000 else str(int(value))
    return str(value)


def read_csv(data: bytes) -> list[Extract]:
    """A table of separated values; which mark separates them is told from the first lines.

    Raises:
        Unreadable: if it is no text, or one of its cells doesn't end.
    """
    text = decode(data)
    # newline="" keeps line ends inside quoted cells
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), skipinitialspace=True)
    try:
        rows, cells = _limited(reader)
    except csv.Error as error:
        raise Unreadable(f"it is no sound table: {error}", "save it again as CSV") from error
    return [Extract("\n\n".join(table_lines(rows)), "table", omitted=_OMITTED if cells > MOST_CELLS else "")]


def _limited(reader: Iterable[list[str]]) -> tuple[list[list[str]], int]:
    rows: list[list[str]] = []
    cells = 0
    for row in reader:
        rows.append(row[:MOST_COLUMNS])
        cells += len(rows[-1])
        if cells > MOST_CELLS:
            break
    return rows, cells


def _delimiter(text: str) -> str:
    """The mark that stands equally often in most of the first lines; a comma where none does."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:20]
    best, most = ",", 0
    for mark in "\t;|,":
        counts = [line.count(mark) for line in lines]
        common = max(set(counts), key=counts.count, default=0)
        agreeing = counts.count(common) if common else 0
        if agreeing > most:
            best, most = mark, agreeing
    return best

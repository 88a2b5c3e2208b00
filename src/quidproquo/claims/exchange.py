"""Tables of claims in the formats that others use: CSV, JSON Lines, Excel, Parquet, FollowTheMoney statements.

Whatever is written is read back with the same cells; cells that are empty are left out. A cell that a
spreadsheet would take for a formula gets an apostrophe in CSV and Excel (see `terms.spreadsheet`).

FollowTheMoney: each claim is an entity of the schema Note, in the columns of its statements
(https://followthemoney.tech/docs/statements/). `description`, `summary`, `sourceUrl` and `publisher` hold what
they hold elsewhere; every cell also stands in `notes`, as "column: cell", which is what is read back.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, TypeAlias

from quidproquo.cases.csv_rows import read_rows
from quidproquo.terms.errors import ClaimError, InputError, sentence
from quidproquo.terms.spreadsheet import from_spreadsheet, to_spreadsheet

__all__ = ["FORMATS", "format_of", "read_table", "write_table"]

Cells: TypeAlias = Mapping[str, str]
_NUMBERS = ("value", "low", "high", "credibility")
_MOST_IN_EXCEL = 32_767
# characters that XML can't hold stand as their code in Excel, and so does what looks like such a code
_EXCEL_ESCAPED = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_EXCEL_CODE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_EXTRA = "pip install 'quidproquo[exchange]'"
_STATEMENT = (
    "canonical_id", "entity_id", "prop", "prop_type", "schema", "value", "dataset", "origin", "lang",
    "original_value", "external", "first_seen", "last_seen", "id",
)  # fmt: skip
_PROPERTIES = {
    "paraphrase": ("description", "text"),
    "quote": ("summary", "text"),
    "url": ("sourceUrl", "url"),
    "reporting_source": ("publisher", "string"),
}


class Format(NamedTuple):
    """How a format is called, and how its bytes are made and read."""

    name: str
    write: Callable[[Sequence[str], Sequence[Cells], str], bytes]
    read: Callable[[Path], Iterable[Mapping[str, Any]]]


def format_of(path: Path) -> Format:
    """The format that a file's name ends with.

    Raises:
        InputError: if it is none.
    """
    for ending, form in FORMATS.items():
        if path.name.lower().endswith(ending):
            return form
    allowed = f"a name that ends with one of {', '.join(FORMATS)}"
    raise InputError(sentence("table", "file name", path.name, allowed, "rename it"))


def write_table(path: Path, header: Sequence[str], rows: Sequence[Cells], dataset: str) -> None:
    """Write rows of a claim table; `dataset` names the case where the format has a place for it.

    Raises:
        InputError: if the format is unknown, needs a library that isn't there, or the file can't be written.
    """
    data = format_of(path).write(header, rows, dataset)
    try:
        path.write_bytes(data)
    except OSError as error:
        found = error.strerror or str(error)
        remedy = "name another file, or make room"
        raise InputError(sentence(f"table '{path}'", "file", found, "writable", remedy)) from error


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a table without their empty cells; numbers and dates are written as in claims.csv.

    Raises:
        ClaimError: if the file can't be read, or isn't in the format that its name says.
        InputError: if the format is unknown, or needs a library that isn't there.
    """
    form = format_of(path)
    if not path.is_file():
        remedy = f"check the path {str(path)!r}"
        raise ClaimError(
            sentence(f"table '{path.name}'", "file", "missing", "a file that can be read", remedy)
        )
    try:
        rows = [_plain(row) for row in form.read(path)]
    except InputError:
        raise
    except Exception as error:  # libraries raise what they like for a broken file
        words = " ".join(str(error).split())[:120] or type(error).__name__
        remedy = "export it again, or in another format"
        raise ClaimError(
            sentence(f"table '{path.name}'", "content", words, f"a table in {form.name}", remedy)
        ) from error
    return [row for row in rows if row]


def _plain(row: Mapping[str, Any]) -> dict[str, str]:
    cells = {str(name).strip(): _text(value) for name, value in row.items() if name is not None}
    return {name: cell for name, cell in cells.items() if name and cell}


def _text(value: object) -> str:
    """A cell as claims.csv has it."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, int | float):
        whole = float(value).is_integer() and abs(value) < 2**53
        return str(int(value)) if whole else repr(float(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


# CSV and JSON Lines


def _write_csv(header: Sequence[str], rows: Sequence[Cells], dataset: str) -> bytes:  # noqa: ARG001
    out = io.StringIO()
    # with every cell in quotation marks, one that holds a semicolon isn't taken for two where these part columns
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow([to_spreadsheet(name) for name in header])
    writer.writerows([to_spreadsheet(row.get(name, "")) for name in header] for row in rows)
    return out.getvalue().encode("utf-8")


def _read_csv(path: Path) -> Iterator[Cells]:
    return (row.cells for row in read_rows(path, ("speaker", "comparison"), "table"))


def _write_lines(header: Sequence[str], rows: Sequence[Cells], dataset: str) -> bytes:  # noqa: ARG001
    lines = ({name: row[name] for name in header if row.get(name)} for row in rows)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode("utf-8")


def _read_lines(path: Path) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if not line.strip():
            continue
        row = json.loads(line)
        if not isinstance(row, dict):
            thing = f"table '{path.name}': line {number}"
            raise ClaimError(
                sentence(thing, "content", str(row)[:40], "a JSON object", "write one object a line")
            )
        yield row


# Excel


def _library(name: str, form: str) -> ModuleType:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        library = name.partition(".")[0]
        allowed = f"{library}, which {form} needs"
        raise InputError(
            sentence(f"format {form}", "library", "missing", allowed, f"install it: {_EXTRA}")
        ) from error


def _write_excel(header: Sequence[str], rows: Sequence[Cells], dataset: str) -> bytes:  # noqa: ARG001
    library = _library("openpyxl", "Excel")
    for text in (text for row in rows for text in row.values() if len(text) > _MOST_IN_EXCEL // 7):
        _excel_words(text)  # before the book is begun
    book = library.Workbook(write_only=True)
    sheet = book.create_sheet("claims")
    sheet.append([_excel_text(library, sheet, name) for name in header])
    for row in rows:
        sheet.append([_excel_cell(library, sheet, name, row.get(name, "")) for name in header])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _excel_cell(library: Any, sheet: Any, name: str, cell: str) -> object:  # noqa: ANN401 - openpyxl has no types
    if name in _NUMBERS and cell:
        try:
            number = float(cell)
        except ValueError:
            number = math.nan
        # Excel keeps 15 digits; a number with more of them stays text
        if math.isfinite(number) and _text(number) == cell and float(f"{number:.15g}") == number:
            return int(number) if number.is_integer() else number
    return _excel_text(library, sheet, cell) if cell else None


def _excel_text(library: Any, sheet: Any, text: str) -> object:  # noqa: ANN401
    cell = library.cell.WriteOnlyCell(sheet, value="")
    cell.value = _excel_words(text)
    cell.data_type = "s"  # whatever it begins with, it is text
    return cell


def _excel_words(text: str) -> str:
    """A text as Excel holds it.

    Raises:
        InputError: if it is longer than a cell of Excel.
    """
    written = _EXCEL_ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", to_spreadsheet(text))
    if len(written) > _MOST_IN_EXCEL:
        allowed = f"at most {_MOST_IN_EXCEL} characters long"
        remedy = "export as CSV or Parquet"
        raise InputError(sentence("format Excel", "cell", f"{text[:30]}\u2026", allowed, remedy))
    return written


def _from_excel(text: str) -> str:
    return from_spreadsheet(_EXCEL_CODE.sub(lambda found: chr(int(found[1], 16)), text))


def _read_excel(path: Path) -> Iterator[Mapping[str, Any]]:
    library = _library("openpyxl", "Excel")
    book = library.load_workbook(path, read_only=True, data_only=True)
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        header = [_text(name) for name in next(rows, ())]
        for row in rows:
            cells = zip(header, row, strict=False)
            yield {name: _from_excel(cell) if isinstance(cell, str) else cell for name, cell in cells}
    finally:
        book.close()


# Parquet


def _write_parquet(header: Sequence[str], rows: Sequence[Cells], dataset: str) -> bytes:  # noqa: ARG001
    arrow = _library("pyarrow", "Parquet")
    parquet = _library("pyarrow.parquet", "Parquet")
    columns = {name: arrow.array([row.get(name, "") for row in rows], arrow.string()) for name in header}
    out = io.BytesIO()
    parquet.write_table(arrow.table(columns), out, compression="zstd")
    return out.getvalue()


def _read_parquet(path: Path) -> Iterator[Mapping[str, Any]]:
    parquet = _library("pyarrow.parquet", "Parquet")
    yield from parquet.read_table(path).to_pylist()


# FollowTheMoney


def _write_statements(header: Sequence[str], rows: Sequence[Cells], dataset: str) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, _STATEMENT, restval="", lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for row in rows:
        entity = f"qpq-{dataset}-{row.get('id', '')}"
        known = [(*_PROPERTIES[name], row[name]) for name in _PROPERTIES if row.get(name)]
        notes = [("notes", "text", f"{name}: {row[name]}") for name in header if row.get(name)]
        for prop, kind, value in (*known, *notes):
            key = f"{dataset}.{entity}.{prop}.{value}"
            writer.writerow({
                "canonical_id": entity, "entity_id": entity, "prop": prop, "prop_type": kind, "schema": "Note",
                "value": to_spreadsheet(value), "dataset": dataset, "origin": "qpq", "external": "f",
                "id": hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest(),
            })  # fmt: skip
    return out.getvalue().encode("utf-8")


def _read_statements(path: Path) -> Iterator[Cells]:
    found: dict[str, dict[str, str]] = {}
    for row in read_rows(path, ("entity_id", "prop", "schema", "value"), "table of statements"):
        if (row.cells["schema"], row.cells["prop"]) == ("Note", "notes"):
            name, sign, cell = row.cells["value"].partition(":")
            if sign:
                found.setdefault(row.cells["entity_id"], {})[name] = cell.strip()
    return iter(found.values())


FORMATS = {
    ".ftm.csv": Format("FollowTheMoney statements", _write_statements, _read_statements),
    ".csv": Format("CSV", _write_csv, _read_csv),
    ".jsonl": Format("JSON Lines", _write_lines, _read_lines),
    ".xlsx": Format("Excel", _write_excel, _read_excel),
    ".parquet": Format("Parquet", _write_parquet, _read_parquet),
}
"""Formats by the ending of a file's name."""

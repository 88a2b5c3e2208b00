"""Reading a CSV table into rows, with a sentence for everything that isn't a well-formed table.

Cells that a spreadsheet would take for formulas are written with an apostrophe (see `terms.spreadsheet`).
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quidproquo.terms.errors import ClaimError, sentence
from quidproquo.terms.spreadsheet import from_spreadsheet, to_spreadsheet

__all__ = ["Row", "read_rows", "rows_as_text", "write_rows"]

_OTHER_DELIMITERS = (";", "\t", "|")


@dataclass(frozen=True)
class Row:
    """One line of a table: its number among the rows (from 1) and its cells by column, stripped."""

    number: int
    cells: Mapping[str, str]


def read_rows(path: Path, required: Sequence[str], what: str) -> list[Row]:
    """Read a UTF-8 CSV table that has at least the required columns; `what` names its kind.

    Raises:
        ClaimError: if the file is missing, empty, not UTF-8, ragged, or lacks or repeats a column.
    """
    table = f"{what} '{path.name}'"
    lines = _lines(_text(path, table), table)
    if not lines:
        raise ClaimError(
            sentence(table, "content", "empty", "a header line and rows", "write the table's header into it")
        )
    header = [name.strip() for name in lines[0][1]]
    _check_delimiter(header, required, table)
    _check_header(header, required, table)
    rows = []
    for number, (line, cells) in enumerate(lines[1:], start=1):
        if len(cells) != len(header):
            found = f"{len(cells)} in row {number} (line {line})"
            allowed = f"{len(header)}, one for each column of the header"
            raise ClaimError(
                sentence(
                    table, "number of fields", found, allowed, "add what is missing or quote what has commas"
                )
            )
        stripped = zip(header, map(str.strip, cells), strict=True)
        plain = {name: from_spreadsheet(cell) if cell[:1] == "'" else cell for name, cell in stripped}
        rows.append(Row(number, plain))
    return rows


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table as UTF-8 CSV with commas and plain line feeds."""
    path.write_bytes(rows_as_text(header, rows).encode("utf-8"))


def rows_as_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as CSV with commas and plain line feeds."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([to_spreadsheet(name) for name in header])
    writer.writerows([to_spreadsheet(cell) for cell in row] for row in rows)
    return out.getvalue()


def _text(path: Path, table: str) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise ClaimError(
            sentence(
                table, "file", reason.lower(), "a file that can be read", f"check the path {str(path)!r}"
            )
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte 0x{data[error.start]:02x} at position {error.start}"
        raise ClaimError(
            sentence(table, "encoding", found, "UTF-8 throughout", "save the table as 'CSV UTF-8'")
        ) from error


def _lines(text: str, table: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        found = f"malformed at line {reader.line_num} ({error})"
        remedy = "close the quotation marks around the cell"
        if "field limit" in str(error):  # most often a mark that is never closed, but not always
            remedy += ", or shorten its text"
        raise ClaimError(sentence(table, "content", found, "comma-separated values", remedy)) from error


def _check_delimiter(header: Sequence[str], required: Sequence[str], table: str) -> None:
    """Refuse a table whose columns are parted by another mark, as spreadsheets write it in some countries."""
    if len(header) > 1:
        return
    for mark in _OTHER_DELIMITERS:
        names = {name.strip().strip('"') for name in header[0].split(mark)}
        if len(names) > 1 and names & set(required):
            remedy = "export the table again with commas between the columns"
            raise ClaimError(sentence(table, "delimiter", mark, "a comma", remedy))


def _similar(missing: str, others: Sequence[str]) -> str:
    """The column that probably is the missing one under another spelling; empty if there is none."""
    lower = {name.lower(): name for name in others}
    close = difflib.get_close_matches(missing, list(lower), n=1)
    return lower[close[0]] if close else ""


def _check_header(header: Sequence[str], required: Sequence[str], table: str) -> None:
    missing = [name for name in required if name not in header]
    if missing:
        others = [name for name in header if name not in required]
        name, former = next(
            ((name, found) for name in missing if (found := _similar(name, others))), (missing[0], "")
        )
        remedy = f"rename the column {former!r}" if former else "add it"
        if len(missing) > 1:
            remedy += f"; {len(missing) - 1} more {'is' if len(missing) == 2 else 'are'} missing"
        raise ClaimError(sentence(table, "missing column", name, "named in the header line", remedy))
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        raise ClaimError(
            sentence(
                table,
                "header",
                ",".join(repeated),
                "a header that names each column once",
                "rename one of them",
            )
        )

"""Reading a CSV table into rows, with a sentence for everything that isn't a well-formed table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quidproquo.terms.errors import ClaimError, sentence

__all__ = ["Row", "read_rows", "write_rows"]


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
        stripped = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        rows.append(Row(number, stripped))
    return rows


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table as UTF-8 CSV with commas and plain line feeds."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode("utf-8"))


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
            sentence(table, "encoding", found, "UTF-8 throughout", "save the table as UTF-8")
        ) from error


def _lines(text: str, table: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        found = f"malformed at line {reader.line_num} ({error})"
        raise ClaimError(
            sentence(
                table, "content", found, "comma-separated values", "close the quotation marks around the cell"
            )
        ) from error


def _check_header(header: Sequence[str], required: Sequence[str], table: str) -> None:
    missing = [name for name in required if name not in header]
    if missing:
        raise ClaimError(
            sentence(table, "header", ",".join(header), f"a header with {', '.join(required)}",
                     f"add the missing column {', '.join(repr(name) for name in missing)}")
        )  # fmt: skip
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

"""Rows and records as text: JSON lines, CSV, tables for a terminal, indented lines."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence

from quidproquo.terms.printable import printable
from quidproquo.terms.spreadsheet import to_spreadsheet

__all__ = ["draw_table", "indented", "write_rows"]


def write_rows(rows: Sequence[Mapping[str, object]], form: str) -> None:
    """Write rows to standard output as "jsonl", "csv" or "table"."""
    shown = printable if sys.stdout.isatty() else str
    if form == "jsonl":
        for row in rows:
            sys.stdout.write(shown(json.dumps(row, ensure_ascii=False)) + "\n")
        return
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if form == "csv":
        writer = csv.DictWriter(sys.stdout, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {column: to_spreadsheet(shown(_cell(value))) for column, value in row.items()} for row in rows
        )
        return
    draw_table(rows, columns)


def draw_table(
    rows: Sequence[Mapping[str, object]], columns: Sequence[str], *, figures: bool = False
) -> None:
    """Draw a table; with `figures`, all columns but the first hold numbers, which aren't broken."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for number, column in enumerate(columns):
        right = figures and number > 0
        table.add_column(
            column, no_wrap=right or column == "id", overflow="fold", justify="right" if right else "left"
        )
    for row in rows:
        table.add_row(*(printable(_cell(row.get(column))) for column in columns))
    Console().print(table, markup=False)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (Mapping, list, tuple)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def indented(value: object, depth: int = 0) -> list[str]:
    """A record as indented lines; empty fields are left out, and so is what a terminal would obey."""
    pad = "  " * depth
    if isinstance(value, Mapping):
        lines = []
        for key, item in value.items():
            if item in (None, "", [], (), {}):
                continue
            if isinstance(item, (Mapping, list, tuple)):
                lines += [f"{pad}{key}:", *indented(item, depth + 1)]
            else:
                lines.append(printable(f"{pad}{key}: {item}"))
        return lines
    if isinstance(value, (list, tuple)):
        return [line for item in value for line in _item(item, depth)]
    return [printable(f"{pad}{value}")]


def _item(item: object, depth: int) -> list[str]:
    first, *rest = indented(item, depth + 1) or ["  " * (depth + 1)]
    pad = "  " * depth
    return [f"{pad}- {first.lstrip()}", *rest]

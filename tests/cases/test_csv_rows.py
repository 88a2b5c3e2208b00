"""Cells that a spreadsheet would take for formulas are written as text, and come back as they were."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quidproquo.cases.csv_rows import read_rows, rows_as_text, write_rows
from quidproquo.terms.spreadsheet import from_spreadsheet, to_spreadsheet

CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.text(
    "'=+-@1.e \t\r\n", max_size=6
)


@given(CELLS)
def test_every_cell_comes_back(cell: str) -> None:
    assert from_spreadsheet(to_spreadsheet(cell)) == cell


@given(CELLS)
def test_no_cell_begins_like_a_formula_unless_it_is_a_number(cell: str) -> None:
    written = to_spreadsheet(cell)
    if written.lstrip()[:1] in {*"=+-@", "\uff1d", "\uff0b", "\uff0d", "\uff20"}:
        float(written)


@pytest.mark.parametrize("cell", ["-5", "+5", "-1.5e-7", "1500", "", "a=b", "don't", "'tis", "2024-10-24"])
def test_what_is_harmless_is_written_as_it_is(cell: str) -> None:
    assert to_spreadsheet(cell) == cell


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", " =1+1", "\t=1", "'=1", "-", '=HYPERLINK("x")', "\uff1d1"]
)
def test_what_a_spreadsheet_would_work_out_gets_an_apostrophe(cell: str) -> None:
    assert to_spreadsheet(cell) == f"'{cell}"


def test_tables_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = [["-5", "=1+1"], ["'x", "''=1"], ["+", "a,b"]]
    write_rows(tmp_path / "t.csv", ("id", "=name"), rows)
    read = read_rows(tmp_path / "t.csv", ("id",), "table")
    assert [list(row.cells.values()) for row in read] == rows
    assert next(csv.reader(io.StringIO(rows_as_text(("id", "=name"), rows)))) == ["id", "'=name"]

"""Every format gives back the cells that were written, whatever they hold; broken files are named."""

from __future__ import annotations

import csv
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.claims.factory import ROW

from quidproquo.claims.exchange import FORMATS, read_table, write_table
from quidproquo.claims.load import CLAIM_COLUMNS
from quidproquo.terms.errors import ClaimError, InputError

HEADER = (*CLAIM_COLUMNS, "credibility", "quote")
NASTY = [
    "=1+1",
    "-5",
    "+x",
    "@a",
    "'=1",
    "a;=b",
    'say "so"',
    "two\nlines",
    "조선 — «да»",
    "_x0041_",
    "1e3",
    "#N/A",
    "true",
]
TEXTS = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=15)
CELLS = TEXTS.map(lambda text: " ".join(text.split())) | st.just("two\nlines")
NUMBERS = st.integers(-(10**15), 10**15).map(str) | st.floats(allow_nan=False, allow_infinity=False).map(
    lambda number: str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)
)
ROWS = st.lists(
    st.fixed_dictionaries({name: NUMBERS if name in ("value", "low", "high") else CELLS for name in HEADER}),
    max_size=4,
)


def with_ids(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    named = [row | {"id": f"C{n}", "speaker": "x"} for n, row in enumerate(rows)]
    return [{name: cell for name, cell in row.items() if cell} for row in named]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exchange")


@pytest.mark.parametrize("ending", FORMATS)
@settings(max_examples=25)
@given(rows=ROWS)
def test_what_is_written_is_read(folder: Path, ending: str, rows: list[dict[str, str]]) -> None:
    written = with_ids(rows)
    write_table(folder / f"t{ending}", HEADER, written, "case")
    assert read_table(folder / f"t{ending}") == written


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_no_cell_is_a_formula_and_numbers_are_numbers(tmp_path: Path, ending: str) -> None:
    row = ROW | {"note": "=cmd|' /C calc'!A0", "value": "-1500", "url": "@x", "hedge": "+1 or so"}
    path = tmp_path / f"t{ending}"
    write_table(path, HEADER, [row], "case")
    if ending == ".csv":
        (cells,) = csv.DictReader(path.read_text("utf-8").splitlines())
        assert (cells["value"], cells["note"], cells["url"]) == ("-1500", "'=cmd|' /C calc'!A0", "'@x")
        return
    sheet = openpyxl.load_workbook(path).active
    header = [cell.value for cell in sheet[1]]
    cells = dict(zip(header, sheet[2], strict=True))
    assert (cells["value"].value, cells["value"].data_type) == (-1500, "n")
    assert (cells["note"].value, cells["note"].data_type) == ("'=cmd|' /C calc'!A0", "s")
    assert "f" not in {cell.data_type for cell in sheet[2]}


def test_a_workbook_as_a_spreadsheet_saves_it(tmp_path: Path) -> None:
    """With dates and numbers as such, true as a truth value, and an empty line at the end."""
    book = openpyxl.Workbook()
    book.active.append(["id", "value", "event", "near", "credibility", None])
    book.active.append(["C1", 1500.5, date(2024, 10, 24), True, 2, None])
    book.active.append([None] * 6)
    book.save(tmp_path / "t.xlsx")
    assert read_table(tmp_path / "t.xlsx") == [
        {"id": "C1", "value": "1500.5", "event": "2024-10-24", "near": "true", "credibility": "2"}
    ]


def test_statements_are_those_of_follow_the_money(tmp_path: Path) -> None:
    write_table(tmp_path / "t.ftm.csv", HEADER, [ROW], "case")
    rows = list(csv.DictReader((tmp_path / "t.ftm.csv").read_text("utf-8").splitlines()))
    assert {row["schema"] for row in rows} == {"Note"}
    assert {row["canonical_id"] for row in rows} == {row["entity_id"] for row in rows} == {"qpq-case-C1"}
    found = {row["prop"]: row["value"] for row in rows if row["prop"] != "notes"}
    assert found == {"description": ROW["paraphrase"], "publisher": "Daily Gazette"}
    assert len({row["id"] for row in rows}) == len(rows)


def test_columns_of_parquet_are_text(tmp_path: Path) -> None:
    write_table(tmp_path / "t.parquet", HEADER, [ROW], "case")
    schema = pyarrow.parquet.read_schema(tmp_path / "t.parquet")
    assert {field.name: str(field.type) for field in schema} == dict.fromkeys(HEADER, "string")


@pytest.mark.parametrize("ending", [".jsonl", ".xlsx", ".parquet"])
def test_a_file_in_another_format_than_its_name_says(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"t{ending}"
    path.write_bytes(b"id,value\n\xff1,2\n")
    with pytest.raises(
        ClaimError, match=rf"table 't\{ending}': content is .*, but it must be a table in .*; export"
    ):
        read_table(path)


def test_names_and_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"file name is 't.doc', but it must be a name that ends with one of .ftm.csv"
    ):
        read_table(tmp_path / "t.doc")
    with pytest.raises(
        ClaimError, match=r"table 't.csv': file is 'missing', but it must be a file that can be read"
    ):
        read_table(tmp_path / "t.csv")
    with pytest.raises(
        InputError, match=r"file is 'No such file or directory', but it must be writable; name another"
    ):
        write_table(tmp_path / "none" / "t.csv", HEADER, [ROW], "case")
    with pytest.raises(
        InputError, match=r"cell is 'xxx.*', but it must be at most 32767 characters long; export as"
    ):
        write_table(tmp_path / "t.xlsx", HEADER, [ROW | {"note": "x" * 40_000}], "case")


def test_a_library_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    (tmp_path / "t.parquet").write_bytes(b"PAR1")
    with pytest.raises(
        InputError, match=r"library is 'missing', but it must be pyarrow, which Parquet needs; install"
    ):
        read_table(tmp_path / "t.parquet")

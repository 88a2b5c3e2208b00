"""Tables as sentences: figures with their heads, whichever way round the table stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quidproquo.reading.documents.tables import is_figure, table_lines


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (
            "Year|Crates shipped|Bottles/2024|20,000|9,000,000",
            "Year; Crates shipped; Bottles/2024; 20,000 Crates shipped; 9,000,000 Bottles.",
        ),
        (
            "|2022|2023/Crates shipped|20,000|25,000",
            "2022; 2023/20,000 Crates shipped in 2022; 25,000 Crates shipped in 2023.",
        ),
        ("|June 2024/Exports (USD million)|5.5", "June 2024/$5.5 million Exports in June 2024."),
        ("Port|Killed|Wounded/South|n/a|40".replace("n/a", "–"), "Port; Killed; Wounded/South; 40 Wounded."),
        ("Item|Number/Crates|20,000", "Item; Number/20,000 Crates."),
        ("Port|Number/North|20", "Port; Number/North; 20."),
        ("Crates|20,000/Bottles|9,000", "20,000 Crates./9,000 Bottles."),
        ("North|120/South|300", "North; 120./South; 300."),
        (
            "No.|Name|Crates (thousands)/1|Ana Lima|20",
            "No.; Name; Crates/No. 1; Ana Lima; 20 thousand Crates.",
        ),
        (
            "|Crates|Crates|Bottles/|2022|2023|2023/North|1,200|1,300|9",
            "Crates; Bottles/2022; 2023/North; 1,200 Crates in 2022; 1,300 Crates in 2023; 9 Bottles in 2023.",
        ),
        ("Date|Workers/15 October 2024|about 1,500", "Date; Workers/15 October 2024; about 1,500 Workers."),
        ("Year|Share (%)|Rice (tons)/2024|12|500", "Year; Share; Rice/2024; 12% Share; 500 tons of Rice."),
        ("Year|Number of crates/2024|7", "Year; Number of crates/2024; 7 crates."),
        ("Name|Office/Ana Lima|Mayor", "Name; Office./Ana Lima; Mayor."),
        (
            "Port|Crates|Remark/North|40|The mayor said that 12 of them burned.",
            "Port; Crates; Remark/North; 40 Crates./The mayor said that 12 of them burned.",
        ),
    ],
)
def test_rows_become_sentences(rows: str, lines: str) -> None:
    assert table_lines([row.split("|") for row in rows.split("/")]) == lines.split("/")


def test_the_table_in_the_docs_is_read_as_they_say() -> None:
    docs = (Path(__file__).parents[3] / "docs" / "reading.md").read_text(encoding="utf-8")
    shown = docs[docs.index("| Year |") :]
    rows = [line.strip("| ").split(" | ") for line in shown.splitlines()[:3] if "---" not in line]
    said = re.search(r'`qpq` reads "([^"]+)"', shown)
    assert said is not None
    assert table_lines(rows)[-1] == said[1]


@pytest.mark.parametrize(
    "cell", ["7", "20,000", "~20", "about 1,500", "$5.5 million", "12%", "3.5", "40-45", "−2", "1 200"]
)
def test_figures(cell: str) -> None:
    assert is_figure(cell)


@pytest.mark.parametrize(
    "cell",
    ["2024", "June 2024", "2022–23", "Q1 2024", "1 May 2024", "2024-05-01", "20 men", "North", "–", ""],
)
def test_dates_and_words_are_no_figures(cell: str) -> None:
    assert not is_figure(cell)

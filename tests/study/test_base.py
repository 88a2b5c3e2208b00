"""The base of a case: its own claims if it is shipped, what a copy was made with else."""

from __future__ import annotations

import csv
import logging
from datetime import date
from pathlib import Path

import pytest

from quidproquo import copy_case
from quidproquo.claims import evidence_table
from quidproquo.evidence.smc.extension import changes_between
from quidproquo.study.assemble.diagnostics import versions
from quidproquo.study.base import Base, base_on_file
from quidproquo.study.gather import Gathered, gather
from quidproquo.study.progress import Silent
from quidproquo.terms.edtf import Interval

CASE = "dprk-russia"
ID = "A057"  # no other claim is linked to it


def gathered(name: str | Path, *documents: str, table: str | None = None) -> Gathered:
    return gather(str(name), documents, table, shipped=True, progress=Silent())


def changes(found: Gathered) -> tuple[str, ...]:
    """Items by which the claims differ from the base, on the decision date."""
    day: date = found.case.decision_date
    assert found.base is not None
    tables = [
        evidence_table(of.claims, found.case, as_of=Interval(day, day), reviewed_only=False, links=of.links)
        for of in (found.base, Base(found.claims, found.links))
    ]
    assert len(tables[1]) > 50
    return changes_between(*tables)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_case(CASE, tmp_path_factory.mktemp("copy") / "mine")


def edited(folder: Path, change: str, **cells: str) -> None:
    """Change cells of one claim in a case's table."""
    path = folder / "claims.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["id"] == change:
            row.update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_a_shipped_case_is_its_own_base(tmp_path):
    assert changes(gathered(CASE)) == ()
    note = tmp_path / "note.txt"
    note.write_text(
        "On 3 February 2025 the Freedonian defence ministry said that North Korea had 9,500 troops in Russia.",
        encoding="utf-8",
    )
    further = gathered(CASE, str(note))
    # the base is what the case is without the document
    day = Interval(further.case.decision_date, further.case.decision_date)
    own = gathered(CASE)
    tables = [
        evidence_table(claims, own.case, as_of=day, reviewed_only=False, links=own.links)
        for claims in (own.claims, further.base.claims if further.base else ())
    ]
    assert changes_between(*tables) == ()
    assert len(further.claims) > len(own.claims)


def test_a_copy_has_the_evidence_that_it_was_made_with(copied):
    assert (copied / "base" / "claims.csv").is_file()
    assert (copied / "base" / "links.csv").is_file()
    assert changes(gathered(copied)) == ()


def test_an_edited_claim_is_a_change_from_the_base(copied, tmp_path):
    mine = copy_case(copied, tmp_path / "mine")
    edited(mine, ID, value="5200")
    # what the program still reads in the sentence of the document weighs no more: a reviewer has coded it
    assert changes(gathered(mine)) == (ID,)
    # a copy of it starts from the claims that it has now
    assert changes(gathered(copy_case(mine, tmp_path / "next"))) == ()


def test_a_case_without_a_base_has_none(copied, tmp_path):
    mine = copy_case(copied, tmp_path / "mine")
    for path in (mine / "base").iterdir():
        path.unlink()
    assert base_on_file(gathered(mine).case) is None
    assert gathered(mine).base is None


def test_a_base_that_fits_the_case_no_more_is_not_used(copied, tmp_path, caplog):
    mine = copy_case(copied, tmp_path / "mine")
    path = mine / "base" / "claims.csv"
    path.write_text("id,role\nX1,observation\n", encoding="utf-8")
    with caplog.at_level(logging.INFO, logger="quidproquo"):
        assert gathered(mine).base is None
    assert "The base of the case isn't used:" in caplog.text


def test_a_case_with_a_fault_is_copied_without_a_new_base(copied, tmp_path):
    mine = copy_case(copied, tmp_path / "mine")
    edited(mine, ID, value="many")
    broken = copy_case(mine, tmp_path / "broken")
    # the old one came along with the files
    assert (broken / "base" / "claims.csv").read_bytes() == (mine / "base" / "claims.csv").read_bytes()


def test_the_base_is_no_part_of_what_a_case_says(copied, tmp_path):
    mine = copy_case(copied, tmp_path / "mine")
    before = versions(gathered(mine).case).case
    (mine / "base" / "claims.csv").unlink()
    assert versions(gathered(mine).case).case == before

"""The coded facts of the two documents and of public reporting, where they are at hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.claims.factory import make_case

from quidproquo.cases.record import Case, Proposition, Quantity
from quidproquo.claims import (
    Claim,
    circular,
    conflicts,
    evidence_table,
    load_claims,
    load_links,
    write_claims,
)

TABLES = ("facts_seeds.csv", "facts_2022_2025.csv", "facts_rok_vietnam.csv")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def facts(shared: Path) -> Path:
    return shared / "facts"


@pytest.fixture(scope="module")
def case(facts: Path) -> Case:
    """A case of nothing but the vocabulary; every number has an operator."""
    quantities = {
        row["quantity"]: Quantity(
            row["quantity"], row["quantity"], row["unit"], row["kind"], row["scale"], row["meaning"],
            observes={"": f"model.{row['quantity']}"} if row["kind"] != "event" else {}, low=0.1, high=1e10,
        )
        for row in rows_of(facts / "quantity_vocabulary.csv")
    }  # fmt: skip
    propositions = {
        row["proposition"]: Proposition(row["proposition"], row["sentence"], row["about"])
        for row in rows_of(facts / "propositions.csv")
    }
    return make_case(quantities=quantities, propositions=propositions, sources={})


@pytest.fixture(scope="module")
def claims(facts: Path, case: Case) -> list[Claim]:
    return [claim for name in TABLES for claim in load_claims(facts / name, case)]


def test_every_row_is_a_claim(facts: Path, claims: list[Claim]) -> None:
    assert [claim.id for claim in claims] == [row["id"] for name in TABLES for row in rows_of(facts / name)]
    assert sum(claim.derived for claim in claims) == sum(
        row["verification"] == "derived" for name in TABLES for row in rows_of(facts / name)
    )


def test_the_tables_survive_writing_cell_by_cell(
    facts: Path, claims: list[Claim], case: Case, tmp_path: Path
) -> None:
    write_claims(claims, tmp_path / "all.csv")
    assert load_claims(tmp_path / "all.csv", case) == claims
    before = [row for name in TABLES for row in rows_of(facts / name)]
    for old, new in zip(before, rows_of(tmp_path / "all.csv"), strict=True):
        for column in old.keys() - {"value", "low", "high", "origin"}:
            assert new[column] == old[column]
        for column in ("value", "low", "high"):
            assert float(new[column] or -1) == float(old[column] or -1)
        assert new["origin"] == (old["origin"] or old["speaker"])


def test_conflicts_found_by_rule_are_nearly_all_coded_as_such(
    facts: Path, claims: list[Claim], case: Case
) -> None:
    current = [claim for claim in claims if not claim.id.startswith("K")]
    links = load_links(facts / "links.csv", current)
    coded = {tuple(sorted((link.a, link.b))) for link in links if link.relation == "contradicts"}
    found = {(conflict.a, conflict.b) for conflict in conflicts(current, [], case)}
    assert len(found & coded) >= 6
    assert len(found - coded) <= 1
    assert coded <= {(conflict.a, conflict.b) for conflict in conflicts(current, links, case)}


def test_relays_are_circular_and_count_once(facts: Path, claims: list[Claim], case: Case) -> None:
    links = load_links(facts / "links.csv", claims)
    relays = [link for link in links if link.relation == "relays"]
    groups = [set(group.claims) for group in circular(claims, links)]
    assert all(any({link.a, link.b} <= group for group in groups) for link in relays)
    table = evidence_table(claims, case, as_of=case.as_of, reviewed_only=False, links=links)
    subject = {claim.id: claim.proposition or claim.quantity for claim in claims}
    same = [link for link in relays if subject[link.a] == subject[link.b]]
    assert len(same) >= 9
    assert not any(link.a in table.ids and link.b in table.ids for link in same)
    derived = {claim.id for claim in claims if claim.derived}
    assert not derived & set(table.ids)


def test_a_quantity_outside_the_vocabulary_is_named_with_its_nearest(
    facts: Path, case: Case, tmp_path: Path
) -> None:
    text = (facts / "facts_seeds.csv").read_text(encoding="utf-8")
    known = next(row["quantity"] for row in rows_of(facts / "facts_seeds.csv") if not row["proposition"])
    path = tmp_path / "wrong.csv"
    path.write_text(text.replace(f",{known},", f",{known}x,", 1), encoding="utf-8")
    with pytest.raises(ValueError, match=f"quantity is '{known}x'.*did you mean '{known}'"):
        load_claims(path, case)

"""Links that claims suggest: planted pairs are found, and the work grows with the claims."""

from __future__ import annotations

import pytest
from tests.claims.factory import make_case, make_claim, make_proposition

from quidproquo.claims import proposals
from quidproquo.claims.proposals import pairs_of, propose_links
from quidproquo.claims.record import Claim, Link

CASE = make_case()
FIRST = make_claim("C1")
OTHER = {"origin": "Border Office", "speaker": "Border Office", "published": "2024-10-27"}


def found(*claims: Claim, known: tuple[tuple[str, str], ...] = ()) -> set[Link]:
    return {proposal.link for proposal in propose_links(claims, known, CASE)}


@pytest.mark.parametrize(
    ("other", "relation"),
    [
        ({"reporting_source": "Evening Post", "published": "2024-10-27"}, "relays"),
        (OTHER, "corroborates"),
        ({"value": 1200.0, "published": "2024-11-03", "event": "2024-11-02"}, "supersedes"),
        (OTHER | {"value": 5000.0}, "contradicts"),
        (OTHER | {"value": 5000.0, "event": "2024-10-26"}, "contradicts"),
    ],
)
def test_planted_pairs(other: dict[str, object], relation: str) -> None:
    assert found(FIRST, make_claim("C2", **other)) == {Link("C2", relation, "C1")}


@pytest.mark.parametrize(
    "other",
    [
        {"quantity": "lorries_sent", "unit": "lorries"},
        {"qualifier": "capacity"},
        {"event": "2022-01-05", "published": "2022-01-06", "origin": "Border Office", "value": 20.0},
        {"value": 5000.0, "origin": "Border Office", "state": "rejected"},
        {},
    ],
)
def test_what_suggests_nothing(other: dict[str, object]) -> None:
    assert found(FIRST, make_claim("C2", **other)) == set()


def test_an_assertion_and_its_denial() -> None:
    denial = make_proposition(
        "P2", comparison="proposition_false", origin="Border Office", published="2024-10-30"
    )
    assert found(make_proposition("P1"), denial) == {Link("P2", "contradicts", "P1")}


def test_a_pair_that_is_linked_or_judged_is_left_out() -> None:
    other = make_claim("C2", reporting_source="Evening Post", published="2024-10-27")
    known = pairs_of([Link("C1", "corroborates", "C2")], [])
    assert found(FIRST, other, known=tuple(known)) == set()
    assert found(FIRST, other, known=tuple(pairs_of([], ["C2 relays C1"]))) == set()


def test_the_work_grows_with_the_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    real = proposals.conflict_reason
    monkeypatch.setattr(proposals, "conflict_reason", lambda *pair: compared.append(1) or real(*pair))
    counts = []
    for size in (100, 200, 400):
        compared.clear()
        found(*(make_claim(f"C{n}", origin=f"O{n}", value=float(1000 + n)) for n in range(size)))
        counts.append(len(compared))
    assert counts[2] - counts[1] == 2 * (counts[1] - counts[0])

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.claims.factory import make_case, make_claim, make_proposition

from quidproquo.claims import Link, circular, claims_for_quantity, conflicts, independent_origins, superseded
from quidproquo.claims.linking import rings

CASE = make_case()


def conflict_between(a: dict[str, object], b: dict[str, object]) -> str:
    """The reason for a conflict of two claims, or ''; it must not depend on their order."""
    fields = {"origin": "Border Office", "speaker": "Border Office"}
    pair = [make_claim("C1", **a), make_claim("C2", **(fields | b))]
    found = conflicts(pair, [], CASE)
    assert found == conflicts(pair[::-1], [], CASE)
    return found[0].reason if found else ""


@pytest.mark.parametrize(
    ("a", "b", "clash"),
    [
        ({"value": 1500.0}, {"value": 3000.0, "comparison": "at_least"}, True),
        ({"value": 3500.0}, {"value": 3000.0, "comparison": "at_least"}, False),
        ({"value": 1000.0}, {"value": 1080.0}, False),
        ({"value": 1000.0}, {"value": 1200.0}, True),
        ({"value": 1000.0}, {"value": 1200.0, "comparison": "about"}, False),
        ({"value": 1000.0}, {"value": 1300.0, "comparison": "about"}, True),
        ({"value": 1000.0, "comparison": "at_most"}, {"value": 1200.0, "comparison": "more_than"}, True),
        ({"value": 1000.0, "comparison": "at_least"}, {"value": 9000.0, "comparison": "more_than"}, False),
        ({"value": 1000.0, "comparison": "less_than"}, {"value": 100.0}, False),
        ({"value": 1000.0, "comparison": "less_than", "near": True}, {"value": 100.0}, True),
        ({"value": 1000.0, "comparison": "more_than", "near": True}, {"value": 1500.0}, True),
        ({"value": None, "comparison": "between", "low": 10.0, "high": 20.0}, {"value": 15.0}, False),
        ({"value": None, "comparison": "between", "low": 10.0, "high": 20.0}, {"value": 30.0}, True),
        ({"value": 1000.0, "event": "2024-10"}, {"value": 2000.0, "event": "2024-10-03"}, True),
        ({"value": 1000.0, "event": "2024-09"}, {"value": 2000.0}, False),
        ({"value": 1000.0, "event": None}, {"value": 2000.0}, False),
        ({"value": 1000.0}, {"value": 5000.0, "qualifier": "capacity"}, False),
        ({"value": 1000.0, "since": "2024"}, {"value": 5000.0, "since": "2023"}, False),
        ({"value": 1000.0, "role": "forecast"}, {"value": 5000.0}, False),
        ({"value": 1000.0, "derived": True}, {"value": 5000.0}, False),
        ({"value": 1000.0, "state": "rejected"}, {"value": 5000.0}, False),
    ],
)
def test_numbers_that_exclude_each_other(a: dict[str, object], b: dict[str, object], *, clash: bool) -> None:
    assert bool(conflict_between(a, b)) is clash


@pytest.mark.parametrize(
    ("a", "b", "clash"),
    [
        ({"value": 5000.0, "event": "2024-09-01"}, {"value": 3700.0}, True),
        ({"value": 3700.0, "event": "2024-09-01"}, {"value": 5000.0}, False),
        ({"value": 5000.0, "event": "2024-09-01", "since": "2024"}, {"value": 3700.0}, True),
        ({"value": 5000.0, "event": "2024-09-01"}, {"value": 3700.0, "since": "2024"}, False),
        ({"value": 5000.0, "since": "2024"}, {"value": 3700.0, "since": "2023"}, True),
    ],
)
def test_a_running_total_over_a_longer_period(
    a: dict[str, object], b: dict[str, object], *, clash: bool
) -> None:
    reason = conflict_between(a, b)
    assert ("a total over a longer period can't be smaller" in reason) is clash


def test_a_standing_number_may_fall() -> None:
    fields = {"quantity": "workers_abroad", "unit": "persons"}
    assert not conflict_between(fields | {"value": 5000.0, "event": "2024-09-01"}, fields | {"value": 100.0})


def test_the_reason_is_one_sentence_that_names_both() -> None:
    reason = conflict_between(
        {"value": 1500.0}, {"value": 3000.0, "comparison": "at_least", "event": "2024-10"}
    )
    assert reason == (
        "Ministry of Trade says 1,500 crates and Border Office at least 3,000 crates, "
        "for overlapping dates (2024-10-24 and 2024-10)."
    )


def test_an_assertion_and_a_denial() -> None:
    claims = [
        make_proposition("P1"),
        make_proposition("P2", comparison="proposition_false", role="assessment"),
    ]
    (found,) = conflicts(claims, [], CASE)
    assert (found.a, found.b, found.quantity) == ("P1", "P2", "treaty")
    assert "asserts what" in found.reason
    assert (
        conflicts([claims[0], make_proposition("P2", comparison="proposition_false", event="2023")], [], CASE)
        == []
    )


def test_links_add_conflicts_and_settle_others() -> None:
    claims = [make_claim("C1", value=1500.0), make_claim("C2", value=3000.0), make_claim("C3", event="2023")]
    assert [(c.a, c.b) for c in conflicts(claims, [], CASE)] == [("C1", "C2")]
    links = [Link("C2", "supersedes", "C1"), Link("C3", "contradicts", "C1"), Link("C3", "contradicts", "C9")]
    (found,) = conflicts(claims, links, CASE)
    assert (found.a, found.b) == ("C1", "C3")
    assert "The table of links sets these against each other." in found.reason


def test_two_assertions_that_are_linked_are_not_said_to_exclude_each_other() -> None:
    claims = [make_proposition("P1"), make_proposition("P2", speaker="Rival office")]
    (found,) = conflicts(claims, [Link("P1", "contradicts", "P2")], CASE)
    sentence = CASE.propositions[claims[0].proposition].sentence.rstrip(".")
    assert found.reason.startswith(f"Asserted by {claims[0].speaker}: {sentence}; asserted by Rival office: ")
    assert "both" not in found.reason


def test_a_pair_that_is_linked_and_found_is_one_conflict() -> None:
    claims = [make_claim("C1", value=1500.0), make_claim("C2", value=3000.0)]
    (found,) = conflicts(claims, [Link("C2", "contradicts", "C1")], CASE)
    assert "for overlapping dates" in found.reason


def test_one_figure_in_two_mouths_is_circular() -> None:
    claims = [make_claim("C1"), make_claim("C2", speaker="A. Deputy"), make_claim("C3", value=5.0)]
    (found,) = circular(claims, [])
    assert (found.origin, found.claims) == ("Ministry of Trade", ("C1", "C2"))
    assert found.reason == "C2 repeats what C1 has from Ministry of Trade: one witness."


def test_the_same_row_from_one_mouth_and_paper_is_no_circle() -> None:
    assert circular([make_claim("C1"), make_claim("C2")], []) == []


def test_chains_of_relays_are_one_circle_around_the_first_report() -> None:
    claims = [
        make_claim("C1", origin="X", value=1.0),
        make_claim("C2", origin="Y", value=2.0),
        make_claim("C3", origin="Z", value=3.0),
    ]
    links = [Link("C1", "relays", "C2"), Link("C2", "relays", "C3"), Link("C1", "relays", "C9")]
    (found,) = circular(claims, links)
    assert (found.origin, found.claims) == ("Z", ("C1", "C2", "C3"))
    assert found.reason == "C1 and C2 repeat what C3 has from Z: one witness."
    assert independent_origins(claims, links) == ("Z",)
    assert independent_origins(claims) == ("X", "Y", "Z")


def test_a_ring_of_relays_still_has_origins() -> None:
    claims = [make_claim("C1", origin="X"), make_claim("C2", origin="Y")]
    links = [Link("C1", "relays", "C2"), Link("C2", "relays", "C1")]
    assert independent_origins(claims, links) == ("X", "Y")


def test_superseded_names_the_later_claim() -> None:
    claims = [make_claim("C1"), make_claim("C2"), make_claim("C3", state="rejected")]
    links = [Link("C2", "supersedes", "C1"), Link("C3", "supersedes", "C2")]
    assert superseded(claims, links) == {"C1": "C2"}


def test_claims_of_a_quantity_stand_by_date() -> None:
    claims = [make_claim("C1", event=None), make_claim("C2"), make_claim("C3", event="2023"),
              make_claim("C4", state="rejected"), make_proposition("P1")]  # fmt: skip
    assert [claim.id for claim in claims_for_quantity(claims, "crates_sent")] == ["C3", "C2", "C1"]
    assert [claim.id for claim in claims_for_quantity(claims, "treaty_signed")] == ["P1"]


@given(value=st.floats(0.01, 1e9), comparison=st.sampled_from(["eq", "about", "at_least", "less_than"]))
def test_no_claim_is_in_conflict_with_its_own_repeat(value: float, comparison: str) -> None:
    claims = [make_claim(name, value=value, comparison=comparison) for name in ("C1", "C2")]
    assert conflicts(claims, [], CASE) == []


def test_rings_of_relays_are_found_each_once() -> None:
    links = [
        Link("B", "relays", "C"), Link("C", "relays", "A"), Link("A", "relays", "B"), Link("A", "relays", "D"),
        Link("D", "derived_from", "E"), Link("E", "derived_from", "D"), Link("X", "contradicts", "Y"),
        Link("Y", "contradicts", "X"), Link("P", "relays", "A"),
    ]  # fmt: skip
    assert rings(links) == [("relays", "A", "B", "C", "A"), ("derived_from", "D", "E", "D")]
    assert rings(links[:2]) == []

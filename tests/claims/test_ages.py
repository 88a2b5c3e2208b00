"""How old the newest claim of each quantity is."""

from __future__ import annotations

from datetime import date

import pytest
from tests.claims.factory import make_case, make_claim, make_proposition

from quidproquo.claims import Age, Link, ages

CASE = make_case()
OCTOBER = date(2024, 10, 24)
CRATES = make_claim("C1", event="2024-10-24")


@pytest.mark.parametrize(
    ("claims", "age"),
    [
        ([CRATES], ("C1", "2024-10-24", OCTOBER, 127)),
        ([CRATES, make_claim("C2", event="2025-01-01", value=2.0, published="2025-01-02")],
         ("C2", "2025-01-01", date(2025, 1, 1), 58)),
        ([CRATES, make_claim("C2", event="2025-01-01", role="forecast")], ("C1", "2024-10-24", OCTOBER, 127)),
        ([CRATES, make_claim("C2", event="2025-03-01", published="2025-03-02")],
         ("C1", "2024-10-24", OCTOBER, 127)),
        ([CRATES, make_claim("C2", event="2025-02", published="2025-02-28", value=9.0)],
         ("C2", "2025-02", date(2025, 2, 28), 0)),
        ([CRATES, make_claim("C2", event="2025-01-01", state="rejected")], ("C1", "2024-10-24", OCTOBER, 127)),
        ([make_claim("C1", role="forecast")], ("", "", None, None)),
    ],
)  # fmt: skip
def test_the_newest_claim_that_conditions_counts(claims: list, age: tuple[str, str, int | None]) -> None:
    assert ages(CASE, claims) == [Age("crates_sent", *age)]


def test_the_oldest_come_first_and_those_without_a_claim_last() -> None:
    claims = [
        CRATES,
        make_claim("L1", quantity="lorries_sent", unit="lorries", event="2024-01-01"),
        make_claim("W1", quantity="workers_abroad", unit="persons", role="forecast"),
        make_proposition("P1"),
        make_claim("G1", quantity="growth", unit="fraction", value=0.1),
    ]
    assert [age.quantity for age in ages(CASE, claims)] == ["lorries_sent", "crates_sent", "workers_abroad"]


def test_what_adds_nothing_is_no_newer_claim() -> None:
    later = make_claim("C2", value=2.0, event="2025-01-01", published="2025-01-02")
    assert ages(CASE, [CRATES, later], [Link("C2", "derived_from", "C1")])[0].claim == "C1"

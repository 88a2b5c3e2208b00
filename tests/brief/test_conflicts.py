"""Why claims conflict, and on whose word somebody speaks, in a reader's words."""

from __future__ import annotations

from typing import Any

import pytest
from tests.brief.factory import make_brief

from quidproquo.brief.sentences.conflicts import (
    circular_sentence,
    conflict_about,
    conflict_sentence,
    other_origin,
)
from quidproquo.brief.sentences.notes import NOTES
from quidproquo.study.schema.claims import CircularRecord, ClaimRecord, ConflictRecord

CLAIM = make_brief(claims=1, documents=1, estimates=1).claims[0]
LONGER = "A says 5000000 by 2024-12-01 and B only 3700000, but a total over a longer period can't be smaller."
OVERLAP = "A says 0.5 fraction and B about 0.333 fraction, for overlapping dates (2025-01 and 2025-01-22)."
LINKED = (
    "About 2,000 USD/month according to A; denied by B. The table of links sets these against each other."
)


def claim(ident: str, **changes: Any) -> ClaimRecord:
    fields = {
        "id": ident, "quantity": "pay_usd", "title": "Pay of a soldier", "proposition": "", "sentence": "",
        "comparison": "eq", "near": False, "value": None, "low": None, "high": None, "unit": "", "event": "",
    }  # fmt: skip
    return CLAIM.model_copy(update={**fields, "speaker": f"Speaker {ident}", **changes})


def said(a: ClaimRecord, b: ClaimRecord, reason: str) -> str:
    conflict = ConflictRecord(a=a.id, b=b.id, quantity="pay_usd", reason=reason)
    return conflict_sentence(conflict, {a.id: a, b.id: b}).replace("\u00a0", " ")


def test_figures_have_units_and_dates_in_words() -> None:
    more = claim("A", value=5e6, unit="rounds", event="2024-12-01")
    less = claim("B", value=3.7e6, unit="rounds", event="2025-01-05")
    assert said(more, less, LONGER) == (
        "5 million rounds according to Speaker A (1 December 2024); 3.7 million rounds according to Speaker B "
        "(5 January 2025). A total over a longer period can't be smaller."
    )
    half = claim("A", value=0.5, unit="fraction", comparison="at_most", near=True, event="2025-01")
    third = claim("B", value=0.333, unit="fraction", comparison="about", event="2025-01-22")
    assert said(half, third, OVERLAP) == (
        "Nearly 50% according to Speaker A (January 2025); about 33.3% according to Speaker B (22 January 2025). "
        "They speak of the same time."
    )


def test_a_sentence_is_asserted_or_denied_and_no_table_is_named() -> None:
    paid = claim("A", value=2000.0, unit="USD/month", comparison="about")
    none = claim(
        "B", proposition="paid_at_all", sentence="The soldiers are paid.", comparison="proposition_false"
    )
    text = said(paid, none, LINKED)
    assert text == (
        "About $2,000 a month according to Speaker A; denied by Speaker B: The soldiers are paid. The case sets "
        "these against each other."
    )
    assert "USD" not in text
    assert "links" not in text


def test_what_a_conflict_is_about_is_a_title_where_there_is_one() -> None:
    conflict = ConflictRecord(a="A", b="B", quantity="pay_usd", reason="")
    assert conflict_about(conflict, {"A": claim("A"), "B": claim("B", title="")}) == "Pay of a soldier"
    assert conflict_about(conflict, {}) == ""
    assert conflict_sentence(conflict.model_copy(update={"reason": "As stored."}), {}) == "As stored."


@pytest.mark.parametrize(
    ("speaker", "origin", "beside"),
    [
        ("Naoko Aoki (RAND)", "Naoko Aoki", False),
        ("Gallup Korea", "Gallup Korea", False),
        ("Shin Won-sik (defence minister)", "Defence ministry", True),
        ("AP", "", False),
    ],
)
def test_nobody_speaks_on_his_own_word(speaker: str, origin: str, beside: bool) -> None:
    assert other_origin(claim("A", speaker=speaker, origin=origin)) is beside


def test_pairs_that_the_case_sets_against_each_other_are_not_said_to_exclude_each_other() -> None:
    """Shares of two years, as 0.967 in 2022 and at most 0.95 in 2024, can both be right."""
    assert "may speak of other days or things, and both be right" in str(NOTES["conflicts"])
    a = claim("A", value=0.967, unit="fraction", event="2022")
    b = claim("B", value=0.95, unit="fraction", comparison="at_most", event="2024-10")
    assert "can't both" not in said(a, b, LINKED)
    assert said(a, b, LINKED).endswith("The case sets these against each other.")


def test_an_origin_under_which_a_claim_is_counted_elsewhere_is_named_in_its_circle() -> None:
    group = CircularRecord(origin="Service", claims=["A", "B"], reason="B repeats what A has from Service.")
    first, other = claim("A", origin="Service"), claim("B", origin="Agency")
    assert circular_sentence(group, {"A": first, "B": other}) == (
        "B repeats what A has from Service. Elsewhere on this page, by the table of the case, B counts as Agency."
    )
    assert circular_sentence(group, {"A": first, "B": first}) == group.reason

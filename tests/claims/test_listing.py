from __future__ import annotations

import pytest
from tests.claims.factory import make_case, make_claim, make_proposition, seen

from quidproquo.claims import (
    LIST_COLUMNS,
    Link,
    Unused,
    attach,
    claim_counts,
    claim_details,
    claim_rows,
    merge,
)
from quidproquo.claims.wording import says
from quidproquo.reading.record import Document, Snapshot

CASE = make_case()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "1,000 crates"),
        ({"comparison": "about"}, "about 1,000 crates"),
        ({"comparison": "about", "near": True}, "nearly 1,000 crates"),
        ({"comparison": "less_than", "near": True}, "just under 1,000 crates"),
        ({"comparison": "more_than", "near": True}, "just over 1,000 crates"),
        ({"comparison": "at_least", "value": 1.5}, "at least 1.5 crates"),
        (
            {"comparison": "between", "value": None, "low": 1e6, "high": 2e6},
            "between 1,000,000 and 2,000,000 crates",
        ),
        ({"proposition": "treaty_signed", "comparison": "proposition_false"}, "that it is not so"),
    ],
)
def test_what_a_claim_says(change: dict[str, object], words: str) -> None:
    assert says(make_claim(**change)) == words


def test_one_row_a_claim_with_its_use() -> None:
    rows = claim_rows(
        [make_claim(qualifier="capacity"), make_proposition()], CASE, [Unused("P1", "forecast")]
    )
    assert all(tuple(row) == LIST_COLUMNS for row in rows)
    assert (rows[0]["about"], rows[0]["grade"], rows[0]["use"]) == (
        "Crates sent (capacity)",
        "B2",
        "conditions",
    )
    assert (rows[1]["about"], rows[1]["use"]) == ("Freedonia and Sylvania have signed a treaty.", "forecast")


def test_everything_about_one_claim() -> None:
    claims = merge(
        [make_claim(likelihood=(0.55, 0.8), extra={"page": "7"}), make_claim("C2", value=5.0)], [seen()], CASE
    ).claims
    pairs = claim_details(
        claims[0], claims, [Link("C2", "supersedes", "C1"), Link("C1", "corroborates", "C2")], CASE
    )
    found = dict(pairs)
    assert found["superseded by"] == "C2"
    assert found["reliability"] == "B: usually reliable"
    assert found["likelihood"] == "0.55 to 0.8"
    assert found["page"] == "7"
    assert found["stands in"].endswith("(Ministry of Trade): “They sent 1,000 crates by then, it said.”")
    assert [text for label, text in pairs if label == "link"] == ["corroborates C2", "C2 supersedes this"]
    assert all(text for _, text in pairs)


def test_a_digest_is_never_shown_in_quotation_marks() -> None:
    digest = Document("doc-1", "trade.md", "digest", "markdown", "sha256:abc")
    claim = make_claim(paraphrase="Crates went.", extra={"document": "trade.md"})
    (placed,) = attach([claim], [digest], {"sha256:abc": Snapshot("sha256:abc", "Crates went.")})
    found = dict(claim_details(placed, [placed], [], CASE))
    assert found["stands in"].endswith("summary: Crates went.")


def test_counts_have_every_state_and_role() -> None:
    counts = claim_counts([make_claim(), make_proposition(role="forecast", state="proposed")])
    assert counts["state"] == {"proposed": 1, "accepted": 1, "rejected": 0}
    assert counts["role"] == {
        "observation": 1,
        "assessment": 0,
        "forecast": 1,
        "recommendation": 0,
        "context": 0,
    }

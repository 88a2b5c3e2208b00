"""Nothing of the shipped case is counted twice, and what only repeats it leaves every estimate as it was.

What a run weighs is a function of the evidence table alone, so estimates are the same to the last bit where
the tables are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest

from quidproquo.claims import Claim, EvidenceTable, Link, evidence_table, merge
from quidproquo.claims.origins import find_origin
from quidproquo.study.gather import Gathered, gather
from quidproquo.study.progress import Silent
from quidproquo.terms.edtf import parse


@cache
def first_case() -> Gathered:
    return gather("dprk-russia", (), None, shipped=True, progress=Silent())


def table_of(claims: Sequence[Claim], links: Sequence[Link] = ()) -> EvidenceTable:
    found = first_case()
    return evidence_table(
        claims, found.case, as_of=found.case.as_of, reviewed_only=False, links=(*found.links, *links)
    )


def claim(name: str) -> Claim:
    return next(claim for claim in first_case().claims if claim.id == name)


def same(one: EvidenceTable, other: EvidenceTable) -> bool:
    """Whether all columns are equal; what doesn't weigh may differ."""
    return all(
        np.array_equal(getattr(one, f.name), getattr(other, f.name), equal_nan=True)
        if isinstance(getattr(one, f.name), np.ndarray) and getattr(one, f.name).dtype == np.float64
        else np.array_equal(getattr(one, f.name), getattr(other, f.name))
        for f in fields(one)
        if f.name != "unused"
    )


def derived() -> list[Claim]:
    """Pay times soldiers, as a newspaper works it out from the service's figures."""
    words = "The 11,000 soldiers at 2,000 dollars a month each bring about 22 million dollars a month."
    return [
        replace(
            claim("A054"), id="X1", origin="Daily News", family="press", extra={}, derived=False,
            paraphrase=words, qualifier="",
        )
    ]  # fmt: skip


def second_office() -> list[Claim]:
    """The same man under his other office, months later."""
    case, said = first_case().case, claim("A020")
    origin = find_origin("Shin Won-sik (ROK national security adviser)", "ROK government", case)
    return [
        replace(
            said, id="X2", speaker="Shin Won-sik (ROK national security adviser)", origin=origin.name,
            family=origin.family, reliability=origin.reliability, event=parse("2024-12-20"),
            published=parse("2024-12-20"),
        )
    ]  # fmt: skip


def relays() -> list[Claim]:
    """Fifty papers pass on what the service said of pay, days later."""
    said = claim("A049")
    return [
        replace(said, id=f"X{n + 100}", speaker=f"Paper {n}", published=parse(f"2024-11-{n % 28 + 1:02d}"))
        for n in range(50)
    ]


@pytest.mark.parametrize("added", [derived, second_office, relays])
def test_what_repeats_or_follows_changes_no_estimate(added) -> None:
    claims, more = first_case().claims, added()
    table = table_of([*claims, *more])
    assert same(table, table_of(claims))
    assert {one.id for one in more} <= {unused.claim for unused in table.unused}


def test_a_figure_that_is_new_does_change_them() -> None:
    """The comparison above can fail: the same figure of another origin is another witness."""
    claims = first_case().claims
    fresh = replace(claim("A049"), id="X3", origin="Daily News", family="press")
    assert not same(table_of([*claims, fresh]), table_of(claims))


def test_a_copy_of_a_coded_sentence_brings_no_witness() -> None:
    """Row S1: a reader that takes the yearly figure of A030 for a total has read A030 again."""
    found = first_case()
    seen = replace(
        claim("A030").appearances[0], reader="rules", proposition="",
        quantity="artillery_rounds_delivered_cumulative", unit="rounds", event=parse("2024"), since=None,
    )  # fmt: skip
    merged = merge(found.claims, [seen], found.case)
    assert {one.id for one in merged.claims} == {one.id for one in found.claims}
    assert same(table_of(merged.claims), table_of(found.claims))


WEIGHED_ONCE = {
    # what doesn't weigh: what weighs in its place
    "A054": "A049",
    "A055": "A049",
    "A030": "A029",
    "A092": "A006",
    "S074": "S048",
    "A088": "A084",
    "A109": "A020",
    "B064": "A037",
}


@pytest.mark.parametrize(("copy", "first"), WEIGHED_ONCE.items())
def test_of_what_rests_on_one_report_one_claim_weighs(copy: str, first: str) -> None:
    ids = table_of(first_case().claims).ids
    assert copy not in ids
    assert first in ids


def test_launches_and_satellites_both_count() -> None:
    """Row S5: attempts and what reached orbit are two quantities, though one announcement tells both."""
    assert {"A119", "A120"} <= set(table_of(first_case().claims).ids)


def test_that_some_technology_passed_does_not_answer_what_is_mostly_paid() -> None:
    """Row S2: such remarks bear on help that shows, never on the hypothesis itself."""
    case = first_case().case
    for name in ("A007", "A020", "A108", "A109"):
        proposition = case.propositions[claim(name).proposition]
        assert proposition.bears == ()
        assert proposition.observes.endswith(".helped")


def test_every_bearing_says_why_and_leaves_room() -> None:
    """A judged chance is an interval of at least a fifth, and no answer is ruled in or out."""
    for proposition in first_case().case.propositions.values():
        for bearing in proposition.bears:
            assert bearing.reason.startswith("judgement"), proposition.id
            for low, high in bearing.chances.values():
                assert high - low >= 0.2, proposition.id


def test_no_page_on_file_lends_a_reader_a_second_origin() -> None:
    """Whatever is read by machine on a page of the case comes from an origin that its claims there have."""
    found = first_case()
    urls = {document.id: document.url for document in found.reading.documents}
    pages: dict[str, set[str]] = {}
    for one in found.claims:
        if one.state == "accepted":
            pages.setdefault(one.url, set()).add(one.origin)
    for one in found.claims:
        if one.state != "accepted":
            assert one.origin in pages[urls[one.appearances[0].document]], one.id

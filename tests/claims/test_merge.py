from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.claims.factory import make_case, make_claim, make_proposition, seen

from quidproquo.claims import Claim, attach, evidence_table, load_claims, merge, write_claims
from quidproquo.claims.matching import same_number
from quidproquo.reading.record import Appearance, Document, Locator, Quantified, Snapshot, Speaker
from quidproquo.terms.edtf import parse

CASE = make_case()


def matched(claim: Claim, appearance: Appearance) -> bool:
    """Whether an appearance goes to a claim; if not, it must become a new one."""
    result = merge([claim], [appearance], CASE)
    assert len(result.claims) == (1 if result.matched else 2)
    return result.matched == (claim.id,)


def test_a_repeat_is_added_to_the_claim() -> None:
    result = merge([make_claim()], [seen(start=40), seen()], CASE)
    (claim,) = result.claims
    assert [place.sentence.start for place in claim.appearances] == [0, 40]
    assert (result.matched, result.new, result.unclassified) == (("C1",), (), ())


@pytest.mark.parametrize(
    ("claim", "appearance", "same"),
    [
        ({}, {"value": 1004.0}, True),
        ({}, {"value": 1010.0}, False),
        ({}, {"comparison": "about"}, True),
        ({}, {"comparison": "at_least"}, False),
        ({"comparison": "at_least"}, {"comparison": "more_than"}, True),
        ({"comparison": "about", "near": True}, {"comparison": "about"}, True),
        ({"comparison": "about", "near": True}, {"comparison": "eq"}, False),
        ({}, {"event": "2024-10"}, True),
        ({}, {"event": "2024-09"}, False),
        ({"event": None}, {"event": "2024-09"}, True),
        ({}, {"event": None}, True),
        ({"event": "2024-10-18"}, {"event": "2024-10-25"}, True),
        ({"event": "2024-10-18", "published": "2024-10-20"}, {"event": "2024-10-25"}, False),
        ({}, {"published": "2024-10-24"}, True),
        ({}, {"published": "2024-10-10"}, False),
        ({}, {"published": "2025-01"}, True),
        ({}, {"published": None}, True),
        ({}, {"qualifier": "capacity"}, False),
        ({"qualifier": "capacity"}, {}, True),
        ({"qualifier": "capacity"}, {"qualifier": "capacity"}, True),
        ({}, {"role": "forecast"}, True),
        ({"verification": "derived", "derived": True}, {}, False),
        ({"state": "rejected"}, {}, True),
    ],
)
def test_what_makes_two_statements_one(
    claim: dict[str, object], appearance: dict[str, object], *, same: bool
) -> None:
    assert matched(make_claim(**claim), seen(**appearance)) is same


@pytest.mark.parametrize(
    ("claim", "chain", "same"),
    [
        ({}, "Gazette <- Trade Ministry", True),
        ({}, "Border Office", False),
        ({}, "J. Smith", False),
        ({}, "officials at the trade desk", True),
        ({}, "Daily Gazette", True),
        ({"origin": "Border Office", "speaker": "Ministry of Trade"}, "Border Office", True),
        ({"origin": "Border Office", "speaker": "Ministry of Trade"}, "Trade Ministry", True),
        ({"origin": "J. Smith", "speaker": "J. Smith (Institute)"}, "Smith", True),
        ({"origin": "J. Smith", "speaker": "J. Smith (Institute)"}, "K. Jones", False),
    ],
)
def test_another_speaker_makes_another_claim(claim: dict[str, object], chain: str, *, same: bool) -> None:
    assert matched(make_claim(**claim), seen(chain)) is same


def test_the_paper_that_carries_a_claim_is_its_speaker_only_in_that_report() -> None:
    assert not matched(make_claim(), seen("Daily Gazette", published="2024-12-01"))


def test_a_range_matches_a_range() -> None:
    claim = make_claim(comparison="between", value=None, low=100.0, high=200.0)
    assert matched(claim, seen(comparison="between", value=None, low=100.0, high=200.0))
    assert not matched(claim, seen(comparison="between", value=None, low=100.0, high=250.0))


def test_a_vague_word_matches_the_claim_that_reads_it_otherwise() -> None:
    number = Quantified(
        0, 6, "dozens", "between", near=False, value=None, low=12.0, high=120.0, unit="", vague=True
    )
    vague = seen(comparison="between", value=None, low=12.0, high=120.0, number=number)
    assert matched(make_claim(comparison="more_than", value=24.0, hedge="dozens"), vague)
    assert not matched(make_claim(comparison="more_than", value=24.0, hedge="more than"), vague)
    assert not matched(make_claim(comparison="more_than", value=500.0, hedge="dozens"), vague)


def test_a_proposition_matches_by_id_and_polarity() -> None:
    told = seen(quantity="", proposition="treaty_signed", comparison="proposition_true", value=None, unit="")
    assert matched(make_proposition(), told)
    assert not matched(make_proposition(comparison="proposition_false"), told)
    (_, new) = merge([make_proposition(comparison="proposition_false")], [told], CASE).claims
    assert (new.quantity, new.proposition, new.comparison) == ("treaty", "treaty_signed", "proposition_true")


def test_the_best_of_several_claims_is_chosen() -> None:
    claims = [
        make_claim("C1", comparison="about"),
        make_claim("C2"),
        make_claim("C3", origin="Border Office", speaker="Border Office"),
    ]
    assert merge(claims, [seen()], CASE).matched == ("C2",)
    assert merge(claims[::-1], [seen()], CASE).matched == ("C2",)
    assert merge(claims, [seen("Border Office")], CASE).matched == ("C3",)


def test_of_two_equal_claims_the_one_of_that_report_is_chosen() -> None:
    claims = [make_claim("C1"), make_claim("C2", published="2024-12")]
    assert merge(claims, [seen()], CASE).matched == ("C1",)
    assert merge(claims, [seen(published="2024-12-05")], CASE).matched == ("C2",)


def test_new_claims_are_proposed_and_ungraded() -> None:
    (claim,) = merge(
        [], [seen("Gazette <- A. Deputy <- Border Office", hedge="likely", likelihood=(0.55, 0.8))], CASE
    ).claims
    assert (claim.state, claim.credibility, claim.verification) == ("proposed", 6, "page_excerpt")
    assert (claim.speaker, claim.reporting_source, claim.origin) == ("A. Deputy", "Gazette", "Border Office")
    assert (claim.family, claim.reliability, claim.likelihood) == ("Sylvania", "C", (0.55, 0.8))
    assert claim.paraphrase == "Crates sent: 1,000 crates."
    assert claim.id.startswith("R")
    assert len(claim.id) == 9


def test_the_same_news_in_two_papers_is_one_new_claim() -> None:
    first = seen("Gazette <- the ministry", "d1")
    second = seen("Evening Post <- Trade Ministry", "d2", published="2024-11-02")
    (claim,) = merge([], [second, first], CASE).claims
    assert [place.document for place in claim.appearances] == ["d1", "d2"]
    assert (claim.reporting_source, claim.published) == ("Gazette", parse("2024-10-25"))


@pytest.mark.parametrize(
    "change",
    [{"value": 1001.0}, {"event": "2024-10-23"}, {"comparison": "about"}, {"qualifier": "capacity"},
     {"role": "forecast"}, {"since": "2024-01"}, {"near": True}],
)  # fmt: skip
def test_different_news_makes_different_ids(change: dict[str, object]) -> None:
    assert len(merge([], [seen(), seen(start=99, **change)], CASE).new) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": "", "value": None},
        {"quantity": "unheard_of"},
        {"quantity": "treaty", "unit": ""},
        {"comparison": ""},
        {"value": None},
        {"value": -5.0},
        {"unit": "boxes"},
        {"since": "2024-11"},
        {"comparison": "between", "value": None, "low": 5.0, "high": 3.0},
        {"proposition": "unheard_of", "comparison": "proposition_true"},
        {"proposition": "treaty_signed", "comparison": "eq"},
    ],
)
def test_what_cant_be_a_row_is_returned_unclassified(change: dict[str, object]) -> None:
    loose = seen(**change)
    result = merge([make_claim()], [loose], CASE)
    assert result.unclassified == (loose,)
    assert result.claims == (make_claim(),)


@pytest.mark.parametrize(
    "change", [{"polarity": "denied"}, {"polarity": "counterfactual"}, {"modality": "unknown"}]
)
def test_a_figure_that_nobody_vouches_for_makes_no_claim(change: dict[str, object]) -> None:
    result = merge([make_claim()], [replace(seen(), **change)], CASE)
    assert (result.matched, result.new, len(result.unclassified)) == ((), (), 1)


def test_a_vague_bound_keeps_the_end_that_it_states() -> None:
    (floor,) = merge([], [seen(comparison="more_than", value=None, low=1e3, high=1e4)], CASE).claims
    assert (floor.comparison, floor.value, floor.low) == ("more_than", 1e3, None)
    (middle,) = merge([], [seen(comparison="about", value=None, low=1e3, high=1e4)], CASE).claims
    assert (middle.comparison, middle.value, middle.low, middle.high) == ("between", None, 1e3, 1e4)


def test_a_saved_claim_is_found_again(tmp_path: Path) -> None:
    result = merge([], [seen("someone", hedge="about")], CASE)
    write_claims(result.claims, tmp_path / "claims.csv")
    saved = load_claims(tmp_path / "claims.csv", CASE)
    assert [replace(claim, appearances=()) for claim in result.claims] == saved
    assert merge(saved, [seen("someone", hedge="about")], CASE) == replace(result, new=(), matched=result.new)


# plain fields, for records are checked at run time and may not be made inside a strategy
NEWS = st.fixed_dictionaries({
    "speaker": st.sampled_from(["Trade Ministry", "Gazette <- Border Office", "officials", "K. Jones"]),
    "document": st.sampled_from(["d1", "d2", "d3"]), "start": st.sampled_from([0, 50, 100]),
    "value": st.sampled_from([1000.0, 1003.0, 2000.0, -1.0]),
    "event": st.sampled_from(["", "2024-10-24", "2024-10", "2024-09"]),
    "published": st.sampled_from(["2024-10-25", "2024-11"]),
    "comparison": st.sampled_from(["eq", "about", "more_than"]),
    "quantity": st.sampled_from(["crates_sent", "crates_sent", ""]), "hedge": st.sampled_from(["", "could"]),
})  # fmt: skip
FILE = [
    make_claim("C1"),
    make_claim("C2", comparison="about"),
    make_claim("C3", value=2000.0, origin="Border Office", speaker="Border Office"),
]


@given(news=st.lists(NEWS, max_size=8), data=st.data())
def test_order_and_repeats_change_nothing(news: list[dict[str, str]], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(news))
    repeats = data.draw(st.lists(st.sampled_from(news), max_size=4)) if news else []
    once = merge(FILE, [seen(**fields) for fields in news], CASE)
    again = merge(FILE, [seen(**fields) for fields in (*shuffled, *repeats)], CASE)
    assert repr(again) == repr(once)
    tables = [evidence_table(r.claims, CASE, as_of=CASE.as_of, reviewed_only=False) for r in (once, again)]
    assert repr(tables[0]) == repr(tables[1])


@given(news=st.lists(NEWS, max_size=8))
def test_nothing_is_lost_and_merging_twice_is_merging_once(news: list[dict[str, str]]) -> None:
    read = [seen(**fields) for fields in news]
    once = merge(FILE, read, CASE)
    kept = {(a.sentence, a.document) for claim in once.claims for a in claim.appearances}
    kept |= {(a.sentence, a.document) for a in once.unclassified}
    assert {a.sentence for a in read} <= {place for place, _ in kept}
    twice = merge(once.claims, read, CASE)
    assert twice.new == ()
    assert twice.unclassified == once.unclassified


@given(a=st.floats(0, 1e9), b=st.floats(0, 1e9))
def test_same_number_is_symmetric(a: float, b: float) -> None:
    assert same_number(a, b) == same_number(b, a)
    assert same_number(a, a)


# ------------------------------------------------------------------ attach

TEXT = "# Trade\n\nOver 18,000 crates\nwent to Sylvania. More is to come.\n"
DIGEST = Document("doc-1", "digests/trade.md", "digest", "markdown", "sha256:abc")
SNAPSHOTS = {"sha256:abc": Snapshot("sha256:abc", TEXT)}


@pytest.mark.parametrize("name", ["doc-1", "digests/trade.md", "trade.md"])
def test_a_paraphrase_is_found_in_its_digest(name: str) -> None:
    claim = make_claim(paraphrase="Over 18,000 crates went to Sylvania.", extra={"document": name})
    (placed,) = attach([claim], [DIGEST], SNAPSHOTS)
    (place,) = placed.appearances
    assert (
        TEXT[place.sentence.start : place.sentence.end]
        == place.sentence.quote
        == "Over 18,000 crates\nwent to Sylvania."
    )
    assert (place.kind, place.document, place.sentence.prefix) == ("digest", "doc-1", "# Trade\n\n")
    assert place.speakers == (Speaker("Daily Gazette", role="relay"), Speaker("Ministry of Trade"))


@pytest.mark.parametrize(
    "change",
    [{"paraphrase": "Nothing went."}, {"paraphrase": ""}, {"extra": {"document": "other.md"}}, {"extra": {}}],
)
def test_a_claim_without_its_place_stays_as_it_is(change: dict[str, object]) -> None:
    fields = {
        "paraphrase": "Over 18,000 crates went to Sylvania.",
        "extra": {"document": "trade.md"},
    } | change
    claim = make_claim(**fields)
    assert attach([claim], [DIGEST], SNAPSHOTS) == (claim,)


def test_what_is_read_from_a_digest_goes_to_the_claim_on_file_there() -> None:
    claim = make_claim(value=18000.0, comparison="more_than", paraphrase="Over 18,000 crates went to Sylvania.",
                       extra={"document": "trade.md"}, event="2024-06", qualifier="capacity")  # fmt: skip
    (placed,) = attach([claim], [DIGEST], SNAPSHOTS)
    sentence = Locator("sha256:abc", 9, 45, "")
    read = seen("K. Jones", "doc-1", sentence=sentence, value=18000.0, comparison="more_than", kind="digest")
    result = merge([placed], [read], CASE)
    assert (result.matched, result.new) == (("C1",), ())
    other = replace(read, value=99.0)
    assert len(merge([placed], [other], CASE).new) == 1

"""A machine-read copy of a reviewed sentence is that sentence, and an address on file adds no origin."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.claims.factory import make_case, make_claim, make_proposition, seen

from quidproquo.claims import Claim, evidence_table, merge
from quidproquo.claims.pages import address_key, same_sentence
from quidproquo.reading.record import Appearance, Locator
from quidproquo.terms.edtf import parse

CASE = make_case()
WORDS = "Freedonia delivered 3.5 million crates in 2024, and more are expected."
PLACE = Locator("sha256:digest", 100, 100 + len(WORDS), WORDS)


def at(place: Locator, **change: object) -> Appearance:
    return replace(seen("Ministry of Trade", **change), sentence=place)


def reviewed(**change: object) -> Claim:
    placed = replace(seen(), sentence=PLACE, reader="table")
    return make_claim("A030", **({"value": 3.5e6, "event": "2024-12-01"} | change), appearances=(placed,))


COPIED = {"value": 3.5e6, "event": "2024-12-01", "published": "2024-12-02"}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"quantity": "lorries_sent", "unit": "lorries"},
        {"event": "2024"},
        {"event": None, "published": None},
        {"comparison": "at_least"},
        {"qualifier": "capacity"},
        {"value": None, "low": 3.5e6, "high": 3.5e6, "comparison": "between"},
    ],
)
def test_a_copy_of_a_reviewed_sentence_is_that_claim_whatever_it_was_read_as(
    change: dict[str, object],
) -> None:
    result = merge([reviewed()], [at(PLACE, **(COPIED | change))], CASE)
    assert (result.matched, result.new) == (("A030",), ())


@pytest.mark.parametrize(
    "words",
    [
        WORDS,
        f"  {WORDS} ",
        WORDS.replace(" ", "\n", 1),
        WORDS.upper(),
        WORDS.removesuffix("."),
    ],
)
def test_the_same_words_elsewhere_are_the_same_sentence(words: str) -> None:
    elsewhere = Locator("sha256:page", 0, len(words), words)
    copy = at(elsewhere, **(COPIED | {"quantity": "lorries_sent", "unit": "lorries"}))
    assert merge([reviewed()], [copy], CASE).matched == ("A030",)


@pytest.mark.parametrize(
    ("claim", "place", "change"),
    [
        (reviewed(), PLACE, {"value": 4.1e6}),  # another number of the sentence
        (reviewed(state="proposed"), PLACE, {"quantity": "lorries_sent", "unit": "lorries"}),  # not reviewed
        (reviewed(), Locator("sha256:digest", 400, 460, "In all, 3.5 million lorries crossed the border."),
         {"quantity": "lorries_sent", "unit": "lorries"}),  # another sentence of the page
        (reviewed(), Locator("sha256:page", 0, 12, "3.5 million."),
         {"quantity": "lorries_sent", "unit": "lorries"}),  # a line too short to tell
        (make_proposition("P1", appearances=reviewed().appearances), PLACE,
         {"quantity": "lorries_sent", "unit": "lorries"}),  # the reviewer coded a sentence without number
    ],
)  # fmt: skip
def test_what_is_no_copy_becomes_a_claim(claim: Claim, place: Locator, change: dict[str, object]) -> None:
    result = merge([claim], [at(place, **(COPIED | change))], CASE)
    assert result.matched == ()
    assert len(result.new) == 1


def test_sentences_that_touch_are_not_the_same() -> None:
    after = Locator(PLACE.snapshot, PLACE.end, PLACE.end + 20, "Another one follows it there.")
    assert same_sentence(PLACE, PLACE)
    assert not same_sentence(PLACE, after)


URL = "https://www.gazette.example/news/?id=7&utm_source=mail#top"


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "http://gazette.example/news/?id=7",
        "https://GAZETTE.example/news?id=7",
        "https://gazette.example/news?id=7&fbclid=abc",
        "https://www.gazette.example/news/?id=7#section",
    ],
)
def test_one_address_in_many_spellings(url: str) -> None:
    assert address_key(url) == address_key(URL)


@pytest.mark.parametrize(
    "url", ["", "seed:a.txt", "https://gazette.example/news?id=8", "https://gazette.example/old?id=7", "x"]
)
def test_other_addresses_stay_apart(url: str) -> None:
    assert address_key(url) != address_key(URL)


def read_at(url: str, speaker: str, **change: object) -> Claim:
    """What becomes of 500 crates said on a page, with two claims of the ministry read at URL on file."""
    on_file = [make_claim(f"C{i}", value=1000.0 * i, url=URL) for i in (1, 2)]
    result = merge(on_file, [seen(speaker, "d9", value=500.0, **change)], CASE, {"d9": url})
    return result.claims[-1]


@pytest.mark.parametrize(
    "speaker",
    ["an unnamed official", "Freedonia Tonight", "Ministry\u2019s man", "Trade office (Freedonia)", ""],
)
def test_an_unknown_speaker_on_a_page_on_file_adds_no_origin(speaker: str) -> None:
    claim = read_at(URL, speaker)
    assert (claim.origin, claim.family, claim.reliability) == ("Ministry of Trade", "Freedonia", "B")


@pytest.mark.parametrize(
    ("url", "speaker", "origin"),
    [
        (URL, "Border Office", "Border Office"),
        (URL, "the Gazette", "Daily Gazette"),
        (URL.replace("7", "8"), "Freedonia Tonight", "Freedonia Tonight"),
        ("", "Freedonia Tonight", "Freedonia Tonight"),
        (URL, "Trade Ministry", "Ministry of Trade"),
    ],
)
def test_a_known_source_or_another_page_keeps_its_origin(url: str, speaker: str, origin: str) -> None:
    assert read_at(url, speaker).origin == origin


def test_a_page_with_two_origins_on_file_lends_none() -> None:
    on_file = [make_claim("C1", url=URL), make_claim("C2", url=URL, value=2000.0, origin="Border Office")]
    result = merge(on_file, [seen("Freedonia Tonight", "d9", value=500.0)], CASE, {"d9": URL})
    assert result.claims[-1].origin == "Freedonia Tonight"


@pytest.mark.parametrize("published", ["2013-12-23", "2024-10-25", "2025-02-01", None])
def test_a_copy_of_a_page_is_its_report_whenever_it_is_dated(published: str | None) -> None:
    again = seen("someone", "d9", published=published, event="2024-10-24")
    assert merge([make_claim(url=URL)], [again], CASE, {"d9": URL}).matched == ("C1",)


OTHER_PLACE = Locator("sha256:digest", 400, 460, "Of another kind there may be half a million crates by now.")


@pytest.mark.parametrize(
    ("first", "second", "weigh"),
    [
        ({}, {}, ["A030"]),
        ({}, {"sentence": OTHER_PLACE}, ["A030", "R1"]),  # another sentence
        ({}, {"quantity": "lorries_sent", "unit": "lorries"}, ["A030", "R1"]),  # another thing
        ({}, {"state": "accepted"}, ["A030", "R1"]),  # a reviewer has taken both
        ({"state": "proposed"}, {}, ["A030", "R1"]),  # nobody has looked at the sentence
    ],
)
def test_of_a_reviewed_sentence_what_the_reviewer_coded_weighs(first, second, weigh) -> None:
    how = {"state": "proposed", "value": 50000.0, "event": "2024-12-01", "published": "2024-12-02"} | second
    place = how.pop("sentence", PLACE)
    read = make_claim("R1", appearances=(replace(seen(), sentence=place),), **how)
    coded = reviewed(value=70000.0, published="2024-12-02", **first)
    table = evidence_table([coded, read], CASE, as_of=parse("2025-02-28"), reviewed_only=False)
    assert sorted(table.ids) == weigh

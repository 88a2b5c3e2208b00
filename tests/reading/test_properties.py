"""Spans, order, growth and rubbish: what must hold for any text whatever."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reading.small import rows, small_case

from quidproquo.reading import attributions, dates, hedges, load, quantities, read, sentences

ANCHOR = date(2024, 10, 24)
TABLES = ("quantities/quantities", "dates/dates", "attribution/attributions", "attribution/hedges")
SENTENCES = [row[0] for name in TABLES for row in rows(name)]
PIECES = [
    *SENTENCES,
    "\n\n",
    " ",
    "“",
    "”",
    '"',
    "—",
    "$",
    "1,234,",
    "and a half",
    "between",
    "said",
    ".",
    "…",
    "U.S.",
    "\u00ad",
    "½",
    "３",
    "a",
    "%",
    "Ⅷ",
    "²",
    "٣",
]
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=12).map(" ".join)


def test_there_are_three_hundred_sentences() -> None:
    assert len(SENTENCES) >= 300


@given(texts)
@settings(max_examples=150)
def test_spans_are_what_they_quote(text: str) -> None:
    for number in quantities(text):
        assert text[number.start : number.end] == number.surface
        assert (number.value is None) == (number.low is not None)
        assert number.value is None or math.isfinite(number.value)
    for found in dates(text, ANCHOR):
        assert text[found.start : found.end] == found.surface
    for hedge in hedges(text):
        assert text[hedge.start : hedge.end] == hedge.surface
    for quoted in attributions(text):
        for start, end in (*quoted.content, *filter(None, (quoted.source, quoted.cue))):
            assert quoted.sentence[0] <= start < end <= quoted.sentence[1]


@given(texts)
@settings(max_examples=150)
def test_sentences_nest_and_cover_all_words(text: str) -> None:
    spans = sentences(text)
    covered = [False] * len(text)
    for index, (start, end) in enumerate(spans):
        assert 0 <= start < end <= len(text)
        for other in spans[index + 1 :]:
            assert other[0] >= end or other[1] <= end
        covered[start:end] = [True] * (end - start)
    assert all(covered[at] or character.isspace() for at, character in enumerate(text))


@given(texts)
@settings(max_examples=60)
def test_numbers_and_dates_come_in_order_without_overlap(text: str) -> None:
    for found in (quantities(text), dates(text, ANCHOR), hedges(text)):
        assert all(one.end <= other.start for one, other in itertools.pairwise(found))


NAMES = "a.txt a.md a.html a.pdf a.docx a.xml a.mhtml a".split()
HEADS = [
    b"",
    b"%PDF-1.4\n",
    b"PK\x03\x04",
    b"<html><body>",
    b"<?xml version='1.0'?><rss>",
    b"---\n",
    b"\xff\xfe",
]


@given(data=st.binary(max_size=400), name=st.sampled_from(NAMES), head=st.sampled_from(HEADS))
@settings(max_examples=80)
def test_rubbish_gets_a_status(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str, head: bytes
) -> None:
    folder = tmp_path_factory.mktemp("rubbish")
    (folder / name).write_bytes(head + data)
    reading = read([folder / name], small_case(folder))
    for document in reading.documents:
        assert document.status in {"read", "empty", "other language", "unreadable"}
        assert bool(document.reason) == (document.status != "read")


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "    ",
        "1234567890",
        "1,234,",
        '“"',
        "\n\n",
        "Mr. U.S. ",
        "said ",
        "between 1 and 2 ",
        "March 3 ",
        "one hundred and ",
        "-",
        "1-2-",
        "in the teens ",
        "a score of ",
        "five- to ",
        "from 1.2 to ",
        ", saying it ",
    ],
)
@pytest.mark.parametrize(
    "grammar", [sentences, quantities, lambda text: dates(text, ANCHOR), hedges, attributions]
)
def test_time_grows_no_faster_than_the_text(text: str, grammar: Callable[[str], object]) -> None:
    def seconds(size: int) -> float:
        whole = text * (size // len(text))
        best = math.inf
        for _ in range(2):
            start = time.process_time()
            grammar(whole)
            best = min(best, time.process_time() - start)
        return best

    # Sixteen times the text: linear is 16, quadratic 256; the constant forgives a slow start.
    assert seconds(32_000) <= 60 * seconds(2_000) + 0.05


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", []),
        (" \n\t\u00a0\u2003", []),
        ("".join(map(chr, range(32))) * 20, []),
        ("\x003\x00 men came", [3]),
        ("\ud800 3,000 men \udfff said", [3000]),
        ("\u202e3,000\u202c men, \u200f5% more", [3000, 5]),
        ("\ufeff3,000 men", [3000]),
        ("٣٠٠٠ men and 𝟛𝟘 more", [3000, 30]),
        ("a" * 100_000 + " 3 men", [3]),
    ],
)
def test_odd_characters_do_no_harm(text: str, values: list[float]) -> None:
    assert [number.value for number in quantities(text)] == values
    for grammar in (sentences, hedges, attributions, dates, lambda text: dates(text, ANCHOR)):
        grammar(text)


@pytest.mark.slow
def test_a_million_characters_in_one_line() -> None:
    line = "The office said that at least 3,000 men came in May 2024. "
    text = line * (1_000_000 // len(line))
    assert (
        len(sentences(text)) == len(quantities(text)) == len(dates(text, ANCHOR)) == len(attributions(text))
    )


def test_fixture_files_are_all_read(tmp_path: Path) -> None:
    (tmp_path / "all.txt").write_text("\n\n".join(SENTENCES), encoding="utf-8")
    [document] = load([tmp_path / "all.txt"]).documents
    assert document.status == "read"

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from tests.reading.small import rows, small_case

from quidproquo.reading import Appearance, attributions, read


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param(*row, id=row[0][:60]) for row in rows("attribution/relays")]
)
def test_every_sentence_gives_those_who_cite_and_those_who_are_cited(text: str, expected: str) -> None:
    found = attributions(text)
    sources = [text[slice(*item.source)] if item.source else "" for item in found]
    cues = [text[slice(*item.cue)] if item.cue else "" for item in found]
    assert ";".join(f"{source},{cue}" for source, cue in zip(sources, cues, strict=True)) == expected


@pytest.mark.parametrize("text", [row[0] for row in rows("attribution/relays") if ";" in row[1]])
def test_the_contents_of_a_chain_lie_in_each_other(text: str) -> None:
    found = attributions(text)
    for outer, inner in pairwise(found):
        for start, end in inner.content:
            assert any(first <= start and end <= last for first, last in outer.content)
    [innermost] = found[-1].content
    assert text[slice(*innermost)].strip("“,”").lower() in {"40 crates were lost", "we lost 40 crates"}


def reading(folder: Path, sentence: str) -> tuple[Appearance, ...]:
    head = "---\ntitle: News\npublisher: Herald\npublished: 2024-10-24\n---\n"
    (folder / "a.md").write_text(head + sentence + "\n", encoding="utf-8")
    return read([folder / "a.md"], small_case(folder)).appearances


@pytest.mark.parametrize(
    ("sentence", "chain"),
    [
        (
            "The Gazette quoted a lawmaker as saying that the harbour office believes that 40 crates were sent.",
            "Herald, Gazette, lawmaker, harbour office",
        ),
        ("The Gazette, citing a lawmaker, said that 40 crates were sent.", "Herald, Gazette, lawmaker"),
        (
            "According to the Gazette, which cited Ana Lima, 40 crates were sent.",
            "Herald, Gazette, Ana Lima",
        ),
        (
            "The ministry said, quoting an intelligence report, that 40 crates were sent.",
            "Herald, ministry, intelligence report",
        ),
        ("Ana Lima said that she believes that 40 crates were sent.", "Herald, Ana Lima"),
        ("The ministry said, citing cost concerns, that 40 crates were sent.", "Herald, ministry"),
        ("The ministry said that 40 crates were sent.", "Herald, ministry"),
    ],
)
def test_a_chain_holds_all_its_speakers(tmp_path: Path, sentence: str, chain: str) -> None:
    [found] = reading(tmp_path, sentence)
    assert ", ".join(speaker.name for speaker in found.speakers) == chain
    roles = [speaker.role for speaker in found.speakers]
    assert roles == ["relay"] * (len(roles) - 1) + ["originator"]
    assert (found.quantity, found.value) == ("crates_sent", 40.0)


def test_a_denial_denies_what_stands_inside(tmp_path: Path) -> None:
    [found] = reading(tmp_path, "The mayor denied that the office said that the bridge had opened.")
    assert (found.comparison, found.polarity) == ("proposition_false", "denied")
    [found] = reading(tmp_path, "The Gazette said that the mayor denied that the bridge had opened.")
    assert (found.comparison, found.speakers[-1].name) == ("proposition_false", "mayor")


def test_the_day_of_speaking_is_that_of_the_one_who_spoke(tmp_path: Path) -> None:
    sentence = "The Gazette said on Wednesday that the mayor believes that 40 crates were sent."
    [found] = reading(tmp_path, sentence)
    assert found.published is not None
    assert found.published.edtf == "2024-10-23"


def test_a_pronoun_means_the_one_who_relays_an_office(tmp_path: Path) -> None:
    text = (
        "Ana Lima said that the office believes that 40 crates were sent. She said that 50 crates were sent."
    )
    first, last = reading(tmp_path, text)
    assert [first.speakers[-1].name, last.speakers[-1].name] == ["office", "Ana Lima"]


def test_a_level_of_a_scale_word_stays_a_range(tmp_path: Path) -> None:
    [found] = reading(tmp_path, "The ministry said that low thousands of crates were sent.")
    assert (found.comparison, found.value, found.low, found.high) == ("between", None, 1000.0, 3999.0)
    [found] = reading(tmp_path, "The ministry said that several crates were sent.")
    assert (found.comparison, found.low, found.high) == ("between", 3.0, 9.0)

"""Who speaks, how a figure stands, and what bleeds from one clause into another: sentences with their answers."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from tests.reading.small import rows, small_case

from quidproquo.reading import Appearance, attributions, read, sentences


def figures(folder: Path, text: str, publisher: str = "publisher: Herald\n") -> list[Appearance]:
    """The appearances with a figure; "¶" in the text stands for a new paragraph."""
    head = f"---\ntitle: News\n{publisher}published: 2025-06-18\n---\n"
    (folder / "a.md").write_text(head + text.replace("¶", "\n\n") + "\n", encoding="utf-8")
    found = read([folder / "a.md"], small_case(folder)).appearances
    return [item for item in found if item.number is not None]


def of(found: list[Appearance], number: str) -> Appearance:
    """The one appearance whose figure holds a number."""
    [hit] = [item for item in found if item.number is not None and number in item.number.surface]
    return hit


def answers(expected: str) -> list[tuple[str, str]]:
    """Pairs of number and answer: "40: mayor; 12: Ana Lima"."""
    return [(number, answer) for number, _, answer in (part.partition(": ") for part in expected.split("; "))]


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param(*row, id=row[0][:60]) for row in rows("attribution/speaking")]
)
def test_every_figure_has_its_speakers(tmp_path: Path, text: str, expected: str) -> None:
    found = figures(tmp_path, text)
    for number, names in answers(expected):
        hit = of(found, number)
        assert " > ".join(speaker.name for speaker in hit.speakers[1:]) == names.replace("–", "")
        assert (hit.speakers[-1].role == "author") == (names == "–")


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param(*row, id=row[0][:60]) for row in rows("attribution/newsroom")]
)
def test_a_newsroom_is_the_source_of_what_it_found(tmp_path: Path, text: str, expected: str) -> None:
    found = figures(tmp_path, text, publisher="")
    for number, name in answers(expected):
        speaker = of(found, number).speakers[-1]
        assert (speaker.name if speaker.role != "author" else "–") == name


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param(*row, id=row[0][:60]) for row in rows("attribution/standing")]
)
def test_a_figure_is_asserted_only_where_somebody_vouches_for_it(
    tmp_path: Path, text: str, expected: str
) -> None:
    found = figures(tmp_path, text)
    for number, stands in answers(expected):
        hit = of(found, number)
        assert hit.polarity == stands
        assert (hit.modality == "unknown") == (stands == "unconfirmed") or stands in {
            "denied",
            "counterfactual",
        }


@pytest.mark.parametrize("width", [60, 72, 84])
def test_a_page_wrapped_at_any_width_has_the_same_sources(width: int) -> None:
    texts = [text for text, _ in rows("attribution/speaking") if "¶" not in text and ":" not in text[:12]]
    paragraphs = [" ".join(texts[at : at + 5]) for at in range(0, len(texts), 5)]
    wrapped = [textwrap.fill(one, width, break_on_hyphens=False) for one in paragraphs]

    def sources(text: str) -> list[str]:
        found = [text[slice(*item.source)] if item.source else "" for item in attributions(text)]
        return [" ".join(source.split()) for source in found]

    assert sources("\n\n".join(wrapped)) == sources("\n\n".join(paragraphs))


REPORTED = rows("attribution/reported")


def reported(kind: str) -> list[object]:
    """The rows of one kind of question, as parameters."""
    return [
        pytest.param(text, answer, id=f"{name} {text[:50]}")
        for name, text, sort, answer in REPORTED
        if sort == kind
    ]


@pytest.mark.parametrize(("text", "expected"), reported("sources"))
def test_every_source_is_found_with_its_cue(text: str, expected: str) -> None:
    found = attributions(text)
    pairs = [
        f"{text[slice(*item.source)]},{text[slice(*item.cue)]}" for item in found if item.source and item.cue
    ]
    assert ";".join(pairs) == expected
    assert len(pairs) == len(found)


@pytest.mark.parametrize(("text", "expected"), reported("content"))
def test_the_content_is_what_was_said_and_no_more(text: str, expected: str) -> None:
    [found] = attributions(text)
    assert ";".join(text[slice(*part)] for part in found.content) == expected


@pytest.mark.parametrize(("text", "expected"), reported("hedge"))
def test_a_hedge_bears_on_its_own_clause(tmp_path: Path, text: str, expected: str) -> None:
    found = figures(tmp_path, text)
    for part in expected.split("; ") if ":" not in expected else _split(expected):
        number, _, rest = part.partition(" ")
        modality, _, hedge = rest.partition(": ")
        hit = of(found, number)
        assert (hit.modality, hit.hedge) == (modality, hedge)


def _split(expected: str) -> list[str]:
    """The parts that begin with a number: a hedge may hold semicolons itself."""
    parts: list[str] = []
    for part in expected.split("; "):
        if part[0].isdigit():
            parts.append(part)
        else:
            parts[-1] += f"; {part}"
    return parts


@pytest.mark.parametrize(("text", "expected"), reported("event"))
def test_a_date_bears_on_its_own_clause(tmp_path: Path, text: str, expected: str) -> None:
    found = figures(tmp_path, text)
    for part in expected.split("; "):
        number, _, day = part.partition(" ")
        hit = of(found, number)
        dated = [one.edtf for one in (hit.event, hit.since) if one is not None]
        assert dated[: 1 + day.count(" since ")] == day.split(" since ")


@pytest.mark.parametrize(("text", "expected"), reported("sentences"))
def test_abbreviations_end_no_sentence(text: str, expected: str) -> None:
    assert len(sentences(text)) == int(expected)

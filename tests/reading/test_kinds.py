"""Kinds of wording that once were misread: the lines that showed it, and others of each kind."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from tests.reading.quantities.test_quantities import wanted
from tests.reading.small import rows

from quidproquo.cases import Case, load_case
from quidproquo.reading import dates, hedges, quantities, read

ANCHOR = date(2025, 6, 18)


def table(name: str) -> list[object]:
    """Kind, text (with its line ends) and what is expected of it."""
    return [
        pytest.param(text.replace("\\r", "\r").replace("\\n", "\n"), expected, id=f"{kind}: {text[:50]}")
        for kind, text, expected in rows(name)
    ]


@pytest.mark.parametrize(("text", "expected"), table("dates/kinds"))
def test_dates_of_every_kind(text: str, expected: str) -> None:
    assert [found.edtf for found in dates(text, ANCHOR)] == [part for part in expected.split(";") if part]


@pytest.mark.parametrize(("text", "expected"), table("quantities/kinds"))
def test_numbers_of_every_kind(text: str, expected: str) -> None:
    want = [wanted(part) for part in expected.split(";") if part.strip()]
    found = quantities(text)
    assert [(one.comparison, one.value, one.low, one.high) for one in found] == [
        (comparison, value, low, high) for comparison, _, value, low, high, _ in want
    ]
    assert [one.unit for one, (*_, unit) in zip(found, want, strict=True) if unit] == [
        unit for *_, unit in want if unit
    ]
    assert all(text[one.start : one.end] == one.surface for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "We lost 40 trucks in May.",
        "The army lost 40 trucks last May.",
        "The May raid failed.",
        "It was lost on 5 May.",
        "May 2024 was calm.",
        "It fell from April to May and rose.",
        "It has grown since early May.",
        "Ana May said so.",
        "It was worst this May.",
        "They marched on May Day.",
        "May saw heavy rain.",
        "It ended one May evening.",
    ],
)
def test_the_month_of_may_is_no_hedge(text: str) -> None:
    assert hedges(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "It may rain.",
        "The Fleet May Sail Soon",
        "Sylvania May Send Boats",
        "The army lost 40 trucks, and may lose more in May.",
        "May be it was 40.",
        "In May it may rain.",
    ],
)
def test_the_verb_may_is_a_hedge(text: str) -> None:
    assert [(found.surface.lower(), found.modality) for found in hedges(text)] == [("may", "possible")]


@pytest.fixture(scope="module")
def first_case() -> Case:
    return load_case("dprk-russia")


@pytest.mark.parametrize(("text", "expected"), table("case"))
def test_quantities_of_a_case_fit_actor_object_and_stage(
    text: str, expected: str, first_case: Case, tmp_path: Path
) -> None:
    page = tmp_path / "a.md"
    page.write_text(f"---\npublished: 2025-06-18\npublisher: The Gazette\n---\n{text}\n", encoding="utf-8")
    found = [
        (
            f"{one.value:.0f}" if one.value is not None else f"{one.low:.0f}..{one.high:.0f}",
            one.quantity,
            one.stage,
        )
        for one in read([page], first_case).appearances
        if one.number is not None
    ]
    assert [" ".join((f"{number}:{quantity}", stage)).strip() for number, quantity, stage in found] == [
        part.strip() for part in re.split(r" (?=[\d.]+:)", expected)
    ]

"""Kinds of wording that once were misread: the lines that showed it, and others of each kind."""

from __future__ import annotations

from datetime import date

import pytest
from tests.reading.quantities.test_quantities import wanted
from tests.reading.small import rows

from quidproquo.reading import dates, hedges, quantities

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

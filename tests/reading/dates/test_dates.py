from __future__ import annotations

from datetime import date

import pytest
from tests.reading.small import rows

from quidproquo.reading import dates
from quidproquo.terms.edtf import Interval, parse

ANCHOR = date(2024, 10, 24)


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param(*row, id=row[0][:40]) for row in rows("dates/dates")]
)
def test_every_sentence_gives_its_dates(text: str, expected: str) -> None:
    assert [found.edtf for found in dates(text, ANCHOR)] == [part for part in expected.split(";") if part]


def test_an_edtf_is_the_interval() -> None:
    for text, *_ in rows("dates/dates"):
        for found in dates(text, ANCHOR):
            assert found.interval is not None
            read = parse(found.edtf)
            assert (read.start, read.end) == (found.interval.start, found.interval.end)


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("They have met since June.", "since"),
        ("They met until June.", "until"),
        ("They met between March and May.", "between"),
        ("They met over the past year.", "during"),
        ("They met before June.", "before"),
        ("They met on June 3.", "point"),
    ],
)
def test_relations(text: str, relation: str) -> None:
    assert [found.relation for found in dates(text, ANCHOR)] == [relation]


def test_an_interval_anchors_at_its_end() -> None:
    [found] = dates("It came yesterday.", Interval(date(2024, 10, 1), date(2024, 10, 31)))
    assert found.edtf == "2024-10-30"


def test_without_an_anchor_relative_dates_have_no_interval() -> None:
    one, other = dates("It came last Friday and in June 2023.")
    assert (one.edtf, one.interval, one.relative) == ("", None, True)
    assert (other.edtf, other.relative) == ("2023-06", False)

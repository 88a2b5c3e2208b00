from __future__ import annotations

import pytest
from tests.reading.small import rows

from quidproquo.reading import quantities
from quidproquo.reading.quantities.special import countable

SIGNS = {"=": "eq", "~": "about", ">=": "at_least", "<=": "at_most", ">": "more_than", "<": "less_than"}


def wanted(printed: str) -> tuple[str, bool, float | None, float | None, float | None, str]:
    number, _, unit = printed.strip().partition(" ")
    sign = next((s for s in (">=", "<=", "=", "~", ">", "<") if number.startswith(s)), "")
    body = number[len(sign) :]
    near = body.endswith("!")
    if ".." in body:
        low, _, high = body.partition("..")
        return "between", near, None, float(low), float(high), unit
    return SIGNS[sign or "="], near, float(body.rstrip("!")), None, None, unit


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param(*row, id=row[0][:40]) for row in rows("quantities/quantities")]
)
def test_every_sentence_gives_its_numbers(text: str, expected: str) -> None:
    want = [wanted(part) for part in expected.split(";") if part.strip()]
    found = quantities(text)
    assert len(found) == len(want)
    for number, (comparison, near, value, low, high, unit) in zip(found, want, strict=True):
        assert (number.comparison, number.near, number.value) == (
            comparison,
            near,
            pytest.approx(value) if value else value,
        )
        assert (number.low, number.high) == (low, high)
        assert not unit or number.unit == unit


def test_a_span_covers_comparison_number_and_unit() -> None:
    text = "They earn a little less than $10 million a month there."
    [found] = quantities(text)
    assert text[found.start : found.end] == found.surface == "a little less than $10 million a month"
    assert (found.per, found.per_count, found.kind) == ("month", 1.0, "money")


def test_a_rate_keeps_its_base() -> None:
    [found] = quantities("It loses 10,000 workers about every 10 days.")
    assert (found.value, found.per, found.per_count, found.comparison) == (10_000, "day", 10.0, "about")


def test_a_share_names_what_it_is_taken_of() -> None:
    half, whole = quantities("Roughly half the 11,000 workers, it said.")
    assert (half.kind, half.base, half.comparison) == ("part", "workers", "about")
    assert (whole.value, whole.head) == (11_000, "workers")


def test_vague_words_say_so() -> None:
    found = quantities("Tens of thousands of crates and dozens of trucks came.")
    assert [(q.low, q.high, q.vague) for q in found] == [(1e4, 1e5, True), (12, 120, True)]


def test_a_range_is_never_a_mean() -> None:
    [found] = quantities("Between 12.8 and 13.0 million tonnes were moved.")
    assert found.value is None
    assert (found.low, found.high) == (pytest.approx(12.8e6), pytest.approx(13.0e6))


def test_a_change_is_one_range_that_keeps_its_two_levels_in_the_order_of_the_text() -> None:
    [found] = quantities("Stocks fell from 900 to 400 crates.")
    assert (found.surface, found.low, found.high, found.unit) == ("from 900 to 400", 400, 900, "crates")
    assert [(level.value, level.surface) for level in found.levels] == [(900, "900"), (400, "400")]


def test_claims_get_the_levels_of_a_change_and_no_ages_or_members() -> None:
    text = "One of the boats fell from 8 to 3 feet, a 40-year-old sailor of 2 seas said."
    found = quantities(text)
    assert [number.kind for number in found] == ["member", "measure", "age", "count"]
    assert [number.value for number in countable(found)] == [8, 3, 2]


def test_ages_and_members_give_way_to_what_else_is_read() -> None:
    assert [number.kind for number in quantities("A man of 40, one of three.")] == ["count", "count"]
    [age] = quantities("It is for those under the age of 12.")
    assert (age.kind, age.comparison, age.value) == ("age", "less_than", 12)

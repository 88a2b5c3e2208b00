"""Dates, grades, units and the one voice of the errors."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quidproquo.terms.edtf import Interval, parse
from quidproquo.terms.errors import DateError, sentence
from quidproquo.terms.grades import LIKELIHOODS, likelihood_word
from quidproquo.terms.vocabulary import unit_range


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-10-23", date(2024, 10, 23), date(2024, 10, 23)),
        ("1964/1965", date(1964, 1, 1), date(1965, 12, 31)),
        ("2024-10/2025-01-05", date(2024, 10, 1), date(2025, 1, 5)),
    ],
)
def test_dates_are_intervals_of_days(text: str, start: date, end: date) -> None:
    assert parse(text) == Interval(start, end, text)


@pytest.mark.parametrize("text", ["", "24", "2024-13", "2024-02-30", "last week", "2024/2025/2026", "0000"])
def test_what_is_no_date_is_told_in_one_sentence(text: str) -> None:
    with pytest.raises(DateError, match=r"date: text is .*, but it must be a year, a month, a day"):
        parse(text)


def test_an_interval_backwards_is_told() -> None:
    with pytest.raises(DateError, match="must be no later than its end, 2023-12-31; swap the two ends"):
        parse("2024/2023")


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 2000))
def test_the_shortest_text_reads_back_as_the_same_days(start: date, length: int) -> None:
    interval = Interval(start, start + timedelta(days=length))
    again = parse(interval.edtf)
    assert (again.start, again.end) == (interval.start, interval.end)
    assert again.days == length + 1
    assert interval.contains(again)


def test_likelihood_words_cover_the_scale_without_gaps() -> None:
    for lower, upper in itertools.pairwise(LIKELIHOODS):
        assert lower.high == upper.low


@given(st.floats(0.01, 0.99))
def test_a_probability_lies_in_the_interval_of_its_word(probability: float) -> None:
    row = likelihood_word(probability)
    assert row.low <= probability <= row.high


@pytest.mark.parametrize(
    ("probability", "word"), [(0.55, "likely"), (0.45, "unlikely"), (1.0, "almost certain")]
)
def test_a_boundary_belongs_to_the_surer_row(probability: float, word: str) -> None:
    assert likelihood_word(probability).word == word


def test_a_probability_outside_is_told() -> None:
    with pytest.raises(ValueError, match="it must be from 0 to 1"):
        likelihood_word(1.2)


@pytest.mark.parametrize(
    ("unit", "scale", "value", "holds"),
    [
        ("fraction", "logit", 1.0, True),
        ("fraction", "logit", 1.1, False),
        ("fraction", "identity", -0.1, True),
        ("persons", "log", -1.0, False),
        ("persons", "log", float("inf"), False),
    ],
)
def test_units_have_ranges(unit: str, scale: str, value: float, *, holds: bool) -> None:
    assert unit_range(unit, scale).holds(value) is holds


def test_errors_speak_in_one_voice() -> None:
    told = sentence("prior 'a'", "low", 3, "below 2", "swap the two")
    assert told == "prior 'a': low is 3, but it must be below 2; swap the two."

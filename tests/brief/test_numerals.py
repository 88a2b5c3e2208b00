from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.brief.factory import make_brief

from quidproquo.brief import markup, numerals, wording
from quidproquo.brief.numerals import (
    amount,
    claim_amount,
    date_words,
    exact,
    plain,
    range_words,
    row_scale,
    unit_words,
    with_error,
)

SCALE = {"million": 1e6, "billion": 1e9, "trillion": 1e12}


def read(text: str) -> float:
    """The number that a text of `plain` stands for."""
    match = re.fullmatch(r"([−+]?)([\d,.]+)(?:\xa0(\w+))?", text)
    assert match, text
    size = float(match[2].replace(",", "")) * SCALE.get(match[3] or "", 1.0)
    return -size if match[1] == "−" else size


@given(st.floats(1e-5, 1e14) | st.floats(-1e14, -1e-5), st.integers(1, 3))
def test_a_shown_number_is_near_the_true_one(value: float, digits: int) -> None:
    assert abs(read(plain(value, digits=digits)) - value) <= 0.51 * 10.0 ** (1 - digits) * abs(value) + 1e-6


@given(st.floats(1.0, 1e12), st.floats(0.001, 1e12))
def test_no_digit_is_shown_below_the_error(value: float, error: float) -> None:
    shown = read(plain(value, error, 3))
    assert abs(shown - value) <= max(error, 0.051 * value) * 5.1


@given(st.integers(0, 10**9))
def test_a_said_number_loses_no_digit(value: int) -> None:
    assert read(exact(float(value))) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (3.2e6, 6.8e6, "rounds", "3.2 to 6.8 million rounds"),
        (900_000.0, 2.1e6, "rounds", "900,000 to 2.1 million rounds"),
        (1.5e7, 2.7e7, "USD/month", "$15 to $27 million a month"),
        (0.004, 0.31, "fraction", "0.4 to 31%"),
        (-0.02, 0.04, "fraction", "−2 to 4%"),
        (0.0, 3.0, "index", "0 to 3"),
        (1.0, 1.0, "fraction", "100%"),
        (9_999.6, 10_000.4, "rounds", "10,000 rounds"),
        (0.0001, 440.0, "persons/week", "under 1 to 440 persons a week"),
        (0.43, 440.0, "persons/week", "under 1 to 440 persons a week"),
        (0.45, 440.0, "persons/week", "0.45 to 440 persons a week"),
        (3.0, 9.9e6, "USD/month", "under $10,000 to $9.9 million a month"),
        (2e-9, 0.03, "index", "under 0.0001 to 0.03"),
        (12.0, 8.0e7, "rounds", "under 100,000 to 80 million rounds"),
        (0.0, 440.0, "persons", "0 to 440 persons"),
        (-0.2, 1.0, "log-odds", "−0.2 to 1 log-odds"),
    ],
)
def test_ranges_in_words(low: float, high: float, unit: str, words: str) -> None:
    assert range_words(low, high, unit).replace("\xa0", " ") == words


def test_a_negligible_end_is_told_in_a_sentence() -> None:
    assert range_words(0.0001, 440.0, "persons", between=" and ") == "less than 1 and 440 persons"


@pytest.mark.parametrize(
    ("low", "high", "between", "words"),
    [
        (0.93, 8.02, " to ", "1 to 8 persons"),
        (0.3, 8.02, " to ", "under 1 to 8 persons"),
        (0.3, 8.02, " and ", "less than 1 and 8 persons"),
        (0.0, 0.2, " to ", "0 to under 1 person"),
        (4.4, 12.2, " to ", "4 to 12 persons"),
    ],
)
def test_nobody_is_a_part_of_a_person(low: float, high: float, between: str, words: str) -> None:
    assert range_words(low, high, "persons", between=between) == words
    assert amount(2.4, "missiles/year") == "2.4 missiles a year"


@given(st.floats(1e-9, 1e9), st.floats(1e-9, 1e9))
@example(6.103515625e-05, 1e-09)
def test_under_is_said_only_of_what_is_under(one: float, other: float) -> None:
    low, high = sorted((one, other))
    words = range_words(low, high, "index")
    if words.startswith("under "):
        limit = read(words.split(" to ")[0].removeprefix("under "))
        assert low < limit <= high / 10.0


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        (0.595, 0.0021, "0.595 ± 0.002"),
        (-3.0, 0.4, "−3.0 ± 0.4"),
        (12.0, 0.0, "12.000 ± 0"),
        (-0.002, 0.01, "0.00 ± 0.01"),
    ],
)
def test_a_mean_keeps_the_digit_of_its_error(value: float, error: float, words: str) -> None:
    assert with_error(value, error) == words


@pytest.mark.parametrize(
    ("comparison", "near", "words"),
    [
        ("about", False, "about 11,000 persons"),
        ("at_least", False, "at least 11,000 persons"),
        ("less_than", True, "just under 11,000 persons"),
        ("eq", False, "11,000 persons"),
    ],
)
def test_a_claim_keeps_its_comparison_word(comparison: str, near: bool, words: str) -> None:
    claim = make_brief(claims=1, documents=0, estimates=0).claims[0]
    changes = {"comparison": comparison, "near": near, "value": 11_000.0, "unit": "persons"}
    assert claim_amount(claim.model_copy(update=changes)) == words


def test_a_range_is_never_turned_into_a_middle() -> None:
    claim = make_brief(claims=1, documents=0, estimates=0).claims[0]
    changes = {"comparison": "between", "value": None, "low": 10_000.0, "high": 11_500.0, "unit": "persons"}
    assert claim_amount(claim.model_copy(update=changes)) == "between 10,000 and 11,500 persons"


@pytest.mark.parametrize("text", ["", "unknown", "2024-13", "sometime"])
def test_what_is_no_date_stays_as_it_is(text: str) -> None:
    assert date_words(text) == text


@pytest.mark.parametrize("module", [numerals, markup, wording])
def test_examples_in_docstrings(module: object) -> None:
    import doctest

    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.failed == 0
    assert result.attempted > 0


@given(st.text(max_size=30), st.text(max_size=30))
def test_different_names_have_different_anchors(first: str, second: str) -> None:
    assert (markup.anchor("claim", first) == markup.anchor("claim", second)) == (first == second)
    assert not re.search(r"[\s\"'<>#]", markup.anchor("claim", first))


@pytest.mark.parametrize(
    ("unit", "words"), [("launches", "1 launch"), ("rounds", "1 round"), ("persons", "1 person")]
)
def test_one_of_something_is_named_in_the_singular(unit: str, words: str) -> None:
    assert numerals.amount(1.0, unit) == words


def test_so_many_a_month_are_times_and_an_index_has_no_unit() -> None:
    assert unit_words("1/month") == "times a month"
    assert unit_words("index") == "no unit"


def test_things_are_fewer_and_measures_less() -> None:
    claim = make_brief(claims=1, documents=1, estimates=1).claims[0]

    def said(value: float, unit: str) -> str:
        changes = {
            "comparison": "less_than",
            "value": value,
            "low": None,
            "high": None,
            "unit": unit,
            "near": False,
        }
        return claim_amount(claim.model_copy(update=changes))

    assert said(3.0, "satellites") == "fewer than 3 satellites"
    assert said(0.5, "fraction") == "less than 50%"
    assert said(20.0, "USD") == "less than $20"


def test_a_number_without_an_error_is_printed_as_it_is_in_a_row() -> None:
    money = row_scale("million USD", 413.0)
    assert money.label == "million dollars"
    assert (money.mean(0.0, 0.0), money.mean(3.0, 0.0), money.mean(413.29, 2.9)) == ("0", "3", "413")
    assert row_scale("fraction", 0.4).mean(0.3, 0.0) == "30"

"""Sentences as newspapers write them, on matters of many kinds: how many are read right."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.reading_news import (
    TABLE,
    TARGETS,
    Number,
    Score,
    matched,
    number,
    same_comparison,
    same_value,
    scores,
)

from quidproquo.reading import quantities


@pytest.mark.parametrize("name", TARGETS)
def test_news_reach_their_targets(name: str) -> None:
    assert scores()[name].f1 >= TARGETS[name]


def test_the_table_is_long_enough_and_attributions_are_precise() -> None:
    assert len(TABLE.read_text(encoding="utf-8").splitlines()) >= 150
    assert scores()["attribution"].precision >= 0.80


def test_a_wrong_table_scores_nothing(tmp_path: Path) -> None:
    table = tmp_path / "news.psv"
    table.write_text("He saw 40 boats in May 2024.|>50 boats|2021-03|||saw 40\n", encoding="utf-8")
    assert {score.f1 for score in scores(table).values()} == {0.0}


def test_numbers_are_compared_once_each() -> None:
    [found] = quantities("He saw at least 40 boats.")
    wanted = number(">=40 boats")
    assert wanted == Number("at_least", 40, 40, "boats")
    assert matched([wanted, wanted], [found], same_comparison) == 1
    assert same_value(number("=40"), found)
    assert not same_comparison(number("=40"), found)
    assert not same_value(number("40..50"), found)
    score = Score(right=1, wanted=2, found=4)
    assert (score.precision, score.recall, round(score.f1, 3)) == (0.25, 0.5, 0.333)

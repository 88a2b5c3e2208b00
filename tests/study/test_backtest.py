"""The verdict on a back-test in words."""

from __future__ import annotations

import pytest

from quidproquo.evidence.checks.comparison import MeanPit
from quidproquo.study.backtest_figures import verdict
from quidproquo.study.schema.backtest import AgainstBaseline

BANDS = ((0.4, 0.6), (0.84, 0.96))


def compared(skill: float | None, gain: float | None) -> AgainstBaseline:
    return AgainstBaseline(
        targets=9, quantities=4, skill=0.2, skill_bound=skill,
        log_score_difference=0.3, log_score_difference_bound=gain,
    )  # fmt: skip


BEATEN, LEVEL = compared(0.1, 0.1), compared(0.1, -0.1)


@pytest.mark.parametrize(
    ("half", "most", "words"),
    [
        (0.5, 0.9, "Calibrated at 50% and 90%."),
        (0.4, 0.96, "Calibrated at 50% and 90%."),
        (0.5, 1.0, "Not calibrated: 90% intervals are too wide."),
        (0.3, 0.9, "Not calibrated: 50% intervals are too narrow."),
        (0.7, 0.5, "Not calibrated: 50% intervals are too wide and 90% intervals are too narrow."),
    ],
)
def test_intervals_are_held_against_what_chance_allows(half: float, most: float, words: str) -> None:
    said = verdict({"coverage50": half, "coverage90": most}, BANDS, {"trend": BEATEN}, None)
    assert said == f"{words} Better than both baselines, with 90% confidence in each."


@pytest.mark.parametrize(
    ("against", "words"),
    [
        ({}, "There was no baseline to compare with."),
        ({"persistence": BEATEN, "trend": BEATEN}, "Better than both baselines"),
        ({"persistence": LEVEL, "trend": BEATEN}, "Better than trend with 90% confidence, but not"),
        ({"persistence": LEVEL, "trend": compared(None, None)}, "Not better than the baselines"),
    ],
)
def test_both_scores_must_be_better_with_confidence(against: dict[str, AgainstBaseline], words: str) -> None:
    said = verdict({"coverage50": 0.5, "coverage90": 0.9}, BANDS, against, None)
    assert said.startswith(f"Calibrated at 50% and 90%. {words}")


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (
            (0.55, 0.7),
            (
                ", but reports were higher than predicted: "
                "on average 62% of the forecast distribution (55% to 70%) lay below them."
            ),
        ),
        (
            (0.3, 0.49),
            (
                ", but reports were lower than predicted: "
                "on average 62% of the forecast distribution (30% to 49%) lay below them."
            ),
        ),
        ((0.4, 0.6), "."),
        ((None, None), "."),
    ],
)
def test_forecasts_that_miss_on_one_side_are_named(
    ends: tuple[float | None, float | None], words: str
) -> None:
    said = verdict({"coverage50": 0.5, "coverage90": 0.9}, BANDS, {"trend": BEATEN}, MeanPit(0.62, *ends))
    assert said.startswith(f"Calibrated at 50% and 90%{words} Better")


def test_nothing_to_score() -> None:
    nothing = {"coverage50": None, "coverage90": None}
    assert verdict(nothing, (None, None), {}, None) == "No later report could be scored."

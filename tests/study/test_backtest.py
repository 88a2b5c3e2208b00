"""The verdict on a back-test in words."""

from __future__ import annotations

import pytest

from quidproquo.evidence.checks.pooling import MeanPit
from quidproquo.study.backtest import verdict
from quidproquo.study.schema.backtest import Rivalry

BANDS = ((0.4, 0.6), (0.84, 0.96))


def rivalry(skill: float | None, gain: float | None) -> Rivalry:
    return Rivalry(
        targets=9, quantities=4, skill=0.2, skill_bound=skill,
        log_score_difference=0.3, log_score_difference_bound=gain,
    )  # fmt: skip


BEATEN, LEVEL = rivalry(0.1, 0.1), rivalry(0.1, -0.1)


@pytest.mark.parametrize(
    ("half", "most", "words"),
    [
        (0.5, 0.9, "Calibrated at 50 and 90 %."),
        (0.4, 0.96, "Calibrated at 50 and 90 %."),
        (0.5, 1.0, "Not calibrated: intervals of 90 % are too wide."),
        (0.3, 0.9, "Not calibrated: intervals of 50 % are too narrow."),
        (0.7, 0.5, "Not calibrated: intervals of 50 % are too wide and intervals of 90 % are too narrow."),
    ],
)
def test_intervals_are_held_against_what_chance_allows(half: float, most: float, words: str) -> None:
    said = verdict({"coverage50": half, "coverage90": most}, BANDS, {"trend": BEATEN}, None)
    assert said == f"{words} Better than both naive forecasts, with 90 % confidence in each."


@pytest.mark.parametrize(
    ("against", "words"),
    [
        ({}, "There was no naive forecast to compare with."),
        ({"persistence": BEATEN, "trend": BEATEN}, "Better than both naive forecasts"),
        ({"persistence": LEVEL, "trend": BEATEN}, "Better than trend with 90 % confidence, but not"),
        ({"persistence": LEVEL, "trend": rivalry(None, None)}, "Not better than the naive forecasts"),
    ],
)
def test_both_scores_must_be_better_with_confidence(against: dict[str, Rivalry], words: str) -> None:
    said = verdict({"coverage50": 0.5, "coverage90": 0.9}, BANDS, against, None)
    assert said.startswith(f"Calibrated at 50 and 90 %. {words}")


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (
            (0.55, 0.7),
            (
                ", but reports came higher than foretold: "
                "on average 62 % of the forecast lay below them (55 % to 70 %)."
            ),
        ),
        (
            (0.3, 0.49),
            (
                ", but reports came lower than foretold: "
                "on average 62 % of the forecast lay below them (30 % to 49 %)."
            ),
        ),
        ((0.4, 0.6), "."),
        ((None, None), "."),
    ],
)
def test_a_lean_to_one_side_is_told(ends: tuple[float | None, float | None], words: str) -> None:
    said = verdict({"coverage50": 0.5, "coverage90": 0.9}, BANDS, {"trend": BEATEN}, MeanPit(0.62, *ends))
    assert said.startswith(f"Calibrated at 50 and 90 %{words} Better")


def test_nothing_to_score() -> None:
    nothing = {"coverage50": None, "coverage90": None}
    assert verdict(nothing, (None, None), {}, None) == "No later report could be scored."

"""Pooling of scores: reports into targets, means and bands."""

from __future__ import annotations

import pytest
from scipy import stats

from quidproquo.evidence.checks.pooling import ScoreRow, by_target, coverage_band, mean_of


def row(quantity: str = "a", as_of: str = "2024-01-01", origin: str = "x", **scores: float) -> ScoreRow:
    return ScoreRow(quantity, as_of, origin, scores)


def test_repeats_of_an_origin_are_one_target_with_their_mean() -> None:
    rows = [row(crps=1.0), row(crps=3.0), row(origin="y", crps=5.0), row(as_of="2025-01-01", crps=7.0)]
    targets = by_target(rows, ())
    assert [one.scores["crps"] for one in targets] == [2.0, 5.0, 7.0]
    assert mean_of(targets, "crps") == pytest.approx(14 / 3)
    assert mean_of([], "crps") is None


def test_what_is_compared_is_compared_over_the_same_reports() -> None:
    rows = [row(crps=1.0, crps_trend=9.0), row(crps=3.0), row(quantity="b", crps=4.0)]
    (same,) = by_target(rows, ("crps_trend",))
    assert same.scores == {"crps": 1.0, "crps_trend": 9.0}
    every = by_target(rows, ())
    assert [one.scores for one in every] == [{"crps": 2.0}, {"crps": 4.0}]


@pytest.mark.parametrize("targets", [1, 7, 25, 112])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_band_holds_coverage_as_often_as_it_says(targets: int, share: float) -> None:
    low, high = coverage_band(targets, share)
    inside = stats.binom.cdf(round(high * targets), targets, share)
    inside -= stats.binom.cdf(round(low * targets) - 1, targets, share)
    assert inside >= 0.95
    assert 0.0 <= low <= high <= 1.0

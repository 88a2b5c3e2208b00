"""Scores of predictive distributions against closed forms, sums over draws and planted truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.evidence.test_predictive import RANGES, drawn, from_scale, predictive, to_scale

from quidproquo.evidence.checks.scores import chance_of_bound, covered, score


@pytest.mark.parametrize("report", [-3.0, 4.0, 5.2, 11.0])
def test_crps_and_log_score_of_a_normal_have_their_closed_forms(report: float) -> None:
    one = predictive(sd=1.5)
    z = (report - 4.0) / 1.5
    closed = 1.5 * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))
    found = score(one, report, report)
    # the trapezoid rule's error is of the order of its step squared, (100/384)²/12 times 1/s
    assert found.crps * one.unit == pytest.approx(closed, abs=5e-3)
    assert found.log_score == pytest.approx(stats.norm.logpdf(report, 4.0, 1.5), abs=1e-12)
    assert found.pit_low == found.pit_high == pytest.approx(stats.norm.cdf(z), abs=1e-12)


@pytest.mark.parametrize("scale", RANGES)
def test_crps_is_the_double_sum_over_draws(scale: str) -> None:
    """E|X − x| − ½E|X − X′| (Gneiting & Raftery 2007, eq. 21), with reports held in the declared range."""
    one = predictive(scale, worlds=40, sd=0.3, wrong=0.1, shift=np.linspace(-0.3, 0.3, 40))
    ends = to_scale(scale, np.array([one.low, one.high]))
    draws = np.clip(to_scale(scale, drawn(one, 40_000)), *ends)
    for report in from_scale(scale, np.quantile(draws, [0.1, 0.5, 0.9])):
        value = float(np.round(report)) if scale == "count" else float(report)
        near = np.abs(draws - to_scale(scale, np.array(value)))
        apart = np.abs(draws - np.random.default_rng(1).permutation(draws))
        error = np.hypot(near.std(), 0.5 * apart.std()) / np.sqrt(len(draws))
        found = score(one, value, value).crps * one.unit
        assert found == pytest.approx(near.mean() - 0.5 * apart.mean(), abs=4 * error + 1e-3)


@pytest.mark.parametrize("scale", RANGES)
def test_reports_of_a_planted_truth_have_even_pit_and_are_covered(scale: str) -> None:
    one = predictive(scale, worlds=60, sd=0.3, wrong=0.15)
    found = [score(one, float(x), float(x)) for x in drawn(one, 400, seed=3)]
    rng = np.random.default_rng(4)
    pits = [rng.uniform(s.pit_low, s.pit_high) for s in found]
    assert stats.kstest(pits, "uniform").pvalue > 1e-3
    for share in (0.5, 0.9):
        inside = float(np.mean([covered(s, share) for s in found]))
        low, high = stats.binom.ppf([5e-4, 1 - 5e-4], 400, share) / 400
        assert low <= inside <= high


@settings(max_examples=25, deadline=None)
@pytest.mark.long
@given(
    scale=st.sampled_from(sorted(RANGES)),
    shift=st.floats(-1.0, 1.0),
    stretch=st.floats(0.4, 2.5),
    wrong=st.floats(0.02, 0.5),
)
def test_no_forecast_beats_the_one_that_reports_are_drawn_from(
    scale: str, shift: float, stretch: float, wrong: float
) -> None:
    """Both scores are proper."""
    right = predictive(scale, worlds=20, sd=0.4, wrong=0.1)
    other = predictive(
        scale, worlds=20, sd=0.4 * stretch, wrong=wrong,
        truth=from_scale(scale, to_scale(scale, right.truth) + shift),
    )  # fmt: skip
    reports = drawn(right, 300, seed=8)
    ours = [score(right, float(x), float(x)) for x in reports]
    theirs = [score(other, float(x), float(x)) for x in reports]
    for gains in (
        np.array([b.crps - a.crps for a, b in zip(ours, theirs, strict=True)]),
        np.array([a.log_score - b.log_score for a, b in zip(ours, theirs, strict=True)]),
    ):
        assert gains.mean() > -4 * gains.std() / np.sqrt(len(gains)) - 1e-9


@given(low=st.floats(0.05, 0.9), width=st.floats(1e-3, 1.0), share=st.sampled_from([0.5, 0.9]))
def test_an_interval_spreads_its_pit(low: float, width: float, share: float) -> None:
    one = predictive("log", worlds=30, sd=0.3)
    found = score(one, 1e3 * low, 1e3 * low * (1 + width))
    assert 0.0 <= found.pit_low <= found.pit_high <= 1.0
    assert 0.0 <= covered(found, share) <= 1.0


def test_a_narrow_interval_is_scored_like_its_middle() -> None:
    one = predictive("log", worlds=30, sd=0.3)
    narrow, middle = score(one, 699.9, 700.1), score(one, 700.0, 700.0)
    assert narrow.crps == pytest.approx(middle.crps, abs=1e-4)
    assert narrow.log_score == pytest.approx(middle.log_score, abs=1e-3)


@pytest.mark.parametrize(
    ("comparison", "chance"),
    [("at_least", 1 - stats.poisson.cdf(9, 12)), ("more_than", 1 - stats.poisson.cdf(10, 12)),
     ("at_most", stats.poisson.cdf(10, 12)), ("less_than", stats.poisson.cdf(9, 12))],
)  # fmt: skip
def test_bounds_of_counts_are_kept_to_the_very_number(comparison: str, chance: float) -> None:
    assert chance_of_bound(predictive("count"), comparison, 10.0) == pytest.approx(chance)


def test_bounds_of_amounts() -> None:
    one = predictive(sd=2.0)
    assert chance_of_bound(one, "at_least", 6.0) == pytest.approx(stats.norm.sf(1.0))
    assert chance_of_bound(one, "less_than", 6.0) == pytest.approx(stats.norm.cdf(1.0))


def test_worlds_with_nothing_put_their_reports_at_the_low_end() -> None:
    one = predictive("log", truth=np.zeros(1), sd=0.3, wrong=0.1)
    # right reports lie below the range, wrong ones scatter about its low end
    assert one.cdf(np.array([1.0]))[0] == pytest.approx(0.9 + 0.1 * 0.5)
    far = score(one, 1e6, 1e6)
    assert far.crps == pytest.approx(np.log(1e6) - 0.1 * 0.9 / np.sqrt(2 * np.pi) * 2, rel=0.02)
    assert one.density(np.exp(0.9)) == pytest.approx(0.1 * stats.norm.pdf(1.0) / 0.9)

"""The model against baselines: skill, bounds over quantities, and the mean PIT."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.evidence.test_pooling import row

from quidproquo.evidence.checks.comparison import compare_with_baseline, mean_pit
from quidproquo.evidence.checks.pooling import ScoreRow


def target(quantity: str, ours: float, theirs: float, gain: float = 0.0) -> ScoreRow:
    return row(quantity, crps=ours, crps_trend=theirs, log_score=gain, log_score_trend=0.0)


def test_skill_is_that_of_pooled_scores() -> None:
    found = compare_with_baseline(0, [target("a", 1.0, 2.0, 0.5), target("b", 3.0, 2.0, -0.1)], "trend")
    assert found is not None
    assert found.skill == pytest.approx(0.0)
    assert found.log_score_difference == pytest.approx(0.2)
    assert (found.targets, found.quantities) == (2, 2)


def test_one_quantity_has_no_bound_and_nothing_has_no_scores() -> None:
    found = compare_with_baseline(0, [target("a", 1.0, 2.0), target("a", 1.5, 2.0)], "trend")
    assert found is not None
    assert found.skill_bound is found.log_score_difference_bound is None
    assert compare_with_baseline(0, [], "trend") is None


def test_bound_is_repeatable_and_seed_0_is_a_seed() -> None:
    drawn = np.random.default_rng(4).uniform(1.0, 3.0, size=(12, 3))
    targets = [target(name, *row) for name, row in zip("abcdefghijkl", drawn, strict=True)]
    assert compare_with_baseline(0, targets, "trend") == compare_with_baseline(0, targets[::-1], "trend")
    first, other = compare_with_baseline(0, targets, "trend"), compare_with_baseline(1, targets, "trend")
    assert first is not None
    assert other is not None
    assert first.skill_bound != other.skill_bound
    assert first.skill_bound == pytest.approx(other.skill_bound, abs=0.02)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0.1, 5.0), min_size=2, max_size=9), st.floats(0.05, 0.9))
def test_bound_lies_below_the_estimate_and_a_constant_ratio_is_certain(
    scores: list[float], ratio: float
) -> None:
    targets = [target(str(i), ratio * score, score, 0.3) for i, score in enumerate(scores)]
    found = compare_with_baseline(3, targets, "trend")
    assert found is not None
    assert found.skill == pytest.approx(1 - ratio)
    assert found.skill_bound == pytest.approx(1 - ratio)
    assert found.log_score_difference_bound == pytest.approx(0.3)


def test_bound_holds_about_as_often_as_it_says() -> None:
    """With 30 quantities, the true mean gain lies above the bound in about 90 % of repetitions."""
    rng = np.random.default_rng(0)
    above = 0
    for seed in range(200):
        gains = 0.4 + rng.normal(size=30)
        found = compare_with_baseline(
            seed, [target(str(i), 1.0, 1.0, g) for i, g in enumerate(gains)], "trend"
        )
        assert found is not None
        assert found.log_score_difference_bound is not None
        above += found.log_score_difference_bound < 0.4
    # the percentile bootstrap of 30 is a little too narrow, by about 2 %
    low, high = stats.binom.ppf([5e-4, 1 - 5e-4], 200, [0.87, 0.91])
    assert low <= above <= high


def test_the_mean_pit_is_the_mean_over_targets() -> None:
    found = mean_pit(0, [row("a", pit=0.9), row("a", "2025-01-01", pit=0.7), row("b", pit=0.2)])
    assert found is not None
    assert found.mean == pytest.approx(0.6)
    assert (found.low, found.high) == pytest.approx((0.2, 0.8))
    alone = mean_pit(0, [row("a", pit=0.9)])
    assert alone is not None
    assert alone.low is alone.high is None
    assert mean_pit(0, []) is None


def test_the_interval_of_the_mean_pit_holds_a_half_nine_times_in_ten() -> None:
    """Places of a calibrated forecast that hang together within a quantity, 30 quantities at a time."""
    rng, runs = np.random.default_rng(1), 300
    held = 0
    for _ in range(runs):
        places = stats.norm.cdf(rng.normal(size=(30, 1)) * 0.8 + rng.normal(size=(30, 4)) * 0.6)
        targets = [row(f"q{q}", f"day {d}", pit=float(places[q, d])) for q in range(30) for d in range(4)]
        found = mean_pit(0, targets)
        assert found is not None
        held += (found.low or 0.0) <= 0.5 <= (found.high or 0.0)
    # a bootstrap over 30 clusters is a little narrow: about 88 of 100
    low, high = stats.binom.ppf([0.0005, 0.9995], runs, 0.88) / runs
    assert low <= held / runs <= high

"""The test of ranks against theory: even ranks pass as often as stated, others don't."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from quidproquo.evidence.checks.sbc import bands, bonferroni, rank, uniformity

RANKS, REPLICATES, TRIES = 9, 60, 2000


@pytest.fixture(scope="module")
def even() -> np.ndarray:
    return np.random.default_rng(1).multinomial(REPLICATES, np.full(RANKS, 1 / RANKS), TRIES)


def test_even_ranks_fail_no_more_often_than_stated(even):
    p = np.array([uniformity(counts) for counts in even])
    for level in (0.01, 0.05, 0.2):
        # p-values of counts are discrete: they may be a little larger than uniform, never smaller
        assert np.sum(p <= level) <= stats.binom.ppf(0.9995, TRIES, level)
        assert np.sum(p <= level) >= stats.binom.ppf(0.0005, TRIES, 0.6 * level)


def farthest(counts: np.ndarray) -> float:
    """The least two-sided tail of the counts of ranks below each place."""
    below = np.cumsum(counts)[:-1]
    binomial = stats.binom(counts.sum(), np.arange(1, len(counts)) / len(counts))
    return float(np.min(2 * np.minimum(binomial.cdf(below), binomial.sf(below - 1))))


def test_the_p_value_is_that_of_simulated_even_ranks(even):
    known = np.array([farthest(counts) for counts in even])
    for counts in even[:5]:
        share = np.mean(known <= farthest(counts) * (1 + 1e-9))
        p = uniformity(counts)
        assert abs(p - share) < 4 * np.sqrt(p * (1 - p) / TRIES) + 1e-3


@pytest.mark.parametrize(("a", "b"), [(2.0, 2.0), (0.5, 0.5), (1.6, 1.0), (1.0, 1.6)])
def test_ranks_that_are_not_even_fail(a, b):
    drawn = np.random.default_rng(2).beta(a, b, 400)
    counts = np.bincount((33 * drawn).astype(int), minlength=33)
    assert uniformity(counts) < 1e-4


def test_bands_hold_all_counts_at_once_as_often_as_stated(even):
    held = bands(REPLICATES, RANKS, 0.9)
    below = np.cumsum(even, axis=1)[:, :-1]
    inside = np.mean(np.all((below >= held.low) & (below <= held.high), axis=1))
    error = np.sqrt(0.9 * 0.1 / TRIES)
    assert 0.9 - 4 * error < inside < 0.96
    # each count on its own is inside more often, else not all would be
    assert np.all(np.diff(held.low) >= 0)
    assert np.all(held.low < held.high)


def test_a_p_value_and_its_band_agree(even):
    held = bands(REPLICATES, RANKS, 0.9)
    for counts in even[:200]:
        below = np.cumsum(counts)[:-1]
        outside = bool(np.any((below < held.low) | (below > held.high)))
        assert outside == (uniformity(counts) <= 0.1)


def test_ranks_count_draws_below_and_break_ties_evenly():
    rng = np.random.default_rng(3)
    draws = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [3.0, 2.0]])
    found = np.array([rank(rng, np.array([1.5, 1.0]), draws) for _ in range(4000)])
    assert set(found[:, 0]) == {2}
    counts = np.bincount(found[:, 1], minlength=5)
    assert counts[4] == 0  # no more than the three that tie lie below
    assert stats.chisquare(counts[:4]).pvalue > 0.001


def test_the_overall_p_value_is_bonferronis():
    assert bonferroni(np.array([0.3, 0.01, 0.5])) == pytest.approx(0.03)
    assert bonferroni(np.array([0.6, 0.9])) == 1.0

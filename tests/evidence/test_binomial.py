"""The binomial distribution against SciPy's, and ranks against SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from quidproquo.evidence.checks.binomial import binomial_cdf, binomial_pmf, binomial_quantile
from quidproquo.evidence.weights.ranks import average_ranks

SHARES = st.floats(0.01, 0.99)


@given(st.integers(1, 300), SHARES)
def test_the_binomial_is_scipys(total, share):
    counts, rival = np.arange(-1, total + 2), stats.binom(total, share)
    assert binomial_cdf(counts, total, share) == pytest.approx(rival.cdf(counts), abs=1e-12)
    inside = np.arange(total + 2)
    found = binomial_pmf(inside[None, :], np.array([[total]]), share)[0]
    assert found == pytest.approx(rival.pmf(inside), abs=1e-12)


@given(st.integers(1, 300), SHARES, st.floats(0.001, 0.999))
def test_the_quantile_is_the_smallest_count_that_reaches_it(total, share, level):
    found = binomial_quantile(level, total, share)
    assert binomial_cdf(np.array(found), total, share) >= level
    assert found == 0 or binomial_cdf(np.array(found - 1), total, share) < level
    assert abs(found - stats.binom.ppf(level, total, share)) <= 1  # rounding at a step, at most


@given(st.integers(0, 2**31), st.booleans())
def test_ranks_are_scipys(seed, ties):
    values = np.random.default_rng(seed).normal(size=(40, 3))
    if ties:
        values[:, 1:] = values[:, 1:].round()
    assert np.array_equal(average_ranks(values), stats.rankdata(values, axis=0))

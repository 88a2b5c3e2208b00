"""Run ESS, Monte Carlo errors and weighted quantiles against closed forms."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from quidproquo.evidence.weights.estimators import (
    Ladder,
    Tail,
    mcse,
    normalised,
    run_ess,
    summary,
    weighted_mean,
    weighted_quantile,
)
from quidproquo.terms.errors import EvidenceError

LEVELS = np.array([0.05, 0.5, 0.95])


def test_the_run_ess_of_independent_draws_is_near_their_number():
    rng = np.random.default_rng(3)
    draws = rng.normal(size=(16_000, 100))
    island = np.arange(16_000) // 250
    ess = run_ess(draws, np.zeros(16_000), island)
    # Between 64 islands the variance has 63 degrees of freedom; harmonic means undo its skew.
    assert 1.0 / np.mean(1.0 / ess) == pytest.approx(16_000, rel=0.08)


def test_islands_that_disagree_leave_few_draws():
    rng = np.random.default_rng(4)
    island = np.arange(8000) // 1000
    shift = np.arange(8.0)[island]
    ess = run_ess(shift + 0.01 * rng.normal(size=8000), np.zeros(8000), island)
    assert ess == pytest.approx(8 * 5.25 / 6.0, rel=1e-3)


def test_mcse_is_the_islands_spread_over_the_root_of_their_number():
    means = np.array([1.0, 2.0, 4.0, 8.0, 3.0, 5.0, 6.0, 7.0])
    values = np.repeat(means, 10) + np.tile([-1.0, 1.0], 40)
    got = mcse(values, np.zeros(80), np.repeat(np.arange(8), 10))
    assert got == pytest.approx(means.std(ddof=1) / np.sqrt(8))


def test_one_heavy_island_cannot_hide_the_others():
    means = np.arange(8.0)
    log_weight = np.where(np.arange(8) == 0, 20.0, 0.0)
    got = mcse(means, log_weight, np.arange(8))
    assert got > 1.0


def test_a_constant_needs_no_draws():
    ess = run_ess(np.full((800, 2), 0.1), np.random.default_rng(0).normal(size=800), np.arange(800) // 100)
    assert np.isinf(ess).all()


def test_seven_islands_are_too_few():
    with pytest.raises(EvidenceError, match="number of islands with weight is 7, but it must be at least 8"):
        run_ess(np.arange(70.0), np.zeros(70), np.arange(70) // 10)


def test_an_island_without_weight_does_not_count():
    log_weight = np.where(np.arange(80) < 10, -np.inf, 0.0)
    with pytest.raises(EvidenceError, match="is 7"):
        mcse(np.arange(80.0), log_weight, np.arange(80) // 10)


def test_nothing_weighs():
    with pytest.raises(EvidenceError, match="largest log-weight is -inf"):
        normalised(np.full(5, -np.inf))


def test_a_world_with_weight_must_have_a_value():
    with pytest.raises(EvidenceError, match="mark such worlds as failed"):
        weighted_mean(np.array([1.0, np.nan]), np.zeros(2))


def test_failed_worlds_may_hold_anything():
    log_weight = np.array([0.0, -np.inf, 0.0])
    assert weighted_mean(np.array([1.0, np.nan, 3.0]), log_weight) == 2.0
    assert weighted_quantile(np.array([1.0, np.nan, 3.0]), log_weight, np.array([0.0, 1.0])).tolist() == [
        1,
        3,
    ]


@given(
    hnp.arrays(np.float64, st.integers(1, 700), elements=st.floats(-5, 5).map(lambda x: round(x, 1))),
    st.integers(0, 2**31),
    hnp.arrays(np.float64, 4, elements=st.floats(0, 1)),
)
def test_quantiles_agree_with_numpy(values, seed, levels):
    log_weight = np.random.default_rng(seed).normal(size=values.size)
    weights = normalised(log_weight)
    got = weighted_quantile(values, log_weight, levels)
    reached = np.cumsum(weights[np.argsort(values, kind="stable")])
    # At a step of the distribution either side is right, by the last bit of a sum.
    near = np.abs(reached[:, None] - levels).min(axis=0) < 1e-9
    want = np.quantile(values, levels, weights=weights, method="inverted_cdf")
    assert (got == want)[~near].all()
    assert (np.isin(got, values)).all()


@given(st.integers(0, 2**31), st.integers(1, 400))
def test_the_order_of_worlds_does_not_matter(seed, count):
    rng = np.random.default_rng(seed)
    values, log_weight = rng.normal(size=(count, 2)), rng.normal(size=count)
    order = rng.permutation(count)
    levels = np.array([0.013, 0.5001, 0.977])
    assert np.array_equal(
        weighted_quantile(values, log_weight, levels),
        weighted_quantile(values[order], log_weight[order], levels),
    )
    assert weighted_mean(values[order], log_weight[order]) == pytest.approx(weighted_mean(values, log_weight))


def test_the_tail_of_a_uniform():
    values = (np.arange(100_000) + 0.5)[None] / 100_000
    quantile, beyond = Tail(values).worst(np.ones(100_000))
    assert quantile[0] == pytest.approx(0.95, abs=2e-5)
    assert beyond[0] == pytest.approx(0.975, abs=2e-5)


def test_the_tail_reaches_beyond_its_head_where_the_weight_is_low_down():
    values = np.arange(10_000.0)[None]
    weights = np.where(np.arange(10_000) < 100, 1.0, 0.0)
    quantile, beyond = Tail(values).worst(weights)
    assert quantile[0] == 94.0
    assert beyond[0] == pytest.approx(np.mean([95, 96, 97, 98, 99]))


def test_the_tail_splits_a_heavy_world():
    quantile, beyond = Tail(np.array([[0.0, 1.0, 10.0]])).worst(np.array([0.9, 0.08, 0.02]))
    assert quantile[0] == 1.0
    assert beyond[0] == pytest.approx((0.02 * 10 + 0.03 * 1) / 0.05)


def test_a_ladder_is_read_under_other_weights():
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(11, 3000))
    ladder = Ladder(rows)
    for seed in range(3):
        weights = np.random.default_rng(seed).random(3000)
        want = np.quantile(rows[7], LEVELS, weights=weights, method="inverted_cdf")
        assert np.array_equal(ladder.quantiles(weights, LEVELS)[:, 7], want)


def test_a_quantile_needs_a_share():
    with pytest.raises(EvidenceError, match="between 0 and 1"):
        weighted_quantile(np.arange(3.0), np.zeros(3), np.array([1.2]))


def test_the_summary_keeps_the_shape_of_the_columns():
    rng = np.random.default_rng(6)
    found = summary(rng.normal(size=(800, 2, 3)), np.zeros(800), np.arange(800) // 100)
    assert found.mean.shape == found.q95.shape == found.run_ess.shape == (2, 3)
    assert found.sd == pytest.approx(1.0, abs=0.15)
    assert (found.q05 < found.q25).all()


PROGRAM = """
import hashlib, numpy as np
from quidproquo.sensitivity.evaluator import products
from quidproquo.evidence.weights.reweight import psis
from quidproquo.evidence.weights.estimators import summary
rng = np.random.default_rng(1)
x, lw, island = rng.normal(size=(20000, 40)), rng.normal(size=20000), np.arange(20000) // 2500
s = summary(x, lw, island)
smoothed, k = psis(x[:, :4])
out = [s.mean, s.sd, s.mcse, s.run_ess, s.q50, smoothed, k, products(x.T.copy(), x.T.copy())]
print(hashlib.sha256(b"".join(np.ascontiguousarray(a).tobytes() for a in out)).hexdigest())
"""


def test_the_number_of_threads_does_not_change_a_byte():
    found = set()
    for threads in ("1", "2"):
        names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
        environment = os.environ | dict.fromkeys(names, threads) | {"PYTHONPATH": os.pathsep.join(sys.path)}
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
        )
        found.add(run.stdout)
    assert len(found) == 1

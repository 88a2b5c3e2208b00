"""Errors between islands of upper quantiles."""

import numpy as np
import pytest

from quidproquo.evidence.weights.estimators import Tail
from quidproquo.evidence.weights.jackknife import (
    Jackknife,
    JackknifeEstimate,
    jackknife_error,
    leave_one_out_means,
)


@pytest.mark.parametrize("uneven", [False, True])
def test_tails_without_each_island_are_those_of_the_rest(uneven: bool):
    rng = np.random.default_rng(5)
    rows, island = rng.normal(size=(5, 3000)), np.arange(3000) % 7
    weights = rng.exponential(size=3000) if uneven else np.full(3000, 1 / 3000)
    weights[island == 3] = 0.0  # an island without weight is not left out
    # nearly all of the weight is low: the kept end of this row holds too little of it
    weights = np.where(rows[4] > 0.5, 1e-4 * weights, weights)
    tail = Tail(rows)
    jackknife = Jackknife(tail, island)
    known = [0, 1, 2, 4, 5, 6]
    want = [tail.worst(np.where(island == one, 0.0, weights), 0.1)[0] for one in known]
    np.testing.assert_array_equal(jackknife.without(weights, 0.1), want)


def test_an_island_without_others_leaves_some_number():
    tail = Tail(np.random.default_rng(1).normal(size=(2, 600)))
    found = Jackknife(tail, np.zeros(600, dtype=int)).without(np.full(600, 1 / 600))
    assert found.shape == (1, 2)
    assert np.isfinite(found).all()


def test_the_error_of_means_is_that_of_the_jackknife_of_the_mean():
    values = np.random.default_rng(2).normal(size=12)
    left = (values.sum() - values) / 11
    assert jackknife_error(left) == pytest.approx(values.std(ddof=1) / np.sqrt(12))


def test_means_without_each_island_are_those_of_the_rest():
    rng = np.random.default_rng(4)
    weights, rows, island = rng.dirichlet(np.ones(60)), rng.normal(size=(60, 3)), np.arange(60) % 5
    sums = np.stack([weights[island == one] @ rows[island == one] for one in range(5)])
    shares = np.bincount(island, weights)
    found = leave_one_out_means(sums, shares)
    for one in range(5):
        rest = island != one
        assert found[one] == pytest.approx(np.average(rows[rest], axis=0, weights=weights[rest]))


def test_where_one_island_has_all_the_weight_its_replicate_is_the_mean():
    sums, shares = np.array([[2.0], [0.0]]), np.array([1.0, 0.0])
    assert leave_one_out_means(sums, shares).tolist() == [[2.0], [2.0]]


def test_shared_sources_of_error_cancel_in_a_shift():
    rng = np.random.default_rng(6)
    shared, own = rng.normal(size=(8, 2)), rng.normal(size=(8, 2))
    before = JackknifeEstimate(np.zeros(2), (shared,))
    after = JackknifeEstimate(np.ones(2), (shared + 3.0, own))
    assert after.shift_error(before) == pytest.approx([jackknife_error(column) for column in own.T])
    assert after.error() == pytest.approx(
        [np.hypot(jackknife_error(a), jackknife_error(b)) for a, b in zip(shared.T, own.T, strict=True)]
    )
    fewer = JackknifeEstimate(np.ones(2), (shared[:5],))
    assert fewer.shift_error(before) == pytest.approx(np.hypot(fewer.error(), before.error()))

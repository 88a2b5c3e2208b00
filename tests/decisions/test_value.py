"""The value function, regrets and what is read from an ensemble, against tables worked by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.decisions.builders import case, ensemble, metric

from quidproquo.decisions.panel import Panel
from quidproquo.decisions.value import scale_of, sound_worlds, valued_worlds
from quidproquo.evidence.weights.estimators import run_ess
from quidproquo.terms.errors import CaseError, EvidenceError


def test_value_is_straight_between_the_anchors_and_flat_far_beyond():
    scale = scale_of(case(metrics=(metric("gain", worst=10.0, best=20.0),)), ("gain",))
    outcomes = np.array([0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 99.0]).reshape(-1, 1, 1)
    assert scale.values(outcomes)[:, 0].tolist() == [-0.5, -0.5, 0.0, 0.5, 1.0, 1.5, 1.5]


def test_weights_are_normalised_and_less_may_be_better():
    scale = scale_of(case(metrics=(metric("gain", weight=3.0), metric("pain", "lower"))), ("gain", "pain"))
    assert scale.values(np.array([[[0.2, 0.6]]]))[0, 0] == pytest.approx(0.75 * 0.2 + 0.25 * 0.4)


def test_regret_by_hand():
    outcomes = np.array([[[3.0, 2.0], [5.0, 1.0], [1.0, 4.0]], [[2.0, 2.0], [2.0, 3.0], [0.0, 2.0]]])
    rules = case("abc", (metric("gain", worst=0.0, best=10.0), metric("pain", "lower", worst=10.0, best=0.0)))
    worlds = valued_worlds(ensemble(outcomes), rules)
    assert worlds.metric_regrets[:, :, 0].tolist() == [[2.0, 0.0, 4.0], [0.0, 0.0, 2.0]]
    assert worlds.metric_regrets[:, :, 1].tolist() == [[1.0, 0.0, 3.0], [0.0, 1.0, 0.0]]
    assert worlds.regrets == pytest.approx(np.array([[0.15, 0.0, 0.35], [0.0, 0.05, 0.1]]))
    assert worlds.best.tolist() == [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]


def test_thresholds_must_all_be_met():
    rules = case("ab", (metric("gain", threshold=0.5), metric("pain", "lower", threshold=0.3)))
    outcomes = np.array([[[0.5, 0.3], [0.6, 0.31]], [[0.4, 0.1], [0.9, 0.0]]])
    assert valued_worlds(ensemble(outcomes), rules).meets.tolist() == [[True, False], [False, True]]


def test_failed_worlds_are_left_out_and_counted():
    outcomes = np.random.default_rng(0).random((80, 2, 1))
    outcomes[::5] = np.nan
    failed = ensemble(outcomes, status=(np.arange(80) % 5 == 0).astype(int))
    worlds = valued_worlds(failed, case())
    assert worlds.failed == 16
    assert np.array_equal(worlds.kept, np.flatnonzero(np.arange(80) % 5))
    assert np.isfinite(worlds.values).all()


def test_worlds_come_in_the_order_of_their_islands():
    island = np.arange(80)[::-1] // 10
    kept, places = sound_worlds(ensemble(np.zeros((80, 2, 1)), island=island, log_weight=-island * 1.0))
    assert np.array_equal(places // 10, np.arange(80)[::-1] // 10)
    assert (np.diff(kept.island) >= 0).all()
    assert np.array_equal(kept.log_weight, -kept.island)


def test_no_world_and_no_number_are_errors():
    blank = ensemble(np.zeros((80, 2, 1)), status=np.ones(80, dtype=int))
    with pytest.raises(EvidenceError, match="weighted ensemble: worlds that ran is 0"):
        valued_worlds(blank, case())
    outcomes = np.zeros((80, 2, 1))
    outcomes[3, 1, 0] = np.inf
    with pytest.raises(EvidenceError, match="option 'b', metric 'gain': outcome is 'not a number'"):
        valued_worlds(ensemble(outcomes), case())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"best": 0.0}, "metric 'gain': best is 0.0, but it must be different from worst"),
        ({"direction": "lower"}, "direction is 'lower', but it must be on the side that `best` points to"),
        ({"weight": -1.0}, "weight is -1.0, but it must be zero or more"),
    ],
)
def test_impossible_metrics_say_why(changes, words):
    with pytest.raises(CaseError, match=words):
        scale_of(case(metrics=(dataclasses.replace(metric("gain"), **changes),)), ("gain",))


def test_what_the_case_lacks_is_an_error():
    with pytest.raises(CaseError, match="metric is 'pain'"):
        valued_worlds(ensemble(np.zeros((80, 2, 2))), case())
    with pytest.raises(CaseError, match="option is 'c'"):
        valued_worlds(ensemble(np.zeros((80, 3, 1))), case())


def test_figures_agree_with_plain_sums():
    rng = np.random.default_rng(2)
    rules = case("abc", (metric("gain"), metric("pain", "lower")))
    made = ensemble(rng.random((4000, 3, 2)), log_weight=rng.normal(size=4000))
    worlds = valued_worlds(made, rules)
    figures = Panel(worlds).figures(made.log_weight)
    w = made.weights
    assert figures.mean == pytest.approx(np.einsum("wom,w->om", made.outcomes, w))
    assert figures.regret == pytest.approx(np.einsum("wom,w->om", worlds.metric_regrets, w))
    assert figures.value_regret == pytest.approx(w @ worlds.regrets)
    assert figures.best_share == pytest.approx(w @ worlds.best)
    assert figures.robustness == pytest.approx(w @ worlds.meets)
    want = np.quantile(made.outcomes[:, 2, 1], [0.05, 0.5, 0.95], weights=w, method="inverted_cdf")
    assert figures.quantiles[:, 2, 1].tolist() == want.tolist()
    worst = np.quantile(worlds.regrets[:, 1], 0.95, weights=w, method="inverted_cdf")
    assert figures.value_regret_q95[1] == worst
    ess = run_ess(made.outcomes, made.log_weight, made.island)
    variance = np.einsum("wom,w->om", (made.outcomes - figures.mean) ** 2, w)
    assert figures.mcse**2 * ess == pytest.approx(variance)


@given(st.integers(0, 2**31))
def test_regrets_are_never_negative_and_someone_has_none(seed):
    rng = np.random.default_rng(seed)
    worlds = valued_worlds(
        ensemble(rng.normal(size=(40, 3, 2)).round(1)), case("abc", (metric("gain"), metric("pain")))
    )
    assert (worlds.regrets >= 0).all()
    assert (worlds.metric_regrets.min(axis=1) == 0).all()
    assert worlds.best.sum(axis=1) == pytest.approx(1.0)


@given(st.integers(0, 2**31), st.permutations([0, 1, 2]))
def test_the_order_of_options_does_not_matter(seed, order):
    rng = np.random.default_rng(seed)
    outcomes = rng.normal(size=(80, 3, 1))
    rules = case("abc")
    one = Panel(valued_worlds(ensemble(outcomes), rules)).figures(np.zeros(80))
    other = Panel(valued_worlds(ensemble(outcomes[:, order]), rules)).figures(np.zeros(80))
    assert np.array_equal(one.value_regret_q95[order], other.value_regret_q95)
    assert other.best_share == pytest.approx(one.best_share[order])

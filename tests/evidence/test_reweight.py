"""Re-weighting against arviz-stats and Gaussian closed forms."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from arviz_stats.base import array_stats
from hypothesis import given
from hypothesis import strategies as st

from quidproquo.evidence.weights.estimators import normalised, weighted_mean
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.reweight import Change, Reweighter, k_threshold, psis, reweight, weight_ess
from quidproquo.terms.errors import EvidenceError

SPREADS = np.array([1.0, 1.5, 2.0])
REPORTS = np.array([0.4, -0.2, 0.9])


def gaussian(worlds: int = 40_000, seed: int = 1, kind: str = "weighted") -> Ensemble:
    """Exact draws: prior N(0, 1), three reports with known spread; states by a coin of 0.3."""
    precision = 1.0 + np.sum(SPREADS**-2)
    mean = np.sum(REPORTS / SPREADS**2) / precision
    rng = np.random.default_rng(seed)
    level = rng.normal(size=worlds)
    if kind == "weighted":
        level = mean + level / np.sqrt(precision)
    return Ensemble(
        kind=kind,
        parameters=("level",),
        draws=level[:, None],
        log_weight=np.zeros(worlds),
        island=np.arange(worlds) * 8 // worlds,
        status=np.zeros(worlds, dtype=int),
        hypotheses=("motive",),
        states=(rng.random((worlds, 1)) < 0.3).astype(int),
        items=("one", "two", "three"),
        log_likelihood=-0.5 * ((level[:, None] - REPORTS) / SPREADS) ** 2,
        predicted=np.repeat(level[:, None], 3, axis=1),
        options=("a",),
        metrics=("gain",),
        outcomes=level[:, None, None],
    )


def posterior(kept: list[int], power: float = 1.0) -> tuple[float, float]:
    """Mean and standard deviation in closed form with the reports kept."""
    precision = 1.0 + power * np.sum(SPREADS[kept] ** -2)
    mean = power * np.sum(REPORTS[kept] / SPREADS[kept] ** 2) / precision
    return float(mean), float(precision**-0.5)


@pytest.mark.parametrize("count", [100, 225, 226, 1000, 20_000])
@pytest.mark.parametrize("spread", [0.1, 1.0, 3.0])
def test_psis_agrees_with_arviz(count, spread):
    log_ratio = np.random.default_rng(count).normal(size=(count, 3)) * spread
    got, k = psis(log_ratio)
    for column in range(3):
        want, khat = array_stats.psislw(-log_ratio[:, column])
        assert k[column] == pytest.approx(khat, abs=1e-9)
        assert got[:, column] == pytest.approx(want, abs=1e-8)


def test_psis_agrees_with_arviz_where_draws_hang_together():
    log_ratio = np.random.default_rng(2).normal(size=5000)
    _, k = psis(log_ratio, r_eff=0.3)
    assert k == pytest.approx(array_stats.psislw(-log_ratio, r_eff=0.3)[1], abs=1e-9)


@pytest.mark.parametrize("shape", [0.2, 0.5, 0.9])
def test_k_finds_the_shape_of_a_pareto_tail(shape):
    uniform = np.random.default_rng(7).random(100_000)
    _, k = psis(-shape * np.log(uniform))
    assert k == pytest.approx(shape, abs=0.12)


def test_psis_leaves_out_worlds_of_no_weight():
    log_ratio = np.random.default_rng(3).normal(size=4000)
    holes = np.r_[log_ratio, np.full(50, -np.inf)]
    got, k = psis(holes)
    want, khat = psis(log_ratio)
    assert k == khat
    assert np.array_equal(got[:4000], want)
    assert np.isneginf(got[4000:]).all()


def test_a_flat_tail_has_k_zero_and_too_few_worlds_an_infinite_one():
    assert psis(np.zeros(100))[1] == 0.0
    assert np.isinf(psis(np.arange(20.0))[1])


@given(st.integers(0, 2**31), st.floats(-600, 600))
def test_psis_does_not_mind_a_constant(seed, constant):
    log_ratio = np.random.default_rng(seed).standard_t(4, size=300)
    got, k = psis(log_ratio + constant)
    want, khat = psis(log_ratio)
    assert k == pytest.approx(khat, abs=1e-6)
    assert got == pytest.approx(want, abs=1e-6)
    assert np.exp(got).sum() == pytest.approx(1.0)


def test_psis_refuses_what_is_not_a_number():
    with pytest.raises(EvidenceError, match="log ratio is 'nan or inf'"):
        psis(np.array([0.0, np.nan]))
    with pytest.raises(EvidenceError, match="worlds with weight is 0"):
        psis(np.full(9, -np.inf))


def test_the_threshold_grows_with_the_draws():
    assert k_threshold(1e6) == 0.7
    assert k_threshold(100.0) == pytest.approx(0.5)
    assert k_threshold(10.0) == 0.0
    assert k_threshold(1.0) == 0.0


@pytest.mark.parametrize("dropped", [(0,), (1,), (0, 2)])
def test_dropping_reports_gives_the_closed_form(dropped):
    ensemble = gaussian()
    result = reweight(ensemble, Change(drop=tuple(ensemble.items[place] for place in dropped)))
    mean, sd = posterior([place for place in range(3) if place not in dropped])
    level = ensemble.draws[:, 0]
    got = weighted_mean(level, result.log_weight)
    assert result.reliable
    assert got == pytest.approx(mean, abs=4 * sd / np.sqrt(result.ess))
    assert np.sqrt(weighted_mean((level - got) ** 2, result.log_weight)) == pytest.approx(sd, rel=0.04)
    assert result.ess < 40_000


@pytest.mark.parametrize("power", [0.25, 0.5])
def test_half_the_evidence_from_either_side(power):
    mean, sd = posterior([0, 1, 2], power)
    for kind in ("weighted", "prior"):
        ensemble = gaussian(kind=kind)
        result = reweight(ensemble, Change(power=power))
        assert result.reliable
        got = weighted_mean(ensemble.draws[:, 0], result.log_weight)
        assert got == pytest.approx(mean, abs=4 * sd / np.sqrt(result.ess))


def test_dropping_and_tempering_together():
    ensemble = gaussian()
    result = reweight(ensemble, Change(drop=("two",), power=0.5))
    mean, sd = posterior([0, 2], 0.5)
    assert weighted_mean(ensemble.draws[:, 0], result.log_weight) == pytest.approx(mean, abs=0.05 * sd)


def test_a_prior_ensemble_may_hold_worlds_that_a_report_rules_out():
    ensemble = gaussian(kind="prior")
    walls = ensemble.log_likelihood.copy()
    walls[ensemble.draws[:, 0] > 1.0, 0] = -np.inf
    ensemble = dataclasses.replace(ensemble, log_likelihood=walls)
    kept = reweight(ensemble, Change(drop=("one",)))
    assert np.isfinite(kept.log_weight).all()
    every = reweight(ensemble, Change())
    assert np.isneginf(every.log_weight[ensemble.draws[:, 0] > 1.0]).all()


def test_a_hypothesis_gets_the_probability_asked_for():
    ensemble = gaussian()
    result = reweight(ensemble, Change(hypothesis="motive", state=1, probability=0.9))
    share = normalised(result.log_weight)[ensemble.states[:, 0] == 1].sum()
    assert share == pytest.approx(0.9)
    assert result.pareto_k == 0.0
    assert result.reliable


def test_another_factor_multiplies_the_weights():
    ensemble = gaussian()
    factor = 0.3 * ensemble.draws[:, 0]
    result = reweight(ensemble, Change(log_factor=factor))
    mean, sd = posterior([0, 1, 2])
    assert weighted_mean(ensemble.draws[:, 0], result.log_weight) == pytest.approx(
        mean + 0.3 * sd**2, abs=0.02
    )


def test_no_change_leaves_the_weights_as_they_are():
    ensemble = gaussian(2000)
    result = reweight(ensemble, Change())
    assert result.pareto_k == 0.0
    assert np.array_equal(normalised(result.log_weight), normalised(ensemble.log_weight))


def test_a_degenerate_change_is_found_out():
    ensemble = gaussian(4000)
    result = reweight(ensemble, Change(log_factor=-4.0 * (ensemble.draws[:, 0] - 6.0) ** 2))
    assert not result.reliable
    assert "can't be trusted" in result.verdict or "Too few" in result.verdict


def test_few_worlds_of_equal_weight_are_too_few_in_spite_of_k():
    ensemble = gaussian(4000)
    rare = np.zeros((4000, 1), dtype=int)
    rare[:8] = 1
    result = reweight(
        dataclasses.replace(ensemble, states=rare), Change(hypothesis="motive", state=1, probability=0.9)
    )
    assert result.pareto_k < result.threshold
    assert not result.reliable
    assert result.verdict.startswith("Too few worlds are left")


def test_failed_worlds_stay_out():
    ensemble = gaussian(2000)
    log_weight = ensemble.log_weight.copy()
    log_weight[::10] = -np.inf
    likelihood = ensemble.log_likelihood.copy()
    likelihood[::10] = -np.inf
    failed = dataclasses.replace(ensemble, log_weight=log_weight, log_likelihood=likelihood)
    result = reweight(failed, Change(drop=("one",), power=0.5))
    assert np.isneginf(result.log_weight[::10]).all()
    assert np.isfinite(np.delete(result.log_weight, np.s_[::10])).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change(drop=("four",)), "drop is 'four', but it must be an item of the ensemble"),
        (Change(power=1.5), "power is 1.5, but it must be from 0 to 1"),
        (Change(hypothesis="other", probability=0.5), "hypothesis is 'other', but it must be one of motive"),
        (
            Change(hypothesis="motive", probability=1.1),
            "probability is 1.1, but it must be above 0 and at most 1",
        ),
        (Change(hypothesis="motive", state=5, probability=0.5), "share of the weight is 0.0"),
    ],
)
def test_impossible_changes_say_why(change, words):
    with pytest.raises(EvidenceError, match=words):
        reweight(gaussian(800), change)


def test_the_weight_ess_is_kishs():
    assert weight_ess(np.zeros(50)) == pytest.approx(50)
    assert weight_ess(np.log([3.0, 1.0])) == pytest.approx(1.6)


def test_the_run_ess_bounds_what_is_trusted():
    ensemble = gaussian()
    few = Reweighter(ensemble, run_ess=50.0)
    assert few.threshold == pytest.approx(k_threshold(50.0))
    assert few.reweight(Change(drop=("one",))).ess < 50.0


def test_a_tail_that_lies_mostly_on_its_cutoff_is_fitted() -> None:
    # one grid point of the fit is then exactly b = 0, an exponential tail
    for worlds in (1024, 2048, 4096):
        log_ratio = np.zeros(worlds)
        log_ratio[: worlds // 200] = np.linspace(1.0, 3.0, worlds // 200)
        smoothed, k = psis(log_ratio)
        assert np.isfinite(smoothed).all()
        assert np.isfinite(k)


TIED = {
    "two values": [0.0, 3.0],
    "few values": [0.0, 0.5, 2.0, 6.0],
    "ties at the cutoff": [0.0, 1.0, 1.0, 1.0, 9.0],
}


@pytest.mark.parametrize("levels", TIED.values(), ids=TIED)
@given(seed=st.integers(0, 2**31))
def test_worlds_with_tied_ratios_weigh_alike_in_whatever_order(levels, seed):
    rng = np.random.default_rng(seed)
    log_ratio = rng.choice(levels, size=700)
    order = rng.permutation(log_ratio.size)
    weights, k = psis(log_ratio)
    shuffled, other = psis(log_ratio[order])
    assert other == k
    np.testing.assert_allclose(shuffled, weights[order], rtol=0, atol=1e-12)
    for level in np.unique(log_ratio):
        assert np.ptp(weights[log_ratio == level]) < 1e-12


@given(seed=st.integers(0, 2**31))
def test_tied_and_other_ratios_give_the_same_means_in_whatever_order(seed):
    """Half of the worlds stand twice, as after resampling: a mean must not turn on which of them is first."""
    rng = np.random.default_rng(seed)
    log_ratio = 2.0 * np.repeat(rng.normal(size=300), 2)
    values, order = rng.normal(size=600), rng.permutation(600)
    means = [
        np.exp(psis(ratio)[0]) @ about
        for ratio, about in ((log_ratio, values), (log_ratio[order], values[order]))
    ]
    assert means[1] == pytest.approx(means[0], abs=1e-12)


def test_ties_keep_the_tail_and_its_weight():
    """Sharing among ties moves no weight from one ratio to another."""
    rng = np.random.default_rng(3)
    untied = np.sort(2.0 * rng.normal(size=500))
    tied = untied.copy()
    tied[-6:-2] = tied[-6]
    weights, _ = psis(tied)
    assert np.ptp(weights[-6:-2]) == 0.0
    assert (np.diff(weights) >= -1e-12).all()
    assert np.exp(weights).sum() == pytest.approx(1.0)

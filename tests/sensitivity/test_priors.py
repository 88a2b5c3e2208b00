"""What-ifs on priors and structure against closed forms, and power-scaling against arviz-stats."""

from __future__ import annotations

import math

import numpy as np
import pytest
from arviz_stats.base import array_stats
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from tests.evidence.test_reweight import REPORTS, SPREADS, gaussian, posterior
from tests.sensitivity.test_leverage import judge

from quidproquo.evidence.weights.estimators import between_islands, weighted_mean
from quidproquo.evidence.weights.reweight import Change, Reweighter, reweight
from quidproquo.sensitivity.leverage import leverage
from quidproquo.sensitivity.priors import (
    ENDS,
    PowerScaling,
    _noise,
    log_prior,
    moved_prior,
    power_pull,
    power_sensitivity,
    prior_what_ifs,
    structure_what_ifs,
)

WORLDS = 200_000
PRECISION = float(np.sum(SPREADS**-2))
PULL = float(np.sum(REPORTS / SPREADS**2))


def moments(ensemble, change: Change) -> tuple[float, float]:
    level = ensemble.draws[:, 0]
    result = reweight(ensemble, change)
    assert result.reliable
    mean = float(weighted_mean(level, result.log_weight))
    return mean, math.sqrt(float(weighted_mean((level - mean) ** 2, result.log_weight)))


@pytest.mark.parametrize("end", [*ENDS.values(), 0.5])
def test_a_moved_prior_gives_the_closed_form(end):
    ensemble = gaussian(WORLDS)
    mean, sd = moments(ensemble, Change(log_factor=moved_prior(ensemble.draws[:, 0], end)))
    # precisions add up: the prior's is 1, and it now pulls to `end`
    assert mean == pytest.approx((PULL + end) / (1.0 + PRECISION), abs=0.02)
    assert sd == pytest.approx((1.0 + PRECISION) ** -0.5, rel=0.03)


@pytest.mark.parametrize("power", [0.8, 1.25, 2.0])
def test_a_prior_to_a_power_gives_the_closed_form(power):
    ensemble = gaussian(WORLDS)
    mean, sd = moments(ensemble, Change(log_factor=(power - 1.0) * log_prior(ensemble.draws[:, 0])))
    assert mean == pytest.approx(PULL / (power + PRECISION), abs=0.01)
    assert sd == pytest.approx((power + PRECISION) ** -0.5, rel=0.02)


def test_a_moved_prior_is_the_ratio_of_two_densities():
    z = np.linspace(-3.0, 3.0, 7)
    assert moved_prior(z, 1.3) == pytest.approx(norm.logpdf(z, 1.3) - norm.logpdf(z))
    assert log_prior(z) == pytest.approx(norm.logpdf(z) - norm.logpdf(0.0))


def test_every_prior_that_is_not_fixed_is_moved_to_both_ends():
    z = np.random.default_rng(0).normal(size=(50, 3))
    sets = prior_what_ifs(("a", "b", "c"), {"a": "Alpha"}, z, np.array([1.0, 0.0, 2.0]))
    assert [(s.kind, s.id, s.title) for s in sets] == [
        ("prior", "a=q05", "Alpha, prior moved to its 5% point"),
        ("prior", "a=q95", "Alpha, prior moved to its 95% point"),
        ("prior", "c=q05", "c, prior moved to its 5% point"),
        ("prior", "c=q95", "c, prior moved to its 95% point"),
    ]
    assert sets[3].change is not None
    assert np.array_equal(sets[3].change.log_factor, moved_prior(z[:, 2], ENDS["q95"]))


def test_leverage_of_a_prior_is_the_shift_in_closed_form():
    ensemble = gaussian(WORLDS)
    level = ensemble.draws[:, 0]
    sets = prior_what_ifs(("level",), {}, ensemble.draws, np.ones(1))
    low, high = leverage(judge(ensemble, {"level": level}), sets)
    _, sd = posterior([0, 1, 2])
    for entry, end in ((low, ENDS["q05"]), (high, ENDS["q95"])):
        # the mean moves by end × sd², so by end × sd posterior standard deviations
        assert entry.shift["level"] == pytest.approx(end * sd, abs=0.03)
        assert entry.reliable
    # option a gains by a high level, b doesn't
    assert high.best_share["a"] > low.best_share["a"]


def test_a_prior_moved_far_from_the_worlds_can_not_be_judged():
    ensemble = gaussian(4_000)
    far = reweight(ensemble, Change(log_factor=moved_prior(ensemble.draws[:, 0], 8.0)))
    assert not far.reliable


def test_states_are_taken_for_certain():
    ensemble = gaussian(40_000)
    titles = {"motive": {"greed": "Greed", "fear": "Fear", "none": "Nothing"}}
    alive = np.isfinite(ensemble.log_weight)
    sets = structure_what_ifs(ensemble.states, titles, alive)
    # no world holds the third state
    assert [(s.kind, s.id, s.title) for s in sets] == [
        ("structure", "motive=greed", "Greed"),
        ("structure", "motive=fear", "Fear"),
    ]
    level = ensemble.draws[:, 0]
    found = leverage(judge(ensemble, {"level": level}), sets)
    for place, entry in enumerate(found):
        inside = ensemble.states[:, 0] == place
        want = (level[inside].mean() - level.mean()) / level.std()
        assert entry.shift["level"] == pytest.approx(want, abs=1e-9)
        assert entry.ess == pytest.approx(inside.mean() * Reweighter(ensemble).run_ess)


def test_a_state_that_holds_everywhere_is_no_what_if():
    states = np.zeros((30, 1), dtype=int)
    assert structure_what_ifs(states, {"motive": {"greed": "Greed", "fear": "Fear"}}, np.ones(30, bool)) == []


def _arviz(values: np.ndarray, log_factor: np.ndarray) -> float:
    """The published measure: differences at powers of 0.99 and 1.01."""
    weights = [np.exp((power - 1.0) * log_factor)[None] for power in (0.99, 1.01)]
    return float(array_stats.power_scale_sense(values[None], *weights, 0.99, 1.01))


@pytest.mark.parametrize("shape", ["normal", "skewed", "bounded"])
@pytest.mark.parametrize("factor", ["prior", "likelihood"])
def test_sensitivity_agrees_with_arviz(shape, factor):
    ensemble = gaussian(20_000)
    level = ensemble.draws[:, 0]
    values = {"normal": level, "skewed": np.exp(level), "bounded": norm.cdf(level)}[shape]
    gained = log_prior(level) if factor == "prior" else ensemble.log_likelihood.sum(axis=1)
    # one island has no variance between islands, so nothing is taken off
    plain = power_sensitivity(values, gained, ensemble.log_weight, np.zeros(level.size, dtype=int))
    assert plain == pytest.approx(_arviz(values, gained), rel=0.02)
    # what is taken off here is little: an error of 0.4 % of a deviation
    debiased = power_sensitivity(values, gained, ensemble.log_weight, ensemble.island)
    assert debiased == pytest.approx(plain, rel=0.02)


def test_noise_is_taken_off():
    rng = np.random.default_rng(4)
    island = np.repeat(np.arange(16), 250)
    found, raw = [], []
    for _ in range(20):
        # nothing ties the two together, and the claims' log-likelihood is as noisy as that of a big case
        values, gained = rng.normal(size=4_000), 8.0 * rng.normal(size=4_000)
        found.append(power_sensitivity(values, gained, np.zeros(4_000), island))
        raw.append(power_sensitivity(values, gained, np.zeros(4_000), np.zeros(4_000, dtype=int)))
    assert np.median(raw) > 1.5 * np.median(found)
    assert np.mean(np.square(found)) < 0.5 * np.mean(np.square(raw))


def test_diagnosis_of_planted_cases():
    rng = np.random.default_rng(1)
    worlds = 40_000
    island = np.arange(worlds) * 16 // worlds

    def scaling(report: float, spread: float) -> PowerScaling:
        """Prior N(0, 1) and one report with a known spread, in closed form."""
        precision = 1.0 + spread**-2
        level = report / spread**2 / precision + rng.normal(size=worlds) / math.sqrt(precision)
        likelihood = -0.5 * ((level - report) / spread) ** 2
        both, weight = (log_prior(level), likelihood), np.zeros(worlds)
        pulls = [power_pull(level, f, weight) for f in both]
        # each doubling moves the mean by ln 2 × mean × sd, the prior towards 0 and the claims away
        want = math.log(2.0) * report / spread**2 / precision**1.5
        # Monte Carlo errors of a covariance: a few hundredths of a deviation at these numbers
        assert pulls == pytest.approx([-want, want], abs=0.03)
        return PowerScaling(*(power_sensitivity(level, f, weight, island) for f in both), *pulls)

    assert scaling(3.0, 1.0).diagnosis == "prior and claims disagree"
    assert scaling(0.0, 20.0).diagnosis == "the prior decides"
    assert scaling(0.3, 0.2).diagnosis == "the claims decide"


@pytest.mark.parametrize(
    ("scaling", "words"),
    [
        (PowerScaling(0.05, 0.05, -0.3, 0.3), "prior and claims disagree"),
        (PowerScaling(0.05, 0.05, 0.3, 0.3), "both decide"),
        (PowerScaling(0.2, 0.2, -0.1, 0.4), "both decide"),
        (PowerScaling(0.05, 0.049, -0.3, 0.3), "the prior decides"),
        (PowerScaling(0.049, 0.05, -0.3, 0.3), "the claims decide"),
        (PowerScaling(0.049, 0.049, -0.3, 0.3), "neither moves it"),
    ],
)
def test_diagnosis_in_words(scaling, words):
    assert scaling.diagnosis == words


@given(st.integers(0, 2**31), st.floats(-50.0, 50.0), st.floats(0.01, 100.0))
def test_sensitivity_minds_neither_place_nor_unit(seed, place, unit):
    rng = np.random.default_rng(seed)
    values, gained = rng.normal(size=400), rng.normal(size=400)
    weight, island = np.log(rng.random(400)), np.arange(400) // 50
    found = power_sensitivity(values, gained + values, weight, island)
    assert found >= 0.0
    assert power_sensitivity(unit * values + place, gained + values - 3.0, weight, island) == pytest.approx(
        found, rel=1e-6, abs=1e-9
    )
    # twice the factor, twice the speed
    assert power_sensitivity(values, 2.0 * (gained + values), weight, island) == pytest.approx(
        2.0 * found, rel=1e-6, abs=1e-9
    )
    assert power_sensitivity(-values, gained + values, weight, island) == pytest.approx(
        found, rel=0.02, abs=0.002
    )


def test_what_does_not_vary_is_not_sensitive_and_dead_worlds_do_not_count():
    ensemble = gaussian(4_000)
    level, weight = ensemble.draws[:, 0], ensemble.log_weight.copy()
    assert power_sensitivity(np.ones(4_000), level, weight, ensemble.island) == 0.0
    assert power_pull(np.ones(4_000), level, weight) == 0.0
    values = level.copy()
    weight[::7] = -np.inf
    values[::7] = np.nan
    alive = np.isfinite(weight)
    want = power_sensitivity(level[alive], level[alive], weight[alive], ensemble.island[alive])
    assert power_sensitivity(values, level, weight, ensemble.island) == pytest.approx(want, rel=1e-12)
    want = power_pull(level[alive], level[alive], weight[alive])
    assert power_pull(values, level, weight) == pytest.approx(want, rel=1e-12)


@pytest.mark.parametrize("worlds", [300, 5000])
def test_the_noise_of_a_distribution_function_is_that_between_islands(worlds):
    rng = np.random.default_rng(8)
    island = rng.integers(0, 16, worlds)
    weight = rng.exponential(size=worlds)
    weight /= weight.sum()
    gained = rng.normal(size=worlds) + 0.2 * island
    gained -= weight @ gained
    shares = np.bincount(island, weight)
    own = np.where(island == np.arange(16)[:, None], weight * gained, 0.0) / shares[:, None]
    sums = np.cumsum(own, axis=1)
    direct = np.log(2.0) ** 2 * between_islands(sums - np.cumsum(weight) * sums[:, -1:], shares)
    found = _noise(gained, weight, island)
    if worlds < 512:  # a knot at every rank
        np.testing.assert_allclose(found, direct, rtol=0.0, atol=1e-12)
    for part in np.array_split(np.arange(worlds), 5):  # it counts in integrals only
        assert found[part].sum() == pytest.approx(direct[part].sum(), rel=0.01)

"""The sampler against a fine quadrature of the same posterior."""

from __future__ import annotations

from datetime import date

import jax
import numpy as np
import pytest
from scipy import stats
from tests.worlds.small import Row, evidence_table, made_case

from quidproquo.cases.record import Hypothesis, HypothesisState
from quidproquo.evidence.observation import tables
from quidproquo.evidence.observation.forms import Contaminated, TwoSided
from quidproquo.evidence.observation.scales import LOG
from quidproquo.evidence.smc.bridge import bridge_to_powers
from quidproquo.evidence.smc.extension import extension_of
from quidproquo.evidence.smc.sample import PosteriorDraws, Settings, condition
from quidproquo.evidence.smc.target import build_target
from quidproquo.terms.errors import EvidenceError
from quidproquo.worlds.counting import counting
from quidproquo.worlds.model import Model, build_model

ISLANDS = 8
CLAIMS = (25e9, 32e9)
DAY = (date(2022, 3, 31), date(2022, 3, 31))
# a doubt that nothing depends on
DOUBT = Hypothesis("doubt", "?", (HypothesisState("yes", "", 0.3), HypothesisState("no", "", 0.7)))


@pytest.fixture(scope="module")
def drawn() -> tuple[Model, PosteriorDraws]:
    model = build_model(made_case(hypotheses=(DOUBT,)))
    target = build_target(model, evidence_table(*(Row(value=value) for value in CLAIMS)))
    return model, condition(
        jax.random.key(3), target, ISLANDS * 256, Settings(islands=ISLANDS, particles=256)
    )


def quadrature(powers: tuple[float, ...] = (1.0, 1.0)) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates of the output and their posterior weights, on a fine grid."""
    z = np.linspace(-8, 8, 40_001)
    low, high = np.log(10e9), np.log(40e9)
    log_output = 0.5 * (low + high) + 0.5 * (high - low) / stats.norm.ppf(0.95) * z
    factor = tables.BIAS_FACTOR["B"]
    biases = (tables.BIAS_SD["family"], factor * tables.BIAS_SD["origin"], factor * tables.BIAS_SD["pair"])
    sd = np.sqrt(tables.REPORT_SD["eq"] ** 2 + sum(b**2 for b in biases))
    own = (np.array(x) for x in (sd, tables.CONTAMINATION_FACTOR * sd, 1e9, 1e12))
    reports = Contaminated(TwoSided(LOG, *own), np.array(tables.WRONG_PROBABILITY[1]))
    log_density = stats.norm.logpdf(z)
    for value, power in zip(CLAIMS, powers, strict=True):
        observed = reports.form.observe_values(np.array(value))
        log_density += power * reports.log_density(observed, np.exp(log_output))
    density = np.exp(log_density)
    return z, density / density.sum()


def island_error(values: np.ndarray) -> tuple[float, float]:
    """Mean over islands, and its standard error from how they differ."""
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))


def check_against_quadrature(model: Model, found: PosteriorDraws) -> None:
    """Mean, spread and quantiles of the output agree with the fine grid's."""
    z, weights = quadrature()
    column = found.z[:, model.coordinates.index("economy.output")].astype(np.float64)
    islands = column.reshape(ISLANDS, -1)
    mean = np.sum(weights * z)
    below = np.cumsum(weights)
    quantities = {
        "mean": (islands.mean(axis=1), mean),
        "square": ((islands**2).mean(axis=1), np.sum(weights * z**2)),
    }
    for q in (0.05, 0.5, 0.95):
        at = z[np.searchsorted(below, q)]
        quantities[f"quantile {q}"] = ((islands < at).mean(axis=1), q)
    for name, (per_island, want) in quantities.items():
        value, error = island_error(per_island)
        assert error < 0.05, name
        assert abs(value - want) < 4 * error + 0.005, name
    assert 0.2 < np.sqrt(np.sum(weights * z**2) - mean**2) < 0.9  # the claims do bear


def test_mean_spread_and_quantiles_agree_with_quadrature(drawn):
    check_against_quadrature(*drawn)


def test_what_no_claim_bears_on_keeps_its_prior(drawn):
    model, found = drawn
    worlds = len(found.z)
    for name in ("economy.peak", "economy.workers"):
        column = found.z[:, model.coordinates.index(name)]
        assert abs(column.mean()) < 4.5 / np.sqrt(worlds)
        assert abs(column.std() - 1) < 4.5 / np.sqrt(2 * worlds)
    held = found.z[:, -1].reshape(ISLANDS, -1) < stats.norm.ppf(0.3)
    value, error = island_error(held.mean(axis=1))
    assert abs(value - 0.3) < 4 * error + 0.02


def test_the_shape_of_what_comes_back_and_the_same_seed(drawn):
    model, found = drawn
    assert found.z.shape == (ISLANDS * 256, len(model.coordinates))
    assert found.biases.shape == (ISLANDS * 256, 0)
    np.testing.assert_array_equal(np.bincount(found.island), 256)
    assert np.all((found.acceptance > 0.2) & (found.acceptance <= 1.0))
    assert np.all(found.temperatures <= 3)  # two claims on one number are soon taken in


@pytest.mark.parametrize("powers", [(0.0, 1.0), (1.0, 0.0), (0.5, 0.5), (0.0, 0.0), (1.0, 1.0)])
def test_conditioning_anew_reaches_the_posterior_of_other_powers(drawn, powers):
    model, found = drawn
    target = build_target(model, evidence_table(*(Row(value=value) for value in CLAIMS)))
    anew = bridge_to_powers(jax.random.key(4), extension_of(target), found, np.array(powers))
    assert anew.z.shape == found.z.shape
    z, weights = quadrature(powers)
    column = anew.z[:, model.coordinates.index("economy.output")].astype(np.float64)
    mean = np.sum(weights * z)
    for power, want in ((1, mean), (2, np.sum(weights * z**2))):
        value, error = island_error((column.reshape(ISLANDS, -1) ** power).mean(axis=1))
        assert error < 0.1
        assert abs(value - want) < 4.5 * error + 0.005


def test_conditioning_anew_shares_the_compiled_program(drawn):
    """Compiling takes seconds: once is enough where islands are as large."""
    target = build_target(drawn[0], evidence_table(Row(value=1e10)))
    chosen = Settings(sweeps=2, final_sweeps=4)
    found = condition(jax.random.key(0), target, 512, chosen)
    with counting() as count:
        # whatever the settings say of sweeps, and whatever the claims' numbers, grades and dates are
        bridge_to_powers(jax.random.key(1), extension_of(target), found, np.zeros(1))
        other = build_target(drawn[0], evidence_table(Row(value=3e10, grade="D4", event=DAY)))
        condition(jax.random.key(2), other, 700, Settings(keep=0.7, final_sweeps=5, most_steps=30))
    assert [name for name in count.names if "temper" in name or "evaluate" in name] == []


def test_too_few_worlds_are_refused():
    model = build_model(made_case(hypotheses=(DOUBT,)))
    target = build_target(model, evidence_table(Row(value=25e9)))
    with pytest.raises(EvidenceError, match=r"worlds.*100.*at least 128.*--worlds"):
        condition(jax.random.key(0), target, 100, Settings(islands=ISLANDS))

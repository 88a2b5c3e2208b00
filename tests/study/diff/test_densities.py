"""Densities of priors against those of SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from tests.brief.factory import make_brief

from quidproquo.study.diff.densities import log_density, prior_form
from quidproquo.study.schema.assumptions import AssumptionRecord

Z95 = 1.6448536269514722


def prior(distribution: str, low: float, high: float) -> AssumptionRecord:
    known = next(iter(make_brief(claims=4, documents=1, estimates=1).assumptions.values()))
    return known.model_copy(update={"distribution": distribution, "prior_q05": low, "prior_q95": high})


@pytest.mark.parametrize("distribution", ["normal", "date"])
def test_normal(distribution: str) -> None:
    x = np.linspace(-3.0, 9.0, 13)
    expected = stats.norm(3.0, 2.0 / Z95).logpdf(x)
    np.testing.assert_allclose(log_density(prior(distribution, 1.0, 5.0), x), expected)


def test_lognormal() -> None:
    x = np.geomspace(0.1, 50.0, 13)
    width = 0.5 * np.log(25.0) / Z95
    np.testing.assert_allclose(
        log_density(prior("lognormal", 1.0, 25.0), x), stats.lognorm(width, scale=5.0).logpdf(x)
    )


def test_logitnormal_has_all_its_probability() -> None:
    x = (np.arange(200_000) + 0.5) / 200_000
    one = prior("logitnormal", 0.2, 0.9)
    density = np.exp(log_density(one, x))
    assert density.mean() == pytest.approx(1.0, rel=1e-6)
    assert density[x < 0.2].sum() / len(x) == pytest.approx(0.05, abs=1e-4)


def test_uniform_and_loguniform() -> None:
    x = np.array([0.9, 1.1, 5.0, 9.9, 10.2])
    found = log_density(prior("uniform", 1.45, 9.55), x)
    np.testing.assert_allclose(found, [-np.inf, *[-np.log(9.0)] * 3, -np.inf])
    link, uniform, centre, width = prior_form(prior("loguniform", float(np.exp(0.1)), float(np.exp(1.9))))
    assert (link, uniform) == (1, True)
    assert (centre, width) == pytest.approx((1.0, 1.0))
    within = log_density(prior("loguniform", float(np.exp(0.1)), float(np.exp(1.9))), np.array([2.0, 8.0]))
    np.testing.assert_allclose(within, [-np.log(2.0 * 2.0), -np.inf])


def test_a_fixed_prior_has_no_density() -> None:
    assert log_density(prior("fixed", 2.0, 2.0), np.array([2.0])) == -np.inf

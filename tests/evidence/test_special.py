"""Special functions in both libraries, against SciPy."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import special as scipy_special
from scipy import stats

from quidproquo.evidence.observation import special

PLACES = np.linspace(-25.0, 8.0, 133)


def single(values: np.ndarray) -> jnp.ndarray:
    return jnp.asarray(values, jnp.float32)


def test_the_normal_distribution_function_holds_far_down_its_tail():
    want = scipy_special.ndtr(PLACES)
    np.testing.assert_allclose(special.normal_cdf(PLACES), want, rtol=1e-12)
    # where the tail begins to be worked out by itself is among the places
    at = np.array([*PLACES[PLACES > -13], -3.001, -3.0, -2.999])
    np.testing.assert_allclose(special.normal_cdf(single(at)), scipy_special.ndtr(at), rtol=2e-4)
    assert float(special.normal_cdf(jnp.float32(-25.0))) < 1e-37


def test_log_densities_of_the_normal():
    sd = np.array(0.7)
    want = stats.norm.logpdf(PLACES * sd, 0.0, sd)
    np.testing.assert_allclose(special.log_normal_density(PLACES, sd), want, rtol=1e-12)
    np.testing.assert_allclose(special.log_normal_density(single(PLACES), single(sd)), want, rtol=1e-5)
    np.testing.assert_allclose(
        special.log_normal_cdf(single(PLACES)), stats.norm.logcdf(PLACES), rtol=1e-4, atol=1e-7
    )


@pytest.mark.parametrize("a", [-5.6, -0.6, 0.0, 0.3, 1.0, 8.0])
def test_owens_t(a):
    h = np.linspace(-4.0, 4.0, 33)
    want = scipy_special.owens_t(h, a)
    np.testing.assert_allclose(special.owens_t(h, np.array(a)), want, rtol=1e-12)
    np.testing.assert_allclose(special.owens_t(single(h), single(np.array(a))), want, atol=2e-5)


@pytest.mark.parametrize("mean", [1e-3, 0.4, 6.5, 40.0])
def test_poisson_sums(mean):
    counts = np.arange(-2.0, 60.0)
    want = stats.poisson.cdf(counts, mean)
    np.testing.assert_allclose(special.poisson_cdf(counts, np.array(mean)), want, atol=1e-12)
    np.testing.assert_allclose(special.poisson_cdf(single(counts), single(np.array(mean))), want, atol=1e-5)
    column, row = counts[:, None], np.full((len(counts), 1), mean)
    np.testing.assert_allclose(special.poisson_cdf_of_constants(column, row)[:, 0], want, atol=1e-12)
    np.testing.assert_allclose(special.poisson_cdf_of_constants(column, single(row))[:, 0], want, atol=1e-5)


def test_factorials_and_shares():
    np.testing.assert_allclose(
        special.log_factorial(np.arange(6.0)), np.log([1, 1, 2, 6, 24, 120]), atol=1e-12
    )
    np.testing.assert_allclose(
        special.log_factorial(single(np.arange(6.0))), np.log([1, 1, 2, 6, 24, 120]), atol=1e-5
    )
    for x in (PLACES, single(PLACES)):
        np.testing.assert_allclose(special.logistic(x), 1 / (1 + np.exp(-PLACES)), rtol=1e-5)

"""Probabilities of reports beyond a place, against SciPy's skew normal."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from quidproquo.evidence.observation import tails

GAPS = np.linspace(-2.0, 2.0, 41)


def column(*values: float) -> jnp.ndarray:
    return jnp.asarray(values, jnp.float32)[:, None]


def gaps() -> jnp.ndarray:
    return jnp.asarray(GAPS, jnp.float32)[None, :]


@pytest.mark.parametrize("side", [-1.0, 1.0])
@pytest.mark.parametrize("sign", [-1.0, 1.0])
@pytest.mark.parametrize(("s", "w"), [(0.08, 0.45), (0.3, 0.5), (1.0, 0.6)])
def test_a_bound(side, sign, s, w):
    found = np.exp(np.asarray(tails.bound(column(side), gaps(), column(s), column(w), column(sign)))[0])
    skewed = stats.skewnorm(-sign * w / s, scale=np.hypot(s, w))
    want = skewed.cdf(GAPS) if side < 0 else skewed.sf(GAPS)
    np.testing.assert_allclose(found, np.maximum(want, 1e-7), atol=2e-5)

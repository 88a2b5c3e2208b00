"""Systematic resampling is what its definition says: every count within one of its expectation, unbiased."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from quidproquo.evidence.smc.resampling import systematic

SHARES = st.lists(st.floats(0.0, 1.0, width=32), min_size=1, max_size=12).filter(
    lambda some: sum(some) > 1e-3
)


def counts_of(seed: int, weights: np.ndarray, count: int) -> np.ndarray:
    chosen = np.asarray(systematic(jax.random.key(seed), jnp.asarray(weights, jnp.float32), count))
    assert (np.diff(chosen) >= 0).all()
    return np.bincount(chosen, minlength=len(weights))


@settings(max_examples=60, deadline=None)
@given(SHARES, st.integers(1, 50), st.integers(0, 2**31))
def test_every_particle_is_copied_as_often_as_its_weight_says_to_one_copy(shares, count, seed):
    weights = np.asarray(shares) / sum(shares)
    counts, expected = counts_of(seed, weights, count), count * weights
    assert counts.sum() == count
    # single precision moves the end of an interval by a few 1e-7
    assert (counts >= np.floor(expected - 1e-4)).all()
    assert (counts <= np.ceil(expected + 1e-4)).all()


def test_counts_are_unbiased():
    weights, count, runs = np.array([0.02, 0.13, 0.0, 0.35, 0.5]), 7, 4000
    draw = jax.jit(jax.vmap(lambda key: systematic(key, jnp.asarray(weights, jnp.float32), count)))
    chosen = np.asarray(draw(jax.random.split(jax.random.key(3), runs)))
    counts = np.stack([(chosen == particle).sum(axis=1) for particle in range(len(weights))], axis=1)
    error = np.maximum(counts.std(axis=0) / np.sqrt(runs), 1e-9)
    assert np.abs((counts.mean(axis=0) - count * weights) / error).max() < 4.5
    assert (counts[:, 2] == 0).all()


def test_level_weights_keep_every_particle():
    for seed in range(20):
        np.testing.assert_array_equal(counts_of(seed, np.full(1024, 1.0 / 1024), 1024), 1)


def test_copies_are_those_of_the_definition():
    """Copy i comes from the particle whose interval of the unit interval holds (i + u) / count."""
    key, weights = jax.random.key(11), np.array([0.3, 0.05, 0.4, 0.25])
    offset = float(jax.random.uniform(key, (), jnp.float32))
    ends = np.cumsum(weights)
    expected = [next(p for p, end in enumerate(ends) if (i + offset) / 9 < end) for i in range(9)]
    np.testing.assert_array_equal(systematic(key, jnp.asarray(weights, jnp.float32), 9), expected)

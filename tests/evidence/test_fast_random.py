"""Random words are even, and tell nothing of one another, whatever places and keys they come from."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from quidproquo.evidence.smc import fast_random
from quidproquo.evidence.smc.fast_random import normals, random_bits, uniforms

ROWS, COLUMNS, KEYS = 50, 256, 64


@pytest.fixture(scope="module")
def table() -> np.ndarray:
    """`[key, row, column]`, of keys as a sampler's steps have them: one folded into the next."""
    base = jax.random.key(0)
    return np.stack(
        [np.asarray(random_bits(jax.random.fold_in(base, i), ROWS, COLUMNS)) for i in range(KEYS)]
    )


def test_every_bit_is_as_often_one_as_zero(table):
    ones = np.array([(table >> bit & 1).mean() for bit in range(32)])
    error = 0.5 / np.sqrt(table.size)
    assert np.abs(ones - 0.5).max() < stats.norm.ppf(1 - 1e-4 / 64) * error


def test_bytes_are_even(table):
    for shift in (0, 8, 16, 24):
        count = np.bincount((table >> shift & 255).ravel(), minlength=256)
        assert stats.chisquare(count).pvalue > 1e-4


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_neighbours_tell_nothing_of_one_another(table, axis):
    """Pairs of neighbouring keys, rows and columns fall evenly into a square of 16 × 16."""
    for shift in (28, 0):
        nibble = (table >> shift & 15).astype(np.int64)
        one = np.take(nibble, range(nibble.shape[axis] - 1), axis)
        other = np.take(nibble, range(1, nibble.shape[axis]), axis)
        count = np.bincount((16 * one + other).ravel(), minlength=256)
        assert stats.chisquare(count).pvalue > 1e-4


def test_words_of_one_call_are_all_different(table):
    """Of 12,800 words of 32 bits, one pair in fifty tables is the same by chance."""
    pairs = [table[0].size - len(np.unique(one)) for one in table]
    assert sum(pairs) <= 8


def test_uniforms_lie_inside_and_normals_are_normal():
    even = np.asarray(uniforms(random_bits(jax.random.key(1), 64, 4096)))
    assert even.min() > 0.0
    assert even.max() < 1.0
    assert stats.kstest(even.ravel(), "uniform").pvalue > 1e-4
    drawn = np.asarray(normals(jax.random.key(2), 65, 4096))
    assert drawn.shape == (65, 4096)
    assert stats.kstest(drawn.ravel(), "norm").pvalue > 1e-4
    correlation = np.corrcoef(drawn)[np.triu_indices(65, 1)]
    assert np.abs(correlation).max() < stats.norm.ppf(1 - 1e-4 / correlation.size) / np.sqrt(4096)


def test_angles_lie_evenly_all_around_and_cosine_and_sine_are_the_librarys(table):
    cosine, sine = (
        np.asarray(part, dtype=np.float64).ravel() for part in fast_random._around(jnp.asarray(table))
    )
    np.testing.assert_allclose(cosine**2 + sine**2, 1.0, atol=1e-6)
    turns = np.arctan2(sine, cosine) / (2.0 * np.pi) + 0.5
    assert stats.kstest(turns, "uniform").pvalue > 1e-4
    quarter, place = np.asarray(table).ravel() >> 30, (np.asarray(table).ravel() >> 7) & 0x7FFFFF
    angle = 0.5 * np.pi * (quarter + (place + 0.5) / 2**23 - 0.5)
    np.testing.assert_allclose(cosine, np.cos(angle), atol=1e-6)
    np.testing.assert_allclose(sine, np.sin(angle), atol=1e-6)


def test_the_key_decides():
    one, same, other = (np.asarray(random_bits(jax.random.key(seed), 5, 8)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, same)
    assert (one != other).all()

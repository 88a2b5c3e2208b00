"""Random numbers: what is added must not disturb what was drawn."""

from __future__ import annotations

import jax
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from quidproquo.worlds.streams import BLOCK, even, normals, uniforms

KEY = jax.random.key(0)


def test_a_new_name_leaves_the_other_columns_bit_identical():
    few = normals(KEY, ("a", "b"), 100)
    more = normals(KEY, ("a", "new", "b"), 100)
    assert few.tobytes() == more[:, [0, 2]].tobytes()
    assert not np.array_equal(more[:, 1], more[:, 0])


def test_further_blocks_leave_earlier_worlds_bit_identical():
    for draw in (normals, uniforms, even):
        few, more = draw(KEY, ("a", "b"), BLOCK), draw(KEY, ("a", "b"), 2 * BLOCK + 17)
        assert more.shape == (2 * BLOCK + 17, 2)
        assert few.tobytes() == more[:BLOCK].tobytes()
        assert not np.array_equal(more[:BLOCK], more[BLOCK : 2 * BLOCK])


def test_seeds_differ():
    assert not np.array_equal(normals(KEY, ("a",), 10), normals(jax.random.key(1), ("a",), 10))


@settings(max_examples=10)
@given(seed=st.integers(0, 2**31 - 1))
def test_even_numbers_fill_every_stratum_once_a_block(seed: int):
    numbers = even(jax.random.key(seed), ("a", "b"), 2 * BLOCK)
    for block in (numbers[:BLOCK], numbers[BLOCK:]):
        strata = np.floor(block.astype(np.float64) * BLOCK).astype(int)
        for column in strata.T:
            np.testing.assert_array_equal(np.sort(column), np.arange(BLOCK))
    assert abs(np.corrcoef(numbers.T)[0, 1]) < 0.1


def test_normals_are_standard_and_uniforms_flat():
    z, u = normals(KEY, ("a",), 20_000)[:, 0], uniforms(KEY, ("a",), 20_000)[:, 0]
    assert abs(z.mean()) < 4 / np.sqrt(20_000)
    assert abs(z.var() - 1) < 4 * np.sqrt(2 / 20_000)
    assert u.min() >= 0.0
    assert u.max() < 1.0
    assert abs(u.mean() - 0.5) < 4 * np.sqrt(1 / 12 / 20_000)

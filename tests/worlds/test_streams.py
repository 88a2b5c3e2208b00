"""Random numbers: what is added must not disturb what was drawn."""

from __future__ import annotations

import ast
from pathlib import Path

import jax
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from quidproquo.worlds import streams
from quidproquo.worlds.streams import (
    BLOCK,
    CalibrationStream,
    Stream,
    even,
    normals,
    stream_key,
    uniforms,
)

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


def test_many_names_are_drawn_as_each_is_alone():
    names = tuple(f"n{i}" for i in range(70))
    for draw in (normals, uniforms, even):
        together = draw(KEY, names, 30)
        for place in (0, 31, 32, 69):
            assert together[:, place].tobytes() == draw(KEY, (names[place],), 30)[:, 0].tobytes()


def test_numbers_are_those_of_the_library():
    """What a seed and a name mean, worked out number by number."""

    def permuted(stream, shape, dtype):
        jitter, order = jax.random.split(stream)
        inside = jax.random.uniform(jitter, shape, dtype, 1e-3, 1.0 - 1e-3)
        return (jax.random.permutation(order, shape[0]) + inside) / shape[0]

    for draw, one in ((normals, jax.random.normal), (uniforms, jax.random.uniform), (even, permuted)):
        found = draw(KEY, ("a",), 2 * BLOCK)[:, 0]
        for block in range(2):
            expected = one(streams.named_key(KEY, "a", block), (BLOCK,), np.float32)
            np.testing.assert_allclose(found[block * BLOCK : (block + 1) * BLOCK], expected, rtol=1e-6)


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


def test_numbers_of_streams_never_change():
    """A number that changed would change every draw of a seed."""
    assert {stream.name: stream.value for stream in Stream} == {
        "FUTURES": 1, "WEIGHTED": 2, "PRIOR": 3, "EXPLORATORY": 4, "CONDITIONING": 5, "RERUN": 6, "RERUN_CHECK": 7,
        "TOTALS_HOLDOUT": 8,
    }  # fmt: skip
    assert [(stream.name, stream.value) for stream in CalibrationStream] == [
        ("MUTANTS", 1), ("REPLICATES", 2), ("FUTURES", 3), ("FINGERPRINT", 4)
    ]  # fmt: skip
    key = jax.random.key(5)
    for stream in Stream:
        expected = jax.random.key_data(jax.random.fold_in(key, stream.value))
        np.testing.assert_array_equal(jax.random.key_data(stream_key(key, stream)), expected)


def test_no_stream_is_a_bare_number():
    """Outside a step of the sampler, parts of a run take their keys by `Stream`."""
    package = Path(streams.__file__).parents[1]
    for path in sorted(package.rglob("*.py")):
        if path.is_relative_to(package / "evidence" / "smc"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if called and node.func.attr == "fold_in":
                assert not isinstance(node.args[1], ast.Constant), f"{path.name}, line {node.lineno}"


def test_without_names_there_are_worlds_without_numbers():
    for draw in (normals, uniforms, even):
        assert draw(jax.random.key(0), (), 5).shape == (5, 0)

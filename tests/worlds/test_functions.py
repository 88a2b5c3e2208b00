"""The functions that mechanisms share, against plain loops and closed forms."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from quidproquo.worlds.functions import (
    accumulate,
    earlier,
    earlier_at,
    expm1_over,
    past_start,
    ramp,
    running,
    saturating,
)
from quidproquo.worlds.mechanisms.deterrence import equilibrium


def test_running_totals():
    steps = np.arange(12.0, dtype=np.float32).reshape(6, 2)
    np.testing.assert_allclose(running(jnp.asarray(steps)), np.cumsum(steps, axis=0))
    np.testing.assert_allclose(accumulate(jnp.array([5.0, 7.0]), jnp.asarray(steps))[-1], [35.0, 43.0])


@settings(max_examples=50)
@given(rate=st.floats(-5.0, 5.0), time=st.floats(0.0, 4.0))
def test_the_integral_of_an_exponential(rate: float, time: float):
    rate, time = float(np.float32(rate)), float(np.float32(time))
    want = time if rate == 0 else np.expm1(rate * time) / rate
    found = expm1_over(jnp.float32(rate), jnp.float32(time))
    np.testing.assert_allclose(found, want, rtol=2e-5, atol=1e-30)


def test_the_integral_has_no_jump_where_the_series_begins():
    x = jnp.linspace(-0.2, 0.2, 4001, dtype=jnp.float32)
    found = np.asarray(expm1_over(x, jnp.ones_like(x)), dtype=np.float64)
    wide = np.asarray(x, dtype=np.float64)
    want = np.where(wide == 0, 1.0, np.expm1(wide) / np.where(wide == 0, 1.0, wide))
    np.testing.assert_allclose(found, want, rtol=1e-5)


@settings(max_examples=50)
@given(start=st.floats(-100, 100), length=st.floats(1, 200))
def test_a_ramp_goes_once_from_nothing_to_all(start: float, length: float):
    days = jnp.linspace(start - 10, start + length + 10, 200, dtype=jnp.float32)
    share = np.asarray(ramp(days, jnp.float32(start), jnp.float32(length)))
    assert share[0] == 0.0
    assert share[-1] == 1.0
    assert share.min() >= 0.0
    assert share.max() <= 1.0
    assert np.all(np.diff(share) >= -1e-6)
    middle = ramp(jnp.float32(start + length / 2), jnp.float32(start), jnp.float32(length))
    np.testing.assert_allclose(middle, 0.5, atol=1e-3)


def test_saturation_and_time_since_a_start():
    np.testing.assert_allclose(
        saturating(jnp.array([0.0, 2.0]), jnp.float32(2.0)), [0.0, 1 - np.exp(-1)], rtol=1e-6
    )
    np.testing.assert_allclose(past_start(jnp.array([1.0, 5.0]), jnp.float32(3.0)), [0.0, 2.0])


@settings(max_examples=50)
@given(seed=st.integers(0, 10_000))
def test_the_game_is_solved_from_its_end(seed: int):
    rng = np.random.default_rng(seed)
    precision, resolve, gain, cost = rng.uniform(0.2, 5), *rng.normal(size=3)
    # a quantal response weighs two moves by the exponentials of what they are worth
    answer = np.exp(precision * np.array([resolve, 0.0]))
    respond = answer[0] / answer.sum()
    worth = respond * -cost + (1 - respond) * gain
    move = np.exp(precision * np.array([worth, 0.0]))
    found = equilibrium(*(jnp.float32(x) for x in (precision, resolve, gain, cost)))
    np.testing.assert_allclose(found, [move[0] / move.sum(), respond], rtol=1e-4, atol=1e-6)


@settings(max_examples=30)
@given(lag=st.floats(0.0, 400.0), seed=st.integers(0, 99))
def test_what_is_known_at_nodes_is_read_between_them(lag: float, seed: int):
    """On the same days in all worlds or on each world's own, as NumPy interpolates."""
    rng = np.random.default_rng(seed)
    nodes = np.cumsum(rng.uniform(20.0, 40.0, size=13))
    known = rng.normal(size=(13, 3)).astype(np.float32)
    days = nodes[1:] - lag
    want = np.stack([np.interp(days, nodes, column) for column in known.T], axis=1)
    once = earlier_at(nodes, jnp.asarray(known), days)
    each = earlier(
        jnp.asarray(nodes, jnp.float32), jnp.asarray(known), jnp.asarray(days[:, None], jnp.float32)
    )
    np.testing.assert_allclose(once, want, atol=2e-5)
    np.testing.assert_allclose(each, want, atol=2e-4)

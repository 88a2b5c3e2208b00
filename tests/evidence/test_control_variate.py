"""Regrets of worlds run again, told beside those of the same worlds without a change."""

from __future__ import annotations

import numpy as np
import pytest

from quidproquo.evidence.weights.jackknife import jackknife_error
from quidproquo.sensitivity.control_variate import ControlVariate, Regrets

RNG = np.random.default_rng(4)
ISLANDS = 16


def drawn(regrets: list[float], fast_random: np.ndarray, own: float) -> Regrets:
    """Each island's part of a mean: luck that is shared, and some of its own."""
    noise = fast_random + own * RNG.standard_normal(fast_random.shape)
    without = (noise.sum(axis=0) - noise) / (ISLANDS - 1)
    return Regrets(np.array(regrets) + noise.mean(axis=0), np.array(regrets) + without)


LUCK = RNG.standard_normal((ISLANDS, 2))
ORIGINAL = drawn([1.0, 2.0], 0.1 * RNG.standard_normal((ISLANDS, 2)), 0.0)
CONTROL = drawn([1.0, 2.0], LUCK, 0.01)
FOUND = drawn([1.5, 2.1], LUCK, 0.01)
BESIDE = ControlVariate(ORIGINAL, CONTROL)


def test_shared_luck_cancels():
    told = BESIDE.told(FOUND)
    np.testing.assert_allclose(told.regrets - ORIGINAL.regrets, [0.5, 0.1], atol=0.03)
    assert np.abs(FOUND.regrets - CONTROL.regrets - [0.5, 0.1]).max() < 0.03
    assert told.apart(0, 1) < 0.1 * FOUND.apart(0, 1)


def test_the_originals_error_is_part_of_how_far_options_lie_apart():
    told = BESIDE.told(FOUND)
    want = np.hypot(told.apart(0, 1), jackknife_error(ORIGINAL.rows[:, 0] - ORIGINAL.rows[:, 1]))
    assert BESIDE.apart(told, 0, 1) == pytest.approx(want)


def test_the_control_itself_tells_what_the_original_does():
    told = BESIDE.told(CONTROL)
    np.testing.assert_allclose(told.regrets, ORIGINAL.regrets)
    assert told.apart(0, 1) == pytest.approx(0.0, abs=1e-12)


def test_an_island_without_weight_leaves_the_error_of_what_was_found():
    fewer = Regrets(FOUND.regrets, FOUND.rows[:-1])
    told = BESIDE.told(fewer)
    np.testing.assert_allclose(told.regrets, BESIDE.told(FOUND).regrets)
    assert told.apart(0, 1) == pytest.approx(fewer.apart(0, 1))

"""Numbers of re-run worlds, adjusted by those of the same worlds without a change."""

from __future__ import annotations

import numpy as np
import pytest

from quidproquo.evidence.weights.jackknife import JackknifeEstimate, jackknife_error
from quidproquo.sensitivity.control_variate import ControlVariate, independent

RNG = np.random.default_rng(4)
ISLANDS = 16


def drawn(regrets: list[float], shared: np.ndarray, own: float) -> JackknifeEstimate:
    """Each island's part of a mean: noise that is shared, and some of its own."""
    noise = shared + own * RNG.standard_normal(shared.shape)
    without = (noise.sum(axis=0) - noise) / (ISLANDS - 1)
    return JackknifeEstimate(np.array(regrets) + noise.mean(axis=0), (np.array(regrets) + without,))


SHARED = RNG.standard_normal((ISLANDS, 2))
ORIGINAL = drawn([1.0, 2.0], 0.1 * RNG.standard_normal((ISLANDS, 2)), 0.0)
CONTROL = drawn([1.0, 2.0], SHARED, 0.01)
FOUND = drawn([1.5, 2.1], SHARED, 0.01)
VARIATE = ControlVariate(ORIGINAL, CONTROL)


def test_shared_noise_cancels():
    adjusted = VARIATE.adjust(FOUND)
    np.testing.assert_allclose(adjusted.value - ORIGINAL.value, [0.5, 0.1], atol=0.03)
    assert np.abs(FOUND.value - CONTROL.value - [0.5, 0.1]).max() < 0.03
    assert (adjusted.shift_error(ORIGINAL) < 0.1 * FOUND.error()).all()


def test_the_originals_error_is_part_of_how_far_options_lie_apart():
    adjusted = VARIATE.adjust(FOUND)
    difference = FOUND.replicates[0] - CONTROL.replicates[0]
    errors = [jackknife_error(rows[:, 0] - rows[:, 1]) for rows in (ORIGINAL.replicates[0], difference)]
    assert adjusted.difference_errors(0)[1] == pytest.approx(np.hypot(*errors))


def test_the_control_itself_gives_what_the_original_does():
    adjusted = VARIATE.adjust(CONTROL)
    np.testing.assert_allclose(adjusted.value, ORIGINAL.value)
    np.testing.assert_allclose(adjusted.error(), ORIGINAL.error())
    np.testing.assert_allclose(adjusted.shift_error(ORIGINAL), 0.0, atol=1e-12)


def test_where_an_island_lost_its_weight_both_errors_count():
    fewer = JackknifeEstimate(FOUND.value, (FOUND.replicates[0][:-1],))
    adjusted = VARIATE.adjust(fewer)
    np.testing.assert_allclose(adjusted.value, VARIATE.adjust(FOUND).value)
    np.testing.assert_allclose(adjusted.shift_error(ORIGINAL), np.hypot(fewer.error(), CONTROL.error()))


def test_other_worlds_share_no_error_with_the_original():
    alone = independent(FOUND, ORIGINAL)
    np.testing.assert_allclose(alone.error(), FOUND.error())
    np.testing.assert_allclose(alone.shift_error(ORIGINAL), np.hypot(FOUND.error(), ORIGINAL.error()))

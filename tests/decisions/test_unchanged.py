"""What no option changes, on planted outcomes whose moves and failures are known."""

from __future__ import annotations

import numpy as np
import pytest
from tests.decisions.builders import case, ensemble, metric

from quidproquo.decisions.unchanged import Unchanged, unchanged
from quidproquo.decisions.value import valued_worlds

WORLDS = 16_000
METRICS = (metric("gain", threshold=0.6), metric("pain", "lower", worst=200.0, best=0.0, threshold=90.0))


def found_in(outcomes: np.ndarray, delta: float = 0.01, **fields: object) -> Unchanged:
    rules = case("abc"[: outcomes.shape[1]], METRICS, delta=delta)
    found = unchanged(valued_worlds(ensemble(outcomes, **fields), rules), rules)
    assert found is not None
    return found


def planted(gain: tuple[float, float] = (0.1, 0.02), pain: tuple[float, float] = (1.0, -1.5)) -> np.ndarray:
    """Options b and c add so much to gain and to pain; the noise is between worlds alone."""
    noise = np.random.default_rng(3).normal(size=(WORLDS, 2))
    a = np.stack([0.5 + 0.05 * noise[:, 0], 100.0 + 10.0 * noise[:, 1]], axis=1)
    shifts = np.array([(0.0, 0.0), *zip(gain, pain, strict=True)])
    return a[:, None] + shifts


def test_a_metric_that_hardly_moves_is_set_apart_in_its_own_unit():
    found = found_in(planted())
    assert found.baseline == "a"
    assert found.moves["gain"].changed
    assert found.moves["gain"].option == "b"
    assert found.moves["gain"].move.mean == pytest.approx(0.1)
    # a constant shift has no Monte Carlo error, however noisy the worlds are
    assert found.moves["gain"].move.mcse < 1e-12
    assert found.moves["gain"].value == pytest.approx(0.05)
    pain = found.moves["pain"]
    assert not pain.changed
    assert (pain.option, pain.move.mean) == ("c", pytest.approx(-1.5))
    assert pain.limit == pytest.approx(2.0)  # a hundredth of 200
    assert pain.highest - pain.lowest == pytest.approx(2.5)
    assert pain.elsewhere == 0.0


def test_a_larger_move_is_a_change_and_so_is_one_beyond_a_smaller_delta():
    assert found_in(planted(pain=(1.0, -2.5))).moves["pain"].changed
    assert found_in(planted(), delta=0.005).moves["pain"].changed


def test_a_move_within_its_error_is_none_even_without_delta():
    outcomes = planted()
    noise = np.random.default_rng(4).normal(size=WORLDS)
    outcomes[:, 1:, 1] = outcomes[:, :1, 1] + 30.0 * (noise - noise.mean())[:, None]
    pain = found_in(outcomes, delta=0.0).moves["pain"]
    assert not pain.changed
    assert pain.move.mcse > 0.05


def test_moves_that_cancel_on_the_mean_are_seen_elsewhere():
    outcomes = planted()
    sign = np.where(np.arange(WORLDS) % 2, 1.0, -1.0)
    outcomes[:, 1:, 1] = outcomes[:, :1, 1] + 5.0 * sign[:, None]
    pain = found_in(outcomes).moves["pain"]
    assert not pain.changed
    assert pain.elsewhere == pytest.approx(1.0)


def test_it_is_said_which_threshold_fails_and_which_alone():
    worlds = np.zeros((80, 2, 2))
    worlds[:, :, 0], worlds[:, :, 1] = 1.0, 0.0
    worlds[:20, :, 0] = 0.5  # nobody gains enough
    worlds[10:30, :, 1] = 100.0  # nobody is spared enough
    worlds[40:48, 0, 0], worlds[40:48, 1, 1] = 0.5, 100.0  # each option fails at something else
    found = found_in(worlds)
    assert found.none_acceptable.mean == pytest.approx(38 / 80)
    assert found.thresholds["gain"].share.mean == pytest.approx(20 / 80)
    assert found.thresholds["pain"].share.mean == pytest.approx(20 / 80)
    # where each option fails at something else, either threshold is all that is missing for one of them
    assert found.thresholds["gain"].alone == pytest.approx((10 + 8) / 80)
    assert found.thresholds["pain"].alone == pytest.approx((10 + 8) / 80)
    assert found.none_acceptable.mcse > 0.0


def test_worlds_count_by_their_weight():
    outcomes = planted(pain=(0.0, 0.0))
    heavy = np.arange(WORLDS) % 2 == 0
    outcomes[heavy, 1, 1] += 6.0
    light = found_in(outcomes, log_weight=np.where(heavy, -np.inf, 0.0))
    assert not light.moves["pain"].changed
    assert found_in(outcomes, log_weight=np.where(heavy, 0.0, -np.inf)).moves[
        "pain"
    ].move.mean == pytest.approx(6.0)


def test_alone_the_baseline_changes_nothing():
    rules = case("a", METRICS)
    assert unchanged(valued_worlds(ensemble(planted()[:, :1]), rules), rules) is None

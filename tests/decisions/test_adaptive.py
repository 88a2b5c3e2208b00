"""An adaptive option beside static ones, on planted outcomes."""

from __future__ import annotations

import numpy as np
import pytest
from tests.decisions.builders import case, ensemble

from quidproquo.decisions.adaptive import AdaptiveFinding, adaptive_finding
from quidproquo.decisions.value import valued_worlds
from quidproquo.terms.errors import EvidenceError
from quidproquo.worlds.adaptive import Switch, SwitchRun

WORLDS = 16_000
SWITCH = Switch("watch", "a", "b", "world.shown", 0.6, above=True, month=3)


def planted() -> tuple[np.ndarray, np.ndarray]:
    """Option a is worth 0.6 and b 0.5, but where x > 0.6 a fails."""
    x = np.random.default_rng(1).random(WORLDS)
    return x, np.stack([np.where(x > 0.6, 0.2, 0.6), np.full(WORLDS, 0.5)], axis=1)[:, :, None]


def found(
    switched: np.ndarray, delta: float = 0.01, status: np.ndarray | None = None, **fields
) -> AdaptiveFinding:
    _, outcomes = planted()
    rules = case(delta=delta)
    worlds = valued_worlds(ensemble(outcomes, **fields), rules)
    metrics = np.where(switched, outcomes[:, 1, 0], outcomes[:, 0, 0])[:, None]
    status = np.zeros(WORLDS, dtype=int) if status is None else status
    return adaptive_finding(worlds, SWITCH, SwitchRun(metrics, switched.astype(float), status))


def test_a_switch_that_sees_the_loss_adds_what_it_avoids():
    x, _ = planted()
    one = found(x > 0.6)
    assert one.best == "b"  # 0.5, against 0.6 · 0.6 + 0.4 · 0.2
    assert one.adds
    assert one.value.mean == pytest.approx(0.6 * 0.6 + 0.4 * 0.5, abs=0.01)
    assert one.leads["b"].mean == pytest.approx(0.06, abs=4.0 * one.leads["b"].mcse)
    assert one.leads["a"].mean == pytest.approx(0.12, abs=4.0 * one.leads["a"].mcse)
    assert one.metrics["gain"].mean == pytest.approx(one.leads["b"].mean)
    assert one.switches.mean == pytest.approx(0.4, abs=4.0 * one.switches.mcse)
    assert one.regret_q95 == 0.0
    assert one.best_regret_q95 == pytest.approx(0.1)


def test_a_switch_at_random_adds_nothing():
    one = found(np.random.default_rng(2).random(WORLDS) < 0.4)
    assert one.leads["b"].mean < 0.0
    assert not one.adds


def test_a_lead_under_delta_adds_nothing():
    x, _ = planted()
    assert not found(x > 0.6, delta=0.07).adds


def test_worlds_count_by_their_weight_and_failed_ones_not():
    x, _ = planted()
    heavy = np.where(x > 0.6, 0.0, -np.inf)
    one = found(x > 0.6, log_weight=heavy)
    assert one.switches.mean == 1.0
    assert one.leads["b"].mean == pytest.approx(0.0)
    failed = (np.arange(WORLDS) % 50 == 0).astype(int)
    gone = found(x > 0.6, status=failed, log_weight=np.where(failed, -np.inf, 0.0))
    assert gone.value.mean == pytest.approx(0.56, abs=0.02)


def test_failures_and_missing_worlds_are_said():
    x, outcomes = planted()
    with pytest.raises(EvidenceError) as caught:
        found(x > 0.6, status=np.ones(WORLDS, dtype=int))
    assert str(caught.value) == (
        "adaptive option 'watch': worlds that fail is 16000, but it must be none; mend the model."
    )
    worlds = valued_worlds(ensemble(outcomes), case())
    few = SwitchRun(np.zeros((8, 1)), np.zeros(8), np.zeros(8, dtype=int))
    with pytest.raises(
        EvidenceError, match="number of worlds is 8, but it must be 16000, those of the ensemble"
    ):
        adaptive_finding(worlds, SWITCH, few)

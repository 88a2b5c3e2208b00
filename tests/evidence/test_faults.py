"""Two faults put in on purpose, and what is said of them: a sampler that got stuck, a mechanism that is wrong."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.evidence.test_reweight import gaussian
from tests.worlds.small import START, Row, evidence_table, made_case

from quidproquo.evidence.checks.misfit import MisfitOverall, misfit
from quidproquo.evidence.observation.predictive import report_cdf
from quidproquo.evidence.smc.evaluate import evaluate_items
from quidproquo.evidence.smc.sample import Settings, condition
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.evidence.weights.estimators import run_ess
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.reweight import Change, Reweighter, weight_ess
from quidproquo.worlds.model import Model, build_model

EXPORTS, REPORTS = "economy.exports", 16


def test_islands_that_got_stuck_are_reported_though_all_weights_are_level():
    """Together they look like the posterior; each has stayed where it began."""
    honest = gaussian(8000)
    level, island = honest.draws[:, 0], honest.island
    begun = np.quantile(level, (np.arange(8) + 0.5) / 8)
    stuck = begun[island] + 0.01 * (level - level.mean())
    assert np.std(stuck) == pytest.approx(np.std(level), rel=0.1)
    reports, spreads = np.array([0.4, -0.2, 0.9]), np.array([1.0, 1.5, 2.0])
    found = dataclasses.replace(
        honest, draws=stuck[:, None], log_likelihood=-0.5 * ((stuck[:, None] - reports) / spreads) ** 2
    )
    assert weight_ess(found.log_weight) == pytest.approx(8000)
    assert run_ess(stuck, found.log_weight, island) < 30
    assert run_ess(level, honest.log_weight, island) > 2000
    for name in found.items:
        assert Reweighter(honest).reweight(Change(drop=(name,))).reliable
        judged = Reweighter(found).reweight(Change(drop=(name,)))
        assert not judged.reliable
        assert "Too few" in judged.verdict or "can't be trusted" in judged.verdict


def days() -> list[date]:
    return [START + timedelta(days=60 * (place + 1)) for place in range(REPORTS)]


def target_of(model: Model, exports: np.ndarray) -> Target:
    rows = [
        Row(EXPORTS, value=float(x), event=(day, day), range=(1e6, 1e12), grade="A1")
        for x, day in zip(exports, days(), strict=True)
    ]
    return build_target(model, evidence_table(*rows))


def judged(model: Model, exports: np.ndarray) -> MisfitOverall:
    """How reports of exports fit worlds conditioned on them."""
    target = target_of(model, exports)
    drawn = condition(jax.random.key(2), target, 2048, Settings(islands=8))
    item_log_lik, wrong, predicted = evaluate_items(target, drawn.z, drawn.biases)
    worlds, empty = len(drawn.z), np.zeros((len(drawn.z), 0))
    ensemble = Ensemble(
        "weighted", (), empty, np.zeros(worlds), drawn.island, np.zeros(worlds, dtype=np.int64), (),
        empty.astype(np.int64), tuple(target.ids), item_log_lik, predicted, (), (), empty[:, :, None],
    )  # fmt: skip
    origins = [f"origin {item}" for item in range(REPORTS)]
    return misfit(ensemble, origins, report_cdf(target.likelihood, predicted, drawn.biases), wrong)


def test_a_mechanism_that_is_wrong_is_reported_and_the_right_one_is_not():
    """Exports that recover, as the model has it, and exports that boom and bust, which it can't follow."""
    model = build_model(made_case())
    plain = target_of(model, np.full(REPORTS, 1e9))
    z = jnp.zeros((len(model.coordinates), 1), jnp.float32)
    recovering = np.asarray(plain.operators.predict(model, z), dtype=np.float64)[:, 0]
    noise = np.random.default_rng(0).normal(size=REPORTS)
    as_modelled = recovering * np.exp(plain.likelihood.sd * noise)
    right, wrong = (
        judged(model, as_modelled),
        judged(model, as_modelled * np.where(np.arange(REPORTS) % 8 < 4, 6, 1 / 6)),
    )
    assert right.carries
    assert not wrong.carries
    assert wrong.outside > 0.1 >= right.outside
    assert wrong.verdict.startswith("More than a tenth of the claims misfit")

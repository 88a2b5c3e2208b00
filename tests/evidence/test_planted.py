"""Planted truths: intervals cover what was drawn as often as they say."""

from __future__ import annotations

from datetime import date

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats
from tests.worlds.small import Row, evidence_table, made_case

from quidproquo.cases.record import Hypothesis, HypothesisState
from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.observation.forms import Contaminated
from quidproquo.evidence.observation.likelihood import Likelihood
from quidproquo.evidence.smc.sample import Settings, condition
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.worlds.model import Model, build_model

DOUBT = Hypothesis("doubt", "?", (HypothesisState("yes", "", 0.3), HypothesisState("no", "", 0.7)))
EXPORTS, OUTPUT = "economy.exports", "economy.output"
DAYS = (date(2020, 6, 30), date(2021, 6, 30), date(2022, 6, 30))
LAYOUT = (
    (EXPORTS, "eq", DAYS[0], "x"),
    (EXPORTS, "about", DAYS[1], "x"),
    (EXPORTS, "at_least", DAYS[2], "y"),
    (OUTPUT, "eq", DAYS[2], "x"),
    (OUTPUT, "at_most", DAYS[2], "z"),
)
RANGES = {EXPORTS: (1e8, 1e11), OUTPUT: (1e9, 1e12)}
REPLICATES, DRAWS = 200, 8_000


def layout(values: np.ndarray) -> EvidenceTable:
    return evidence_table(
        *(
            Row(name, word, float(value), origin=origin, event=(day, day), range=RANGES[name], grade="B2")
            for (name, word, day, origin), value in zip(LAYOUT, values, strict=True)
        )
    )


def reports(
    rng: np.random.Generator, likelihood: Likelihood, truth: np.ndarray, bias: np.ndarray
) -> np.ndarray:
    """Reports of the truth, as the likelihood's forms draw them."""
    values = np.zeros(len(truth))
    for part in likelihood.by_group(truth[:, None], bias[:, None]):
        wrong = likelihood.wrong_probability[part.group.items][:, None]
        drawn = Contaminated(part.form, wrong).draw(rng, part.predicted, part.bias)
        values[part.group.items] = np.exp(drawn[:, 0])
    return values


def planted(seed: int, model: Model) -> tuple[np.ndarray, Target]:
    rng = np.random.default_rng(seed)
    plain = build_target(model, layout(np.full(len(LAYOUT), 1e9)))
    z = jnp.asarray(rng.normal(size=(len(model.coordinates), 1)), jnp.float32)
    truth = np.asarray(plain.operators.predict(model, z), dtype=np.float64)[:, 0]
    bias = rng.normal(size=len(plain.likelihood.bias.names))
    return truth, build_target(model, layout(reports(rng, plain.likelihood, truth, bias)))


def places(worlds: np.ndarray, weights: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """How much of the posterior lies below the truth: exports and output on the last day."""
    return np.array([np.sum(weights * (worlds[item] < truth[item])) for item in (2, 3)])


def check_coverage(found: np.ndarray) -> None:
    for share in (0.5, 0.9):
        inside = np.abs(found - 0.5) < share / 2
        low, high = stats.binom.ppf([0.0005, 0.9995], len(found), share)
        for count in inside.sum(axis=0):
            assert low <= count <= high, (share, inside.sum(axis=0), len(found))


@pytest.mark.slow
def test_intervals_of_the_weighted_prior_cover_the_planted_truth():
    model = build_model(made_case(hypotheses=(DOUBT,)))
    rng = np.random.default_rng(99)
    first = planted(0, model)[1]
    z = jnp.asarray(rng.normal(size=(len(model.coordinates), DRAWS)), jnp.float32)
    biases = jnp.asarray(rng.normal(size=(len(first.likelihood.bias.names), DRAWS)), jnp.float32)
    predicted = first.operators.predict(model, z)
    worlds = np.asarray(predicted)
    found = []
    for seed in range(REPLICATES):
        truth, target = planted(seed, model)
        log_weight = np.asarray(target.likelihood.evaluate_items(predicted, biases)[0], dtype=np.float64).sum(
            axis=0
        )
        weights = np.exp(log_weight - log_weight.max())
        weights /= weights.sum()
        found.append(places(worlds, weights, truth))
    check_coverage(np.array(found))


@pytest.mark.slow
def test_intervals_of_conditioned_worlds_cover_the_planted_truth():
    model = build_model(made_case(hypotheses=(DOUBT,)))
    first, found = planted(0, model)[1], []
    for seed in range(1000, 1024):
        truth, target = planted(seed, model)
        assert target.likelihood.form == first.likelihood.form
        for same in ("sd", "half_width", "range_low", "range_high", "wrong_probability"):
            np.testing.assert_array_equal(
                getattr(target.likelihood, same), getattr(first.likelihood, same), err_msg=same
            )
        drawn = condition(jax.random.key(seed), target, 512, Settings(particles=64))
        worlds = np.asarray(first.operators.predict(model, jnp.asarray(drawn.z.T)))
        found.append(places(worlds, np.full(512, 1 / 512), truth))
    check_coverage(np.array(found))

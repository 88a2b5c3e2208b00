"""One back-test on planted truth: what is learnt of biases, coverage, and that the model beats the baselines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats
from tests.worlds.small import Row, evidence_table, made_case

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.checks.backtest import (
    CREDIBILITY,
    MODEL,
    PredictedReports,
    ScoredReport,
    joint_likelihoods,
    predict_reports,
    score_reports,
)
from quidproquo.evidence.checks.scores import covered
from quidproquo.evidence.observation import tables
from quidproquo.evidence.observation.layout import build_likelihood
from quidproquo.evidence.observation.operators import build_operators
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.simulate import plan

EXPORTS, OUTPUT, STAFF = "economy.exports", "economy.output", "economy.workers"
RANGES = {EXPORTS: (1e8, 1e11), OUTPUT: (1e9, 1e12), STAFF: (1e2, 1e6)}
KNOWN = (
    (EXPORTS, date(2020, 6, 30), "x"),
    (EXPORTS, date(2021, 1, 31), "y"),
    (OUTPUT, date(2020, 12, 31), "x"),
    (STAFF, date(2021, 1, 31), "z"),
)
LATER = (
    (EXPORTS, date(2021, 12, 31), "x"),
    (EXPORTS, date(2022, 12, 31), "w"),
    (OUTPUT, date(2022, 6, 30), "x"),
    (OUTPUT, date(2022, 6, 30), "y"),
    (STAFF, date(2022, 6, 30), "z"),
    (STAFF, date(2023, 5, 31), "v"),
)
WORLDS = 1024


def table(layout: tuple[tuple[str, date, str], ...], values: np.ndarray, grade: str = "B3") -> EvidenceTable:
    return evidence_table(
        *(
            Row(name, "about", float(v), origin=origin, family="f", event=(day, day), range=RANGES[name],
                grade=grade)
            for (name, day, origin), v in zip(layout, values, strict=True)
        )
    )  # fmt: skip


def test_biases_shared_with_the_evidence_are_learnt_and_the_rest_adds_to_the_sd() -> None:
    evidence, later = table(KNOWN, np.full(4, 1e9)), table(LATER, np.full(6, 1e9))
    known, shared, lone = joint_likelihoods(evidence, later)
    # y reports on exports before and on output after: what it does to exports alone stays its own
    assert set(known.bias.names) == {
        "bias.family.f", "bias.origin.x", "bias.origin.y", "bias.origin.z",
        f"bias.pair.x|{EXPORTS}", f"bias.pair.x|{OUTPUT}", f"bias.pair.z|{STAFF}",
    }  # fmt: skip
    assert shared.bias.names == known.bias.names
    whole = shared.sd**2 + (shared.bias.design**2).sum(axis=0)
    factor = tables.BIAS_FACTOR["B"]
    biases = [
        tables.BIAS_SD["family"],
        factor * tables.BIAS_SD["origin"],
        factor * tables.BIAS_SD["pair"],
    ]
    assert whole == pytest.approx(tables.REPORT_SD["about"] ** 2 + sum(b * b for b in biases))
    assert lone.sd**2 == pytest.approx(whole)
    assert lone.bias.names == ()
    mine = known.sd**2 + (known.bias.design**2).sum(axis=0)
    assert mine == pytest.approx(whole[:4])


def test_without_later_reports_the_evidence_keeps_its_own_likelihood() -> None:
    evidence = table(KNOWN, np.full(4, 1e9))
    known, _, _ = joint_likelihoods(evidence, evidence.select([]))
    own = build_likelihood(evidence)
    assert known.bias.names == own.bias.names
    np.testing.assert_allclose(known.sd, own.sd)
    np.testing.assert_allclose(known.bias.design, own.bias.design)


def test_a_later_report_has_the_grade_of_one_that_nobody_has_checked() -> None:
    evidence = table(KNOWN, np.full(4, 1e9))
    for grade in ("B1", "B5"):
        shared = joint_likelihoods(evidence, table(LATER, np.full(6, 1e9), grade))[1]
        assert (shared.wrong_probability == tables.WRONG_PROBABILITY[CREDIBILITY]).all()


def test_reports_of_one_day_are_predicted_one_by_one() -> None:
    evidence, later = table(KNOWN, np.full(4, 1e9)), table(LATER, np.full(6, 1e9))
    together = replace(later, group=np.zeros(6, dtype=np.int64))
    one, other = (joint_likelihoods(evidence, t)[1] for t in (later, together))
    np.testing.assert_array_equal(one.group, other.group)


def reports(rng: np.random.Generator, layout: tuple, truth: np.ndarray, bias: dict) -> np.ndarray:
    """Reports of a truth as the likelihood states them."""
    out = []
    for (name, _, origin), value in zip(layout, truth, strict=True):
        factor = tables.BIAS_FACTOR["B"]
        effect = tables.BIAS_SD["family"] * bias.setdefault("f", rng.normal())
        effect += factor * tables.BIAS_SD["origin"] * bias.setdefault(origin, rng.normal())
        effect += factor * tables.BIAS_SD["pair"] * bias.setdefault((origin, name), rng.normal())
        grown = np.exp(effect + tables.REPORT_SD["about"] * rng.normal())
        wrong = rng.uniform() < tables.WRONG_PROBABILITY[3]
        right = value * grown / max(1.05 - 0.05 * grown, 0.05)
        sds = (
            tables.BIAS_SD["family"],
            factor * tables.BIAS_SD["origin"],
            factor * tables.BIAS_SD["pair"],
        )
        wide = tables.CONTAMINATION_FACTOR * np.sqrt(
            tables.REPORT_SD["about"] ** 2 + sum(sd**2 for sd in sds)
        )
        astray = float(np.clip(value, *RANGES[name]) * np.exp(wide * rng.normal()))
        out.append(astray if wrong else right)
    return np.array(out)


def planted(
    seed: int, model: Model, layout: object
) -> tuple[list[ScoredReport], EvidenceTable, PredictedReports]:
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(len(model.coordinates), 1))
    both = table(KNOWN + LATER, np.full(10, 1e9))
    truth = np.asarray(build_operators(model, both).predict(model, jnp.asarray(z, jnp.float32)))[:, 0]
    said = reports(rng, KNOWN + LATER, np.float64(truth), {})
    evidence, later = table(KNOWN, said[:4]), table(LATER, said[4:])
    predicted = predict_reports(jax.random.key(seed), model, layout, evidence, later, WORLDS)
    return score_reports(predicted, evidence, later, frozenset()), later, predicted


@pytest.mark.long
def test_planted_reports_are_covered_and_predicted_better_than_by_baselines() -> None:
    case = made_case()
    # all later dates lie within the history, as the economy has no chance in it
    model = build_model(replace(case, decision_date=date(2023, 6, 30)))
    layout = plan(model, case, ())
    tested = [one for seed in range(16) for one in planted(seed, model, layout)[0]]
    for share in (0.5, 0.9):
        inside = sum(covered(one.scores[MODEL], share) for one in tested)
        # six reports of a world are dependent: taken as if two of them were independent
        worlds = 16 * 2
        low, high = stats.binom.ppf([5e-4, 1 - 5e-4], worlds, share) / worlds
        assert low <= inside / len(tested) <= high
    for baseline in ("persistence", "trend"):
        gains = [one.scores[MODEL].log_score - one.scores[baseline].log_score for one in tested]
        skill = [one.scores[baseline].crps - one.scores[MODEL].crps for one in tested]
        assert np.mean(gains) > 0
        assert np.mean(skill) > 0


@pytest.mark.slow
def test_without_evidence_the_prior_predicts_and_no_baseline_does() -> None:
    case = made_case()
    model = build_model(case)
    later = table(LATER[:2], np.array([2e9, 2e9]))
    evidence = later.select([])
    predicted = predict_reports(jax.random.key(0), model, plan(model, case, ()), evidence, later, WORLDS)
    tested = score_reports(predicted, evidence, later, frozenset())
    assert [set(one.scores) for one in tested] == [{MODEL}, {MODEL}]
    assert predicted.failed == 0
    assert all(0.0 < one.scores[MODEL].pit_low < 1.0 for one in tested)


def test_bounds_have_chances_and_no_scores() -> None:
    case = made_case()
    model = build_model(case)
    rows = [Row(OUTPUT, word, 2e10, range=RANGES[OUTPUT]) for word in ("at_least", "about", "at_most")]
    later = evidence_table(*rows, Row(OUTPUT, "less_than", 2e10, near=True, range=RANGES[OUTPUT]))
    evidence = later.select([])
    likelihood = joint_likelihoods(evidence, later)[1]
    truth = np.full((8, 4), 2e10)
    predicted = PredictedReports(truth, np.zeros((8, 4)), likelihood, np.full(4, 8.0), 0)
    tested = score_reports(predicted, evidence, later, frozenset())
    assert [one.bound for one in tested] == [True, False, True, False]
    assert [set(one.chances) for one in tested] == [{MODEL}, set(), {MODEL}, set()]
    assert tested[0].chances[MODEL] == pytest.approx(0.5, abs=0.05)
    # "just under" is an interval, from nine tenths on
    assert tested[3].scores[MODEL].pit_low < tested[3].scores[MODEL].pit_high
    assert model.parameters

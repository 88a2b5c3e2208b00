"""Calibration of a small conditioning: planted worlds have uniform ranks, faults are detected."""

from __future__ import annotations

import dataclasses
from datetime import date

import jax
import numpy as np
import pytest
from tests.evidence.reported import handed_in
from tests.worlds.small import Row, evidence_table, made_case

from quidproquo.cases.record import Hypothesis, HypothesisState
from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.checks import sbc
from quidproquo.evidence.checks.fingerprint import reference
from quidproquo.evidence.checks.planted import (
    Mutant,
    condition_on_planted,
    mutants,
    plant,
    planted_reports,
    thin,
)
from quidproquo.evidence.smc.evaluate import evaluate_items
from quidproquo.evidence.smc.sample import Settings
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.worlds.model import build_model

DOUBT = Hypothesis("doubt", "?", (HypothesisState("yes", "", 0.3), HypothesisState("no", "", 0.7)))
EXPORTS, OUTPUT, WORKERS = "economy.exports", "economy.output", "economy.workers"
PARTICLES, EACH = 64, 4
SETTINGS = Settings(islands=4, particles=PARTICLES, sweeps=3, final_sweeps=12)
LEVEL = 0.001


def claims() -> EvidenceTable:
    days = [(day, day) for day in (date(2020, 6, 30), date(2021, 6, 30), date(2022, 6, 30))]
    ours = {"origin": "x", "family": "f"}
    return evidence_table(
        Row(EXPORTS, "eq", 2e9, event=days[0], range=(1e8, 1e11), grade="B2", **ours),
        Row(EXPORTS, "about", 1e9, event=days[1], range=(1e8, 1e11), grade="B2", **ours),
        Row(EXPORTS, "at_least", 1e9, event=days[2], range=(1e8, 1e11), grade="C3", family="f"),
        Row(OUTPUT, "eq", 2e10, event=days[2], range=(1e9, 1e12), grade="B2", **ours),
        Row(OUTPUT, "between", low=2e10, high=3e10, event=days[2], range=(1e9, 1e12), grade="B2"),
        Row(WORKERS, "eq", 5e3, event=days[2], range=(1e2, 1e5), grade="A2"),
    )


@pytest.fixture(scope="module")
def target() -> Target:
    return build_target(build_model(made_case(hypotheses=(DOUBT,))), claims())


def ranks(target: Target, mutant: Mutant, replicates: int) -> np.ndarray:
    """`[replicate, quantity]`: every coordinate that is moved, and the joint log-likelihood."""
    rows = []
    chosen = thin(PARTICLES, SETTINGS.islands, EACH)
    for replicate in range(replicates):
        key = jax.random.key(replicate)
        points, predicted = plant(key, target, 1)
        truth = points.z[0], points.biases[0]
        reports = planted_reports(key, target, predicted[0], truth[1])
        one = condition_on_planted(key, mutant, truth, reports, SETTINGS, chosen)
        table = np.concatenate([one.z[:, target.active], one.biases, one.fit[:, None]], axis=1)
        rows.append(sbc.rank(np.random.default_rng(replicate), table[0], table[1:]))
    return np.array(rows)


def p_of(found: np.ndarray) -> float:
    places = SETTINGS.islands * EACH + 1
    return sbc.bonferroni(np.array([sbc.uniformity(np.bincount(c, minlength=places)) for c in found.T]))


def test_planted_worlds_have_uniform_ranks_and_the_prior_is_detected(target):
    assert p_of(ranks(target, Mutant("", "", target), 40)) >= LEVEL
    prior = next(one for one in mutants(jax.random.key(0), target) if one.id == "prior")
    assert p_of(ranks(target, prior, 40)) < LEVEL


@pytest.mark.long
def test_planted_worlds_have_uniform_ranks_in_many_replicates():
    target = build_target(build_model(made_case(hypotheses=(DOUBT,))), claims())
    assert p_of(ranks(target, Mutant("", "", target), 400)) >= LEVEL


@pytest.mark.long
@pytest.mark.parametrize(("fault", "replicates"), [("twice", 400), ("narrow", 120), ("unbiased", 120)])
def test_a_fault_is_detected(target, fault, replicates):
    chosen = next(one for one in mutants(jax.random.key(0), target) if one.id == fault)
    assert p_of(ranks(target, chosen, replicates)) < LEVEL


def test_mutants_change_what_they_say_and_nothing_else(target):
    prior, twice, narrow, unbiased = mutants(jax.random.key(0), target)
    assert [one.id for one in (prior, twice, narrow, unbiased)] == ["prior", "twice", "narrow", "unbiased"]
    np.testing.assert_array_equal(prior.powers, 0.0)
    assert sorted(twice.powers) == [1.0] * 5 + [2.0]
    # the only claim about the workers depends on one parameter
    assert np.argmax(twice.powers) == 5
    np.testing.assert_allclose(narrow.target.likelihood.sd, 0.7 * target.likelihood.sd)
    layout = target.likelihood.bias
    families = [name.startswith("bias.family.") for name in layout.names]
    assert any(families)
    assert not all(families)
    design = unbiased.target.likelihood.bias.design
    assert not design[families].any()
    np.testing.assert_array_equal(design[~np.array(families)], layout.design[~np.array(families)])


def test_the_claims_own_numbers_as_reports_give_their_likelihood(target):
    points, _ = plant(jax.random.key(3), target, 100)
    plain = evaluate_items(target, points.z, points.biases)
    own = target.with_observed(handed_in(target.likelihood))
    given = evaluate_items(own, points.z, points.biases)
    for one, other in zip(plain, given, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


def test_draws_are_evenly_taken_of_each_island():
    assert thin(64, 2, 4).tolist() == [0, 16, 32, 48, 64, 80, 96, 112]


def test_the_reference_changes_with_the_likelihood(target):
    key = jax.random.key(1)
    one = reference(key, target)
    np.testing.assert_array_equal(one, reference(key, target))
    wider = dataclasses.replace(target.likelihood, sd=1.02 * target.likelihood.sd)
    other = reference(key, dataclasses.replace(target, likelihood=wider))
    assert not np.allclose(one, other, rtol=1e-3)

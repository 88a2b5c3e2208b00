"""Letters moved one step: the same as a table with other letters, and as integrals of its posterior."""

from __future__ import annotations

from dataclasses import replace

import jax
import numpy as np
import pytest
from scipy import stats
from tests.worlds.small import Row, evidence_table, made_case

from quidproquo.evidence.ensemble import prior_points
from quidproquo.evidence.observation import tables
from quidproquo.evidence.observation.layout import build_likelihood
from quidproquo.evidence.smc.evaluate import evaluate_items
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.evidence.weights.reweight import psis
from quidproquo.sensitivity.grades import grade_factors, grade_what_ifs, graded
from quidproquo.worlds.model import Model, build_model

WORLDS = 3_000  # more than a block, and no multiple of one


@pytest.fixture(scope="module")
def model() -> Model:
    return build_model(made_case())


MIXED = evidence_table(
    Row(value=25e9, origin="a", family="x", grade="B1"),
    Row(value=32e9, origin="a", family="x", grade="B2", group=0),
    Row(comparison="at_least", value=20e9, origin="b", family="x", grade="A3"),
    Row(comparison="between", low=18e9, high=30e9, origin="c", family="y", grade="E2"),
    Row(comparison="proposition_true", likelihood=(0.7, 0.9), scale="identity", grade="C2", range=(0.0, 1.0)),
    Row(comparison="about", value=28e9, origin="d", family="x", grade="F6"),
)


def drawn(target: Target) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Worlds by the prior: coordinates, biases, log-likelihoods and predictions."""
    points = prior_points(jax.random.key(1), target, WORLDS)
    item_log_lik, _, predicted = evaluate_items(target, points.z, points.biases)
    return points.z, points.biases, item_log_lik, predicted


@pytest.mark.parametrize("step", [-1, 1])
def test_factors_are_those_of_a_table_with_the_other_letters(model, step):
    target, moved = build_target(model, MIXED), graded(MIXED, step)
    z, biases, item_log_lik, predicted = drawn(target)
    assert biases.shape[1] > 0
    found = grade_factors(target.likelihood, build_likelihood(moved), predicted, biases)
    other, _, _ = evaluate_items(build_target(model, moved), z, biases)
    np.testing.assert_allclose(found, (other - item_log_lik).T, atol=2e-4, rtol=2e-4)
    assert (np.ptp(found, axis=1) > 0.01).sum() >= 4


def test_every_origin_gets_the_letters_next_to_its_own(model):
    target = build_target(model, MIXED)
    _, biases, _, predicted = drawn(target)
    sets = grade_what_ifs(target, MIXED, predicted, biases)
    assert [one.id for one in sets] == ["a=A", "a=C", "b=B", "c=D", "d=C", "origin 4=B", "origin 4=D"]
    assert {one.kind for one in sets} == {"reliability"}
    assert sets[1].title == "a, graded C instead of B"
    assert not any(one.items for one in sets)


def test_an_origin_takes_its_own_claims_part_alone(model):
    """Moved alone, its letter changes the joint likelihood by as much."""
    target = build_target(model, MIXED)
    z, biases, item_log_lik, predicted = drawn(target)
    letters = np.array(MIXED.reliability)
    letters[np.array(MIXED.origin) == "a"] += 1
    other, _, _ = evaluate_items(build_target(model, replace(MIXED, reliability=letters)), z, biases)
    want = (other - item_log_lik).sum(axis=1)
    found = {one.id: one for one in grade_what_ifs(target, MIXED, predicted, biases)}["a=C"]
    np.testing.assert_allclose(found.change.log_factor, want, atol=1e-3, rtol=1e-3)


def test_letters_run_from_a_to_e_and_what_could_not_be_judged_is_graded_c():
    table = evidence_table(*(Row(value=1.0, grade=f"{letter}1") for letter in "ABCDEF"))
    assert graded(table, 1).reliability.tolist() == [1, 2, 3, 4, 4, 2]
    assert graded(table, -1).reliability.tolist() == [0, 0, 1, 2, 3, 2]


def posterior(z: np.ndarray, letters: str) -> np.ndarray:
    """Weights of the output's coordinate given two claims, on a fine grid."""
    low, high = np.log(10e9), np.log(40e9)
    log_output = 0.5 * (low + high) + 0.5 * (high - low) / stats.norm.ppf(0.95) * z
    density = stats.norm.pdf(z)
    for value, letter in zip((18e9, 34e9), letters, strict=True):
        wider = tables.BIAS_FACTOR[letter]
        sds = (tables.BIAS_SD["family"], wider * tables.BIAS_SD["origin"], wider * tables.BIAS_SD["pair"])
        s = np.sqrt((tables.REPORT_SD["eq"] * tables.SD_FACTOR[letter]) ** 2 + sum(b**2 for b in sds))
        offset = tables.NEGLIGIBLE * value
        told = np.log(value + offset)
        report = stats.norm.pdf(told, np.log(np.exp(log_output) + offset), s)
        report *= np.exp(log_output) / (np.exp(log_output) + offset)
        wrong = tables.WRONG_PROBABILITY[1]
        wide = stats.norm.pdf(np.log(value), log_output, tables.CONTAMINATION_FACTOR * s)
        density *= (1.0 - wrong) * report + wrong * wide
    return density / density.sum()


@pytest.mark.parametrize(
    ("name", "letters"), [("origin 1=A", "BA"), ("origin 1=C", "BC"), ("origin 0=C", "CB")]
)
def test_re_weighted_worlds_are_the_posterior_under_the_other_letter(model, name, letters):
    table = evidence_table(Row(value=18e9), Row(value=34e9))
    target = build_target(model, table)
    grid = np.linspace(-6.0, 6.0, 40_001)
    rng = np.random.default_rng(2)
    worlds = 40_000
    z = rng.standard_normal((worlds, len(model.coordinates)))
    place = model.coordinates.index("economy.output")
    z[:, place] = rng.choice(grid, size=worlds, p=posterior(grid, "BB"))
    biases = np.zeros((worlds, 0))
    _, _, predicted = evaluate_items(target, z.astype(np.float32), biases)
    change = {one.id: one for one in grade_what_ifs(target, table, predicted, biases)}[name].change
    weight = np.exp(psis(change.log_factor)[0])
    want = posterior(grid, letters)
    mean = float(np.sum(want * grid))
    sd = float(np.sqrt(np.sum(want * grid**2) - mean**2))
    error = sd / np.sqrt(worlds)
    assert np.sum(weight * z[:, place]) == pytest.approx(mean, abs=6.0 * error)
    assert np.sum(weight * z[:, place] ** 2) == pytest.approx(mean**2 + sd**2, abs=10.0 * error)
    # the letter does make a difference that this would show
    before = posterior(grid, "BB")
    assert abs(float(np.sum(before * grid)) - mean) > 10.0 * error

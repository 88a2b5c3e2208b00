"""What is due to the claims: shares in closed form, and steps read off planted worlds."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.test_reweight import gaussian, posterior
from tests.sensitivity.builders import evaluator

from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.rerun import Rerun, Reruns
from quidproquo.evidence.weights.reweight import Change, Reweighter
from quidproquo.sensitivity.evaluator import SensitivityEvaluator
from quidproquo.sensitivity.half_evidence import half_evidence
from quidproquo.sensitivity.rerun_evaluator import RerunEvaluator
from quidproquo.study.assemble.leverage import Estimated, Moments, margin_share, share
from quidproquo.study.assemble.scales import on_scale
from quidproquo.terms.errors import EvidenceError

NUMBERS = st.floats(-1e6, 1e6)
VARIANCES = st.floats(0.0, 1e6)


@pytest.mark.parametrize(
    ("before", "after", "want"),
    [
        ((0.0, 1.0), (0.0, 1.0), 0.0),  # nothing happened
        ((0.0, 1.0), (0.0, 0.25), 0.75),  # narrowed to half its width
        ((0.0, 1.0), (2.0, 1.0), 0.8),  # moved by two deviations: 1 of 5 remains
        ((0.0, 1.0), (0.0, 4.0), 0.0),  # widened only: the claims take no error away
        ((0.0, 0.0), (0.0, 0.0), 0.0),  # known before and after
        ((0.0, 0.0), (3.0, 0.0), 1.0),  # sure of another number
    ],
)
def test_share_of_an_estimate(before, after, want):
    assert share(Moments(*before), Moments(*after)) == pytest.approx(want)


@given(NUMBERS, VARIANCES, NUMBERS, VARIANCES)
def test_a_share_is_a_share(m0, v0, m1, v1):
    found = share(Moments(m0, v0), Moments(m1, v1))
    assert 0.0 <= found <= 1.0
    # neither the place of zero nor, but for rounding, the unit matters
    assert share(Moments(2.0 * m0, 4.0 * v0), Moments(2.0 * m1, 4.0 * v1)) == pytest.approx(found)
    assert share(Moments(-m0, v0), Moments(-m1, v1)) == found


@pytest.mark.parametrize("report", [0.0, 0.5, 3.0])
def test_share_of_the_gaussian_case(report):
    # prior N(0, 1), one report with deviation 1: mean report/2, variance ½
    found = share(Moments(0.0, 1.0), Moments(report / 2.0, 0.5))
    assert found == pytest.approx(1.0 - 0.5 / max(1.0, 0.5 + report**2 / 4.0))


@pytest.mark.parametrize(
    ("before", "after", "want"),
    [
        (0.0, 0.04, 1.0),
        (-0.02, 0.04, 1.0),  # without the claims another option leads
        (0.01, 0.04, 0.75),
        (0.05, 0.04, 0.0),  # the claims made the lead smaller
    ],
)
def test_share_of_the_margin(before, after, want):
    found = margin_share(Estimated(before, 0.002), Estimated(after, 0.001), 0.0)
    assert found is not None
    assert found.value == pytest.approx(want)
    # the error of a ratio, to first order
    assert found.mcse == pytest.approx(np.hypot(0.002 / after, 0.001 * before / after**2))


@pytest.mark.parametrize(
    ("margin", "error", "delta"), [(0.002, 0.001, 0.0), (0.02, 0.001, 0.03), (-0.1, 0.0, 0.0)]
)
def test_no_lead_has_no_share(margin, error, delta):
    assert margin_share(Estimated(0.0, 0.001), Estimated(margin, error), delta) is None


def test_the_logarithm_separates_little_near_zero():
    values = np.array([0.0, 1.0, 100.0, 1000.0])
    found = on_scale(values, "log", 100.0)
    assert found[3] - found[2] == pytest.approx(np.log(1003.0 / 103.0))
    assert found[1] - found[0] == pytest.approx(np.log(4.0 / 3.0))
    assert on_scale(values, "count", 100.0) is values


def judge(ensemble: Ensemble) -> SensitivityEvaluator:
    level = ensemble.draws[:, 0]
    return evaluator(ensemble, np.zeros((level.size, 1)), {"level": level}, ("a",))


def both(worlds: int = 100_000, sharper: float = 1.0) -> tuple[SensitivityEvaluator, SensitivityEvaluator]:
    """Of the weighted and the prior ensemble, each with the level in its worlds; claims may be sharper."""
    made = [gaussian(worlds, kind=kind) for kind in ("weighted", "prior")]
    found = [dataclasses.replace(one, log_likelihood=sharper * one.log_likelihood) for one in made]
    weighted, prior = map(judge, found)
    return weighted, SensitivityEvaluator(prior.prepared, original=weighted)


def reruns(weighted: SensitivityEvaluator, run: Callable[[np.ndarray], Rerun]) -> RerunEvaluator:
    return RerunEvaluator(weighted, Reruns(weighted.reweighter, run))


def no_run(powers: np.ndarray) -> Rerun:
    raise AssertionError("nothing should be run again")


def test_half_the_evidence_in_closed_form():
    weighted, prior = both()
    half = half_evidence(weighted, prior, reruns(weighted, no_run))
    mean, sd = posterior([0, 1, 2], power=0.5)
    weight, level = np.exp(half.log_weight), half.estimates["level"]
    assert half.reliable
    assert not half.rerun
    assert weight @ level == pytest.approx(mean, abs=0.02)
    assert np.sqrt(weight @ (level - mean) ** 2) == pytest.approx(sd, rel=0.03)


def test_half_the_evidence_is_run_again_where_weights_can_not_be_trusted():
    # claims so sharp that no world of either ensemble tells what half of their weight says
    weighted, prior = both(4_000, sharper=40_000.0)
    asked = []

    def run(powers: np.ndarray) -> Rerun:
        asked.append(powers)
        ensemble = gaussian(4_000)
        held = Reweighter(ensemble, base_powers=powers)
        return Rerun(held, np.zeros((4_000, 0)), {"level": ensemble.draws[:, 0]}, np.zeros((4_000, 1)))

    half = half_evidence(weighted, prior, reruns(weighted, run))
    assert half.rerun
    assert half.reliable
    # beside its control, the same worlds run again without a change
    assert sorted(powers.tolist() for powers in asked) == [[0.5] * 3, [1.0] * 3]


def test_half_the_evidence_that_no_one_can_run_is_not_reliable():
    weighted, prior = both(4_000, sharper=40_000.0)

    def run(powers: np.ndarray) -> Rerun:
        raise EvidenceError("the worlds don't get there")

    half = half_evidence(weighted, prior, reruns(weighted, run))
    assert not half.reliable
    assert not half.rerun
    assert weighted.reweighter.reweight(Change(power=0.5)).reliable is False

"""Answers to hypotheses from worlds conditioned anew, in a linear model whose every posterior is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.evidence.linear import Linear

from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.rerun import Rerun, Reruns
from quidproquo.evidence.weights.reweight import Change, Reweighter
from quidproquo.sensitivity.answers import answer_shares, rerun_answers

# the third decides alone: without it weights collapse
MODEL = Linear(np.array([0.1, -0.1, 3.0, 0.2]), np.array([0.5, 0.8, 0.08, 2.0]), ("a", "b", "sharp", "c"))
WITHOUT = {"origin:sharp": Change(drop=("sharp",)), "origin:c": Change(drop=("c",))}


def answered(ensemble: Ensemble) -> Ensemble:
    """The hypothesis has its second answer where z is above zero."""
    return replace(ensemble, hypotheses=("above",), states=(ensemble.draws[:, :1] > 0.0).astype(int))


def run(powers: np.ndarray) -> Rerun:
    found = MODEL.rerun_with([])(powers)
    ensemble = answered(found.reweighter.ensemble)
    return replace(found, reweighter=Reweighter(ensemble, base_powers=powers))


def test_worlds_conditioned_anew_tell_an_answer_that_weights_cannot() -> None:
    base = Reweighter(answered(MODEL.ensemble(np.ones(4), 1)))
    reruns = Reruns(base, run)
    assert not base.reweight(WITHOUT["origin:sharp"]).reliable
    assert rerun_answers({"above": 2}, WITHOUT, reruns) == {}
    assert reruns.count == 0  # none is run for this
    reruns.prefetch([WITHOUT["origin:sharp"]])
    found = rerun_answers({"above": 2}, WITHOUT, reruns)["origin:sharp"]["above"]
    mean, sd = MODEL.closed_form(np.array([1.0, 1.0, 0.0, 1.0]))
    assert found.share.sum() == pytest.approx(1.0)
    assert found.share[1] == pytest.approx(stats.norm.cdf(mean / sd), abs=4.0 * found.mcse[1] + 0.01)
    whole = answer_shares(base.ensemble, base.base, 0, 2)
    assert abs(whole.share[1] - found.share[1]) > 0.2

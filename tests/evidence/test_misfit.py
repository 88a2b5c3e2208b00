"""Leave-one-out tails of a Gaussian case, against the closed form."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy.stats import norm
from tests.evidence.test_reweight import REPORTS, SPREADS, gaussian, posterior

from quidproquo.evidence.checks.misfit import misfit
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.terms.errors import EvidenceError


def chances(ensemble: Ensemble) -> np.ndarray:
    return norm.cdf((REPORTS - ensemble.draws) / SPREADS)


def test_tails_agree_with_the_closed_form():
    ensemble = gaussian(200_000)
    found = misfit(ensemble, ["x", "y", "z"], chances(ensemble), np.zeros((200_000, 3)))
    for place, one in enumerate(found.claims):
        mean, sd = posterior([other for other in range(3) if other != place])
        want = norm.cdf((REPORTS[place] - mean) / math.hypot(sd, SPREADS[place]))
        assert one.claim == ensemble.items[place]
        assert one.below == pytest.approx(want, abs=0.01)
        assert one.tail == pytest.approx(2 * min(want, 1 - want), abs=0.02)
        assert one.verdict == "as the other origins lead one to expect"
    assert found.carries
    assert found.outside == 0.0
    assert (
        found.verdict == "The model can carry option results: 0 of 3 claims lie outside the 1% to 99% range."
    )


def test_what_the_worlds_say_without_an_origin_agrees_with_the_closed_form():
    ensemble = gaussian(200_000)
    # every item is predicted to be the world's one number
    ensemble = dataclasses.replace(ensemble, predicted=np.repeat(ensemble.draws[:, :1], 3, axis=1))
    found = misfit(ensemble, ["x", "y", "z"], chances(ensemble), np.zeros((200_000, 3)))
    for place, one in enumerate(found.claims):
        mean, sd = posterior([other for other in range(3) if other != place])
        assert one.expected == pytest.approx(norm.ppf([0.05, 0.5, 0.95], mean, sd), abs=0.03)
        assert one.mean == pytest.approx(mean, abs=0.02)


def test_an_origin_is_left_out_whole():
    ensemble = gaussian(200_000)
    found = misfit(ensemble, ["x", "y", "x"], chances(ensemble), np.zeros((200_000, 3)))
    mean, sd = posterior([1])
    want = norm.cdf((REPORTS[2] - mean) / math.hypot(sd, SPREADS[2]))
    assert found.claims[2].below == pytest.approx(want, abs=0.01)


def test_a_model_that_misses_too_much_cannot_carry_results():
    ensemble = gaussian(8000)
    cdf = np.full((8000, 3), 0.5)
    cdf[:, 1] = 0.999
    wrong = np.zeros((8000, 3))
    wrong[:, 1] = 0.8
    found = misfit(ensemble, ["x", "y", "z"], cdf, wrong)
    assert found.outside == pytest.approx(1 / 3)
    assert not found.carries
    assert found.verdict.startswith(
        "More than a tenth of the claims misfit: the model can't carry option results."
    )
    assert found.claims[1].verdict == "far above what the other origins lead one to expect; probably wrong"
    assert found.claims[1].probability_wrong == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("chance", "words"), [(0.001, "far below"), (0.03, "low, but within"), (0.97, "high, but within")]
)
def test_verdicts(chance, words):
    ensemble = gaussian(8000)
    cdf = np.full((8000, 3), chance)
    assert misfit(ensemble, ["x", "y", "z"], cdf, np.zeros((8000, 3))).claims[0].verdict.startswith(words)


def test_what_cannot_be_judged_is_counted_and_not_blamed():
    ensemble = gaussian(8000)
    sharp = ensemble.log_likelihood.copy()
    sharp[:, 2] -= 30.0 * (ensemble.draws[:, 0] - 4.0) ** 2
    cdf = np.full((8000, 3), 0.5)
    cdf[:, 0] = np.nan
    cdf[:, 2] = 0.999
    found = misfit(
        dataclasses.replace(ensemble, log_likelihood=sharp), ["x", "y", "z"], cdf, np.zeros((8000, 3))
    )
    assert found.unjudged == 2
    assert found.outside == 0.0
    assert "no predictive distribution" in found.claims[0].verdict
    assert "can't be judged: too much rests on its origin" in found.claims[2].verdict
    assert found.verdict.endswith("(2 can't be judged).")


def test_shapes_are_checked():
    ensemble = gaussian(800)
    with pytest.raises(EvidenceError, match="shape of cdf is \\(800, 2\\)"):
        misfit(ensemble, ["x", "y", "z"], np.zeros((800, 2)), np.zeros((800, 2)))
    with pytest.raises(EvidenceError, match="number of origins is 2"):
        misfit(ensemble, ["x", "y"], np.zeros((800, 3)), np.zeros((800, 3)))

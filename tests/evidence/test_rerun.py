"""Running again where weights won't do, in a linear model whose every posterior is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.evidence.linear import OPTIONS, Linear, values

from quidproquo.evidence.checks.misfit import misfit
from quidproquo.evidence.weights.rerun import Rerun, Reruns
from quidproquo.evidence.weights.reweight import Change, Reweighter
from quidproquo.sensitivity.evaluator import Choice, SensitivityEvaluator, WhatIf
from quidproquo.sensitivity.leverage import leverage
from quidproquo.sensitivity.rerun_evaluators import Boards
from quidproquo.terms.errors import EvidenceError

ITEMS = ("a", "b", "sharp", "c")
# the third decides alone: without it weights collapse
MODEL = Linear(np.array([0.1, -0.1, 3.0, 0.2]), np.array([0.5, 0.8, 0.08, 2.0]), ITEMS)
WORLDS = MODEL.worlds


def schur(item: int) -> float:
    """Share of the variance of z without an item's report that the report takes away."""

    def left(known: np.ndarray) -> float:
        reports = np.ones((len(known), len(known))) + np.diag(MODEL.spreads[known] ** 2)
        across = np.ones(len(known))
        return float(1.0 - across @ np.linalg.solve(reports, across))

    every = np.arange(len(ITEMS))
    return 1.0 - left(every) / left(every[every != item])


@pytest.fixture
def base() -> Reweighter:
    return Reweighter(MODEL.ensemble(np.ones(4), 1))


def test_weights_fail_for_the_sharp_item_and_running_again_agrees_with_the_closed_form(base):
    sets = [WhatIf("claim", item, item, (item,)) for item in ITEMS]
    estimates = {"z": base.ensemble.draws[:, 0]}
    choice = Choice(OPTIONS, values(estimates["z"]))
    mean, sd = MODEL.closed_form(np.ones(4))
    by_weights = leverage(base, sets, estimates, choice)
    assert [entry.reliable for entry in by_weights] == [True, True, False, True]
    seen: list[np.ndarray] = []
    found = leverage(base, sets, estimates, choice, reruns=Reruns(base, MODEL.rerun_with(seen)))
    assert [entry.rerun for entry in found] == [False, False, True, False]
    assert all(entry.reliable for entry in found)
    # and once more without a change, to be told beside
    np.testing.assert_array_equal(seen, [[1.0, 1.0, 0.0, 1.0], np.ones(4)])
    for item, entry in zip(range(4), found, strict=True):
        without, width = MODEL.closed_form((np.arange(4) != item).astype(float))
        error = 5.0 * np.hypot(width, sd) / sd / np.sqrt(WORLDS)
        assert entry.shift["z"] == pytest.approx((without - mean) / sd, abs=error)
        # data worth: the Schur complement of the item in the joint covariance of z and all reports
        assert entry.worth["z"] == pytest.approx(schur(item), abs=10.0 / np.sqrt(WORLDS))
    assert [entry.preferred for entry in found] == ["go", "go", "stay", "go"]
    # without the sharp report staying gives up nothing in 95 % of worlds but where z exceeds 1
    without, width = MODEL.closed_form(np.array([1.0, 1.0, 0.0, 1.0]))
    assert without + 1.645 * width < 1.0


def test_the_error_of_a_shift_of_the_margin_is_that_of_many_runs():
    """Over many runs, shifts lie about the true one as far as their errors say."""
    without = np.array([0.0, 1.0, 1.0, 1.0])
    want, scores = MODEL.going_leads(without) - MODEL.going_leads(np.ones(4)), []
    for seed in range(40):
        base = Reweighter(MODEL.ensemble(np.ones(4), seed))
        estimates = {"z": base.ensemble.draws[:, 0]}
        choice = Choice(OPTIONS, values(estimates["z"]))
        (found,) = leverage(base, [WhatIf("claim", "a", "a", ("a",))], estimates, choice)
        assert found.margin_mcse > 0.0
        scores.append((found.margin_shift - want) / found.margin_mcse)
    # a sum of 40 squared t variates on 15 degrees of freedom
    assert 0.4 < np.mean(np.square(scores)) < 2.2
    assert np.abs(scores).max() < stats.t.ppf(1 - 1e-4, MODEL.islands - 1)


@pytest.mark.parametrize(("item", "gain"), [("sharp", 0.5), ("c", 3.0)])
def test_a_shift_from_worlds_run_again_is_told_beside_the_same_worlds_run_without_a_change(item, gain):
    """The luck that small ensembles share cancels: errors are right, and where little changes, small."""
    model = replace(MODEL, spreads=np.array([0.5, 0.8, 0.3, 2.0]))
    few = replace(model, worlds=800)
    without = np.array([float(other != item) for other in ITEMS])
    want = model.going_leads(without) - model.going_leads(np.ones(4))
    drop = [WhatIf("claim", item, item, (item,))]
    scores, gains = [], []
    for seed in range(40):
        base = Reweighter(model.ensemble(np.ones(4), seed))
        choice = Choice(OPTIONS, values(base.ensemble.draws[:, 0]))
        board = SensitivityEvaluator(base, {}, choice)
        reruns = Reruns(base, few.rerun_with([], 1_000 + seed))
        answer = reruns.own(Change(drop=(item,)))
        assert answer is not None
        (found,) = Boards(board, reruns).of(answer.run).judge(drop)
        alone = SensitivityEvaluator(
            answer.run.reweighter, {}, replace(choice, values=answer.run.values), board
        )
        scores.append((found.margin_shift - want) / found.margin_mcse)
        gains.append(alone.judge(drop)[0].margin_mcse / found.margin_mcse)
    assert 0.4 < np.mean(np.square(scores)) < 2.2
    assert abs(np.mean(scores)) < 4.0 / np.sqrt(40)
    assert np.median(gains) > gain


def test_worlds_run_again_without_a_change_move_nothing(base):
    choice = Choice(OPTIONS, values(base.ensemble.draws[:, 0]))
    reruns = Reruns(base, MODEL.rerun_with([]))
    answer = reruns.own(Change())
    assert answer is not None
    boards = Boards(SensitivityEvaluator(base, {}, choice), reruns)
    (same,) = boards.of(answer.run).judge([WhatIf("claim", "", "", ())])
    assert same.margin_shift == pytest.approx(0.0, abs=1e-12)
    assert same.margin_mcse == pytest.approx(0.0, abs=1e-12)


def test_what_was_run_for_one_what_if_serves_another_that_is_near(base):
    seen: list[np.ndarray] = []
    reruns = Reruns(base, MODEL.rerun_with(seen))
    first = reruns.nearest(Change(drop=("sharp", "c")))
    second = reruns.nearest(Change(drop=("sharp",)))
    assert first is not None
    assert second is not None
    assert reruns.count == len(seen) == 1
    assert second.weights.reliable
    z = second.run.estimates["z"]
    mean, sd = MODEL.closed_form(np.array([1.0, 1.0, 0.0, 1.0]))
    assert np.sum(np.exp(second.weights.log_weight) * z) == pytest.approx(mean, abs=5 * sd / np.sqrt(WORLDS))
    own = reruns.own(Change(drop=("sharp",)))
    assert own is not None
    assert reruns.count == len(seen) == 2
    np.testing.assert_allclose(np.exp(own.weights.log_weight), 1.0 / WORLDS)


def test_only_what_was_run_before_is_asked_once_no_more_may_be_run(base):
    sets = [WhatIf("claim", "sharp", "sharp", ("sharp",))]
    estimates = {"z": base.ensemble.draws[:, 0]}
    choice = Choice(OPTIONS, values(estimates["z"]))
    reruns = Reruns(base, MODEL.rerun_with([]))
    (entry,) = leverage(base, sets, estimates, choice, reruns=reruns, most=0)
    assert not entry.reliable
    assert not entry.rerun
    assert reruns.count == 0


def test_a_run_that_does_not_get_there_leaves_the_what_if_unjudged(base):
    def fails(powers: np.ndarray) -> Rerun:
        raise EvidenceError("no way")

    reruns = Reruns(base, fails)
    assert reruns.own(Change(drop=("sharp",))) is None
    assert reruns.nearest(Change(drop=("sharp",))) is None
    sets = [WhatIf("claim", "sharp", "sharp", ("sharp",))]
    estimates = {"z": base.ensemble.draws[:, 0]}
    (entry,) = leverage(base, sets, estimates, Choice(OPTIONS, values(estimates["z"])), reruns=reruns)
    assert not entry.reliable


def test_a_change_of_hypothesis_is_never_run_again(base):
    reruns = Reruns(base, MODEL.rerun_with([]))
    assert reruns.nearest(Change(hypothesis="h", state=0, probability=0.5)) is None
    assert reruns.own(Change(log_factor=np.zeros(WORLDS))) is None


def test_a_lead_within_its_monte_carlo_error_changes_no_choice():
    """Two options level but for chance: the first stays, whatever the weights make of them."""
    rng = np.random.default_rng(5)
    level = MODEL.ensemble(np.ones(4), 3)
    noise = rng.standard_normal((WORLDS, 2))
    choice = Choice(OPTIONS, noise)
    sets = [WhatIf("claim", item, item, (item,)) for item in ("a", "b", "c")]
    found = leverage(level, sets, {"z": level.draws[:, 0]}, choice)
    first = {entry.preferred for entry in found}
    assert len(first) == 1


def test_misfit_takes_the_worlds_that_were_run_without_the_origin(base):
    z = base.ensemble.draws[:, 0]
    origin = ("x", "y", "z", "w")

    def below(z: np.ndarray) -> np.ndarray:
        return np.stack(
            [stats.norm.cdf((y - z) / s) for y, s in zip(MODEL.reports, MODEL.spreads, strict=True)], axis=1
        )

    wrong = np.zeros((WORLDS, 4))
    alone = misfit(base, origin, below(z), wrong)
    assert [one.reliable for one in alone.claims] == [True, True, False, True]
    reruns = Reruns(base, MODEL.rerun_with([]))
    found = misfit(base, origin, below(z), wrong, reruns, lambda run: below(run.estimates["z"]))
    assert found.unjudged == 0
    sharp = found.claims[2]
    assert sharp.rerun
    mean, sd = MODEL.closed_form(np.array([1.0, 1.0, 0.0, 1.0]))
    want = stats.norm.cdf((MODEL.reports[2] - mean) / np.hypot(sd, MODEL.spreads[2]))
    assert sharp.below == pytest.approx(want, abs=0.01)
    assert "far above" in sharp.verdict

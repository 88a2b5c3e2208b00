"""What-ifs judged by re-running where weights won't do, in a linear model whose every posterior is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.evidence.linear import OPTIONS, values
from tests.evidence.test_rerun import ITEMS, MODEL, WORLDS
from tests.sensitivity.builders import evaluator

from quidproquo.evidence.weights.rerun import Rerun, Reruns
from quidproquo.evidence.weights.reweight import Change, Reweighter
from quidproquo.sensitivity.evaluator import SensitivityEvaluator, WhatIf
from quidproquo.sensitivity.leverage import leverage
from quidproquo.sensitivity.rerun_evaluator import RerunEvaluator
from quidproquo.terms.errors import EvidenceError


@pytest.fixture
def base() -> Reweighter:
    return Reweighter(MODEL.ensemble(np.ones(4), 1))


def judge(base: Reweighter, estimates: dict[str, np.ndarray] | None = None) -> SensitivityEvaluator:
    return evaluator(base, values(base.ensemble.draws[:, 0]), estimates, OPTIONS)


def schur(item: int) -> float:
    """Share of the variance of z without an item's report that the report takes away."""

    def left(known: np.ndarray) -> float:
        reports = np.ones((len(known), len(known))) + np.diag(MODEL.spreads[known] ** 2)
        across = np.ones(len(known))
        return float(1.0 - across @ np.linalg.solve(reports, across))

    every = np.arange(len(ITEMS))
    return 1.0 - left(every) / left(every[every != item])


def test_weights_fail_for_the_sharp_item_and_running_again_agrees_with_the_closed_form(base):
    sets = [WhatIf("claim", item, item, (item,)) for item in ITEMS]
    estimates = {"z": base.ensemble.draws[:, 0]}
    own = judge(base, estimates)
    mean, sd = MODEL.closed_form(np.ones(4))
    by_weights = leverage(own, sets)
    assert [entry.reliable for entry in by_weights] == [True, True, False, True]
    seen: list[np.ndarray] = []
    found = leverage(own, sets, reruns=RerunEvaluator(own, Reruns(base, MODEL.rerun_with(seen))))
    assert [entry.rerun for entry in found] == [False, False, True, False]
    assert all(entry.reliable for entry in found)
    # and once more without a change, as the control
    assert sorted(map(tuple, seen)) == [(1.0, 1.0, 0.0, 1.0), (1.0, 1.0, 1.0, 1.0)]
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
        (found,) = leverage(judge(base, estimates), [WhatIf("claim", "a", "a", ("a",))])
        assert found.margin_mcse > 0.0
        scores.append((found.margin_shift - want) / found.margin_mcse)
    # a sum of 40 squared t variates on 15 degrees of freedom
    assert 0.4 < np.mean(np.square(scores)) < 2.2
    assert np.abs(scores).max() < stats.t.ppf(1 - 1e-4, MODEL.islands - 1)


@pytest.mark.parametrize(("item", "gain"), [("sharp", 0.5), ("c", 3.0)])
def test_a_shift_from_worlds_run_again_is_adjusted_by_the_same_worlds_run_without_a_change(item, gain):
    """The luck that small ensembles share cancels: errors are right, and where little changes, small."""
    model = replace(MODEL, spreads=np.array([0.5, 0.8, 0.3, 2.0]))
    few = replace(model, worlds=800)
    without = np.array([float(other != item) for other in ITEMS])
    want = model.going_leads(without) - model.going_leads(np.ones(4))
    drop = [WhatIf("claim", item, item, (item,))]
    scores, gains = [], []
    for seed in range(40):
        base = Reweighter(model.ensemble(np.ones(4), seed))
        own = judge(base)
        reruns = RerunEvaluator(own, Reruns(base, few.rerun_with([], 1_000 + seed)))
        answer = reruns.exact(Change(drop=(item,)))
        assert answer is not None
        adjusted = answer[0]
        (found,) = adjusted.evaluate(drop)
        alone = SensitivityEvaluator(adjusted.prepared, original=own)
        scores.append((found.margin_shift - want) / found.margin_mcse)
        gains.append(alone.evaluate(drop)[0].margin_mcse / found.margin_mcse)
    assert 0.4 < np.mean(np.square(scores)) < 2.2
    assert abs(np.mean(scores)) < 4.0 / np.sqrt(40)
    assert np.median(gains) > gain


def test_worlds_run_again_without_a_change_move_nothing(base):
    reruns = RerunEvaluator(judge(base), Reruns(base, MODEL.rerun_with([])))
    answer = reruns.exact(Change())
    assert answer is not None
    (same,) = answer[0].evaluate([WhatIf("claim", "", "", ())])
    assert same.margin_shift == pytest.approx(0.0, abs=1e-12)
    assert same.margin_mcse == pytest.approx(0.0, abs=1e-12)


def test_only_what_was_run_before_is_asked_once_no_more_may_be_run(base):
    sets = [WhatIf("claim", "sharp", "sharp", ("sharp",))]
    estimates = {"z": base.ensemble.draws[:, 0]}
    own = judge(base, estimates)
    reruns = RerunEvaluator(own, Reruns(base, MODEL.rerun_with([]), most=0))
    (entry,) = leverage(own, sets, reruns=reruns)
    assert not entry.reliable
    assert not entry.rerun
    assert reruns.reruns.count == 0


def test_a_run_that_does_not_get_there_leaves_the_what_if_unjudged(base):
    def fails(powers: np.ndarray) -> Rerun:
        raise EvidenceError("no way")

    sets = [WhatIf("claim", "sharp", "sharp", ("sharp",))]
    estimates = {"z": base.ensemble.draws[:, 0]}
    own = judge(base, estimates)
    (entry,) = leverage(own, sets, reruns=RerunEvaluator(own, Reruns(base, fails)))
    assert not entry.reliable


def test_a_lead_within_its_monte_carlo_error_changes_no_choice():
    """Two options level but for chance: the first stays, whatever the weights make of them."""
    rng = np.random.default_rng(5)
    level = MODEL.ensemble(np.ones(4), 3)
    noise = rng.standard_normal((WORLDS, 2))
    own = evaluator(level, noise, {"z": level.draws[:, 0]}, OPTIONS)
    sets = [WhatIf("claim", item, item, (item,)) for item in ("a", "b", "c")]
    found = leverage(own, sets)
    first = {entry.preferred for entry in found}
    assert len(first) == 1


def test_origins_come_before_what_else_weights_can_not_judge(base):
    seen: list[np.ndarray] = []
    sets = [
        WhatIf("claim", "sharp", "", ("sharp",)),
        WhatIf("document", "paper", "", ("sharp", "c")),
        WhatIf("origin", "radio", "", ("a", "sharp", "c")),
    ]
    own = judge(base)
    few = RerunEvaluator(own, Reruns(base, MODEL.rerun_with(seen), most=3))
    found = leverage(own, sets, reruns=few, reserve=1)
    # the control and the origin; a further one is kept in reserve
    assert sorted(map(tuple, seen)) == [(0.0, 1.0, 0.0, 0.0), (1.0, 1.0, 1.0, 1.0)]
    assert found[2].rerun
    assert found[2].reliable
    seen.clear()
    many = leverage(own, sets, reruns=RerunEvaluator(own, Reruns(base, MODEL.rerun_with(seen))))
    assert all(entry.rerun and entry.reliable for entry in many)

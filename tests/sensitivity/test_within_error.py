"""Weights that can be trusted, but whose error is larger than δ: worlds of their own decide, else nothing is said.

Without the second report going and staying are level in truth (a lead of 0.04, where 0.05 counts); from worlds
that both reports made, weights give a lead of 0.2 ± 0.15.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.decisions.builders import case, metric
from tests.evidence.linear import OPTIONS, Linear, values
from tests.sensitivity.builders import evaluator

from quidproquo.decisions.compare import compare
from quidproquo.decisions.value import valued_worlds
from quidproquo.evidence.weights.rerun import Reruns
from quidproquo.evidence.weights.reweight import Reweighter
from quidproquo.sensitivity.evaluator import SensitivityEvaluator, WhatIf
from quidproquo.sensitivity.leverage import leverage
from quidproquo.sensitivity.record import ALL, Weighting
from quidproquo.sensitivity.rerun_evaluator import RerunEvaluator
from quidproquo.sensitivity.smallest_set import smallest_set
from quidproquo.sensitivity.standing import standing
from quidproquo.sensitivity.weightings import sweep_weightings

MODEL = Linear(np.array([1.39, 2.2]), np.array([0.6, 0.5]), ("a", "b"), worlds=16_000)
DELTA = 0.05
RADIO = WhatIf("origin", "radio", "Radio Freedonia", ("b",))


@pytest.fixture
def own() -> SensitivityEvaluator:
    base = Reweighter(MODEL.ensemble(np.ones(2), 1))
    return evaluator(base, values(base.ensemble.draws[:, 0]), None, OPTIONS, DELTA)


def again(own: SensitivityEvaluator, most: float = math.inf) -> RerunEvaluator:
    return RerunEvaluator(own, Reruns(own.reweighter, MODEL.rerun_with([]), most))


def swept(own: SensitivityEvaluator, reruns: RerunEvaluator | None) -> dict[str, Weighting]:
    rules = case(OPTIONS, (metric("m"),), delta=DELTA)
    worlds = valued_worlds(own.reweighter.ensemble, rules)
    findings = compare(worlds, worlds, rules)
    return {row.id: row for row in sweep_weightings(own, None, findings, rules, [RADIO], reruns).rows}


def test_a_weighting_whose_error_is_larger_than_delta_ties_nothing(own):
    rows = swept(own, None)
    radio = rows["origin:radio"]
    assert radio.reliable
    assert 2 * radio.mcse > DELTA
    assert not radio.decided
    assert (radio.tied, radio.within_error) == (("go",), ("stay",))
    stands = standing(("go",), [rows[ALL], radio])
    assert (stands.options, dict(stands.ties), stands.open) == (("go",), {}, ("stay",))


def test_worlds_of_its_own_decide_it(own):
    radio = swept(own, again(own))["origin:radio"]
    assert radio.rerun
    assert radio.judged
    assert radio.margin == pytest.approx(MODEL.going_leads(np.array([1.0, 0.0])), abs=5 * radio.mcse)
    assert 2 * radio.mcse < DELTA
    assert set(radio.tied) == {"go", "stay"}
    assert radio.within_error == ()


def test_where_no_more_may_be_run_it_stays_open(own):
    radio = swept(own, again(own, most=0))["origin:radio"]
    assert not radio.rerun
    assert not radio.judged


@pytest.mark.parametrize("kind", ["origin", "structure", "family", "document", "source", "claim"])
def test_whatever_is_left_out_is_judged_so(own, kind):
    what_if = WhatIf(kind, "radio", "Radio Freedonia", RADIO.items)
    (alone,) = leverage(own, [what_if])
    assert (alone.reliable, alone.decided, alone.judged) == (True, False, False)
    (found,) = leverage(own, [what_if], reruns=again(own))
    assert (found.rerun, found.judged) == (True, True)


def test_of_a_kind_those_known_least_are_run_first(own):
    """The first report hardly moves the lead: the one ensemble that may be run goes to the second."""
    both = [WhatIf("origin", "paper", "The Paper", ("a",)), RADIO]
    reruns = again(own, most=2)  # the control, and one more
    paper, radio = leverage(own, both, reruns=reruns)
    assert radio.rerun
    assert paper.judged
    assert not paper.rerun


def test_of_an_origin_it_is_also_asked_whether_another_option_ties(own):
    """With a δ of 0.1 the choice stands, though it may be a tie: worth worlds of its own for an origin only."""
    base = own.reweighter
    wide = evaluator(base, values(base.ensemble.draws[:, 0]), None, OPTIONS, 0.1)
    document = WhatIf("document", "paper", "The Paper", RADIO.items)
    assert not leverage(wide, [document], reruns=again(wide))[0].rerun
    assert leverage(wide, [RADIO], reruns=again(wide))[0].rerun


def test_a_set_of_origins_is_not_judged_within_its_error(own):
    (verdict,) = own.verdicts([RADIO])
    assert verdict is None
    assert smallest_set(own, [RADIO]).unjudged == {1: 1}


def test_a_clear_lead_is_decided_however_large_its_error(own):
    """The other way round: an error above δ doesn't matter where the lead is far larger."""
    base = Reweighter(MODEL.ensemble(np.ones(2), 1))
    fine = evaluator(base, values(base.ensemble.draws[:, 0]), None, OPTIONS, 0.001)
    row = fine.decide(fine.own_regrets)
    assert 2 * fine.own_regrets.lead(fine.first).mcse > 0.001
    assert row.settles_ties([fine.first])
    assert row.settles_choice([fine.first])
    assert row.within_error == ()

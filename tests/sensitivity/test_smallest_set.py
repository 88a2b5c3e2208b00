"""The smallest set whose removal changes the choice, against every set of a model in closed form."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from tests.evidence.linear import OPTIONS, Linear, values
from tests.sensitivity.builders import evaluator

from quidproquo.evidence.weights.rerun import Rerun, Reruns
from quidproquo.evidence.weights.reweight import Reweighter
from quidproquo.sensitivity.evaluator import SensitivityEvaluator, WhatIf
from quidproquo.sensitivity.rerun_evaluator import RerunEvaluator
from quidproquo.sensitivity.smallest_set import SmallestSet, smallest_set
from quidproquo.terms.errors import EvidenceError

CLEAR = 0.05  # leads nearer to zero than this can't be told apart with so many worlds


def model(reports: list[float], spreads: list[float]) -> Linear:
    return Linear(np.array(reports), np.array(spreads), tuple("abcdefghijkl"[: len(reports)]))


def origins(case: Linear) -> list[WhatIf]:
    return [WhatIf("origin", item, item.upper(), (item,)) for item in case.items]


def judge(
    base: Reweighter, option_values: np.ndarray | None = None, delta: float = 0.0
) -> SensitivityEvaluator:
    own = values(base.ensemble.draws[:, 0]) if option_values is None else option_values
    return evaluator(base, own, options=OPTIONS, delta=delta)


def search(case: Linear, rerun: bool = True, every: bool = True, delta: float = 0.0) -> SmallestSet:
    base = Reweighter(case.ensemble(np.ones(len(case.items)), 1))
    own = judge(base, delta=delta)
    reruns = RerunEvaluator(own, Reruns(base, case.rerun_with([]))) if rerun else None
    return smallest_set(own, origins(case), reruns, every=every)


def lead(case: Linear, gone: tuple[str, ...]) -> float:
    """Of going, which all the evidence speaks for."""
    return case.going_leads(np.array([float(item not in gone) for item in case.items]))


def turning(case: Linear, size: int) -> set[tuple[str, ...]]:
    """All sets of a size without which staying is better; every lead must be clear of zero."""
    leads = {gone: lead(case, gone) for gone in combinations(case.items, size)}
    assert min(map(abs, leads.values())) > CLEAR
    return {gone for gone, value in leads.items() if value < 0.0}


ONE = model([3.0, 0.8, 0.7], [0.3, 0.6, 0.9])
TWO = model([2.4, 2.5, 1.7, 0.2, 0.3], [0.35, 0.35, 0.9, 0.8, 1.2])
THREE = model([2.1, 2.2, 2.0, 0.5, 0.4, 0.6], [0.45, 0.45, 0.45, 0.9, 1.1, 1.2])
# weights reach the pair
MILD = replace(model([2.0, 2.0, 1.1], [0.8, 0.8, 0.5]), worlds=40_000)


@pytest.mark.parametrize(("case", "size"), [(ONE, 1), (TWO, 2), (THREE, 3)], ids=["one", "two", "three"])
def test_the_set_found_is_one_of_the_smallest_there_are(case, size):
    assert lead(case, ()) > CLEAR
    for smaller in range(1, size):
        assert not turning(case, smaller)
    found = search(case)
    assert found.origins in turning(case, size)
    assert found.preferred == "stay"
    assert found.confirmed
    assert found.closest == found.origins
    assert found.lead == pytest.approx(lead(case, found.origins), abs=5.0 * found.mcse + 0.01)


def test_every_origin_and_every_pair_is_counted():
    found = search(THREE, every=True)
    assert found.possible[1] == found.searched[1] == 6
    assert found.possible[2] == found.searched[2] == 15
    assert found.possible[3] == 20
    assert 0 < found.searched[3] <= 4  # the best pair and one of the other four
    assert not found.unjudged
    assert found.unconfirmed == 0


def test_a_choice_that_no_set_turns_is_said_to_stand_and_how_near_it_comes():
    sure = model([3.1, 3.0, 2.9], [0.05, 0.05, 0.05])
    base = Reweighter(sure.ensemble(np.ones(3), 1))
    level = np.stack([np.zeros(sure.worlds), np.ones(sure.worlds)], axis=1)

    def run(powers: np.ndarray) -> Rerun:
        again = sure.rerun_with([])(powers)
        return Rerun(again.reweighter, again.biases, again.estimates, level)

    own = judge(base, level)
    found = smallest_set(own, origins(sure), RerunEvaluator(own, Reruns(base, run)), every=True)
    assert found.origins == ()
    assert found.preferred == "go"
    assert not found.confirmed
    assert found.searched == {1: 3, 2: 3, 3: 1}
    assert found.lead == pytest.approx(1.0)
    assert len(found.closest) == 1  # of sets that come equally near the smallest


def test_sets_that_no_weights_reach_are_counted_and_not_judged(monkeypatch):
    sharp = model([3.0, 3.0, 0.1, 0.2], [0.05, 0.05, 1.0, 1.2])
    assert turning(sharp, 2) == {("a", "b")}
    few = search(sharp, every=False)  # the likeliest pairs may have worlds of their own
    assert few.origins == ("a", "b")
    monkeypatch.setattr("quidproquo.sensitivity.smallest_set._FURTHER", 0)
    none = search(sharp, every=False)
    assert none.unjudged[2] >= 1
    assert none.searched[2] + none.unjudged[2] == 6
    assert not none.origins
    every = search(sharp, every=True)
    assert every.origins == ("a", "b")
    assert not every.unjudged


def test_without_worlds_of_its_own_a_set_is_told_by_weights_and_not_confirmed():
    found = search(MILD, rerun=False)
    assert not turning(MILD, 1)
    assert found.origins in turning(MILD, 2)
    assert not found.confirmed


def test_a_set_that_its_own_worlds_do_not_confirm_is_not_reported():
    base = Reweighter(MILD.ensemble(np.ones(3), 1))
    own = judge(base)

    def stubborn(powers: np.ndarray) -> Rerun:
        again = MILD.rerun_with([])(powers)
        return Rerun(again.reweighter, again.biases, again.estimates, np.tile([0.0, 1.0], (MILD.worlds, 1)))

    def fails(powers: np.ndarray) -> Rerun:
        raise EvidenceError("no way")

    for run in (stubborn, fails):
        found = smallest_set(own, origins(MILD), RerunEvaluator(own, Reruns(base, run)))
        assert found.origins == ()
        assert found.unconfirmed > 0


def test_a_set_found_step_by_step_is_thinned():
    """A step on the way may turn out to have been needless: fewer are tried once the choice has turned."""
    found = search(THREE, every=True)
    for fewer in combinations(found.origins, len(found.origins) - 1):
        assert lead(THREE, fewer) > 0.0


def test_options_that_are_tied_with_the_first_are_no_other_choice():
    assert search(TWO, delta=10.0).origins == ()


def test_pairs_beyond_the_limit_are_those_that_come_nearest(monkeypatch):
    monkeypatch.setattr("quidproquo.sensitivity.smallest_set._MOST_PAIRS", 3)
    found = search(TWO)
    assert found.possible[2] == 10
    assert found.searched[2] + found.unjudged.get(2, 0) == 3
    assert found.origins in turning(TWO, 2)


def test_one_origin_and_none():
    assert search(model([3.0], [0.5])).searched == {1: 1}
    base = Reweighter(ONE.ensemble(np.ones(3), 1))
    none = smallest_set(judge(base), [])
    assert none.origins == none.closest == ()
    assert none.possible == none.searched == {}
    assert none.lead > 0.0


def test_the_search_is_the_same_each_time():
    assert search(THREE) == search(THREE)

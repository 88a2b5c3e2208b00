"""Where the choice turns, against closed forms and fine grids."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.decisions.builders import case, ensemble, metric

from quidproquo.cases.record import Case
from quidproquo.decisions.value import ValuedWorlds, valued_worlds
from quidproquo.evidence.weights.estimators import Tail, normalised
from quidproquo.sensitivity.turning import MONEY, TurningPoint, turning_points, upper_quantiles

DELTA = 0.01


def made_case(options: str = "ab", weights: tuple[float, float] = (0.7, 0.3), money: float = 0.0) -> Case:
    rules = case(options, (metric("gain", weight=weights[0]), metric("pain", weight=weights[1])), delta=DELTA)
    costly = {name: dataclasses.replace(one, cost={"money": money}) for name, one in rules.options.items()}
    return dataclasses.replace(rules, options=costly)


def level(*options: tuple[float, ...], worlds: int = 80) -> np.ndarray:
    """Options that do the same in every world."""
    return np.repeat(np.array(options)[None], worlds, axis=0)


def points(rules: Case, outcomes: np.ndarray, **fields: object) -> dict[tuple[str, str, str], TurningPoint]:
    worlds = valued_worlds(ensemble(outcomes, **fields), rules)
    weights = normalised(worlds.ensemble.log_weight)
    decision = worlds.option_values.decide(weights)
    found = turning_points(worlds, rules, decision, weights)
    changes = [one.change for one in found if one.change is not None]
    assert changes == sorted(changes)
    return {(one.kind, one.id, one.anchor): one for one in found}


def test_the_share_of_a_weight_is_that_of_the_closed_form():
    """The lead is 0.3 s − 0.5 (1 − s) at a share s of the first metric: 0.06 now, and 0 at 0.625."""
    found = points(made_case(), level((0.8, 0.2), (0.5, 0.7)))["weight", "gain", ""]
    assert found.before == pytest.approx(0.7)
    assert found.tie == pytest.approx(0.51 / 0.8, abs=1e-9)
    assert found.turn == pytest.approx(0.49 / 0.8, abs=1e-9)
    assert found.option == "b"
    assert found.change == pytest.approx(0.7 - 0.49 / 0.8, abs=1e-9)
    assert found.tie_change == pytest.approx(0.7 - 0.51 / 0.8, abs=1e-9)


def test_a_weight_that_decides_nothing_turns_nothing():
    found = points(made_case(), level((0.8, 0.5), (0.5, 0.2)))
    assert found["weight", "gain", ""].turn is None
    assert found["weight", "gain", ""].tie is None
    assert found["weight", "gain", ""].option == ""


def test_a_stated_cost_is_that_of_the_closed_form():
    rules = made_case(weights=(0.5, 0.5), money=0.2)
    paid = dataclasses.replace(metric("pain", "lower", weight=0.5), observable=f"{MONEY}@end")
    rules = dataclasses.replace(rules, metrics=rules.metrics | {"pain": paid})
    # a leads by 0.15 in gain's half and gives 0.05 back for money: twice 0.1 is 0.2 dearer
    found = points(rules, level((0.8, 0.2), (0.5, 0.1)))
    own = found["cost", "a", ""]
    assert own.before == pytest.approx(0.2)
    assert own.turn == pytest.approx(0.2 + (0.10 + DELTA) / 0.5, abs=1e-9)
    assert own.tie == pytest.approx(0.2 + (0.10 - DELTA) / 0.5, abs=1e-9)
    assert found["cost", "b", ""].turn is None  # b is at best free, which saves too little
    every = found["cost", "all", ""]
    assert every.turn == pytest.approx((0.15 + DELTA) / 0.05, abs=1e-9)
    assert every.before == 1.0


def test_an_anchor_is_that_of_the_closed_form():
    """Moved to w, the worst end of the first metric makes its lead 0.3/(1 − w); it has to be 0.15 ± δ in all."""
    found = points(made_case(weights=(0.5, 0.5)), level((0.8, 0.2), (0.5, 0.4)))["anchor", "gain", "worst"]
    assert found.before == 0.0
    # 0.5 · 0.3/(1 − w) − 0.5 · 0.2 = level
    assert found.tie == pytest.approx(1.0 - 0.15 / (0.10 + DELTA), abs=1e-8)
    assert found.turn == pytest.approx(1.0 - 0.15 / (0.10 - DELTA), abs=1e-8)


def test_of_tied_options_none_has_to_fall_behind_alone():
    """Options a and b are tied; the choice turns only where c leads both by what counts."""
    found = points(made_case("abc"), level((0.8, 0.2), (0.79, 0.21), (0.5, 0.7)))["weight", "gain", ""]
    assert found.tie is None
    assert found.option == "c"
    # a is the last to fall behind: 0.3 s − 0.5 (1 − s) = −0.01, where b did at 0.48/0.78
    assert found.turn == pytest.approx(0.49 / 0.8, abs=1e-9)


def lead_on(worlds: ValuedWorlds, weights: np.ndarray, share: float) -> float:
    """The lead of option a over the others at a share of the first metric's weight."""
    parts = worlds.scale.parts(worlds.ensemble.outcomes)
    values = share * parts[:, :, 0] + (1.0 - share) * parts[:, :, 1]
    regrets = Tail(np.ascontiguousarray((values.max(axis=1, keepdims=True) - values).T)).worst(weights)[0]
    return float(regrets[1:].min() - regrets[0])


@settings(max_examples=25)
@given(st.integers(0, 2**31), st.booleans())
def test_no_smaller_change_of_a_weight_turns_it(seed, uneven):
    rng = np.random.default_rng(seed)
    outcomes = rng.normal(0.5, 0.15, size=(400, 3, 2)) + rng.normal(0.0, 0.1, size=(1, 3, 2))
    outcomes[:, 0, 0] += 0.6
    log_weight = rng.normal(size=400) if uneven else np.zeros(400)
    rules = made_case("abc")
    worlds = valued_worlds(ensemble(outcomes, log_weight=log_weight), rules)
    weights = normalised(log_weight)
    decision = worlds.option_values.decide(weights)
    if decision.tied != (0,):
        return
    limit = max(2.0 * decision.mcse, DELTA)
    found = points(rules, outcomes, log_weight=log_weight)["weight", "gain", ""]
    grid = np.linspace(0.0, 1.0, 801)
    leads = np.array([lead_on(worlds, weights, share) for share in grid])
    for wanted, place, change in ((limit, found.tie, found.tie_change), (-limit, found.turn, found.change)):
        fallen = grid[leads < wanted]
        if place is None:
            assert not fallen.size
            continue
        assert lead_on(worlds, weights, place) == pytest.approx(wanted, abs=1e-6)
        assert np.abs(fallen - 0.7).min(initial=1.0) >= change - 1e-6


@given(st.integers(0, 2**31), st.integers(30, 900))
def test_the_quantile_is_the_rule_s_own(seed, count):
    rng = np.random.default_rng(seed)
    rows = rng.random((3, count))
    for weights in (np.full(count, 1.0 / count), normalised(rng.normal(size=count))):
        assert np.array_equal(upper_quantiles(rows, weights), Tail(rows).worst(weights)[0])

"""The decision rule: one function decides what is tied and what is preferred, everywhere."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.decisions.builders import case, ensemble, metric

from quidproquo.decisions.compare import compare
from quidproquo.decisions.rule import OptionValues, RegretEstimate, decide, is_tie
from quidproquo.decisions.value import valued_worlds
from quidproquo.evidence.weights.jackknife import JackknifeEstimate, jackknife_error
from quidproquo.evidence.weights.reweight import Reweighter
from quidproquo.sensitivity.evaluator import SensitivityEvaluator, WhatIf
from quidproquo.sensitivity.prepared import PreparedEnsemble
from quidproquo.sensitivity.record import ALL
from quidproquo.sensitivity.weightings import sweep_weightings

SOURCE = Path(__file__).parents[2] / "src" / "quidproquo"
SEEDS = st.integers(0, 2**31)


def exact(q95: list[float], value: list[float] | None = None) -> RegretEstimate:
    """Regrets without any Monte Carlo error."""
    rows = np.tile(np.array(q95), (8, 1))
    return RegretEstimate(
        JackknifeEstimate(rows[0], (rows,)), np.zeros(len(q95)) if value is None else np.array(value)
    )


def test_options_are_ordered_by_regret_then_value_then_as_listed():
    assert decide(exact([0.3, 0.1, 0.2]), 0.0).order == (1, 2, 0)
    level = decide(exact([0.1, 0.1, 0.1 + 1e-14, 0.2], [0.5, 0.5, 0.7, 0.9]), 0.0)
    assert level.order == (2, 0, 1, 3)
    assert level.tied == (2, 0, 1)
    assert level.margin == 0.0


@pytest.mark.parametrize(
    ("lead", "mcse", "delta", "want"),
    [(0.0, 0.0, 0.0, True), (0.02, 0.009, 0.0, False), (0.02, 0.011, 0.0, True), (0.02, 0.0, 0.03, True)],
)
def test_a_lead_under_two_errors_or_under_delta_is_a_tie(lead, mcse, delta, want):
    assert is_tie(lead, mcse, delta) is want


def test_an_incumbent_stays_where_it_is_tied():
    estimate = exact([0.10, 0.13, 0.30])
    assert decide(estimate, 0.05, (1,)).preferred == 1
    assert decide(estimate, 0.01, (1,)).preferred == 0
    assert decide(estimate, 0.05, (2, 1)).preferred == 1


def noisy(q95: list[float], error: float) -> RegretEstimate:
    """Regrets of which each differs from the others' with this Monte Carlo error."""
    rows = np.array(q95) + np.outer(np.tile([1.0, -1.0], 4), np.arange(len(q95)))
    estimate = JackknifeEstimate(np.array(q95), (rows * error / jackknife_error(rows[:, 1]),))
    return RegretEstimate(estimate, np.zeros(len(q95)))


@pytest.mark.parametrize(
    ("lead", "error", "level", "within"),
    [
        (0.004, 0.002, True, False),  # 0.004 and two errors are less than δ
        (0.008, 0.004, False, False),  # a tie, but it may be more than δ behind
        (0.008, 0.006, False, True),  # only the error ties them
        (0.02, 0.03, False, True),
    ],
)
def test_a_tie_is_level_or_only_within_error(lead, error, level, within):
    found = decide(noisy([0.1, 0.1 + lead], error), 0.01)
    assert found.tied == (0, 1)
    assert (1 in found.level, 1 in found.within_error) == (level, within)
    assert found.settles_ties([0]) is not within
    assert found.settles_ties([1]) is not within
    assert found.settles_ties([0, 1])


@pytest.mark.parametrize(
    ("lead", "error", "settled"),
    [
        (0.0, 0.004, True),  # the second can be ahead by 0.008 at most, and 0.01 counts
        (0.0, 0.006, False),  # it may be ahead by 0.012
        (0.004, 0.006, True),  # it ties within its error, but is ahead by 0.008 at most
        (-0.03, 0.006, True),  # it is ahead
    ],
)
def test_a_choice_stands_where_no_error_lets_another_option_lead_by_what_counts(lead, error, settled):
    assert decide(noisy([0.1, 0.1 + lead], error), 0.01, (0,)).settles_choice([0]) is settled


def test_sources_of_error_add_in_quadrature():
    rng = np.random.default_rng(0)
    rows = tuple(rng.normal(size=(8, 2)) for _ in range(3))
    estimate = RegretEstimate(JackknifeEstimate(np.zeros(2), rows), np.zeros(2))
    errors = [jackknife_error(each[:, 0] - each[:, 1]) for each in rows]
    assert estimate.errors(0)[1] == pytest.approx(np.sqrt(np.sum(np.square(errors))))
    assert estimate.errors(1)[1] == 0.0


@given(SEEDS, st.permutations([0, 1, 2, 3]))
def test_the_order_in_which_options_are_listed_decides_nothing(seed, order):
    rng = np.random.default_rng(seed)
    values, island = rng.normal(size=(160, 4)), np.arange(160) // 20
    weights = rng.dirichlet(np.ones(160))
    one = OptionValues(tuple("abcd"), values, island, 0.1).decide(weights)
    other = OptionValues(tuple("abcd"), values[:, order], island, 0.1).decide(weights)
    assert [order[place] for place in other.order] == list(one.order)
    assert {order[place] for place in other.tied} == set(one.tied)
    assert other.margin == one.margin


@given(SEEDS, st.sampled_from([0.0, 0.02, 0.2]))
def test_findings_weightings_and_what_ifs_decide_alike(seed, delta):
    rng = np.random.default_rng(seed)
    outcomes = 0.5 + 0.1 * rng.normal(size=(400, 3, 1)) + 0.02 * rng.normal(size=(1, 3, 1))
    rules = case("abc", (metric("gain"),), delta=delta)
    fields = {"items": ("i",), "log_likelihood": 0.2 * outcomes[:, 0], "predicted": outcomes[:, 0]}
    worlds = valued_worlds(ensemble(outcomes, **fields), rules)
    found = compare(worlds, worlds, rules)
    evaluator = SensitivityEvaluator(PreparedEnsemble(Reweighter(worlds.ensemble), worlds.option_values, {}))
    origin = WhatIf("origin", "radio", "Radio", ("i",))
    sweep = sweep_weightings(evaluator, None, found, rules, [origin])
    rows = {row.id: row for row in sweep.rows}
    assert rows[ALL].preferred == found.preferred.options[0]
    assert rows[ALL].margin == found.preferred.margin
    assert rows[ALL].mcse == found.preferred.mcse
    (moved,), (verdict,) = evaluator.evaluate([origin]), evaluator.verdicts([origin])
    without = rows["origin:radio"]
    assert moved.preferred == without.preferred
    assert moved.reliable == without.reliable
    assert moved.judged == (verdict is not None)
    assert evaluator.margin + moved.margin_shift == pytest.approx(without.margin, abs=1e-12)
    if verdict is not None:
        assert (verdict.preferred, verdict.lead, verdict.mcse) == (
            without.preferred,
            without.margin,
            without.mcse,
        )
        own = worlds.option_values.decide(np.exp(evaluator.reweighter.reweight(origin.as_change).log_weight))
        kept = {"abc".index(option) for option in found.preferred.options}
        assert kept.isdisjoint(own.tied) == (without.preferred not in found.preferred.options)


def _compares_with_errors(node: ast.AST) -> bool:
    """A comparison of anything with so many Monte Carlo errors: the place to ask `is_tie`."""
    if not isinstance(node, ast.Compare):
        return False
    products = (
        each for each in ast.walk(node) if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Mult)
    )
    names = ("mcse", "error")

    def is_two(side: ast.expr) -> bool:
        return getattr(side, "value", None) == 2.0 or getattr(side, "id", "") == "TIE_ERRORS"

    return any(
        {
            getattr(side, "value", None) == 2.0 or getattr(side, "id", "") == "TIE_ERRORS"
            for side in (one.left, one.right)
        }
        == {True, False}
        and any(name in ast.unparse(one) for name in names)
        for one in products
    )


def test_nobody_else_asks_what_a_tie_is():
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if any(_compares_with_errors(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    }
    # wording says which means differ, of two options' metrics, and chooses none
    assert found <= {"decisions/rule.py", "decisions/choose.py", "brief/wording.py"}
    homes = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if "TIE_ERRORS = " in path.read_text(encoding="utf-8")
    }
    assert homes == {"decisions/rule.py"}


def test_a_second_rule_would_be_seen():
    assert _compares_with_errors(ast.parse("lead > 2.0 * row.mcse", mode="eval").body)
    assert _compares_with_errors(ast.parse("lead <= TIE_ERRORS * error", mode="eval").body)
    assert not _compares_with_errors(ast.parse("lead > 4.0 * mcse", mode="eval").body)

"""A choice is one that every stated weighting makes; else those are tied that lead or tie under one of them."""

from __future__ import annotations

import numpy as np
from tests.decisions.builders import case, ensemble, metric

from quidproquo.decisions.compare import compare
from quidproquo.decisions.value import valued_worlds
from quidproquo.evidence.weights.reweight import Reweighter
from quidproquo.sensitivity.evaluator import SensitivityEvaluator, WhatIf
from quidproquo.sensitivity.prepared import PreparedEnsemble
from quidproquo.sensitivity.record import ALL, NONE, Weighting
from quidproquo.sensitivity.standing import standing
from quidproquo.sensitivity.weightings import sweep_weightings


def row(ident: str, *tied: str, reliable: bool = True) -> Weighting:
    return Weighting(ident, "evidence", {}, {}, tied[0], 0.0, reliable=reliable, tied=tied)


def test_alone_only_where_no_weighting_ties():
    assert standing(("a",), [row("all", "a"), row("half", "a")]).options == ("a",)
    found = standing(
        ("a",), [row("all", "a"), row("half", "b", "a"), row("none", "b"), row("radio", "a", "c")]
    )
    assert found.options == ("a", "b", "c")
    assert found.ties == {"b": ("half", "none"), "c": ("radio",)}


def test_a_weighting_that_cannot_be_trusted_says_nothing():
    assert standing(("a",), [row("all", "a"), row("half", "b", reliable=False)]).options == ("a",)


def test_an_option_that_is_no_nearer_does_not_tie_by_its_error_alone():
    """Option b is 0.12 behind with all the evidence: 0.27 behind with a large error is no tie, 0.05 may be one."""
    whole = Weighting(ALL, "evidence", {}, {"a": 0.05, "b": 0.17}, "a", 0.0, reliable=True, tied=("a",))
    coarse = Weighting(
        "radio", "origin", {}, {"a": 0.05, "b": 0.32}, "a", 0.0, reliable=True, tied=("a", "b")
    )
    near = Weighting("paper", "origin", {}, {"a": 0.05, "b": 0.1}, "a", 0.0, reliable=True, tied=("a", "b"))
    ahead = Weighting("posts", "origin", {}, {"a": 0.2, "b": 0.02}, "b", 0.0, reliable=True, tied=("b",))
    assert standing(("a",), [whole, coarse]).options == ("a",)
    assert standing(("a",), [whole, coarse, near, ahead]).ties == {"b": ("paper", "posts")}


def test_a_weighting_that_is_not_decided_makes_neither_a_tie_nor_an_option_behind():
    """Option b ties there by its value and c by its error alone, no nearer than before: both stay open."""
    whole = Weighting(
        ALL, "evidence", {}, {"a": 0.0, "b": 0.1, "c": 0.1}, "a", 0.0, reliable=True, tied=("a",)
    )
    unsure = Weighting(
        "posts",
        "origin",
        {},
        {"a": 0.02, "b": 0.0, "c": 0.3},
        "a",
        -0.02,
        reliable=True,
        tied=("b",),
        within_error=("a", "c"),
        decided=False,
    )
    found = standing(("a",), [whole, unsure])
    assert (found.options, dict(found.ties), found.open) == (("a",), {}, ("b", "c"))


def test_a_lead_under_delta_under_one_weighting_is_a_tie_however_exact():
    """Option a leads by 0.03 with the report and by 0.008 without it; a lead counts from 0.01."""
    level = np.random.default_rng(6).normal(size=16_000)
    strength = 0.6
    told = level + strength  # the likelihood exp(0.6 level) makes this of standard normal levels
    outcomes = np.stack([0.504 + 0.02 * told, np.full(told.size, 0.5)], axis=1)[:, :, None]
    rules = case("ab", (metric("gain"),), delta=0.01)
    fields = {"items": ("i",), "log_likelihood": strength * told[:, None], "predicted": told[:, None]}
    worlds = valued_worlds(ensemble(outcomes, **fields), rules)
    found = compare(worlds, worlds, rules)
    evaluator = SensitivityEvaluator(PreparedEnsemble(Reweighter(worlds.ensemble), worlds.option_values, {}))
    sweep = sweep_weightings(
        evaluator, None, found, rules, [WhatIf("origin", "radio", "Radio Freedonia", ("i",))]
    )
    rows = {one.id: one for one in sweep.rows}
    assert found.preferred.options == ("a",)
    assert rows[ALL].tied == ("a",)
    assert rows[NONE].reliable
    assert 2 * rows[NONE].mcse < rows[NONE].margin < 0.01
    assert set(rows[NONE].tied) == {"a", "b"}
    assert standing(found.preferred.options, sweep.rows).options == ("a", "b")

"""The choice under other weights of the metrics, against closed forms and planted menus."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.decisions.builders import case, ensemble, metric

from quidproquo.cases.record import Case
from quidproquo.decisions.acceptability import acceptability, box_weights, rank_shares, simplex_weights
from quidproquo.decisions.value import valued_worlds
from quidproquo.sensitivity.metric_weights import MetricWeightSweep, sweep_metric_weights, weight_ranges
from quidproquo.sensitivity.record import Weighting
from quidproquo.sensitivity.standing import RANGES, standing

WORLDS = 4_000


def made_case(options: str, *weights: float, **ranges: tuple[float, float]) -> Case:
    metrics = tuple(
        dataclasses.replace(
            metric(name, weight=weight),
            **dict(zip(("weight_low", "weight_high"), ranges.get(name, ()), strict=False)),
        )
        for name, weight in zip(("gain", "pain", "cost"), weights, strict=False)
    )
    return case(options, metrics, delta=0.01)


def level(*options: tuple[float, ...], worlds: int = WORLDS) -> np.ndarray:
    return np.repeat(np.array(options)[None], worlds, axis=0)


def swept(rules: Case, outcomes: np.ndarray) -> MetricWeightSweep:
    found = sweep_metric_weights(valued_worlds(ensemble(outcomes), rules), rules)
    assert found is not None
    return found


def error(share: float, count: int) -> float:
    """Four Monte Carlo errors of a share of independent draws."""
    return 4.0 * (share * (1.0 - share) / count) ** 0.5


def test_weights_fill_the_simplex_evenly():
    drawn = simplex_weights(20_000, 3)
    assert drawn.sum(axis=1) == pytest.approx(1.0)
    # of three weights, one lies above 1/2 with a probability of 1/4
    assert (drawn > 0.5).mean(axis=0) == pytest.approx(0.25, abs=error(0.25, 20_000))
    assert np.array_equal(drawn, simplex_weights(20_000, 3))


def test_weights_in_ranges_keep_their_ratios_within_bounds():
    drawn = box_weights(5_000, np.array([0.1, 0.2]), np.array([0.2, 0.6]))
    ratio = drawn[:, 1] / drawn[:, 0]
    assert drawn.sum(axis=1) == pytest.approx(1.0)
    assert ratio.min() >= 1.0
    assert ratio.max() <= 6.0


def test_rank_acceptability_is_that_of_the_closed_form():
    """Two opposites and a compromise: which comes first depends on which weight is the larger."""
    worlds = valued_worlds(ensemble(level((1.0, 0.0), (0.0, 1.0), (0.4, 0.4))), made_case("abc", 0.9, 0.1))
    found = acceptability(worlds)
    allowed = error(0.5, 8 * WORLDS)
    assert found.ranks[:, 0] == pytest.approx([0.5, 0.5, 0.0], abs=allowed)
    # the compromise is second where the smaller weight is under 0.4
    assert found.ranks[2] == pytest.approx([0.0, 0.8, 0.2], abs=allowed)
    assert found.ranks.sum(axis=1) == pytest.approx(1.0)
    assert found.ranks.sum(axis=0) == pytest.approx(1.0)
    assert found.central[0] == pytest.approx([0.75, 0.25], abs=0.01)
    assert not found.central[2].any()


def test_the_error_of_a_first_rank_covers_the_closed_form():
    worlds = valued_worlds(ensemble(level((1.0, 0.0), (0.0, 1.0))), made_case("ab", 0.9, 0.1))
    found = acceptability(worlds)
    assert abs(found.ranks[0, 0] - 0.5) < 5.0 * found.first_mcse[0]
    assert found.first_mcse[0] < 0.01


def test_ranks_between_bounds_know_no_others():
    worlds = valued_worlds(ensemble(level((1.0, 0.0), (0.0, 1.0))), made_case("ab", 0.6, 0.4))
    low, high = np.array([0.5, 0.2]), np.array([0.9, 0.4])
    assert acceptability(worlds, low, high).ranks[0] == pytest.approx([1.0, 0.0])


def test_level_options_share_a_rank():
    found = rank_shares(np.array([[1.0, 1.0, 0.0]]))
    assert found[0].tolist() == [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]


def test_where_weights_decide_it_is_found():
    """By the case's weights a leads; b leads where the second weight is over a half: in half of the simplex."""
    found = swept(made_case("ab", 0.8, 0.2), level((1.0, 0.0), (0.0, 1.0)))
    assert found.simplex.turned == pytest.approx(0.5, abs=error(0.5, found.simplex.count))
    assert found.simplex.least["a"] + found.simplex.least["b"] == pytest.approx(1.0)
    others = {one.id: one for one in found.others}
    assert others["without:gain"].preferred == "b"
    assert others["without:gain"].lead == pytest.approx(-1.0)
    assert others["without:pain"].preferred == "a"
    assert set(others["equal"].tied) == {"a", "b"}


def test_where_weights_decide_nothing_it_is_found():
    found = swept(made_case("ab", 0.8, 0.2), level((1.0, 0.6), (0.7, 0.2)))
    for draws in (found.simplex, found.within):
        assert (draws.turned, draws.tied) == (0.0, 0.0)
        assert draws.least == {"a": 1.0, "b": 0.0}
    assert {one.preferred for one in found.others} == {"a"}
    assert found.turning == ()
    assert found.tried > 0


def test_a_tie_stays_with_those_preferred_before():
    found = swept(made_case("abc", 0.5, 0.5), level((0.6, 0.6), (0.2, 0.2), (0.605, 0.59)))
    assert found.simplex.turned == 0.0
    assert {one.preferred for one in found.others if one.id == "equal"} == {"a"}
    assert found.within.among["c"] == 1.0


def test_ranges_are_the_case_s_or_from_half_to_double():
    stated = made_case("ab", 0.6, 0.4, gain=(0.5, 0.7), pain=(0.3, 0.4))
    assert weight_ranges(stated) == {"gain": (0.5, 0.7), "pain": (0.3, 0.4)}
    assert weight_ranges(made_case("ab", 0.6, 0.4))["gain"] == (0.3, 1.2)
    outcomes = level((1.0, 0.0), (0.0, 1.0))
    assert swept(stated, outcomes).stated
    assert not swept(made_case("ab", 0.6, 0.4), outcomes).stated


def test_what_leads_within_stated_ranges_is_tied():
    outcomes = level((1.0, 0.0), (0.0, 1.0))
    rows = [Weighting("evidence:1", "evidence", {}, {}, "a", 0.0, tied=("a",))]
    wide = swept(made_case("ab", 0.6, 0.4, gain=(0.3, 0.7), pain=(0.3, 0.7)), outcomes)
    found = standing(("a",), rows, wide)
    assert found.options == ("a", "b")
    assert found.ties == {"b": (RANGES,)}
    close = swept(made_case("ab", 0.6, 0.4, gain=(0.55, 0.65), pain=(0.35, 0.45)), outcomes)
    assert standing(("a",), rows, close).options == ("a",)
    assert standing(("a",), rows, swept(made_case("ab", 0.6, 0.4), outcomes)).options == ("a",)


def test_nothing_to_weigh_gives_none():
    for rules, outcomes in (
        (made_case("ab", 0.0, 0.0), level((1.0, 0.0), (0.0, 1.0))),
        (made_case("a", 0.5, 0.5), level((1.0, 0.0))),
        (made_case("ab", 1.0), level((1.0,), (0.0,))),
    ):
        assert sweep_metric_weights(valued_worlds(ensemble(outcomes), rules), rules) is None

"""Forecasts of others, and bounds, against planted worlds of which the answer is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from tests.claims.factory import make_case, make_claim, make_proposition
from tests.study.bare import bare_worlds

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.study.assemble.diagnostics import broken_bounds, outside
from quidproquo.study.assemble.forecasts import brier_range, forecasts, on_day
from quidproquo.study.schema.claims import ForecastRecord
from quidproquo.study.schema.diagnostics import MisfitRecord

CASE = make_case()
WORLDS, ISLANDS = 1_600, 16
ENDS = [date(2024, 9, 30), date(2024, 10, 31), date(2024, 11, 30), date(2024, 12, 31)]
AS_OF = date(2024, 12, 31)


def worlds(**series: np.ndarray) -> Ensemble:
    return bare_worlds(
        WORLDS,
        ISLANDS,
        series={name.replace("__", "."): values for name, values in series.items()},
        series_days=np.array([float(day.toordinal()) for day in ENDS]),
    )


def crates(share: float) -> Ensemble:
    """By the end of each month so many thousand crates; in `share` of worlds twice as many."""
    steady = np.array([1_000.0, 2_000.0, 3_000.0, 4_000.0])
    factor = np.where(np.arange(WORLDS) % 100 < 100 * share, 2.0, 1.0)
    return worlds(crates__sent=factor[:, None] * steady)


def one(claim: Any, ensemble: Ensemble, as_of: date = AS_OF) -> ForecastRecord:
    (found,) = forecasts(CASE, [claim], ensemble, as_of)
    return found


def foretelling(**changes: object) -> Any:
    fields = {"role": "forecast", "comparison": "more_than", "value": 5_000.0, "event": "2024-12-31"}
    return make_claim("F1", **{**fields, "published": "2024-10-01", **changes})


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_probability_of_a_forecast_is_the_share_of_worlds_in_which_it_comes_true(share: float) -> None:
    found = one(foretelling(), crates(share), date(2024, 11, 30))
    assert (found.note, found.outcome, found.score) == ("open", "", None)
    assert found.chance == pytest.approx(share)


def test_the_speakers_hedge_does_not_change_the_probability() -> None:
    sure, unsure = (one(foretelling(likelihood=ends), crates(0.3)) for ends in ((0.55, 0.8), (0.2, 0.45)))
    assert sure.chance == unsure.chance == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("comparison", "said", "stated"),
    [
        ("at_most", (0.2, 0.45), (0.55, 0.8)),  # "unlikely to exceed"
        ("less_than", (0.05, 0.2), (0.8, 0.95)),
        ("at_most", (0.55, 0.8), (0.55, 0.8)),  # "likely at most"
        ("more_than", (0.2, 0.45), (0.2, 0.45)),
    ],
)
def test_a_word_said_of_the_contrary_is_turned_to_the_event_that_is_shown(
    comparison: str, said: tuple[float, float], stated: tuple[float, float]
) -> None:
    found = one(foretelling(comparison=comparison, likelihood=said), crates(0.0))
    assert found.stated == pytest.approx(stated)


def test_an_improbable_event_that_is_denied_is_stated_as_the_denial() -> None:
    claim = make_proposition(
        "F1", role="forecast", comparison="proposition_false", likelihood=(0.2, 0.45), event="2024-12-31"
    )
    assert one(claim, crates(0.0)).stated == pytest.approx((0.55, 0.8))


def test_a_forecast_of_a_day_is_held_against_that_day() -> None:
    # on 15 November, halfway: 2,500 or 5,000 crates
    middle = foretelling(value=4_500.0, event="2024-11-15")
    assert one(middle, crates(0.4)).chance == pytest.approx(0.4)
    assert one(foretelling(value=4_500.0, event="2024-10-31"), crates(0.4)).chance == 0.0


@pytest.mark.parametrize("event", ["2024-10-01", "2024-09-30", ""])
def test_a_forecast_that_names_no_later_day_is_not_due(event: str) -> None:
    found = one(foretelling(event=event), crates(1.0))
    assert (found.note, found.due, found.chance, found.outcome) == ("no date", "", None, "")


@pytest.mark.parametrize(
    ("share", "outcome"), [(1.0, "came true"), (0.0, "did not come true"), (0.5, "not settled")]
)
def test_what_is_due_is_settled_only_where_nearly_all_worlds_agree(share: float, outcome: str) -> None:
    assert one(foretelling(), crates(share)).outcome == outcome


def test_what_is_due_and_settled_is_scored_by_what_was_stated() -> None:
    claim = foretelling(likelihood=(0.55, 0.8))
    stated = (0.55, 0.8)
    right, wrong = one(claim, crates(1.0)), one(claim, crates(0.0))
    assert right.score == brier_range(stated, True)
    assert wrong.score == brier_range(stated, False)
    assert right.score[1] < wrong.score[0]
    assert one(claim, crates(0.5)).score is None
    assert one(claim, crates(1.0), date(2024, 11, 1)).score is None


def test_what_the_model_does_not_hold_has_no_probability() -> None:
    assert one(foretelling(quantity="growth", unit="fraction", value=0.1), crates(1.0)).chance is None
    beyond = foretelling(event="2025-03-01")
    assert one(beyond, crates(1.0)).chance is None
    assert on_day(crates(1.0), "crates.sent", date(2025, 3, 1)) is None


def test_a_proposition_is_as_probable_as_the_worlds_say() -> None:
    signed = np.tile(np.array([0.0, 0.1, 0.2, 0.25]), (WORLDS, 1))
    fields = {"role": "forecast", "event": "2024-12-31", "published": "2024-10-01"}
    asserted = make_proposition("P1", **fields)
    denied = make_proposition("P2", comparison="proposition_false", **fields)
    ensemble = worlds(treaty__signed=signed)
    assert one(asserted, ensemble).chance == pytest.approx(0.25)
    assert one(denied, ensemble).chance == pytest.approx(0.75)


def test_a_bound_is_broken_only_on_its_other_side() -> None:
    predicted = np.full((WORLDS, 4), 210.0)
    predicted[: WORLDS // 4] = 10.0
    table = object.__new__(EvidenceTable)
    planted = {
        "ids": ("low", "high", "about", "near"),
        "comparison": ("more_than", "at_most", "about", "less_than"),
        "near": np.array([False, False, False, True]),
        "value": np.full(4, 24.0),
    }
    for field, value in planted.items():
        object.__setattr__(table, field, value)
    ensemble = replace(worlds(), items=table.ids, predicted=predicted, log_likelihood=0.0 * predicted)
    found = broken_bounds(ensemble, table)
    assert found == {"low": pytest.approx(0.25), "high": pytest.approx(0.75)}


def test_kept_bounds_do_not_count_as_misfit() -> None:
    def row(below: float, broken: float | None) -> MisfitRecord:
        return MisfitRecord(
            claim="C1",
            unit="crates",
            expected=(1.0, 2.0, 3.0),
            chance=None,
            below=below,
            tail=2.0 * min(below, 1.0 - below),
            probability_wrong=0.5,
            verdict="",
            broken=broken,
        )

    rows = [row(0.001, 0.02), row(0.001, None), row(0.999, 0.98), row(0.5, None)]
    assert outside(rows) == 0.5
    assert outside([]) == 0.0

"""What a terminal shows of a back-test, from a record written by hand."""

from __future__ import annotations

import pytest

from quidproquo.brief import backtest_after, backtest_before, backtest_rows
from quidproquo.brief.sentences.calibration import backtest_sentences, coverage_sentence, exposure_words
from quidproquo.study import Backtest

SCORES = {
    "coverage50": 0.5, "coverage90": 1.0, "crps": 0.4, "crps_persistence": 0.5, "crps_trend": 0.6,
    "log_score": -1.0, "log_score_persistence": -1.5, "log_score_trend": -0.75, "crps_all": 0.4567,
    "log_score_all": -1.1,
}  # fmt: skip
NOTHING = dict.fromkeys((key for key in SCORES if key not in {"coverage50", "coverage90"}), None)
RIVAL = {
    "targets": 3, "quantities": 2, "skill": 0.2, "skill_bound": None, "log_score_difference": 0.5,
    "log_score_difference_bound": 0.25,
}  # fmt: skip
BOUNDS = {
    "targets": 2, "compared": 1, "log_score": -0.1, "log_score_persistence": -0.2, "log_score_trend": -0.3,
    "brier": 0.1, "brier_persistence": 0.2, "brier_trend": 0.3, "log_score_all": -0.5, "brier_all": 0.15,
}  # fmt: skip
DAY = {
    "as_of": "2024-10-25", "standing": "hindsight-exposed", "hindsight": ["a.b"], "priors": 9,
    "undated_priors": 4, "given_until": "2025-02-28", "conditioned": 12, "undated_claims": 1, "reports": 5,
    "targets": 4, "run_ess_min": 900.0, "failed_worlds": 0,
}  # fmt: skip


@pytest.fixture
def result() -> Backtest:
    versions = {"quidproquo": "0", "case": "sha256:0", "tables": {}, "libraries": {}}
    crates = SCORES | {
        "targets": 3, "compared": 2, "title": "Crates sent", "unit": "crates", "scale": "log", "mean_pit": 0.6,
    }  # fmt: skip
    lone = NOTHING | {
        "targets": 1, "compared": 0, "coverage50": 0.0, "coverage90": 1.0, "title": "Workers", "unit": "persons",
        "scale": "log", "mean_pit": 0.9, "crps_all": 2.0, "log_score_all": -3.0,
    }  # fmt: skip
    overall = SCORES | {
        "targets": 4, "compared": 2, "quantities": 2, "band50": (0.0, 1.0), "band90": (0.75, 1.0),
        "mean_pit": 0.7, "mean_pit_interval": (0.6, 0.8),
        "against": {"persistence": RIVAL}, "verdict": "Calibrated.",
    }  # fmt: skip
    return Backtest.model_validate(
        {
            "format": "1", "case": "freedonia", "clock": "published", "outcomes": "claims",
            "as_of": ["2024-10-25"], "seed": 0, "worlds": 4096, "versions": versions, "overall": overall,
            "quantities": {"crates": crates, "workers": lone}, "bounds": BOUNDS | {"quantities": {}},
            "unscorable": [{"id": "1", "reason": "forecast"}, {"id": "2", "reason": "derived"},
                           {"id": "3", "reason": "derived"}],
            "exposure": [DAY], "reports": [],
        }
    )  # fmt: skip


def test_above_the_table(result: Backtest) -> None:
    assert backtest_before(result) == [
        (
            "Back-test of freedonia: conditioned on what was published by 25 October 2024 "
            "(4,096 worlds, seed 0)"
        ),
        (
            "With all quantities pooled, intervals of 50% took in 50% of later reports (as chance allows) and "
            "intervals of 90% took in 100% of later reports (as chance allows)."
        ),
        "Later reports were higher than forecast, more often than chance allows.",
        "Errors (CRPS) were not reliably smaller than those of the last value reported.",
        "Two quantities have fewer than five later reports, which is too few to say.",
        "Effects of options were never observed, so no back-test speaks of them.",
        "Intervals of 50% took in 50% of four targets: chance allows 0% to 100%",
        "Intervals of 90% took in 100% of four targets: chance allows 75% to 100%",
        (
            "Against the last value reported (three targets on two quantities): skill 0.2, "
            "log score +0.5 (at least 0.25 with 90% confidence)"
        ),
    ]


def test_the_table(result: Backtest) -> None:
    rows = backtest_rows(result)
    assert [row["quantity"] for row in rows] == ["Crates sent", "Workers", "All"]
    assert list(rows[0].values())[1:] == [
        "3", "50%", "100%", "0.46", "2", "+0.5", "−0.25"
    ]  # fmt: skip
    assert list(rows[1].values())[-3:] == ["0", "–", "–"]


def test_below_the_table(result: Backtest) -> None:
    below = backtest_after(result)
    assert below[1] == (
        "Bounds (two targets, apart from the rest): Brier score 0.15, log score −0.50; over 1 that can be "
        "compared 0.10 against 0.20 (last value) and 0.30 (trend)"
    )
    assert below[2] == "Not scored: 2 derived, 1 forecast"
    assert below[3] == (
        "25 October 2024: one prior known only later and 4 of 9 priors are judgements without a date; 12 claims "
        "conditioned, four targets in five reports; one claim without a date left out; the course of the war up "
        "to 28 February 2025 is given"
    )


def test_a_quantity_that_falls_short_is_named_though_the_pooled_coverage_is_right(result: Backtest) -> None:
    narrow = result.quantities["crates"].model_copy(update={"targets": 40, "coverage90": 0.6})
    planted = result.model_copy(update={"quantities": {"crates": narrow}})
    said = " ".join(backtest_sentences(planted))
    assert "these fell short of 90% by more than chance allows: Crates sent (60% of 40)." in said
    wide = narrow.model_copy(update={"coverage90": 0.9})
    assert "fell short" not in " ".join(
        backtest_sentences(planted.model_copy(update={"quantities": {"crates": wide}}))
    )


def test_calibrated_and_prospective_are_never_claimed_at_large(result: Backtest) -> None:
    said = " ".join([*backtest_before(result), *backtest_after(result)]).lower()
    assert "calibrated" not in said
    assert "prospective" not in said
    outside = result.overall.model_copy(update={"coverage90": 0.5})
    assert "intervals of 90% took in 50% of later reports (too few)" in coverage_sentence(outside)
    dated = result.exposure[0].model_copy(update={"hindsight": [], "undated_priors": 0})
    assert str(exposure_words(dated)) == "nothing known later"
    assert "4 of 9 priors are judgements without a date" in str(exposure_words(result.exposure[0]))

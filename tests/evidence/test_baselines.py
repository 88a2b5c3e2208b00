"""The two baselines: what they predict, how sure they are, and that they are given every advantage."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.worlds.small import Row, evidence_table

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.checks.baselines import BASELINES, ReportedSeries, fit_baselines

START = date(2022, 1, 1)
NAME = "crates.sent"
RANGE = (1.0, 1e6)


def row(day: int, value: float, **more: object) -> Row:
    when = START + timedelta(days=day)
    return Row(NAME, value=value, event=(when, when), range=RANGE, **more)  # type: ignore[arg-type]


def middle(
    evidence: EvidenceTable, baseline: str, later: Row, nondecreasing: frozenset[str] = frozenset()
) -> float:
    found = fit_baselines(evidence, nondecreasing).predict(baseline, evidence_table(later), 0)
    assert found is not None
    return float(np.median(found))


def sd(evidence: EvidenceTable, baseline: str, later: Row) -> float:
    """Standard deviation on the log scale."""
    found = fit_baselines(evidence, frozenset()).predict(baseline, evidence_table(later), 0)
    assert found is not None
    return float(np.log(found).std())


def test_persistence_is_the_last_value_and_trend_the_line() -> None:
    evidence = evidence_table(row(0, 100), row(60, 200), row(120, 400))
    assert middle(evidence, "persistence", row(180, 1)) == pytest.approx(400)
    assert middle(evidence, "trend", row(180, 1)) == pytest.approx(800)
    assert middle(evidence, "persistence", row(70, 1)) == pytest.approx(200)


def test_several_reports_of_a_day_count_as_their_mean_and_order_does_not_matter() -> None:
    rows = [row(60, 100), row(60, 400), row(0, 50)]
    assert middle(evidence_table(*rows), "persistence", row(90, 1)) == pytest.approx(200)
    for baseline in BASELINES:
        one, other = (middle(evidence_table(*some), baseline, row(90, 1)) for some in (rows, rows[::-1]))
        assert one == pytest.approx(other)


def test_bounds_and_intervals_count_by_their_figure() -> None:
    bound = evidence_table(row(0, 100, comparison="at_least"))
    between = evidence_table(row(0, np.nan, comparison="between", low=100.0, high=400.0))
    assert middle(bound, "persistence", row(30, 1)) == pytest.approx(100)
    assert middle(between, "persistence", row(30, 1)) == pytest.approx(200)


def test_a_trend_ends_when_it_has_gone_as_far_as_it_came_from() -> None:
    evidence = evidence_table(row(0, 100), row(10, 200))
    assert middle(evidence, "trend", row(20, 1)) == pytest.approx(400)
    assert middle(evidence, "trend", row(2000, 1)) == pytest.approx(400)


def test_a_trend_stays_in_the_declared_range_and_a_total_does_not_fall() -> None:
    steep = evidence_table(row(0, 1.0), row(300, 1e5))
    assert middle(steep, "trend", row(600, 1)) == pytest.approx(1e6)
    falling = evidence_table(row(0, 400), row(60, 100))
    assert middle(falling, "trend", row(120, 1)) == pytest.approx(25)
    assert middle(falling, "trend", row(120, 1), frozenset([NAME])) == pytest.approx(100)


def test_one_day_of_reports_makes_trend_persistence() -> None:
    evidence = evidence_table(row(0, 100))
    assert middle(evidence, "trend", row(500, 1)) == middle(evidence, "persistence", row(500, 1))


def test_nothing_reported_means_no_forecast() -> None:
    evidence = evidence_table(row(0, 100))
    other = evidence_table(Row("crates.room", value=5.0))
    claim = evidence_table(row(0, np.nan, comparison="proposition_true", likelihood=(0.9, 0.95)))
    assert fit_baselines(evidence, frozenset()).predict("trend", other, 0) is None
    assert fit_baselines(claim, frozenset()).predict("trend", evidence_table(row(9, 1)), 0) is None
    # another reading of the quantity is another series
    reading = evidence_table(Row("crates.room", value=5.0, quantity=NAME))
    assert fit_baselines(evidence, frozenset()).predict("persistence", reading, 0) is None


def test_sd_follows_errors_and_lead() -> None:
    calm = evidence_table(*(row(30 * i, 100) for i in range(12)))
    wild = evidence_table(*(row(30 * i, 100.0 if i % 2 else 1000.0) for i in range(12)))
    soon, late, never = row(335, 1), row(330 + 120, 1), row(330 + 4000, 1)
    assert sd(calm, "persistence", soon) < 0.3
    assert sd(wild, "persistence", soon) > 1.5
    assert sd(calm, "persistence", late) == pytest.approx(2.0 * sd(calm, "persistence", soon), rel=1e-6)
    assert sd(calm, "persistence", never) == pytest.approx(
        np.sqrt(6.0) * sd(calm, "persistence", soon), rel=1e-6
    )


@pytest.mark.parametrize(("scale", "ends"), [("logit", (0.01, 0.99)), ("count", (0.0, 50.0)),
                                             ("identity", (-5.0, 5.0))])  # fmt: skip
def test_other_scales(scale: str, ends: tuple[float, float]) -> None:
    def at(day: int, value: float) -> Row:
        when = START + timedelta(days=day)
        return Row(NAME, value=value, scale=scale, event=(when, when), range=ends)

    evidence = evidence_table(at(0, 0.4), at(60, 0.8))
    assert middle(evidence, "persistence", at(90, 0)) == pytest.approx(0.8)
    found = fit_baselines(evidence, frozenset()).predict("persistence", evidence_table(at(90, 0)), 0)
    assert found is not None
    assert np.all(np.diff(found) >= 0)
    if scale == "count":
        assert found.min() >= 0


@given(
    st.lists(st.tuples(st.integers(0, 900), st.floats(1.0, 1e6)), min_size=1, max_size=8),
    st.integers(0, 1500),
)
def test_persistence_is_always_something_that_was_reported(
    reports: list[tuple[int, float]], day: int
) -> None:
    evidence = evidence_table(*(row(*report) for report in reports))
    known = fit_baselines(evidence, frozenset()).reported[NAME, NAME]
    assert known.persistence(START.toordinal() + day) in known.levels
    assert list(known.days) == sorted({START.toordinal() + when for when, _ in reports})


def test_a_line_through_two_days() -> None:
    known = ReportedSeries(np.array([10.0, 20.0]), np.array([1.0, 3.0]))
    assert known.trend(25.0, nondecreasing=False) == pytest.approx(4.0)
    assert known.trend(0.0, nondecreasing=False) == pytest.approx(-1.0)

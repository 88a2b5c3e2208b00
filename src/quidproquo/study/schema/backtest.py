"""A back-test as data: this model *is* what `backtest --json` prints.

It holds no clock, no path and no timing. CRPS is in units of each quantity's scale (smaller is
better), log scores are natural logs of densities on the scale (larger is better). What can't be
given (no target, or no baseline) is null.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from quidproquo.study.schema.diagnostics import Versions
from quidproquo.study.schema.record import Record

__all__ = [
    "AgainstBaseline",
    "Backtest",
    "BacktestOnFile",
    "BoundFigures",
    "Exposure",
    "QuantityFigures",
    "RecordedBacktest",
    "Stamp",
]

Standing = Literal["prospective", "hindsight-exposed", "retrospective"]


class AgainstBaseline(Record):
    """The model against one baseline, with one-sided 90% bootstrap bounds over quantities."""

    targets: int
    quantities: int
    skill: float
    skill_bound: float | None
    log_score_difference: float
    log_score_difference_bound: float | None


class Figures(Record):
    """Scores of two-sided reports. Those without a suffix are the model's.

    `coverage` and the scores ending in `_all` are over all `targets`; the others over those that the
    baselines have too, `compared` in number.
    """

    targets: int
    compared: int
    coverage50: float | None
    coverage90: float | None
    crps: float | None
    crps_persistence: float | None
    crps_trend: float | None
    log_score: float | None
    log_score_persistence: float | None
    log_score_trend: float | None
    crps_all: float | None
    log_score_all: float | None


class OverallFigures(Figures):
    """All quantities and dates pooled; the bands hold the coverage of so many targets in 95% of cases.

    `mean_pit` above a half: reports were higher than predicted; `mean_pit_interval` is its 90% interval.
    """

    quantities: int
    mean_pit: float | None
    mean_pit_interval: tuple[float, float] | None
    band50: tuple[float, float] | None
    band90: tuple[float, float] | None
    against: dict[str, AgainstBaseline]
    verdict: str


class QuantityFigures(Figures):
    """One quantity over all dates; `mean_pit` above a half: reports were higher than predicted."""

    title: str
    unit: str
    scale: str
    mean_pit: float | None


class BoundFigures(Record):
    """Scores of reports that only bound: the log and Brier score of the bound's being kept.

    Every such report says that its bound was kept, so these can't punish a forecast that lies too
    far on the safe side. They are never pooled with the others.
    """

    targets: int
    compared: int
    log_score: float | None
    log_score_persistence: float | None
    log_score_trend: float | None
    brier: float | None
    brier_persistence: float | None
    brier_trend: float | None
    log_score_all: float | None
    brier_all: float | None


class AllBounds(BoundFigures):
    """All bounds pooled, and by quantity."""

    quantities: dict[str, BoundFigures]


class Unscorable(Record):
    """A report that came later and can't be scored."""

    id: str
    reason: str


class Exposure(Record):
    """One as-of date: what it knew, and what it might have known too much.

    `standing` is prospective, hindsight-exposed (`hindsight` names the priors that rest on something
    later and have no earlier form) or retrospective (claims chosen by the date of their event).
    `undated_priors` state no day by which they were known: they are judgements, not provably early.
    `given_until` is the case's decision date, up to which the model takes the course of the war as
    given. `undated_claims` were left out for want of a date.
    """

    as_of: str
    standing: Standing
    hindsight: list[str]
    priors: int
    undated_priors: int
    given_until: str
    conditioned: int
    undated_claims: int
    reports: int
    targets: int
    run_ess_min: float | None
    failed_worlds: int


class JudgedReport(Record):
    """One later report and how it was predicted, by forecast: `model`, `persistence`, `trend`.

    `quantiles` are those at 5, 25, 50, 75 and 95% of the predictive distribution, in the unit.
    Bounds have `chance`, that the bound is kept; the others CRPS, log score and the model's PIT.
    """

    id: str
    as_of: str
    quantity: str
    qualifier: str
    origin: str
    comparison: str
    bound: bool
    low: float
    high: float
    event: str
    days_ahead: int
    quantiles: dict[str, list[float]]
    pit: tuple[float, float] | None
    crps: dict[str, float]
    log_score: dict[str, float]
    chance: dict[str, float]


class Stamp(Record):
    """What figures depend on besides the case: versions of model and sampler, and a seeded run's numbers.

    `numbers` is a hash. All are empty where they aren't known.
    """

    model: str = ""
    sampler: str = ""
    numbers: str = ""


class _Result(Record):
    """How it was made, and the figures: pooled, by quantity and for bounds."""

    format: str
    case: str
    clock: str
    outcomes: str
    as_of: list[str]
    seed: int
    worlds: int
    versions: Versions
    overall: OverallFigures
    quantities: dict[str, QuantityFigures]
    bounds: AllBounds
    exposure: list[Exposure]


class Backtest(_Result):
    """The whole result, with every report behind the figures."""

    unscorable: list[Unscorable]
    reports: list[JudgedReport]


class RecordedBacktest(_Result):
    """A back-test without its single reports, small enough to lie in a case's folder.

    `pit` has one entry a target, the mean over its reports. `unscorable` counts reports by reason.
    """

    stamp: Stamp
    unscorable: dict[str, int]
    pit: list[float]


class BacktestOnFile(Record):
    """What the case has on file: `standing` is current, out of date (`changed` says why) or missing."""

    standing: Literal["current", "out of date", "missing"]
    changed: list[str] = Field(default_factory=list)
    record: RecordedBacktest | None = None

"""Baseline forecasts that know no model: persistence and linear trend.

Both are given all that the model is given: every report of the quantity that conditions, bounds and
intervals by their figure. Persistence predicts the last value reported (of several on one day, their
mean); trend is the least-squares line through all of them. Both live on the quantity's scale, and
are given what an analyst would give them:

- Their standard deviation is the root mean square of their own earlier one-step errors on that
  quantity, pooled with those on all other quantities as if `_PRIOR_STEPS` of these had been seen, and
  with a default where there are few of these too.
- It grows with lead time as a random walk's, from one step to six; a step counts as at least a month,
  since reports come in clusters. (Without growth, or with growth without end, both baselines score worse
  on the first shipped case.)
- A trend is carried on for no longer than the reports behind it reach back, and not beyond the
  declared range; one that would make a running total fall is persistence, and so is one with a
  single day of reports.
- A date before the last report is met by the last report up to it.

The report's own noise, its biases and the chance that it is wrong are then the same as the model's.
A quantity of which nothing was reported has no baseline: targets on it are scored and counted without
one. (A flat forecast would be too weak to be worth beating, and the prior's is the model's own.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import special

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.observation import tables
from quidproquo.evidence.observation.scales import COUNT, LOG, LOGIT, SCALES, Scale

__all__ = ["BASELINES", "Baselines", "ReportedSeries", "fit_baselines"]

BASELINES = ("persistence", "trend")
_PRIOR_STEPS = 2.0
_DEFAULT_SD = 0.5  # in units of the scale, where nothing was ever seen to err
_MONTH = 30.0
_MOST_STEPS = 6.0
_QUANTILES = 201
_HALF = 0.5  # added to counts before taking logs


@dataclass(frozen=True)
class ReportedSeries:
    """What was reported of one quantity, one level a day: days as ordinals, levels in scale units."""

    days: Float[np.ndarray, " day"]
    levels: Float[np.ndarray, " day"]

    def persistence(self, day: float) -> float:
        """The last level up to a day; the first of all where there is none."""
        return float(self.levels[max(int(np.searchsorted(self.days, day, side="right")) - 1, 0)])

    def trend(self, day: float, *, nondecreasing: bool) -> float:
        """The line through all levels, on a day."""
        span = self.days[-1] - self.days[0]
        if span <= 0:
            return float(self.levels[-1])
        middle, mean = self.days.mean(), self.levels.mean()
        slope = np.sum((self.days - middle) * (self.levels - mean)) / np.sum((self.days - middle) ** 2)
        if nondecreasing and slope < 0.0:
            return self.persistence(day)
        until = min(day, self.days[-1] + span)
        return float(mean + slope * (until - middle))

    def up_to(self, count: int) -> ReportedSeries:
        """The first few days alone."""
        return ReportedSeries(self.days[:count], self.levels[:count])


@dataclass(frozen=True)
class Baselines:
    """All that was reported, by quantity and observable, with each baseline's one-step errors."""

    reported: dict[tuple[str, str], ReportedSeries]
    nondecreasing: frozenset[str]
    errors: dict[str, dict[tuple[str, str], Float[np.ndarray, " step"]]]

    def predict(
        self, baseline: str, table: EvidenceTable, item: int
    ) -> Float[np.ndarray, " quantile"] | None:
        """What a baseline predicts of the item of a table: evenly probable values in its unit, or None."""
        key = table.quantity[item], table.observable[item]
        series = self.reported.get(key)
        if series is None:
            return None
        scale, ends = table.scale[item], (table.range_low[item], table.range_high[item])
        first, last = (_level(scale, end, ends) for end in ends)
        day = float(table.event_end[item])
        level = self._level(baseline, key, series, day)
        sd = self._sd(baseline, key) * np.sqrt(_steps(series, day))
        quantiles = special.ndtri((np.arange(_QUANTILES) + 0.5) / _QUANTILES)
        return _value(scale, float(np.clip(level, first, last)) + sd * quantiles, ends)

    def _level(self, baseline: str, key: tuple[str, str], series: ReportedSeries, day: float) -> float:
        if baseline == "persistence":
            return series.persistence(day)
        return series.trend(day, nondecreasing=key[1] in self.nondecreasing)

    def _sd(self, baseline: str, key: tuple[str, str]) -> float:
        every = np.concatenate([np.zeros(0), *self.errors[baseline].values()])
        pooled = (np.sum(every**2) + _PRIOR_STEPS * _DEFAULT_SD**2) / (len(every) + _PRIOR_STEPS)
        own = self.errors[baseline].get(key, np.zeros(0))
        return float(np.sqrt((np.sum(own**2) + _PRIOR_STEPS * pooled) / (len(own) + _PRIOR_STEPS)))


def fit_baselines(table: EvidenceTable, nondecreasing: frozenset[str]) -> Baselines:
    """Fit both baselines to the claims that condition; `nondecreasing` names observables that can't fall."""
    reported: dict[tuple[str, str], ReportedSeries] = {}
    keys = list(zip(table.quantity, table.observable, strict=True))
    for key in dict.fromkeys(keys):
        rows = [
            item
            for item, other in enumerate(keys)
            if other == key and not table.comparison[item].startswith("proposition")
        ]
        if rows:
            reported[key] = _reported(table, rows)
    errors: dict[str, dict[tuple[str, str], np.ndarray]] = {baseline: {} for baseline in BASELINES}
    for key, series in reported.items():
        for baseline in BASELINES:
            errors[baseline][key] = _errors(baseline, series, nondecreasing=key[1] in nondecreasing)
    return Baselines(reported, nondecreasing, errors)


def _reported(table: EvidenceTable, rows: list[int]) -> ReportedSeries:
    days = np.array([table.event_end[item] for item in rows])
    levels = np.array([_stated(table, item) for item in rows])
    distinct = np.unique(days)
    return ReportedSeries(distinct, np.array([levels[days == day].mean() for day in distinct]))


def _stated(table: EvidenceTable, item: int) -> float:
    """The figure of a report as a level; of an interval, the middle on the scale."""
    scale, ends = table.scale[item], (table.range_low[item], table.range_high[item])
    values = [table.value[item]]
    if np.isnan(values[0]):
        values = [table.low[item], table.high[item]]
    elif table.near[item]:
        values = [tables.NEAR * values[0], values[0]]
    return float(np.mean([_level(scale, value, ends) for value in values]))


def _errors(baseline: str, series: ReportedSeries, *, nondecreasing: bool) -> Float[np.ndarray, " step"]:
    """One-step errors: each further day of reports against the forecast made before it."""
    found = []
    for count in range(1, len(series.days)):
        before, day = series.up_to(count), float(series.days[count])
        if baseline == "persistence":
            forecast = before.persistence(day)
        else:
            forecast = before.trend(day, nondecreasing=nondecreasing)
        found.append(float(series.levels[count]) - forecast)
    return np.array(found)


def _steps(series: ReportedSeries, day: float) -> float:
    """How many steps ahead of the last report a day lies, from one to `_MOST_STEPS`."""
    gaps = np.diff(series.days)
    step = max(float(gaps.mean()) if len(gaps) else 0.0, _MONTH)
    return float(np.clip((day - float(series.days[-1])) / step, 1.0, _MOST_STEPS))


def _level(scale: str, value: float, ends: tuple[float, float]) -> float:
    """A value on its scale, in the scale's units."""
    chosen = SCALES[scale]
    # amounts and shares have no place on their scale beyond the declared range
    inside = np.clip(value, *ends) if chosen in {LOG, LOGIT} else value
    return float(chosen.to(np.array(inside), _offset(chosen))) / chosen.unit(*ends)


def _value(
    scale: str, levels: Float[np.ndarray, " quantile"], ends: tuple[float, float]
) -> Float[np.ndarray, " quantile"]:
    """The inverse of `_level`; no count is below zero."""
    chosen = SCALES[scale]
    values = np.asarray(chosen.back(levels * chosen.unit(*ends), _offset(chosen)))
    return np.maximum(values, 0.0) if chosen is COUNT else values


def _offset(scale: Scale) -> float | None:
    return _HALF if scale is COUNT else None

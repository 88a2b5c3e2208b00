"""The predictive distribution of a report, and how well a report that came is foretold by it.

A report is foretold by many worlds at once. With T what a world says, b the bias of who reports
and s the spread of his reports, the probability of a report of at most x is

    F(x) = mean over worlds of (1 − λ)·Φ((g(x) − g(T) − b)/s) + λ·Φ((g(x) − g(T₀))/s₀)

with g the quantity's scale, λ the chance that the report is wrong altogether, T₀ what the world says
within the declared range and s₀ how wrong reports scatter. Counts are Poisson, and geometric where
wrong, instead of normal. It is the distribution that conditioning uses
(see `likelihood`), and it is known exactly given the worlds: nothing is drawn to score it.

CRPS (Matheson & Winkler 1976, *Management Science* 22, 1087–1096) is ∫(F(t) − 1{x ≤ t})² dt over the
declared range (Gneiting & Ranjan 2011, *J. Business & Economic Statistics* 29, 411–422: still
proper), on the scale and in its unit, so that it can be pooled: natural logs for amounts, log-odds
over 1.2 for shares, log(1 + k) for counts (Bosse et al. 2023, *PLoS Computational Biology* 19,
e1011393), quarters of the declared range for the rest. The log score is the log of the density (of
the probability, for counts) and is larger for the better forecast. PIT is F at the report; where a
report is a count or an interval, PIT is spread over the interval of F that it covers (Czado,
Gneiting & Held 2009, *Biometrics* 65, 1254–1261).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float
from scipy import integrate, special, stats

from quidproquo.evidence.observation import tables

__all__ = [
    "LEVELS",
    "ReportPredictive",
    "Score",
    "chance_of_bound",
    "covered",
    "from_scale",
    "score",
    "to_scale",
]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
_LOGIT_FLOOR = 1e-4
_TINY = 1e-300
_LEAST_MEAN = 1e-3  # of a Poisson count, as in the likelihood
_GRID = 385
_WITHIN = 7  # places at which a report that is an interval is scored


def to_scale(scale: str, values: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Values in their unit, on the scale on which they are scored."""
    if scale == "log":
        return np.asarray(np.log(np.maximum(values, _TINY)))
    if scale == "logit":
        share = np.clip(values, _LOGIT_FLOOR, 1.0 - _LOGIT_FLOOR)
        return np.asarray(np.log(share) - np.log1p(-share))
    return np.asarray(np.log1p(np.maximum(values, 0.0)) if scale == "count" else values, dtype=np.float64)


def from_scale(scale: str, places: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """The inverse of `to_scale`."""
    if scale == "log":
        return np.asarray(np.exp(places))
    if scale == "logit":
        return np.asarray(special.expit(places))
    return np.asarray(np.expm1(places) if scale == "count" else places, dtype=np.float64)


@dataclass(frozen=True)
class ReportPredictive:
    """What is foretold of one report: worlds, and how reports scatter about them.

    `truth` is in the quantity's unit; `shift` is the reporter's bias in each world and `spread` the
    standard deviation of his reports, on the scale; `wrong` is the chance of a wrong report, and
    `wrong_spread` how these scatter; `low` and `high` are the declared range.
    """

    scale: str
    truth: Float[np.ndarray, " world"]
    shift: Float[np.ndarray, " world"]
    spread: float
    wrong: float
    wrong_spread: float
    low: float
    high: float

    @property
    def unit(self) -> float:
        """What CRPS is counted in, on the scale."""
        if self.scale == "identity":
            return 0.25 * max(self.high - self.low, 1e-9)
        return float(tables.SCALE_UNIT[self.scale])

    def cdf(self, values: Float[np.ndarray, " value"]) -> Float[np.ndarray, " value"]:
        """Probability of a report of at most each value."""
        values = np.asarray(values, dtype=np.float64)
        right = self._counted(values) if self.scale == "count" else self._amounts(values)
        mixed: Float[np.ndarray, " value"] = (1.0 - self.wrong) * right + self.wrong * self._wrong(values)
        return mixed

    def density(self, value: float) -> float:
        """Density on the scale (the log of an amount, the log-odds of a share) or a count's probability."""
        if self.scale == "count":
            mean = np.maximum(self.truth, _LEAST_MEAN)
            right = np.exp(value * np.log(mean) - mean - special.gammaln(value + 1.0)).mean()
            return float(
                (1.0 - self.wrong) * right + self.wrong * stats.geom.pmf(value + 1.0, self._one).mean()
            )
        z = self._residual(np.array([value]))[0]
        heights = np.exp(-0.5 * z * z) / (self.spread * math.sqrt(2.0 * math.pi))
        if self.scale == "log":
            # the part that counts as nothing grows with the report: see `likelihood`
            truth = np.maximum(self.truth, 0.0)
            heights = heights * (truth / np.maximum(truth + tables.NOTHING * value, _TINY))
        away = (to_scale(self.scale, np.array(value)) - self._centre) / self.wrong_spread
        wrong = np.exp(-0.5 * away * away) / (self.wrong_spread * math.sqrt(2.0 * math.pi))
        return float((1.0 - self.wrong) * heights.mean() + self.wrong * wrong.mean())

    @cached_property
    def grid(self) -> tuple[Float[np.ndarray, " place"], Float[np.ndarray, " place"]]:
        """Places over the declared range on the scale, and F there."""
        if self.scale == "count":
            values = np.arange(max(math.floor(self.low), 0), math.ceil(self.high) + 1.0)
            return to_scale("count", values), self.cdf(values)
        ends = to_scale(self.scale, np.array([self.low, self.high]))
        places = np.linspace(ends[0], ends[1], _GRID)
        return places, self.cdf(from_scale(self.scale, places))

    def quantiles(self, levels: tuple[float, ...] = LEVELS) -> tuple[float, ...]:
        """Quantiles of the report in its unit, within the declared range."""
        places, chances = self.grid
        if self.scale == "count":
            found = places[np.minimum(np.searchsorted(chances, levels), len(places) - 1)]
        else:
            found = np.interp(levels, np.maximum.accumulate(chances), places)
        return tuple(float(value) for value in from_scale(self.scale, found))

    @cached_property
    def _centre(self) -> Float[np.ndarray, " world"]:
        """What wrong reports scatter about, on the scale."""
        return to_scale(self.scale, np.clip(self.truth, self.low, self.high))

    @cached_property
    def _one(self) -> Float[np.ndarray, " world"]:
        """Parameter of the geometric distribution of a wrong count, which is counted from 0."""
        return np.asarray(1.0 / (np.clip(self.truth, self.low, self.high) + 2.0))

    def _wrong(self, values: np.ndarray) -> np.ndarray:
        if self.scale == "count":
            return np.asarray(stats.geom.cdf(np.floor(values)[:, None] + 1.0, self._one).mean(axis=1))
        away = to_scale(self.scale, values)[:, None] - self._centre
        return np.asarray(special.ndtr(away / self.wrong_spread).mean(axis=1))

    def _residual(self, values: np.ndarray) -> Float[np.ndarray, "value world"]:
        column = values[:, None]
        if self.scale == "log":
            nothing = tables.NOTHING * column
            away = np.log(np.maximum(column + nothing, _TINY)) - np.log(
                np.maximum(np.maximum(self.truth, 0.0) + nothing, _TINY)
            )
        else:
            away = to_scale(self.scale, column) - to_scale(self.scale, self.truth)
        found: Float[np.ndarray, "value world"] = (away - self.shift) / self.spread
        return found

    def _amounts(self, values: np.ndarray) -> np.ndarray:
        return np.asarray(special.ndtr(self._residual(values)).mean(axis=1))

    def _counted(self, values: np.ndarray) -> np.ndarray:
        mean = np.maximum(self.truth, _LEAST_MEAN)
        counts = np.floor(values)
        least = np.maximum(counts, 0.0)[:, None]
        below = special.pdtr(least, mean).mean(axis=1)
        return np.where(counts < 0.0, 0.0, below)


@dataclass(frozen=True)
class Score:
    """How a two-sided report fared: CRPS in units of the scale, log score, and the interval of its PIT."""

    crps: float
    log_score: float
    pit_low: float
    pit_high: float


def score(foretold: ReportPredictive, low: float, high: float) -> Score:
    """Score a report of a number (`low` equal to `high`) or of an interval, both in the unit.

    An interval is a number of which only the ends are known: its log score is that of the mean
    density between them, its CRPS the mean over places between them. A report beyond the declared
    range gets its CRPS at the range's end.
    """
    scale = foretold.scale
    if scale == "count":
        return _score_count(foretold, low, high)
    ends = to_scale(scale, np.array([low, high]))
    if low == high:
        pit = float(foretold.cdf(np.array([low]))[0])
        return Score(_crps(foretold, ends[:1]), math.log(max(foretold.density(low), _TINY)), pit, pit)
    below, upto = (float(p) for p in foretold.cdf(np.array([low, high])))
    density = (upto - below) / float(ends[1] - ends[0])
    places = ends[0] + (ends[1] - ends[0]) * (np.arange(_WITHIN) + 0.5) / _WITHIN
    return Score(_crps(foretold, places), math.log(max(density, _TINY)), below, upto)


def _crps(foretold: ReportPredictive, reports: np.ndarray) -> float:
    """Mean CRPS of reports on the scale, by the trapezoid rule with the reports among its nodes."""
    places, chances = foretold.grid
    inside = np.clip(reports, places[0], places[-1])
    nodes = np.concatenate([places, inside])
    heights = np.concatenate([chances, foretold.cdf(from_scale(foretold.scale, inside))])
    order = np.argsort(nodes, kind="stable")
    nodes, heights = nodes[order], heights[order]
    below = integrate.cumulative_trapezoid(heights**2, nodes, initial=0.0)
    above = integrate.cumulative_trapezoid((1.0 - heights) ** 2, nodes, initial=0.0)
    at = np.searchsorted(nodes, inside)
    found: float = float(np.mean(below[at] + above[-1] - above[at]))
    return found / foretold.unit


def _score_count(foretold: ReportPredictive, low: float, high: float) -> Score:
    places, chances = foretold.grid
    counts = from_scale("count", places)
    steps = np.diff(places)
    reports = np.arange(math.floor(low), math.floor(high) + 1.0)
    found = [float(np.sum(steps * (chances - (counts >= x - 0.5))[:-1] ** 2)) for x in reports]
    below, upto = (float(p) for p in foretold.cdf(np.array([reports[0] - 1.0, reports[-1]])))
    chance = float(np.mean([foretold.density(float(x)) for x in reports]))
    return Score(float(np.mean(found)) / foretold.unit, math.log(max(chance, _TINY)), below, upto)


def covered(one: Score, share: float) -> float:
    """How much of a report's PIT lies in the central interval with this probability, from 0 to 1."""
    low, high = 0.5 * (1.0 - share), 0.5 * (1.0 + share)
    if one.pit_high <= one.pit_low:
        return float(low <= one.pit_low <= high)
    inside = min(one.pit_high, high) - max(one.pit_low, low)
    return max(inside, 0.0) / (one.pit_high - one.pit_low)


def chance_of_bound(foretold: ReportPredictive, comparison: str, value: float) -> float:
    """Probability that the reporter's own figure keeps a bound that he states."""
    whole = foretold.scale == "count"
    strict = {"more_than": 0.0, "less_than": 1.0, "at_least": 1.0, "at_most": 0.0}[comparison]
    below = float(foretold.cdf(np.array([value - strict if whole else value]))[0])
    return 1.0 - below if comparison in {"more_than", "at_least"} else below

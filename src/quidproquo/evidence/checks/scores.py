"""How well a report that came is predicted: CRPS, log score and PIT of its predictive distribution F.

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

import numpy as np
from scipy import integrate

from quidproquo.evidence.observation.predictive import ReportPredictive
from quidproquo.evidence.observation.scales import COUNT

__all__ = [
    "Score",
    "chance_of_bound",
    "covered",
    "score",
]

_TINY = 1e-300
_WITHIN = 7  # places at which a report that is an interval is scored


@dataclass(frozen=True)
class Score:
    """How a two-sided report fared: CRPS in units of the scale, log score, and the interval of its PIT."""

    crps: float
    log_score: float
    pit_low: float
    pit_high: float


def score(predictive: ReportPredictive, low: float, high: float) -> Score:
    """Score a report of a number (`low` equal to `high`) or of an interval, both in the unit.

    An interval is a number of which only the ends are known: its log score is that of the mean
    density between them, its CRPS the mean over places between them. A report beyond the declared
    range gets its CRPS at the range's end.
    """
    scale = predictive.scale
    if scale is COUNT:
        return _score_count(predictive, low, high)
    ends = scale.to(np.array([low, high]))
    if low == high:
        pit = float(predictive.cdf(np.array([low]))[0])
        return Score(_crps(predictive, ends[:1]), math.log(max(predictive.density(low), _TINY)), pit, pit)
    below, upto = (float(p) for p in predictive.cdf(np.array([low, high])))
    density = (upto - below) / float(ends[1] - ends[0])
    places = ends[0] + (ends[1] - ends[0]) * (np.arange(_WITHIN) + 0.5) / _WITHIN
    return Score(_crps(predictive, places), math.log(max(density, _TINY)), below, upto)


def _crps(predictive: ReportPredictive, reports: np.ndarray) -> float:
    """Mean CRPS of reports on the scale, by the trapezoid rule with the reports among its nodes."""
    places, chances = predictive.grid
    inside = np.clip(reports, places[0], places[-1])
    nodes = np.concatenate([places, inside])
    heights = np.concatenate([chances, predictive.cdf(predictive.scale.back(inside))])
    order = np.argsort(nodes, kind="stable")
    nodes, heights = nodes[order], heights[order]
    below = integrate.cumulative_trapezoid(heights**2, nodes, initial=0.0)
    above = integrate.cumulative_trapezoid((1.0 - heights) ** 2, nodes, initial=0.0)
    at = np.searchsorted(nodes, inside)
    found: float = float(np.mean(below[at] + above[-1] - above[at]))
    return found / predictive.unit


def _score_count(predictive: ReportPredictive, low: float, high: float) -> Score:
    places, chances = predictive.grid
    counts = COUNT.back(places)
    steps = np.diff(places)
    reports = np.arange(math.floor(low), math.floor(high) + 1.0)
    found = [float(np.sum(steps * (chances - (counts >= x - 0.5))[:-1] ** 2)) for x in reports]
    below, upto = (float(p) for p in predictive.cdf(np.array([reports[0] - 1.0, reports[-1]])))
    chance = float(np.mean([predictive.density(float(x)) for x in reports]))
    return Score(float(np.mean(found)) / predictive.unit, math.log(max(chance, _TINY)), below, upto)


def covered(one: Score, share: float) -> float:
    """How much of a report's PIT lies in the central interval with this probability, from 0 to 1."""
    low, high = 0.5 * (1.0 - share), 0.5 * (1.0 + share)
    if one.pit_high <= one.pit_low:
        return float(low <= one.pit_low <= high)
    inside = min(one.pit_high, high) - max(one.pit_low, low)
    return max(inside, 0.0) / (one.pit_high - one.pit_low)


def chance_of_bound(predictive: ReportPredictive, comparison: str, value: float) -> float:
    """Probability that the reporter's own figure keeps a bound that he states."""
    whole = predictive.scale is COUNT
    strict = {"more_than": 0.0, "less_than": 1.0, "at_least": 1.0, "at_most": 0.0}[comparison]
    below = float(predictive.cdf(np.array([value - strict if whole else value]))[0])
    return 1.0 - below if comparison in {"more_than", "at_least"} else below

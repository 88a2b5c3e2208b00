"""One back-test: condition on what was known by a day, predict the reports that came later, score them.

The biases of whoever reports are part of what conditioning learns: a later report is predicted with
the posterior bias of its origin and family where these are in the evidence, and with their prior
where they aren't. A later report's credibility grade is taken to be `CREDIBILITY`, whatever it was
graded once others had borne it out or contradicted it: nobody could have known that.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from jaxtyping import Array, Float, Key

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.checks.baselines import BASELINES, fit_baselines
from quidproquo.evidence.checks.forecast import one_future, predict
from quidproquo.evidence.checks.scores import Score, chance_of_bound, score
from quidproquo.evidence.ensemble import prior_points
from quidproquo.evidence.observation.layout import build_likelihood
from quidproquo.evidence.observation.likelihood import BiasLayout, Likelihood
from quidproquo.evidence.observation.operators import build_operators
from quidproquo.evidence.observation.predictive import ReportPredictive
from quidproquo.evidence.observation.tables import HALF_WIDTH, NEAR
from quidproquo.evidence.smc.sample import condition
from quidproquo.evidence.smc.target import build_target
from quidproquo.evidence.weights.estimators import run_ess
from quidproquo.worlds.model import Model
from quidproquo.worlds.runtime import parallel_map
from quidproquo.worlds.simulate import Plan
from quidproquo.worlds.streams import Stream, stream_key

__all__ = [
    "CREDIBILITY",
    "MODEL",
    "PredictedReports",
    "ScoredReport",
    "joint_likelihoods",
    "predict_reports",
    "score_reports",
]

CREDIBILITY = 3
"""Credibility of a report before anything bears it out or contradicts it: possibly true."""
MODEL = "model"


@dataclass(frozen=True)
class ScoredReport:
    """One later report and how each forecast of it fared, by forecast ("model" and the baselines).

    A two-sided report has `scores`, a bound `chances` that it holds. A baseline without a forecast
    isn't among the keys. `quantiles` are those of the predictive distribution.
    """

    item: int
    bound: bool
    quantiles: dict[str, tuple[float, ...]]
    scores: dict[str, Score]
    chances: dict[str, float]


@dataclass(frozen=True)
class PredictedReports:
    """What conditioned worlds predict of later reports: `predicted` in the unit, `shift` on the scale."""

    predicted: Float[np.ndarray, "world item"]
    shift: Float[np.ndarray, "world item"]
    likelihood: Likelihood
    run_ess: Float[np.ndarray, " item"]
    failed: int


def _concatenated(evidence: EvidenceTable, later: EvidenceTable) -> EvidenceTable:
    columns: dict[str, Any] = {}
    for field in fields(EvidenceTable):
        both = getattr(evidence, field.name), getattr(later, field.name)
        columns[field.name] = both[0] + both[1] if isinstance(both[0], tuple) else np.concatenate(both)
    return EvidenceTable(**columns)


def joint_likelihoods(
    evidence: EvidenceTable, later: EvidenceTable
) -> tuple[Likelihood, Likelihood, Likelihood]:
    """Likelihoods of the evidence, of later reports given shared biases, and of these without any.

    A bias that ties the evidence to a later report is a coordinate of both; what touches later
    reports alone is part of their standard deviation. In the last one all biases are.
    """
    count = len(evidence)
    alone = replace(later, group=np.arange(len(later)), credibility=np.full(len(later), CREDIBILITY))
    joint = build_likelihood(_concatenated(evidence, alone))
    design = joint.bias.design
    tied = (design[:, :count] != 0).any(axis=1)
    names = tuple(name for name, kept in zip(joint.bias.names, tied, strict=True) if kept)
    rest = (design[~tied][:, count:] ** 2).sum(axis=0)
    known = replace(
        build_likelihood(evidence),
        sd=joint.sd[:count],
        bias=BiasLayout(names, design[tied][:, :count]),
    )
    own = build_likelihood(alone)
    shared = replace(
        own,
        sd=np.sqrt(joint.sd[count:] ** 2 + rest),
        bias=BiasLayout(names, design[tied][:, count:]),
    )
    marginal = replace(own, sd=joint.total_sd[count:], bias=BiasLayout((), np.zeros((0, len(later)))))
    return known, shared, marginal


def predict_reports(
    key: Key[Array, ""],
    model: Model,
    layout: Plan,
    evidence: EvidenceTable,
    later: EvidenceTable,
    worlds: int,
) -> PredictedReports:
    """Condition on the evidence and simulate on to the later reports.

    Raises:
        EvidenceError: if the worlds are too few, or none fits the evidence.
    """
    known, shared, _ = joint_likelihoods(evidence, later)
    target = build_target(model, evidence, known)
    if len(evidence):
        drawn = condition(stream_key(key, Stream.CONDITIONING), target, worlds)
        z, biases, island = drawn.z, drawn.biases, drawn.island
    else:
        points = prior_points(key, target, worlds)
        z, biases, island = points.z, points.biases, points.island
    chance = one_future(stream_key(key, Stream.WEIGHTED), model, len(z))
    predicted = predict(model, layout, build_operators(model, later), z, chance)
    ran = np.isfinite(predicted).all(axis=1)
    shift = np.asarray(biases, dtype=np.float64) @ shared.bias.design
    weight = np.where(ran, 0.0, -np.inf)
    ess = run_ess(np.arcsinh(np.where(ran[:, None], predicted, 0.0)), weight, island)
    return PredictedReports(predicted[ran], shift[ran], shared, ess, int((~ran).sum()))


def score_reports(
    predicted: PredictedReports,
    evidence: EvidenceTable,
    later: EvidenceTable,
    nondecreasing: frozenset[str],
) -> list[ScoredReport]:
    """Score every later report under the model and both baselines.

    `nondecreasing` names observables that can't fall.
    """
    baselines = fit_baselines(evidence, nondecreasing)
    marginal = joint_likelihoods(evidence, later)[2]

    def one(item: int) -> ScoredReport:
        truth, shift = predicted.predicted[:, item], predicted.shift[:, item]
        forecasts = {MODEL: _predictive(later, item, predicted.likelihood, truth, shift)}
        for baseline in BASELINES:
            values = baselines.predict(baseline, later, item)
            if values is not None:
                forecasts[baseline] = _predictive(later, item, marginal, values, np.zeros(len(values)))
        return _scored(item, forecasts, later)

    return parallel_map(one, range(len(later)))


def _scored(item: int, forecasts: dict[str, ReportPredictive], later: EvidenceTable) -> ScoredReport:
    comparison = later.comparison[item]
    bound = comparison in HALF_WIDTH and not later.near[item]
    low, high = _ends(later, item)
    scores, chances = {}, {}
    if bound:
        chances = {name: chance_of_bound(one, comparison, low) for name, one in forecasts.items()}
    else:
        scores = {name: score(one, low, high) for name, one in forecasts.items()}
    quantiles = {name: one.quantiles() for name, one in forecasts.items()}
    return ScoredReport(item, bound, quantiles, scores, chances)


def _predictive(
    later: EvidenceTable, item: int, likelihood: Likelihood, truth: np.ndarray, shift: np.ndarray
) -> ReportPredictive:
    ends = float(later.range_low[item]), float(later.range_high[item])
    return ReportPredictive(likelihood.figure_of(item), truth, shift, *ends)


def _ends(later: EvidenceTable, item: int) -> tuple[float, float]:
    if later.comparison[item] == "between":
        return float(later.low[item]), float(later.high[item])
    value = float(later.value[item])
    return (NEAR * value, value) if later.near[item] else (value, value)

"""The choice under other weights of the metrics: all, those in stated ranges, and without each metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Case
from quidproquo.decisions.acceptability import Acceptability, acceptability, box_weights, simplex_weights
from quidproquo.decisions.rule import Decision, OptionValues
from quidproquo.decisions.value import ValuedWorlds
from quidproquo.evidence.weights.estimators import normalised
from quidproquo.sensitivity.turning import TurningPoint, turning_points

__all__ = ["MetricWeightSweep", "OtherWeights", "WeightDraws", "sweep_metric_weights", "weight_ranges"]

_DRAWS = 96
_HALF, _DOUBLE = 0.5, 2.0  # of a weight for which the case states no range


@dataclass(frozen=True)
class OtherWeights:
    """One other set of weights, and the choice under it by the rule.

    `lead` is that of the option preferred under the case's weights, with its Monte Carlo error `mcse`, below 0
    where another gives up less; an option preferred before stays `preferred` where it is tied.
    """

    id: str
    metric: str
    preferred: str
    tied: tuple[str, ...]
    lead: float
    mcse: float


@dataclass(frozen=True)
class WeightDraws:
    """Weights drawn at random, and the choice by the rule under each: shares of the `count` drawn.

    `least` is the share in which an option gives up least, `among` that in which it is so or tied with the one
    that does; `tied` that in which several are tied, and `turned` that in which none of those preferred under
    the case's weights is among them. `ranks` weighs worlds and weights together.
    """

    count: int
    least: Mapping[str, float]
    among: Mapping[str, float]
    tied: float
    turned: float
    ranks: Acceptability


@dataclass(frozen=True)
class MetricWeightSweep:
    """What the choice owes to the weights of the metrics.

    `simplex` are all weights there are, `within` those in `ranges`, which the case has `stated` or which go from
    half to double its weights. `others` are the weights without each metric, and equal ones. `turning` says by how
    much a single number must change, where a change does it, of those `tried`.
    """

    ranges: Mapping[str, tuple[float, float]]
    stated: bool
    simplex: WeightDraws
    within: WeightDraws
    others: tuple[OtherWeights, ...]
    turning: tuple[TurningPoint, ...]
    tried: int


def weight_ranges(case: Case) -> dict[str, tuple[float, float]]:
    """The range of each metric's weight: what the case states, else from half to double."""
    return {
        metric.id: (
            _HALF * metric.weight if metric.weight_low is None else metric.weight_low,
            _DOUBLE * metric.weight if metric.weight_high is None else metric.weight_high,
        )
        for metric in case.metrics.values()
    }


class _Judge:
    """The options by the rule under any weights of the metrics."""

    def __init__(self, worlds: ValuedWorlds) -> None:
        self.worlds = worlds
        self.weights = normalised(worlds.ensemble.log_weight)
        self.parts = worlds.scale.parts(np.asarray(worlds.ensemble.outcomes, dtype=np.float64))
        self.decision: Decision = worlds.option_values.decide(self.weights)

    def values(self, drawn: Float[np.ndarray, " metric"]) -> OptionValues:
        """The options' values under weights that sum to one."""
        ensemble = self.worlds.ensemble
        return OptionValues(ensemble.options, self.parts @ drawn, ensemble.island, self.worlds.delta)

    def draws(self, drawn: Float[np.ndarray, "draw metric"], ranks: Acceptability) -> WeightDraws:
        """The choice under each of some weights."""
        options = self.worlds.ensemble.options
        least, among = np.zeros(len(options)), np.zeros(len(options))
        tied = turned = 0
        for weights in drawn:
            found = self.values(weights).decide(self.weights)
            least[found.first] += 1.0
            among[list(found.tied)] += 1.0
            tied += len(found.tied) > 1
            turned += not set(found.tied) & set(self.decision.tied)
        count = len(drawn)
        return WeightDraws(
            count=count,
            least=dict(zip(options, map(float, least / count), strict=True)),
            among=dict(zip(options, map(float, among / count), strict=True)),
            tied=tied / count,
            turned=turned / count,
            ranks=ranks,
        )

    def other(self, ident: str, metric: str, drawn: Float[np.ndarray, " metric"]) -> OtherWeights:
        """The choice under one other set of weights."""
        values = self.values(drawn / drawn.sum())
        estimate, options = values.estimate(self.weights), values.options
        lead, found = estimate.lead(self.decision.first), values.decide(self.weights, self.decision.tied)
        return OtherWeights(
            id=ident,
            metric=metric,
            preferred=options[found.preferred],
            tied=tuple(options[place] for place in found.tied),
            lead=lead.margin,
            mcse=lead.mcse,
        )


def sweep_metric_weights(worlds: ValuedWorlds, case: Case) -> MetricWeightSweep | None:
    """Judge the choice under other weights of the metrics; None where there is none to judge.

    Raises EvidenceError with fewer than eight islands.
    """
    metrics, scale = worlds.scale.metrics, worlds.scale
    if not scale.weighed or len(worlds.ensemble.options) < 2 or len(metrics) < 2:
        return None
    judge = _Judge(worlds)
    turning = turning_points(worlds, case, judge.decision, judge.weights)
    ranges = weight_ranges(case)
    low, high = (np.array([ranges[name][end] for name in metrics]) for end in (0, 1))
    return MetricWeightSweep(
        ranges={name: ranges[name] for name in metrics},
        stated=all(None not in (one.weight_low, one.weight_high) for one in case.metrics.values()),
        simplex=judge.draws(simplex_weights(_DRAWS, len(metrics)), acceptability(worlds)),
        within=judge.draws(box_weights(_DRAWS, low, high), acceptability(worlds, low, high)),
        others=tuple(_others(judge)),
        turning=tuple(one for one in turning if one.tie is not None or one.turn is not None),
        tried=len(turning),
    )


def _others(judge: _Judge) -> Iterator[OtherWeights]:
    scale = judge.worlds.scale
    for place, name in enumerate(scale.metrics):
        kept = np.where(np.arange(scale.weight.size) == place, 0.0, scale.weight)
        if kept.sum() > 0.0 and scale.weight[place] > 0.0:
            yield judge.other(f"without:{name}", name, kept)
    yield judge.other("equal", "", np.where(scale.weight > 0.0, 1.0, 0.0))

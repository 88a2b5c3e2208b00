"""What no option changes: metrics that hardly move, and thresholds that no option meets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from quidproquo.cases.record import Case
from quidproquo.decisions.means import Mean, means
from quidproquo.decisions.rule import tie_limit
from quidproquo.decisions.value import ValuedWorlds
from quidproquo.evidence.weights.estimators import normalised

__all__ = ["MetricMove", "ThresholdFailure", "Unchanged", "unchanged"]


@dataclass(frozen=True)
class MetricMove:
    """How far the options move one metric from what it is under the baseline, in its own unit.

    `lowest` and `highest` are the least and greatest means over all options. `option` moves it farthest, by
    `move`, which is worth `value` by the metric's weight. `limit` is the least move that is one: δ of the way
    between the anchors, or two Monte Carlo errors. `changed` says whether some option moves it by more;
    `elsewhere` is the share of the weight in which one moves it by more than δ of that way.
    """

    lowest: float
    highest: float
    option: str
    move: Mean
    value: float
    limit: float
    changed: bool
    elsewhere: float


@dataclass(frozen=True)
class ThresholdFailure:
    """In which share of the weight no option meets a metric's threshold.

    `alone` is the share in which it is all that is missing: some option meets every other threshold.
    """

    share: Mean
    alone: float


@dataclass(frozen=True)
class Unchanged:
    """What no option changes, by metric, against the option `baseline`.

    `none_acceptable` is the share of the weight in which no option meets every threshold.
    """

    baseline: str
    delta: float
    moves: Mapping[str, MetricMove]
    none_acceptable: Mean
    thresholds: Mapping[str, ThresholdFailure]


def unchanged(worlds: ValuedWorlds, case: Case) -> Unchanged | None:
    """Compare every option with the baseline, metric by metric; None where there is no other option.

    Whether a metric is changed is measured on its own scale, from its worst to its best anchor: its weight has
    no part in that.
    """
    options = worlds.ensemble.options
    base = next((place for place, name in enumerate(options) if case.options[name].baseline), None)
    if base is None or len(options) < 2:
        return None
    weights = normalised(worlds.ensemble.log_weight)
    outcomes = np.asarray(worlds.ensemble.outcomes, dtype=np.float64)
    scale = worlds.scale
    spans = np.abs(scale.best - scale.worst)
    moves = {
        name: _move(worlds, place, (base, float(spans[place])), weights)
        for place, name in enumerate(scale.metrics)
    }
    meets = outcomes * scale.sign >= scale.threshold * scale.sign
    missed = ~meets.any(axis=1)
    none = ~worlds.meets.any(axis=1)
    shares = means(np.vstack([none, missed.T]).astype(np.float64), weights, worlds.ensemble.island)
    return Unchanged(
        baseline=options[base],
        delta=worlds.delta,
        moves=moves,
        none_acceptable=shares[0],
        thresholds={
            name: ThresholdFailure(share, float(weights[none & _others_met(meets, place)].sum()))
            for place, (name, share) in enumerate(zip(scale.metrics, shares[1:], strict=True))
        },
    )


def _others_met(meets: Bool[np.ndarray, "world option metric"], place: int) -> Bool[np.ndarray, " world"]:
    """Where some option meets every threshold but this one."""
    met = np.asarray(np.delete(meets, place, axis=2).all(axis=2))
    return np.asarray(met.any(axis=1))


def _move(
    worlds: ValuedWorlds,
    metric: int,
    against: tuple[int, float],
    weights: Float[np.ndarray, " world"],
) -> MetricMove:
    """How one metric moves; `against` holds the place of the baseline and the distance of the anchors."""
    base, span = against
    outcomes = np.asarray(worlds.ensemble.outcomes[:, :, metric], dtype=np.float64)
    change = outcomes - outcomes[:, base : base + 1]
    moves = means(change.T, weights, worlds.ensemble.island)
    levels = np.einsum("wo,w->o", outcomes, weights)
    farthest = max(
        (place for place in range(len(moves)) if place != base), key=lambda place: abs(moves[place].mean)
    )
    beyond = (np.abs(change) > worlds.delta * span).any(axis=1)
    move = moves[farthest]
    return MetricMove(
        lowest=float(levels.min()),
        highest=float(levels.max()),
        option=worlds.ensemble.options[farthest],
        move=move,
        value=abs(move.mean) / span * float(worlds.scale.weight[metric]),
        limit=tie_limit(move.mcse / span, worlds.delta) * span,
        changed=any(one.counts(worlds.delta, span) for one in moves),
        elsewhere=float(weights[beyond].sum()),
    )

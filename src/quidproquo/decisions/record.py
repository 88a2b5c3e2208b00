"""The hand-over from decisions to the brief: findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Findings", "MetricFinding", "OptionFinding", "Preferred", "RegretFinding", "Weighting"]


@dataclass(frozen=True)
class MetricFinding:
    """One metric under one option, in the metric's unit; `mcse` is the Monte Carlo error of the mean."""

    mean: float
    mcse: float
    q05: float
    q50: float
    q95: float


@dataclass(frozen=True)
class RegretFinding:
    """What one gives up against the best option of each world, in the metric's unit (or in value)."""

    mean: float
    mcse: float
    q95: float
    cvar95: float


@dataclass(frozen=True)
class OptionFinding:
    """One option in one ensemble. `value` is the value function's mean, `value_regret` its regret.

    `max_regret` is the largest expected regret over the declared cells; `robustness` the weighted
    share of worlds that meet every threshold; `best_share` the weighted share in which it is best.
    """

    metrics: Mapping[str, MetricFinding]
    regret: Mapping[str, RegretFinding]
    value: MetricFinding
    value_regret: RegretFinding
    max_regret: float
    max_regret_cell: str
    robustness: float
    best_share: float


@dataclass(frozen=True)
class Weighting:
    """One member of the set of weightings: what was changed, and what it does to the choice.

    `margin` is that of the option preferred under all the evidence over its best rival; it is
    negative where another is better. `mcse` is its Monte Carlo error. `reliable` is false where the
    weights can't be trusted, `rerun` true where the worlds were conditioned anew instead.
    """

    id: str
    kind: str
    value: Mapping[str, float]
    q95_regret: Mapping[str, float]
    preferred: str
    pareto_k: float
    title: str = ""
    margin: float = 0.0
    mcse: float = 0.0
    reliable: bool = True
    rerun: bool = False


@dataclass(frozen=True)
class Preferred:
    """The choice by the named rule: one option, or a tied set, with the margin to the next.

    `margin` is in the rule's unit; `mcse` its Monte Carlo error; `range` the lowest and highest
    margin over the set of weightings; `conditions` says what the choice hangs on, in sentences.
    """

    rule: str
    options: tuple[str, ...]
    margin: float
    mcse: float
    range: tuple[float, float]
    conditions: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Findings:
    """Everything that comparing the options gives.

    `rank_acceptability` is each option's share of the weight at rank 1, 2 … on the value function.
    """

    weighted: Mapping[str, OptionFinding]
    exploratory: Mapping[str, OptionFinding]
    preferred: Preferred
    weightings: tuple[Weighting, ...]
    pareto_front: tuple[str, ...]
    dominated: Mapping[str, tuple[str, ...]]
    warnings: tuple[str, ...]
    rank_acceptability: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

"""The hand-over from decisions to the brief: findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from quidproquo.decisions.cells import Driver
from quidproquo.decisions.components import BundleFinding
from quidproquo.decisions.unchanged import Unchanged
from quidproquo.decisions.worth import Lead

__all__ = ["Findings", "MetricFinding", "OptionFinding", "Preferred", "RegretFinding"]


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
class Preferred:
    """The choice by the named rule: one option, or a tied set, with the margin to the next.

    `margin` is in the rule's unit and `mcse` its Monte Carlo error. `ranked` is false where the case weighs no
    metric, so that no rule ranks the options. Those `level` are tied with certainty (see `rule.Decision`).
    """

    rule: str
    options: tuple[str, ...]
    margin: float
    mcse: float
    ranked: bool = True
    level: tuple[str, ...] = ()


@dataclass(frozen=True)
class Findings:
    """Everything that comparing the options gives in one ensemble, and beside it in the exploratory one.

    `drivers` are the parameters that the lead of the choice depends on most. `rank_acceptability` is each
    option's share of the weight at rank 1, 2 … on the value function. `leads` are those of the first option
    over each of the others, `worth` how far each metric would have to move to change the value by 1, and
    `components` what the parts of each bundle add.
    """

    weighted: Mapping[str, OptionFinding]
    exploratory: Mapping[str, OptionFinding]
    preferred: Preferred
    pareto_front: tuple[str, ...]
    dominated: Mapping[str, tuple[str, ...]]
    warnings: tuple[str, ...]
    drivers: tuple[Driver, ...] = ()
    rank_acceptability: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    unchanged: Unchanged | None = None
    leads: Mapping[str, Lead] = field(default_factory=dict)
    worth: Mapping[str, float] = field(default_factory=dict)
    components: Mapping[str, BundleFinding] = field(default_factory=dict)

"""Options and metrics: how each option fares, and which one is preferred."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from quidproquo.study.schema.record import Day, Distribution, FiniteOrNone, Record, Side
from quidproquo.terms.vocabulary import Direction

__all__ = [
    "MetricRecord",
    "OptionRecord",
    "OptionResult",
    "PreferredRecord",
    "Regret",
    "WeightingRecord",
]


class MetricRecord(Record):
    """A metric: what it is, its direction and anchors; `side` where it is of what one side gives, or gets."""

    title: str
    unit: str
    direction: Direction
    worst: float
    best: float
    weight: float
    threshold: float
    meaning: str
    side: Side | Literal[""] = ""


class Regret(Record):
    """What one gives up against each world's best option."""

    mean: float
    mcse: float
    q95: float
    cvar95: float


class OptionResult(Record):
    """One option in one ensemble.

    `value`, its regret and `max_regret` are null in a case that gives its metrics no weights.
    """

    metrics: dict[str, Distribution]
    regret: dict[str, Regret]
    value: Distribution | None
    value_regret: Regret | None
    max_regret: float | None
    max_regret_cell: str
    robustness: float
    best_share: float


class OptionRecord(Record):
    """An option, what it costs, who recommends it, and how it fares in both ensembles."""

    title: str
    summary: str
    baseline: bool
    levers: dict[str, float]
    cost: dict[str, float]
    cost_source: str = "judgement"
    start: Day
    months: int
    recommended_by: list[str]
    weighted: OptionResult
    exploratory: OptionResult


class DriverRecord(Record):
    """A parameter with which the lead goes up or down: Spearman's rank correlation over weighted worlds."""

    name: str
    correlation: float


class PreferredRecord(Record):
    """The choice by the named rule; `options` holds more than one when they are tied.

    A lead counts from `limit` of value up: `delta`, the case's own least difference, or two Monte Carlo errors.
    `leading` are the options that can't be told from the first under all the evidence. One that ties with the
    best or leads under another stated weighting is tied with them too: `ties` maps it to these weightings. Of
    the leading ones, those `level` are within δ of the first, Monte Carlo error included. Of those `open`,
    which aren't among the tied, some weighting can't say whether they tie. `ranked` is false where the case
    weighs no metric, so that no rule ranks the options; `drivers` are the parameters that the lead over the
    next option depends on most.
    """

    rule: str
    option: str
    options: list[str]
    margin: float
    mcse: float
    range: tuple[float, float]
    ranked: bool = True
    drivers: list[DriverRecord] = Field(default_factory=list)
    delta: float = 0.0
    limit: float = 0.0
    leading: list[str] = Field(default_factory=list)
    ties: dict[str, list[str]] = Field(default_factory=dict)
    level: list[str] = Field(default_factory=list)
    open: list[str] = Field(default_factory=list)


class WeightingRecord(Record):
    """One member of the set of weightings over which lower and upper values are taken.

    `margin`, with its Monte Carlo error `mcse`, is that of the option preferred under all the evidence; it is
    negative where another leads. `rerun` says that the worlds were conditioned again, `tied` are the options no
    farther than δ from the one with the least regret; those `within_error` can't be told from it because the
    error is larger than δ asks for, and `decided` is false where it depends on these what becomes of the
    choice. `reliable` is false where neither worlds conditioned again nor the weights can be trusted;
    `pareto_k` is null where so few worlds carry all the weight that it has no bound.
    """

    id: str
    kind: Literal["evidence", "origin", "hypothesis"]
    title: str
    value: dict[str, float]
    q95_regret: dict[str, float]
    preferred: str
    margin: float
    mcse: float
    pareto_k: FiniteOrNone
    reliable: bool
    rerun: bool
    tied: list[str] = Field(default_factory=list)
    within_error: list[str] = Field(default_factory=list)
    decided: bool = True

    @property
    def judged(self) -> bool:
        """Whether it can be said what the weighting does to the choice."""
        return self.reliable and self.decided

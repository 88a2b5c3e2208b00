"""What no option changes, what leads are made of, what bundles need, and what the metrics' weights decide."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from quidproquo.study.schema.record import Record

__all__ = [
    "BundleRecord",
    "ComponentRecord",
    "LeadPartRecord",
    "LeadRecord",
    "Mean",
    "MetricMoveRecord",
    "MetricWeights",
    "OtherWeightsRecord",
    "SmallerBundleRecord",
    "ThresholdFailureRecord",
    "TurningPointRecord",
    "UnchangedRecord",
    "WeightDrawsRecord",
]


class Mean(Record):
    """A mean over worlds and its Monte Carlo error."""

    mean: float
    mcse: float


class MetricMoveRecord(Record):
    """How far the options move one metric from the baseline, in its own unit.

    `lowest` and `highest` are the least and greatest means over all options; `option` moves it farthest, by
    `move`, which is worth `value` by the metric's weight. A move under `limit` is none: that is δ of the way
    between the anchors, or two Monte Carlo errors. `changed` says whether some option moves it by more, and
    `elsewhere` in which share of worlds one moves it by more than δ of that way.
    """

    lowest: float
    highest: float
    option: str
    move: Mean
    value: float
    limit: float
    changed: bool
    elsewhere: float


class ThresholdFailureRecord(Record):
    """The share of worlds in which no option meets a metric's threshold.

    `alone` is the share in which that is all that is missing: some option meets every other threshold.
    """

    share: Mean
    alone: float


class UnchangedRecord(Record):
    """What no option changes, by metric, against the option `baseline`.

    `delta` is the least difference that counts; `none_acceptable` the share of worlds in which no option meets
    every threshold.
    """

    baseline: str
    delta: float
    moves: dict[str, MetricMoveRecord]
    none_acceptable: Mean
    thresholds: dict[str, ThresholdFailureRecord]


class LeadPartRecord(Record):
    """What one metric has in a lead: by how much it differs, in its own unit, and what that adds in value."""

    difference: Mean
    value: Mean


class LeadRecord(Record):
    """By how much the first option's mean value lies above another's, and what each metric has in it."""

    value: Mean
    parts: dict[str, LeadPartRecord]


class ComponentRecord(Record):
    """What a component adds to its bundle: the bundle less the one `without` it, on the mean.

    `title` is that of the option that consists of it alone, or of the lever. With `generated`, the menu lacks the
    bundle without it, and `money` is what that is taken to cost, in million dollars. `better` is the share of
    worlds in which the bundle is worth more with it; `adds` is nothing where the difference is under δ or within
    its error.
    """

    lever: str
    title: str
    without: str
    generated: bool
    money: float
    value: Mean
    metrics: dict[str, Mean]
    better: float
    adds: Literal["adds", "nothing", "harms"]


class SmallerBundleRecord(Record):
    """The smallest part of a bundle that is as good on the mean, by its components; less the bundle itself."""

    option: str
    generated: bool
    titles: list[str]
    money: float
    value: Mean
    metrics: dict[str, Mean]


class BundleRecord(Record):
    """A bundle by its components; `smaller` is null where each of them adds something."""

    components: list[ComponentRecord]
    smaller: SmallerBundleRecord | None


class WeightDrawsRecord(Record):
    """Weights of the metrics drawn at random, and the choice by the rule under each: shares of the `count` drawn.

    `least` is the share in which an option gives up least, `among` that in which it does or is tied with the one
    that does; `tied` that in which several are tied, `turned` that in which none of the options preferred by the
    case's weights is among them. `ranks` are each option's shares of rank 1, 2 … over worlds and weights together
    (SMAA-2), `first_mcse` the Monte Carlo error of the first, `central` the mean weights that make it the first.
    """

    count: int
    least: dict[str, float]
    among: dict[str, float]
    tied: float
    turned: float
    ranks: dict[str, list[float]]
    first_mcse: dict[str, float]
    central: dict[str, dict[str, float]]


class OtherWeightsRecord(Record):
    """One other set of weights: without a metric, or equal ones; the choice by the rule, and who is tied.

    `lead` is that of the option preferred by the case's weights, below 0 where another gives up less.
    """

    id: str
    metric: str
    preferred: str
    tied: list[str]
    lead: float
    mcse: float


class TurningPointRecord(Record):
    """How far one number must change, all else equal, until the choice is a tie and until it is another.

    A weight is a share of all weights, a cost million dollars or, with the id `all`, a factor on all of
    them, and an anchor in its metric's unit. `tie` is where the lead no longer counts, `turn` where another
    `option` leads by as much as counts; null where no such change does it. `change` and `tie_change` say
    how large these are: in shares of the weight, in stated costs, or in distances of the two anchors.
    """

    kind: Literal["weight", "cost", "anchor"]
    id: str
    anchor: Literal["", "worst", "best"]
    before: float
    tie: float | None
    turn: float | None
    option: str
    change: float | None
    tie_change: float | None


class MetricWeights(Record):
    """What the choice owes to the weights of the metrics.

    `simplex` are all weights there are, `within` those in `ranges`: as the case states them (`stated`), or
    from half to double its own. `turning` holds, of the `tried` numbers, those of which a change turns the
    choice or ties it.
    """

    ranges: dict[str, tuple[float, float]]
    stated: bool
    simplex: WeightDrawsRecord
    within: WeightDrawsRecord
    others: list[OtherWeightsRecord]
    turning: list[TurningPointRecord] = Field(default_factory=list)
    tried: int

"""Where the leading option loses or none is acceptable, as boxes; what warns of a loss; an adaptive option."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from quidproquo.study.schema.decisions import Mean
from quidproquo.study.schema.record import Record

__all__ = [
    "AdaptiveRecord",
    "BoxRecord",
    "DiscoveriesRecord",
    "DiscoveryRecord",
    "LeafRecord",
    "RangeRecord",
    "RestrictionRecord",
    "SignpostRecord",
    "SignpostsRecord",
    "TrajectoryRecord",
    "WatchedRecord",
]


class RangeRecord(Record):
    """A range of one parameter or quantity, in its unit, or answers to a hypothesis.

    `low` and `high` are inside, and null where the range is open; with `whole` all values are whole numbers.
    `answers` are ids of the answers inside.
    """

    kind: Literal["parameter", "hypothesis", "quantity"]
    id: str
    title: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    whole: bool = False
    answers: list[str] = Field(default_factory=list)


class RestrictionRecord(RangeRecord):
    """What a box asks of one column.

    `quasi_p` is the probability of as many hits as in the box, were its worlds drawn from the box without this
    restriction; `holdout_p` the same in worlds that it was not chosen on, over all such tests.
    `coverage_without` and `density_without` are those of the box without it.
    """

    quasi_p: float
    holdout_p: float
    coverage_without: float
    density_without: float


class TrajectoryRecord(Record):
    """What each peel of a box leaves, by step; at `chosen` box and event agree best beyond chance (kappa)."""

    coverage: list[float]
    density: list[float]
    mass: list[float]
    restricted: list[int]
    kappa: list[float]
    chosen: int


class BoxRecord(Record):
    """A box of worlds in which an event is frequent.

    `coverage` is the share of all worlds with the event that lie in it, `density` the share of its worlds that
    have it, `base` that share among all worlds outside earlier boxes, `mass` the share of all worlds in it.
    `best` is the option with the greatest mean value in it, by the `lead` over the leading option there; empty
    for boxes of other events. The holdout figures are of boxes found on one half of the islands and measured on
    the other.
    """

    restrictions: list[RestrictionRecord]
    coverage: Mean
    density: Mean
    base: float
    mass: float
    ess: float
    holdout_coverage: float
    holdout_density: float
    trajectory: TrajectoryRecord
    best: str = ""
    lead: Mean | None = None


class LeafRecord(Record):
    """A leaf of a classification tree: what leads to it, its share of the worlds, and the event's share in it."""

    ranges: list[RangeRecord]
    mass: float
    density: float


class DiscoveryRecord(Record):
    """Where an event happens: its share of the worlds, boxes in the order found, and a tree as a second view.

    The `event` is that the leading option is worth less than the best by more than δ ("loses"), that no option
    meets every threshold ("unmet"), or that some option does ("met"). `ending` says why there is no further box.
    """

    event: Literal["loses", "unmet", "met"]
    share: Mean
    boxes: list[BoxRecord]
    ending: Literal["holds in no world", "holds in every world", "nothing separates", "enough boxes"]
    leaves: list[LeafRecord] = Field(default_factory=list)


class DiscoveriesRecord(Record):
    """Where the leading `option` is worth less than the best by more than δ, and where no option is acceptable.

    `acceptance` is about the rarer of two kinds of worlds: those in which some option meets every threshold, and
    those in which none does. `columns` is how many assumptions, hypotheses and quantities were looked at, each
    tested at `level` on worlds that it was not chosen on. Null where there is nothing to look for.
    """

    option: str
    delta: float
    columns: int
    level: float
    loses: DiscoveryRecord | None
    acceptance: DiscoveryRecord | None


class SignpostRecord(Record):
    """A quantity whose value on a date warns that the leading option will lose.

    It warns above the threshold, or at most at it with `side` "below". `detection` is the share of the losing
    worlds in which it warns, `false_alarms` that of the others, `separation` their difference, all with
    thresholds from other worlds; `lead_days` the days from the date to the horizon.
    """

    id: str
    title: str
    unit: str
    date: str
    threshold: float
    side: Literal["above", "below"]
    detection: Mean
    false_alarms: Mean
    separation: Mean
    lead_days: float


class WatchedRecord(Record):
    """A quantity that was watched, and how well it separates on the `date` on which it does so best."""

    id: str
    title: str
    date: str
    separation: Mean


class AdaptiveRecord(Record):
    """One option until a quantity crosses a threshold on a date, another from `delay` months later on.

    The delay begins at the end of the month after the date. `leads` are its leads in value over each static
    option, of which `best` has the greatest mean; `metrics` is by how much it moves each metric from what `best`
    makes of it. It enters no comparison of the static options. `adds` says whether its lead over `best` counts.
    """

    first: str
    then: str
    quantity: str
    threshold: float
    side: Literal["above", "below"]
    date: str
    delay: int
    value: Mean
    leads: dict[str, Mean]
    best: str
    metrics: dict[str, Mean]
    regret_q95: float
    best_regret_q95: float
    switches: Mean
    adds: bool


class SignpostsRecord(Record):
    """What would warn that the leading `option` loses, under policy as it stands; the best signpost first.

    `losing` is how often it loses; `why_none` says why there is no signpost. `adaptive` is null where there is
    none, or the option is the best in the worlds warned of, too. A signpost has a separation of at least
    `least_separation`, which is above 0 at `level` over all quantities and dates.
    """

    option: str
    horizon: str
    level: float
    least_separation: float
    losing: Mean
    watched: list[WatchedRecord]
    signposts: list[SignpostRecord]
    why_none: Literal["never loses", "always loses", "nothing separates"] | None
    adaptive: AdaptiveRecord | None

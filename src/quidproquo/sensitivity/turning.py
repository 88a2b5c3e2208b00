"""The smallest change of one weight, cost or anchor that turns the choice.

Along such a change the value of every option in every world is linear (in the share of a weight and in a cost;
in an anchor it is a quotient), so that the rule's criterion is continuous: where a lead passes a level is solved
for between two points on either side of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, runtime_checkable

import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Case
from quidproquo.decisions.rule import Decision, tie_limit
from quidproquo.decisions.value import HIGHEST, LOWEST, ValuedWorlds
from quidproquo.evidence.weights.estimators import BARELY, Tail

__all__ = ["MONEY", "TurningPoint", "turning_points", "upper_quantiles"]

MONEY = "attention.money"
"""What an option costs: in proportion to its stated cost."""

Changed: TypeAlias = Literal["weight", "cost", "anchor"]
Values: TypeAlias = Float[np.ndarray, "option world"]

_SHARE = 0.05  # of the weight, beyond which regret is read off
_WIDER, _NARROWER = 3.0, -0.8  # how far an anchor is moved, in distances of the two
_DEARER = 8.0
_POINTS = 6
_EXACT = 1e-10
_MOST_STEPS = 60


@dataclass(frozen=True)
class TurningPoint:
    """How far one number has to change until the choice is a tie, and until it is another.

    `before` is what it is: a weight as a share of all, a stated cost in million dollars, a factor on all costs
    (1), or an anchor in its metric's unit. `tie` is where the lead no longer counts, `turn` where another
    `option` leads by as much as counts; None where no such change does it. `change` says how large the latter
    is (`tie_change` the former): in shares of the weight, in stated costs or in distances of the anchors.
    """

    kind: Changed
    id: str
    anchor: Literal["", "worst", "best"]
    before: float
    tie: float | None
    turn: float | None
    option: str
    change: float | None
    tie_change: float | None


def upper_quantiles(
    rows: Float[np.ndarray, "row world"], weights: Float[np.ndarray, " world"]
) -> Float[np.ndarray, " row"]:
    """The 95% quantile of each row under weights that sum to one, as the decision rule reads it."""
    if (weights == weights[0]).all():
        place = rows.shape[1] - 1 - int(_SHARE * rows.shape[1] * BARELY)
        return np.asarray(np.partition(rows, place, axis=1)[:, place])
    return Tail(rows).worst(weights, _SHARE)[0]


@runtime_checkable
class _Path(Protocol):
    """One number changed: what it is called, and the options' values for each place on the way.

    Places are 0 at what the number is now; `ends` are how far the way goes to either side.
    """

    @property
    def named(self) -> tuple[Changed, str, Literal["", "worst", "best"]]:
        """Kind, id and, of a metric, which anchor."""
        ...

    @property
    def ends(self) -> Sequence[float]: ...

    def number(self, place: float) -> float:
        """The number at a place."""
        ...

    def values(self, place: float) -> Values:
        """The options' values at a place."""
        ...


class _Leads:
    """The lead of the options preferred now over all others, for each place on a path."""

    def __init__(self, decision: Decision, weights: Float[np.ndarray, " world"], options: int) -> None:
        self.inside = np.array(sorted(decision.tied))
        self.outside = np.array([place for place in range(options) if place not in decision.tied])
        self.weights = weights

    def regrets(self, values: Values) -> Float[np.ndarray, " option"]:
        """Each option's regret at its 95% quantile."""
        return upper_quantiles(values.max(axis=0) - values, self.weights)

    def lead(self, values: Values) -> float:
        """By how much the best of the others gives up more; negative where it gives up less."""
        found = self.regrets(values)
        return float(found[self.outside].min() - found[self.inside].min())

    def leader(self, values: Values) -> int:
        """Which of the others gives up least."""
        return int(self.outside[np.argmin(self.regrets(values)[self.outside])])


def turning_points(
    worlds: ValuedWorlds, case: Case, decision: Decision, weights: Float[np.ndarray, " world"]
) -> list[TurningPoint]:
    """For every weight, cost and anchor, where the choice turns if it alone is changed; the smallest change first.

    A choice is a tie, or another, by the decision rule, with the Monte Carlo error of the lead as it is now.
    """
    options = worlds.ensemble.options
    leads = _Leads(decision, weights, len(options))
    if not leads.outside.size or not worlds.scale.weighed:
        return []
    limit = tie_limit(decision.mcse, worlds.delta)
    found = []
    for path in _paths(worlds, case, decision):
        tie = _closest(path, leads, limit) if len(decision.tied) == 1 else None
        turn = _closest(path, leads, -limit)
        kind, name, anchor = path.named
        found.append(
            TurningPoint(
                kind=kind,
                id=name,
                anchor=anchor,
                before=path.number(0.0),
                tie=None if tie is None else path.number(tie),
                turn=None if turn is None else path.number(turn),
                option="" if turn is None else options[leads.leader(path.values(turn))],
                change=None if turn is None else abs(turn),
                tie_change=None if tie is None else abs(tie),
            )
        )
    return sorted(
        found, key=lambda one: tuple(np.inf if c is None else c for c in (one.change, one.tie_change))
    )


def _closest(path: _Path, leads: _Leads, level: float) -> float | None:
    """The place nearest to now, on either side, at which the lead has fallen to a level."""
    crossed = [_crossing(lambda place: leads.lead(path.values(place)) - level, end) for end in path.ends]
    places = [place for place in crossed if place is not None]
    return min(places, key=abs) if places else None


def _crossing(above: Callable[[float], float], end: float) -> float | None:
    """The first place between now and an end where a number above 0 falls to 0; None where it doesn't."""
    before, height = 0.0, above(0.0)
    if height <= 0.0:
        return 0.0
    for place in map(float, end * (np.arange(1, _POINTS + 1) / _POINTS) ** 2):
        after = above(place)
        if after <= 0.0:
            return _root(above, (before, height), (place, after))
        before, height = place, after
    return None


def _root(function: Callable[[float], float], low: tuple[float, float], high: tuple[float, float]) -> float:
    """Where a continuous function passes 0 between two points of opposite sign (Illinois method).

    Dowell & Jarratt (1971), *BIT* 11, 168–174. Where the function is linear, the first step is exact.
    """
    (a, fa), (b, fb) = low, high
    for _ in range(_MOST_STEPS):
        if fb == 0.0 or abs(b - a) <= _EXACT * max(abs(a), abs(b), 1e-6):
            break
        c = b - fb * (b - a) / (fb - fa)
        fc = function(c)
        if fc * fb < 0.0:
            a, fa = b, fb
        else:
            fa *= 0.5
        b, fb = c, fc
    return b


@dataclass(frozen=True)
class _Weight:
    """The share of one metric's weight changed, the others in proportion.

    Value is 1 − s of what the others give, and s of its own.
    """

    metric: str
    share: float
    own: Values
    others: Values

    @property
    def named(self) -> tuple[Changed, str, Literal["", "worst", "best"]]:
        return "weight", self.metric, ""

    @property
    def ends(self) -> Sequence[float]:
        return [end for end in (-self.share, 1.0 - self.share) if end != 0.0]

    def number(self, place: float) -> float:
        return self.share + place

    def values(self, place: float) -> Values:
        return np.asarray(self.others + self.number(place) * (self.own - self.others))


@dataclass(frozen=True)
class _Metric:
    """One metric with its weight and anchors, and the value that the others give."""

    name: str
    weight: float
    worst: float
    best: float
    outcomes: Values
    rest: Values

    def values(self, outcomes: Values, worst: float, best: float) -> Values:
        """Of all metrics, this one's outcomes or anchors being others."""
        own = np.clip((outcomes - worst) / (best - worst), LOWEST, HIGHEST)
        return np.asarray(self.rest + self.weight * own)


@dataclass(frozen=True)
class _Cost:
    """The stated cost of one option changed, or of all of them: what they cost changes in proportion."""

    option: str
    stated: float
    ends: Sequence[float]
    changed: Float[np.ndarray, "option 1"]
    metric: _Metric

    @property
    def named(self) -> tuple[Changed, str, Literal["", "worst", "best"]]:
        return "cost", self.option, ""

    def number(self, place: float) -> float:
        return self.stated * (1.0 + place)

    def values(self, place: float) -> Values:
        money = self.metric.outcomes * (1.0 + place * self.changed)
        return self.metric.values(money, self.metric.worst, self.metric.best)


@dataclass(frozen=True)
class _Anchor:
    """One anchor of a metric moved away from the other, or towards it."""

    metric: _Metric
    moved: Literal["worst", "best"]
    ends: Sequence[float] = (_NARROWER, _WIDER)

    @property
    def named(self) -> tuple[Changed, str, Literal["", "worst", "best"]]:
        return "anchor", self.metric.name, self.moved

    def number(self, place: float) -> float:
        worst, best = self.metric.worst, self.metric.best
        return worst + place * (worst - best) if self.moved == "worst" else best + place * (best - worst)

    def values(self, place: float) -> Values:
        moved = self.number(place)
        ends = (moved, self.metric.best) if self.moved == "worst" else (self.metric.worst, moved)
        return self.metric.values(self.metric.outcomes, *ends)


def _paths(worlds: ValuedWorlds, case: Case, decision: Decision) -> Iterator[_Path]:
    """Every weight, cost and anchor; metrics without weight have only the first of them."""
    outcomes = np.ascontiguousarray(np.asarray(worlds.ensemble.outcomes, dtype=np.float64).T)
    parts = np.ascontiguousarray(worlds.scale.parts(np.asarray(worlds.ensemble.outcomes, np.float64)).T)
    whole = np.ascontiguousarray(worlds.values.T)
    for place, name in enumerate(worlds.scale.metrics):
        weight, own = float(worlds.scale.weight[place]), parts[place]
        rest = whole - weight * own
        if weight < 1.0:
            yield _Weight(name, weight, own, rest / (1.0 - weight))
        if weight == 0.0:
            continue
        worst, best = float(worlds.scale.worst[place]), float(worlds.scale.best[place])
        metric = _Metric(name, weight, worst, best, outcomes[place], rest)
        yield _Anchor(metric, "worst")
        yield _Anchor(metric, "best")
        if case.metrics[name].observable.partition("@")[0] == MONEY:
            yield from _costs(metric, worlds.ensemble.options, case, decision)


def _costs(metric: _Metric, options: Sequence[str], case: Case, decision: Decision) -> Iterator[_Path]:
    """The cost of each preferred option, which may rise, that of each other, which may fall, and all of them."""
    for place, option in enumerate(options):
        stated = case.options[option].cost.get("money", 0.0)
        if stated > 0.0:
            ends = [_DEARER] if place in decision.tied else [-1.0]
            changed = np.arange(len(options))[:, None] == place
            yield _Cost(option, stated, ends, changed.astype(np.float64), metric)
    yield _Cost("all", 1.0, [-1.0, _DEARER], np.ones((len(options), 1)), metric)

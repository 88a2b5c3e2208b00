"""Signposts: what to watch, from which value on it warns that the preferred option will lose, and how early.

Worlds are futures under the policy as it stands. On each date, an observable warns where it lies beyond a
threshold, chosen on other worlds than those on which its warnings are counted. Sources: Youden (1950), "Index for
rating diagnostic tests", Cancer 3, pp. 32–35; on signposts, Dewar (2002), *Assumption-Based Planning*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import special

from quidproquo.decisions.means import Mean, means
from quidproquo.decisions.rule import is_tie
from quidproquo.evidence.weights.estimators import MINIMUM_ISLANDS, weighted_quantile
from quidproquo.terms.errors import EvidenceError, sentence

__all__ = [
    "LEAST_SEPARATION",
    "LEVEL",
    "ErrorCosts",
    "Signpost",
    "SignpostFinding",
    "WatchedFutures",
    "signposts",
]

Side: TypeAlias = Literal["above", "below"]
WhyNone: TypeAlias = Literal["never loses", "always loses", "nothing separates"]

_FOLDS = 4
LEVEL = 0.01  # the chance of any signpost, where nothing that is watched says anything
LEAST_SEPARATION = 0.1  # Youden's J below which a signpost is of no use, however sure


@dataclass(frozen=True)
class ErrorCosts:
    """What a missed loss and a false alarm cost, in one unit; a loss that is caught costs nothing."""

    missed: float
    false_alarm: float


@dataclass(frozen=True)
class WatchedFutures:
    """What can be observed after the decision date, in every world, under the policy as it stands.

    `days` are ordinals of dates. `weights` may have any scale, `island` numbers the independent runs. `lost_on` is
    the day on which the option is seen to lose; where it is None, that is the `horizon`.
    """

    observables: tuple[str, ...]
    days: Float[np.ndarray, " date"]
    values: Float[np.ndarray, "world date observable"]
    weights: Float[np.ndarray, " world"]
    island: Int[np.ndarray, " world"]
    horizon: float
    lost_on: Float[np.ndarray, " world"] | None = None


@dataclass(frozen=True)
class Signpost:
    """An observable that tells, on one day, the worlds where the option loses from those where it wins.

    It warns where its value lies above the threshold, or at most at it with `side` "below". `detection` is the
    share of the losing worlds in which it warns, `false_alarms` that of the winning ones, `separation` their
    difference (Youden's J), all of them with thresholds from other worlds. `saving` is what it saves against the
    better of never and always warning, by the stated costs. `praised` is the separation on the worlds that the
    threshold was chosen on. `lead` is the median number of days by which a warning comes before the loss.
    """

    observable: str
    day: float
    threshold: float
    side: Side
    detection: Mean
    false_alarms: Mean
    separation: Mean
    saving: Mean | None
    praised: float
    lead: float


@dataclass(frozen=True)
class SignpostFinding:
    """Signposts, the one that separates best first, and how often the option loses.

    `separations` are those of every observable on every date, each with thresholds of its own, with
    `separation_errors`; 0 where all worlds are alike. `why_none` is None where there is a signpost.
    """

    losing: Mean
    signposts: tuple[Signpost, ...]
    separations: Float[np.ndarray, "observable date"]
    separation_errors: Float[np.ndarray, "observable date"]
    why_none: WhyNone | None


def signposts(
    futures: WatchedFutures, wins: Bool[np.ndarray, " world"], costs: ErrorCosts | None = None
) -> SignpostFinding:
    """Find the observables that tell where an option loses, each with its earliest date that is as good as any.

    Thresholds are the best by Youden's J, or by the stated costs. They are chosen without each quarter of the
    islands and measured on it. An observable is a signpost if on some date its separation is at least 0.1 and
    beyond chance: by its error between islands, and by thresholds that were chosen on either half of the islands
    and tested on the other. Pairs of an observable and a date share the level of 1% (Bonferroni).

    Raises EvidenceError where a number isn't finite, a cost isn't positive, no world has weight, or fewer than
    eight islands have some.
    """
    _check(futures, costs)
    watch = _Watch(futures, wins, costs)
    losing = means([watch.loses.astype(np.float64)], watch.weights, watch.island)[0]
    table = np.zeros((2, len(futures.observables), len(futures.days)))
    if not 0.0 < losing.mean < 1.0:
        return SignpostFinding(
            losing, (), table[0], table[1], "never loses" if losing.mean <= 0.0 else "always loses"
        )
    found = []
    for place in range(len(futures.observables)):
        dates = watch.dates(place)
        if dates is None:
            continue
        for use, one in zip(dates.days, dates.separation, strict=True):
            table[:, place, use] = one.mean, one.mcse
        sign = watch.signpost(place, dates)
        if sign is not None:
            found.append(sign)
    found.sort(key=lambda one: -(one.saving or one.separation).mean)
    return SignpostFinding(losing, tuple(found), table[0], table[1], None if found else "nothing separates")


def _check(futures: WatchedFutures, costs: ErrorCosts | None) -> None:
    weights = futures.weights
    thing, remedy = "futures to watch", "give failed worlds the weight 0"
    if not np.isfinite(weights).all() or (weights < 0.0).any():
        wrong = weights[~np.isfinite(weights) | (weights < 0.0)][0]
        raise EvidenceError(sentence(thing, "weight", wrong, "a number from 0 up", remedy))
    for place, name in enumerate(futures.observables):
        if not np.isfinite(futures.values[weights > 0.0, :, place]).all():
            raise EvidenceError(sentence(f"observable {name!r}", "value", "not a number", "finite", remedy))
    islands = np.unique(futures.island[weights > 0.0]).size
    if islands < MINIMUM_ISLANDS:
        allowed, remedy = f"at least {MINIMUM_ISLANDS}", "run the ensemble in more independent islands"
        raise EvidenceError(sentence(thing, "number of islands with weight", islands, allowed, remedy))
    for name, cost in (("missed", costs.missed), ("false_alarm", costs.false_alarm)) if costs else ():
        if not (np.isfinite(cost) and cost > 0.0):
            raise EvidenceError(sentence("costs of signposts", name, cost, "above 0", "state what it costs"))


class _Rule(NamedTuple):
    """A threshold, and on which side of it the observable warns."""

    threshold: float
    side: Side

    def warns(self, values: Float[np.ndarray, " world"]) -> Bool[np.ndarray, " world"]:
        return np.asarray(values > self.threshold if self.side == "above" else values <= self.threshold)


class _Dates(NamedTuple):
    """What an observable does on every date, with thresholds from other worlds."""

    days: list[int]
    rules: list[_Rule]
    warns: Bool[np.ndarray, "used world"]
    detection: list[Mean]
    false_alarms: list[Mean]
    separation: list[Mean]
    saving: list[Mean]
    chance: Float[np.ndarray, " used"]


class _Watch:
    """Worlds with weight, and what a warning in each of them is worth: once for all, and without each fold."""

    def __init__(
        self, futures: WatchedFutures, wins: Bool[np.ndarray, " world"], costs: ErrorCosts | None
    ) -> None:
        alive = futures.weights > 0.0
        self.futures, self.costs, self.alive = futures, costs, alive
        self.weights = np.asarray(futures.weights[alive] / futures.weights[alive].sum(), dtype=np.float64)
        self.island = np.unique(futures.island[alive], return_inverse=True)[1].astype(np.int64)
        self.fold = self.island % _FOLDS
        self.loses = np.asarray(~wins[alive])
        self.islands = int(self.island.max()) + 1
        self.half = self.island % 2
        chosen_on = [self.fold != fold for fold in range(-1, _FOLDS)] + [self.half == half for half in (1, 0)]
        self.worth = np.stack([self._worth(np.asarray(among)) for among in chosen_on])

    def _worth(self, among: Bool[np.ndarray, " world"]) -> Float[np.ndarray, " world"]:
        """What a warning is worth in each of some worlds: a loss caught, or minus a false alarm."""
        weights = np.where(among, self.weights, 0.0)
        if self.costs is not None:
            return weights * np.where(self.loses, self.costs.missed, -self.costs.false_alarm)
        lost, won = float(weights[self.loses].sum()), float(weights[~self.loses].sum())
        if min(lost, won) <= 0.0:
            return np.zeros(weights.size)
        return weights * np.where(self.loses, 1.0 / lost, -1.0 / won)

    def rules(self, values: Float[np.ndarray, " world"]) -> list[_Rule] | None:
        """The best rule on all worlds, without each fold, and on each half; None where all worlds are alike.

        A rule's worth is a running sum along the sorted values, and the best threshold one of its extremes.
        """
        order = np.argsort(values, kind="stable")
        keys = values[order]
        cuts = np.flatnonzero(keys[1:] != keys[:-1])
        if not cuts.size:
            return None
        sums = np.cumsum(self.worth[:, order], axis=1)
        below, above = sums[:, cuts], sums[:, -1:] - sums[:, cuts]
        found = []
        for low, high in zip(below, above, strict=True):
            side: Side = "above" if high.max() >= low.max() else "below"
            at = int(cuts[np.argmax(high if side == "above" else low)])
            middle = float(keys[at] + 0.5 * (keys[at + 1] - keys[at]))
            found.append(_Rule(middle if middle < keys[at + 1] else float(keys[at]), side))
        return found

    def dates(self, place: int) -> _Dates | None:
        """Follow one observable over all dates on which worlds differ."""
        days, rules, warns, chance = [], [], [], []
        for day in range(len(self.futures.days)):
            values = np.ascontiguousarray(self.futures.values[self.alive, day, place], dtype=np.float64)
            found = self.rules(values)
            if found is None:
                continue
            days.append(day)
            rules.append(found[0])
            holdout = np.zeros(values.size, dtype=bool)
            for fold, rule in enumerate(found[1 : _FOLDS + 1]):
                holdout |= rule.warns(values) & (self.fold == fold)
            warns.append(holdout)
            halves = zip(found[_FOLDS + 1 :], (0, 1), strict=True)
            chance.append(max(self._chance(rule.warns(values), self.half == half) for rule, half in halves))
        if not days:
            return None
        table = np.stack(warns)
        return _Dates(days, rules, table, *self._measured(table), np.array(chance))

    def _chance(self, warns: Bool[np.ndarray, " world"], among: Bool[np.ndarray, " world"]) -> float:
        """One-sided p value that a fixed rule warns more often of losses, in some worlds, than of none."""
        rates, variance, alarms = [], 0.0, 0.0
        for group in (self.loses & among, ~self.loses & among):
            mass = float(self.weights[group].sum())
            if mass <= 0.0:
                return 1.0
            hits = float(self.weights[group & warns].sum())
            rates.append(hits / mass)
            variance += float((self.weights[group] ** 2).sum()) / mass**2
            alarms += hits
        share = alarms / float(self.weights[among].sum())
        error = np.sqrt(share * (1.0 - share) * variance) if 0.0 < share < 1.0 else 0.0
        return float(special.ndtr(-(rates[0] - rates[1]) / error)) if error > 0.0 else 1.0

    def _measured(
        self, warns: Bool[np.ndarray, "used world"]
    ) -> tuple[list[Mean], list[Mean], list[Mean], list[Mean]]:
        """Detection, false alarms, their difference and what is saved, with errors between islands."""
        sides = []
        for group in (self.loses, ~self.loses):
            share = float(self.weights[group].sum())
            rate = np.einsum("dw,w->d", warns[:, group], self.weights[group]) / share
            # the error of a ratio of means: what is left of each world after the rate
            residual = np.where(group, warns - rate[:, None], 0.0) / share
            sides.append((rate, residual))
        (detected, lost), (false, won) = sides
        errors = means(np.concatenate([lost, won, lost - won]), self.weights, self.island)
        parts = np.array_split(np.array([one.mcse for one in errors]), 3)
        rates = (detected, false, detected - false)
        measured = [
            [Mean(float(rate), float(error)) for rate, error in zip(*pair, strict=True)]
            for pair in zip(rates, parts, strict=True)
        ]
        return measured[0], measured[1], measured[2], self._saved(warns)

    def _saved(self, warns: Bool[np.ndarray, "used world"]) -> list[Mean]:
        """What warnings save against never or always warning, whichever costs less; nothing without costs."""
        if self.costs is None:
            return []
        worth = np.where(self.loses, self.costs.missed, -self.costs.false_alarm)
        always = float(np.einsum("w,w->", worth, self.weights)) > 0.0
        return means((warns.astype(np.float64) - float(always)) * worth, self.weights, self.island)

    def signpost(self, place: int, dates: _Dates) -> Signpost | None:
        """The signpost of an observable, on the earliest date that is as good as its best within errors."""
        level = LEVEL / (len(self.futures.observables) * len(self.futures.days))
        quantile = float(special.stdtrit(self.islands - 1, 1.0 - level))
        score = dates.saving or dates.separation
        sound = [
            use
            for use, (one, separation) in enumerate(zip(score, dates.separation, strict=True))
            if one.mean > max(0.0, quantile * one.mcse)
            and separation.mean >= LEAST_SEPARATION
            and dates.chance[use] <= level
        ]
        if not sound:
            return None
        best = max(sound, key=lambda use: score[use].mean)
        top = score[best]
        use = next(use for use in sound if is_tie(top.mean - score[use].mean, top.mcse, 0.0))
        return self._written(place, dates, use)

    def _written(self, place: int, dates: _Dates, use: int) -> Signpost:
        day, rule = dates.days[use], dates.rules[use]
        values = self.futures.values[self.alive, day, place]
        warned = rule.warns(values)
        shares = [
            float(self.weights[group & warned].sum() / self.weights[group].sum()) for group in self._groups()
        ]
        return Signpost(
            observable=self.futures.observables[place],
            day=float(self.futures.days[day]),
            threshold=rule.threshold,
            side=rule.side,
            detection=dates.detection[use],
            false_alarms=dates.false_alarms[use],
            separation=dates.separation[use],
            saving=dates.saving[use] if dates.saving else None,
            praised=shares[0] - shares[1],
            lead=self._lead(dates.warns[use], float(self.futures.days[day])),
        )

    def _groups(self) -> Iterator[Bool[np.ndarray, " world"]]:
        yield self.loses
        yield ~self.loses

    def _lead(self, warns: Bool[np.ndarray, " world"], day: float) -> float:
        """The median number of days from the date to the loss, among the worlds that are warned and lose."""
        if self.futures.lost_on is None:
            return self.futures.horizon - day
        caught = warns & self.loses
        lost_on = np.asarray(self.futures.lost_on[self.alive][caught], dtype=np.float64)
        return float(weighted_quantile(lost_on, np.log(self.weights[caught]), np.array([0.5]))[0]) - day

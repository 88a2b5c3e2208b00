"""The decision rule: the value of every option, what is a tie, and the preferred set.

Options are ordered by their regret on the value function at its 95% quantile. A lead under two Monte Carlo
errors, or under the case's δ, is a tie. Every weighting, what-if and re-run is decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from quidproquo.evidence.weights.estimators import Tail
from quidproquo.evidence.weights.jackknife import Jackknife, JackknifeEstimate

__all__ = [
    "RULE",
    "TIE_ERRORS",
    "Decision",
    "Lead",
    "OptionValues",
    "RegretEstimate",
    "best_shares",
    "decide",
    "is_tie",
    "tie_limit",
]

RULE = "least q95 regret on the value function"
TIE_ERRORS = 2.0  # Monte Carlo errors under which a lead is a tie
_LEVEL = 1e-12  # value, under which options are level but for rounding


@dataclass(frozen=True)
class Lead:
    """How much less one option gives up than the best of the others (`runner_up`), and the Monte Carlo error.

    0 where there is no other option.
    """

    margin: float
    mcse: float
    runner_up: int


@dataclass(frozen=True)
class RegretEstimate:
    """What each option gives up under one set of weights: the rule's criterion, with its error.

    `regret` is each option's regret at its 95% quantile, and `value` its mean value, which orders options
    that are level.
    """

    regret: JackknifeEstimate
    value: Float[np.ndarray, " option"]

    @property
    def q95(self) -> Float[np.ndarray, " option"]:
        """Each option's regret at its 95% quantile."""
        return self.regret.value

    def errors(self, first: int) -> Float[np.ndarray, " option"]:
        """Monte Carlo error of how far each option's regret lies from that of the option `first`."""
        return self.regret.difference_errors(first)

    def runner_up(self, first: int) -> int:
        """The option with the least regret among the others; `first` itself where there is no other."""
        if self.q95.size < 2:
            return first
        others = self.q95.copy()
        others[first] = np.inf
        return int(np.argmin(others))

    def lead(self, first: int) -> Lead:
        """The lead of one option over its runner-up; negative where the runner-up gives up less."""
        runner_up = self.runner_up(first)
        return Lead(
            float(self.q95[runner_up] - self.q95[first]), float(self.errors(first)[runner_up]), runner_up
        )


@dataclass(frozen=True)
class Decision:
    """Where the options stand by the rule.

    `order` is from least to most regret; `tied` are the options that can't be told from the first, which
    is one of them; `margin` and `mcse` are of the second over the first. `preferred` is an incumbent that is
    tied with the first, if there is one, else the first.

    Of those tied, `level` are near the first with certainty: with two Monte Carlo errors more they'd still be
    behind it by no more than δ. Those `within_error` are tied because their error is larger than δ: more worlds
    could show that they are behind. Without a δ there are none of them, for no error is small enough. Those in
    `contenders` may be ahead of the preferred option by more than δ, though only their error says so.
    """

    order: tuple[int, ...]
    tied: tuple[int, ...]
    margin: float
    mcse: float
    preferred: int
    level: tuple[int, ...] = ()
    within_error: tuple[int, ...] = ()
    contenders: tuple[int, ...] = ()

    @property
    def first(self) -> int:
        """The option with the least regret."""
        return self.order[0]

    @property
    def second(self) -> int:
        """The next one; the first itself where there is no other."""
        return self.order[min(1, len(self.order) - 1)]

    def settles_choice(self, incumbents: Collection[int]) -> bool:
        """Whether the errors are small enough to say whether another option takes the incumbents' place."""
        return self.preferred not in incumbents or set(self.contenders) <= set(incumbents)

    def settles_ties(self, incumbents: Collection[int]) -> bool:
        """Whether the errors are small enough to say whether another option ties with the incumbents.

        They aren't where only its error ties an option with the incumbents, or the incumbents with another first.
        """
        if self.first in incumbents:
            return set(self.within_error) <= set(incumbents)
        certain = set(self.tied) - set(self.within_error)
        return bool(certain & set(incumbents)) or not set(self.within_error) & set(incumbents)


def tie_limit(mcse: float, delta: float) -> float:
    """The least lead that counts: two Monte Carlo errors, or δ."""
    return max(TIE_ERRORS * mcse, delta, _LEVEL)


def is_tie(lead: float, mcse: float, delta: float) -> bool:
    """Whether a lead counts for nothing: it is no more than two Monte Carlo errors, or than δ."""
    return lead <= tie_limit(mcse, delta)


def is_within(value: float, mcse: float, limit: float) -> bool:
    """Whether a value lies within a limit even with two Monte Carlo errors more."""
    return abs(value) + TIE_ERRORS * mcse <= limit


def decide(estimate: RegretEstimate, delta: float, incumbents: Sequence[int] = ()) -> Decision:
    """Order the options, and find those that are tied with the first.

    Level options are ordered by their mean value, then as the case lists them. `incumbents` are options
    preferred before a change, the most preferred first: they stay where they are tied with the first.
    """
    least = estimate.q95.min()
    criterion = np.where(estimate.q95 <= least + _LEVEL, least, estimate.q95)
    order = [int(place) for place in np.lexsort((np.arange(criterion.size), -estimate.value, criterion))]
    first = order[0]
    lead = estimate.lead(first)
    distance, errors = estimate.q95 - estimate.q95[first], estimate.errors(first)

    tied = tuple(place for place in order if is_tie(float(distance[place]), float(errors[place]), delta))
    allowed = max(delta, _LEVEL)
    preferred = next((place for place in incumbents if place in tied), first)
    ahead, doubt = estimate.q95[preferred] - estimate.q95, TIE_ERRORS * estimate.errors(preferred)
    return Decision(
        order=tuple(order),
        tied=tied,
        level=tuple(o for o in tied if distance[o] + TIE_ERRORS * errors[o] <= allowed),
        within_error=tuple(o for o in tied if delta > 0.0 and TIE_ERRORS * errors[o] > allowed),
        contenders=tuple(
            o for o in order if delta > 0.0 and doubt[o] > allowed and ahead[o] + doubt[o] > allowed
        ),
        margin=max(lead.margin, 0.0),
        mcse=lead.mcse,
        preferred=preferred,
    )


class OptionValues:
    """The value of every option in every world (more is better), sorted once for any number of weightings.

    Every world has a finite value, even if it has no weight; `delta` is the least difference
    in value that counts.
    """

    def __init__(
        self,
        options: tuple[str, ...],
        values: Float[np.ndarray, "world option"],
        island: Int[np.ndarray, " world"],
        delta: float = 0.0,
    ) -> None:
        self.options = options
        self.values = values
        self.island = island
        self.delta = delta
        self.regrets: Float[np.ndarray, "world option"] = values.max(axis=1, keepdims=True) - values

    @cached_property
    def tail(self) -> Tail:
        """The upper ends of the options' regrets."""
        return Tail(np.ascontiguousarray(self.regrets.T))

    @cached_property
    def jackknife(self) -> Jackknife:
        """The same without each island in turn."""
        return Jackknife(self.tail, self.island)

    def estimate(self, weights: Float[np.ndarray, " world"]) -> RegretEstimate:
        """What each option gives up under weights that sum to one."""
        value = np.einsum("wo,w->o", self.values, weights)
        regret = JackknifeEstimate(self.tail.worst(weights)[0], (self.jackknife.without(weights),))
        return RegretEstimate(regret, value)

    def decide(self, weights: Float[np.ndarray, " world"], incumbents: Sequence[int] = ()) -> Decision:
        """The options by the rule under weights that sum to one."""
        return decide(self.estimate(weights), self.delta, incumbents)


def best_shares(values: Float[np.ndarray, "world option"]) -> Float[np.ndarray, "world option"]:
    """1 where an option is best in a world; where several are level, they share the 1 evenly."""
    peak = values.max(axis=1, keepdims=True)
    level = values >= peak - _LEVEL * np.maximum(np.abs(peak), 1.0)
    share: Float[np.ndarray, "world option"] = level / level.sum(axis=1, keepdims=True)
    return share

"""The hand-over from sensitivity to the brief: the set of weightings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ALL", "HALF", "NONE", "Weighting", "WeightingSweep"]

ALL, HALF, NONE = "evidence:1", "evidence:0.5", "evidence:0"


@dataclass(frozen=True)
class Weighting:
    """One member of the set of weightings: what was changed, and what it does to the choice.

    `preferred` is the choice by the rule, in which an option preferred under all the evidence stays where it is
    tied. `margin` is the lead of the first option under all the evidence over the runner-up; it is negative
    where another gives up less. `mcse` is its Monte Carlo error. `tied` are the options that are no farther
    than δ from the one with the least regret, which is one of them; those `within_error` can't be told from it
    because the error is larger than δ asks for. `decided` is false where it depends on these what becomes of
    the options preferred under all the evidence. `reliable` is false where the weights can't be trusted,
    `rerun` true where the worlds were conditioned anew instead.
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
    tied: tuple[str, ...] = ()
    within_error: tuple[str, ...] = ()
    decided: bool = True

    @property
    def judged(self) -> bool:
        """Whether it can be said what the weighting does to the choice."""
        return self.reliable and self.decided

    @property
    def least(self) -> str:
        """The option with the least regret, tied or not."""
        return min(self.q95_regret, key=lambda option: self.q95_regret[option])


@dataclass(frozen=True)
class WeightingSweep:
    """The choice over the whole set of weightings, all the evidence first.

    `range` is the lowest and the highest margin over those that are judged; `untried` says which weightings
    couldn't be tried, and why.
    """

    rows: tuple[Weighting, ...]
    range: tuple[float, float]
    untried: tuple[str, ...] = ()

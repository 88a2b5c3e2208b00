"""What moves the conclusion: leverage of single things, of sets of origins, and of all claims."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from quidproquo.study.schema.record import FiniteOrNone, Quantiles, Record

__all__ = [
    "ROUNDING",
    "EstimateSteps",
    "EvidenceSteps",
    "LeverageRecord",
    "MarginStep",
    "PriorityRecord",
    "SearchedRecord",
    "SmallestSetRecord",
]

ROUNDING = 1e-5
"""Standard deviations, or value, below which a shift is rounding: numbers in worlds have 24 bits, 6e-8 each."""

Change = Literal["claim", "origin", "family", "source", "document", "reliability", "prior", "structure"]


class LeverageRecord(Record):
    """What moves when one thing is left out, or one assumption changed.

    Of kind reliability (`id` origin=grade), the origin graded so; of kind prior (parameter=q05 or =q95), the
    prior moved, as wide as before, to its own 5 or 95% point; of kind structure (hypothesis=state), a
    state taken for certain: there `shift` holds estimates that move by at least 0.1, and weights alone judge.

    `shift` is in posterior standard deviations, per estimate, largest first, of those that move by four Monte
    Carlo errors or more, and by more than chance would make any of that kind move in 19 runs of 20;
    `margin_shift` in the unit of the preference rule, with its Monte Carlo error. `worth` says by what share it
    narrows the variance of those of them that it narrows most. `reliable` is false where the weights can't be
    trusted, `rerun` true where the worlds were conditioned again; `pareto_k` is null where so few worlds carry
    all the weight that it has no bound. `decided` is false where the error of the lead is too large to say
    whether another option takes the place of the preferred one; of an origin, also whether another ties.
    """

    kind: Change
    id: str
    title: str
    shift: dict[str, float]
    margin_shift: float
    margin_mcse: float
    worth: dict[str, float]
    preferred: str
    pareto_k: FiniteOrNone
    reliable: bool
    rerun: bool
    backed_up_by: list[str]
    decided: bool = True

    @property
    def judged(self) -> bool:
        """Whether it can be said what the change does to the choice."""
        return self.reliable and self.decided


class SearchedRecord(Record):
    """Sets of one size: how many there are, were judged, and could not be judged.

    The others were not tried: of one origin and of two all are, unless there are too many pairs; beyond,
    only those with one origin more than the set that brings the choice nearest to changing.
    """

    size: int
    possible: int
    judged: int
    unjudged: int


class SmallestSetRecord(Record):
    """The smallest set of origins found without whose claims the choice is another.

    `origins` is empty where none was found; `preferred` is the choice without them, `confirmed` says that
    worlds conditioned again say so too. `nearest` is the set that brings the choice nearest to changing (the
    one found, if there is one), `claims` are its claims; `margin`, with its Monte Carlo error `mcse`, is
    the lead that the preferred option has without it, below 0 where another leads. `unconfirmed` counts
    sets that change the choice by weights alone, where worlds conditioned again did not confirm it.
    """

    origins: list[str]
    preferred: str
    confirmed: bool
    nearest: list[str]
    claims: list[str]
    margin: float
    mcse: float
    searched: list[SearchedRecord]
    unconfirmed: int


class MarginStep(Record):
    """The margin of the option preferred under all the evidence, with its Monte Carlo error."""

    margin: float
    mcse: float
    preferred: str
    reliable: bool
    decided: bool = True


class EstimateSteps(Record):
    """A quantity on the decision date without the claims, with half of their weight, and with all.

    `share` of the squared error that an estimate without the claims makes is removed by them, 0 to
    1: 1 − v₁ / max(v₀, v₁ + (m₁ − m₀)²), with mean and variance before (0) and after (1) on the
    quantity's scale.
    """

    none: Quantiles
    half: Quantiles | None
    all: Quantiles
    share: float


class EvidenceSteps(Record):
    """Without the claims, with half of their weight, with all, and what is due to them.

    `margin` holds none, half and all, in this order. Its `share` is what is missing of it without the
    claims, 0 to 1: 1 − min(max(M₀, 0), M₁) / M₁, with its Monte Carlo error; null where the
    margin is no lead (under two Monte Carlo errors or the case's δ). Half of the weight is judged by
    weights or by worlds conditioned again (`half_rerun`); `half_reliable` is false where neither can be
    trusted.
    """

    margin: list[MarginStep] = Field(default_factory=list)
    share: float | None = None
    share_mcse: float | None = None
    half_reliable: bool = False
    half_rerun: bool = False
    estimates: dict[str, EstimateSteps] = Field(default_factory=dict)


class PriorityRecord(Record):
    """What would be most worth collecting next: a report on a quantity or proposition, and its worth in value.

    Earlier runs hold parameters (`kind` prior) instead, with a reason and the strength of a rank correlation.
    """

    id: str
    kind: Literal["quantity", "proposition", "prior", "claim", "hypothesis"]
    title: str
    reason: str = ""
    score: float

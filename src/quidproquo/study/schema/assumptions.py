"""What a run assumes: priors and hypotheses, before the claims and after."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from quidproquo.study.schema.record import Day, Record

__all__ = [
    "AssumptionRecord",
    "HypothesisClaimRecord",
    "HypothesisRecord",
    "HypothesisStateRecord",
    "HypothesisWeightingRecord",
    "PowerRecord",
]

Decides = Literal[
    "the claims decide", "the prior decides", "both decide", "prior and claims disagree", "neither moves it"
]


class PowerRecord(Record):
    """How a parameter moves as its own prior, or all claims, are made to count more.

    `prior` and `claims` are derivatives of the cumulative Jensen–Shannon distance with respect to log₂ of
    the power (Kallioinen, Paananen, Bürkner & Vehtari 2024, Statistics and Computing 34:57); from 0.05 on
    it counts as sensitive. The pulls say how far the mean moves with each doubling, in posterior standard
    deviations. `decides` says in words which of the two does.
    """

    prior: float
    claims: float
    prior_pull: float
    claims_pull: float
    decides: Decides


class AssumptionRecord(Record):
    """A prior: its interval, where it comes from, and what the claims made of it.

    `low` and `high` are as the case states them; the quantiles are those of the prior and of the weighted
    worlds, in `unit`. `grounds` is the source, or the reason given for a judgement. `place` holds the
    5, 50 and 95% quantiles of the weighted worlds on the parameter's coordinate, on which the prior is
    standard normal; `contraction` is one less the variance there, negative where it grew. `run_ess` is of
    the mean there. `scaling` is of this prior alone; null if the parameter is fixed or no claim weighs.
    """

    title: str
    mechanism: str
    unit: str
    low: float
    high: float
    distribution: str
    source: str
    judgement: bool
    grounds: str
    known_by: Day
    hindsight: bool
    prior_q05: float
    prior_q50: float
    prior_q95: float
    posterior_q05: float
    posterior_q50: float
    posterior_q95: float
    place: tuple[float, float, float]
    contraction: float
    run_ess: float
    scaling: PowerRecord | None = None


class HypothesisStateRecord(Record):
    """One state of a hypothesis with its probability before and after the claims."""

    title: str
    prior: float
    posterior: float
    mcse: float


class HypothesisClaimRecord(Record):
    """What one claim says for and against each answer, beside all the others.

    `log_ratio` is the natural log of the claim's likelihood ratio of each state against all others: the log odds
    with all claims less those without this one; `mcse` its Monte Carlo error. `diagnostic` says that it tells
    answers apart: that the odds of some answer still open change by a factor of at least
    `study.assemble.hypotheses.DIAGNOSTIC`, and by more than three errors. `reliable` is false where the weights
    without the claim can't be trusted.
    """

    id: str
    log_ratio: dict[str, float]
    mcse: dict[str, float]
    diagnostic: bool
    reliable: bool


class HypothesisWeightingRecord(Record):
    """How probable each state is under one weighting of the evidence.

    `id` is evidence:1, evidence:0.5, evidence:0 (all, half and none of it), or origin:NAME with that origin left
    out. `rerun` says that worlds were conditioned again for it, where neither the weights nor those of the prior's
    worlds can be trusted, or the error is above 0.05; `reliable` is false where that couldn't be done either.
    """

    id: str
    kind: Literal["evidence", "origin"]
    title: str
    probability: dict[str, float]
    mcse: dict[str, float]
    reliable: bool
    rerun: bool = False


class HypothesisRecord(Record):
    """A structural doubt and its rival states, what claims say of them, and what other weightings give."""

    title: str
    states: dict[str, HypothesisStateRecord]
    claims: list[HypothesisClaimRecord] = Field(default_factory=list)
    weightings: list[HypothesisWeightingRecord] = Field(default_factory=list)

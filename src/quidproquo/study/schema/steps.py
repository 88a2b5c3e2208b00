"""What claims and priors each decide, as data: without the claims, with half of their weight, with all."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["EstimateSteps", "EvidenceSteps", "MarginStep", "PowerRecord", "Quantiles"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PowerRecord(_Record):
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
    decides: str


class Quantiles(_Record):
    """5, 50 and 95 % quantiles over worlds."""

    q05: float
    q50: float
    q95: float


class EstimateSteps(_Record):
    """A quantity on the decision date without the claims, with half of their weight, and with all.

    `share` of the squared error that an estimate without the claims makes is taken away by them, 0 to
    1: 1 − v₁ / max(v₀, v₁ + (m₁ − m₀)²), with mean and variance before (0) and after (1) on the
    quantity's scale.
    """

    none: Quantiles
    half: Quantiles | None
    all: Quantiles
    share: float


class MarginStep(_Record):
    """The margin of the option preferred under all the evidence, with its Monte Carlo error."""

    margin: float
    mcse: float
    preferred: str
    reliable: bool


class EvidenceSteps(_Record):
    """Without the claims, with half of their weight, with all, and what is due to them.

    `margin` holds none, half and all, in this order. Its `share` is what is missing of it without the
    claims, 0 to 1: 1 − min(max(M₀, 0), M₁) / M₁, with its Monte Carlo error; null where the
    margin is no lead (under two Monte Carlo errors or the case's δ). Half of the weight is judged by
    weights or by worlds conditioned anew (`half_rerun`); `half_reliable` is false where neither can be
    trusted.
    """

    margin: list[MarginStep] = []
    share: float | None = None
    share_mcse: float | None = None
    half_reliable: bool = False
    half_rerun: bool = False
    estimates: dict[str, EstimateSteps] = {}

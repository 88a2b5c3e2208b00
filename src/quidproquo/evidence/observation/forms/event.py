"""An assessment that something is so, or isn't."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quidproquo.evidence.observation import tables
from quidproquo.evidence.observation.forms.base import Density, Form, Stated, cdf_of_outcome
from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.observation.scales import IDENTITY
from quidproquo.evidence.observation.special import Values, library

__all__ = ["Event"]


@dataclass(frozen=True)
class Event(Form):
    """λ·p̄ + (1 − λ)/2, with λ the `trust` in who asserts, and p̄ the chance of the assertion.

    `asserted` is the probability that its likelihood word gives to its being so; what worlds say is how
    far it is so, from 0 to 1. An assertion is never wrong altogether: λ stands for that.
    """

    trust: Values
    asserted: Values

    name = "event"
    ranked = False
    scale = IDENTITY

    @classmethod
    def matches(cls, stated: Stated) -> bool:
        return stated.comparison.startswith("proposition")

    @classmethod
    def columns(cls, stated: Stated) -> dict[str, float]:
        chance = 0.5 * (stated.likelihood[0] + stated.likelihood[1])
        return {
            "trust": tables.TRUST_BY_RELIABILITY[stated.reliability]
            * tables.TRUST_BY_CREDIBILITY[stated.credibility],
            "asserted": chance if stated.comparison == "proposition_true" else 1.0 - chance,
        }

    @property
    def contamination(self) -> None:
        return None

    @property
    def figure(self) -> None:
        return None

    def density(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Density:
        del bias
        xp = library(predicted)
        asserted = self.asserted
        if observed.agrees is not None:
            asserted = xp.where(observed.agrees > 0, asserted, 1.0 - asserted)
        return xp.zeros_like(predicted), self._chance(predicted, asserted)

    def cdf(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Values:
        del bias
        return cdf_of_outcome(observed, self._chance(predicted, self.asserted))

    def draw(
        self, rng: np.random.Generator, predicted: np.ndarray, bias: np.ndarray | float = 0.0
    ) -> np.ndarray:
        del bias
        chance = np.asarray(self._chance(predicted, self.asserted))
        return np.asarray(rng.uniform(size=chance.shape) < chance, dtype=np.float64)

    def observe(self, drawn: np.ndarray) -> ObservedInputs:
        nothing, one = np.zeros_like(drawn), np.ones_like(drawn)
        return ObservedInputs(x=nothing, low=nothing, high=one, offset=one, level=nothing, agrees=drawn)

    def _chance(self, predicted: Values, asserted: Values) -> Values:
        so = library(predicted).clip(predicted, 0.0, 1.0)
        said = so * asserted + (1.0 - so) * (1.0 - asserted)
        return self.trust * said + 0.5 * (1.0 - self.trust)

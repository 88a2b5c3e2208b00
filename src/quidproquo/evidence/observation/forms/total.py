"""A published total held against worlds, by the figure that its publisher must have had."""

from __future__ import annotations

from dataclasses import dataclass

from quidproquo.evidence.observation.forms.contamination import Contaminated
from quidproquo.evidence.observation.forms.two_sided import TwoSided
from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.observation.special import Values, library

__all__ = ["Total"]


@dataclass(frozen=True)
class Total(TwoSided):
    """The figure behind a published bound: two-sided, and on the side of the bound or not.

    `sign` is 1 for lower bounds and −1 for upper ones. No claim has this form by itself: it is the `figure`
    of a `Bound`.
    """

    sign: Values

    name = "total"

    def kept(self, observed: ObservedInputs, predicted: Values, probability: Values) -> Values:
        """Probability that the figure keeps to the bound, if it is wrong with a `probability`."""
        below = Contaminated(self, probability).cdf(observed, predicted)
        return library(predicted).where(self.sign > 0, 1.0 - below, below)

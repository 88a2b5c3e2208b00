"""Reports that are wrong altogether, and the mixture with those that aren't.

A wrong report tells no more than the neighbourhood, whatever its word: it scatters about what the world
says, moved into the declared range, three times as far as a right one does with all biases in it. This
is the contaminated normal of Tukey (1960), "A survey of sampling from contaminated distributions", in
*Contributions to Probability and Statistics*, 448–485. A wrong count is geometric.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from quidproquo.evidence.observation.forms.base import Form
from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.observation.scales import Scale
from quidproquo.evidence.observation.special import (
    LEAST_CHANCE,
    Values,
    library,
    log_normal_cdf,
    log_normal_density,
    normal_cdf,
)

__all__ = ["Contaminated", "Contamination", "GeometricCount", "WideNormal", "log_complement"]

_LEAST_WRONG = 1e-300  # a probability of none has no logarithm


def log_complement(log_chance: Values) -> Values:
    """Log of the other probability."""
    xp = library(log_chance)
    return xp.log(xp.maximum(-xp.expm1(log_chance), LEAST_CHANCE))


class Contamination(ABC):
    """The distribution of reports that are wrong altogether; arguments as in `Form`."""

    @abstractmethod
    def centre(self, predicted: Values) -> Values:
        """What wrong reports scatter about: what the world says, within the declared range."""

    @abstractmethod
    def log_density(self, observed: ObservedInputs, predicted: Values) -> Values:
        """Log density on the scale, or log probability of a count or of what is stated of it."""

    @abstractmethod
    def cdf(self, observed: ObservedInputs, predicted: Values) -> Values:
        """Probability of a wrong report of at most what is reported."""

    def mid_cdf(self, observed: ObservedInputs, predicted: Values) -> Values:
        """The same, with half of the probability of the very number where numbers are whole (mid-P)."""
        return self.cdf(observed, predicted)

    @abstractmethod
    def draw(self, rng: np.random.Generator, predicted: np.ndarray) -> np.ndarray:
        """Wrong reports: levels on the scale, or counts."""


@dataclass(frozen=True)
class WideNormal(Contamination):
    """Normal(centre, sd) on the scale.

    `offset` is added before a logarithm where it is fixed, as for intervals; that of a number grows with
    the report, and is left out here.
    """

    scale: Scale
    sd: Values
    low: Values
    high: Values
    offset: Values | None = None

    def centre(self, predicted: Values) -> Values:
        xp = library(predicted)
        return self.scale.to(xp.clip(predicted, self.low, self.high), self.offset)

    def log_density(self, observed: ObservedInputs, predicted: Values) -> Values:
        xp = library(predicted)
        away = (self.centre(predicted) - observed.level) / self.sd
        inside = log_normal_density(away, self.sd)
        if observed.beyond is None:
            return inside
        return xp.where(observed.beyond == 0, inside, log_normal_cdf(observed.beyond * away))

    def cdf(self, observed: ObservedInputs, predicted: Values) -> Values:
        return normal_cdf((observed.level - self.centre(predicted)) / self.sd)

    def draw(self, rng: np.random.Generator, predicted: np.ndarray) -> np.ndarray:
        centre = np.asarray(self.centre(predicted))
        return centre + np.asarray(self.sd) * rng.normal(size=centre.shape)


@dataclass(frozen=True)
class GeometricCount(Contamination):
    """A count that is geometric, from 0 on, with a mean of one more than the world says."""

    low: Values
    high: Values

    def centre(self, predicted: Values) -> Values:
        return library(predicted).clip(predicted, self.low, self.high)

    def log_density(self, observed: ObservedInputs, predicted: Values) -> Values:
        xp = library(predicted)
        mean = self.centre(predicted) + 1.0
        return observed.x * self._log_ratio(mean) - xp.log1p(mean)

    def cdf(self, observed: ObservedInputs, predicted: Values) -> Values:
        return -library(predicted).expm1(self.log_above(observed.x, predicted))

    def mid_cdf(self, observed: ObservedInputs, predicted: Values) -> Values:
        xp = library(predicted)
        return self.cdf(observed, predicted) - 0.5 * xp.exp(self.log_density(observed, predicted))

    def draw(self, rng: np.random.Generator, predicted: np.ndarray) -> np.ndarray:
        # NumPy's starts from 1
        return rng.geometric(1.0 / (np.asarray(self.centre(predicted)) + 2.0)) - 1.0

    def log_above(self, count: Values | float, predicted: Values) -> Values:
        """Log probability of a count above a number."""
        xp = library(predicted)
        whole = xp.maximum(xp.floor(count), -1.0)
        return (whole + 1.0) * self._log_ratio(self.centre(predicted) + 1.0)

    @staticmethod
    def _log_ratio(mean: Values) -> Values:
        """Log of how much less probable each next count is."""
        return -library(mean).log1p(1.0 / mean)


@dataclass(frozen=True)
class Contaminated:
    """Reports of a form that are wrong altogether with some probability, `[item, 1]`."""

    form: Form
    probability: Values

    def log_density(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Values:
        """Log density of a report, wrong ones included."""
        right = self.form.log_density(observed, predicted, bias)
        wrong = self.form.contamination
        if wrong is None:
            return right
        xp = library(predicted)
        other = xp.log(xp.maximum(self.probability, _LEAST_WRONG)) + wrong.log_density(observed, predicted)
        return xp.logaddexp(xp.log1p(-self.probability) + right, other)

    def cdf(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Values:
        """Probability of a report of at most what is reported, wrong ones included."""
        wrong = self.form.contamination
        right = self.form.cdf(observed, predicted, bias)
        return right if wrong is None else self._mixed(right, wrong.cdf(observed, predicted))

    def mid_cdf(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Values:
        """The same, with half of the probability of the very number where numbers are whole (mid-P)."""
        wrong = self.form.contamination
        right = self.form.mid_cdf(observed, predicted, bias)
        return right if wrong is None else self._mixed(right, wrong.mid_cdf(observed, predicted))

    def draw(
        self, rng: np.random.Generator, predicted: np.ndarray, bias: np.ndarray | float = 0.0
    ) -> np.ndarray:
        """Reports, wrong ones among them."""
        right, wrong = self.form.draw(rng, predicted, bias), self.form.contamination
        if wrong is None:
            return right
        return np.where(rng.uniform(size=right.shape) < self.probability, wrong.draw(rng, predicted), right)

    def _mixed(self, right: Values, wrong: Values) -> Values:
        return (1.0 - self.probability) * right + self.probability * wrong

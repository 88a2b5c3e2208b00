"""A whole number, and bounds on one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quidproquo.evidence.observation import tables
from quidproquo.evidence.observation.forms.base import Density, Form, Stated, cdf_of_outcome
from quidproquo.evidence.observation.forms.contamination import Contamination, GeometricCount, log_complement
from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.observation.scales import COUNT, MEAN_FLOOR
from quidproquo.evidence.observation.special import (
    LEAST_CHANCE,
    Values,
    library,
    log_factorial,
    poisson_cdf,
    poisson_cdf_of_constants,
)

__all__ = ["Count", "CountBound"]

_MOST_MEAN = 1e9  # of a number that is drawn


@dataclass(frozen=True)
class Count(Form):
    """Poisson(x; what the world says). Counts have no bias."""

    range_low: Values
    range_high: Values

    name = "count"
    scale = COUNT

    @classmethod
    def matches(cls, stated: Stated) -> bool:
        return stated.scale == "count"

    @classmethod
    def columns(cls, stated: Stated) -> dict[str, float]:
        factor = tables.SD_FACTOR[stated.reliability]
        return {"x": stated.value, "sd": tables.REPORT_SD[stated.comparison] * factor}

    @property
    def contamination(self) -> Contamination:
        return GeometricCount(self.range_low, self.range_high)

    @property
    def figure(self) -> Form:
        return self

    def density(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Density:
        del bias
        xp = library(predicted)
        mean = xp.maximum(predicted, MEAN_FLOOR)
        log = observed.x * xp.log(mean) - mean - log_factorial(observed.x)
        return log, xp.ones_like(log)

    def cdf(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Values:
        del bias
        return poisson_cdf(observed.x, library(predicted).maximum(predicted, MEAN_FLOOR))

    def mid_cdf(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Values:
        half = 0.5 * library(predicted).exp(self.log_density(observed, predicted, bias))
        return self.cdf(observed, predicted, bias) - half

    def draw(
        self, rng: np.random.Generator, predicted: np.ndarray, bias: np.ndarray | float = 0.0
    ) -> np.ndarray:
        del bias
        return np.asarray(rng.poisson(np.clip(predicted, MEAN_FLOOR, _MOST_MEAN)), dtype=np.float64)

    def observe_values(self, values: np.ndarray) -> ObservedInputs:
        return self.observe(values)

    def observe(self, drawn: np.ndarray) -> ObservedInputs:
        level = np.asarray(self.scale.to(drawn))
        return ObservedInputs(x=drawn, low=level, high=level, offset=np.ones_like(drawn), level=level)


@dataclass(frozen=True)
class _GeometricBound(GeometricCount):
    """Whether a geometric number keeps to a bound."""

    x: Values
    lower: bool

    def log_density(self, observed: ObservedInputs, predicted: Values) -> Values:
        xp = library(predicted)
        stated = self._log_stated(predicted)
        if observed.agrees is None:
            return stated
        return xp.where(observed.agrees > 0, stated, log_complement(stated))

    def cdf(self, observed: ObservedInputs, predicted: Values) -> Values:
        return cdf_of_outcome(observed, library(predicted).exp(self._log_stated(predicted)))

    def draw(self, rng: np.random.Generator, predicted: np.ndarray) -> np.ndarray:
        return _keeps(super().draw(rng, predicted), self.x, self.lower)

    def _log_stated(self, predicted: Values) -> Values:
        xp = library(predicted)
        ratio = self._log_ratio(self.centre(predicted) + 1.0)
        return self.x * ratio if self.lower else xp.log(-xp.expm1((self.x + 1.0) * ratio))


def _keeps(counts: np.ndarray, x: Values, lower: bool) -> np.ndarray:
    """1 where numbers keep to a bound, and 0 where they don't."""
    return np.asarray(counts >= x if lower else counts <= x, dtype=np.float64)


@dataclass(frozen=True)
class CountBound(Form):
    """Whether a number keeps to a bound: stated, or its opposite.

    The numbers `x` are constants, even of a compiled program; `sign` is 1 for lower bounds and −1 for
    upper ones, the same for all items.
    """

    range_low: Values
    range_high: Values
    x: np.ndarray
    sign: np.ndarray

    name = "count bound"
    ranked = False
    constants = frozenset({"x", "sign"})
    scale = COUNT

    @classmethod
    def matches(cls, stated: Stated) -> bool:
        return stated.scale == "count" and stated.comparison in tables.HALF_WIDTH

    @classmethod
    def columns(cls, stated: Stated) -> dict[str, float]:
        shift = {"more_than": 1.0, "less_than": -1.0}.get(stated.comparison, 0.0)
        sign = 1.0 if stated.comparison in tables.LOWER_BOUNDS else -1.0
        own = Count.columns(stated)
        return own | {"x": stated.value + shift, "sign": sign}

    @property
    def contamination(self) -> Contamination:
        return _GeometricBound(self.range_low, self.range_high, self.x, self._lower)

    @property
    def figure(self) -> Count:
        return Count(self.range_low, self.range_high)

    def density(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Density:
        chance = self._stated(predicted, bias)
        xp = library(chance)
        log = xp.log(xp.maximum(chance, LEAST_CHANCE))
        if observed.agrees is not None:
            log = xp.where(observed.agrees > 0, log, log_complement(log))
        return log, xp.ones_like(log)

    def cdf(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Values:
        return cdf_of_outcome(observed, self._stated(predicted, bias))

    def draw(
        self, rng: np.random.Generator, predicted: np.ndarray, bias: np.ndarray | float = 0.0
    ) -> np.ndarray:
        return _keeps(self.figure.draw(rng, predicted, bias), self.x, self._lower)

    def observe(self, drawn: np.ndarray) -> ObservedInputs:
        x = np.broadcast_to(self.x, drawn.shape)
        return self.figure.observe(x)._replace(agrees=drawn)

    @property
    def _lower(self) -> bool:
        return bool(self.sign.flat[0] > 0)

    def _stated(self, predicted: Values, bias: Values | float) -> Values:
        """Probability that the bound is stated, and not its opposite."""
        del bias
        mean = library(predicted).maximum(predicted, MEAN_FLOOR)
        if self._lower:
            return 1.0 - poisson_cdf_of_constants(self.x - 1.0, mean)
        return poisson_cdf_of_constants(self.x, mean)

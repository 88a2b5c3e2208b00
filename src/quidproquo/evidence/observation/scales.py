"""Scales: where amounts, shares and counts are compared, scored and drawn.

A quantity's scale says what counts as equally far apart: `log` amounts, `logit` shares, `count` whole
numbers, `identity` all else. Standard deviations, scores and plots live on it, in its `unit`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from quidproquo.evidence.observation.special import Values, library, logistic

__all__ = ["COUNT", "IDENTITY", "LOG", "LOGIT", "MEAN_FLOOR", "SCALES", "SHARE_FLOOR", "Scale"]

SHARE_FLOOR = 1e-4
"""A share is never taken to be nearer than this to none or to all."""
MEAN_FLOOR = 1e-3
"""Least mean of a Poisson number, so that no count is impossible."""
_LEAST_AMOUNT = 1e-300
_LEAST_RANGE = 1e-9


@dataclass(frozen=True)
class Scale(ABC):
    """A transform of a quantity, and what one unit on it is.

    `offset` is what is added before a logarithm unless another is given.
    """

    name: str
    offset: float = 0.0

    @abstractmethod
    def to(self, values: Values, offset: Values | float | None = None) -> Values:
        """Values in the quantity's unit, on the scale."""

    @abstractmethod
    def back(self, places: Values, offset: Values | float | None = None) -> Values:
        """The inverse of `to`."""

    def unit(self, low: float, high: float) -> float:
        """How far a standard deviation of 1 in the tables reaches, for a declared range."""
        del low, high
        return 1.0


class _Logarithm(Scale):
    """Natural logarithm of a value and an offset; what is negative counts as nothing."""

    def to(self, values: Values, offset: Values | float | None = None) -> Values:
        xp = library(values)
        return xp.log(xp.maximum(values, 0.0) + (self.offset if offset is None else offset))

    def back(self, places: Values, offset: Values | float | None = None) -> Values:
        return library(places).exp(places) - (self.offset if offset is None else offset)


class _LogOdds(Scale):
    """Log-odds within `SHARE_FLOOR` of the ends; the unit is 1.2, a factor of 3.3 in odds."""

    def to(self, values: Values, offset: Values | float | None = None) -> Values:
        del offset
        xp = library(values)
        share = xp.clip(values, SHARE_FLOOR, 1 - SHARE_FLOOR)
        return xp.log(share / (1.0 - share))

    def back(self, places: Values, offset: Values | float | None = None) -> Values:
        del offset
        return logistic(places)

    def unit(self, low: float, high: float) -> float:
        del low, high
        return 1.2


class _Identity(Scale):
    """Values as they are; the unit is a quarter of the declared range."""

    def to(self, values: Values, offset: Values | float | None = None) -> Values:
        del offset
        return values

    def back(self, places: Values, offset: Values | float | None = None) -> Values:
        del offset
        return places

    def unit(self, low: float, high: float) -> float:
        return 0.25 * max(high - low, _LEAST_RANGE)


# an amount of nothing has no logarithm: it counts as the least amount that can be written
LOG = _Logarithm("log", _LEAST_AMOUNT)
LOGIT = _LogOdds("logit")
# log(k + 1) (Bosse et al. 2023, *PLoS Computational Biology* 19, e1011393)
COUNT = _Logarithm("count", 1.0)
IDENTITY = _Identity("identity")
SCALES: dict[str, Scale] = {scale.name: scale for scale in (LOG, LOGIT, COUNT, IDENTITY)}

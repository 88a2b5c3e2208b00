"""A bound on an amount or share: `at_least`, `more_than`, `at_most`, `less_than`."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from quidproquo.evidence.observation import tables
from quidproquo.evidence.observation.forms.base import Density, Stated
from quidproquo.evidence.observation.forms.total import Total
from quidproquo.evidence.observation.forms.two_sided import TwoSided
from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.observation.special import (
    LEAST_CHANCE,
    Values,
    library,
    log_normal_density,
    normal_cdf,
    owens_t,
)

__all__ = ["Bound"]


@dataclass(frozen=True)
class Bound(TwoSided):
    """A wall on one side and a slope on the other.

    y − x is `sign` times a half-normal of scale `half_width` seen through Normal(0, sd), with y what
    the world says plus the bias: a skew normal (Azzalini 1985, *Scandinavian Journal of Statistics* 12,
    171–178). `sign` is 1 for lower bounds and −1 for upper ones.
    """

    half_width: Values
    sign: Values

    name = "bound"

    @classmethod
    def matches(cls, stated: Stated) -> bool:
        return stated.comparison in tables.HALF_WIDTH and not stated.near

    @classmethod
    def columns(cls, stated: Stated) -> dict[str, float]:
        return super().columns(stated) | {
            "sign": 1.0 if stated.comparison in tables.LOWER_BOUNDS else -1.0,
            "half_width": tables.HALF_WIDTH[stated.comparison] * stated.unit,
        }

    @property
    def figure(self) -> Total:
        """The reporter's own figure, of which he says only the bound."""
        return Total(self.scale, self.sd, self.contaminated_sd, self.range_low, self.range_high, self.sign)

    def cdf(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Values:
        return self._below(observed.x - self.on_scale(observed, predicted) - bias)

    def _residual_density(self, away: Values) -> Density:
        xp = library(away)
        total = xp.sqrt(self.sd**2 + self.half_width**2)
        u = self.sign * away / total
        return math.log(2.0) + log_normal_density(u, total), normal_cdf(self.half_width / self.sd * u)

    def _below(self, gap: Values) -> Values:
        """Probability of a bound below a place that is so far above y."""
        u = gap / library(gap).sqrt(self.sd**2 + self.half_width**2)
        # a lower bound leans downwards: its α is negative, and T is odd in α
        return normal_cdf(u) + 2.0 * self.sign * owens_t(u, self.half_width / self.sd)

    def _log_beyond(self, side: Values, gap: Values) -> Values:
        xp = library(gap)
        below = self._below(gap)
        chance = xp.where(side < 0, below, 1.0 - below)
        return xp.log(xp.clip(chance, LEAST_CHANCE, 1.0))

    def _draw_residual(self, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        slope = np.asarray(self.sign * self.half_width) * np.abs(rng.normal(size=shape))
        return np.asarray(super()._draw_residual(rng, shape) - slope)

"""A number between two others: `between`, and all that is said to be near a number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quidproquo.evidence.observation import tables
from quidproquo.evidence.observation.forms.base import Density, Form, Stated
from quidproquo.evidence.observation.forms.contamination import WideNormal
from quidproquo.evidence.observation.forms.two_sided import TwoSided
from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.observation.scales import SCALES, Scale
from quidproquo.evidence.observation.special import Values, library, log_normal_density, normal_cdf

__all__ = ["Interval"]

_LEAST_WIDTH = 1e-3  # on the scale


@dataclass(frozen=True)
class Interval(Form):
    """An interval of the width of the claim's, evenly about what the reporter saw.

    The density of its middle is [Φ((h − y)/sd) − Φ((l − y)/sd)]/(h − l), with y what the world says plus
    the bias. The offset before a logarithm is fixed: it belongs to the claim's upper end.
    """

    scale: Scale
    sd: Values
    contaminated_sd: Values
    range_low: Values
    range_high: Values
    low: Values
    high: Values
    offset: Values

    name = "interval"

    @classmethod
    def matches(cls, stated: Stated) -> bool:
        return stated.comparison == "between" or stated.near

    @classmethod
    def columns(cls, stated: Stated) -> dict[str, float]:
        ends = (stated.low, stated.high)
        if stated.comparison != "between":
            ends = (tables.NEAR * stated.value, stated.value)
        offset = tables.NEGLIGIBLE * ends[1]
        low, high = (float(SCALES[stated.scale].to(np.array(end), offset)) for end in ends)
        high = max(high, low + _LEAST_WIDTH)
        return {
            "sd": tables.REPORT_SD[stated.comparison] * tables.SD_FACTOR[stated.reliability] * stated.unit,
            "low": low,
            "high": high,
            "level": 0.5 * (low + high),
            "offset": offset,
        }

    @property
    def contamination(self) -> WideNormal:
        return WideNormal(self.scale, self.contaminated_sd, self.range_low, self.range_high, self.offset)

    @property
    def figure(self) -> TwoSided:
        return TwoSided(self.scale, self.sd, self.contaminated_sd, self.range_low, self.range_high)

    def on_scale(self, observed: ObservedInputs, predicted: Values) -> Values:
        del observed
        return self.scale.to(predicted, self.offset)

    def density(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Density:
        xp = library(predicted)
        low, high = self._ends(observed, predicted, bias)
        inside = normal_cdf(high) - normal_cdf(low)
        return -xp.log(observed.high - observed.low) + xp.zeros_like(inside), inside

    def cdf(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Values:
        low, high = self._ends(observed, predicted, bias)
        below = (_integral_of_cdf(high) - _integral_of_cdf(low)) * self.sd
        return below / (observed.high - observed.low)

    def draw(
        self, rng: np.random.Generator, predicted: np.ndarray, bias: np.ndarray | float = 0.0
    ) -> np.ndarray:
        seen = np.asarray(self.scale.to(predicted, self.offset)) + bias
        seen = seen + np.asarray(self.sd) * rng.normal(size=seen.shape)
        return seen + np.asarray(self.high - self.low) * (rng.uniform(size=seen.shape) - 0.5)

    def observe(self, drawn: np.ndarray) -> ObservedInputs:
        half = 0.5 * np.asarray(self.high - self.low)
        offset = np.broadcast_to(np.asarray(self.offset), drawn.shape)
        return ObservedInputs(x=drawn, low=drawn - half, high=drawn + half, offset=offset, level=drawn)

    def _ends(
        self, observed: ObservedInputs, predicted: Values, bias: Values | float
    ) -> tuple[Values, Values]:
        """How many standard deviations both ends lie above what the reporter expects."""
        y = self.on_scale(observed, predicted) + bias
        return (observed.low - y) / self.sd, (observed.high - y) / self.sd


def _integral_of_cdf(t: Values) -> Values:
    """∫ Φ up to t: t·Φ(t) + φ(t)."""
    xp = library(t)
    return t * normal_cdf(t) + xp.exp(log_normal_density(t, xp.ones_like(t)))

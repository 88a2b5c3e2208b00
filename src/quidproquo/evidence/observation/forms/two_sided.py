"""A number, as exact or about: `eq` and `about`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quidproquo.evidence.observation import tables
from quidproquo.evidence.observation.forms.base import Density, Form, Stated, observed_values
from quidproquo.evidence.observation.forms.contamination import WideNormal
from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.observation.scales import LOG, SCALES, Scale
from quidproquo.evidence.observation.special import (
    TINY,
    Values,
    library,
    log_normal_cdf,
    log_normal_density,
    normal_cdf,
)

__all__ = ["TwoSided"]


@dataclass(frozen=True)
class TwoSided(Form):
    """Normal(x; y, sd) on the scale, with y what the world says plus the bias of who reports.

    Amounts are compared as log(amount + νx), ν the share of a report below which an amount counts as
    nothing. The density is that of log x: d/d(log x) of log(x + νx) − log(T + νx) is T/(T + νx).
    """

    scale: Scale
    sd: Values
    contaminated_sd: Values
    range_low: Values
    range_high: Values

    name = "two-sided"

    @classmethod
    def matches(cls, stated: Stated) -> bool:
        return not stated.comparison.startswith("proposition")

    @classmethod
    def columns(cls, stated: Stated) -> dict[str, float]:
        seen = observed_values(SCALES[stated.scale], np.array(stated.value))
        factor = tables.SD_FACTOR[stated.reliability]
        return {
            "sd": tables.REPORT_SD[stated.comparison] * factor * stated.unit,
            "x": float(seen.x),
            "level": float(seen.level),
            "offset": float(seen.offset),
        }

    @property
    def contamination(self) -> WideNormal:
        return WideNormal(self.scale, self.contaminated_sd, self.range_low, self.range_high)

    @property
    def figure(self) -> Form:
        return self

    def on_scale(self, observed: ObservedInputs, predicted: Values) -> Values:
        return self.scale.to(predicted, observed.offset)

    def density(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Density:
        xp = library(predicted)
        y = self.on_scale(observed, predicted) + bias
        log, factor = self._residual_density(y - observed.x)
        if self.scale is LOG:
            truth = xp.maximum(predicted, TINY)
            factor = factor * (truth / (truth + observed.offset))
        factor = xp.broadcast_to(factor, log.shape)
        # only an amount can lie beyond the range: all else is as it is reported
        if observed.beyond is None or self.scale is not LOG:
            return log, factor
        within = observed.beyond == 0
        beyond = self._log_beyond(observed.beyond, observed.x - y)
        return xp.where(within, log, beyond), xp.where(within, factor, 1.0)

    def cdf(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Values:
        return normal_cdf((observed.x - self.on_scale(observed, predicted) - bias) / self.sd)

    def draw(
        self, rng: np.random.Generator, predicted: np.ndarray, bias: np.ndarray | float = 0.0
    ) -> np.ndarray:
        residual = bias + self._draw_residual(rng, np.broadcast(predicted, self.sd).shape)
        if self.scale is LOG:
            return _reported_log(np.asarray(predicted, dtype=np.float64), residual)
        return np.asarray(self.scale.to(predicted)) + residual

    def observe(self, drawn: np.ndarray) -> ObservedInputs:
        if self.scale is not LOG:
            offset = np.ones_like(drawn)
            return ObservedInputs(x=drawn, low=drawn, high=drawn, offset=offset, level=drawn)
        low, high = (np.asarray(LOG.to(end)) for end in (self.range_low, self.range_high))
        level = np.clip(drawn, low, high)
        amount = np.asarray(LOG.back(level))
        beyond = np.where(drawn < low, -1.0, np.where(drawn > high, 1.0, 0.0))
        return observed_values(LOG, amount)._replace(level=level, beyond=beyond)

    def _residual_density(self, away: Values) -> Density:
        """Density of a residual, less its sign: what the world says, less the report."""
        return log_normal_density(away / self.sd, self.sd), library(away).ones(())

    def _log_beyond(self, side: Values, gap: Values) -> Values:
        """Log probability of a report beyond a place, on its `side` −1 or 1, that is `gap` above y."""
        return log_normal_cdf(-side * gap / self.sd)

    def _draw_residual(self, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        return np.asarray(self.sd) * rng.normal(size=shape)


def _reported_log(truth: np.ndarray, residual: np.ndarray) -> np.ndarray:
    """Log of the x for which log(x + νx) − log(truth + νx) is the residual; ∞ where there is none."""
    nu, grown = tables.NEGLIGIBLE, np.exp(residual)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(truth) + residual - np.log(1.0 + nu - nu * grown)
    found = np.where(grown * nu >= 1.0 + nu, np.inf, found)
    # a world without any reports nothing, or, where the residual is absurd, everything
    return np.where((truth <= 0.0) & (grown * nu < 1.0 + nu), -np.inf, found)

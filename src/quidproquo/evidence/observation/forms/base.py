"""What every form of report has."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias

import numpy as np

from quidproquo.evidence.observation import tables
from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.observation.scales import SCALES, Scale
from quidproquo.evidence.observation.special import TINY, Values, library

if TYPE_CHECKING:
    from quidproquo.evidence.observation.forms.contamination import Contamination

__all__ = ["Density", "Form", "Stated", "cdf_of_outcome", "log_of", "observed_values"]

Density: TypeAlias = tuple[Values, Values]
"""Log of one factor, and the other factor as it is.

What has an exponent is kept as its log; what is a probability or a share is left alone, so that no
logarithm is taken only to be undone when densities are mixed.
"""


def log_of(density: Density) -> Values:
    """The log of both factors together."""
    log, factor = density
    xp = library(factor)
    return log + xp.log(xp.maximum(factor, TINY))


@dataclass(frozen=True)
class Stated:
    """One claim as its form reads it, in the quantity's unit: one row of an evidence table."""

    comparison: str
    near: bool
    scale: str
    value: float
    low: float
    high: float
    range: tuple[float, float]
    likelihood: tuple[float, float]
    reliability: str
    credibility: int

    @property
    def unit(self) -> float:
        """What a standard deviation of 1 in the tables is on the scale."""
        return SCALES[self.scale].unit(*self.range)


class Form(ABC):
    """One form of report, for some items at once.

    Fields of a form are arrays `[item, 1]`; what worlds say, `predicted`, is `[item, world]` in the
    quantity's unit, and `bias` is the bias of who reports, on the scale. All functions broadcast.
    """

    name: ClassVar[str]
    ranked: ClassVar[bool] = True
    """Whether what is reported is a number, of which one can be higher than another."""
    constants: ClassVar[frozenset[str]] = frozenset()
    """Fields that are constants of a compiled program, and so arrays of NumPy."""

    scale: Scale

    @classmethod
    @abstractmethod
    def matches(cls, stated: Stated) -> bool:
        """Whether a claim has this form."""

    @classmethod
    @abstractmethod
    def columns(cls, stated: Stated) -> dict[str, float]:
        """The columns of a likelihood that the form sets for a claim."""

    @property
    @abstractmethod
    def contamination(self) -> Contamination | None:
        """How reports scatter that are wrong altogether; None where reports never are."""

    @property
    @abstractmethod
    def figure(self) -> Form | None:
        """The form of the reporter's own figure, where he says less of it; None where he has none."""

    def on_scale(self, observed: ObservedInputs, predicted: Values) -> Values:
        """What worlds say, as reports are compared with it."""
        del observed
        return predicted

    @abstractmethod
    def density(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Density:
        """Density of reports that aren't wrong, as two factors: on the scale, or of a count or outcome.

        Of a report beyond the declared range (`ObservedInputs.beyond`), the probability of that.
        """

    def log_density(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Values:
        """Log density of reports that aren't wrong."""
        return log_of(self.density(observed, predicted, bias))

    @abstractmethod
    def cdf(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Values:
        """Probability of a report of at most what is reported."""

    def mid_cdf(self, observed: ObservedInputs, predicted: Values, bias: Values | float = 0.0) -> Values:
        """The same, with half of the probability of the very number where numbers are whole (mid-P)."""
        return self.cdf(observed, predicted, bias)

    @abstractmethod
    def draw(
        self, rng: np.random.Generator, predicted: np.ndarray, bias: np.ndarray | float = 0.0
    ) -> np.ndarray:
        """Reports that aren't wrong: levels on the scale, counts, or 1 for stated and 0 for denied."""

    @abstractmethod
    def observe(self, drawn: np.ndarray) -> ObservedInputs:
        """What is drawn, as it is observed."""

    def observe_values(self, values: np.ndarray) -> ObservedInputs:
        """Figures in the quantity's unit, as they are observed."""
        return observed_values(self.scale, values)


def observed_values(scale: Scale, values: Values) -> ObservedInputs:
    """Figures in the quantity's unit, as they are observed.

    The part of a reported amount that counts as nothing is its `offset`.
    """
    xp = library(values)
    offset = xp.maximum(tables.NEGLIGIBLE * xp.abs(values), TINY)
    level = scale.to(values)
    return ObservedInputs(x=scale.to(values, offset), low=level, high=level, offset=offset, level=level)


def cdf_of_outcome(observed: ObservedInputs, chance: Values) -> Values:
    """Probability of an outcome of at most the one observed: 1 stated, with that chance, or 0 denied."""
    xp = library(chance)
    if observed.agrees is None:
        return xp.ones_like(chance)
    return xp.where(observed.agrees > 0, 1.0, 1.0 - chance)

"""The predictive distribution of a report: by world, and over many worlds at once.

With T what a world says, b the bias of who reports and F the distribution of his reports in that world,
wrong ones included (`forms`), the probability of a report of at most x is the mean of F(x; T, b) over
worlds. It is the distribution that conditioning uses, and it is known exactly given the worlds: nothing
is drawn to score it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property, partial
from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import Array, Float

from quidproquo.evidence.observation.forms import Contaminated, Form
from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.observation.likelihood import Likelihood
from quidproquo.evidence.observation.scales import COUNT, Scale
from quidproquo.worlds.streams import BLOCK, blocks

__all__ = ["LEVELS", "ReportPredictive", "report_cdf"]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
_GRID = 385


def report_cdf(
    likelihood: Likelihood,
    predicted: Float[np.ndarray, "world item"],
    biases: Float[np.ndarray, "world bias"],
) -> Float[np.ndarray, "world item"]:
    """P(report ≤ what was reported | world), wrong reports included; NaN for propositions.

    Counts take half of the probability of the very number (mid-P), and so do bounds on counts: of these,
    the number behind them is judged.
    """
    found = np.full(predicted.shape, np.nan)
    for part in likelihood.by_group(predicted.T, biases.T):
        form = part.form if part.form.ranked else part.form.figure
        if form is not None:
            reports = Contaminated(form, likelihood.wrong_probability[part.group.items][:, None])
            found[:, part.group.items] = reports.mid_cdf(part.observed, part.predicted, part.bias).T
    return found


@dataclass(frozen=True)
class ReportPredictive:
    """What is predicted of one report: worlds, and how reports scatter about them.

    `truth` is in the quantity's unit; `shift` is the reporter's bias in each world, on the scale; `low`
    and `high` are the declared range in the unit.
    """

    reports: Contaminated
    truth: Float[np.ndarray, " world"]
    shift: Float[np.ndarray, " world"]
    low: float
    high: float

    @property
    def scale(self) -> Scale:
        """The quantity's scale."""
        return self.reports.form.scale

    @property
    def unit(self) -> float:
        """What CRPS is counted in, on the scale."""
        return self.scale.unit(self.low, self.high)

    def cdf(self, values: Float[np.ndarray, " value"]) -> Float[np.ndarray, " value"]:
        """Probability of a report of at most each value."""
        observed = self.reports.form.observe_values(np.asarray(values, dtype=np.float64)[:, None])
        return np.asarray(self.reports.cdf(observed, self.truth[None], self.shift[None]).mean(axis=1))

    def density(self, value: float) -> float:
        """Density on the scale (the log of an amount, the log-odds of a share) or a count's probability."""
        observed = self.reports.form.observe_values(np.array([[value]]))
        logs = self.reports.log_density(observed, self.truth[None], self.shift[None])
        return float(np.exp(logs).mean())

    @cached_property
    def grid(self) -> tuple[Float[np.ndarray, " place"], Float[np.ndarray, " place"]]:
        """Places over the declared range on the scale, and F there."""
        if self.scale is COUNT:
            values = np.arange(max(math.floor(self.low), 0), math.ceil(self.high) + 1.0)
            return np.asarray(COUNT.to(values)), self.cdf(values)
        ends = np.asarray(self.scale.to(np.array([self.low, self.high])))
        places = np.linspace(ends[0], ends[1], _GRID)
        values = np.asarray(self.scale.back(places))
        if len(self.truth) < BLOCK:
            return places, self.cdf(values)
        return places, self._cdf_of_many(values)

    def _cdf_of_many(self, values: Float[np.ndarray, " value"]) -> Float[np.ndarray, " value"]:
        """As `cdf`, for many worlds: block by block, compiled, and so in single precision."""
        form = self.reports.form
        columns = {field.name: getattr(form, field.name) for field in fields(form)}  # type: ignore[arg-type]
        columns.pop("scale")
        same = (columns, self.reports.probability, form.observe_values(values[:, None]))
        total = np.zeros(len(values))
        for rows, counting in blocks(len(self.truth)):
            worlds = self.truth[rows], self.shift[rows], np.arange(BLOCK) < counting
            single = jax.tree.map(lambda array: np.asarray(array, dtype=np.float32), (*same, *worlds))
            total += np.asarray(_block_cdf(_Kind(type(form), self.scale), *single), dtype=np.float64)
        return total / len(self.truth)

    def quantiles(self, levels: tuple[float, ...] = LEVELS) -> tuple[float, ...]:
        """Quantiles of the report in its unit, within the declared range."""
        places, chances = self.grid
        if self.scale is COUNT:
            found = places[np.minimum(np.searchsorted(chances, levels), len(places) - 1)]
        else:
            found = np.interp(levels, np.maximum.accumulate(chances), places)
        return tuple(float(value) for value in np.asarray(self.scale.back(found)))


class _Kind(NamedTuple):
    """What a compiled program depends on of a form."""

    form: Callable[..., Form]
    scale: Scale


@partial(jax.jit, static_argnums=0)
def _block_cdf(
    kind: _Kind,
    columns: dict[str, Array],
    wrong: Array,
    observed: ObservedInputs,
    truth: Float[Array, " world"],
    shift: Float[Array, " world"],
    counts: Float[Array, " world"],
) -> Float[Array, " value"]:
    """Sum over the worlds that count of the probability of a report of at most what is observed."""
    reports = Contaminated(kind.form(scale=kind.scale, **columns), wrong)
    total: Array = (reports.cdf(observed, truth[None], shift[None]) * counts).sum(axis=1)
    return total

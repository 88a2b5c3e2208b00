"""Densities of priors, by what a brief says of them."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy import special

from quidproquo.study.schema.assumptions import AssumptionRecord

__all__ = ["PriorForm", "log_density", "prior_form"]

_Z95 = 1.6448536269514722
_UNIFORM = 0.9  # where the 5 and 95% quantiles of a uniform prior lie between the ends of its range, −1 and 1
_IDENTITY, _LOG, _LOGIT = 0, 1, 2


class PriorForm(NamedTuple):
    """A prior as `worlds.priors.PriorTable` has it: its link, whether it is uniform, its centre and width."""

    link: int
    uniform: bool
    centre: float
    width: float


def prior_form(prior: AssumptionRecord) -> PriorForm:
    """The form of a prior, from its quantiles."""
    link = {"lognormal": _LOG, "loguniform": _LOG, "logitnormal": _LOGIT}.get(prior.distribution, _IDENTITY)
    low, high = (float(_linked(link, np.array(end))) for end in (prior.prior_q05, prior.prior_q95))
    uniform = "uniform" in prior.distribution
    half = 0.5 * (high - low)
    return PriorForm(link, uniform, 0.5 * (low + high), half / _UNIFORM if uniform else half / _Z95)


def log_density(prior: AssumptionRecord, values: Float[np.ndarray, " world"]) -> Float[np.ndarray, " world"]:
    """Log density of a parameter's values in its own unit; minus infinity where the prior has none."""
    link, uniform, centre, width = prior_form(prior)
    if not width > 0.0:
        return np.full(values.shape, -np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        unit = (_linked(link, values) - centre) / width
        # the last digit of a stored value may lie beyond the end of a range
        log = np.where(np.abs(unit) <= 1.0 + 1e-4, -math.log(2.0), -np.inf) if uniform else -0.5 * unit**2
        slope = {_IDENTITY: 0.0, _LOG: -np.log(values), _LOGIT: -np.log(values * (1.0 - values))}[link]
        constant = 0.0 if uniform else 0.5 * math.log(2.0 * math.pi)
        found = log - math.log(width) - constant + slope
    return np.where(np.isnan(found), -np.inf, found)


def _linked(link: int, x: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
    if link == _LOG:
        return np.asarray(np.log(x))
    return np.asarray(special.logit(x) if link == _LOGIT else x)

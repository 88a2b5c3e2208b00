"""Priors as transforms of a standard normal coordinate, so that every world is a point in R^d.

`low` and `high` are the 5% and 95% quantiles (the ends of the range for the uniform ones).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

import jax
import jax.numpy as jnp
import jax.scipy.stats as jstats
import numpy as np
from jaxtyping import Array, Float
from scipy import special

from quidproquo.cases.record import Prior
from quidproquo.terms.errors import PriorError, sentence

__all__ = ["Z90", "Numbers", "PriorTable", "active_interval", "prior_table"]

if TYPE_CHECKING:
    Numbers: TypeAlias = Any
else:
    Numbers: TypeAlias = np.ndarray | Array
"""Numbers of a model: of NumPy, or, while a program is traced, its arguments."""

Z90 = 1.6448536269514722
_IDENTITY, _LOG, _LOGIT = 0, 1, 2


@dataclass(frozen=True)
class PriorTable:
    """All priors of a model as arrays: value = link⁻¹(centre + width·u).

    u is the standard normal coordinate z, or, where `uniform` holds, 2Φ(z) − 1, which is uniform on
    (−1, 1). `link` is 0 identity, 1 log, 2 logit. `width` is the standard deviation on the link's
    scale; for uniform priors, half the range.
    """

    names: tuple[str, ...]
    link: np.ndarray
    uniform: np.ndarray
    centre: Numbers
    width: Numbers
    hindsight: tuple[str, ...]

    def value(self, index: int, z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
        """One parameter, in its own unit, for standard normal coordinates."""
        unit = 2.0 * jstats.norm.cdf(z) - 1.0 if self.uniform[index] else z
        linked = jnp.asarray(self.centre[index], z.dtype) + jnp.asarray(self.width[index], z.dtype) * unit
        if self.link[index] == _LOG:
            return jnp.exp(linked)
        return jax.nn.sigmoid(linked) if self.link[index] == _LOGIT else linked

    def drawn_values(self, z: Float[np.ndarray, "world parameter"]) -> Float[np.ndarray, "world parameter"]:
        """All parameters of worlds, in their own units."""
        z = np.asarray(z, dtype=np.float64)
        unit = np.where(self.uniform, 2.0 * special.ndtr(z) - 1.0, z)
        linked = np.asarray(self.centre) + np.asarray(self.width) * unit
        found: Float[np.ndarray, "world parameter"] = np.where(
            self.link == _LOGIT, special.expit(linked), linked
        )
        found[:, self.link == _LOG] = np.exp(linked[:, self.link == _LOG])
        return found

    def coordinates(self, index: int, values: Float[np.ndarray, " world"]) -> Float[np.ndarray, " world"]:
        """The coordinates at which one parameter has some values; ±∞ at an open end, NaN beyond it."""
        values = np.asarray(values, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            linked = values
            if self.link[index] == _LOG:
                linked = np.log(values)
            elif self.link[index] == _LOGIT:
                linked = special.logit(values)
            unit = (linked - self.centre[index]) / self.width[index]
            return np.asarray(special.ndtri((unit + 1.0) / 2.0) if self.uniform[index] else unit)

    def coordinate(self, name: str, value: float) -> float:
        """The standard normal coordinate at which a parameter has a value; −∞ or ∞ at an open end.

        Raises:
            PriorError: if its distribution never has that value.
        """
        z = float(self.coordinates(self.names.index(name), np.array([value]))[0])
        if np.isnan(z):
            allowed = "a value that its distribution can have"
            raise PriorError(sentence(f"parameter '{name}'", "value", value, allowed, "hold it elsewhere"))
        return z


def active_interval(prior: Prior, as_of: date) -> tuple[float, float, bool]:
    """The interval to use at an as-of date, and whether it knows more than one could by then."""
    if prior.known_by is None or prior.known_by <= as_of:
        return prior.low, prior.high, False
    if prior.before is not None:
        return *prior.before, False
    return prior.low, prior.high, True


def prior_table(names: tuple[str, ...], priors: dict[str, Prior], as_of: date, start: date) -> PriorTable:
    """Arrays of the priors of `names`; dates become days from `start`.

    Raises:
        PriorError: if a parameter has no prior, or one that its distribution doesn't allow.
    """
    missing = [f"'{name}'" for name in names if name not in priors]
    if missing:
        thing, remedy = ("parameter", "add it") if len(missing) == 1 else ("parameters", "add them")
        raise PriorError(
            sentence(f"{thing} {', '.join(missing)}", "prior", "missing", "given in priors.toml", remedy)
        )
    rows = []
    hindsight = []
    for name in names:
        prior = priors[name]
        low, high, exposed = active_interval(prior, as_of)
        if exposed:
            hindsight.append(name)
        rows.append(_row(prior, low, high, start))
    link, uniform, centre, width = (np.array(column) for column in zip(*rows, strict=True))
    return PriorTable(names, link, uniform, centre, width, tuple(hindsight))


def _row(prior: Prior, low: float, high: float, start: date) -> tuple[int, bool, float, float]:
    if low > high:
        message = sentence(
            f"prior '{prior.name}'", "low", low, f"no greater than high, {high}", "swap the two"
        )
        raise PriorError(message)
    kind = prior.distribution
    if kind == "date":
        low, high = low - start.toordinal(), high - start.toordinal()
    link = {"lognormal": _LOG, "loguniform": _LOG, "logitnormal": _LOGIT}.get(kind, _IDENTITY)
    _check_domain(prior, low, high, link)
    a, b = (_linked(link, end) for end in (low, high))
    uniform = kind in {"uniform", "loguniform"}
    width = (b - a) / 2.0
    return link, uniform, (a + b) / 2.0, width if uniform else width / Z90


def _linked(link: int, x: float) -> float:
    if link == _LOG:
        return float(np.log(x))
    if link == _LOGIT:
        return float(np.log(x) - np.log1p(-x))
    return x


def _check_domain(prior: Prior, low: float, high: float, link: int) -> None:
    allowed = {_IDENTITY: (-np.inf, np.inf), _LOG: (0.0, np.inf), _LOGIT: (0.0, 1.0)}[link]
    for field, end in (("low", low), ("high", high)):
        if not allowed[0] < end < allowed[1]:
            between = f"strictly between {allowed[0]:g} and {allowed[1]:g} for a {prior.distribution}"
            raise PriorError(
                sentence(f"prior '{prior.name}'", field, end, between, "change it in priors.toml")
            )

"""How probable a report is in a world: one density for every comparison, on the quantity's scale.

With y what the world says on the claim's scale plus the bias of who said it, and x the report:

    eq, about            Normal(x; y, s)
    at_least, more_than  y − x half-normal with scale w, seen through Normal(0, s): a wall above,
                         a slope below (a skew normal, Azzalini 1985); at_most, less_than mirrored
    between, near        uniform over what rounds to the interval: [Φ((h−y)/s) − Φ((l−y)/s)]/(h − l)
    counts               Poisson(x; world), or its tail for bounds
    propositions         λ·p̄ + (1 − λ)/2, p̄ the chance of the assertion given how far it is so

A claim is wrong altogether with a chance set by its digit; claims of one origin on one quantity
and date share that chance. A wrong report tells no more than the neighbourhood, whatever its word:

    Normal(x; y₀, 3·s₀)  y₀ what the world says, moved into the quantity's declared range, and s₀ the
                         spread of a right report, all biases in it; a count is geometric about y₀ + 1

three times the spread as in Tukey (1960), "A survey of sampling from contaminated distributions",
in *Contributions to Probability and Statistics*, 448–485.

What is reported is part of the likelihood, so that the numbers of the claims are constants of a
compiled program. Where one program must serve many reports, they are handed to it (`Reports`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import jax.numpy as jnp
import jax.scipy.special as jspecial
import jax.scipy.stats as jstats
import numpy as np
from jax.typing import DTypeLike
from jaxtyping import Array, Float, Int

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence import tables, tails

__all__ = ["BiasLayout", "Likelihood", "Reports", "build_likelihood", "separately"]

_LETTERS = "ABCDEF"
_LOGIT_FLOOR = 1e-4
_FORMS = 5
_TWO_SIDED, _BOUND, _INTERVAL, _COUNT, _EVENT = range(_FORMS)
_HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)
_TINY = 1e-30
_LOWEST = -1e30  # of a log density, where it is minus infinity
_LEAST = 1e-7  # what single precision leaves of 1 − probability
_UP = ("at_least", "more_than")


@dataclass(frozen=True)
class BiasLayout:
    """Which biases are coordinates of a world: `design[coordinate, item]` holds their effects.

    A bias that touches one claim alone is not a coordinate; it is part of that claim's spread.
    """

    names: tuple[str, ...]
    design: Float[np.ndarray, "coordinate item"]


class Reports(NamedTuple):
    """What is reported of every item, in place of what the claims report; `[item]` each.

    `x`, `low`, `high`, `offset` and `told` as in `Likelihood`. `agrees` is 1 where a proposition or a
    bound on a count is stated as the claim states it, and 0 where the opposite is. A world without
    any of an amount has nothing for a log to report: `beyond` is −1 where a report on the log scale
    is of less than the declared range and 1 where it is of more, and the rest is then that of the
    range's end.
    """

    x: Float[Array, " item"]
    low: Float[Array, " item"]
    high: Float[Array, " item"]
    offset: Float[Array, " item"]
    told: Float[Array, " item"]
    agrees: Float[Array, " item"]
    beyond: Float[Array, " item"]


@dataclass(frozen=True)
class Likelihood:
    """Everything about the items that doesn't depend on the world, as arrays `[item]`.

    Worlds are the last axis: what they predict is `[item, world]`.

    `form` is one of two-sided, bound, interval, count, event; `sign` +1 for lower bounds, −1 for
    upper ones; `x`, `low`, `high` are on the item's scale; `spread` includes lone biases. Amounts
    are compared as log(amount + `offset`): a small part of a report is as good as nothing. `told` is
    where the report itself lies on the scale, and `range_low` and `range_high` are the declared range
    in the claim's unit.
    """

    scale: tuple[str, ...]
    form: Int[np.ndarray, " item"]
    sign: Float[np.ndarray, " item"]
    x: Float[np.ndarray, " item"]
    low: Float[np.ndarray, " item"]
    high: Float[np.ndarray, " item"]
    spread: Float[np.ndarray, " item"]
    half_width: Float[np.ndarray, " item"]
    wrong: Float[np.ndarray, " item"]
    told: Float[np.ndarray, " item"]
    range_low: Float[np.ndarray, " item"]
    range_high: Float[np.ndarray, " item"]
    trust: Float[np.ndarray, " item"]
    asserted: Float[np.ndarray, " item"]
    offset: Float[np.ndarray, " item"]
    first: Float[np.ndarray, " item"]
    within: Float[np.ndarray, "item item"]
    bias: BiasLayout
    reports: Reports | None = None

    def given(self, reports: Reports) -> Likelihood:
        """The likelihood of other reports of the same form."""
        return replace(self, reports=reports)

    def kind(self, item: int) -> str:
        """What form an item has: two-sided, bound, interval, count or event."""
        return ("two-sided", "bound", "interval", "count", "event")[int(self.form[item])]

    @cached_property
    def wrong_spread(self) -> Float[np.ndarray, " item"]:
        """Standard deviation of a wrong report on the scale: wider than all of a right one's."""
        found: Float[np.ndarray, " item"] = tables.WRONG_TIMES * np.sqrt(
            self.spread**2 + (self.bias.design**2).sum(axis=0)
        )
        return found

    def on_scale(self, predicted: Float[Array, "item world"]) -> Float[Array, "item world"]:
        """What worlds say, on each item's scale."""
        (offset,) = self._columns(np.arange(len(self.scale)), predicted.dtype, "offset")
        return self._scaled(predicted, offset)

    def wrong_centre(self, predicted: Float[Array, "item world"]) -> Float[Array, "item world"]:
        """What wrong reports scatter about, on each item's scale: what worlds say, within the range."""
        low, high = (jnp.asarray(a, predicted.dtype)[:, None] for a in (self.range_low, self.range_high))
        # an interval's offset is fixed; that of a number grows with the report and is left out here
        offset = jnp.asarray(np.where(self.form == _INTERVAL, self.offset, 0.0), predicted.dtype)
        return self._scaled(jnp.clip(predicted, low, high), offset[:, None])

    def _scaled(self, predicted: Array, offsets: Float[Array, "item 1"]) -> Array:
        at = {name: np.flatnonzero([s == name for s in self.scale]) for name in ("log", "logit")}
        rest = np.setdiff1d(np.arange(len(self.scale)), np.concatenate(list(at.values())))
        offset = offsets[at["log"]]
        share = jnp.clip(predicted[at["logit"]], _LOGIT_FLOOR, 1 - _LOGIT_FLOOR)
        parts = [
            jnp.log(jnp.maximum(predicted[at["log"]], 0.0) + offset),
            jnp.log(share / (1.0 - share)),
            predicted[rest],
        ]
        return jnp.concatenate(parts)[np.argsort(np.concatenate([*at.values(), rest]))]

    def right(
        self, predicted: Float[Array, "item world"], biases: Float[Array, "bias world"]
    ) -> Float[Array, "item world"]:
        """Log density of every report if it isn't wrong altogether."""
        dtype = predicted.dtype
        effects = jnp.asarray(self.bias.design.T, dtype) @ biases
        y = self.on_scale(predicted) + effects
        at = [np.flatnonzero(self.form == form) for form in range(_FORMS)]
        index = np.concatenate(at)
        parts = [
            self._normal(y[at[_TWO_SIDED]], at[_TWO_SIDED]),
            self._bound(y[at[_BOUND]], at[_BOUND]),
            self._interval(y[at[_INTERVAL]], at[_INTERVAL]),
            self._counts(predicted[at[_COUNT]], at[_COUNT]),
            self._events(predicted[at[_EVENT]], at[_EVENT]),
        ]
        density = jnp.concatenate(parts)[np.argsort(index)] + self._stretch(predicted)
        if self.reports is None:
            return density
        return jnp.where(self.reports.beyond[:, None] == 0, density, self._beyond(y))

    def _beyond(self, y: Float[Array, "item world"]) -> Float[Array, "item world"]:
        """Log probability that a right report lies beyond its `x`, on the side that it does."""
        assert self.reports is not None
        x, s, w, sign = self._columns(np.arange(len(y)), y.dtype, "x", "spread", "half_width", "sign")
        side = self.reports.beyond[:, None]
        bound = np.flatnonzero(self.form == _BOUND)
        tail = tails.bound(side[bound], (x - y)[bound], s[bound], w[bound], sign[bound])
        return jspecial.log_ndtr(-side * (x - y) / s).at[bound].set(tail)

    def broad(self, predicted: Float[Array, "item world"]) -> Float[Array, "item world"]:
        """Log density of every report if it is wrong altogether; of bounds on counts, their chance."""
        centre = self.wrong_centre(predicted)
        told, s = self._columns(np.arange(len(centre)), centre.dtype, "told", "wrong_spread")
        delta = (centre - told) / s
        found = -0.5 * delta * delta - jnp.log(s) - _HALF_LOG_TAU
        if self.reports is not None:
            side = self.reports.beyond[:, None]
            found = jnp.where(side == 0, found, jspecial.log_ndtr(side * delta))
        counts = np.flatnonzero(self.form == _COUNT)
        if not len(counts):
            return found
        x, sign = self._columns(counts, centre.dtype, "x", "sign")
        wrong = _geometric(centre[counts] + 1.0, x, sign)
        if self.reports is not None:
            wrong = jnp.where(self.reports.agrees[counts][:, None] > 0, wrong, _denied(wrong))
        return found.at[counts].set(wrong)

    def _stretch(self, predicted: Array) -> Array:
        """Log of how fast the residual grows with the log of the report, whose offset grows with it.

        d/d(log x) of log(x + νx) − log(truth + νx) is truth/(truth + νx), ν the part that counts as
        nothing: with it the density of a report adds up to one. Intervals have a fixed offset.
        """
        amounts = np.flatnonzero([s == "log" and form <= _BOUND for s, form in self._kinds()])
        truth = jnp.maximum(predicted[amounts], _TINY)
        (offset,) = self._columns(amounts, predicted.dtype, "offset")
        share = truth / (truth + offset)
        return jnp.zeros_like(predicted).at[amounts].set(jnp.log(jnp.maximum(share, _TINY)))

    def _kinds(self) -> Iterator[tuple[str, int]]:
        return zip(self.scale, self.form, strict=True)

    def _columns(self, index: np.ndarray, dtype: DTypeLike, *names: str) -> list[Array]:
        """What is said of some items: of the reports, if others than the claims' were handed in."""
        said = {} if self.reports is None else self.reports._asdict()
        return [jnp.asarray(said.get(name, getattr(self, name))[index], dtype)[:, None] for name in names]

    def _normal(self, y: Array, index: np.ndarray) -> Array:
        x, s = self._columns(index, y.dtype, "x", "spread")
        delta = (y - x) / s
        return -0.5 * delta * delta - jnp.log(s) - _HALF_LOG_TAU

    def _bound(self, y: Array, index: np.ndarray) -> Array:
        x, s, w, sign = self._columns(index, y.dtype, "x", "spread", "half_width", "sign")
        total = jnp.sqrt(s**2 + w**2)
        u = sign * (y - x) / total
        tail = jspecial.log_ndtr(w / s * u)
        return math.log(2.0) - _HALF_LOG_TAU - jnp.log(total) - 0.5 * u * u + tail

    def _interval(self, y: Array, index: np.ndarray) -> Array:
        low, high, s = self._columns(index, y.dtype, "low", "high", "spread")
        inside = jstats.norm.cdf((high - y) / s) - jstats.norm.cdf((low - y) / s)
        return jnp.log(jnp.maximum(inside, _TINY)) - jnp.log(high - low)

    def _counts(self, predicted: Array, index: np.ndarray) -> Array:
        mean = jnp.maximum(predicted, 1e-3)
        rows = []
        for row, item in enumerate(index):
            count, sign = self.x[item], self.sign[item]
            if sign == 0:
                said = count if self.reports is None else self.reports.x[item]
                rows.append(_poisson(mean[row], said))
                continue
            # P(X < k) as a sum, and its complement
            below = count if sign > 0 else count + 1
            terms = [_poisson(mean[row], float(k)) for k in range(int(below))]
            less = sum((jnp.exp(term) for term in terms), jnp.zeros_like(mean[row]))
            chance = jnp.log(jnp.maximum(1.0 - less if sign > 0 else less, _LEAST))
            if self.reports is not None:
                chance = jnp.where(self.reports.agrees[item] > 0, chance, _denied(chance))
            rows.append(chance)
        return jnp.stack(rows) if rows else predicted

    def _events(self, predicted: Array, index: np.ndarray) -> Array:
        so = jnp.clip(predicted, 0.0, 1.0)
        p, trust = self._columns(index, predicted.dtype, "asserted", "trust")
        if self.reports is not None:
            p = jnp.where(self.reports.agrees[index][:, None] > 0, p, 1.0 - p)
        said = so * p + (1.0 - so) * (1.0 - p)
        return jnp.log(trust * said + 0.5 * (1.0 - trust))

    def items(
        self, predicted: Float[Array, "item world"], biases: Float[Array, "bias world"]
    ) -> tuple[Float[Array, "item world"], Float[Array, "item world"]]:
        """Log-likelihood of every item, and the chance that it is wrong altogether.

        Items of a group are chained, so that the numbers add up to the joint log-likelihood.
        """
        right = self.right(predicted, biases)
        broads = self.broad(predicted)
        wrong = jnp.asarray(self.wrong, right.dtype)[:, None]
        # a sum of densities and not of logs: where both vanish, the world is as good as impossible
        both = (1.0 - wrong) * jnp.exp(right) + wrong * jnp.exp(broads)
        alone = jnp.log(jnp.maximum(both, _TINY))
        so_far, chained = alone, alone
        # most items stand alone; the others are summed up within their group
        group = np.flatnonzero((self.within + self.within.T).sum(axis=0) > 2)
        if len(group):
            within = jnp.asarray(self.within[np.ix_(group, group)].T, right.dtype)
            sums, more = within @ right[group], within @ broads[group]
            before = _mixture(wrong[group], sums - right[group], more - broads[group])
            first = self.first[group][:, None] > 0
            broads = broads.at[group].set(more)
            so_far = so_far.at[group].set(_mixture(wrong[group], sums, more))
            chained = so_far.at[group].add(-jnp.where(first, 0.0, before))
        odds = jnp.log(wrong) + broads - so_far
        is_event = (self.form == _EVENT)[:, None]
        return jnp.where(is_event, right, chained), jnp.where(is_event, 0.0, jnp.exp(odds))


def _poisson(mean: Array, count: float | Array) -> Array:
    ways = jspecial.gammaln(count + 1.0) if isinstance(count, Array) else math.lgamma(count + 1.0)
    return count * jnp.log(mean) - mean - ways


def _geometric(mean: Array, count: Array, sign: Array) -> Array:
    """Log probability of a count, or of being at least (`sign` 1) or at most (−1) as large."""
    ratio = jnp.log(mean) - jnp.log1p(mean)
    upto = jnp.log(-jnp.expm1((count + 1.0) * ratio))
    exact = count * ratio - jnp.log1p(mean)
    return jnp.where(sign == 0, exact, jnp.where(sign > 0, count * ratio, upto))


def _denied(chance: Array) -> Array:
    """Log of the other probability."""
    return jnp.log(jnp.maximum(-jnp.expm1(chance), _LEAST))


def _mixture(wrong: Array, right: Array, broad: Array) -> Array:
    one, other = jnp.log1p(-wrong) + right, jnp.log(wrong) + broad
    peak = jnp.maximum(jnp.maximum(one, other), _LOWEST)
    return peak + jnp.log(jnp.exp(one - peak) + jnp.exp(other - peak))


def build_likelihood(table: EvidenceTable) -> Likelihood:
    """Lay out the likelihood of all items of an evidence table."""
    rows = [_row(table, item) for item in range(len(table))]
    columns = {key: np.array([row[key] for row in rows], dtype=np.float64) for key in _FIELDS}
    form = columns.pop("form").astype(np.int64)
    bias, lone = _biases(table, form)
    spread = np.sqrt(columns.pop("spread") ** 2 + lone)
    group = np.where(form == _EVENT, -1 - np.arange(len(table)), np.asarray(table.group))
    same = group[:, None] == group[None, :]
    within = np.triu(same).astype(np.float64)
    first = (within.sum(axis=0) == 1).astype(np.float64)
    wrong = np.array([columns["wrong"][same[i]].max() for i in range(len(table))])
    columns["wrong"] = wrong
    return Likelihood(
        scale=table.scale,
        form=form,
        spread=spread,
        first=first,
        within=within,
        bias=bias,
        reports=None,
        **columns,
    )


def separately(table: EvidenceTable) -> Likelihood:
    """The same for items of which each is judged by itself: they share no bias and no chance of being wrong."""
    found = build_likelihood(replace(table, group=np.arange(len(table))))
    spread = np.hypot(found.spread, np.sqrt((found.bias.design**2).sum(axis=0)))
    return replace(found, spread=spread, bias=BiasLayout((), np.zeros((0, len(table)))))


_FIELDS = (
    "form",
    "sign",
    "x",
    "low",
    "high",
    "spread",
    "half_width",
    "wrong",
    "told",
    "range_low",
    "range_high",
    "trust",
    "asserted",
    "offset",
)


def _row(table: EvidenceTable, item: int) -> dict[str, float]:
    letter, digit = _LETTERS[int(table.reliability[item])], int(table.credibility[item])
    comparison, scale = table.comparison[item], table.scale[item]
    row = {"form": float(_TWO_SIDED), "wrong": tables.WRONG_BY_DIGIT[digit]}
    row |= dict.fromkeys(("sign", "x", "low", "told", "trust"), 0.0)
    row |= {"range_low": 0.0, "range_high": 1.0}
    row |= dict.fromkeys(("high", "spread", "half_width", "offset"), 1.0)
    row |= {"asserted": 0.5}
    if comparison.startswith("proposition"):
        chance = 0.5 * (table.likelihood_low[item] + table.likelihood_high[item])
        trust = tables.TRUST_BY_LETTER[letter] * tables.TRUST_BY_DIGIT[digit]
        true = comparison == "proposition_true"
        return row | {"form": _EVENT, "trust": trust, "asserted": chance if true else 1.0 - chance}
    unit = _unit(table, item)
    row["spread"] = tables.SPREAD[comparison] * tables.SPREAD_BY_LETTER[letter] * unit
    row |= {"range_low": table.range_low[item], "range_high": table.range_high[item]}
    if scale == "count":
        sign = 1.0 if comparison in _UP else -1.0 if comparison in tables.HALF_WIDTH else 0.0
        shift = {"more_than": 1.0, "less_than": -1.0}.get(comparison, 0.0)
        return row | {"form": _COUNT, "sign": sign, "x": table.value[item] + shift}
    if comparison == "between" or table.near[item]:
        high = table.high[item] if comparison == "between" else table.value[item]
        low = table.low[item] if comparison == "between" else tables.NEAR * table.value[item]
        row["offset"] = tables.NOTHING * high
        ends = [_on_scale(scale, end, row["offset"]) for end in (low, high)]
        row |= {"low": ends[0], "high": max(ends[1], ends[0] + 1e-3)}
        return row | {"form": _INTERVAL, "told": 0.5 * (row["low"] + row["high"])}
    row["offset"] = max(tables.NOTHING * abs(table.value[item]), _TINY)
    row["x"] = _on_scale(scale, table.value[item], row["offset"])
    row["told"] = _on_scale(scale, table.value[item])
    if comparison in tables.HALF_WIDTH:
        width = tables.HALF_WIDTH[comparison] * unit
        return row | {"form": _BOUND, "sign": 1.0 if comparison in _UP else -1.0, "half_width": width}
    return row


def _unit(table: EvidenceTable, item: int) -> float:
    scale = table.scale[item]
    if scale == "identity":
        return float(0.25 * max(table.range_high[item] - table.range_low[item], 1e-9))
    return float(tables.SCALE_UNIT[scale])


def _on_scale(scale: str, value: float, offset: float = 0.0) -> float:
    if scale == "log":
        return float(np.log(max(value + offset, _TINY)))
    if scale == "logit":
        share = min(max(value, _LOGIT_FLOOR), 1 - _LOGIT_FLOOR)
        return float(np.log(share) - np.log1p(-share))
    return float(value)


def _biases(
    table: EvidenceTable, form: Int[np.ndarray, " item"]
) -> tuple[BiasLayout, Float[np.ndarray, " item"]]:
    """Biases shared by several items become coordinates; the others' variances are returned."""
    lone = np.zeros(len(table))
    names, design = [], []
    keys = {
        "family": table.family,
        "origin": table.origin,
        "pair": tuple(f"{o}|{q}" for o, q in zip(table.origin, table.quantity, strict=True)),
    }
    for kind, labels in keys.items():
        for label in sorted(set(labels)):
            touched = np.array([name == label for name in labels]) & (form != _EVENT) & (form != _COUNT)
            effect = np.array([_bias_sd(table, item, kind) for item in range(len(table))]) * touched
            if touched.sum() > 1:
                names.append(f"bias.{kind}.{label}")
                design.append(effect)
            else:
                lone += effect**2
    return BiasLayout(tuple(names), np.array(design).reshape(len(names), len(table))), lone


def _bias_sd(table: EvidenceTable, item: int, kind: str) -> float:
    letter = _LETTERS[int(table.reliability[item])]
    wider = 1.0 if kind == "family" else tables.BIAS_BY_LETTER[letter]
    return tables.BIAS[kind] * wider * _unit(table, item)

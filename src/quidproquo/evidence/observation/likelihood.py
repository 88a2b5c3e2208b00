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
compiled program. Where one program must serve many reports, they are handed to it (`ObservedInputs`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
import jax.scipy.special as jspecial
import numpy as np
from jax.typing import DTypeLike
from jaxtyping import Array, Float, Int

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.observation import densities, tables, tails
from quidproquo.evidence.observation.inputs import GradeInputs, ObservedInputs
from quidproquo.terms.grades import RELIABILITY_GRADES

__all__ = ["BiasLayout", "ItemGroup", "Likelihood", "ObservedInputs", "build_likelihood", "separately"]

_LOGIT_FLOOR = 1e-4
_TWO_SIDED, _BOUND, _INTERVAL, _COUNT, _EVENT = range(5)
_LOWEST = -1e30  # of a log density, where it is minus infinity
_UP = ("at_least", "more_than")
Column: TypeAlias = Float[Array, "item 1"]


@dataclass(frozen=True)
class BiasLayout:
    """Which biases are coordinates of a world: `design[coordinate, item]` holds their effects.

    A bias that touches one claim alone is not a coordinate; it is part of that claim's spread.
    """

    names: tuple[str, ...]
    design: Float[np.ndarray, "coordinate item"]


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
    reports: ObservedInputs | None = None
    letters: GradeInputs | None = None

    def given(self, reports: ObservedInputs) -> Likelihood:
        """The likelihood of other reports of the same form."""
        return replace(self, reports=reports)

    def graded(self, letters: GradeInputs) -> Likelihood:
        """The likelihood of the same reports, their sources graded otherwise."""
        return replace(self, letters=letters)

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

    @cached_property
    def cells(self) -> tuple[ItemGroup, ...]:
        """Items of one form and scale, which are worked out together."""
        # the side of a bound makes no difference but to counts
        sides = np.where(self.form == _COUNT, self.sign, 0.0)
        kinds = [(int(f), s, float(sign)) for f, s, sign in zip(self.form, self.scale, sides, strict=True)]
        return tuple(
            ItemGroup(*kind, np.flatnonzero([other == kind for other in kinds]))
            for kind in dict.fromkeys(kinds)
        )

    @cached_property
    def _order(self) -> Int[np.ndarray, " item"] | None:
        """Items cell by cell; None where that is how they stand, as in a table of evidence."""
        order = np.concatenate([cell.items for cell in self.cells])
        return None if (np.diff(order) == 1).all() else order

    def _in_order(self, rows: Sequence[Array]) -> Float[Array, "item world"]:
        """Rows of the cells, one cell after another, as the items stand."""
        together = jnp.concatenate(rows)
        return together if self._order is None else together[np.argsort(self._order)]

    def on_scale(self, predicted: Float[Array, "item world"]) -> Float[Array, "item world"]:
        """What worlds say, on each item's scale."""
        return self._in_order([self._placed(cell, predicted[cell.items]) for cell in self.cells])

    def wrong_centre(self, predicted: Float[Array, "item world"]) -> Float[Array, "item world"]:
        """What wrong reports scatter about, on each item's scale: what worlds say, within the range."""
        return self._in_order([self._about(cell, predicted[cell.items]) for cell in self.cells])

    @cached_property
    def places(self) -> Callable[[Float[np.ndarray, "item world"]], tuple[Array, Array]]:
        """Both of these, compiled once for each number of worlds."""
        return jax.jit(lambda predicted: (self.on_scale(predicted), self.wrong_centre(predicted)))

    def right(
        self, predicted: Float[Array, "item world"], biases: Float[Array, "bias world"]
    ) -> Float[Array, "item world"]:
        """Log density of every report if it isn't wrong altogether."""
        found = (self._right(cell, *rows) for cell, *rows in self._rows(predicted, biases))
        return self._in_order([densities.log_of(density) for density in found])

    def broad(self, predicted: Float[Array, "item world"]) -> Float[Array, "item world"]:
        """Log density of every report if it is wrong altogether; of bounds on counts, their chance."""
        return self._in_order([self._broad(cell, predicted[cell.items]) for cell in self.cells])

    def evaluate_items(
        self, predicted: Float[Array, "item world"], biases: Float[Array, "bias world"]
    ) -> tuple[Float[Array, "item world"], Float[Array, "item world"]]:
        """Log-likelihood of every item, and the chance that it is wrong altogether.

        Items of a group are chained, so that the numbers add up to the joint log-likelihood.
        """
        shared = np.flatnonzero((self.within + self.within.T).sum(axis=0) > 2)
        both, broads, of_group = [], [], []
        for cell, p, effects in self._rows(predicted, biases):
            log, factor = self._right(cell, p, effects)
            broads.append(self._broad(cell, p))
            inside = np.flatnonzero(np.isin(cell.items, shared))
            of_group.append((densities.log_of((log[inside], factor[inside])), broads[-1][inside]))
            if cell.form == _EVENT:
                both.append(factor)
                continue
            wrong = _column(self.wrong, cell, p.dtype)
            # a sum of densities and not of logs: where both vanish, the world is as good as impossible
            both.append((1.0 - wrong) * (factor * jnp.exp(log)) + wrong * jnp.exp(broads[-1]))
        alone = jnp.log(jnp.maximum(self._in_order(both), densities.TINY))
        so_far, broad, chained = alone, self._in_order(broads), alone
        if len(shared):
            group = np.concatenate([cell.items[np.isin(cell.items, shared)] for cell in self.cells])
            right, wide = (jnp.concatenate(rows) for rows in zip(*of_group, strict=True))
            so_far, broad, chained = self._summed(group, (right, wide), (alone, broad))
        odds = jnp.log(jnp.asarray(self.wrong, broad.dtype))[:, None] + broad - so_far
        return chained, jnp.where((self.form == _EVENT)[:, None], 0.0, jnp.exp(odds))

    def _summed(
        self, group: Int[np.ndarray, " some"], logs: tuple[Array, Array], alone: tuple[Array, Array]
    ) -> tuple[Array, Array, Array]:
        """Joint log-likelihoods up to every item, those of a wrong report, and what each item adds.

        Most items stand alone, as they are in `alone`; those of a group, with their `logs` if right and
        if wrong, are summed up within it.
        """
        right, broad = logs
        within = jnp.asarray(self.within[np.ix_(group, group)].T, right.dtype)
        wrong = jnp.asarray(self.wrong[group], right.dtype)[:, None]
        sums, more = within @ right, within @ broad
        joint, before = (_mixture(wrong, sums - r, more - b) for r, b in ((0.0, 0.0), (right, broad)))
        added = joint - jnp.where(self.first[group][:, None] > 0, 0.0, before)
        # a product in place of an assignment, which would be made number by number
        place = jnp.asarray(np.arange(len(self.form))[:, None] == group, right.dtype)
        grouped = np.isin(np.arange(len(self.form)), group)[:, None]
        said = ((joint, alone[0]), (more, alone[1]), (added, alone[0]))
        so_far, wide, chained = (jnp.where(grouped, place @ new, old) for new, old in said)
        return so_far, wide, chained

    def _rows(self, predicted: Array, biases: Array) -> Iterator[tuple[ItemGroup, Array, Array]]:
        """Each cell with what worlds say and what biases add, of its items."""
        order, first = self._order, 0
        said = predicted if order is None else predicted[order]
        design = self.bias.design if self.letters is None else self.letters.design
        design = design if order is None else design[:, order]
        effects = jnp.asarray(design.T, predicted.dtype) @ biases
        for cell in self.cells:
            rows = slice(first, first + len(cell.items))
            yield cell, said[rows], effects[rows]
            first = rows.stop

    def _said(self, cell: ItemGroup, dtype: DTypeLike, *names: str) -> list[Column]:
        """What is said of a cell's items: what was handed in, and else what the claims have."""
        handed = [one._asdict() for one in (self.reports, self.letters) if one is not None]
        said = {name: array for one in handed for name, array in one.items()}
        return [_column(said.get(name, getattr(self, name, None)), cell, dtype) for name in names]

    def _placed(self, cell: ItemGroup, p: Array) -> Float[Array, "item world"]:
        """What worlds say of a cell's items, on their scale."""
        (offset,) = self._said(cell, p.dtype, "offset")
        return _scaled(cell, p, offset)

    def _about(self, cell: ItemGroup, p: Array) -> Float[Array, "item world"]:
        """What wrong reports of a cell's items scatter about."""
        low, high = (_column(ends, cell, p.dtype) for ends in (self.range_low, self.range_high))
        (offset,) = self._said(cell, p.dtype, "offset")
        # an interval's offset is fixed; that of a number grows with the report and is left out here
        return _scaled(cell, jnp.clip(p, low, high), offset if cell.form == _INTERVAL else jnp.zeros(()))

    def _right(self, cell: ItemGroup, p: Array, effects: Array) -> densities.Density:
        """Density of a cell's reports if they aren't wrong altogether."""
        if cell.form == _COUNT:
            return self._counts(cell, p), jnp.ones_like(p)
        if cell.form == _EVENT:
            asserted, trust = self._said(cell, p.dtype, "asserted", "trust")
            if self.reports is not None:
                agrees = _column(self.reports.agrees, cell, p.dtype)
                asserted = jnp.where(agrees > 0, asserted, 1.0 - asserted)
            return jnp.zeros_like(p), densities.event(p, asserted, trust)
        y = self._placed(cell, p) + effects
        x, low, high, s, w, sign = self._said(
            cell, p.dtype, "x", "low", "high", "spread", "half_width", "sign"
        )
        if cell.form == _INTERVAL:
            log, factor = densities.interval(y, low, high, s)
        elif cell.form == _BOUND:
            log, factor = densities.bounded(sign * (y - x), s, w)
        else:
            log, factor = densities.normal((y - x) / s, s), jnp.ones(())
        if cell.scale == "log" and cell.form != _INTERVAL:
            factor = factor * self._stretch(cell, p)
        factor = jnp.broadcast_to(factor, p.shape)
        if self.reports is None:
            return log, factor
        side = _column(self.reports.beyond, cell, p.dtype)
        if cell.form == _BOUND:
            tail = tails.bound(side, x - y, s, w, sign)
        else:
            tail = jspecial.log_ndtr(-side * (x - y) / s)
        return jnp.where(side == 0, log, tail), jnp.where(side == 0, factor, 1.0)

    def _stretch(self, cell: ItemGroup, p: Array) -> Float[Array, "item world"]:
        """How fast the residual grows with the log of the report, whose offset grows with it.

        d/d(log x) of log(x + νx) − log(truth + νx) is truth/(truth + νx), ν the part that counts as
        nothing: with it the density of a report adds up to one. Intervals have a fixed offset.
        """
        truth = jnp.maximum(p, densities.TINY)
        (offset,) = self._said(cell, p.dtype, "offset")
        return truth / (truth + offset)

    def _broad(self, cell: ItemGroup, p: Array) -> Float[Array, "item world"]:
        """Log density of a cell's reports if they are wrong altogether."""
        if cell.form == _EVENT:
            return jnp.zeros_like(p)
        centre = self._about(cell, p)
        if cell.form == _COUNT:
            (x,) = self._said(cell, p.dtype, "x")
            wrong = densities.geometric(centre + 1.0, x, cell.sign)
            if self.reports is None:
                return wrong
            agrees = _column(self.reports.agrees, cell, p.dtype)
            return jnp.where(agrees > 0, wrong, densities.denied(wrong))
        told, s = self._said(cell, p.dtype, "told", "wrong_spread")
        delta = (centre - told) / s
        found = densities.normal(delta, s)
        if self.reports is None:
            return found
        side = _column(self.reports.beyond, cell, p.dtype)
        return jnp.where(side == 0, found, jspecial.log_ndtr(side * delta))

    def _counts(self, cell: ItemGroup, p: Array) -> Float[Array, "item world"]:
        mean = jnp.maximum(p, 1e-3)
        log_mean = jnp.log(mean)
        rows = []
        for row, item in enumerate(cell.items):
            count, about = self.x[item], (log_mean[row], mean[row])
            if cell.sign == 0:
                said = count if self.reports is None else self.reports.x[item]
                rows.append(densities.poisson(*about, said))
                continue
            chance = densities.poisson_bound(*about, count, cell.sign)
            if self.reports is not None:
                chance = jnp.where(self.reports.agrees[item] > 0, chance, densities.denied(chance))
            rows.append(chance)
        return jnp.stack(rows)


class ItemGroup(NamedTuple):
    """Items that share form and scale, and of counts the side of a bound."""

    form: int
    scale: str
    sign: float
    items: Int[np.ndarray, " _"]


def _column(values: np.ndarray | Array | None, cell: ItemGroup, dtype: DTypeLike) -> Column:
    """What is said of every item, of those of a cell."""
    assert values is not None
    return jnp.asarray(values[cell.items], dtype)[:, None]


def _scaled(cell: ItemGroup, p: Array, offset: Array) -> Float[Array, "item world"]:
    if cell.scale == "log":
        return jnp.log(jnp.maximum(p, 0.0) + offset)
    if cell.scale == "logit":
        share = jnp.clip(p, _LOGIT_FLOOR, 1 - _LOGIT_FLOOR)
        return jnp.log(share / (1.0 - share))
    return p


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
        letters=None,
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
    letter, digit = RELIABILITY_GRADES[int(table.reliability[item])], int(table.credibility[item])
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
    row["offset"] = max(tables.NOTHING * abs(table.value[item]), densities.TINY)
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
        return float(np.log(max(value + offset, densities.TINY)))
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
    letter = RELIABILITY_GRADES[int(table.reliability[item])]
    wider = 1.0 if kind == "family" else tables.BIAS_BY_LETTER[letter]
    return tables.BIAS[kind] * wider * _unit(table, item)

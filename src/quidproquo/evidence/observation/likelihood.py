"""How probable reports are in a world, all items together.

What one report's density is, its form says (`forms`). Here the biases of who reports are added, and the
chance of being wrong altogether, which claims of one origin on one quantity and date share.

A compiled program takes all numbers of the items as arguments (`ItemInputs`), so that it serves other
reports, grades and ranges; which items there are, and their forms, it is compiled for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, NamedTuple

import jax
import numpy as np
from jaxtyping import Bool, Float, Int

from quidproquo.evidence.observation import tables
from quidproquo.evidence.observation.forms import Contaminated, CountBound, Density, Event, Form, log_of
from quidproquo.evidence.observation.inputs import ColumnInputs, GradeInputs, ItemInputs, ObservedInputs
from quidproquo.evidence.observation.scales import SCALES
from quidproquo.evidence.observation.special import TINY, Values, library

__all__ = ["BiasLayout", "GroupReports", "ItemGroup", "Likelihood"]

_LOWEST = -1e30  # of a log density, where it is minus infinity


@dataclass(frozen=True)
class BiasLayout:
    """Which biases are coordinates of a world: `design[coordinate, item]` holds their effects.

    A bias that touches one claim alone is not a coordinate; it is part of that claim's `sd`.
    """

    names: tuple[str, ...]
    design: Float[np.ndarray, "coordinate item"]


class ItemGroup(NamedTuple):
    """Items that are worked out together: they share form and scale, and of counts the side of a bound."""

    form: type[Form]
    scale: str
    sign: float
    items: Int[np.ndarray, " _"]


@dataclass(frozen=True)
class GroupReports:
    """A group of items: its form, what is reported of them, and what worlds say and biases add."""

    group: ItemGroup
    form: Form
    observed: ObservedInputs
    predicted: Values
    bias: Values | float

    @property
    def density(self) -> Density:
        """Of reports that aren't wrong."""
        return self.form.density(self.observed, self.predicted, self.bias)

    @property
    def log_contamination(self) -> Values:
        """Log density of reports that are wrong; 0 where reports never are."""
        wrong = self.form.contamination
        if wrong is None:
            return library(self.predicted).zeros_like(self.predicted)
        return wrong.log_density(self.observed, self.predicted)


@dataclass(frozen=True)
class Likelihood:
    """Everything about the items that doesn't depend on the world, as arrays `[item]`.

    Worlds are the last axis: what they predict is `[item, world]`, in JAX (in compiled programs, single
    precision) or in NumPy.

    `x`, `low`, `high`, `offset` and `level` are what the claims report (`ObservedInputs`). `sd` is that
    of a report on the item's scale, lone biases included; `wrong_probability` that of being wrong
    altogether, which items with the same number of `group` share; `range_low` and `range_high` are the
    declared range in the claim's unit. The other columns are fields of `form`. `observed`, `grades` and
    `columns` stand in place of columns where they are handed to a compiled program.
    """

    scale: tuple[str, ...]
    form: tuple[type[Form], ...]
    group: Int[np.ndarray, " item"]
    sign: Float[np.ndarray, " item"]
    x: Float[np.ndarray, " item"]
    low: Float[np.ndarray, " item"]
    high: Float[np.ndarray, " item"]
    offset: Float[np.ndarray, " item"]
    level: Float[np.ndarray, " item"]
    sd: Float[np.ndarray, " item"]
    half_width: Float[np.ndarray, " item"]
    wrong_probability: Float[np.ndarray, " item"]
    range_low: Float[np.ndarray, " item"]
    range_high: Float[np.ndarray, " item"]
    trust: Float[np.ndarray, " item"]
    asserted: Float[np.ndarray, " item"]
    bias: BiasLayout
    observed: ObservedInputs | None = None
    grades: GradeInputs | None = None
    columns: ColumnInputs | None = None

    def __len__(self) -> int:
        return len(self.form)

    def select(self, items: Int[np.ndarray, " chosen"]) -> Likelihood:
        """The likelihood of some items alone, with all biases as coordinates.

        Items that share their chance of being wrong must be chosen together.
        """
        chosen: dict[str, Any] = {
            field.name: getattr(self, field.name)[items]
            for field in fields(self)
            if isinstance(getattr(self, field.name), np.ndarray)
        }
        chosen["scale"], chosen["form"] = (
            tuple(column[item] for item in items) for column in (self.scale, self.form)
        )
        return replace(self, bias=BiasLayout(self.bias.names, self.bias.design[:, items]), **chosen)

    def with_observed(self, observed: ObservedInputs) -> Likelihood:
        """The likelihood of other reports of the same form."""
        return replace(self, observed=observed)

    def with_grades(self, grades: GradeInputs) -> Likelihood:
        """The likelihood of the same reports, their sources graded otherwise."""
        return replace(self, grades=grades)

    @property
    def inputs(self) -> ItemInputs:
        """All numbers of the items, in the precision of the programs."""
        columns = {name: getattr(self, name) for name in ColumnInputs._fields}
        own = (self.x, self.low, self.high, self.offset, self.level)
        observed = ObservedInputs(*own) if self.observed is None else self.observed
        grades = GradeInputs(self.sd, self.contaminated_sd, self.trust, self.bias.design)
        found = ItemInputs(
            observed,
            grades if self.grades is None else self.grades,
            ColumnInputs(**columns) if self.columns is None else self.columns,
        )
        single: ItemInputs = jax.tree.map(lambda array: np.asarray(array, dtype=np.float32), found)
        return single

    def with_inputs(self, inputs: ItemInputs) -> Likelihood:
        """The likelihood of other items of the same forms."""
        observed, grades, columns = inputs
        return replace(self, observed=observed, grades=grades, columns=columns)

    @property
    def structure(self) -> tuple[object, ...]:
        """All that a program of it depends on besides its `inputs` (see `worlds.programs`)."""
        counts = [i for i, form in enumerate(self.form) if form is CountBound]
        same = self.group[:, None] == self.group
        return self.scale, self.form, same, [(i, self.sign[i], self.x[i]) for i in counts]

    @cached_property
    def total_sd(self) -> Float[np.ndarray, " item"]:
        """Standard deviation of a report that isn't wrong, all biases included."""
        found: Float[np.ndarray, " item"] = np.sqrt(self.sd**2 + (self.bias.design**2).sum(axis=0))
        return found

    @cached_property
    def contaminated_sd(self) -> Float[np.ndarray, " item"]:
        """Standard deviation of a wrong report on the scale: wider than all of a right one's."""
        return tables.CONTAMINATION_FACTOR * self.total_sd

    @cached_property
    def groups(self) -> tuple[ItemGroup, ...]:
        """Items of one form and scale, which are worked out together."""
        # the side of a bound makes no difference but to counts
        signs = [sign if form is CountBound else 0.0 for form, sign in zip(self.form, self.sign, strict=True)]
        kinds = list(zip(self.form, self.scale, map(float, signs), strict=True))
        return tuple(
            ItemGroup(*kind, np.flatnonzero([other == kind for other in kinds]))
            for kind in dict.fromkeys(kinds)
        )

    def form_of(self, group: ItemGroup, like: Values) -> Form:
        """The form of a group with its columns, `[item, 1]`, in the library and precision of an array."""
        own = {} if self.grades is None else self.grades._asdict()
        own |= {} if self.columns is None else self.columns._asdict()
        columns: dict[str, Any] = {}
        for field in fields(group.form):  # type: ignore[arg-type]
            if field.name == "scale":
                columns["scale"] = SCALES[group.scale]
            elif field.name in group.form.constants:
                columns[field.name] = getattr(self, field.name)[group.items][:, None]
            else:
                values = own.get(field.name, getattr(self, field.name))
                columns[field.name] = _column(values, group, like)
        return group.form(**columns)

    def observed_of(self, group: ItemGroup, like: Values) -> ObservedInputs:
        """What is reported of a group's items, `[item, 1]`: what was handed in, and else what claims say."""
        if self.observed is not None:
            handed = (None if row is None else _column(row, group, like) for row in self.observed)
            return ObservedInputs(*handed)
        own = (self.x, self.low, self.high, self.offset, self.level)
        return ObservedInputs(*(_column(values, group, like) for values in own))

    def figure_of(self, item: int) -> Contaminated:
        """How the reporter's own figure is reported, of one item that isn't an event; wrong ones included."""
        group = next(group for group in self.groups if item in group.items)
        alone = group._replace(items=np.array([item]))
        figure = self.form_of(alone, self.wrong_probability).figure
        assert figure is not None
        return Contaminated(figure, self.wrong_probability[[item]][:, None])

    def by_group(self, predicted: Values, biases: Values | None = None) -> Iterator[GroupReports]:
        """Each group with its form, what is reported, what worlds say and what biases add."""
        order, first = self._order, 0
        said = predicted if order is None else predicted[order]
        effects = None if biases is None else self._effects(predicted, biases)
        for group in self.groups:
            rows = slice(first, first + len(group.items))
            form, observed = self.form_of(group, predicted), self.observed_of(group, predicted)
            yield GroupReports(group, form, observed, said[rows], 0.0 if effects is None else effects[rows])
            first = rows.stop

    def on_scale(self, predicted: Values) -> Values:
        """What worlds say, on each item's scale."""
        return self._in_order(
            [one.form.on_scale(one.observed, one.predicted) for one in self.by_group(predicted)]
        )

    def contamination_centre(self, predicted: Values) -> Values:
        """What wrong reports scatter about, on each item's scale; of events, what worlds say."""
        rows = []
        for one in self.by_group(predicted):
            wrong = one.form.contamination
            rows.append(one.predicted if wrong is None else wrong.centre(one.predicted))
        return self._in_order(rows)

    def log_density(self, predicted: Values, biases: Values) -> Values:
        """Log density of every report if it isn't wrong altogether."""
        return self._in_order([log_of(one.density) for one in self.by_group(predicted, biases)])

    def log_contamination(self, predicted: Values) -> Values:
        """Log density of every report if it is wrong altogether; 0 for events."""
        return self._in_order([one.log_contamination for one in self.by_group(predicted)])

    def evaluate_items(self, predicted: Values, biases: Values) -> tuple[Values, Values]:
        """Log-likelihood of every item, and the chance that it is wrong altogether.

        Items of a group are chained, so that the numbers add up to the joint log-likelihood.
        """
        xp = library(predicted)
        shared = self._shared
        mixed, contaminations, of_shared = [], [], []
        for one in self.by_group(predicted, biases):
            (log, factor), wide = one.density, one.log_contamination
            contaminations.append(wide)
            inside = np.flatnonzero(shared[one.group.items])
            of_shared.append((log_of((log[inside], factor[inside])), wide[inside]))
            if one.form.contamination is None:
                mixed.append(factor)
                continue
            wrong = _column(self._wrong, one.group, predicted)
            # a sum of densities and not of logs: where both vanish, the world is as good as impossible
            mixed.append((1.0 - wrong) * (factor * xp.exp(log)) + wrong * xp.exp(wide))
        alone = xp.log(xp.maximum(self._in_order(mixed), TINY))
        so_far, wide, chained = alone, self._in_order(contaminations), alone
        if shared.any():
            items = np.concatenate([group.items[shared[group.items]] for group in self.groups])
            right, wrong = (xp.concatenate(rows) for rows in zip(*of_shared, strict=True))
            so_far, wide, chained = self._chained(items, (right, wrong), (alone, wide))
        odds = xp.log(xp.asarray(self._wrong, dtype=wide.dtype))[:, None] + wide - so_far
        never = np.array([form is Event for form in self.form])[:, None]
        return chained, xp.where(never, 0.0, xp.exp(odds))

    @property
    def _wrong(self) -> Values:
        return self.wrong_probability if self.columns is None else self.columns.wrong_probability

    @cached_property
    def _shared(self) -> Bool[np.ndarray, " item"]:
        """Which items share their chance of being wrong with others."""
        return np.asarray((self.group[:, None] == self.group).sum(axis=0) > 1)

    def _chained(
        self, items: Int[np.ndarray, " some"], logs: tuple[Values, Values], alone: tuple[Values, Values]
    ) -> tuple[Values, Values, Values]:
        """Joint log-likelihoods up to every item, those of wrong reports, and what each item adds.

        Most items stand alone, as they are in `alone`; those of groups, with their `logs` if right and
        if wrong, are summed up within them.
        """
        right, wide = logs
        xp = library(right)
        same = self.group[items][:, None] == self.group[items]
        up_to = xp.asarray(((items[:, None] >= items) & same).astype(np.float64), dtype=right.dtype)
        first = [own == np.flatnonzero(self.group == self.group[own])[0] for own in items]
        wrong = xp.asarray(self._wrong[items], dtype=right.dtype)[:, None]
        sums, wides = up_to @ right, up_to @ wide
        joint, before = (_log_mixture(wrong, sums - r, wides - w) for r, w in ((0.0, 0.0), (right, wide)))
        added = joint - xp.where(np.array(first)[:, None], 0.0, before)
        # a product in place of an assignment, which would be made number by number
        places = np.arange(len(self))[:, None] == items
        placed = xp.asarray(places.astype(np.float64), dtype=right.dtype)
        grouped = places.any(axis=1)[:, None]
        known = ((joint, alone[0]), (wides, alone[1]), (added, alone[0]))
        so_far, broad, chained = (xp.where(grouped, placed @ new, old) for new, old in known)
        return so_far, broad, chained

    def _effects(self, predicted: Values, biases: Values) -> Values:
        """What biases add to what worlds say, in the order of the groups."""
        design = self.bias.design if self.grades is None else self.grades.design
        design = design if self._order is None else design[:, self._order]
        effects: Values = library(predicted).asarray(design, dtype=predicted.dtype).T @ biases
        return effects

    @cached_property
    def _order(self) -> Int[np.ndarray, " item"] | None:
        """Items group by group; None where that is how they stand, as in a table of evidence."""
        order = np.concatenate([group.items for group in self.groups])
        return None if (np.diff(order) == 1).all() else order

    def _in_order(self, rows: Sequence[Values]) -> Values:
        """Rows of the groups, one group after another, as the items stand."""
        together: Values = library(rows[0]).concatenate(rows)
        return together if self._order is None else together[np.argsort(self._order)]


def _column(values: Values, group: ItemGroup, like: Values) -> Values:
    """What is known of every item, of those of a group."""
    return library(like).asarray(values[group.items], dtype=like.dtype)[:, None]


def _log_mixture(wrong: Values, right: Values, wide: Values) -> Values:
    xp = library(right)
    one, other = xp.log1p(-wrong) + right, xp.log(wrong) + wide
    peak = xp.maximum(xp.maximum(one, other), _LOWEST)
    return peak + xp.log(xp.exp(one - peak) + xp.exp(other - peak))

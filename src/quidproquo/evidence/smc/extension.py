"""A posterior that the program of other claims can be used for: what it knows, and what is worked out beside it.

A compiled program is one of so many claims of such forms on such observables. Where a case gets a claim
more, or loses one, its posterior is

    prior · Π Lᵢ of the items that the program knows · Π Lₖ of the items that it doesn't know.

Reports, grades and dates are arguments of the program, and an item is left out by a power of 0. The likelihood
of what it doesn't know is worked out here, in NumPy, from observables that one kept program gives on any day.

Items that share their chance of being wrong belong together: where one of them is new, is changed beyond
what arguments reach, or is gone, the program doesn't know the others either. A bias that touched one item is
a part of its `sd`; if a new item shares it, it becomes a coordinate, and the program doesn't know the old item
in this form. It goes on moving worlds by the old form, of which the likelihood is no more than a mean over
that bias; `bridge` corrects for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.observation.layout import COLUMNS, build_likelihood
from quidproquo.evidence.observation.likelihood import BiasLayout, Likelihood
from quidproquo.evidence.observation.operators import Operators, build_operators
from quidproquo.evidence.smc.evaluate import evaluate_items
from quidproquo.evidence.smc.target import LOG_ZERO, Target, build_target
from quidproquo.worlds.model import Model
from quidproquo.worlds.observe import observe

__all__ = ["MOST_CHANGES", "Extension", "changes_between", "extend", "extension_of"]

MOST_CHANGES = 10
"""Items added, removed and changed, beyond which the way from one posterior to another isn't short."""
_UNKNOWN = -1


@dataclass(frozen=True, eq=False)
class Extension:
    """A posterior, and a target of which there is a program.

    `target` is asked for and `program` is known, with the numbers that are asked for as far as it takes them. For
    each item of the target, `own` is its place among those of the program, or −1. Of the program's items that
    are none of the target's, `stand_ins` go on moving worlds: for each of these `replaced` is the item of the
    target that it stands in for. `before` is the program's target with the numbers that it had, and `renewed`
    are its items of which the numbers are others now. `observables` are those that are worked out together.
    """

    target: Target
    program: Target
    own: Int[np.ndarray, " item"]
    stand_ins: Int[np.ndarray, " stand_in"]
    replaced: Int[np.ndarray, " stand_in"]
    before: Target
    renewed: Int[np.ndarray, " renewed"]
    operators: Operators | None = None
    observables: tuple[str, ...] = ()
    changes: int = 0

    @cached_property
    def added(self) -> Int[np.ndarray, " added"]:
        """The target's items that the program doesn't know."""
        return np.flatnonzero(self.own == _UNKNOWN)

    @cached_property
    def extra_biases(self) -> tuple[str, ...]:
        """Biases that are coordinates of a world for added items alone."""
        return _missing(self.target.likelihood.bias.names, self.program.likelihood.bias.names)

    @cached_property
    def extra_coordinates(self) -> Int[np.ndarray, " _"]:
        """Places of the model's coordinates that only added items depend on."""
        return np.setdiff1d(self.target.active, self.program.active)

    @property
    def extras(self) -> tuple[str, ...]:
        """Names of the coordinates that the program doesn't move."""
        return tuple(self.target.model.coordinates[i] for i in self.extra_coordinates) + self.extra_biases

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all rows of a position: those of the program, then the others."""
        return self.program.names + self.extras

    def position(
        self,
        z: Float[np.ndarray, "world coordinate"],
        biases: Float[np.ndarray, "world bias"],
        otherwise: Float[np.ndarray, "world row"],
    ) -> Float[np.ndarray, "world row"]:
        """Worlds of the target as positions; biases that it hasn't are taken from `otherwise`."""
        known = {name: column for column, name in enumerate(self.target.likelihood.bias.names)}
        coordinates = {name: column for column, name in enumerate(self.target.model.coordinates)}
        found = np.array(otherwise, dtype=np.float32)
        for row, name in enumerate(self.names):
            if name in coordinates:
                found[:, row] = z[:, coordinates[name]]
            elif name in known:
                found[:, row] = biases[:, known[name]]
        return found

    def of_target(self, position: Float[np.ndarray, "world row"]) -> Float[np.ndarray, "world moved"]:
        """The same worlds as positions of the target."""
        rows = {name: row for row, name in enumerate(self.names)}
        return position[:, [rows[name] for name in self.target.names]]

    def predict(self, position: Float[np.ndarray, "world row"]) -> Float[np.ndarray, "world added"]:
        """What worlds say about the added items, in their units."""
        if self.operators is None:
            return np.zeros((len(position), 0))
        z = np.zeros((len(position), len(self.target.model.coordinates)), dtype=np.float32)
        moved = len(self.program.active)
        z[:, self.program.active] = position[:, :moved]
        first = len(self.program.names)
        z[:, self.extra_coordinates] = position[:, first : first + len(self.extra_coordinates)]
        return self._predict(z)

    def log_lik(
        self, predicted: Float[np.ndarray, "world added"], position: Float[np.ndarray, "world row"]
    ) -> Float[np.ndarray, "world added"]:
        """Log-likelihood of the added items; very low where it is not a number."""
        if self.operators is None:
            return np.zeros((len(position), 0))
        rows = {name: row for row, name in enumerate(self.names)}
        biases = position[:, [rows[name] for name in self._likelihood.bias.names]]
        found = self._likelihood.evaluate_items(predicted.T, biases.T.astype(np.float64))[0].T
        return np.where(np.isfinite(found), found, LOG_ZERO)

    def evaluate_items(
        self, z: Float[np.ndarray, "world coordinate"], biases: Float[np.ndarray, "world bias"]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Log-likelihood, chance of being wrong and prediction of the target's items, `[world, item]` each."""
        known = {name: column for column, name in enumerate(self.target.likelihood.bias.names)}
        of_program = np.zeros((len(z), len(self.program.likelihood.bias.names)), dtype=np.float32)
        for row, name in enumerate(self.program.likelihood.bias.names):
            if name in known:
                of_program[:, row] = biases[:, known[name]]
        every = [array[:, self.own] for array in evaluate_items(self.program, z, of_program)]
        if self.operators is not None:
            predicted = self._predict(z)
            touching = biases[:, self._touching].T.astype(np.float64)
            log_lik, wrong = self._likelihood.evaluate_items(predicted.T, touching)
            for array, rows in zip(every, (log_lik.T, wrong.T, predicted), strict=True):
                array[:, self.added] = rows
        return every[0], every[1], every[2]

    def powers(
        self, powers: Float[np.ndarray, " item"]
    ) -> tuple[Float[np.ndarray, " column"], Float[np.ndarray, " known"]]:
        """How items count in the posterior, program's first and then added ones, and in the program's moves."""
        total, moves = (np.zeros(len(self.program.ids)) for _ in range(2))
        known = self.own != _UNKNOWN
        total[self.own[known]] = moves[self.own[known]] = powers[known]
        moves[self.stand_ins] = powers[self.replaced]
        return np.concatenate([total, powers[self.added]]), moves

    @cached_property
    def _likelihood(self) -> Likelihood:
        """Of the added items, with the biases that touch any."""
        found = self.target.likelihood.select(self.added)
        rows = self._touching
        names = tuple(found.bias.names[row] for row in rows)
        return replace(found, bias=BiasLayout(names, found.bias.design[rows]))

    @cached_property
    def _touching(self) -> Int[np.ndarray, " _"]:
        return np.flatnonzero(self.target.likelihood.bias.design[:, self.added].any(axis=1))

    def _predict(self, z: Float[np.ndarray, "world coordinate"]) -> Float[np.ndarray, "world added"]:
        assert self.operators is not None
        return self.operators.combined_values(
            observe(self.target.model, self.operators.days, z, self.observables)
        ).T


def extension_of(target: Target) -> Extension:
    """A target of which there is a program itself."""
    nothing = np.zeros(0, dtype=np.int64)
    return Extension(target, target, np.arange(len(target.ids)), nothing, nothing, target, nothing)


def changes_between(base: EvidenceTable, table: EvidenceTable) -> tuple[str, ...]:
    """Ids of the items that one of two tables lacks, or that differ between them, sorted."""
    rows, others = ({name: _row(each, i) for i, name in enumerate(each.ids)} for each in (base, table))
    return tuple(sorted(name for name in {*rows, *others} if rows.get(name) != others.get(name)))


def extend(
    model: Model, base: EvidenceTable, table: EvidenceTable, observables: Sequence[str]
) -> Extension | None:
    """The posterior of a table, for the program of another; None where they differ by too many items.

    `observables` are those that claims can be about, whatever the table: a program works them out together.
    """
    changed = changes_between(base, table)
    if len(changed) > MOST_CHANGES or not len(base) or not len(table):
        return None
    before = build_target(model, base)
    likelihood = build_likelihood(table, before.likelihood.bias.names)
    target = build_target(model, table, likelihood)
    both = set(base.ids) & set(table.ids)
    renewed = [name for name in changed if name in both and _fits(model, before, base, table, name)]
    while True:
        program = _renewed(model, base, table, renewed)
        known = _known_items(program, target, [name for name in changed if name not in renewed])
        lost = [name for name in renewed if name not in known]
        if not lost:
            break
        # what the program doesn't know in its new form keeps its old one there, and goes
        renewed = [name for name in renewed if name in known]
    places = {name: i for i, name in enumerate(base.ids)}
    own = np.array([places[name] if name in known else _UNKNOWN for name in table.ids], dtype=np.int64)
    stand_ins = _stand_ins(program, known, changed)
    of_table = {name: i for i, name in enumerate(table.ids)}
    added = np.flatnonzero(own == _UNKNOWN)
    return Extension(
        target,
        program,
        own,
        stand_ins=np.array([places[name] for name in stand_ins], dtype=np.int64),
        replaced=np.array([of_table[name] for name in stand_ins], dtype=np.int64),
        before=before,
        renewed=_other_numbers(before, program),
        operators=build_operators(model, table.select(added)) if added.size else None,
        observables=tuple(observables),
        changes=len(changed),
    )


def _row(table: EvidenceTable, item: int) -> tuple[object, ...]:
    """An item as the table states it; which items share its chance of being wrong follows from the rows."""
    columns = [
        getattr(table, field.name)[item] for field in fields(table) if field.name not in ("group", "unused")
    ]
    # of numbers that are not given, none equals another
    return tuple("" if column != column else column for column in columns)  # noqa: PLR0124


def _with_rows(base: EvidenceTable, table: EvidenceTable, names: Sequence[str]) -> EvidenceTable:
    """A table with the rows of another in place of its own, of these items; groups stay as they are."""
    rows = {name: table.ids.index(name) for name in names}
    columns: dict[str, object] = {}
    for field in fields(base):
        own, other = getattr(base, field.name), getattr(table, field.name)
        if field.name in ("group", "unused"):
            continue
        merged = [other[rows[name]] if name in rows else own[i] for i, name in enumerate(base.ids)]
        columns[field.name] = tuple(merged) if isinstance(own, tuple) else np.array(merged, dtype=own.dtype)
    return replace(base, **columns)  # type: ignore[arg-type]


def _renewed(model: Model, base: EvidenceTable, table: EvidenceTable, names: Sequence[str]) -> Target:
    return build_target(model, _with_rows(base, table, names))


def _fits(model: Model, before: Target, base: EvidenceTable, table: EvidenceTable, name: str) -> bool:
    """Whether the program of a target takes an item's new row as an argument."""
    other = build_target(model, _with_rows(base, table, [name]))
    return other.structure.hash == before.structure.hash


def _known_items(program: Target, target: Target, gone: Sequence[str]) -> set[str]:
    """Ids of the target's items that the program knows as they are, with all of their groups."""
    known = set(program.ids) & set(target.ids) - set(gone)
    groups = [_groups(each) for each in (program, target)]
    about = [_columns(each) for each in (program, target)]
    known = {name for name in known if about[0][name] == about[1][name]}
    while True:
        whole = {name for name in known if all(group[name] <= known for group in groups)}
        if whole == known:
            return known
        known = whole


def _other_numbers(before: Target, program: Target) -> Int[np.ndarray, " renewed"]:
    """Items whose likelihood differs: one's own numbers, or those of its group."""
    old, new = _columns(before), _columns(program)
    days = [dict(zip(each.ids, _days(each), strict=True)) for each in (before, program)]
    differs = [old[name] != new[name] or days[0][name] != days[1][name] for name in program.ids]
    return np.flatnonzero(differs)


def _days(target: Target) -> list[bytes]:
    """For each item, the days that it is compared on, with their weights."""
    operators, found = target.operators, []
    for name, weights in operators.weights.items():
        for row in weights:
            some = np.flatnonzero(row)
            found.append(operators.days[name][some].tobytes() + row[some].tobytes())
    return [found[place] for place in operators.order]


def _groups(target: Target) -> dict[str, frozenset[str]]:
    """For each item, those that share its chance of being wrong."""
    group = target.likelihood.group
    members = {
        number: frozenset(target.ids[i] for i in np.flatnonzero(group == number)) for number in set(group)
    }
    return {name: members[number] for name, number in zip(target.ids, group, strict=True)}


def _columns(target: Target) -> dict[str, tuple[object, ...]]:
    """For each item all that its likelihood depends on."""
    likelihood = target.likelihood
    names = (*COLUMNS, "wrong_probability", "range_low", "range_high")
    found: dict[str, tuple[object, ...]] = {}
    for item, name in enumerate(target.ids):
        effects = likelihood.bias.design[:, item]
        biases = tuple(
            (bias, float(effect))
            for bias, effect in zip(likelihood.bias.names, effects, strict=True)
            if effect != 0.0
        )
        numbers = tuple(float(getattr(likelihood, column)[item]) for column in names)
        plain = tuple("" if number != number else number for number in numbers)  # noqa: PLR0124
        found[name] = (likelihood.scale[item], likelihood.form[item], plain, biases)
    return found


def _stand_ins(program: Target, known: set[str], changed: Sequence[str]) -> list[str]:
    """Items that the program knows as they were, and whose groups are unchanged: they go on moving worlds."""
    groups = _groups(program)
    return [
        name for name in program.ids if name not in known and not any(one in changed for one in groups[name])
    ]


def _missing(names: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in known)

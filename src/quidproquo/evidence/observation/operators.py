"""Operators: what a claim is compared with, as a function of the world and of the claim's own dates.

A claim on a cumulative observable with a start is compared with C(event) − C(since). A coarse date
is averaged over its days by nodes at equal distances. All days are evaluated exactly. A capacity is
what a load could hold in a world times the number of loads that is reported beside it: the count
stands for itself, and a capacity bears on neither loads nor goods.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax.typing import DTypeLike
from jaxtyping import Array, Float, Int

from quidproquo.claims.table import EvidenceTable
from quidproquo.terms.errors import ClaimError, sentence
from quidproquo.worlds.model import Coordinates, Model
from quidproquo.worlds.observe import observe
from quidproquo.worlds.priors import Numbers

__all__ = ["OperatorInputs", "Operators", "build_operators"]

_FORTNIGHT, _QUARTER = 16, 100


class OperatorInputs(NamedTuple):
    """Different arrays of days, and an observable's weights each, as arguments of a program."""

    days: tuple[Numbers, ...]
    weights: tuple[Numbers, ...]


@dataclass(frozen=True)
class Operators:
    """Days wanted of every observable, and the weights that turn observables into one number a claim.

    `days[observable]` are all days at which it is asked for: its mechanism is asked for no other
    output on them. `weights[observable]` is `[item of that observable, day]`. `order` tells where
    each item of the evidence table stands among the items as they come, observable by observable.
    """

    days: Mapping[str, Numbers]
    weights: Mapping[str, Numbers]
    order: Int[np.ndarray, " item"]

    @property
    def inputs(self) -> OperatorInputs:
        """All days and weights, in the precision of the programs."""
        days, weights = (
            tuple(np.asarray(array, dtype=np.float32) for array in arrays)
            for arrays in (self._different, self.weights.values())
        )
        return OperatorInputs(days, weights)

    def with_inputs(self, inputs: OperatorInputs) -> Operators:
        """The operators of claims on other days, in the same number on each observable."""
        places = self._places.values()
        return replace(
            self,
            days=dict(zip(self.days, (inputs.days[place] for place in places), strict=True)),
            weights=dict(zip(self.weights, inputs.weights, strict=True)),
        )

    @property
    def structure(self) -> tuple[object, ...]:
        """All that a program of it depends on besides its `inputs` (see `worlds.programs`)."""
        return tuple(self._places.items()), self.order

    @cached_property
    def _different(self) -> list[Float[np.ndarray, " _"]]:
        """The arrays of days, each once."""
        return list({days.tobytes(): days for days in self.days.values()}.values())

    @cached_property
    def _places(self) -> dict[str, int]:
        """Which of them each observable asks for."""
        order = [days.tobytes() for days in self._different]
        return {name: order.index(days.tobytes()) for name, days in self.days.items()}

    def predict(self, model: Model, z: Coordinates) -> Float[Array, "item world"]:
        """What worlds say about every claim, in the claim's unit, before any bias."""
        return self.combined(model.past(z, self.wanted(z[0].dtype)))

    def predict_worlds(
        self, model: Model, z: Float[np.ndarray, "world coordinate"]
    ) -> Float[np.ndarray, "world item"]:
        """The same for any number of worlds, in blocks of one size by one compiled program."""
        return self.combined_values(observe(model, self.days, z)).T

    def wanted(self, dtype: DTypeLike, until: float = np.inf) -> dict[str, Float[Array, "_ 1"]]:
        """The days on which each observable is asked for, none later than `until`.

        Observables that ask for the same days share one array, so that what they have in common is
        worked out once.
        """
        shared: dict[int, Array] = {}
        wanted = {}
        for name, days in self.days.items():
            if id(days) not in shared:
                known = jnp.asarray(days, dtype)[:, None]
                shared[id(days)] = known if until == np.inf else jnp.minimum(known, until)
            wanted[name] = shared[id(days)]
        return wanted

    def combined(self, known: Mapping[str, Float[Array, "_ world"]]) -> Float[Array, "item world"]:
        """One number a claim, from observables on the days wanted of each."""
        rows = [
            jnp.asarray(weights, known[name].dtype) @ known[name] for name, weights in self.weights.items()
        ]
        return jnp.concatenate(rows)[self.order]

    def combined_values(
        self, known: Mapping[str, Float[np.ndarray, "_ world"]]
    ) -> Float[np.ndarray, "item world"]:
        """The same of observables that were worked out already, in double precision."""
        rows = [
            # summed day by day: a product of matrices may depend on the number of threads
            (weights[:, :, None] * known[name].astype(np.float64)).sum(axis=1)
            for name, weights in self.weights.items()
        ]
        found: Float[np.ndarray, "item world"] = np.concatenate(rows)[self.order]
        return found


def build_operators(model: Model, table: EvidenceTable) -> Operators:
    """Lay out the days and weights for all items of an evidence table.

    Raises:
        ClaimError: if a claim's `since` lies after its event.
    """
    start = model.start.toordinal()
    entries = []
    for item, name in enumerate(table.observable):
        output = model.output(name)
        nodes = [(day, 1.0) for day in _nodes(table.event_start[item], table.event_end[item])]
        times = float(table.loads[item])
        days = [(day - start, times * weight / len(nodes)) for day, weight in nodes]
        if output.kind == "cumulative" and not np.isnan(table.since_start[item]):
            _check_since(table, item)
            earlier = _nodes(table.since_start[item], table.since_start[item])
            days += [(day - start, -1.0 / len(earlier)) for day in earlier]
        entries.append((name, days))
    return _assemble(entries)


def _check_since(table: EvidenceTable, item: int) -> None:
    if table.since_start[item] > table.event_end[item]:
        raise ClaimError(
            sentence(
                f"claim '{table.ids[item]}'",
                "since",
                "later than event",
                "no later than the event date",
                "correct the dates",
            )
        )


def _nodes(first: float, last: float) -> list[float]:
    """Days that stand for an interval: its only day, or the middles of 3, 5 or 7 equal parts."""
    length = last - first + 1
    if length <= 1:
        return [first]
    count = 3 if length <= _FORTNIGHT else 5 if length <= _QUARTER else 7
    return [first + length * (i + 0.5) / count - 0.5 for i in range(count)]


def _assemble(entries: list[tuple[str, list[tuple[float, float]]]]) -> Operators:
    items: dict[str, list[int]] = {}
    for item, (name, _) in enumerate(entries):
        items.setdefault(name, []).append(item)
    days, weights = {}, {}
    shared: dict[bytes, Float[np.ndarray, " _"]] = {}
    for name in sorted(items):
        known = np.array(sorted({day for item in items[name] for day, _ in entries[item][1]}))
        known = shared.setdefault(known.tobytes(), known)
        table = np.zeros((len(items[name]), len(known)))
        for row, item in enumerate(items[name]):
            for day, weight in entries[item][1]:
                table[row, int(np.searchsorted(known, day))] += weight
        days[name], weights[name] = known, table
    placed = [item for name in sorted(items) for item in items[name]]
    return Operators(days, weights, np.argsort(placed))

"""Operators: what a claim is compared with, as a function of the world and of the claim's own dates.

A claim on a cumulative observable with a start is compared with C(event) − C(since). A coarse date
is averaged over its days by nodes at equal distances. All days are evaluated exactly. A capacity is
what a load could hold in a world times the number of loads that is reported beside it: the count
stands for itself, and a capacity bears on neither loads nor goods.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import DTypeLike
from jaxtyping import Array, Float, Int

from quidproquo.claims.table import EvidenceTable
from quidproquo.terms.errors import ClaimError, sentence
from quidproquo.worlds.model import Coordinates, Model
from quidproquo.worlds.runtime import compiled_for, parallel_map
from quidproquo.worlds.streams import BLOCK, blocks

__all__ = ["Operators", "build_operators"]

_FORTNIGHT, _QUARTER = 16, 100


@dataclass(frozen=True)
class Operators:
    """Days wanted of every observable, and the weights that turn observables into one number a claim.

    `days[observable]` are all days at which it is asked for: its mechanism is asked for no other
    output on them. `weights[observable]` is `[item of that observable, day]`. `order` tells where
    each item of the evidence table stands among the items as they come, observable by observable.
    """

    days: Mapping[str, Float[np.ndarray, " _"]]
    weights: Mapping[str, Float[np.ndarray, "_ _"]]
    order: Int[np.ndarray, " item"]

    def predict(self, model: Model, z: Coordinates) -> Float[Array, "item world"]:
        """What worlds say about every claim, in the claim's unit, before any bias."""
        return self.combined(model.past(z, self.wanted(z[0].dtype)))

    def predict_worlds(
        self, model: Model, z: Float[np.ndarray, "world coordinate"]
    ) -> Float[np.ndarray, "world item"]:
        """The same for any number of worlds, in blocks of one size by one compiled program."""
        shape = jax.ShapeDtypeStruct((z.shape[1], BLOCK), jnp.float32)  # type: ignore[no-untyped-call]
        program = compiled_for(partial(self.predict, model), shape)

        def one(block: tuple[np.ndarray, int]) -> np.ndarray:
            rows, counting = block
            return np.asarray(program(jnp.asarray(z[rows].T, jnp.float32))).T[:counting]

        return np.concatenate(parallel_map(one, blocks(len(z)))).astype(np.float64)

    def wanted(self, dtype: DTypeLike, until: float = np.inf) -> dict[str, Float[Array, "_ 1"]]:
        """The days on which each observable is asked for, none later than `until`.

        Observables that ask for the same days share one array, so that what they have in common is
        worked out once.
        """
        shared: dict[bytes, Array] = {}
        wanted = {}
        for name, days in self.days.items():
            some = np.minimum(days, until)
            wanted[name] = shared.setdefault(some.tobytes(), jnp.asarray(some, dtype)[:, None])
        return wanted

    def combined(self, known: Mapping[str, Float[Array, "_ world"]]) -> Float[Array, "item world"]:
        """One number a claim, from observables on the days wanted of each."""
        rows = [
            jnp.asarray(weights, known[name].dtype) @ known[name] for name, weights in self.weights.items()
        ]
        return jnp.concatenate(rows)[self.order]


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
    for name in sorted(items):
        known = np.array(sorted({day for item in items[name] for day, _ in entries[item][1]}))
        table = np.zeros((len(items[name]), len(known)))
        for row, item in enumerate(items[name]):
            for day, weight in entries[item][1]:
                table[row, int(np.searchsorted(known, day))] += weight
        days[name], weights[name] = known, table
    placed = [item for name in sorted(items) for item in items[name]]
    return Operators(days, weights, np.argsort(placed))

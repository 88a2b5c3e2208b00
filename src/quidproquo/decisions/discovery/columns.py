"""Worlds made ready for scenario discovery: checked, copies merged, every column sorted once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from quidproquo.decisions.discovery.record import WorldTable
from quidproquo.evidence.weights.estimators import MINIMUM_ISLANDS
from quidproquo.terms.errors import EvidenceError, sentence

__all__ = ["SortedWorlds", "numbered_worlds", "sorted_worlds"]


@dataclass(frozen=True)
class SortedWorlds:
    """Worlds with weight, copies merged, and every numeric column sorted.

    `weight` sums to one. `order[k]` sorts the column `numeric[k]`, and `keys[k]` holds its values in that order.
    `codes` are the categorical columns. `second_half` halves the islands. `copy_of` is the place of each world of
    the table among the distinct ones, or −1 where it has no weight.
    """

    columns: tuple[str, ...]
    numeric: tuple[int, ...]
    categorical: tuple[int, ...]
    order: Int[np.ndarray, "numeric world"]
    keys: Float[np.ndarray, "numeric world"]
    codes: Int[np.ndarray, "categorical world"]
    target: Bool[np.ndarray, " world"]
    weight: Float[np.ndarray, " world"]
    island: Int[np.ndarray, " world"]
    second_half: Bool[np.ndarray, " world"]
    copy_of: Int[np.ndarray, " row"]


def sorted_worlds(table: WorldTable, target: Bool[np.ndarray, " world"]) -> SortedWorlds:
    """Check the worlds, merge copies and sort the columns.

    Raises EvidenceError where a number isn't finite, a weight is negative, no world has weight, a code of a
    category is no whole number from zero up, or fewer than eight islands have weight.
    """
    _check(table)
    alive = np.flatnonzero(table.weights > 0.0)
    rows = np.ascontiguousarray(table.values[alive].T, dtype=np.float64)
    hits, island = np.asarray(target[alive], dtype=bool), np.asarray(table.island[alive], dtype=np.int64)
    groups = np.unique(island, return_inverse=True)[1]
    if alive.size == 0 or groups.max() + 1 < MINIMUM_ISLANDS:
        found = 0 if alive.size == 0 else int(groups.max()) + 1
        allowed, remedy = f"at least {MINIMUM_ISLANDS}", "run the ensemble in more independent islands"
        raise EvidenceError(
            sentence("worlds to search", "number of islands with weight", found, allowed, remedy)
        )
    world = np.arange(alive.size) if table.world is None else table.world[alive]
    _, first, place = np.unique(world, return_index=True, return_inverse=True)
    weight = np.bincount(place, weights=table.weights[alive], minlength=first.size)
    copy_of = np.full(len(table.weights), -1)
    copy_of[alive] = place
    rows = rows[:, first]
    names = table.columns
    categorical = tuple(i for i, name in enumerate(names) if name in table.categorical)
    numeric = tuple(i for i, name in enumerate(names) if name not in table.categorical)
    order = np.empty((len(numeric), first.size), dtype=np.intp)
    for k, column in enumerate(numeric):
        order[k] = np.argsort(rows[column])
    return SortedWorlds(
        columns=names,
        numeric=numeric,
        categorical=categorical,
        order=order,
        keys=np.take_along_axis(rows[list(numeric)], order, axis=1) if numeric else np.empty(order.shape),
        codes=rows[list(categorical)].astype(np.int64).reshape(len(categorical), first.size),
        target=hits[first],
        weight=weight / weight.sum(),
        island=groups[first],
        second_half=np.asarray(groups[first] % 2 == 1),
        copy_of=copy_of,
    )


def _check(table: WorldTable) -> None:
    unknown = sorted(table.categorical.difference(table.columns))
    if unknown:
        allowed = "one of its columns"
        raise EvidenceError(sentence("worlds to search", "categorical", unknown[0], allowed, "correct it"))
    weights = table.weights
    if not np.isfinite(weights).all() or (weights < 0.0).any():
        wrong = weights[~np.isfinite(weights) | (weights < 0.0)][0]
        remedy = "give failed worlds the weight 0"
        raise EvidenceError(sentence("worlds to search", "weight", wrong, "a number from 0 up", remedy))
    sound = table.values[weights > 0.0]
    for place, name in enumerate(table.columns):
        column = sound[:, place]
        if not np.isfinite(column).all():
            remedy = "give failed worlds the weight 0"
            raise EvidenceError(sentence(f"column {name!r}", "value", "not a number", "finite", remedy))
        if name in table.categorical and ((column < 0.0) | (column != np.floor(column))).any():
            allowed, remedy = "a whole number from 0 up", "number the categories"
            wrong = column[(column < 0.0) | (column != np.floor(column))][0]
            raise EvidenceError(sentence(f"column {name!r}", "category", wrong, allowed, remedy))


def numbered_worlds(draws: Float[np.ndarray, "row parameter"]) -> Int[np.ndarray, " row"]:
    """Number rows of draws so that copies of one world share a number; for `WorldTable.world`."""
    place = np.zeros(len(draws), dtype=np.int64)
    count = 1
    for column in draws.T:
        if count == place.size:
            break
        _, codes = np.unique(column, return_inverse=True)
        distinct, place = np.unique(place * (int(codes.max()) + 1) + codes, return_inverse=True)
        count, place = distinct.size, place.astype(np.int64)
    return place

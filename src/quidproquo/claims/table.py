"""The hand-over from claims to evidence: arrays, with ids only as labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Bool, Float, Int

from quidproquo.terms.vocabulary import Comparison, Scale

__all__ = ["EvidenceTable", "Unused", "UnusedReason"]

UnusedReason: TypeAlias = Literal[
    "rejected",
    "derived",
    "forecast",
    "recommendation",
    "context",
    "not reviewed",
    "assessment without a world event",
    "no operator",
    "no publication date",
    "published after the as-of date",
    "no event date",
    "event later than the as-of date",
    "possibility word",
    "credibility cannot be judged",
    "relays another report of the same origin",
    "worked out from claims that condition",
    "a capacity without a count of its loads",
    "withdrawn by its source",
]


@dataclass(frozen=True)
class Unused:
    """A claim that doesn't condition, and why, in a few words that are counted and shown."""

    claim: str
    reason: UnusedReason


@dataclass(frozen=True)
class EvidenceTable:
    """The claims that condition, one row an item.

    Days are ordinals (`date.toordinal`) as float64. `since_start` and `since_end` bound the date from
    which a claim counts, and are NaN where none is stated; `event_start` and `event_end` bound the
    event date. Both ends are the same for a single day. `value` is NaN for `between`, which uses
    `low` and `high`, and for propositions, which use `likelihood_low` and `likelihood_high`.
    `credibility` is 1–6, `reliability` an index into `terms.grades.RELIABILITY_GRADES`. `group` numbers
    the claims of one origin on one quantity and date: they share their chance of being wrong. `loads`
    is the reported number of loads to which a capacity refers, and 1 for all other claims.
    """

    ids: tuple[str, ...]
    quantity: tuple[str, ...]
    observable: tuple[str, ...]
    scale: tuple[Scale, ...]
    comparison: tuple[Comparison, ...]
    qualifier: tuple[str, ...]
    origin: tuple[str, ...]
    family: tuple[str, ...]
    near: Bool[np.ndarray, " item"]
    value: Float[np.ndarray, " item"]
    low: Float[np.ndarray, " item"]
    high: Float[np.ndarray, " item"]
    since_start: Float[np.ndarray, " item"]
    since_end: Float[np.ndarray, " item"]
    event_start: Float[np.ndarray, " item"]
    event_end: Float[np.ndarray, " item"]
    range_low: Float[np.ndarray, " item"]
    range_high: Float[np.ndarray, " item"]
    likelihood_low: Float[np.ndarray, " item"]
    likelihood_high: Float[np.ndarray, " item"]
    reliability: Int[np.ndarray, " item"]
    credibility: Int[np.ndarray, " item"]
    group: Int[np.ndarray, " item"]
    loads: Float[np.ndarray, " item"]
    unused: tuple[Unused, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    def select(self, items: Sequence[int] | Int[np.ndarray, " chosen"]) -> EvidenceTable:
        """The same table with only these items, in this order."""
        columns = {}
        for field in fields(self):
            column = getattr(self, field.name)
            if field.name == "unused":
                columns[field.name] = column
            elif isinstance(column, tuple):
                columns[field.name] = tuple(column[item] for item in items)
            else:
                columns[field.name] = column[np.asarray(items, dtype=np.int64)]
        return EvidenceTable(**columns)

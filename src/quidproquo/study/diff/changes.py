"""What differs between the claims that weigh, and the priors, of two runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from jaxtyping import Int

from quidproquo.claims.table import EvidenceTable
from quidproquo.study.schema.assumptions import AssumptionRecord
from quidproquo.study.schema.brief import Brief

__all__ = ["ADDED", "GROUPS", "PRIORS", "REGRADED", "REMOVED", "Changes", "changes_of"]

REMOVED, REGRADED, ADDED, PRIORS = "removed", "regraded", "added", "priors"
GROUPS = (REMOVED, REGRADED, ADDED, PRIORS)
"""What a difference between two runs is split between, in the order in which it is shown."""

_OPERATOR = (
    "observable", "qualifier", "since_start", "since_end", "event_start", "event_end", "loads",
)  # fmt: skip
"""Columns that say what a world predicts for a claim; the others say what is reported."""


@dataclass(frozen=True)
class Changes:
    """The claims of two runs side by side, and which of them, and which priors, differ.

    `old` and `new` are the tables. `kept` are ids in both tables with equal rows; `regraded` are in both with rows
    that differ, by a grade or a correction. `priors` are the parameters and hypotheses whose prior is another.
    """

    old: EvidenceTable
    new: EvidenceTable
    removed: tuple[str, ...]
    regraded: tuple[str, ...]
    added: tuple[str, ...]
    priors: tuple[str, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups in which anything differs."""
        return tuple(name for name in GROUPS if getattr(self, name))

    def table(self, happened: frozenset[str]) -> EvidenceTable:
        """The claims once the changes of some groups have happened: those of the new table, then removed ones.

        Claims share their chance of being wrong with those of the new table that speak of the same thing.
        """
        without = () if ADDED in happened else self.added
        corrected = () if REGRADED in happened else self.regraded
        of_new = [place for place, item in enumerate(self.new.ids) if item not in without]
        restored = () if REMOVED in happened else self.removed
        of_old = [self.old.ids.index(item) for item in restored]
        base = _replaced(self.new, self.old, corrected).select(of_new)
        return _joined(base, self.old.select(of_old), self.new)

    def predicted_elsewhere(self) -> tuple[str, ...]:
        """Claims of the old run of which the new run's worlds don't hold what they predict."""
        moved = [
            item
            for item in self.regraded
            if _key(self.old, item, _OPERATOR) != _key(self.new, item, _OPERATOR)
        ]
        return (*self.removed, *moved)


def changes_of(old: tuple[Brief, EvidenceTable], new: tuple[Brief, EvidenceTable]) -> Changes:
    """Compare the claims that weigh, and the priors, of two runs."""
    names = [field.name for field in fields(EvidenceTable) if field.name not in ("ids", "group", "unused")]
    before, after = set(old[1].ids), set(new[1].ids)
    both = [item for item in new[1].ids if item in before]
    return Changes(
        old=old[1],
        new=new[1],
        removed=tuple(item for item in old[1].ids if item not in after),
        regraded=tuple(item for item in both if _key(old[1], item, names) != _key(new[1], item, names)),
        added=tuple(item for item in new[1].ids if item not in before),
        priors=_priors(old[0], new[0]),
    )


def _key(table: EvidenceTable, item: str, names: Sequence[str]) -> tuple[object, ...]:
    place = table.ids.index(item)
    row = [getattr(table, name)[place] for name in names]
    # of numbers that are not given, none equals another
    return tuple("" if value != value else value for value in row)  # noqa: PLR0124


def _priors(old: Brief, new: Brief) -> tuple[str, ...]:
    moved = [
        name
        for name, prior in new.assumptions.items()
        if name in old.assumptions and _prior_key(prior) != _prior_key(old.assumptions[name])
    ]
    answers = [
        name
        for name, hypothesis in new.hypotheses.items()
        if name in old.hypotheses
        and {k: s.prior for k, s in hypothesis.states.items()}
        != {k: s.prior for k, s in old.hypotheses[name].states.items()}
    ]
    return (*moved, *answers)


def _prior_key(prior: AssumptionRecord) -> tuple[object, ...]:
    return prior.distribution, prior.prior_q05, prior.prior_q95


def _replaced(table: EvidenceTable, other: EvidenceTable, items: Sequence[str]) -> EvidenceTable:
    """A table with rows of another in place of its own, under the groups that these have there."""
    places = {item: other.ids.index(item) for item in items}
    columns: dict[str, object] = {}
    for field in fields(table):
        if field.name in ("group", "unused"):
            continue
        own, others = getattr(table, field.name), getattr(other, field.name)
        merged = [others[places[item]] if item in places else own[i] for i, item in enumerate(table.ids)]
        columns[field.name] = tuple(merged) if isinstance(own, tuple) else np.array(merged, dtype=own.dtype)
    return replace(table, **columns)  # type: ignore[arg-type]


def _joined(base: EvidenceTable, more: EvidenceTable, new: EvidenceTable) -> EvidenceTable:
    """Rows of two tables in one."""
    columns: dict[str, object] = {}
    for field in fields(base):
        own, others = getattr(base, field.name), getattr(more, field.name)
        if field.name == "group":
            columns[field.name] = np.concatenate([own, _groups(more, new)])
        elif field.name != "unused":
            columns[field.name] = (
                own + others if isinstance(own, tuple) else np.concatenate([own, others]).astype(own.dtype)
            )
    return EvidenceTable(**columns)  # type: ignore[arg-type]


def _groups(more: EvidenceTable, new: EvidenceTable) -> Int[np.ndarray, " item"]:
    """Numbers of groups for claims of the old table: those of the new one's claims on the same thing."""
    known = {_about(new, place): int(new.group[place]) for place in range(len(new))}
    beyond = max(known.values(), default=0) + 1
    return np.array(
        [known.get(_about(more, place), beyond + int(more.group[place])) for place in range(len(more))],
        dtype=np.asarray(new.group).dtype,
    )


def _about(table: EvidenceTable, place: int) -> tuple[object, ...]:
    return (
        table.origin[place],
        table.quantity[place],
        float(table.event_start[place]),
        float(table.event_end[place]),
    )

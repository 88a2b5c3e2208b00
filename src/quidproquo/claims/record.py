"""The claim: a deduplicated statement with all its appearances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from quidproquo.reading.record import Appearance
from quidproquo.terms.edtf import Interval
from quidproquo.terms.grades import ReliabilityGrade
from quidproquo.terms.vocabulary import Comparison, Relation, Role, State, Verification

__all__ = ["Claim", "Link"]


@dataclass(frozen=True)
class Claim:
    """A statement that somebody made, with every place where it stands.

    Numbers are in `unit`. `origin` is who the speaker relies on (the speaker when the table is
    empty there), already resolved to the name of a source of the case where it has one; `family`
    is the state or alliance behind that origin. `reliability` is the grade of the origin's source,
    `credibility` that of the claim. `derived` claims follow by arithmetic from others
    and never weigh. `extra` keeps the columns that aren't ours.
    """

    id: str
    role: Role
    quantity: str
    proposition: str
    comparison: Comparison
    near: bool
    value: float | None
    low: float | None
    high: float | None
    unit: str
    qualifier: str
    since: Interval | None
    event: Interval | None
    published: Interval | None
    speaker: str
    reporting_source: str
    origin: str
    family: str
    reliability: ReliabilityGrade
    credibility: int
    hedge: str
    paraphrase: str
    url: str
    verification: Verification
    note: str
    state: State = "accepted"
    derived: bool = False
    likelihood: tuple[float, float] | None = None
    appearances: tuple[Appearance, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Link:
    """How two claims hang together: derived_from, relays, contradicts, supersedes, corroborates."""

    a: str
    relation: Relation
    b: str

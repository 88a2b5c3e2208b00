"""Claims and documents as data: who said what, where it stands, and what contradicts or repeats what."""

from __future__ import annotations

from typing import Literal

from quidproquo.study.schema.record import Edtf, Record, Reliability
from quidproquo.terms.vocabulary import Comparison, Role, SpanKind, State

__all__ = [
    "AppearanceRecord",
    "CircularRecord",
    "ClaimRecord",
    "ConflictRecord",
    "DocumentRecord",
    "ForecastRecord",
]

DocumentStatus = Literal[
    "read",
    "empty",
    "other language",
    "unreadable",
    "missing",
    "duplicate",
    "not answered",
    "partly read",
]


class AppearanceRecord(Record):
    """One place where a claim stands; `quote` is the document's own words only if `kind` is original."""

    document: str
    kind: SpanKind
    start: int
    end: int
    quote: str
    speakers: list[str]
    cue: str
    hedge: str
    page: int | None = None


class DocumentRecord(Record):
    """A document that was read, or that could not be; `number` is its number in the list of sources."""

    id: str
    number: int
    name: str
    title: str
    kind: SpanKind
    publisher: str
    author: str
    published: Edtf
    url: str
    snapshot: str
    status: DocumentStatus
    reason: str
    text: str


class ClaimRecord(Record):
    """A claim with the columns of the tables, its grade, its state, and where it stands.

    `title` is that of its quantity or topic, `sentence` that of its proposition; empty in runs of before.
    """

    id: str
    role: Role
    quantity: str
    proposition: str
    comparison: Comparison | Literal[""]
    near: bool
    value: float | None
    low: float | None
    high: float | None
    unit: str
    qualifier: str
    since: Edtf
    event: Edtf
    published: Edtf
    speaker: str
    reporting_source: str
    origin: str
    family: str
    reliability: Reliability
    credibility: int
    hedge: str
    paraphrase: str
    url: str
    verification: str
    note: str
    state: State
    derived: bool
    used: bool
    unused_reason: str
    appearances: list[AppearanceRecord]
    title: str = ""
    sentence: str = ""


class ConflictRecord(Record):
    """Two claims that exclude each other by a rule, or that the case sets against each other: see `reason`."""

    a: str
    b: str
    quantity: str
    reason: str


class CircularRecord(Record):
    """Claims that look like several witnesses but go back to one."""

    origin: str
    claims: list[str]
    reason: str


class ForecastRecord(Record):
    """A forecast that somebody made; it never conditions, and is scored when it has fallen due.

    `due` is the last day of which it speaks; empty where it names none after the day on which it was made.
    `stated` is what the speaker's likelihood word stands for. `chance`, with its Monte Carlo error `mcse`, is the
    probability that the weighted worlds give to the same event by the same day, with policy as it stands; null
    where the model has nothing that it could be compared with. A forecast that is due came true where that chance
    is at least 0.95, and did not where it is at most 0.05; in between the claims don't settle it. `score` holds
    the Brier scores of the two ends of `stated`, the better first: 0 is best, 1 worst.
    """

    claim: str
    due: Edtf
    stated: tuple[float, float] | None = None
    chance: float | None = None
    mcse: float | None = None
    note: Literal["no date", "due", "open"]
    outcome: Literal["", "came true", "did not come true", "not settled"] = ""
    score: tuple[float, float] | None = None

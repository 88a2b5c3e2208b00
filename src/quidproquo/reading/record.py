"""What reading hands on: snapshots of documents, and the appearances found in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from quidproquo.terms.edtf import Interval
from quidproquo.terms.vocabulary import Comparison, NumericComparison, Role, SpanKind, Stage

__all__ = [
    "Appearance",
    "Disagreement",
    "Document",
    "Locator",
    "Outcome",
    "Quantified",
    "Reading",
    "Refused",
    "Snapshot",
    "Speaker",
]


DocumentStatus: TypeAlias = Literal[
    "read", "empty", "other language", "unreadable", "missing", "duplicate", "not answered", "partly read"
]
RefusalStatus: TypeAlias = Literal[
    "malformed",
    "no such quote",
    "no such number",
    "no such speaker",
    "unknown quantity",
    "unknown proposition",
    "other unit",
    "other comparison",
    "other polarity",
    "repeated",
]
SpeakerRole: TypeAlias = Literal["author", "relay", "originator"]
Anonymity: TypeAlias = Literal["named", "office", "collective", "none"]
Modality: TypeAlias = Literal["certain", "probable", "possible", "unknown"]
Polarity: TypeAlias = Literal["asserted", "denied", "counterfactual", "unconfirmed"]
NumberKind: TypeAlias = Literal[
    "count", "money", "share", "part", "points", "measure", "time", "ratio", "age", "member"
]


@dataclass(frozen=True)
class Snapshot:
    """The immutable text of a document, named by its hash.

    `id` is "sha256:" and the first 16 hexadecimal digits over the UTF-8 bytes of `text`;
    all spans are code-point offsets into `text`. `pages` holds the offset at which each page starts
    (empty where the format has no pages).
    """

    id: str
    text: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True)
class Document:
    """What was read, and what became of it.

    `kind` is "original" or "digest". `status` is "read", "empty", "other language", "unreadable",
    "missing" or "duplicate", or, where a model reads, "not answered" or "partly read"; `reason` says
    why in one sentence when it isn't "read".
    `published_from` tells which clue the publication date was taken from. `named` says that the user
    named the document itself, rather than a folder or a pattern it was found by.
    """

    id: str
    name: str
    kind: SpanKind
    format: str
    snapshot: str
    title: str = ""
    author: str = ""
    publisher: str = ""
    published: Interval | None = None
    published_from: str = ""
    url: str = ""
    language: str = ""
    status: DocumentStatus = "read"
    reason: str = ""
    duplicate_of: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    named: bool = False


@dataclass(frozen=True)
class Locator:
    """A span in a snapshot: W3C Web Annotation position and quote selectors in one."""

    snapshot: str
    start: int
    end: int
    quote: str
    prefix: str = ""
    suffix: str = ""
    page: int | None = None
    paragraph: int | None = None


@dataclass(frozen=True)
class Speaker:
    """One link of a speaker chain: the name as printed in full, and its cue.

    `role` is "author", "relay" or "originator"; `anonymity` is "named", "office", "collective" or
    "none"; `affiliation` is printed beside the name; `source` is the name of the case's source.
    """

    name: str
    role: SpeakerRole = "originator"
    anonymity: Anonymity = "named"
    cue: str = ""
    affiliation: str = ""
    source: str = ""


@dataclass(frozen=True)
class Quantified:
    """A number as it stands in the text; spans are offsets into the snapshot.

    `value` is None for ranges, which have `low` and `high`. `unit` is the reader's own word for it
    ("percent", "USD/month", "troops"); `head` is the noun that is counted, with its adjectives.
    `kind` is "count", "money", "share", "part" (a fraction word), "points", "measure", "time", "ratio", "age" or
    "member" (the one out of a group); a rate has the base `per` and how many of it, `per_count` ("every 10
    days": day, 10). `base` is what a share or part is taken of, as printed. A change "from 3 to 10" is one range
    with `levels`, the two numbers in the order of the text.
    """

    start: int
    end: int
    surface: str
    comparison: NumericComparison
    near: bool
    value: float | None
    low: float | None
    high: float | None
    unit: str
    head: str = ""
    vague: bool = False
    kind: NumberKind = "count"
    per: str = ""
    per_count: float = 1.0
    base: str = ""
    levels: tuple[Quantified, ...] = ()


@dataclass(frozen=True)
class Appearance:
    """One place in one snapshot where a claim stands.

    `sentence` is the sentence that carries it. `speakers` is the chain, outermost relay first.
    `quantity` or `proposition` names what it is about in the case ("" both: unclassified).
    `value`, `low`, `high` are in the unit of that quantity, `unit`.
    `event` and `since` are the dates that it speaks about, `published` when it was said.
    `reader` says who found it; `unchecked` what of it rests on a model's word alone: "comparison",
    "polarity", "quantity", "proposition" or "speaker".
    """

    document: str
    kind: SpanKind
    sentence: Locator
    speakers: tuple[Speaker, ...]
    role: Role
    quantity: str = ""
    proposition: str = ""
    comparison: Comparison | Literal[""] = ""
    near: bool = False
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    qualifier: str = ""
    stage: Stage | Literal[""] = ""
    number: Quantified | None = None
    event: Interval | None = None
    since: Interval | None = None
    published: Interval | None = None
    hedge: str = ""
    modality: Modality = "certain"
    polarity: Polarity = "asserted"
    likelihood: tuple[float, float] | None = None
    reader: str = ""
    unchecked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """Something that a reader offered and that the document doesn't bear out: kept, shown, never used.

    `status` is "malformed", "no such quote", "no such number", "no such speaker", "unknown quantity",
    "unknown proposition", "other unit", "other comparison", "other polarity" or "repeated"; `reason` says what
    is wrong in one sentence.
    """

    document: str
    status: RefusalStatus
    quote: str
    reason: str


@dataclass(frozen=True)
class Disagreement:
    """Where two readers understand one number or proposition differently; `reason` says so in one sentence.

    `field` is "quantity", "comparison" or "speaker"; `rules` and `model` are what each of them read.
    """

    document: str
    quote: str
    field: str
    rules: str
    model: str
    reason: str


@dataclass(frozen=True)
class Outcome:
    """What a reader makes of one document.

    `status` and `reason` are empty unless the reader itself failed on it, wholly or in part.
    """

    appearances: tuple[Appearance, ...]
    refused: tuple[Refused, ...] = ()
    status: DocumentStatus | Literal[""] = ""
    reason: str = ""
    disagreements: tuple[Disagreement, ...] = ()


@dataclass(frozen=True)
class Reading:
    """Everything that a run gives: documents with status, snapshots, appearances, and what was refused.

    `disagreements` are where the rules and a model understand one thing differently.
    """

    documents: tuple[Document, ...]
    snapshots: dict[str, Snapshot]
    appearances: tuple[Appearance, ...]
    refused: tuple[Refused, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

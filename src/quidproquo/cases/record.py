"""A case as plain data: what one partnership's folder of files says, checked and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

from quidproquo.cases.speakers import Names
from quidproquo.terms.edtf import Interval
from quidproquo.terms.grades import ReliabilityGrade
from quidproquo.terms.names import name_key
from quidproquo.terms.vocabulary import (
    Basis,
    Clock,
    Direction,
    Distribution,
    Kind,
    PropositionComparison,
    Role,
    Scale,
    Side,
    Sign,
    Stage,
)

__all__ = [
    "BEARS",
    "Actor",
    "Bearing",
    "Case",
    "Check",
    "CheckInput",
    "EntryKind",
    "ExpectedSign",
    "Hypothesis",
    "HypothesisState",
    "Interpretation",
    "Intervention",
    "LedgerLine",
    "LexiconEntry",
    "MechanismUse",
    "Metric",
    "Option",
    "Person",
    "Prior",
    "Programme",
    "Proposition",
    "Quantity",
    "Source",
    "Topic",
    "Total",
]

_JUDGEMENT = "judgement"


# The name under which worlds write how probable a proposition is under the answer that holds in them.
BEARS = "bears"


@dataclass(frozen=True)
class Actor:
    """A state or alliance of the case; `role` is the part it plays in the model (sender, receiver …)."""

    id: str
    name: str
    role: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quantity:
    """A typed observable of the case.

    `observes` names the observable of the model that a claim on it is compared with, by qualifier;
    the key "" is the plain quantity. A qualifier that isn't a key has no operator. With `per_event`
    a number is what the event date's own interval holds, not a total up to it.
    `low` and `high` are the declared range, in `unit`: wrong reports scatter about a place in it.
    """

    id: str
    title: str
    unit: str
    kind: Kind
    scale: Scale
    meaning: str
    group: str = ""
    observes: Mapping[str, str] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    report: bool = True
    per_event: bool = False


@dataclass(frozen=True)
class Bearing:
    """How probable a proposition is under each answer to a hypothesis, as judged: [low, high] by state.

    The interval is what the judgement leaves open. Where all states have the same interval, the
    proposition says nothing of the answer.
    """

    hypothesis: str
    chances: Mapping[str, tuple[float, float]]
    reason: str


@dataclass(frozen=True)
class Proposition:
    """A declared sentence with an id; `observes` names a world event if it has an operator.

    `lasting` says that once it is so it stays so: an origin that asserts it again says nothing new.
    `bears` tells how far it speaks to the answers of one hypothesis.
    """

    id: str
    sentence: str
    about: str
    observes: str = ""
    lasting: bool = False
    bears: tuple[Bearing, ...] = ()

    @property
    def operator(self) -> str:
        """The observable of the model that a claim of it is compared with, or ''."""
        return self.observes or (f"{BEARS}.{self.id}" if self.bears else "")


@dataclass(frozen=True)
class Option:
    """What a decision maker can do: lever → intensity, from `start` for `months` months.

    `cost_source` says where the cost comes from: a source, or the word judgement with a reason. `parts` are
    titles of levers that no option of the case uses alone, to call them by.
    """

    id: str
    title: str
    summary: str
    levers: Mapping[str, float]
    start: date
    months: int
    cost: Mapping[str, float]
    baseline: bool = False
    cost_source: str = "judgement"
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Metric:
    """What a decision maker cares about; `observable` is the model's output it is read from.

    `direction` is "lower" or "higher" (which is better); `worst` and `best` are the anchors of the
    value function and `weight` its weight, which others may set from `weight_low` to `weight_high`;
    `threshold` is the least acceptable level. `side` says whether it is of what one side gives, or gets.
    """

    id: str
    title: str
    unit: str
    observable: str
    direction: Direction
    worst: float
    best: float
    weight: float
    threshold: float
    meaning: str = ""
    weight_low: float | None = None
    weight_high: float | None = None
    side: Side | Literal[""] = ""


@dataclass(frozen=True)
class Topic:
    """One row of the case's table of contents (S1 …)."""

    id: str
    title: str
    question: str
    quantities: tuple[str, ...]
    metrics: tuple[str, ...]


@dataclass(frozen=True)
class LedgerLine:
    """One line of who gives what: `side` is "gives" or "gets", `stage` one of the shared stages."""

    id: str
    side: Side
    title: str
    quantity: str
    stage: Stage
    topic: str


@dataclass(frozen=True)
class CheckInput:
    """A number that goes into a check: from a claim, or independent of the documents with a source.

    `basis` is "document" (stated in, or derived from, the document) or "independent".
    """

    name: str
    basis: Basis
    claim: str = ""
    value: float | None = None
    unit: str = ""
    source: str = ""


@dataclass(frozen=True)
class Check:
    """An arithmetic of the documents, redone. `formula` uses the names of `inputs`, + - * / and ()."""

    id: str
    title: str
    topic: str
    formula: str
    unit: str
    inputs: tuple[CheckInput, ...]
    low: float | None = None
    high: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Interpretation:
    """Something that a published total may count: a formula over outputs and parameters of the model.

    `inputs` maps the names in the formula to them; outputs are taken on the claim's own dates.
    """

    id: str
    title: str
    formula: str
    inputs: Mapping[str, str]


@dataclass(frozen=True)
class Total:
    """A published sum, set against what worlds give for each reading of it; the first is its own.

    `by` names the hypotheses whose joint states it is held against.
    """

    id: str
    title: str
    topic: str
    claim: str
    by: tuple[str, ...]
    interpretations: tuple[Interpretation, ...]
    note: str = ""


@dataclass(frozen=True)
class Programme:
    """A technology programme: `id` is its name among the mechanisms, `milestone` a public event."""

    id: str
    title: str
    milestone: str
    topic: str


@dataclass(frozen=True)
class HypothesisState:
    """One of the rival states of a hypothesis, with its prior probability."""

    id: str
    title: str
    prior: float


@dataclass(frozen=True)
class Hypothesis:
    """A structural doubt: exactly one of its states holds in a world."""

    id: str
    title: str
    states: tuple[HypothesisState, ...]


@dataclass(frozen=True)
class MechanismUse:
    """A mechanism of the package, or of the case, under the name it has in this case."""

    mechanism: str
    name: str
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Prior:
    """What is believed of one parameter before the claims.

    `distribution` is normal, lognormal, logitnormal (for shares), uniform, loguniform, date (normal,
    in days) or fixed. `low` and `high` are the 5% and 95% quantiles; for the uniform distributions
    they are the ends of the range. `known_by` is the day by which everything behind the prior had been
    published; `before` holds the interval to use for an earlier as-of date.
    """

    name: str
    distribution: Distribution
    low: float
    high: float
    unit: str
    source: str
    known_by: date | None = None
    set_from: tuple[str, ...] = ()
    before: tuple[float, float] | None = None

    @property
    def judgement(self) -> bool:
        """Whether no source gives it: `source` is the word judgement, alone or with a colon and a reason."""
        return self.source.partition(":")[0].strip().casefold() == _JUDGEMENT

    @property
    def grounds(self) -> str:
        """The source, or the reason that is stated for a judgement; empty where none is."""
        return self.source.partition(":")[2].strip() if self.judgement else self.source


@dataclass(frozen=True)
class ExpectedSign:
    """What an intervention should do to a metric: `sign` is + (it rises), - (it falls), 0 or ?.

    0 means that it can't be reached and stays the same to the last byte, ? that it may go either way.
    """

    metric: str
    sign: Sign
    reason: str


@dataclass(frozen=True)
class Intervention:
    """Something taken away, or set, in every world, while all else stays: parameter → value held.

    Nothing is conditioned again. `expected` says what that should do to every metric of the case.
    """

    id: str
    title: str
    hold: Mapping[str, float]
    expected: tuple[ExpectedSign, ...]


@dataclass(frozen=True)
class Source:
    """A speaker or an origin: who it belongs to, and how reliable it is judged to be, with the reason.

    `graded` is the day on which the reliability was judged, where the case says so.
    """

    name: str
    family: str
    affiliation: str
    reliability: ReliabilityGrade
    reason: str
    aliases: tuple[str, ...] = ()
    graded: date | None = None


EntryKind: TypeAlias = Literal["quantity", "proposition", "date"]


@dataclass(frozen=True)
class Person:
    """Somebody who speaks under more than one office; all that he says is of the first of them.

    `offices` are names of sources. Where a claim's origin is one of them and he is the speaker, the
    origin is `offices[0]`: one person is one origin.
    """

    name: str
    offices: tuple[str, ...]
    reason: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class LexiconEntry:
    """Words → a quantity or a proposition.

    `kind` is "quantity" or "proposition", or "date" for an event that `heads` name: then `target` is
    its date, and "since" before one of them means that date. Words are matched whole and without regard to case; a
    word ending in `*` is a stem, several words are a phrase, `@id` stands for the name and aliases
    of an actor, and an item in capitals ("US") is matched as written. A group is a tuple of
    alternatives: one of them must be found.

    `all_of` groups are looked for in the sentence, `near` groups in the clause around the number,
    `context` groups in the sentence, the two before it or the title. No word of `none_of` may stand in
    the sentence, none of `not_near` in the clause. `heads` are the nouns that a number must count
    (any of them, in its noun phrase); `units` the reader's units that it may have (empty: whatever
    can be converted to the unit of the quantity). `owner` are the actors of whom one has, gives or loses what is
    counted: an entry doesn't fit where the words around the number name somebody else. `role` overrides
    the role that the reader gives.
    Of several entries that fit, the most specific wins, then the first.
    """

    target: str
    kind: EntryKind
    heads: tuple[str, ...] = ()
    all_of: tuple[tuple[str, ...], ...] = ()
    none_of: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    stage: Stage | Literal[""] = ""
    qualifier: str = ""
    polarity: PropositionComparison = "proposition_true"
    near: tuple[tuple[str, ...], ...] = ()
    not_near: tuple[str, ...] = ()
    context: tuple[tuple[str, ...], ...] = ()
    owner: tuple[str, ...] = ()
    role: Role | Literal[""] = ""


@dataclass(frozen=True)
class Case:
    """One partnership, whole. `folder` is where its files lie; tables are read from there by `claims`.

    `clock` says which date decides what was known by the as-of date: when a claim was `published`, or
    in a retrospective case, of which most sources are late, the `event` that it speaks of.
    """

    name: str
    title: str
    question: str
    start: date
    decision_date: date
    horizon: date
    delta: float
    folder: Path
    actors: Mapping[str, Actor]
    quantities: Mapping[str, Quantity]
    propositions: Mapping[str, Proposition]
    options: Mapping[str, Option]
    metrics: Mapping[str, Metric]
    topics: Mapping[str, Topic]
    ledger: tuple[LedgerLine, ...]
    checks: Mapping[str, Check]
    hypotheses: Mapping[str, Hypothesis]
    mechanisms: tuple[MechanismUse, ...]
    priors: Mapping[str, Prior]
    sources: Mapping[str, Source]
    lexicon: tuple[LexiconEntry, ...]
    clock: Clock = "published"
    totals: Mapping[str, Total] = field(default_factory=dict)
    programmes: Mapping[str, Programme] = field(default_factory=dict)
    interventions: Mapping[str, Intervention] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    _sources_by_name: Names[Source] = field(init=False, repr=False, compare=False)
    _people_by_name: Names[Person] = field(init=False, repr=False, compare=False)

    def source_of(self, speaker: str) -> Source | None:
        """The source that a speaker's name or alias belongs to, else None.

        Names match as `name_key` has them. A name that is no alias of any source still stands for the
        only source whose name or alias names the same office of the same actor (`office_key`).
        """
        return self._sources_by_name[speaker]

    def person_of(self, speaker: str) -> Person | None:
        """The person that a speaker's name belongs to, with or without an office in brackets, else None."""
        without_office = name_key(speaker).partition(" (")[0]
        return self._people_by_name[speaker] or self._people_by_name[without_office]

    @property
    def as_of(self) -> Interval:
        """The case's own date, as an interval of one day."""
        return Interval(self.decision_date, self.decision_date)

    def __post_init__(self) -> None:
        actors = {actor.id: (actor.name, *actor.aliases) for actor in self.actors.values()}
        object.__setattr__(self, "_sources_by_name", Names(self.sources.values(), actors))
        object.__setattr__(self, "_people_by_name", Names(self.people.values()))

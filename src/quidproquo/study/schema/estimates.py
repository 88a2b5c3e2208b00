"""What is known of each quantity: estimates over dates, the ledger, topics and checks."""

from __future__ import annotations

from typing import Literal

from quidproquo.study.schema.record import Record, Side
from quidproquo.terms.vocabulary import Kind, Scale, Stage

__all__ = [
    "CheckInputRecord",
    "CheckRecord",
    "Estimate",
    "Figure",
    "LedgerRecord",
    "TopicRecord",
]

Chart = Literal["estimate", "metric", "options", "hypotheses", "leverage", "ledger"]
Basis = Literal["derived from the document", "worked out from other figures", "independent"]


class Estimate(Record):
    """Quantiles of one quantity over dates, under the option named (policy as it stands).

    `part` is the part of the model that works it out. `claims` are those on the quantity, and those that weigh and
    are compared with the same part of the model.
    """

    title: str
    unit: str
    scale: Scale
    kind: Kind
    option: str
    topic: str
    dates: list[str]
    q05: list[float]
    q25: list[float]
    q50: list[float]
    q75: list[float]
    q95: list[float]
    as_of_index: int
    prior_q05: float
    prior_q50: float
    prior_q95: float
    run_ess: float
    claims: list[str]
    basis: Literal["claims", "judgement"]
    part: str = ""


class Figure(Record):
    """A picture of the brief, by what it draws: `chart` is its kind, `subject` what it is of."""

    id: str
    title: str
    chart: Chart
    subject: str


class TopicRecord(Record):
    """One row S1–S14: what the documents say of it, and the numbers that answer."""

    title: str
    question: str
    estimates: list[str]
    metrics: list[str]
    figures: list[Figure]
    claims: list[str]


class CheckInputRecord(Record):
    """A number that goes into a check; `basis` says where it comes from."""

    name: str
    basis: Basis
    value: float | None
    low: float
    high: float
    unit: str
    claim: str
    source: str


class CheckRecord(Record):
    """An arithmetic of the documents, redone from its inputs. It never weighs as evidence."""

    title: str
    topic: str
    formula: str
    unit: str
    inputs: list[CheckInputRecord]
    value: float | None
    low: float
    high: float
    expected_low: float | None
    expected_high: float | None
    holds: bool | None
    basis: Basis
    note: str


class LedgerRecord(Record):
    """One line of what a side gives or gets at the as-of date.

    `origins` and `families` count those behind the claims that weigh, relays traced back.
    """

    id: str
    side: Side
    title: str
    stage: Stage
    topic: str
    quantity: str
    unit: str
    q05: float
    q50: float
    q95: float
    claims: list[str]
    origins: int
    families: int = 0
    contested: bool

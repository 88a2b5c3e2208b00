"""What information is worth: everything, each kind of report that can be had, and the model's own inputs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from quidproquo.study.schema.decisions import Mean
from quidproquo.study.schema.record import Record

__all__ = [
    "EvppiRecord",
    "InformationRecord",
    "InformationValueRecord",
    "InputValueRecord",
    "ReportValueRecord",
    "TurnRecord",
]


class InformationValueRecord(Record):
    """What the choice by mean value gains on average, in value; `changes` in which share of cases it changes.

    `upper` is a figure that is too high on average: the maximum taken in the worlds that it is judged in.
    """

    gain: Mean
    upper: float
    changes: Mean


class TurnRecord(Record):
    """What would be chosen after a report between two numbers, in the quantity's unit, and how probable that is.

    Null where there is no end. Of a proposition, below 0.5 is a denial, and above an assertion.
    """

    low: float | None
    high: float | None
    option: str
    probability: float


class ReportValueRecord(Record):
    """A new report on a quantity or proposition, as good as the claim `like`, by an origin of its own.

    `report` is what it would be worth (EVSI), `known` what exact knowledge of what it is about would be (EVPPI).
    `differs` says whether that of the report is more than nothing, at 5% over all kinds together (Holm).
    """

    kind: Literal["quantity", "proposition"]
    id: str
    title: str
    unit: str
    like: str
    reliability: str
    credibility: int
    known: InformationValueRecord
    report: InformationValueRecord
    differs: bool
    turns: list[TurnRecord] = Field(default_factory=list)


class InputValueRecord(Record):
    """What exact knowledge of one parameter of the model would be worth (EVPPI)."""

    id: str
    title: str
    known: InformationValueRecord
    differs: bool


class EvppiRecord(Record):
    """What exact knowledge would be worth: of all that reports can be had on, and of inputs of the model.

    `inputs` are those that matter most; `inputs_together` is of the first `together` of them.
    """

    reported: InformationValueRecord
    inputs: list[InputValueRecord]
    inputs_together: InformationValueRecord
    together: int


class InformationRecord(Record):
    """What information is worth to a choice by mean value, of which `first` is the best without more.

    `evsi` has every kind of report that there has been, the one worth most first.
    """

    first: str
    evpi: InformationValueRecord
    evppi: EvppiRecord
    evsi: list[ReportValueRecord]

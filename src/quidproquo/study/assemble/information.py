"""What information is worth, and what is most worth collecting."""

from __future__ import annotations

from collections.abc import Mapping

from quidproquo.cases.record import Case
from quidproquo.decisions.collect import InputValue, ReportValue
from quidproquo.sensitivity.what_ifs import meanings
from quidproquo.study.infer import RunResult
from quidproquo.study.schema.information import (
    EvppiRecord,
    InformationRecord,
    InformationValueRecord,
    InputValueRecord,
    ReportValueRecord,
    TurnRecord,
)
from quidproquo.study.schema.leverage import PriorityRecord

__all__ = ["information", "priorities"]


def information(case: Case, run: RunResult) -> InformationRecord | None:
    """What information is worth; None where there is no choice by value."""
    found = run.information
    if found is None:
        return None
    titles = {name: meaning for name, (_, meaning) in meanings(run.model).items()}
    return InformationRecord(
        first=found.first,
        evpi=InformationValueRecord.of(found.everything),
        evppi=EvppiRecord(
            reported=InformationValueRecord.of(found.reported),
            inputs=[_input(one, titles) for one in found.inputs],
            inputs_together=InformationValueRecord.of(found.inputs_together),
            together=found.together,
        ),
        evsi=[_report(one, case) for one in found.reports],
    )


def _input(one: InputValue, titles: Mapping[str, str]) -> InputValueRecord:
    return InputValueRecord.of(
        one, id=one.parameter, title=titles[one.parameter], known=InformationValueRecord.of(one.known)
    )


def _report(one: ReportValue, case: Case) -> ReportValueRecord:
    quantity = case.quantities.get(one.id) if one.kind == "quantity" else None
    return ReportValueRecord.of(
        one,
        title=case.propositions[one.id].sentence if quantity is None else quantity.title,
        unit="" if quantity is None else quantity.unit,
        known=InformationValueRecord.of(one.known),
        report=InformationValueRecord.of(one.report),
        turns=[TurnRecord.of(turn) for turn in one.turns],
    )


def priorities(found: InformationRecord | None) -> list[PriorityRecord]:
    """Kinds of reports that are worth more than nothing, the one worth most first."""
    if found is None:
        return []
    return [
        PriorityRecord(id=one.id, kind=one.kind, title=one.title, score=one.report.gain.mean)
        for one in found.evsi
        if one.differs
    ]

"""What information is gained for tests; made by formula."""

from __future__ import annotations

from typing import Any

from quidproquo.study.schema.decisions import Mean
from quidproquo.study.schema.information import (
    EvppiRecord,
    InformationRecord,
    InformationValueRecord,
    InputValueRecord,
    ReportValueRecord,
    TurnRecord,
)


def gained(gain: float, mcse: float = 0.001, changes: float = 0.06) -> InformationValueRecord:
    return InformationValueRecord(
        gain=Mean(mean=gain, mcse=mcse), upper=gain + mcse, changes=Mean(mean=changes, mcse=0.01)
    )


def report(ident: str, gain: float, **changes: Any) -> ReportValueRecord:
    fields: dict[str, Any] = {
        "kind": "quantity",
        "id": ident,
        "title": f"Number of {ident}",
        "unit": "crates",
        "like": "S003",
        "reliability": "B",
        "credibility": 2,
        "known": gained(1.5 * gain),
        "report": gained(gain, changes=0.06 if gain > 0.0 else 0.0),
        "differs": gain > 0.003,
        "turns": [
            TurnRecord(low=None, high=9000.0, option="all_together", probability=0.94),
            TurnRecord(low=9000.0, high=None, option="coalition", probability=0.06),
        ],
    }
    return ReportValueRecord(**{**fields, **changes})


def make_information(**changes: Any) -> InformationRecord:
    inputs = [
        InputValueRecord(
            id=f"trade.parameter_{n}",
            title=f"Strength of the effect {n}",
            known=gained(0.006 - 0.002 * n),
            differs=n < 2,
        )
        for n in range(4)
    ]
    fields: dict[str, Any] = {
        "first": "all_together",
        "evpi": gained(0.02, changes=0.4),
        "evppi": EvppiRecord(
            reported=gained(0.008), inputs=inputs, inputs_together=gained(0.011), together=2
        ),
        "evsi": [
            report("crates", 0.004),
            report("many", 0.0, kind="proposition", title="There are many crates.", unit="", turns=[]),
        ],
    }
    return InformationRecord(**{**fields, **changes})

"""A small made-up case of one or a few mechanisms, and evidence tables built row by row."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np

from quidproquo.cases.record import Case, Hypothesis, MechanismUse, Metric, Option, Prior
from quidproquo.claims.table import EvidenceTable

START, DECISION, HORIZON = date(2020, 1, 1), date(2022, 12, 31), date(2023, 12, 31)

ECONOMY = {
    "economy.peak": ("lognormal", 1e9, 4e9),
    "economy.dip": ("logitnormal", 0.3, 0.9),
    "economy.recovery": ("lognormal", 0.5, 3.0),
    "economy.partner_share": ("logitnormal", 0.5, 0.95),
    "economy.output": ("lognormal", 10e9, 40e9),
    "economy.workers": ("lognormal", 1e3, 2e4),
}

FLOW = {
    "war.end_rate": ("lognormal", 0.5, 2.0),
    "flow.early": ("lognormal", 0.2, 0.8),
    "flow.trickle": ("lognormal", 10.0, 50.0),
    "flow.main": ("lognormal", 0.5, 2.0),
    "flow.rate": ("lognormal", 100.0, 900.0),
    "flow.run_up": ("lognormal", 0.1, 0.5),
    "flow.drift": ("normal", -0.3, 0.3),
    "flow.peace_share": ("logitnormal", 0.1, 0.5),
}


def prior(name: str, distribution: str, low: float, high: float, **more: object) -> Prior:
    return Prior(name, distribution, low, high, "1", "judgement", **more)


def made_case(
    mechanisms: tuple[str, ...] = ("economy",),
    priors: Mapping[str, tuple[str, float, float]] = ECONOMY,
    hypotheses: tuple[Hypothesis, ...] = (),
    options: tuple[Option, ...] | None = None,
    metrics: tuple[Metric, ...] = (),
) -> Case:
    """Freedonia's economy, unless told otherwise."""
    standing = Option("none", "Nothing", "", {}, DECISION, 12, {}, baseline=True)
    return Case(
        name="freedonia",
        title="Freedonia",
        question="",
        start=START,
        decision_date=DECISION,
        horizon=HORIZON,
        delta=0.1,
        folder=Path(),
        actors={},
        quantities={},
        propositions={},
        options={option.id: option for option in options or (standing,)},
        metrics={metric.id: metric for metric in metrics},
        topics={},
        ledger=(),
        checks={},
        hypotheses={hypothesis.id: hypothesis for hypothesis in hypotheses},
        mechanisms=tuple(MechanismUse(name, name) for name in mechanisms),
        priors={name: prior(name, *rest) for name, rest in priors.items()},
        sources={},
        lexicon=(),
    )


@dataclasses.dataclass(frozen=True)
class Row:
    """One item, on a day in mid-2022 and by an origin of its own unless told otherwise."""

    observable: str = "economy.output"
    comparison: str = "eq"
    value: float = np.nan
    scale: str = "log"
    origin: str = ""
    family: str = ""
    quantity: str = ""
    near: bool = False
    low: float = np.nan
    high: float = np.nan
    since: date | None = None
    event: tuple[date, date] = (date(2022, 6, 30), date(2022, 6, 30))
    range: tuple[float, float] = (1e9, 1e12)
    likelihood: tuple[float, float] = (np.nan, np.nan)
    grade: str = "B1"
    group: int | None = None
    loads: float = 1.0


def evidence_table(*rows: Row) -> EvidenceTable:
    def column(get: object) -> np.ndarray:
        return np.array([get(row) for row in rows], dtype=np.float64)

    def since(row: Row) -> float:
        return float(row.since.toordinal()) if row.since else np.nan

    numbered = list(enumerate(rows))
    return EvidenceTable(
        ids=tuple(f"c{i}" for i, _ in numbered),
        quantity=tuple(row.quantity or row.observable for row in rows),
        observable=tuple(row.observable for row in rows),
        scale=tuple(row.scale for row in rows),
        comparison=tuple(row.comparison for row in rows),
        qualifier=("",) * len(rows),
        origin=tuple(row.origin or f"origin {i}" for i, row in numbered),
        family=tuple(row.family or f"family {i}" for i, row in numbered),
        near=np.array([row.near for row in rows], dtype=bool),
        value=column(lambda row: row.value),
        low=column(lambda row: row.low),
        high=column(lambda row: row.high),
        since_start=column(since),
        since_end=column(since),
        event_start=column(lambda row: row.event[0].toordinal()),
        event_end=column(lambda row: row.event[1].toordinal()),
        range_low=column(lambda row: row.range[0]),
        range_high=column(lambda row: row.range[1]),
        likelihood_low=column(lambda row: row.likelihood[0]),
        likelihood_high=column(lambda row: row.likelihood[1]),
        reliability=np.array(["ABCDEF".index(row.grade[0]) for row in rows], dtype=np.int64),
        credibility=np.array([int(row.grade[1]) for row in rows], dtype=np.int64),
        group=np.array([i if row.group is None else row.group for i, row in numbered], dtype=np.int64),
        loads=np.array([row.loads for row in rows], dtype=np.float64),
    )

"""Small cases and ensembles whose answers are known, for the tests of this room."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from quidproquo.cases.record import Case, Hypothesis, HypothesisState, Metric, Option, Prior
from quidproquo.evidence.weights.record import Ensemble

ISLANDS = 8


def metric(ident: str, direction: str = "higher", weight: float = 1.0, **other: float) -> Metric:
    worst, best = (0.0, 1.0) if direction == "higher" else (1.0, 0.0)
    return Metric(
        id=ident,
        title=f"Metric {ident}",
        unit="crates",
        observable=f"world.{ident}",
        direction=direction,
        worst=other.get("worst", worst),
        best=other.get("best", best),
        weight=weight,
        threshold=other.get("threshold", 0.5),
    )


def option(ident: str) -> Option:
    day = date(2020, 1, 1)
    return Option(ident, f"Option {ident}", "", {}, day, 12, {}, ident == "a")


def case(
    options: str = "ab",
    metrics: tuple[Metric, ...] = (metric("gain"),),
    hypotheses: tuple[Hypothesis, ...] = (),
    priors: tuple[Prior, ...] = (),
    delta: float = 0.0,
) -> Case:
    day = date(2020, 1, 1)
    return Case(
        name="freedonia",
        title="Freedonia and Sylvania",
        question="What to do?",
        start=day,
        decision_date=day,
        horizon=date(2021, 1, 1),
        delta=delta,
        folder=Path(),
        actors={},
        quantities={},
        propositions={},
        options={name: option(name) for name in options},
        metrics={one.id: one for one in metrics},
        topics={},
        ledger=(),
        checks={},
        hypotheses={one.id: one for one in hypotheses},
        mechanisms=(),
        priors={one.name: one for one in priors},
        sources={},
        lexicon=(),
    )


def hypothesis(ident: str = "motive", states: tuple[str, ...] = ("cash", "goods")) -> Hypothesis:
    share = 1.0 / len(states)
    return Hypothesis(ident, ident.title(), tuple(HypothesisState(s, s.title(), share) for s in states))


def ensemble(outcomes: np.ndarray, **fields: object) -> Ensemble:
    """An equally weighted ensemble of `[world, option, metric]` outcomes in eight islands."""
    outcomes = np.asarray(outcomes, dtype=np.float64)
    worlds, options, metrics = outcomes.shape
    items = tuple(fields.get("items", ()))
    base = {
        "kind": "weighted",
        "parameters": (),
        "draws": np.zeros((worlds, 0)),
        "log_weight": np.zeros(worlds),
        "island": np.arange(worlds) * ISLANDS // worlds,
        "status": np.zeros(worlds, dtype=int),
        "hypotheses": (),
        "states": np.zeros((worlds, 0), dtype=int),
        "items": items,
        "log_likelihood": np.zeros((worlds, len(items))),
        "predicted": np.zeros((worlds, len(items))),
        "options": tuple("abcdefghij"[:options]),
        "metrics": ("gain", "pain", "cost")[:metrics],
        "outcomes": outcomes,
    }
    return Ensemble(**(base | fields))

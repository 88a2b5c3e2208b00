"""A tiny seeded run, whose numbers tell whether another version of the program computes the same.

It needs no case: one mechanism, and made-up claims of every form on every scale. `report_numbers` takes
milliseconds and compiles nothing; `sampler_numbers` conditions a few worlds, for which it compiles a
program of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import jax
import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Prior
from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.observation.layout import build_likelihood
from quidproquo.evidence.observation.predictive import report_cdf
from quidproquo.evidence.observation.replicate import draw_reports
from quidproquo.evidence.smc.sample import Settings, condition
from quidproquo.evidence.smc.target import build_target
from quidproquo.terms.grades import RELIABILITY_GRADES
from quidproquo.terms.vocabulary import Comparison, Distribution, NumericComparison, Scale
from quidproquo.worlds.mechanisms import MECHANISMS
from quidproquo.worlds.model import Model, Part
from quidproquo.worlds.priors import prior_table

__all__ = ["report_numbers", "sampler_numbers"]

_START = date(2000, 1, 1)
_DAYS = 400.0
_PRIORS: tuple[tuple[str, Distribution, float, float], ...] = (
    ("peak", "lognormal", 1e9, 4e9),
    ("dip", "logitnormal", 0.3, 0.9),
    ("recovery", "lognormal", 0.5, 3.0),
    ("partner_share", "logitnormal", 0.5, 0.95),
    ("output", "lognormal", 1e10, 4e10),
    ("workers", "lognormal", 1e3, 2e4),
)
_FACTORS = (0.6, 1.0, 1.5)  # what worlds predict, as parts of what is reported
_BOUNDS: tuple[NumericComparison, ...] = ("at_least", "more_than", "at_most", "less_than")
_ISLANDS, _PARTICLES = 4, 64


@dataclass(frozen=True)
class _Row:
    """One made-up claim; `of` is the observable, `range` the quantity's declared range."""

    of: str
    comparison: Comparison
    value: float
    scale: Scale = "log"
    range: tuple[float, float] = (1e8, 1e12)
    grade: str = "B2"
    origin: str = "x"
    near: bool = False
    low: float = np.nan
    high: float = np.nan
    group: int = -1


_AMOUNTS = (
    _Row("exports", "eq", 2e9),
    _Row("exports", "about", 1.5e9, grade="C3", origin="y", group=1),
    _Row("exports", "at_least", 1e9, grade="D4", origin="y", group=1),
    _Row("output", "eq", 2e10),
    _Row("output", "less_than", 3e10, grade="A1", origin="y"),
    _Row("output", "between", np.nan, low=1.5e10, high=2.5e10, origin="z"),
    _Row("workers", "about", 5e3, range=(1e2, 1e6), grade="C2"),
    _Row("workers", "about", 6e3, range=(1e2, 1e6), near=True, origin="z"),
    _Row("partner_share", "eq", 0.8, "logit", (0.01, 0.99), grade="B1"),
    _Row("partner_share", "proposition_true", np.nan, "identity", (0.0, 1.0), low=0.8, high=0.95),
)
_RANGES: dict[Scale, tuple[float, float]] = {"count": (0.0, 20.0), "identity": (-10.0, 10.0)}
_GRADED = (("A1", "x"), ("B2", "x"), ("C3", "y"), ("D4", "y"), ("E5", "z"), ("F6", "z"))
_SMALL = tuple(
    _Row("workers", comparison, 4.0, scale, ends, grade, origin)
    for scale, ends in _RANGES.items()
    for comparison, (grade, origin) in zip(("eq", "about", *_BOUNDS), _GRADED, strict=True)
)


def report_numbers() -> Float[np.ndarray, " number"]:
    """Densities, chances of being wrong, distribution functions and draws of reports of every form."""
    rows = _AMOUNTS + _SMALL
    likelihood = build_likelihood(_table(rows))
    reported = np.array([row.value if np.isfinite(row.value) else row.low for row in rows])
    predicted = reported[:, None] * np.array(_FACTORS)
    biases = np.linspace(-1.0, 1.0, len(likelihood.bias.names))[:, None] * np.ones(len(_FACTORS))
    log_lik, wrong = likelihood.evaluate_items(predicted, biases)
    below = np.nan_to_num(report_cdf(likelihood, predicted.T, biases.T))
    drawn = draw_reports(np.random.default_rng(0), likelihood, predicted[:, 1], biases[:, 1])
    return np.concatenate(
        [np.asarray(part, dtype=np.float64).ravel() for part in (log_lik, wrong, below, *drawn)]
    )


def sampler_numbers() -> Float[np.ndarray, " number"]:
    """Mean and standard deviation of every coordinate in a few conditioned worlds, and the acceptance."""
    part = Part(MECHANISMS["economy"], "economy", {"mechanisms": ("economy",)})
    priors = {
        f"economy.{name}": Prior(f"economy.{name}", kind, low, high, "1", "judgement")
        for name, kind, low, high in _PRIORS
    }
    days = np.array([_DAYS])
    table = prior_table(part.parameters, priors, _START, _START)
    model = Model(_START, (part,), table, (), nodes=days, history=days)
    settings = Settings(islands=_ISLANDS, particles=_PARTICLES, sweeps=2, final_sweeps=8)
    target = build_target(model, _table(_AMOUNTS))
    drawn = condition(jax.random.key(0), target, _ISLANDS * _PARTICLES, settings)
    moved = np.concatenate([drawn.z[:, target.active], drawn.biases], axis=1).astype(np.float64)
    return np.concatenate([moved.mean(axis=0), moved.std(axis=0), drawn.acceptance.mean(keepdims=True)])


def _table(rows: Sequence[_Row]) -> EvidenceTable:
    def column(values: Sequence[float]) -> np.ndarray:
        return np.array(values, dtype=np.float64)

    nothing = column([np.nan] * len(rows))
    day = column([_START.toordinal() + _DAYS] * len(rows))
    event = np.array([row.comparison.startswith("proposition") for row in rows])
    low, high = column([row.low for row in rows]), column([row.high for row in rows])
    return EvidenceTable(
        ids=tuple(str(place) for place in range(len(rows))),
        quantity=tuple(row.of for row in rows),
        observable=tuple(f"economy.{row.of}" for row in rows),
        scale=tuple(row.scale for row in rows),
        comparison=tuple(row.comparison for row in rows),
        qualifier=("",) * len(rows),
        origin=tuple(row.origin for row in rows),
        family=tuple("f" if row.origin == "x" else row.origin for row in rows),
        near=np.array([row.near for row in rows]),
        value=column([row.value for row in rows]),
        low=np.where(event, np.nan, low),
        high=np.where(event, np.nan, high),
        since_start=nothing,
        since_end=nothing,
        event_start=day,
        event_end=day,
        range_low=column([row.range[0] for row in rows]),
        range_high=column([row.range[1] for row in rows]),
        likelihood_low=np.where(event, low, np.nan),
        likelihood_high=np.where(event, high, np.nan),
        reliability=np.array([RELIABILITY_GRADES.index(row.grade[0]) for row in rows]),
        credibility=np.array([int(row.grade[1]) for row in rows]),
        group=np.array([place if row.group < 0 else -row.group for place, row in enumerate(rows)]),
        loads=np.ones(len(rows)),
    )

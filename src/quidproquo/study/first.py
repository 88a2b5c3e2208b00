"""What is known first: key estimates, options and choice, before what-ifs are tested."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import numpy as np

from quidproquo.cases.record import Case
from quidproquo.claims.table import EvidenceTable
from quidproquo.decisions.rule import decide
from quidproquo.decisions.value import ValuedWorlds
from quidproquo.evidence.estimates import reported
from quidproquo.evidence.weights.estimators import normalised

__all__ = ["FirstEstimate", "FirstFigures", "FirstOption", "first_figures"]

_LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class FirstEstimate:
    """A quantity at the as-of date: its median and 90% interval."""

    title: str
    unit: str
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class FirstOption:
    """An option, its mean value, and what it gives up against the best one at the 95% quantile."""

    title: str
    value: float
    regret: float


@dataclass(frozen=True)
class FirstFigures:
    """Estimates, those with most claims first; options, the least regret first; and the choice.

    `preferred` holds several titles where options are tied, and none where the case weighs no metric; those
    tied are `level` where two errors more would still be less than δ.
    """

    estimates: tuple[FirstEstimate, ...]
    options: tuple[FirstOption, ...]
    preferred: tuple[str, ...]
    margin: float
    mcse: float
    level: bool = True


def first_figures(case: Case, table: EvidenceTable, worlds: ValuedWorlds, as_of: date) -> FirstFigures:
    """Read what is known first off the weighted worlds; the brief gives the same numbers."""
    values, titles = worlds.option_values, [case.options[name].title for name in worlds.ensemble.options]
    estimate = values.estimate(normalised(worlds.ensemble.log_weight))
    decision = decide(estimate, case.delta)
    order = np.argsort(estimate.q95, kind="stable")
    ranked = worlds.scale.weighed
    return FirstFigures(
        estimates=_estimates(case, table, worlds, as_of),
        options=tuple(
            FirstOption(titles[i], float(estimate.value[i]), float(estimate.q95[i])) for i in order if ranked
        ),
        preferred=tuple(titles[i] for i in decision.tied) if ranked else (),
        margin=decision.margin,
        mcse=decision.mcse,
        level=decision.level == decision.tied,
    )


def _estimates(
    case: Case, table: EvidenceTable, worlds: ValuedWorlds, as_of: date
) -> tuple[FirstEstimate, ...]:
    days = worlds.ensemble.series_days
    month = max(int(np.searchsorted(days, as_of.toordinal(), side="right")) - 1, 0)
    claims = Counter(table.quantity)
    quantities = sorted((q for q in reported(case) if claims[q.id]), key=lambda q: -claims[q.id])
    found = []
    for quantity in quantities:
        series = worlds.ensemble.series[quantity.observes[""]][:, month]
        low, middle, high = np.quantile(series.astype(np.float32), _LEVELS)
        found.append(FirstEstimate(quantity.title, quantity.unit, float(low), float(middle), float(high)))
    return tuple(found)

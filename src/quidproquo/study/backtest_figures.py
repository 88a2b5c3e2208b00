"""The figures of a back-test: scores of reports pooled into targets, against baselines, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from quidproquo.cases.record import Case
from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.checks.backtest import MODEL, ScoredReport
from quidproquo.evidence.checks.baselines import BASELINES
from quidproquo.evidence.checks.comparison import MeanPit, compare_with_baseline, mean_pit
from quidproquo.evidence.checks.pooling import ScoreRow, by_target, coverage_band, mean_of
from quidproquo.evidence.checks.scores import covered
from quidproquo.study.schema import backtest as record

__all__ = ["all_bounds", "by_quantity", "overall", "report", "score_rows", "verdict"]

_LEAST_CHANCE = 1e-300
_ALL_BASELINES = tuple(f"log_score_{baseline}" for baseline in BASELINES)
Figures = dict[str, float | int | None]


def score_rows(
    as_of: date, later: EvidenceTable, scored: Sequence[ScoredReport], *, bound: bool
) -> list[ScoreRow]:
    """Scores of the reports of one as-of date that are bounds, or of those that aren't."""
    return [
        ScoreRow(
            later.quantity[one.item],
            as_of.isoformat(),
            later.origin[one.item],
            _scores_of_bound(one) if bound else _scores_of_number(one),
        )
        for one in scored
        if one.bound is bound
    ]


def _scores_of_number(one: ScoredReport) -> dict[str, float]:
    model = one.scores[MODEL]
    scores = {
        "coverage50": covered(model, 0.5),
        "coverage90": covered(model, 0.9),
        "pit": 0.5 * (model.pit_low + model.pit_high),
    }
    for name, score in one.scores.items():
        suffix = "" if name == MODEL else f"_{name}"
        scores |= {f"crps{suffix}": score.crps, f"log_score{suffix}": score.log_score}
    return scores


def _scores_of_bound(one: ScoredReport) -> dict[str, float]:
    scores = {}
    for name, chance in one.chances.items():
        suffix = "" if name == MODEL else f"_{name}"
        scores[f"log_score{suffix}"] = float(np.log(max(chance, _LEAST_CHANCE)))
        scores[f"brier{suffix}"] = (1.0 - chance) ** 2
    return scores


def _figures(rows: Sequence[ScoreRow]) -> Figures:
    every = by_target(rows, ())
    coverage = {name: mean_of(every, name) for name in ("coverage50", "coverage90")}
    return _mean_scores(rows, ("crps", "log_score")) | coverage


def _mean_scores(rows: Sequence[ScoreRow], kinds: Sequence[str]) -> Figures:
    """Means over targets: of every forecast where all have one, and of the model's over all."""
    every, same = by_target(rows, ()), by_target(rows, _ALL_BASELINES)
    names = [f"{kind}{end}" for kind in kinds for end in ("", *(f"_{name}" for name in BASELINES))]
    return {
        "targets": len(every),
        "compared": len(same),
        **{name: mean_of(same, name) for name in names},
        **{f"{kind}_all": mean_of(every, kind) for kind in kinds},
    }


def overall(seed: int, rows: Sequence[ScoreRow]) -> record.OverallFigures:
    """All quantities and dates pooled; `seed` is that of the bootstrap."""
    figures = _figures(rows)
    every, same = by_target(rows, ()), by_target(rows, _ALL_BASELINES)
    compared = {name: compare_with_baseline(seed, same, name) for name in BASELINES}
    against = {
        name: record.AgainstBaseline(**vars(found)) for name, found in compared.items() if found is not None
    }
    bands = [coverage_band(len(every), share) if every else None for share in (0.5, 0.9)]
    pit = mean_pit(seed, every)
    return record.OverallFigures.model_validate(
        figures
        | {
            "quantities": len({target.quantity for target in every}),
            "band50": bands[0],
            "band90": bands[1],
            "mean_pit": None if pit is None else pit.mean,
            "mean_pit_interval": None if pit is None or pit.low is None else (pit.low, pit.high),
            "against": against,
            "verdict": verdict(figures, bands, against, pit),
        }
    )


def verdict(
    figures: Figures,
    bands: Sequence[tuple[float, float] | None],
    against: Mapping[str, record.AgainstBaseline],
    pit: MeanPit | None,
) -> str:
    """In words: whether intervals cover as often as they say, on which side they miss, and what is beaten."""
    if None in bands or figures["coverage50"] is None or figures["coverage90"] is None:
        return "No later report could be scored."
    return f"{_calibration(figures, bands)}{_side(pit)}. {_beaten(against)}"


def _calibration(figures: Figures, bands: Sequence[tuple[float, float] | None]) -> str:
    faults = []
    for level, band in zip((50, 90), bands, strict=True):
        found = figures[f"coverage{level}"]
        assert band is not None
        assert found is not None
        if found > band[1]:
            faults.append(f"{level}% intervals are too wide")
        elif found < band[0]:
            faults.append(f"{level}% intervals are too narrow")
    return "Not calibrated: " + " and ".join(faults) if faults else "Calibrated at 50% and 90%"


def _side(pit: MeanPit | None) -> str:
    """On which side of the forecasts reports fall, where one is clear."""
    if pit is None or pit.low is None or pit.high is None or pit.low <= 0.5 <= pit.high:
        return ""
    side = "higher" if pit.low > 0.5 else "lower"
    below = f"{pit.mean:.0%} of the forecast distribution ({pit.low:.0%} to {pit.high:.0%})"
    return f", but reports were {side} than predicted: on average {below} lay below them"


def _beaten(against: Mapping[str, record.AgainstBaseline]) -> str:
    if not against:
        return "There was no baseline to compare with."
    beaten = [name for name, found in against.items() if _beats(found)]
    if len(beaten) == len(against):
        return "Better than both baselines, with 90% confidence in each."
    if beaten:
        return f"Better than {beaten[0]} with 90% confidence, but not than the other baseline."
    return "Not better than the baselines with 90% confidence."


def _beats(found: record.AgainstBaseline) -> bool:
    bounds = found.skill_bound, found.log_score_difference_bound
    return all(bound is not None and bound > 0.0 for bound in bounds)


def by_quantity(case: Case, rows: Sequence[ScoreRow]) -> dict[str, record.QuantityFigures]:
    """Each quantity over all dates."""
    return {name: _quantity(case, name, own) for name, own in _grouped(rows).items()}


def _quantity(case: Case, name: str, rows: Sequence[ScoreRow]) -> record.QuantityFigures:
    quantity = case.quantities[name]
    return record.QuantityFigures.model_validate(
        _figures(rows)
        | {
            "title": quantity.title,
            "unit": quantity.unit,
            "scale": quantity.scale,
            "mean_pit": mean_of(by_target(rows, ()), "pit"),
        }
    )


def all_bounds(rows: Sequence[ScoreRow]) -> record.AllBounds:
    """Bounds, pooled and by quantity."""
    kinds = ("log_score", "brier")
    each = {name: _mean_scores(own, kinds) for name, own in _grouped(rows).items()}
    return record.AllBounds.model_validate(_mean_scores(rows, kinds) | {"quantities": each})


def _grouped(rows: Sequence[ScoreRow]) -> dict[str, list[ScoreRow]]:
    names = sorted({row.quantity for row in rows})
    return {name: [row for row in rows if row.quantity == name] for name in names}


def report(as_of: date, later: EvidenceTable, scored: ScoredReport) -> record.JudgedReport:
    """One report and how it was predicted."""
    item = scored.item
    between = later.comparison[item] == "between"
    ends = [date.fromordinal(int(day[item])) for day in (later.event_start, later.event_end)]
    model = scored.scores.get(MODEL)
    return record.JudgedReport(
        id=later.ids[item],
        as_of=as_of.isoformat(),
        quantity=later.quantity[item],
        qualifier=later.qualifier[item],
        origin=later.origin[item],
        comparison=later.comparison[item],
        bound=scored.bound,
        low=float(later.low[item] if between else later.value[item]),
        high=float(later.high[item] if between else later.value[item]),
        event="/".join(day.isoformat() for day in dict.fromkeys(ends)),
        days_ahead=(ends[1] - as_of).days,
        quantiles={name: list(values) for name, values in scored.quantiles.items()},
        pit=None if model is None else (model.pit_low, model.pit_high),
        crps={name: score.crps for name, score in scored.scores.items()},
        log_score={name: score.log_score for name, score in scored.scores.items()},
        chance=scored.chances,
    )

"""What back-tests say of the forecasts of the model, by level and by quantity, and what they don't say."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from quidproquo.brief.markup import join
from quidproquo.brief.numerals import share
from quidproquo.brief.sentences.support import falls_short
from quidproquo.brief.wording import listed, number_words
from quidproquo.study.schema.backtest import (
    Backtest,
    Exposure,
    OverallFigures,
    QuantityFigures,
    RecordedBacktest,
)
from quidproquo.study.schema.brief import Brief

__all__ = [
    "backtest_sentence",
    "backtest_sentences",
    "coverage_sentence",
    "exposure_words",
    "narrow_sentence",
]

_FEW = 5
_UNSEEN = "Effects of options were never observed, so no back-test speaks of them."

_NAMES = {"persistence": "the last value reported", "trend": "a linear trend"}


def coverage_sentence(found: OverallFigures) -> str:
    """How often intervals held later reports, all quantities pooled, against what chance allows."""
    if found.coverage50 is None or found.coverage90 is None or found.band50 is None or found.band90 is None:
        return "No later report could be scored."
    parts = []
    for level, inside, (low, high) in (
        ("50%", found.coverage50, found.band50),
        ("90%", found.coverage90, found.band90),
    ):
        side = "as chance allows" if low <= inside <= high else "too few" if inside < low else "too many"
        parts.append(f"intervals of {level} took in {share(inside)} of later reports ({side})")
    return f"With all quantities pooled, {listed(parts)}."


def narrow_sentence(quantities: Mapping[str, QuantityFigures]) -> str:
    """Quantities whose own intervals took in too few later reports: pooling hides them."""
    named = [
        f"{row.title} ({share(row.coverage90)} of {row.targets})"
        for row in quantities.values()
        if row.coverage90 is not None and falls_short(row)
    ]
    few = sum(row.targets < _FEW for row in quantities.values())
    found = []
    if named:
        found.append(f"By themselves, these fell short of 90% by more than chance allows: {listed(named)}.")
    if few:
        verb = "has" if few == 1 else "have"
        which = number_words(few, "quantity", "quantities").capitalize()
        found.append(f"{which} {verb} fewer than five later reports, which is too few to say.")
    return " ".join(found)


def backtest_sentences(result: Backtest | RecordedBacktest) -> list[str]:
    """On which side forecasts missed, which simple forecasts they beat, and what was not tested."""
    found = result.overall
    parts = [coverage_sentence(found)]
    interval = found.mean_pit_interval
    if found.mean_pit is not None and interval is not None and not interval[0] <= 0.5 <= interval[1]:
        side = "higher" if found.mean_pit > 0.5 else "lower"
        parts.append(f"Later reports were {side} than forecast, more often than chance allows.")
    beaten = [_NAMES.get(name, name) for name, one in found.against.items() if (one.skill_bound or 0.0) > 0.0]
    others = [
        _NAMES.get(name, name) for name, one in found.against.items() if (one.skill_bound or 0.0) <= 0.0
    ]
    if beaten:
        parts.append(f"Errors (CRPS) were smaller than those of {listed(beaten)}.")
    if others:
        parts.append(f"Errors (CRPS) were not reliably smaller than those of {listed(others)}.")
    parts += [narrow_sentence(result.quantities), _UNSEEN]
    return [part for part in parts if part]


def backtest_sentence(brief: Brief) -> str:
    """The same of the record on file; empty if there is none."""
    record = brief.backtest.record
    return "" if record is None else " ".join(backtest_sentences(record))


def exposure_words(row: Exposure) -> Markup:
    """What a day of a back-test may have known too early.

    A day whose priors bear no date is not called prospective: they are judgements that may know what came later.
    """
    if row.standing == "retrospective":
        return Markup("claims chosen by the date of what they speak of, not by publication")
    parts = []
    if row.hindsight:
        parts.append(f"{number_words(len(row.hindsight), 'prior')} known only later")
    if row.undated_priors:
        parts.append(f"{row.undated_priors} of {row.priors} priors are judgements without a date")
    if not parts:
        return Markup("nothing known later")
    return join(parts)

"""What others forecast: the model's own probability of the same event by the same day, and scores."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Case
from quidproquo.claims import reach
from quidproquo.claims.record import Claim
from quidproquo.evidence.weights.estimators import mcse, weighted_mean
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.study.assemble.scales import significant
from quidproquo.study.schema.claims import ForecastRecord

__all__ = ["brier_range", "forecasts", "on_day", "stated_chance"]

_SETTLED = 0.95
_EVEN = 0.5
_DENIALS = ("proposition_false", "at_most", "less_than")


def forecasts(case: Case, found: Sequence[Claim], ensemble: Ensemble, as_of: date) -> list[ForecastRecord]:
    """What was forecast: by when it is due, how probable the worlds hold it, and a score where that is known."""
    return [
        _forecast(case, claim, ensemble, as_of)
        for claim in found
        if claim.role == "forecast" and claim.state != "rejected"
    ]


def _forecast(case: Case, claim: Claim, ensemble: Ensemble, as_of: date) -> ForecastRecord:
    due, stated = _due(claim), stated_chance(claim)
    if due is None:
        return ForecastRecord(claim=claim.id, due="", stated=stated, note="no date")
    record = ForecastRecord(
        claim=claim.id, due=due.isoformat(), stated=stated, note="due" if due <= as_of else "open"
    )
    event = _event(case, claim, ensemble, due)
    if event is None:
        return record
    alive = ensemble.status == 0
    weights, island = ensemble.log_weight[alive], ensemble.island[alive]
    chance = float(weighted_mean(event[alive], weights))
    error = significant(float(mcse(event[alive], weights, island)))
    if record.note != "due":
        return record.model_copy(update={"chance": chance, "mcse": error})
    outcome = _outcome(chance)
    score = None if outcome == "not settled" or stated is None else brier_range(stated, chance > 0.5)
    return record.model_copy(update={"chance": chance, "mcse": error, "outcome": outcome, "score": score})


def stated_chance(claim: Claim) -> tuple[float, float] | None:
    """What the speaker's likelihood word stands for, of the event as the claim states it.

    "Unlikely" in a denial or of exceeding a figure is said of the contrary: the event has the chance that remains.
    """
    if claim.likelihood is None:
        return None
    low, high = claim.likelihood
    return (1.0 - high, 1.0 - low) if claim.comparison in _DENIALS and high < _EVEN else (low, high)


def _due(claim: Claim) -> date | None:
    """The last day of which a forecast speaks; None unless it lies after the day on which it was made.

    A forecast that is dated by its own publication names no day by which it can be judged.
    """
    if claim.event is None:
        return None
    made = claim.published.end if claim.published is not None else date.min
    return claim.event.end if claim.event.end > made else None


def _outcome(chance: float) -> str:
    if chance >= _SETTLED:
        return "came true"
    return "did not come true" if chance <= 1.0 - _SETTLED else "not settled"


def brier_range(stated: tuple[float, float], came_true: bool) -> tuple[float, float]:
    """Brier scores of the two ends of a stated range of probability, the better first.

    >>> brier_range((0.5, 1.0), True), brier_range((0.5, 1.0), False)
    ((0.0, 0.25), (0.25, 1.0))
    """
    outcome = 1.0 if came_true else 0.0
    first, second = sorted((end - outcome) ** 2 for end in stated)
    return first, second


def _event(case: Case, claim: Claim, ensemble: Ensemble, due: date) -> Float[np.ndarray, " world"] | None:
    """How far each world says that it comes true, 0 to 1; None where the worlds hold nothing to say so."""
    if claim.proposition:
        proposition = case.propositions.get(claim.proposition)
        values = on_day(ensemble, proposition.observes if proposition else "", due)
        if values is None:
            return None
        chance = np.asarray(np.clip(values, 0.0, 1.0))
        return chance if claim.comparison == "proposition_true" else np.asarray(1.0 - chance)
    quantity = case.quantities.get(claim.quantity)
    if quantity is None or quantity.per_event:
        return None
    values = on_day(ensemble, quantity.observes.get(claim.qualifier, ""), due)
    if values is None:
        return None
    if quantity.kind == "cumulative" and claim.since is not None:
        before = on_day(ensemble, quantity.observes[claim.qualifier], claim.since.start)
        values = values - (0.0 if before is None else before)
    low, high = reach(claim)
    if math.isnan(low) or math.isnan(high):
        return None
    return np.asarray((values >= low) & (values <= high), dtype=np.float64)


def on_day(ensemble: Ensemble, observable: str, day: date) -> Float[np.ndarray, " world"] | None:
    """An observable on a day, between the ends of months on a straight line; None beyond what worlds hold."""
    series, days = ensemble.series.get(observable), ensemble.series_days
    if series is None or not len(days) or not days[0] <= day.toordinal() <= days[-1]:
        return None
    place = float(np.interp(day.toordinal(), days, np.arange(len(days))))
    below = min(int(place), len(days) - 2) if len(days) > 1 else 0
    part = place - below
    first = series[:, below].astype(np.float64)
    return first if part == 0.0 else first + part * (series[:, below + 1] - first)

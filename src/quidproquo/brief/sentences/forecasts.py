"""What others forecast: the speaker's own words, the model's own probability, and what came of it."""

from __future__ import annotations

from quidproquo.brief.numerals import claim_amount, plain, range_words, share
from quidproquo.brief.wording import number_words
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.claims import ClaimRecord, ForecastRecord

__all__ = ["chance_words", "forecasts_sentence", "outcome_words", "stated_words"]


def forecasts_sentence(brief: Brief) -> str:
    """How many forecasts there are, how many can be held to a day, and how many were scored."""
    rows = brief.forecasts
    if not rows:
        return "No forecasts are on file."
    undated = sum(row.note == "no date" for row in rows)
    due = sum(row.note == "due" for row in rows)
    settled = sum(row.outcome in ("came true", "did not come true") for row in rows)
    scored = sum(row.score is not None for row in rows)
    text = f"{number_words(len(rows), 'forecast').capitalize()} that others made; they never weigh."
    if undated:
        verb = "names" if undated == 1 else "name"
        text += f" {undated} of them {verb} no day by which they could be judged."
    if not due:
        return f"{text} None has fallen due."
    verb = "has" if due == 1 else "have"
    text += f" {number_words(due, 'forecast').capitalize()} {verb} fallen due"
    text += f": the claims settle {settled if settled else 'none'}, and {scored if scored else 'none'}"
    return (
        f"{text} could be scored. A score needs a settled outcome, and a probability that the speaker stated."
    )


def stated_words(record: ForecastRecord) -> str:
    """What the speaker's likelihood word stands for; it is nobody's probability but his."""
    return "none stated" if record.stated is None else range_words(*record.stated, "fraction")


def chance_words(record: ForecastRecord, claim: ClaimRecord | None = None) -> str:
    """The model's own probability of the event as it is coded, by the same day, or why there is none.

    Of a figure the event is said: one that is coded without "at least" or "at most" is held to lie close to the
    figure, and so is another event than to reach it.
    """
    if record.note == "no date":
        return "none: no day is named"
    if record.chance is None:
        return "none: the model has nothing to compare it with"
    error = share(record.mcse) if record.mcse else ""
    event = _event_words(claim) if claim is not None and claim.quantity and claim.unit else ""
    return share(record.chance) + (f" ± {error}" if error else "") + event


def _event_words(claim: ClaimRecord) -> str:
    if claim.value is None or claim.near or claim.comparison not in ("eq", "about"):
        return f", of {claim_amount(claim)}"
    return f", of a figure close to {claim_amount(claim).removeprefix('about ')}"


def outcome_words(record: ForecastRecord) -> str:
    """What came of a forecast, and its score."""
    if record.note == "no date":
        return "can't be judged"
    if record.note == "open":
        return "not due yet"
    if not record.outcome:
        return "due, but not known to the model"
    words = "due, but the claims do not settle it" if record.outcome == "not settled" else record.outcome
    if record.score is None:
        return words
    low, high = record.score
    return f"{words}; Brier score {plain(low)} to {plain(high)}"

"""How claims sit among the others: what is far off, what only bounds, and what that says of the model."""

from __future__ import annotations

from quidproquo.brief.numerals import share
from quidproquo.brief.wording import number_words
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.claims import ClaimRecord
from quidproquo.study.schema.diagnostics import MisfitRecord

__all__ = [
    "chance_wrong",
    "fit_sentence",
    "keeps_its_bound",
    "misfits",
    "outside",
    "probably_wrong",
    "verdict_words",
    "wrong_words",
]

_MOST = 0.1
_FAR, _UNUSUAL, _WRONG = 0.01, 0.05, 0.5
_NONE = 0.005  # would be printed as 0%
_FROM_BELOW, _FROM_ABOVE = ("at_least", "more_than"), ("at_most", "less_than")


def keeps_its_bound(record: MisfitRecord, claim: ClaimRecord | None) -> bool | None:
    """Whether a claim that only bounds keeps to what the worlds say; None for any other claim.

    "More than 24" is true of 210: a bound that lies far off on its own side is no error.
    """
    if claim is None or claim.near or claim.comparison not in (*_FROM_BELOW, *_FROM_ABOVE):
        return None
    if record.broken is not None:
        return record.broken <= _WRONG
    if record.expected is None or claim.value is None:
        return None
    middle = record.expected[1]
    return claim.value <= middle if claim.comparison in _FROM_BELOW else claim.value >= middle


def chance_wrong(record: MisfitRecord, claim: ClaimRecord | None) -> float | None:
    """The probability that a claim is wrong: of a bound, that it is broken; None where that isn't known."""
    kept = keeps_its_bound(record, claim)
    if kept is None:
        return record.probability_wrong
    return record.broken


def probably_wrong(brief: Brief) -> set[str]:
    """Claims that are more likely wrong than right by all claims together."""
    claims = {claim.id: claim for claim in brief.claims}
    rows = [*brief.misfit.claims, *brief.misfit.unjudged]
    chances = {row.claim: chance_wrong(row, claims.get(row.claim)) for row in rows}
    return {name for name, chance in chances.items() if chance is not None and chance > _WRONG}


def wrong_words(record: MisfitRecord, claim: ClaimRecord | None) -> str:
    """The probability that a claim is wrong, in words; one that can't be judged has none.

    What nothing but its own origin speaks of is not held to be right, though all worlds agree with it.
    """
    wrong = chance_wrong(record, claim)
    if wrong is None:
        return "–"
    if record.below is None and wrong < _NONE:
        return "can't be judged"
    return share(wrong)


def outside(brief: Brief) -> tuple[int, int]:
    """How many of the claims that can be judged lie beyond the 1 and 99% points, and how many those are."""
    claims = {claim.id: claim for claim in brief.claims}
    far = [row for row in brief.misfit.claims if row.below is not None and _beyond(row.below, _FAR)]
    return sum(keeps_its_bound(row, claims.get(row.claim)) is not True for row in far), len(
        brief.misfit.claims
    )


def _beyond(below: float, level: float) -> bool:
    return min(below, 1.0 - below) < level


def misfits(brief: Brief) -> bool:
    """Whether more than a tenth of the claims lie where the others leave almost no room for them."""
    found, judged = outside(brief)
    return found > _MOST * judged


def fit_sentence(brief: Brief) -> str:
    """What the test of fit says, and of what it says nothing."""
    found, judged = outside(brief)
    if not judged:
        return "No claim could be held against the others."
    unjudged = len(brief.misfit.unjudged)
    rest = f"; {number_words(unjudged, 'other claim')} could not be judged" if unjudged else ""
    count = f"{found} of {judged} claims" if found else f"None of {number_words(judged, 'claim')}"
    verb = "lie" if found > 1 else "lies"
    where = "outside the central 98% of what the other origins lead one to expect"
    text = f"{count} {verb} {where}{rest}."
    if found > _MOST * judged:
        return (
            f"{text} That is more than a tenth: the model does not agree with the history that was reported."
        )
    return f"{text} This tests the history that the model tells. It does not test what the model says of options."


def verdict_words(record: MisfitRecord, claim: ClaimRecord | None) -> str:
    """How one claim sits among the others, in a few words."""
    if record.below is None:
        return "can't be judged: no forecast of it stands without its own origin"
    kept = keeps_its_bound(record, claim)
    wrong = chance_wrong(record, claim)
    doubt = "; probably wrong" if wrong is not None and wrong > _WRONG else ""
    if kept:
        return "a bound, and the others keep to it"
    if kept is False:
        return f"a bound that the others do not keep to{doubt}"
    side = "low" if record.below < 0.5 else "high"
    if _beyond(record.below, _FAR):
        where = f"far {'below' if side == 'low' else 'above'} what the other origins lead one to expect"
    elif _beyond(record.below, _UNUSUAL):
        where = f"{side} beside what the other origins lead one to expect, but not far off"
    else:
        where = "as the other origins lead one to expect"
    if doubt and not _beyond(record.below, _FAR):
        # the other origins alone have room for it; what all claims together say is another matter
        doubt = "; all claims together make it probably wrong"
    return where + doubt

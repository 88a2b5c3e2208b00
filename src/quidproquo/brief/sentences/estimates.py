"""An estimate on a date, in a sentence: what weighs on it decides which sentence it may be."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from quidproquo.brief.markup import join, link, phrase
from quidproquo.brief.numerals import amount, date_words, estimate_error, interval_digits, range_words, share
from quidproquo.brief.sentences.support import (
    LITTLE,
    confidence,
    confidence_sentence,
    moved_by,
    standing,
    weighed,
)
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.estimates import Estimate

__all__ = [
    "Numbers",
    "counted_by",
    "estimate_confidence",
    "estimate_numbers",
    "estimate_sentence",
    "is_given",
    "is_index",
    "rests_on_sentence",
]

_ONE = {"fraction", "probability"}
_BOUNDS = {"at_least", "more_than", "at_most", "less_than"}


@dataclass(frozen=True)
class Numbers:
    """An estimate on one date, in words; `fixed` says that its interval reads as one number."""

    date: str
    middle: str
    interval: str
    between: str
    prior: str
    fixed: bool


def estimate_numbers(estimate: Estimate) -> Numbers:
    """Median and 90% interval of an estimate at its as-of date, and of its prior, in words."""
    i = estimate.as_of_index
    low, middle, high = estimate.q05[i], estimate.q50[i], estimate.q95[i]
    digits = interval_digits(low, middle, high)
    error = estimate_error(estimate, i)
    prior = range_words(estimate.prior_q05, estimate.prior_q95, estimate.unit)
    ends = range_words(low, high, estimate.unit, digits, " and ")
    return Numbers(
        date_words(estimate.dates[i]),
        amount(middle, estimate.unit, error, digits),
        range_words(low, high, estimate.unit, digits),
        f"between {ends}",
        prior,
        " and " not in ends,
    )


def estimate_sentence(brief: Brief, name: str) -> Markup:
    """The sentence of an estimate at the as-of date, its numbers linked to what they rest on.

    Where no report weighs on it, it speaks of worlds and not of the true figure; so it does of a chance or an
    index, of which there is no true figure. Where all worlds agree, it gives no interval.
    """
    estimate = brief.estimates[name]
    numbers = estimate_numbers(estimate)
    target = f"estimate.{name}"
    start = phrase(
        "{when} {date}: ",
        when="By" if estimate.kind == "cumulative" else "On",
        date=link("basis", target, numbers.date),
    )
    if is_given(estimate):
        return start + phrase("{middle}.", middle=link("basis", target, numbers.middle))
    if numbers.fixed:
        return start + phrase(
            "{middle} in at least nine worlds of ten, as rounded.",
            middle=link("basis", target, numbers.middle),
        )
    parts = {
        "middle": link("basis", target, numbers.middle),
        "ninety": link("basis", target, share(0.9)),
        "interval": link("basis", target, numbers.between),
    }
    if weighed(brief, estimate.claims) and not is_index(estimate):
        template = "about {middle}. It is very likely ({ninety}) that the true figure lies {interval}."
    else:
        template = "about {middle} in the middle of the worlds, {ninety} of which lie {interval}."
    return start + phrase(template, **parts)


def is_index(estimate: Estimate) -> bool:
    """Whether an estimate is a chance or an index between 0 and 1, which no report can count."""
    return estimate.unit in _ONE and estimate.kind == "level"


def is_given(estimate: Estimate) -> bool:
    """Whether a figure is the same in all worlds, before any claim and after: it goes into the model."""
    i = estimate.as_of_index
    ends = {estimate.q05[i], estimate.q95[i], estimate.prior_q05, estimate.prior_q95}
    return len(ends) == 1 and not estimate.claims


def counted_by(brief: Brief, name: str) -> list[str]:
    """Claims that count what a given figure says: those of the record of its programme; else none.

    "Fewer than three" only bounds it, and counts nothing.
    """
    estimate = brief.estimates[name]
    programme = brief.programmes.get(estimate.part)
    if programme is None or not is_given(estimate):
        return []
    known = {claim.id for claim in brief.claims if claim.comparison not in _BOUNDS}
    counts = [one for one in programme.record.values() if estimate.title.startswith(one.title)]
    return [claim for one in counts for claim in one.claims if claim in known]


def estimate_confidence(brief: Brief, name: str) -> str:
    """The confidence in an estimate in its own sentence; what is given to the model has none."""
    estimate = brief.estimates[name]
    if is_given(estimate):
        return "No confidence is stated, for the figure is no finding of the model."
    return confidence_sentence(confidence(brief, standing(brief, name), name))


def rests_on_sentence(brief: Brief, name: str) -> Markup:
    """On what an estimate rests: reports on it, reports on other things, or named priors."""
    estimate = brief.estimates[name]
    if is_given(estimate):
        counted = join([link("claim", claim, claim) for claim in counted_by(brief, name)])
        if counted:
            return phrase("It is counted, not estimated: {counted}.", counted=counted)
        return Markup("It is given to the model, not estimated by it.")
    own = {claim.id for claim in weighed(brief, estimate.claims)}
    known = {claim.id for claim in brief.claims} - own
    claims = [item for item in moved_by(brief, name, ("claim",)) if item.id in known]
    others = join([link("claim", item.id, item.id) for item in claims])
    if own:
        if not claims:
            return Markup("")
        return phrase("Reports on other things move it, too, most of all {others}.", others=others)
    if claims:
        return phrase(
            "No report on it weighs. Reports on other things move it most: {others}.", others=others
        )
    together = _together(brief, name)
    single = "single " if together else ""
    priors = moved_by(brief, name, ("prior",))
    named = [item.id.partition("=")[0] for item in priors]
    stated = [prior for prior in named if prior in brief.assumptions]
    if stated:
        titles = join([link("prior", prior, brief.assumptions[prior].title) for prior in stated])
        return phrase(
            "No {single}report moves it noticeably{together}. It rests on priors{too}, most on these: {titles}.",
            single=single,
            together=together,
            too=", too" if together else "",
            titles=titles,
        )
    return phrase(
        "No {single}report moves it noticeably{together}, and no single prior does: it follows from how the "
        "model is made.",
        single=single,
        together=together,
    )


def _together(brief: Brief, name: str) -> Markup:
    """What reports do to an estimate that no single one of them moves; empty where that is little."""
    steps = brief.steps.estimates.get(name)
    if steps is None or steps.share < LITTLE:
        return Markup("")
    removed = link("basis", f"estimate.{name}", share(steps.share))
    return phrase("; together they remove {removed} of its squared error", removed=removed)

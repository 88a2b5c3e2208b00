"""The sentences of the brief: what is likely, how sure one can be, and what it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from quidproquo.brief.markup import join, link, phrase
from quidproquo.brief.numerals import (
    amount,
    date_words,
    estimate_error,
    interval_digits,
    plain,
    range_words,
    share,
)
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.claims import ClaimRecord
from quidproquo.study.schema.estimates import Estimate
from quidproquo.terms.grades import CREDIBILITIES, RELIABILITIES, likelihood_word

__all__ = [
    "Confidence",
    "Contrast",
    "confidence",
    "confidence_sentence",
    "contrast",
    "ess_sentence",
    "estimate_numbers",
    "estimate_sentence",
    "grade_words",
    "likelihood",
    "likelihood_over",
    "misfits",
    "number_words",
    "option_links",
    "weighed",
]

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SURE_ORIGINS, _FAIR_ORIGINS = 4, 2
_TRUSTED = {"A", "B"}
_MOVED = 0.5


def number_words(count: int, noun: str, plural: str = "") -> str:
    """A count with its noun: small numbers in words.

    >>> number_words(1, "claim"), number_words(0, "claim"), number_words(40, "claim")
    ('one claim', 'no claims', '40 claims')
    """
    word = _WORDS[count] if count < len(_WORDS) else f"{count:,}"
    return f"{word} {noun if count == 1 else plural or noun + 's'}"


def option_links(brief: Brief, names: Iterable[str]) -> Markup:
    """Titles of options, linked and joined."""
    return join([link("option", name, brief.options[name].title) for name in names])


def likelihood(probability: float) -> str:
    r"""The ICD 203 word for a probability with the number in brackets.

    >>> likelihood(0.63)
    'likely (63%)'
    """
    word = likelihood_word(probability).word
    article = "a " if word == "roughly even chance" else ""
    return f"{article}{word} ({share(probability)})"


def likelihood_over(probabilities: list[float]) -> str | None:
    """The one ICD 203 word that fits all of a set of probabilities; None where it takes several.

    >>> likelihood_over([0.6, 0.7]), likelihood_over([0.4, 0.7])
    ('likely', None)
    """
    words = {likelihood_word(min(1.0, max(0.0, p))).word for p in probabilities}
    return words.pop() if len(words) == 1 else None


def grade_words(claim: ClaimRecord) -> str:
    """The Admiralty grade of a claim, code and words."""
    reliability, credibility = claim.reliability or "F", claim.credibility
    return f"{reliability}{credibility}: source {RELIABILITIES[reliability]}; content {CREDIBILITIES[credibility]}"


@dataclass(frozen=True)
class Numbers:
    """An estimate on one date, in words."""

    date: str
    middle: str
    interval: str
    between: str
    prior: str


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
        f"between {ends}" if " and " in ends else f"at {ends}, as rounded",
        prior,
    )


def estimate_sentence(name: str, estimate: Estimate) -> Markup:
    """The sentence of an estimate at the as-of date, its numbers linked."""
    numbers = estimate_numbers(estimate)
    return phrase(
        "{when} {date}: about {middle}. It is very likely ({ninety}) that the true figure lies {interval}.",
        when="By" if estimate.kind == "cumulative" else "On",
        date=link("estimate", name, numbers.date),
        middle=link("estimate", name, numbers.middle),
        ninety=link("estimate", name, share(0.9)),
        interval=link("estimate", name, numbers.between),
    )


@dataclass(frozen=True)
class Confidence:
    """Analytic confidence, which is separate from likelihood: the level and the reasons for it."""

    level: str
    reasons: tuple[str, ...]


def confidence(brief: Brief, claims: list[str], contested: bool = False) -> Confidence:
    """How sure one can be of a judgement that rests on these claims.

    High needs four independent origins, one of them at least usually reliable, no contradiction
    and a model that fits; moderate needs two origins; everything else is low. A contradiction or a
    poor fit lowers the level by one.
    """
    used = weighed(brief, claims)
    origins = {claim.origin or claim.speaker for claim in used}
    trusted = any(claim.reliability in _TRUSTED for claim in used)
    level = 0
    if len(origins) >= _FAIR_ORIGINS:
        level = 2 if len(origins) >= _SURE_ORIGINS and trusted else 1
    reasons = [_supported(len(origins))]
    if used and not trusted:
        reasons.append("no source is at least usually reliable")
    if contested:
        level -= 1
        reasons.append("reports contradict each other")
    if misfits(brief):
        level -= 1
        reasons.append("the model fits the claims poorly")
    return Confidence(("low", "moderate", "high")[max(0, level)], tuple(reasons))


def _supported(origins: int) -> str:
    if not origins:
        return "no independent origin supports it"
    verb = "supports" if origins == 1 else "support"
    return f"{number_words(origins, 'independent origin')} {verb} it"


def weighed(brief: Brief, claims: list[str]) -> list[ClaimRecord]:
    """Those of some claims that weigh: only these stand behind a figure."""
    return [claim for claim in brief.claims if claim.used and claim.id in set(claims)]


def misfits(brief: Brief) -> bool:
    """Whether more than a tenth of the claims lie where the others leave almost no room for them."""
    return brief.misfit.outside > 0.1


def confidence_sentence(found: Confidence) -> str:
    """The confidence in its own sentence."""
    reasons = found.reasons
    listed = ", ".join(reasons[:-1]) + (" and " if len(reasons) > 1 else "") + reasons[-1]
    return f"Confidence is {found.level}: {listed}."


@dataclass(frozen=True)
class Contrast:
    """The metrics on which an option does better or worse than another, and those tied within error."""

    first: str
    second: str
    better: tuple[Markup, ...]
    worse: tuple[Markup, ...]
    tied: tuple[Markup, ...]


def contrast(brief: Brief, first: str, second: str) -> Contrast:
    """Sort the metrics by how two options differ on them, the weightiest first.

    Two means differ where they lie more than two Monte Carlo errors apart; both errors count in
    full, although futures that the options share make the true error smaller.
    """
    found: dict[str, list[Markup]] = {"better": [], "worse": [], "tied": []}
    for name in sorted(brief.metrics, key=lambda name: -brief.metrics[name].weight):
        record = brief.metrics[name]
        a = brief.options[first].weighted.metrics[name]
        b = brief.options[second].weighted.metrics[name]
        error = math.hypot(a.mcse, b.mcse)
        words = phrase(
            "{metric} ({a} against {b})",
            metric=link("metric", name, record.title),
            a=link("metric", name, amount(a.mean, record.unit, a.mcse, 3)),
            b=link("metric", name, amount(b.mean, record.unit, b.mcse, 3)),
        )
        if abs(a.mean - b.mean) <= 2.0 * error:
            found["tied"].append(words)
        elif (a.mean < b.mean) == (record.direction == "lower"):
            found["better"].append(words)
        else:
            found["worse"].append(words)
    return Contrast(first, second, *(tuple(items) for items in found.values()))


def ess_sentence(ess: float) -> str:
    """What an effective sample size means for somebody who never met one."""
    error = 1.0 / math.sqrt(max(ess, 1.0))
    return (
        f"The least certain figure is as exact as {plain(ess, digits=2)} independent draws would make it. "
        f"Another seed would move it by about {share(error)} of its standard deviation, which is small "
        "beside what the reports leave open."
        if error < 0.1
        else f"The least certain figure is only as exact as {plain(ess, digits=2)} independent draws would "
        f"make it. Another seed would move it by about {share(error)} of its standard deviation: do not "
        "read small differences into it."
    )

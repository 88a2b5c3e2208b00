"""Rival answers to a hypothesis: how probable over the whole set of weightings, and the claims for and against.

A likelihood word is printed only where the whole set of weightings stays in its range; otherwise the range is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from quidproquo.brief.markup import join, link, phrase
from quidproquo.brief.numerals import plain, range_words, share
from quidproquo.brief.sentences.fit import misfits
from quidproquo.brief.sentences.support import (
    Confidence,
    confidence_sentence,
    contradicted,
    sound,
    support,
)
from quidproquo.brief.wording import likelihood_over, number_words
from quidproquo.study.schema.assumptions import (
    HypothesisClaimRecord,
    HypothesisRecord,
    HypothesisWeightingRecord,
)
from quidproquo.study.schema.brief import Brief

__all__ = [
    "AnswerRange",
    "MatrixCell",
    "MatrixRow",
    "OddsRow",
    "answer_confidence",
    "answer_range",
    "answer_sentence",
    "answer_sure",
    "diagnostic",
    "diagnostic_claims",
    "leading",
    "matrix",
    "matrix_sentence",
    "odds",
    "odds_words",
    "speaking_for",
    "undecided",
]

_ERRORS = 2.0
_FAIR_ORIGINS = 2
_SURE_ERRORS = 3.0
_RAISES = math.log(1.1)  # of the log odds; what raises an answer by less does not stand behind it
_SLIGHT = 1.05  # a factor below which a cell is left empty


@dataclass(frozen=True)
class AnswerRange:
    """Lowest and highest probability of an answer over the weightings, each widened by two Monte Carlo errors.

    `word` is the likelihood word that fits all of them, or empty; `lowest` is the weighting of the least; under
    those named `ahead` another answer leads.
    """

    low: float
    high: float
    word: str
    lowest: str
    judged: int
    unjudged: int
    ahead: tuple[str, ...]


def leading(hypothesis: HypothesisRecord) -> str:
    """The state that is most probable with all the evidence."""
    return max(hypothesis.states, key=lambda name: hypothesis.states[name].posterior)


def answer_range(hypothesis: HypothesisRecord, state: str) -> AnswerRange:
    """The range of an answer over all weightings that can be judged; no word fits if one couldn't be."""
    record = hypothesis.states[state]
    points = [(record.posterior, record.mcse, ""), (record.prior, 0.0, "with no evidence")]
    judged = [row for row in hypothesis.weightings if row.reliable]
    points += [(row.probability[state], row.mcse[state], _named(row)) for row in judged]
    ends = [value + sign * _ERRORS * error for value, error, _ in points for sign in (-1.0, 1.0)]
    unjudged = len(hypothesis.weightings) - len(judged)
    word = likelihood_over(ends)
    ahead = [row.title for row in judged if max(row.probability, key=lambda s: row.probability[s]) != state]
    return AnswerRange(
        low=min(value for value, _, _ in points),
        high=max(value for value, _, _ in points),
        word=word if word is not None and not unjudged else "",
        lowest=min(points)[2],
        judged=len(judged),
        unjudged=unjudged,
        ahead=tuple(dict.fromkeys(ahead)),
    )


def _named(row: HypothesisWeightingRecord) -> str:
    return f"without the reports of {row.title}" if row.kind == "origin" else f"with {row.title}"


def diagnostic(hypothesis: HypothesisRecord) -> list[HypothesisClaimRecord]:
    """The claims that tell the answers apart."""
    return [claim for claim in hypothesis.claims if claim.diagnostic]


def undecided(hypothesis: HypothesisRecord) -> bool:
    """Whether the claims move the leading answer, and which of them do can't be judged."""
    record = hypothesis.states[leading(hypothesis)]
    moved = abs(record.posterior - record.prior) > _ERRORS * record.mcse
    return moved and not diagnostic(hypothesis) and any(not claim.reliable for claim in hypothesis.claims)


def diagnostic_claims(brief: Brief, hypothesis: HypothesisRecord) -> list[str]:
    """Ids of the claims that weigh and tell the answers apart, the most telling first."""
    used = {claim.id for claim in brief.claims if claim.used}
    return [claim.id for claim in diagnostic(hypothesis) if claim.id in used]


def speaking_for(brief: Brief, hypothesis: HypothesisRecord, state: str = "") -> list[str]:
    """Ids of the claims that weigh and raise an answer, the leading one if none is named, by more than chance.

    A claim that tells answers apart may speak against the leading one: then it does not stand behind it. The most
    telling come first.
    """
    answer = state or leading(hypothesis)
    used = {claim.id for claim in brief.claims if claim.used}
    found = [
        claim
        for claim in hypothesis.claims
        if claim.id in used
        and claim.reliable
        and claim.log_ratio[answer] >= max(_RAISES, _SURE_ERRORS * claim.mcse[answer])
    ]
    return [claim.id for claim in sorted(found, key=lambda claim: -claim.log_ratio[answer])]


def answer_sentence(brief: Brief, name: str) -> Markup:
    """Which answer leads, how probable it is under the whole set of weightings, and whether claims say so."""
    hypothesis = brief.hypotheses[name]
    state = leading(hypothesis)
    record, found = hypothesis.states[state], answer_range(hypothesis, state)
    target = f"hypothesis.{name}"
    ends = range_words(found.low, found.high, "fraction")
    parts = {
        "title": link("hypothesis", name, hypothesis.title),
        "state": phrase("“{title}”", title=link("hypothesis", name, record.title)),
        "posterior": link("basis", target, share(record.posterior)),
        "prior": link("basis", target, share(record.prior)),
        "range": link("basis", target, ends if " to " in ends else f"{ends} to {ends}"),
    }
    if hypothesis.claims and not diagnostic(hypothesis) and not undecided(hypothesis):
        return phrase(
            "{title} The reports do not settle this: none of them tells the answers apart. The leading answer is "
            "{state}, at {prior} before the claims and {posterior} after.",
            **parts,
        )
    if found.word:
        article = "a " if found.word.startswith("roughly") else ""
        return phrase(
            "{title} It is {word} ({posterior}) that the answer is {state}; over all weightings of the "
            "evidence it "
            "ranges from {range}.",
            word=article + found.word,
            **parts,
        )
    start = phrase(
        "{title} With all the evidence {state} leads, at {posterior}; before the claims it had {prior}. ",
        **parts,
    )
    if not hypothesis.weightings:
        return start + Markup("No other weighting was tried, so no likelihood word is given.")
    lowest = f", lowest {found.lowest}" if found.lowest else ""
    start += phrase(
        "Over the weightings that can be judged it ranges from {range}{lowest}, so no likelihood word fits.",
        lowest=lowest,
        **parts,
    )
    if undecided(hypothesis):
        start += Markup(" Which single reports decide this could not be judged.")
    if found.unjudged:
        count = number_words(found.unjudged, "weighting")
        start += phrase(" {count} could not be judged.", count=link("basis", target, count.capitalize()))
    return start


def answer_confidence(brief: Brief, name: str) -> Confidence:
    """How sure one can be of the leading answer: never above low where it rests on the prior."""
    hypothesis = brief.hypotheses[name]
    state = leading(hypothesis)
    claims, telling = speaking_for(brief, hypothesis, state), diagnostic_claims(brief, hypothesis)
    behind, found = support(brief, claims), answer_range(hypothesis, state)
    if not telling and undecided(hypothesis):
        return Confidence("low", ("which reports the answer rests on could not be judged",))
    if not telling:
        return Confidence("low", ("no report tells the answers apart, so the answer rests on judgement",))
    if not claims:
        return Confidence("low", ("no report by itself raises this answer noticeably",))
    behind, words = sound(brief, behind)
    reasons = [*words]
    level = "moderate" if behind.origins >= _FAIR_ORIGINS else "low"
    others = [title for title in found.ahead if title != "no evidence"]
    if others:
        level = "low"
        reasons.append("another answer leads under some weightings")
    if not found.word:
        level = "low"
        reasons.append("the answer depends much on which reports are left out")
    if contradicted(brief, claims):
        level = "low"
        reasons.append("some of these reports contradict each other")
    if misfits(brief):
        level = "low"
        reasons.append("more than a tenth of all claims lie where the others leave almost no room")
    return Confidence(level, tuple(reasons))


def answer_sure(brief: Brief, name: str) -> str:
    """The sentence of confidence in the leading answer."""
    return confidence_sentence(answer_confidence(brief, name))


def odds_words(log_ratio: float) -> str:
    """A log likelihood ratio as the factor by which it changes odds.

    >>> odds_words(0.6931), odds_words(-0.6931), odds_words(0.01)
    ('×2', '÷2', '')
    """
    factor = math.exp(abs(log_ratio))
    if factor < _SLIGHT:
        return ""
    return ("×" if log_ratio > 0.0 else "÷") + plain(factor)


@dataclass(frozen=True)
class MatrixCell:
    """What a claim does to the odds of an answer; `style` is for, against or empty."""

    words: str
    style: str


@dataclass(frozen=True)
class MatrixRow:
    """One claim against all answers."""

    id: str
    verdict: str
    diagnostic: bool
    cells: tuple[MatrixCell, ...]


def matrix(hypothesis: HypothesisRecord, others: int = 8) -> list[MatrixRow]:
    """Claims against answers: all that are diagnostic, and so many of the others."""
    telling = diagnostic(hypothesis)
    rest = [claim for claim in hypothesis.claims if not claim.diagnostic]
    return [_matrix_row(hypothesis, claim) for claim in [*telling, *rest[:others]]]


def _matrix_row(hypothesis: HypothesisRecord, claim: HypothesisClaimRecord) -> MatrixRow:
    verdict = "diagnostic" if claim.diagnostic else "not diagnostic" if claim.reliable else "can't be judged"
    return MatrixRow(claim.id, verdict, claim.diagnostic, tuple(_cells(hypothesis, claim)))


def _cells(hypothesis: HypothesisRecord, claim: HypothesisClaimRecord) -> Iterator[MatrixCell]:
    for state in hypothesis.states:
        ratio, error = claim.log_ratio[state], claim.mcse[state]
        words = odds_words(ratio) if claim.reliable and abs(ratio) > _ERRORS * error else ""
        yield MatrixCell(words, ("for" if ratio > 0.0 else "against") if words else "")


def matrix_sentence(brief: Brief, name: str) -> Markup:
    """How many claims tell the answers apart, and from how many origins."""
    hypothesis = brief.hypotheses[name]
    if not hypothesis.claims:
        return Markup("What single claims say of the answers is not on file.")
    telling = diagnostic_claims(brief, hypothesis)
    total = number_words(len(hypothesis.claims), "claim")
    open_ = sum(not claim.reliable for claim in hypothesis.claims)
    but = f"; {number_words(open_, 'claim')} could not be judged" if open_ else ""
    if not telling:
        if open_ == len(hypothesis.claims):
            return phrase(
                "Which of {total} that weigh tell the answers apart could not be judged.", total=total
            )
        return phrase("Of {total} that weigh, none tells the answers apart{but}.", total=total, but=but)
    behind = support(brief, telling)
    families = number_words(behind.families, "family", "families")
    return phrase(
        "Of {total} that weigh, {telling} the answers apart ({origins} in {families}): {claims}{but}.",
        total=total,
        but=but,
        telling=f"{number_words(len(telling), 'claim').split()[0]} {'tells' if len(telling) == 1 else 'tell'}",
        origins=number_words(behind.origins, "origin"),
        families=families,
        claims=join([link("claim", claim, claim) for claim in telling]),
    )


@dataclass(frozen=True)
class OddsRow:
    """Every answer under one weighting; cells are empty where it can't be judged."""

    title: str
    cells: tuple[str, ...]
    judged: bool


def odds(hypothesis: HypothesisRecord) -> list[OddsRow]:
    """Answers with all, half and no evidence, then without each origin, what changes most first."""
    state = leading(hypothesis)
    whole = hypothesis.states[state].posterior
    evidence = [row for row in hypothesis.weightings if row.kind == "evidence"]
    origins = [row for row in hypothesis.weightings if row.kind == "origin"]
    origins.sort(key=lambda row: (not row.reliable, -abs(row.probability[state] - whole), row.title))
    return [
        OddsRow(
            f"without {row.title}" if row.kind == "origin" else row.title,
            tuple(share(row.probability[s], row.mcse[s]) if row.reliable else "" for s in hypothesis.states),
            row.reliable,
        )
        for row in [*evidence, *origins]
    ]

"""What a brief can't be used for: said of this run, from what it counted."""

from __future__ import annotations

from quidproquo.brief.numerals import share
from quidproquo.brief.wording import number_words
from quidproquo.study.schema.brief import Brief

__all__ = ["limits", "sources_sentence"]


def limits(brief: Brief) -> list[str]:
    """The limits in order: effects, priors, reports, languages, use."""
    return [
        text
        for text in (
            _effects(brief),
            _priors(brief),
            _reports(brief),
            _unreviewed(brief),
            _languages(brief),
            _USE,
        )
        if text
    ]


_USE = (
    "It is made for weighing policy. It must not be used to choose targets, or to lay blame on a person: "
    "claims say "
    "what was said, and who said it may be wrong."
)


def _effects(brief: Brief) -> str:
    acting = [option for option in brief.options.values() if not option.baseline]
    if not acting:
        return ""
    what = number_words(len(acting), "option")
    return (
        f"Effects are untested. Every report speaks of policy as it stood; what the {what} would change follows "
        "from priors, and no back-test can speak of it."
    )


def _priors(brief: Brief) -> str:
    every = list(brief.assumptions.values())
    if not every:
        return ""
    judged = [record for record in every if record.judgement]
    reasoned = sum(bool(record.grounds) for record in judged)
    return (
        f"{len(judged)} of {number_words(len(every), 'prior')} ({share(len(judged) / len(every))}) are "
        "judgement, not "
        f"data; {reasoned if reasoned else 'none'} of these state{'s' if reasoned == 1 else ''} a reason."
    )


def _reports(brief: Brief) -> str:
    return "" if not brief.documents else sources_sentence(brief)


def sources_sentence(brief: Brief) -> str:
    """Whether originals were at hand, or only our own summaries of them."""
    total = len(brief.documents)
    digests = sum(document.kind == "digest" for document in brief.documents)
    if not digests:
        return f"{'The document is' if total == 1 else f'All {total} documents are'} at hand in the original."
    if digests == total:
        have = "The document is" if total == 1 else f"All {total} documents are"
        return f"{have} at hand only as our own digests: nothing on this page is quoted from an original."
    return (
        f"{digests} of {total} documents are at hand only as our own digests, which are labelled and never "
        "quoted; "
        "sentences of the others are quoted."
    )


def _unreviewed(brief: Brief) -> str:
    proposed = sum(claim.used and claim.state == "proposed" for claim in brief.claims)
    if not proposed:
        return ""
    count = number_words(proposed, "claim").capitalize()
    verb = "weighs" if proposed == 1 else "weigh, each"
    return f"{count} that nobody has reviewed {verb} at the lowest credibility."


def _languages(brief: Brief) -> str:
    other = sum(document.status == "other language" for document in brief.documents)
    start = "The program reads English only"
    if other:
        verb = "was" if other == 1 else "were"
        return f"{start}. {number_words(other, 'document').capitalize()} in another language {verb} not read."
    return (
        f"{start}: what was reported in other languages is here only where a document in English or a coded claim "
        "relays it, unless a language model was asked to read more."
    )

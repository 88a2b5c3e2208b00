"""Several options that can't be told apart: which are level, which are only so at times, and which are behind."""

from __future__ import annotations

from markupsafe import Markup

from quidproquo.brief.markup import link, phrase
from quidproquo.brief.numerals import plain
from quidproquo.brief.sentences.decisions import leading
from quidproquo.brief.wording import number_words, option_links
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.options import WeightingRecord

__all__ = ["behind", "chosen", "level_under", "tied_sentence"]

_FEW = 5  # options that a sentence names; of more it gives the number


def chosen(brief: Brief) -> list[str]:
    """The preferred option, or the tied ones."""
    preferred = brief.preferred
    return [name for name in preferred.options or [preferred.option] if name in brief.options]


def behind(brief: Brief) -> list[str]:
    """The options that are behind under every weighting that could be judged."""
    tied = chosen(brief)
    return [name for name in brief.options if name not in tied]


def level_under(brief: Brief, row: WeightingRecord) -> list[str]:
    """The options that tie the choice under a weighting, and the one with the least regret there."""
    least = min(row.q95_regret, key=lambda option: row.q95_regret[option])
    return list(dict.fromkeys([*(o for o, ids in brief.preferred.ties.items() if row.id in ids), least]))


def tied_sentence(brief: Brief, margin: object) -> Markup:
    """That the reports don't settle the choice, and what they do say; `margin` is the lead in value, in words."""
    names, first = chosen(brief), leading(brief)
    more = [name for name in names if name not in first]
    text = Markup("The reports do not settle which option is best. ")
    if len(first) > 1:
        text += phrase(
            "Under all the evidence {first} are level: the first leads the next by {margin} of value, and a lead "
            "counts from {limit} up.",
            first=option_links(brief, first),
            margin=margin,
            limit=link("basis", "choice", plain(brief.preferred.limit or brief.preferred.delta)),
        )
    else:
        text += phrase(
            "Under all the evidence {first} leads by {margin} of value.",
            first=option_links(brief, first),
            margin=margin,
        )
    if more:
        text += phrase(
            " {more} cannot be told from the best where some reports or answers are weighed otherwise.",
            more=_named(brief, more, "further option"),
        )
    return text + _ruled_out(brief)


def _named(brief: Brief, names: list[str], noun: str) -> Markup:
    """Options by title where they are few, else their number."""
    if len(names) <= _FEW:
        return option_links(brief, names)
    return link("options", "all", number_words(len(names), noun).capitalize())


def _ruled_out(brief: Brief) -> Markup:
    """The options that no weighting brings level: what the reports do settle."""
    names = behind(brief)
    if not names:
        return Markup(" No option is behind however reports and answers are weighed.")
    return phrase(
        " {names} {verb} behind however reports and answers are weighed{which}.",
        names=_named(brief, names, "other option"),
        verb="is" if len(names) == 1 else "are",
        which=", as far as that could be judged" if any(not row.reliable for row in brief.weightings) else "",
    )

"""Several options that can't be told apart: which are level, which are only so at times, and which are behind."""

from __future__ import annotations

from markupsafe import Markup

from quidproquo.brief.markup import link, phrase
from quidproquo.brief.numerals import plain
from quidproquo.brief.sentences.decisions import leading
from quidproquo.brief.wording import number_words, option_links
from quidproquo.sensitivity.record import ALL
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.options import WeightingRecord

__all__ = ["behind", "chosen", "level_under", "level_words", "open_under", "tied_sentence"]

_FEW = 5  # options that a sentence names; of more it gives the number


def chosen(brief: Brief) -> list[str]:
    """The preferred option, or the tied ones."""
    preferred = brief.preferred
    return [name for name in preferred.options or [preferred.option] if name in brief.options]


def behind(brief: Brief) -> list[str]:
    """The options that are behind under every weighting that was judged, and near under no other."""
    among = {*chosen(brief), *brief.preferred.open}
    return [name for name in brief.options if name not in among]


def open_under(brief: Brief, option: str) -> list[str]:
    """The weightings, by id, that are not decided and can't say whether an option ties."""
    rows = [row for row in brief.weightings if row.reliable and not row.decided]
    return [row.id for row in rows if option in row.tied or option in row.within_error]


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
            "Under all the evidence {first} {level}: the first leads the next by {margin} of value, and a lead "
            "counts from {limit} up.",
            first=option_links(brief, first),
            level=level_words(brief),
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
    return text + _open(brief) + _ruled_out(brief)


def level_words(brief: Brief) -> str:
    """How near the leading options are: level only where two errors more would still be less than δ."""
    if set(leading(brief)) <= set(brief.preferred.level):
        return "are level"
    within = any(row.id == ALL and row.within_error for row in brief.weightings)
    return "cannot be told from each other" + (" within the error" if within else "")


def _open(brief: Brief) -> Markup:
    """The options of which some weighting can't say whether they tie."""
    names = [name for name in brief.preferred.open if name in brief.options]
    if not names:
        return Markup("")
    count = len({ident for name in names for ident in open_under(brief, name)})
    return phrase(
        " Whether {names} {tie} as well is open under {rows} that could not be decided.",
        tie="ties" if len(names) == 1 else "tie",
        rows=link("weightings", "all", number_words(count, "weighting")) if count else "some weighting",
        names=_named(brief, names, "other option").lower()
        if len(names) > _FEW
        else option_links(brief, names),
    )


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
        which=", as far as that could be judged" if any(not row.judged for row in brief.weightings) else "",
    )

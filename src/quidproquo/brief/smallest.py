"""The smallest set of origins found whose removal changes the choice, in words."""

from __future__ import annotations

from markupsafe import Markup

from quidproquo.brief.markup import join, link, phrase
from quidproquo.brief.numerals import plain
from quidproquo.brief.wording import number_words, option_links
from quidproquo.decisions.rule import TIE_ERRORS, is_tie
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.leverage import SearchedRecord, SmallestSetRecord

__all__ = ["searched_words", "smallest_sentence", "together"]

_EXHAUSTED = 2


def smallest_sentence(brief: Brief) -> Markup:
    """What was found, in one sentence or two; empty where nothing was searched."""
    found = brief.smallest_set
    if found is None or not found.nearest:
        return Markup("")
    lead = link("smallest", "claims", f"{plain(abs(found.margin))} ± {plain(found.mcse, digits=1)}")
    if not found.origins:
        return phrase(
            "We found no set of origins whose removal changes the preferred option. Removing {nearest} comes "
            "nearest{could}: {then}.",
            nearest=join(found.nearest),
            could=", of the sets that could be judged" if any(row.unjudged for row in found.searched) else "",
            then=_then(found, brief.preferred.delta, lead),
        )
    start = phrase(
        "Without the reports of {origins} the choice would be {option}, with a lead of {lead}",
        origins=join(found.origins),
        option=_option(brief, found.preferred),
        lead=link("smallest", "claims", f"{plain(-found.margin)} ± {plain(found.mcse, digits=1)}"),
    )
    confirmed = "; worlds conditioned again confirm it" if found.confirmed else ", judged by weights alone"
    return start + Markup(confirmed + ".") + _smaller(found)


def _then(found: SmallestSetRecord, delta: float, lead: Markup) -> Markup:
    """Who leads without the nearest set, and why that changes no choice; or that it can't be told."""
    size, error = abs(found.margin), TIE_ERRORS * found.mcse
    who = "the preferred option" if found.margin >= 0.0 else "another option"
    within = is_tie(size, found.mcse, 0.0)
    if within and size + error > delta > 0.0:
        return phrase(
            "it can't be told whether {who} then leads, for its lead is {lead}, and a lead "
            "counts from {delta} up",
            who=who,
            lead=lead,
            delta=plain(delta),
        )
    ends = ""
    if within:
        ends = ", a tie within error"
    elif found.margin < 0.0 and size + error > delta > 0.0:
        ends = f"; whether that is more than the {plain(delta)} that counts can't be told"
    elif found.margin < 0.0 and is_tie(size, found.mcse, delta):
        ends = f", less than the {plain(delta)} that counts"
    return phrase("{who} then leads by {lead}{ends}", who=who, lead=lead, ends=ends)


def together(brief: Brief) -> Markup:
    """What several origins do together, to stand beside what each does alone."""
    found = brief.smallest_set
    if found is None or not found.nearest or len(found.origins) == 1:
        return Markup("")
    if not found.origins:
        return phrase(" Nor does any {tested} we tested.", tested=link("smallest", "set", "set of origins"))
    return phrase(
        " Without {origins} together it would be {option}.",
        origins=link("smallest", "set", join(found.origins)),
        option=_option(brief, found.preferred),
    )


def _option(brief: Brief, name: str) -> Markup:
    """An option's title in quotation marks, linked."""
    return option_links(brief, [name]) if name in brief.options else phrase("“{name}”", name=name)


def _smaller(found: SmallestSetRecord) -> Markup:
    """That no smaller set was found, and how far that was searched."""
    size = len(found.origins)
    if size == 1:
        return Markup("")
    less = [row for row in found.searched if row.size < size]
    whole = all(row.judged == row.possible for row in less)
    could = "" if whole else " that could be judged"
    if size == _EXHAUSTED:
        return Markup(f" No single origin{could} does that alone.")
    if size == _EXHAUSTED + 1 and whole:
        return Markup(" No single origin and no pair does that.")
    return Markup(f" No set{could} with fewer was found.")


def searched_words(found: SmallestSetRecord) -> Markup:
    """Which sets were judged, and which weren't."""
    parts = [_row(row) for row in found.searched if row.size <= _EXHAUSTED]
    beyond = [row for row in found.searched if row.size > _EXHAUSTED and row.judged]
    if beyond:
        more = number_words(sum(row.judged for row in beyond), "larger set")
        parts.append(f"{more} of up to {beyond[-1].size}, adding one origin at a time")
    text = f"We tested {join(parts)}."
    unjudged = sum(row.unjudged for row in found.searched)
    if unjudged:
        could = number_words(unjudged, "set")
        text += f" {could.capitalize()} could not be judged, because too few worlds lie there"
        pairs = any(row.unjudged for row in found.searched if row.size == _EXHAUSTED)
        text += "; <code>--rerun-all</code> judges every pair." if pairs else "."
    if found.unconfirmed:
        some = number_words(found.unconfirmed, "set")
        text += f" {some.capitalize()} would change the choice by weights alone"
        text += "; worlds conditioned again did not confirm it."
    return Markup(text)


def _row(row: SearchedRecord) -> str:
    name = "origin" if row.size == 1 else "pair"
    if row.judged == row.possible:
        return (
            f"{'the one' if row.possible == 1 else f'all {row.possible:,}'} {name}{'s' * (row.possible != 1)}"
        )
    return f"{row.judged:,} of {row.possible:,} {name}s"

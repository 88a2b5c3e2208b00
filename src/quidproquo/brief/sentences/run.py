"""How exact a run is, what records are out of date, and how totals were judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from quidproquo.brief.markup import join, phrase
from quidproquo.brief.numerals import date_words
from quidproquo.brief.wording import number_words
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.totals import TotalRecord

__all__ = [
    "exact_sentence",
    "hindsight_sentence",
    "judged_without_sentence",
    "stale_sentence",
    "tested_sentence",
]


def exact_sentence(brief: Brief) -> str:
    """Whether the run is exact enough, and from where its worlds were taken on."""
    found = brief.diagnostics
    if not found.base_changes:
        return found.verdict
    changes = number_words(found.base_changes, "claim")
    return (
        f"{found.verdict} The claims differ from the base of the case by {changes}, so worlds were taken on "
        "from the "
        "base's posterior."
    )


def hindsight_sentence(brief: Brief, links: Callable[[Sequence[str]], Markup]) -> Markup:
    """Priors that rest on what was known only later; `links` makes links to them."""
    names = brief.diagnostics.hindsight
    return phrase(
        "Exposed to hindsight: {count} rest on what was known only after the as-of date: {names}.",
        count=number_words(len(names), "prior"),
        names=links(names),
    )


def stale_sentence(changed: Sequence[str]) -> Markup:
    """That a record on file was made for something else."""
    return phrase("This record is out of date: since it was made, {changed} changed.", changed=join(changed))


def tested_sentence(brief: Brief) -> str:
    """Of what days a back-test is, and with how many worlds."""
    record = brief.backtest.record
    if record is None:
        return "No back-test is on file."
    days = [date_words(day) for day in record.as_of]
    until = (
        f" The course of the war is given up to {date_words(record.exposure[0].given_until)}."
        if record.exposure
        else ""
    )
    return (
        f"The model was given only what was known by "
        f"{' and '.join(filter(None, (', '.join(days[:-1]), days[-1])))}, "
        "and later reports were scored. A target is a quantity, a day and an origin."
        f"{until} ({record.worlds:,} worlds, seed {record.seed})"
    )


def judged_without_sentence(total: TotalRecord, links: Callable[[Sequence[str]], Markup]) -> Markup:
    """Without which claims totals were judged, so that none judges itself."""
    return phrase(
        "Worlds conditioned again without {left_out} judge them, so that no total judges itself or another.",
        left_out=links(total.left_out) if total.left_out else "any total",
    )

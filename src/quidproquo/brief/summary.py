"""What a terminal prints after a run: the choice, key figures, exactness, counts and warnings."""

from __future__ import annotations

from quidproquo.brief.judgements import cautions, weighting_outcomes
from quidproquo.brief.numerals import amount, date_words, interval_digits, plain, range_words, share
from quidproquo.brief.sentences.advised import heaviest_sentences
from quidproquo.brief.sentences.answers import answer_range, leading
from quidproquo.brief.sentences.decisions import leading as first_options
from quidproquo.brief.sentences.decisions import (
    listed,
    option_name,
    quoted,
    turning_sentences,
    unchanged_sentences,
)
from quidproquo.brief.sentences.estimates import estimate_numbers
from quidproquo.brief.sentences.fit import fit_sentence
from quidproquo.brief.sentences.support import weighed
from quidproquo.brief.sentences.ties import behind, chosen, level_words
from quidproquo.brief.wording import number_words
from quidproquo.study.first import FirstEstimate, FirstFigures
from quidproquo.study.schema.brief import Brief

__all__ = ["first_lines", "summary_lines"]

_FIGURES = 3
_FIRST = 5  # estimates that are printed before what-ifs are tested
_MOST = 14
_NAMED = 5  # options that a line names; of more it gives the number


def summary_lines(brief: Brief) -> list[str]:
    """Eight to fourteen lines of plain text."""
    lines = [
        f"{brief.about.title}, as of {date_words(brief.as_of)} ({brief.worlds:,} worlds, seed {brief.seed})",
        *unchanged_sentences(brief)[: len(heaviest_sentences(brief)) + 1],
        *_choice(brief),
        *turning_sentences(brief)[:1],
        *_figures(brief),
        _hypotheses(brief),
        _exactness(brief),
        _counted(brief),
        _documents(brief),
        f"Fit: {fit_sentence(brief)}",
    ]
    kept = [line for line in lines if line]
    warnings = cautions(brief)
    shown = [f"Warning: {text}" for text in warnings[: max(1, _MOST - len(kept))]]
    if len(warnings) > len(shown):
        shown[-1] += f" ({len(warnings) - len(shown)} more in the brief)"
    return [line.replace("\u00a0", " ") for line in kept + shown]


def first_lines(figures: FirstFigures) -> list[str]:
    """Choice, options and key estimates, as soon as they are known."""
    lines = []
    if figures.preferred:
        margin = f"margin {plain(figures.margin)} ± {plain(figures.mcse, digits=1)} of value"
        tied = "Level" if figures.level else "Too near to tell"
        word = tied if len(figures.preferred) > 1 else "Ahead"
        first = listed(map(quoted, figures.preferred))
        lines.append(f"{word} under all the evidence, before it is weighed otherwise: {first} ({margin})")
        options = "; ".join(f"{option.title} {plain(option.regret)}" for option in figures.options)
        lines.append(f"Value given up at the 95% quantile: {options}")
    lines += [_first_estimate(estimate) for estimate in figures.estimates[:_FIRST]]
    return [line.replace("\u00a0", " ") for line in [*lines, "What-ifs are tested next."]]


def _first_estimate(estimate: FirstEstimate) -> str:
    digits = interval_digits(estimate.low, estimate.middle, estimate.high)
    middle = amount(estimate.middle, estimate.unit, digits=digits)
    return f"{estimate.title}: {middle} ({range_words(estimate.low, estimate.high, estimate.unit, digits)})"


def _choice(brief: Brief) -> list[str]:
    preferred = brief.preferred
    names, level = chosen(brief), first_options(brief)
    if not names:
        return ["No option was compared"]
    if len(brief.options) == 1:
        return [f"The only option is {_named(brief, names)}: there is nothing to compare it with"]
    margin = f"margin {plain(preferred.margin)} ± {plain(preferred.mcse, digits=1)} of value"
    if len(names) > 1:
        verb = level_words(brief) if len(level) > 1 else "is ahead"
        first = f"Not settled: under all the evidence {_named(brief, level)} {verb} ({margin})"
        more = [name for name in names if name not in level]
        if more:
            first += f"; under some other weighting as good: {_named(brief, more)}"
        unplaced = [name for name in preferred.open if name in brief.options]
        if unplaced:
            first += f"; not decided within the error: {_named(brief, unplaced)}"
        behind_all = behind(brief)
        if behind_all:
            first += f"; behind under all that could be judged: {_named(brief, behind_all)}"
    else:
        first = f"Preferred: {_named(brief, names)} ({margin})"
    low, high = preferred.range
    found = weighting_outcomes(brief)
    judged = len(brief.weightings) - len(found.open)
    of = f" of {len(brief.weightings)}, as many as could be judged" if found.open else ""
    second = f"Margin over {number_words(judged, 'weighting')}{of}: {plain(low)} to {plain(high)}"
    changed = len(found.changed)
    return [first, f"{second}; {changed} of them choose otherwise" if changed else second]


def _named(brief: Brief, names: list[str]) -> str:
    """Options by title where they are few, else their number."""
    if len(names) > _NAMED:
        return number_words(len(names), "option")
    return listed(option_name(brief, name) for name in names)


def _figures(brief: Brief) -> list[str]:
    delivered = [line for line in brief.ledger if line.quantity in brief.estimates]
    delivered.sort(key=lambda line: -len({claim.origin for claim in weighed(brief, line.claims)}))
    names = list(dict.fromkeys(line.quantity for line in delivered)) or list(brief.estimates)
    lines = []
    for name in names[:_FIGURES]:
        numbers = estimate_numbers(brief.estimates[name])
        lines.append(f"{brief.estimates[name].title}: {numbers.middle} ({numbers.interval}), {numbers.date}")
    return lines


def _hypotheses(brief: Brief) -> str:
    parts = []
    for hypothesis in brief.hypotheses.values():
        state = leading(hypothesis)
        found, record = answer_range(hypothesis, state), hypothesis.states[state]
        ends = range_words(found.low, found.high, "fraction")
        parts.append(
            f"{hypothesis.title} {quoted(record.title)} {share(record.posterior)} (over weightings {ends})"
        )
    return "; ".join(parts)


def _exactness(brief: Brief) -> str:
    found = brief.diagnostics
    name = found.run_ess_min_of
    title = brief.estimates[name].title if name in brief.estimates else name
    smallest = f"Smallest run ESS {found.run_ess_min:,.0f} ({title})"
    return f"{smallest}, median {found.run_ess_median:,.0f}"


def _counted(brief: Brief) -> str:
    found = brief.diagnostics
    reasons = ", ".join(f"{count} {reason}" for reason, count in found.claims_unused.items())
    text = f"Claims: {found.claims_used} of {found.claims_total} weigh"
    return f"{text} (not: {reasons})" if reasons else text


def _documents(brief: Brief) -> str:
    found = brief.diagnostics.documents_by_status
    return "Documents: " + (", ".join(f"{count} {status}" for status, count in found.items()) or "none")

"""A what-if on a terminal: what is supposed, what moves, what doesn't, the choice, and how far to trust it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from quidproquo.brief.numerals import amount, interval_digits, plain, row_scale, share
from quidproquo.brief.sentences.decisions import listed, quoted
from quidproquo.brief.wording import number_words
from quidproquo.decisions.rule import is_tie
from quidproquo.study.schema.what_if import LevelRecord, MovementRecord, WhatIfAnswer, WhatIfOption

__all__ = ["MovedRow", "choice_sentence", "moved_rows", "still_sentence", "what_if_lines", "wrapped"]

_WIDTH = 80
_MOST = 8  # numbers of one kind that are printed; of the rest their number is told
_NAMED = 3


class MovedRow(NamedTuple):
    """A number that moves: its title, median and range before and after, and their unit."""

    title: str
    before: str
    after: str
    unit: str


def what_if_lines(answer: WhatIfAnswer) -> list[str]:
    """The answer in lines of at most 80 characters."""
    lines = wrapped(f"What if: {answer.title}.")
    lines += wrapped(answer.reliability)
    if answer.method in ("no change", "not judged"):
        return lines
    lines += ["", *wrapped(choice_sentence(answer))]
    lines += _ranking(answer)
    lines += _block("Estimates that move, most first (median and 90% range)", answer.estimates)
    lines += _metrics(answer)
    lines += _answers(answer)
    return [*lines, "", *wrapped(still_sentence(answer))]


def wrapped(text: str, indent: str = "") -> list[str]:
    """A text in lines that a terminal of 80 columns shows whole."""
    plain_text = text.replace("\u00a0", " ")
    return textwrap.wrap(plain_text, _WIDTH, initial_indent=indent, subsequent_indent=indent)


def choice_sentence(answer: WhatIfAnswer) -> str:
    """What becomes of the choice, and of the lead of the option that was first."""
    before, after = answer.preferred
    if not answer.ranked or not before:
        return "The case weighs no metric, so there is no choice that could change."
    first, last = answer.margin
    error = plain(answer.margin_mcse, digits=1)
    whose = f"the lead of {_titles(answer, before[:1])}"
    lead = f"{whose} goes from {plain(first)} to {plain(last)} of value (± {error})"
    if is_tie(abs(last - first), answer.margin_mcse, 0.0):
        lead = f"{whose}, {plain(first)} of value, changes by no more than chance (± {error})"
    if before == after:
        return f"The choice stays: {_level(answer, before)}; {lead}."
    if set(before) == set(after):
        return f"The choice stays: {_level(answer, before)}, in another order; {lead}."
    joined, gone = [n for n in after if n not in before], [n for n in before if n not in after]
    if not gone:
        more = _titles(answer, joined)
        return f"The choice is less clear: besides {_titles(answer, before)}, {more} can't be told from the best."
    if not joined:
        return f"The choice is clearer: {_level(answer, after)}; behind now: {_titles(answer, gone)}; {lead}."
    return f"The choice changes: before, {_level(answer, before)}; after, {_level(answer, after)}."


def _titles(answer: WhatIfAnswer, names: Sequence[str]) -> str:
    if len(names) > _NAMED:
        return number_words(len(names), "option")
    return listed(quoted(answer.options[name].title) for name in names)


def _level(answer: WhatIfAnswer, names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{_titles(answer, names)} leads"
    return f"{_titles(answer, names)} are level"


def _ranking(answer: WhatIfAnswer) -> list[str]:
    """Options that change their rank: by what they give up at the 95% quantile."""
    moved = [option for option in answer.options.values() if option.rank[0] != option.rank[1]]
    if not answer.ranked:
        return []
    if not moved:
        return wrapped("No option changes its rank.")
    lines = ["", f"Ranks that change, of {number_words(len(answer.options), 'option')}:"]
    for option in moved[:_MOST]:
        lines += wrapped(f"{option.rank[0]} → {option.rank[1]}  {option.title}", "  ")
    if len(moved) > _MOST:
        lines.append(f"  and {number_words(len(moved) - _MOST, 'other')}")
    return lines


def _block(title: str, records: Mapping[str, MovementRecord]) -> list[str]:
    moved = [record for record in records.values() if record.moves]
    if not moved:
        return []
    lines = ["", f"{title}:"]
    for record in moved[:_MOST]:
        lines += wrapped(record.title, "  ")
        lines += wrapped(_change_words(record), "      ")
    if len(moved) > _MOST:
        rest = number_words(len(moved) - _MOST, "other")
        lines.append(f"  and {rest}; --json prints all")
    return lines


def _change_words(record: MovementRecord) -> str:
    """Both medians with their ranges, the unit said once."""
    before, after, unit = _pair(record)
    return f"{before} → {after} {unit}".rstrip()


def _pair(record: MovementRecord) -> tuple[str, str, str]:
    """Median and range before and after, and the unit of both."""
    levels = record.before, record.after
    scale = row_scale(record.unit, max(abs(level.q50) for level in levels))
    before, after = (_numbers(level, scale.divisor) for level in levels)
    return before, after, "" if scale.label == "no unit" else scale.label


def moved_rows(answer: WhatIfAnswer) -> list[MovedRow]:
    """Every number that moves, for a table: estimates, metrics of the option that was first, and answers."""
    found = _first(answer)
    metrics = found[1].metrics.values() if found else ()
    answers = [record for states in answer.hypotheses.values() for record in states.values()]
    records = [*answer.estimates.values(), *metrics]
    rows = [MovedRow(record.title, *_pair(record)) for record in records if record.moves]
    return rows + [
        MovedRow(record.title, share(record.before.mean), share(record.after.mean), "")
        for record in answers
        if record.moves
    ]


def _numbers(level: LevelRecord, divisor: float) -> str:
    digits = interval_digits(level.q05, level.q50, level.q95)
    low, middle, high = (plain(x / divisor, digits=digits) for x in (level.q05, level.q50, level.q95))
    return f"{middle} ({low} to {high})"


def _first(answer: WhatIfAnswer) -> tuple[str, WhatIfOption] | None:
    """The option that metrics are shown of: the first of those that were level before."""
    name = next(iter(answer.preferred[0]), next(iter(answer.options), ""))
    return (name, answer.options[name]) if name else None


def _metrics(answer: WhatIfAnswer) -> list[str]:
    found = _first(answer)
    if found is None:
        return []
    lines = _block(
        f"Metrics that move, most first, under {quoted(found[1].title)} (median and 90% range)",
        found[1].metrics,
    )
    return [part for line in lines for part in ([line] if len(line) <= _WIDTH else wrapped(line))]


def _answers(answer: WhatIfAnswer) -> list[str]:
    lines = []
    for states in answer.hypotheses.values():
        for record in states.values():
            if record.moves:
                change = f"{amount(record.before.mean, 'fraction')} → {amount(record.after.mean, 'fraction')}"
                lines += wrapped(f"{record.title}: {change}", "  ")
    return ["", "Answers to hypotheses that become more or less probable:", *lines] if lines else []


def still_sentence(answer: WhatIfAnswer) -> str:
    """What doesn't move, by number: nothing that would have to be read one by one."""
    found = _first(answer)
    estimates = [record for record in answer.estimates.values() if not record.moves]
    metrics = [record for record in found[1].metrics.values() if not record.moves] if found else []
    answers = [r for states in answer.hypotheses.values() for r in states.values() if not r.moves]
    parts = [
        number_words(len(records), noun)
        for records, noun in ((estimates, "estimate"), (metrics, "metric"), (answers, "answer"))
        if records
    ]
    if not parts:
        return "Every number moves."
    return f"Not moved by more than chance: {listed(parts)}."

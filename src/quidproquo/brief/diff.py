"""What changed between two runs, on a terminal: whether it matters, what moved, and what that is due to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from quidproquo.brief.numerals import date_words, row_scale
from quidproquo.brief.sentences.decisions import listed, quoted
from quidproquo.brief.what_if import wrapped
from quidproquo.brief.wording import number_words
from quidproquo.study.schema.diff import DiffAnswer, SplitRecord

__all__ = ["diff_lines", "matters_sentence", "split_words"]

_WIDTH = 80
_MOST = 8  # numbers of one kind that are printed; of the rest their number is told
_NAMED = 4
_GROUPS = {
    "removed": "claims removed",
    "regraded": "claims graded or worded otherwise",
    "added": "claims added",
    "priors": "priors",
}
_REMAINDER = "model, versions and seed"


def diff_lines(answer: DiffAnswer) -> list[str]:
    """The comparison in lines of at most 80 characters, whether it matters first."""
    lines = wrapped(matters_sentence(answer))
    lines += wrapped(f"From {_run(answer, 0)} to {_run(answer, 1)}.")
    lines += ["", *_changed(answer)]
    lines += _block("Ranks of options (1 gives up least)", _ranks(answer))
    lines += _block("Estimates (means)", answer.estimates)
    lines += _block("Answers to hypotheses", answer.answers)
    option = _first(answer)
    if option in answer.metrics:
        lines += _block(f"Metrics under {quoted(answer.titles[option])}", answer.metrics[option])
    return [*lines, "", *wrapped(_still(answer)), *wrapped(_how(answer))]


def matters_sentence(answer: DiffAnswer) -> str:
    """Whether the difference matters: to the choice first, then to estimates and answers."""
    moved = [record for record in answer.estimates.values() if record.moves]
    answers = [record for record in answer.answers.values() if record.moves]
    before, after = (set(names) for names in answer.preferred)
    counts = listed(
        [
            number_words(len(moved), "estimate") if moved else "no estimate",
            number_words(len(answers), "answer to a hypothesis", "answers to hypotheses")
            if answers
            else "no answer to a hypothesis",
        ]
    )
    verb = "move" if len(moved) + len(answers) != 1 else "moves"
    tail = f"{counts} {verb} by more than chance"
    if answer.ranked and before != after:
        first, second = (_options(answer, names) for names in answer.preferred)
        return f"It matters: what is best was {first} and is {second} now; {tail}."
    if moved or answers:
        stays = "the choice stays, but " if answer.ranked else ""
        return f"It matters to some figures: {stays}{tail}."
    if not answer.groups:
        return "Nothing changed in claims or priors, and no figure moves by more than chance."
    stays = "the choice stays, and " if answer.ranked else ""
    return f"It doesn't matter: {stays}{tail}."


def _options(answer: DiffAnswer, names: Sequence[str]) -> str:
    if len(names) > _NAMED:
        return number_words(len(names), "option")
    return listed(quoted(answer.titles.get(name, name)) for name in names)


def _run(answer: DiffAnswer, place: int) -> str:
    side = (answer.old, answer.new)[place]
    return f"{side.name} (as of {date_words(side.as_of)}, {side.worlds:,} worlds, seed {side.seed})"


def _changed(answer: DiffAnswer) -> list[str]:
    if not answer.groups:
        return ["What changed: nothing in the claims that weigh, and no prior."]
    lines = ["What changed:"]
    for group in answer.groups:
        named = ", ".join(group.members[:_NAMED])
        more = len(group.members) - _NAMED
        rest = f" and {more} more" if more > 0 else ""
        lines += wrapped(f"{_GROUPS[group.id]}: {len(group.members)} ({named}{rest})", "  ")
    return lines


def _ranks(answer: DiffAnswer) -> Mapping[str, SplitRecord]:
    return answer.ranks if answer.ranked else {}


def _block(title: str, records: Mapping[str, SplitRecord]) -> list[str]:
    moved = [record for record in records.values() if record.moves]
    if not moved:
        return []
    lines = ["", *wrapped(f"{title}:")]
    for record in moved[:_MOST]:
        head, parts = split_words(record)
        lines += [*wrapped(f"{record.title}: {head}", "  "), *wrapped(parts, "      ")]
    if len(moved) > _MOST:
        lines.append(f"  and {number_words(len(moved) - _MOST, 'other')}; --json prints all")
    return lines


def split_words(record: SplitRecord) -> tuple[str, str]:
    """Before and after; and the parts of the difference, which add up as they are printed."""
    if record.unit == "rank":
        divisor, unit, places = 1.0, "", 1
        numbers = f"{record.before:.0f} → {record.after:.0f}"
    else:
        scale = row_scale(record.unit, max(abs(record.before), abs(record.after)))
        divisor, unit = scale.divisor, "" if scale.label in ("no unit", "value") else f" {scale.label}"
        places = _places(record, divisor)
        numbers = (
            f"{_fixed(record.before / divisor, places)} → {_fixed(record.after / divisor, places)}{unit}"
        )
    whole = round(round(record.after / divisor, places) - round(record.before / divisor, places), places)
    shown = {_GROUPS[name]: round(part.value / divisor, places) for name, part in record.parts.items()}
    shown[_REMAINDER] = round(whole - sum(shown.values()), places)
    parts = [f"{name} {_signed(value, places)}" for name, value in shown.items()]
    return numbers, f"{_signed(whole, places)} = " + ", ".join(parts)


def _places(record: SplitRecord, divisor: float) -> int:
    """Decimals: those that show a twentieth of the difference."""
    size = abs(record.after - record.before) / divisor
    return max(0, min(6, 1 - math.floor(math.log10(size)))) if size > 0.0 else 0


def _fixed(value: float, places: int) -> str:
    return f"{value:,.{places}f}".replace("-", "−")


def _signed(value: float, places: int) -> str:
    if round(value, places) == 0.0:
        return "0"
    return f"{value:+,.{places}f}".replace("-", "−")


def _first(answer: DiffAnswer) -> str:
    return next(iter(answer.preferred[1]), next(iter(answer.metrics), ""))


def _still(answer: DiffAnswer) -> str:
    kinds = (("estimate", answer.estimates), ("answer", answer.answers))
    parts = [
        number_words(count, noun)
        for noun, records in kinds
        if (count := sum(not record.moves for record in records.values()))
    ]
    return f"Not moved by more than chance: {listed(parts)}." if parts else "Every estimate moves."


def _how(answer: DiffAnswer) -> str:
    """How the parts were got, and how far that can be trusted."""
    ways = list(answer.sets.values())
    if len(ways) < 2:
        return "Runs that differ in no claim and no prior differ by model, versions, seed and chance alone."
    text = (
        "Each part is what its group adds on average over all orders in which the groups could come, on worlds of "
        "the new run"
    )
    if "not reliable" in ways:
        return f"{text}. Their weights can't be trusted here: name the case instead of a folder."
    if "conditioned again" in ways:
        return f"{text}, conditioned again where weights can't be trusted."
    return f"{text}, by weights that can be trusted."

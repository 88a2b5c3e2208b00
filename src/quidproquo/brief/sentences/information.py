"""Sentences on what information is worth, and on what is most worth collecting."""

from __future__ import annotations

from quidproquo.brief.natural import mean_words
from quidproquo.brief.numerals import amount, plain, share
from quidproquo.brief.sentences.decisions import listed, quoted, worth_words
from quidproquo.brief.wording import number_words
from quidproquo.decisions.rule import is_tie, is_within
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.information import (
    InformationRecord,
    InformationValueRecord,
    InputValueRecord,
    ReportValueRecord,
    TurnRecord,
)

__all__ = ["information_sentences"]

_NAMED, _INPUTS = 5, 4
_SELDOM = 0.005  # of cases
_NEXT_TO_NOTHING = 0.0001  # of value
_MOST_TURNS = 3


def information_sentences(brief: Brief) -> list[str]:
    """What knowing everything is worth, which reports would be, and which of the model's inputs."""
    found = brief.information
    if found is None:
        return []
    if _none(found.evpi):
        first = brief.options[found.first].title
        line = f"whatever is known, it is {quoted(first)}, as far as these worlds tell."
        return [f"No report would change a choice by mean value: {line}"]
    return [_everything(brief, found), *_reports(brief, found), *_inputs(found)]


def _none(worth: InformationValueRecord) -> bool:
    return is_tie(worth.gain.mean, worth.gain.mcse, 0.0)


def _worth(worth: InformationValueRecord) -> str:
    """What knowing something is worth; of what is far less than counts only that."""
    if is_within(worth.gain.mean, worth.gain.mcse, _NEXT_TO_NOTHING):
        return f"less than {plain(_NEXT_TO_NOTHING)} of value"
    return f"{mean_words(worth.gain)} of value"


def _changes(worth: InformationValueRecord) -> str:
    return f"it would change the choice in {share(worth.changes.mean)} of cases"


def _everything(brief: Brief, found: InformationRecord) -> str:
    natural = worth_words(brief, found.evpi.gain.mean)
    natural = f", as much as {natural}" if natural else ""
    few = found.evpi.gain.mean < brief.preferred.delta
    small = (
        f" That is under δ, {plain(brief.preferred.delta)}, the least difference that counts." if few else ""
    )
    return (
        f"For a choice by mean value, to know everything would be worth {_worth(found.evpi)}{natural}: "
        f"{_changes(found.evpi)}. No report can be worth more.{small}"
    )


def _reports(brief: Brief, found: InformationRecord) -> list[str]:
    """The kinds of reports that are worth more than nothing, or that none is."""
    telling = [one for one in found.evsi if one.differs]
    if not found.evsi:
        return ["No report on file says what kinds of reports can be had."]
    if not telling:
        return [_no_report(found)]
    lines = [line for one in telling[:_NAMED] for line in _report(brief, one)]
    more, rest = len(telling) - _NAMED, len(found.evsi) - len(telling)
    if more > 0:
        also = number_words(more, "more kind")
        lines.append(
            f"{also.capitalize()} of report {'is' if more == 1 else 'are'} worth more than nothing, too."
        )
    if rest:
        kinds = "The other kind" if rest == 1 else f"The other {rest} kinds"
        lines.append(f"{kinds} of report can't be told from worthless.")
    return lines


def _no_report(found: InformationRecord) -> str:
    """No kind of report differs from nothing: that none changes the choice only where none does."""
    exact = found.evppi.reported
    still = all(one.report.changes.mean < _SELDOM for one in found.evsi)
    start = "would change the choice" if still else "can be told from worthless"
    kinds = number_words(len(found.evsi), "kind")
    known = (
        f"nor can exact knowledge of all that they are about be told from worthless ({_worth(exact)})"
        if _none(exact)
        else f"to know all that they are about exactly would be worth {_worth(exact)}"
    )
    tried = f"{kinds} {'was' if len(found.evsi) == 1 else 'were'} tried, each as good as the best so far"
    return f"No report of a kind that can be had {start}: {tried}; {known}."


def _report(brief: Brief, one: ReportValueRecord) -> list[str]:
    best = f"as good as the best so far ({one.like}, grade {one.reliability}{one.credibility})"
    what = (
        f"A new figure for {quoted(one.title)}"
        if one.kind == "quantity"
        else f"A new assessment of whether {quoted(one.title)} is so"
    )
    line = f"{what}, {best}, would be worth {_worth(one.report)}: {_changes(one.report)}."
    turns = _turns(brief, one)
    return [line, turns] if turns else [line]


def _turns(brief: Brief, one: ReportValueRecord) -> str:
    """What would be chosen after which report; nothing where the choice goes to and fro."""
    if not 1 < len(one.turns) <= _MOST_TURNS:
        return ""
    said = listed(f"{quoted(brief.options[turn.option].title)} {_after(one, turn)}" for turn in one.turns)
    return f"By mean value the choice would then be {said}."


def _after(one: ReportValueRecord, turn: TurnRecord) -> str:
    if one.kind == "proposition":
        return "if it is denied" if turn.low is None else "if it is asserted"
    low, high = (None if end is None else amount(end, one.unit) for end in (turn.low, turn.high))
    if low is None:
        return f"after a report of at most {high}"
    return f"after one of more than {low}" if high is None else f"after one from {low} to {high}"


def _inputs(found: InformationRecord) -> list[str]:
    """The model's own inputs that it would be worth most to know, one by one and together."""
    evppi = found.evppi
    telling = [one for one in evppi.inputs if one.differs]
    lines = []
    if telling:
        names = listed(_input(one) for one in telling[:_INPUTS])
        lines.append(f"Of the model’s own inputs, to know one exactly would be worth most for {names}.")
    else:
        lines.append("No single input of the model can be told from worthless to know exactly.")
    if evppi.together > 1 and not _none(evppi.inputs_together):
        lines.append(
            f"To know the {number_words(evppi.together, 'input')} together exactly that matter most would be "
            f"worth {_worth(evppi.inputs_together)}."
        )
    return lines


def _input(one: InputValueRecord) -> str:
    return f"{quoted(one.title)} ({mean_words(one.known.gain)})"

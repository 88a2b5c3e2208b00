"""Why an option is preferred, and what that depends on: weightings, assumptions and what drives the lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quidproquo.brief.judgements import weighting_outcomes
from quidproquo.brief.leverage import changes_choice
from quidproquo.brief.numerals import plain, share, shifted
from quidproquo.brief.sentences.decisions import (
    leading,
    listed,
    next_option,
    option_name,
    quoted,
    worth_words,
)
from quidproquo.brief.sentences.ties import level_under
from quidproquo.brief.wording import number_words
from quidproquo.decisions.cells import in_words
from quidproquo.sensitivity.record import ALL, HALF, NONE
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.options import DriverRecord, WeightingRecord

__all__ = ["dependence_sentences", "reason_sentence"]

_WEAK = 0.1
_NAMED = 3
_FEW = 2


def reason_sentence(brief: Brief) -> str:
    """Why the first option is the first by the rule: what it falls short by, and the next."""
    preferred, first = brief.preferred, leading(brief)
    if not first:
        return ""
    if len(brief.options) == 1:
        return f"{option_name(brief, first[0])} is the only option."
    if not preferred.ranked:
        return f"No other option dominates {listed(option_name(brief, name) for name in first)}."
    regret = brief.options[first[0]].weighted.value_regret
    if regret is None:
        return ""
    best, short = option_name(brief, first[0]), f"{plain(regret.q95)} of value"
    start = f"In 95% of worlds {best} falls short of the option that is best there by {short} or less"
    worth = worth_words(brief, regret.q95)
    means = f" {short} is worth as much as {worth}." if worth else ""
    if len(first) > 1:
        more = f"the next option by only {plain(preferred.margin)} more; that is less than counts"
        return f"{start}, and {more}.{means}"
    other = next_option(brief)
    short_too = plain(regret.q95 + preferred.margin)
    named = f"; the next option, {option_name(brief, other)}, by {short_too}" if other else ""
    return f"{start}{named}.{means}"


def dependence_sentences(brief: Brief) -> list[str]:
    """What the choice depends on: weightings that change it or tie it, assumptions, and what drives the lead."""
    if not brief.preferred.ranked:
        return ["There is no single ranking without weights of the metrics."]
    if len(brief.options) < 2 or not leading(brief):
        return []
    return [
        *_changed(brief),
        *_tied(brief),
        *_none(brief),
        *_unjudged(brief),
        *_undecided(brief),
        *_assumed(brief),
        *_driven(brief),
    ]


def _under(brief: Brief, row: WeightingRecord) -> str:
    """A weighting as a clause: what would have to be so."""
    if row.id == NONE:
        return "with no reports at all"
    if row.id == HALF:
        return "with every report at half its weight"
    if row.kind == "origin":
        return f"without the reports of {row.title}"
    answer = _answer(brief, row)
    return f"if {answer}" if answer else f"with {row.title}"


def _answer(brief: Brief, row: WeightingRecord) -> str:
    """The answer that a weighting of a hypothesis makes more or less probable, with its probability."""
    path, _, probability = row.id.partition("=")
    _, _, path = path.partition(":")
    name, _, state = path.partition(":")
    hypothesis = brief.hypotheses.get(name)
    if hypothesis is None or state not in hypothesis.states or not probability:
        return ""
    return f"{quoted(hypothesis.states[state].title)} had a probability of {share(float(probability))}"


def _clauses(brief: Brief, rows: Sequence[WeightingRecord]) -> str:
    named = [_under(brief, row) for row in rows]
    more = len(named) - _NAMED
    if more > 1:
        named[_NAMED:] = [f"under {number_words(more, 'other weighting')}"]
    return listed(named, "or")


def _rows(brief: Brief, ids: Sequence[str]) -> list[WeightingRecord]:
    wanted = set(ids)
    return [row for row in brief.weightings if row.id in wanted]


def _changed(brief: Brief) -> Iterator[str]:
    """Other options that a weighting chooses, each with the weightings that do."""
    found: dict[str, list[WeightingRecord]] = {}
    for row in _rows(brief, weighting_outcomes(brief).changed):
        found.setdefault(row.preferred, []).append(row)
    for option, rows in found.items():
        yield f"The choice would be {option_name(brief, option)} {_clauses(brief, rows)}."


def _tied(brief: Brief) -> Iterator[str]:
    """Other options that can't be told from those preferred under some weighting."""
    kept = set(leading(brief))
    found: dict[str, list[WeightingRecord]] = {}
    for row in _rows(brief, weighting_outcomes(brief).tied):
        for option in level_under(brief, row):
            if option not in kept:
                found.setdefault(option, []).append(row)
    first = leading(brief)
    them = listed(option_name(brief, name) for name in first) if len(first) <= _FEW else "the leading options"
    ordered = sorted(found.items(), key=lambda item: -len(item[1]))
    for option, rows in ordered[:_NAMED]:
        yield f"{option_name(brief, option)} could not be told from {them} {_clauses(brief, rows)}."
    if len(ordered) > _NAMED:
        more = listed(option_name(brief, option) for option, _ in ordered[_NAMED:])
        yield f"Under some other weighting the same is true of {more}."


def _none(brief: Brief) -> Iterator[str]:
    """That no weighting that was judged changes the choice; said only where this was tested."""
    found = weighting_outcomes(brief)
    others = [row for row in brief.weightings if row.id != ALL]
    judged = [row for row in others if row.judged]
    if not judged:
        return
    if not found.changed and not found.tied:
        if len(judged) == len(others):
            which = f"None of the {len(others)} other weightings"
        else:
            which = (
                f"None of the {len(judged)} other weightings that could be judged, of {len(others)} tried,"
            )
        also = " Weights of the metrics are varied apart from this." if brief.metric_weights else ""
        yield f"{which} of reports and hypotheses changes the choice or ties it.{also}"
        return
    origins = [row for row in others if row.kind == "origin"]
    moved = {*found.changed, *found.tied}
    if origins and not any(row.id in moved for row in origins):
        could = "" if all(row.judged for row in origins) else ", of those that could be judged,"
        yield f"No single origin of reports{could} changes the choice or ties it when it is left out."


def _unjudged(brief: Brief) -> Iterator[str]:
    """How many weightings are open, a few of them by name."""
    rows = _rows(brief, weighting_outcomes(brief).unjudged)
    if not rows:
        return
    tried = len(brief.weightings)
    more = len(rows) - _NAMED
    named = [_under(brief, row) for row in rows[: _NAMED if more > 0 else None]]
    which = f"{', '.join(named)} and {more} more" if more > 0 else listed(named)
    yield (
        f"{len(rows)} of {tried} weightings could not be judged, because too few worlds fit what they suppose: "
        f"{which}."
    )


def _undecided(brief: Brief) -> Iterator[str]:
    """The weightings whose error is too large, each with what can't be told there."""
    rows = _rows(brief, weighting_outcomes(brief).undecided)
    if not rows:
        return
    named = [f"{_under(brief, row)} ({_doubt(brief, row)})" for row in rows[:_NAMED]]
    more = len(rows) - _NAMED
    which = f"{'; '.join(named)}; and {number_words(more, 'other')}" if more > 0 else "; ".join(named)
    many = number_words(len(rows), "weighting").capitalize()
    yield (
        f"{many} {'is' if len(rows) == 1 else 'are'} not decided, because an error there is larger than what "
        f"counts: {which}."
    )


def _doubt(brief: Brief, row: WeightingRecord) -> str:
    """What a weighting that isn't decided can't tell: whether others tie, or what the lead is."""
    kept = leading(brief)
    others = [
        name for name in {**dict.fromkeys(row.tied), **dict.fromkeys(row.within_error)} if name not in kept
    ]
    if not others:
        return f"the lead of {option_name(brief, kept[0])} is {shifted(row.margin, row.mcse)}"
    if len(others) > _FEW:
        return f"{number_words(len(others), 'further option')} may tie"
    return f"{listed(option_name(brief, name) for name in others)} may tie"


def _assumed(brief: Brief) -> Iterator[str]:
    """Every assumption that alone puts another option first, the farthest first."""
    rows = changes_choice(brief)
    if len(rows) == 1:
        yield f"One assumption alone would put {option_name(brief, rows[0].preferred)} first: {rows[0].title}."
    elif rows:
        every = "; ".join(f"{row.title} ({option_name(brief, row.preferred)})" for row in rows)
        count = number_words(len(rows), "assumption").capitalize()
        yield f"{count}, each alone, would put another option first: {every}."


def _driven(brief: Brief) -> Iterator[str]:
    """The parameters with which the lead goes up or down most, by title."""
    strong = [one for one in brief.preferred.drivers if abs(one.correlation) >= _WEAK]
    if not brief.preferred.drivers:
        return
    other = next_option(brief)
    lead = f"The lead of {option_name(brief, leading(brief)[0])}" + (
        f" over {option_name(brief, other)}" if other else ""
    )
    if not strong:
        yield f"{lead} depends on no single parameter noticeably more than on others."
        return
    ups = [_driver(brief, one) for one in strong if one.correlation > 0.0]
    downs = [_driver(brief, one) for one in strong if one.correlation < 0.0]
    parts = [
        f"{way} where {'this is' if len(names) == 1 else 'these are'} high: {listed(names)}"
        for way, names in (("larger", ups), ("smaller", downs))
        if names
    ]
    yield f"{lead} is {', and '.join(parts)}."


def _driver(brief: Brief, one: DriverRecord) -> str:
    record = brief.assumptions.get(one.name)
    title = quoted(record.title if record is not None else in_words(one.name, {}))
    return f"{title} (judgement)" if record is not None and record.judgement else title

"""Sentences on where the leading option loses, what would warn of it, and what it is worth to switch then."""

from __future__ import annotations

from collections.abc import Sequence

from quidproquo.brief.natural import difference_words, mean_words
from quidproquo.brief.numerals import date_words, plain, share
from quidproquo.brief.sentences.boxes import (
    BoxFigures,
    BoxPart,
    SignpostFigures,
    box_sentences,
    no_box_sentence,
    no_signpost_sentence,
    signpost_sentences,
    threshold_words,
)
from quidproquo.brief.sentences.decisions import listed, option_name, quoted
from quidproquo.brief.wording import number_words
from quidproquo.decisions.rule import is_tie
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.scenarios import AdaptiveRecord, DiscoveryRecord, RangeRecord, SignpostsRecord

__all__ = ["adaptive_sentences", "discovery_sentences", "parts", "warning_sentences"]

_NAMED, _MOVES = 3, 3
_UNMET = "no option meets every threshold"


def discovery_sentences(brief: Brief, what: str) -> list[str]:
    """Where the leading option loses (`what` "loses") or no option is acceptable ("unmet"); or that no box is."""
    record = brief.discovery
    found = None if record is None else record.loses if what == "loses" else record.unmet
    if record is None or found is None:
        return []
    event = _loses(brief, record.option, record.delta) if what == "loses" else _UNMET
    if what == "unmet" and found.ending == "holds in no world":
        return ["In every world some option meets every threshold."]
    if not found.boxes:
        return [no_box_sentence(found.ending, event, found.share.mean)]
    first = f"In {share(found.share.mean, found.share.mcse)} of the worlds {event}."
    return [first, *box_sentences(_figures(brief, found), event), *_ending(found, event)]


def _loses(brief: Brief, option: str, delta: float) -> str:
    least = f" by more than δ ({plain(delta)})" if delta > 0.0 else ""
    return f"{option_name(brief, option)} is worth less than another option{least}"


def _figures(brief: Brief, found: DiscoveryRecord) -> list[BoxFigures]:
    return [
        BoxFigures(
            parts=parts(brief, box.restrictions),
            coverage=box.coverage.mean,
            density=box.density.mean,
            density_mcse=box.density.mcse,
            base=box.base,
            holdout_density=box.holdout_density,
        )
        for box in found.boxes
    ]


def parts(brief: Brief, ranges: Sequence[RangeRecord]) -> tuple[BoxPart, ...]:
    """What a box or leaf asks, answers by title."""
    return tuple(
        BoxPart(
            title=one.title,
            unit=one.unit,
            low=one.low,
            high=one.high,
            answers=tuple(brief.hypotheses[one.id].states[state].title for state in one.answers),
            whole=one.whole,
        )
        for one in ranges
    )


def _ending(found: DiscoveryRecord, event: str) -> list[str]:
    rest = 1.0 - sum(box.coverage.mean for box in found.boxes)
    if found.ending != "nothing separates" or rest <= 0.0:
        return []
    boxes = "this box" if len(found.boxes) == 1 else "these boxes"
    others = f"the other {share(rest)} of the worlds in which {event}"
    return [f"Outside {boxes}, nothing that was looked at tells {others} from the rest better than chance."]


def warning_sentences(brief: Brief) -> list[str]:
    """What would warn that the leading option loses, the best signposts first; or that nothing does."""
    found = brief.signposts
    if found is None:
        return []
    delta = brief.discovery.delta if brief.discovery is not None else brief.preferred.delta
    event = _loses(brief, found.option, delta)
    if not found.signposts:
        why = found.why_none or "nothing separates"
        return [no_signpost_sentence(why, event, found.losing.mean, len(found.watched))]
    figures = [
        SignpostFigures(
            title=one.title,
            unit=one.unit,
            date=date_words(one.date),
            threshold=one.threshold,
            above=one.side == "above",
            detection=one.detection.mean,
            detection_mcse=one.detection.mcse,
            false_alarms=one.false_alarms.mean,
            false_alarms_mcse=one.false_alarms.mcse,
            lead=one.lead_days,
        )
        for one in found.signposts[:_NAMED]
    ]
    more = len(found.signposts) - _NAMED
    also = (
        [f"{number_words(more, 'more quantity', 'more quantities').capitalize()} would warn of it less well."]
        if more > 0
        else []
    )
    return [*signpost_sentences(figures, event), *also]


def adaptive_sentences(brief: Brief) -> list[str]:
    """What it is worth to switch at the best signpost; or that there is nothing to switch to."""
    found = brief.signposts
    if found is None or not found.signposts:
        return []
    if found.adaptive is None:
        first = option_name(brief, found.option)
        return [f"In the worlds warned of, {first} still has the best mean: there is nothing to switch to."]
    one = found.adaptive
    return [_rule(brief, found, one), _lead(brief, one), _regret(one)]


def _rule(brief: Brief, found: SignpostsRecord, one: AdaptiveRecord) -> str:
    sign = found.signposts[0]
    side = threshold_words(one.threshold, sign.unit, above=one.side == "above")
    return (
        f"An adaptive option: {option_name(brief, one.first)}, and {option_name(brief, one.then)} in its place "
        f"from {number_words(1 + one.delay, 'month')} later on, should {quoted(sign.title)} be {side} on "
        f"{date_words(one.date)}. It switches in {share(one.switches.mean, one.switches.mcse)} of the futures."
    )


def _lead(brief: Brief, one: AdaptiveRecord) -> str:
    lead = one.leads[one.best]
    best = f"{option_name(brief, one.best)}, the static option with the best mean"
    if one.adds:
        return f"Its mean value is {mean_words(lead)} above that of {best}: {_moves(brief, one)}."
    if lead.mean < 0.0 and not is_tie(-lead.mean, lead.mcse, 0.0):
        less = mean_words(lead.model_copy(update={"mean": -lead.mean}))
        return f"Its mean value is {less} below that of {best}."
    return f"Its mean value is that of {best}, but for {mean_words(lead)}, which counts for nothing."


def _moves(brief: Brief, one: AdaptiveRecord) -> str:
    """The metrics that it moves beyond their error, those worth most first."""
    moved = {
        name: abs(move.mean) / brief.worth[name]
        for name, move in one.metrics.items()
        if name in brief.worth and not is_tie(abs(move.mean), move.mcse, 0.0)
    }
    names = sorted(moved, key=lambda name: -moved[name])[:_MOVES]
    if not names:
        return "no single metric moves beyond its error"
    return listed(
        f"{quoted(brief.metrics[name].title)} "
        f"{difference_words(one.metrics[name].mean, brief.metrics[name].unit, one.metrics[name].mcse)}"
        for name in names
    )


def _regret(one: AdaptiveRecord) -> str:
    return (
        f"In all but 5% of the weighted worlds it gives up at most {plain(one.regret_q95)} of value against the "
        f"best static option of each; the least such figure of a static option is {plain(one.best_regret_q95)}."
    )

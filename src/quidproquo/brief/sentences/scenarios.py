"""Sentences on where the leading option loses, what would warn of it, and what it is worth to switch then."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from quidproquo.brief.markup import anchor, phrase
from quidproquo.brief.natural import difference_words, mean_words
from quidproquo.brief.numerals import date_words, plain, range_words, share
from quidproquo.brief.sentences.boxes import (
    BoxFigures,
    BoxPart,
    SignpostFigures,
    box_sentences,
    box_words,
    no_box_sentence,
    signpost_sentences,
    threshold_words,
)
from quidproquo.brief.sentences.decisions import leading, listed, option_name, quoted, worth_words
from quidproquo.brief.wording import number_words
from quidproquo.decisions.rule import is_tie
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.scenarios import (
    AdaptiveRecord,
    BoxRecord,
    DiscoveriesRecord,
    DiscoveryRecord,
    LeafRecord,
    RangeRecord,
    SignpostsRecord,
)

__all__ = ["adaptive_sentences", "basis_of", "discovery_sentences", "parts", "warning_sentences"]

_NAMED, _MOVES = 3, 3
_THRESHOLDS = {
    "unmet": ("no option meets every threshold", "some option meets every threshold"),
    "met": ("some option meets every threshold", "no option meets every threshold"),
}


def discovery_sentences(brief: Brief, what: str) -> list[Markup]:
    """Where the leading option loses (`what` "loses") or whether one is acceptable ("acceptance"), as boxes."""
    record = brief.discovery
    found = None if record is None else record.loses if what == "loses" else record.acceptance
    if record is None or found is None:
        return []
    start = [Markup(" ").join(_start(brief, record, found))]
    if found.ending.startswith("holds in"):
        return start
    if not found.boxes:
        lines = _by_tree(brief, found.leaves, record) if found.leaves else []
        return [*start, *(lines or [phrase("{}", no_box_sentence(record.columns, record.level))])]
    return [*start, *box_sentences(_figures(brief, found)), *_ending(found, record)]


def _start(brief: Brief, record: DiscoveriesRecord, found: DiscoveryRecord) -> list[Markup]:
    """How often the event happens, and what that is about."""
    event, never = (
        (_loses(brief, record.option, record.delta), "")
        if found.event == "loses"
        else _THRESHOLDS[found.event]
    )
    if found.ending == "holds in no world":
        return [phrase("In {} world {}.", *(("every", never) if never else ("no", event)))]
    often = "every world" if found.ending == "holds in every world" else _worlds(found)
    lines = [phrase("In {often} {event}.", often=often, event=event)]
    if found.event != "loses":
        return lines
    natural = worth_words(brief, record.delta) if record.delta > 0.0 else ""
    if natural:
        lines.append(
            phrase("A difference of {} of value is worth as much as {}.", plain(record.delta), natural)
        )
    level = [name for name in leading(brief) if name != record.option]
    if level and record.option in leading(brief):
        names = listed(option_name(brief, one) for one in (record.option, *level))
        lines.append(phrase("Over all worlds together, {} are tied.", names))
    return lines


def _worlds(found: DiscoveryRecord) -> str:
    return f"{share(found.share.mean, found.share.mcse)} of the worlds"


def _loses(brief: Brief, option: str, delta: float) -> str:
    least = f" by over {plain(delta)} of value (δ, the least difference that counts)" if delta > 0.0 else ""
    return f"another option is worth more than {option_name(brief, option)}{least}"


def _by_tree(brief: Brief, leaves: Sequence[LeafRecord], record: DiscoveriesRecord) -> list[Markup]:
    """Where no box stood its test, but a split of a tree did: the leaves where it is most and least frequent."""
    ranked = sorted(leaves, key=lambda leaf: -leaf.density)
    most, least = ranked[0], ranked[-1]
    return [
        phrase(
            "No box stood a test on worlds that it was not found on, at a level of {level}, but splits of these "
            "worlds did: it is so most often, in {most_share}, in worlds with {most}, and least often, in "
            "{least_share}, in worlds with {least}.",
            level=share(record.level),
            most_share=share(most.density),
            most=box_words(parts(brief, most.ranges)),
            least_share=share(least.density),
            least=box_words(parts(brief, least.ranges)),
        )
    ]


def _figures(brief: Brief, found: DiscoveryRecord) -> list[BoxFigures]:
    return [
        BoxFigures(
            parts=parts(brief, box.restrictions),
            coverage=box.coverage.mean,
            density=box.density.mean,
            density_mcse=box.density.mcse,
            base=box.base,
            holdout_density=box.holdout_density,
            then=_best(brief, box),
        )
        for box in found.boxes
    ]


def _best(brief: Brief, box: BoxRecord) -> str:
    """What does best in a box where the leading option is often beaten."""
    record = brief.discovery
    if record is None or not box.best or box.lead is None:
        return ""
    first, best = option_name(brief, record.option), option_name(brief, box.best)
    if box.best == record.option:
        return f"Even so, {first} has the best mean value in these worlds."
    lead = f"{mean_words(box.lead)} above that of {first}"
    if is_tie(box.lead.mean, box.lead.mcse, record.delta):
        return f"In these worlds {best} has the best mean value, {lead}, too little to count as a lead."
    return f"In these worlds {best} has the best mean value, {lead}."


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
            basis=basis_of(brief, one.kind, one.id),
            prior=_prior(brief, one),
        )
        for one in ranges
    )


def basis_of(brief: Brief, kind: str, name: str) -> str:
    """The id of what a parameter, hypothesis or quantity rests on: its own prior, or its claims."""
    if kind == "parameter":
        return anchor("prior", name) if name in brief.assumptions else ""
    known = brief.hypotheses if kind == "hypothesis" else brief.estimates
    word = "hypothesis" if kind == "hypothesis" else "estimate"
    return anchor("basis", f"{word}.{name}") if name in known else ""


def _prior(brief: Brief, one: RangeRecord) -> str:
    record = brief.assumptions.get(one.id) if one.kind == "parameter" else None
    return "" if record is None else range_words(record.prior_q05, record.prior_q95, record.unit)


def _ending(found: DiscoveryRecord, record: DiscoveriesRecord) -> list[Markup]:
    rest = 1.0 - sum(box.coverage.mean for box in found.boxes)
    if found.ending != "nothing separates" or rest <= 0.0:
        return []
    boxes = "this box" if len(found.boxes) == 1 else "these boxes"
    return [
        phrase(
            "Outside {boxes}, nothing that was looked at tells the other {rest} of the worlds in which that is so "
            "from the rest better than chance, tested in the same way at a level of {level}.",
            boxes=boxes,
            rest=share(rest),
            level=share(record.level),
        )
    ]


def warning_sentences(brief: Brief) -> list[Markup]:
    """What would warn that the leading option loses, the best signposts first; or that nothing does."""
    found = brief.signposts
    if found is None:
        return []
    delta = brief.discovery.delta if brief.discovery is not None else brief.preferred.delta
    event = _loses(brief, found.option, delta)
    if found.why_none == "never loses":
        return [phrase("In no world {}, so there is nothing to warn of.", event)]
    if found.why_none == "always loses":
        return [phrase("In every world {}, so no warning is needed.", event)]
    if not found.signposts:
        often = share(found.losing.mean, found.losing.mcse)
        return [phrase("In {} of the worlds {}.", often, event), _no_signpost(found), *_nearest(brief, found)]
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
            basis=basis_of(brief, "quantity", one.id),
        )
        for one in found.signposts[:_NAMED]
    ]
    more = len(found.signposts) - _NAMED
    also = (
        [f"{number_words(more, 'more quantity', 'more quantities').capitalize()} would warn of it less well."]
        if more > 0
        else []
    )
    return [*signpost_sentences(figures, event), *(phrase("{}", line) for line in also)]


def _no_signpost(found: SignpostsRecord) -> Markup:
    count = len(found.watched)
    none = "The one quantity" if count == 1 else f"None of the {count} quantities"
    return phrase(
        "{none} that {have} been reported on would{not_} warn of it well enough: a signpost warns of at least "
        "{points} points more of these worlds than of the others, and of more than chance would at a level of "
        "{level} over all quantities and dates.",
        none=none,
        have="has" if count == 1 else "have",
        not_=" not" if count == 1 else "",
        points=plain(100.0 * found.least_separation),
        level=share(found.level),
    )


def _nearest(brief: Brief, found: SignpostsRecord) -> list[Markup]:
    """The quantity that comes nearest to a signpost, if it separates anything."""
    best = max(found.watched, key=lambda one: one.separation.mean, default=None)
    if best is None or is_tie(best.separation.mean, best.separation.mcse, 0.0):
        return []
    points = difference_words(best.separation.mean, "share", best.separation.mcse, signed=False)
    return [
        phrase(
            "The nearest is {what}: on {date} it would warn of {points} more of these worlds than of the others.",
            what=_linked(brief, best.id, best.title),
            date=date_words(best.date),
            points=points,
        )
    ]


def adaptive_sentences(brief: Brief) -> list[Markup]:
    """What it is worth to switch at the best signpost; or that there is nothing to switch to."""
    found = brief.signposts
    if found is None or not found.signposts:
        return []
    if found.adaptive is None:
        first = option_name(brief, found.option)
        line = "In the worlds warned of, {} still has the best mean: there is nothing to switch to."
        return [phrase(line, first)]
    one = found.adaptive
    return [_rule(brief, found, one), phrase("{}", _lead(brief, one)), phrase("{}", _regret(one))]


def _rule(brief: Brief, found: SignpostsRecord, one: AdaptiveRecord) -> Markup:
    sign = found.signposts[0]
    side = threshold_words(one.threshold, sign.unit, above=one.side == "above")
    return phrase(
        "An adaptive option: {first}, and {then} in its place from {months} later on, should {what} be {side} on "
        "{date}. It switches in {often} of the futures.",
        first=option_name(brief, one.first),
        then=option_name(brief, one.then),
        months=number_words(1 + one.delay, "month"),
        what=_linked(brief, sign.id, sign.title),
        side=side,
        date=date_words(one.date),
        often=share(one.switches.mean, one.switches.mcse),
    )


def _linked(brief: Brief, quantity: str, title: str) -> Markup:
    basis = basis_of(brief, "quantity", quantity)
    return phrase('<a href="#{}">{}</a>', basis, quoted(title)) if basis else phrase("{}", quoted(title))


def _lead(brief: Brief, one: AdaptiveRecord) -> str:
    lead = one.leads[one.best]
    best = f"{option_name(brief, one.best)}, the static option with the best mean"
    if one.adds:
        return f"Its mean value is {mean_words(lead)} above that of {best}: {_moves(brief, one)}."
    if lead.mean == 0.0:
        return f"Its mean value is exactly that of {best}."
    if is_tie(abs(lead.mean), lead.mcse, 0.0):
        return f"Its mean value cannot be told from that of {best}: the difference is {mean_words(lead)}."
    less = mean_words(lead.model_copy(update={"mean": abs(lead.mean)}))
    side = "above" if lead.mean > 0.0 else "below"
    small = f", under δ ({plain(brief.preferred.delta)})" if abs(lead.mean) < brief.preferred.delta else ""
    return f"Its mean value is {less} {side} that of {best}{small}."


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

"""Boxes of worlds and signposts in words: what a box asks, how often something holds there, what warns when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from quidproquo.brief.markup import join, phrase
from quidproquo.brief.numerals import amount, exact, range_words, share
from quidproquo.brief.sentences.decisions import listed, quoted
from quidproquo.decisions.rule import is_tie

__all__ = [
    "BoxFigures",
    "BoxPart",
    "SignpostFigures",
    "box_sentences",
    "box_words",
    "no_box_sentence",
    "signpost_sentences",
    "threshold_words",
]

_DAYS_A_MONTH = 30.44
_WORSE = 0.05  # a density that is lower by more on other worlds is said
_SO = "that is so"
_MOST_COUNTED = 10_000.0


@dataclass(frozen=True)
class BoxPart:
    """What a box asks of one parameter, observable or hypothesis.

    `low` and `high` are the ends, None where it is open; `answers` are the titles of the states of a hypothesis,
    whose title is a question. `whole` says that values are whole numbers, so that ends count as inside. `basis` is
    the id of what it rests on, and `prior` the 90% interval of a parameter's prior in words; empty where there is
    none.
    """

    title: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    answers: tuple[str, ...] = ()
    whole: bool = False
    basis: str = ""
    prior: str = ""


def box_words(parts: Sequence[BoxPart], *, priors: bool = True) -> Markup:
    r"""A box in words, to follow "worlds with"; each part leads to what it rests on.

    >>> box_words([BoxPart("Deliveries", "tonnes/year", low=3e6), BoxPart("Trust", "fraction", high=0.6)])
    Markup('“Deliveries” above 3\xa0million tonnes a year and “Trust” below 60%')
    """
    return join(_part_words(part, priors) for part in parts)


def _part_words(part: BoxPart, priors: bool) -> Markup:
    if part.answers:
        answers = listed((quoted(one) for one in part.answers), "or")
        words = f"{answers} as the answer to {quoted(part.title)}"
    else:
        words = f"{quoted(part.title)} {_ends(part)}"
    if priors and part.prior:
        words += f" (its prior: 90% within {part.prior})"
    return phrase('<a href="#{}">{}</a>', part.basis, words) if part.basis else phrase("{}", words)


def _ends(part: BoxPart) -> str:
    low, high = part.low, part.high
    if low is not None and high is not None:
        words = range_words(low, high, part.unit, between=" and ")
        return f"between {words}" if " and " in words else f"at {words}"
    # nothing may lie beyond 0, and what a box asks for may be just that
    if low is not None:
        words = f"{'at least' if low == 0.0 else 'above'} {amount(low, part.unit)}"
        return f"at {exact(low)} or more" if _counted(part, low) else words
    assert high is not None, "a part of a box has an end or answers"
    words = f"{'at most' if high == 0.0 else 'below'} {amount(high, part.unit)}"
    return f"at {exact(high)} or fewer" if _counted(part, high) else words


def _counted(part: BoxPart, end: float) -> bool:
    """Whether an end is a number of things to be said to the last one, not a sum of money or a large figure."""
    return part.whole and abs(end) < _MOST_COUNTED and part.unit.split("/")[0] != "USD"


@dataclass(frozen=True)
class BoxFigures:
    """The figures of a box: shares, and `holdout_density` on worlds that the box was not chosen on.

    `base` is how often the event happens in all worlds, or in those that no earlier box holds. `then` is a
    sentence on what does best there, empty where there is nothing to say.
    """

    parts: tuple[BoxPart, ...]
    coverage: float
    density: float
    density_mcse: float
    base: float
    holdout_density: float
    then: str = ""


def box_sentences(boxes: Sequence[BoxFigures], event: str = _SO) -> list[Markup]:
    """Where an event happens, a few sentences a box; `event` is a clause such as "B does better than A"."""
    return [_box(box, event, first=place == 0) for place, box in enumerate(boxes)]


def _box(box: BoxFigures, event: str, *, first: bool) -> Markup:
    lines = [
        phrase(
            "{start} with {box}, {event} in {density}, against {base} {among}. They hold {coverage} of all worlds "
            "in which that is so.",
            start="Among worlds" if first else "Among other worlds",
            box=box_words(box.parts),
            event=event,
            density=share(box.density, box.density_mcse),
            base=share(box.base),
            among="in all worlds together" if first else "in all worlds outside the box before",
            coverage=share(box.coverage),
        )
    ]
    drop = box.density - box.holdout_density
    if drop > 0.0 and not is_tie(drop, box.density_mcse, _WORSE):
        line = "On worlds that the limits were not chosen on, it is {}: expect that, not the first figure."
        lines.append(phrase(line, share(box.holdout_density)))
    if box.then:
        lines.append(phrase("{}", box.then))
    return Markup(" ").join(lines)


def no_box_sentence(columns: int, level: float) -> str:
    """That nothing tells the worlds with an event from the others, and by what test; so many were looked at."""
    return (
        f"None of the {columns} assumptions, hypotheses and quantities that were looked at tells these worlds "
        "from the others better than chance: limits found in one half of the independent runs are tested in the "
        f"other, at a level of {share(level)} for all of them together."
    )


@dataclass(frozen=True)
class SignpostFigures:
    """A signpost: what is watched, when, and the threshold beyond which it warns.

    `date` is in words and `lead` in days. Detection and false alarms are shares, with Monte Carlo errors. `basis`
    is the id of what the quantity rests on, empty where there is none.
    """

    title: str
    unit: str
    date: str
    threshold: float
    above: bool
    detection: float
    detection_mcse: float
    false_alarms: float
    false_alarms_mcse: float
    lead: float
    basis: str = ""


def signpost_sentences(signs: Sequence[SignpostFigures], event: str) -> list[Markup]:
    """What warns of an event, how surely and how early; `event` is a clause, as for boxes."""
    return [_signpost(sign, event) for sign in signs]


def _signpost(sign: SignpostFigures, event: str) -> Markup:
    side = threshold_words(sign.threshold, sign.unit, above=sign.above)
    words = f"{quoted(sign.title)}: {side} on {sign.date}"
    return phrase(
        "Watch {what}, it warns, {lead} before the horizon, that {event}. It warns in {detection} of the worlds "
        "where that is so, and falsely in {false_alarms} of the others.",
        what=phrase('<a href="#{}">{}</a>', sign.basis, words) if sign.basis else words,
        lead=_months(sign.lead),
        event=event,
        detection=share(sign.detection, sign.detection_mcse),
        false_alarms=share(sign.false_alarms, sign.false_alarms_mcse),
    )


def threshold_words(threshold: float, unit: str, *, above: bool) -> str:
    """On which side of a threshold a quantity warns."""
    return f"{'above' if above else 'at most'} {amount(threshold, unit)}"


def _months(days: float) -> str:
    """A lead time in months.

    >>> _months(31.0), _months(365.0)
    ('one month', '12 months')
    """
    count = max(1, round(days / _DAYS_A_MONTH))
    return "one month" if count == 1 else f"{count} months"

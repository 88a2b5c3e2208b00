"""Boxes of worlds and signposts in words: what a box asks, how often something holds there, what warns when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    "no_signpost_sentence",
    "signpost_sentences",
    "threshold_words",
]

_DAYS_A_MONTH = 30.44
_WORSE = 0.05  # a density that is lower by more on other worlds is said
_NO_BOX = {
    "holds in no world": "In no world {event}.",
    "holds in every world": "In every world {event}.",
    "nothing separates": (
        "In {share} of the worlds {event}. No assumption, hypothesis or observable that was looked at tells these "
        "worlds from the others better than chance."
    ),
}


@dataclass(frozen=True)
class BoxPart:
    """What a box asks of one parameter, observable or hypothesis.

    `low` and `high` are the ends, None where it is open; `answers` are the titles of the states of a hypothesis,
    whose title is a question. `whole` says that values are whole numbers, so that ends count as inside.
    """

    title: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    answers: tuple[str, ...] = ()
    whole: bool = False


def box_words(parts: Sequence[BoxPart]) -> str:
    r"""A box in words, to follow "worlds with".

    >>> box_words([BoxPart("Deliveries", "tonnes/year", low=3e6), BoxPart("Trust", "fraction", high=0.6)])
    '“Deliveries” above 3\xa0million tonnes a year and “Trust” below 60%'
    """
    return listed(_part_words(part) for part in parts)


def _part_words(part: BoxPart) -> str:
    if part.answers:
        return f"{listed((quoted(one) for one in part.answers), 'or')} as the answer to {quoted(part.title)}"
    return f"{quoted(part.title)} {_ends(part)}"


def _ends(part: BoxPart) -> str:
    low, high = part.low, part.high
    if low is not None and high is not None:
        words = range_words(low, high, part.unit, between=" and ")
        return f"between {words}" if " and " in words else f"at {words}"
    # nothing may lie beyond 0, and what a box asks for may be just that
    if low is not None:
        words = f"{'at least' if low == 0.0 else 'above'} {amount(low, part.unit)}"
        return f"at {exact(low)} or more" if part.whole else words
    assert high is not None, "a part of a box has an end or answers"
    words = f"{'at most' if high == 0.0 else 'below'} {amount(high, part.unit)}"
    return f"at {exact(high)} or fewer" if part.whole else words


@dataclass(frozen=True)
class BoxFigures:
    """The figures of a box: shares, and `holdout_density` on worlds that the box was not chosen on.

    `base` is how often the event happens in all worlds, or in those that no earlier box holds.
    """

    parts: tuple[BoxPart, ...]
    coverage: float
    density: float
    density_mcse: float
    base: float
    holdout_density: float


def box_sentences(boxes: Sequence[BoxFigures], event: str) -> list[str]:
    """Where an event happens, a sentence or two a box; `event` is a clause such as "B does better than A"."""
    found = []
    for place, box in enumerate(boxes):
        among = "in all worlds together" if place == 0 else "in the worlds outside the boxes before"
        density = share(box.density, box.density_mcse)
        found.append(
            f"Among worlds with {box_words(box.parts)}, {event} in {density}, against {share(box.base)} {among}. "
            f"They hold {share(box.coverage)} of all worlds in which that is so."
        )
        drop = box.density - box.holdout_density
        if drop > 0.0 and not is_tie(drop, box.density_mcse, _WORSE):
            found.append(
                f"On worlds that the limits were not chosen on, it is {share(box.holdout_density)}: expect that, "
                "not the first figure."
            )
    return found


def no_box_sentence(ending: str, event: str, frequency: float) -> str:
    """That there is no box, and why: `ending` is that of a discovery without one."""
    return _NO_BOX[ending].format(event=event, share=share(frequency))


@dataclass(frozen=True)
class SignpostFigures:
    """A signpost: what is watched, when, and the threshold beyond which it warns.

    `date` is in words and `lead` in days. Detection and false alarms are shares, with Monte Carlo errors.
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


def signpost_sentences(signs: Sequence[SignpostFigures], event: str) -> list[str]:
    """What warns of an event, how surely and how early; `event` is a clause, as for boxes."""
    return [_signpost(sign, event) for sign in signs]


def _signpost(sign: SignpostFigures, event: str) -> str:
    side = threshold_words(sign.threshold, sign.unit, above=sign.above)
    return (
        f"Watch {quoted(sign.title)}: {side} on {sign.date}, it warns, {_months(sign.lead)} before the horizon, "
        f"that {event}. It warns in {share(sign.detection, sign.detection_mcse)} of the worlds where that is so, "
        f"and falsely in {share(sign.false_alarms, sign.false_alarms_mcse)} of the others."
    )


def threshold_words(threshold: float, unit: str, *, above: bool) -> str:
    """On which side of a threshold a quantity warns."""
    return f"{'above' if above else 'at most'} {amount(threshold, unit)}"


def no_signpost_sentence(why: str, event: str, frequency: float, watched: int) -> str:
    """That there is no signpost, and why; so many quantities were `watched`."""
    if why == "never loses":
        return f"In no world {event}, so there is nothing to warn of."
    if why == "always loses":
        return f"In every world {event}, so no warning is needed."
    kinds = (
        "The one quantity that is reported on would not"
        if watched == 1
        else f"None of the {watched} quantities that are reported on would"
    )
    return (
        f"In {share(frequency)} of the worlds {event}. {kinds} tell these "
        "worlds from the others in time well enough to warn of them."
    )


def _months(days: float) -> str:
    """A lead time in months.

    >>> _months(31.0), _months(365.0)
    ('one month', '12 months')
    """
    count = max(1, round(days / _DAYS_A_MONTH))
    return "one month" if count == 1 else f"{count} months"

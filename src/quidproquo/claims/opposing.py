"""Which claims can't both be right, with the reason: figures, stages of one stream, assertions and denials."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from quidproquo.claims.comparing import (
    comparable_qualifiers,
    days_between,
    ends_of,
    exclusive,
    starts_close,
    thing_counted,
)
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.subjects import Subjects
from quidproquo.claims.wording import says
from quidproquo.reading import quantities

__all__ = ["by_time", "opposed", "said_on"]

_NEIGHBOURS = 12  # claims of one subject, by date, with which each is compared
_SAME_TIME = 2  # days between dates for which figures are still compared
# days between which two sides' figures of what changes slowly are compared all the same
_SLOW = {"stock": 7, "rate": 92, "level": 92, "share": 31}
_JUDGED = 365  # days over which judgements of one matter are compared
_LATER = 31  # days after which a count that can't be exceeded is no longer set against an earlier one
_COUNTED_ON = 92  # days after a denial in which a total that began before it still speaks of the time denied
_FRESH = 60  # days after its start within which a stream has lost or brought home next to nobody
_STILL_THERE = 0.5  # part of those just sent that must be on the spot
_SOON = 5  # days in which what was sent is on the spot
_SERIES = 62  # days between two figures of one source that bound what lies between them
_OLDEST_YEAR = 1200  # days back to the yearly figures that a bound without a date covers
_TWICE = 2.0  # bounds of forecasts that differ by more than this are two views
_WHOLE_YEAR = 300  # days from which a date is a year and a figure of it a yearly one
_PART_OF_WHOLE = re.compile(r"\bof (?:the|all|its|their|some|about)\b", re.IGNORECASE)

Found = Iterator[tuple[Link, str]]


def opposed(claims: Sequence[Claim], subjects: Subjects) -> Found:
    """Pairs of claims that contradict each other, later to earlier, with the reason."""
    weighed = [c for c in claims if c.role == "observation" or (c.proposition and c.role == "assessment")]
    numbers = [claim for claim in weighed if not claim.proposition and claim.event is not None]
    yield from _of_one_quantity(numbers, subjects)
    yield from _between_two(numbers, subjects)
    yield from _of_one_stream(numbers, subjects)
    yield from _part_and_total(numbers, subjects)
    yield from _total_and_rate(numbers, subjects)
    yield from _part_and_share(numbers, subjects)
    yield from _forecasts(claims, subjects)
    yield from _denials(claims, subjects)
    yield from _two_answers(weighed, subjects)


def said_on(claim: Claim) -> tuple[int, str]:
    """Key that orders claims by when they were published; one without a date counts as the first."""
    return (claim.published.end.toordinal() if claim.published else 0, claim.id)


def by_time(claims: Iterable[Claim]) -> list[Claim]:
    """Dated claims by the day that they speak of."""
    dated = [(c.event.end.toordinal(), c.event.start.toordinal(), c.id, c) for c in claims if c.event]
    return [entry[-1] for entry in sorted(dated)]


def _link(a: Claim, b: Claim, reason: str) -> tuple[Link, str]:
    later, earlier = sorted((a, b), key=said_on, reverse=True)
    return Link(later.id, "contradicts", earlier.id), reason


def _said(a: Claim, b: Claim) -> str:
    return f"{a.speaker} says {says(a)} and {b.speaker} {says(b)}"


def _groups(claims: Iterable[Claim], key: Callable[[Claim], object]) -> Iterator[list[Claim]]:
    groups: dict[object, list[Claim]] = defaultdict(list)
    for claim in claims:
        if subject := key(claim):
            groups[subject].append(claim)
    for group in groups.values():
        if len(group) > 1:
            yield by_time(group)


def _near(group: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Each claim of a group with its neighbours by time."""
    for place, claim in enumerate(group):
        for other in group[place + 1 : place + 1 + _NEIGHBOURS]:
            yield claim, other


def _two_voices(a: Claim, b: Claim) -> bool:
    """Two origins, or one that says two things at once; what one says later of its own is an update."""
    return a.origin != b.origin or (a.published is not None and a.published == b.published)


# ---------------------------------------------------------------- numbers of one quantity


def _of_one_quantity(numbers: Sequence[Claim], subjects: Subjects) -> Found:
    for group in _groups(numbers, lambda claim: claim.quantity):
        for a, b in _near(group):
            comparable = _two_voices(a, b) and comparable_qualifiers(a, b, subjects.case)
            if comparable and (reason := _conflict(a, b, subjects)):
                yield _link(a, b, reason)


def _conflict(a: Claim, b: Claim, subjects: Subjects) -> str:
    """Why two numbers of one quantity can't both be right, in one sentence; empty if they can."""
    if not exclusive(a, b, subjects.case):
        return ""
    days = days_between(a.event, b.event)
    if days <= _SAME_TIME and starts_close(a, b) and not _of_two_periods(a, b, subjects):
        return f"{_said(a, b)}, {'for overlapping dates' if not days else f'{days:.0f} days apart'}."
    kind = subjects.case.quantities[a.quantity].kind
    plain = not (a.qualifier or b.qualifier) and subjects.side(a) != subjects.side(b)
    if plain and days <= _SLOW.get(kind, 0) and starts_close(a, b) and not _of_two_periods(a, b, subjects):
        return f"{_said(a, b)}, {days:.0f} days apart, in which it doesn't change as much."
    if kind == "cumulative":
        for part, whole in ((a, b), (b, a)):
            if _covers(whole, part) and ends_of(part)[0] > ends_of(whole)[1]:
                return f"{_said(part, whole)} over a longer period: a total can't shrink."
    for bound, measured in ((a, b), (b, a)):
        if _general_bound(bound, subjects) and _yearly_before(measured, bound):
            return f"{_said(bound, measured)} for a year before: it lies outside the bound."
    return ""


def _of_two_periods(a: Claim, b: Claim, subjects: Subjects) -> bool:
    """Whether two numbers hold for one period each and these follow each other, as years do."""
    if a.event is None or b.event is None or a.event.overlaps(b.event):
        return False
    kind = subjects.case.quantities[a.quantity].kind
    return kind == "count" or (kind == "rate" and max(a.event.days, b.event.days) >= _WHOLE_YEAR)


def _covers(whole: Claim, part: Claim) -> bool:
    """Whether the period of one running total holds that of another; an unstated start is the first."""
    if whole.event is None or part.event is None or whole.event.start < part.event.end:
        return False
    return whole.since is None or (part.since is not None and whole.since.start <= part.since.start)


def _general_bound(claim: Claim, subjects: Subjects) -> bool:
    """Whether a claim bounds a share or a level in general, so that earlier years fall under it."""
    kind = subjects.case.quantities[claim.quantity].kind
    bounded = claim.comparison in ("at_most", "less_than", "at_least", "more_than")
    return bounded and kind in ("share", "level") and claim.since is None


def _yearly_before(measured: Claim, bound: Claim) -> bool:
    if measured.event is None or bound.event is None or measured.event.days < _WHOLE_YEAR:
        return False
    return 0 <= (bound.event.end - measured.event.end).days <= _OLDEST_YEAR


def _between_two(numbers: Sequence[Claim], subjects: Subjects) -> Found:
    """A running total outside what another source counted shortly before and after."""
    totals = [
        c for c in numbers if subjects.case.quantities[c.quantity].kind == "cumulative" and not c.qualifier
    ]
    for group in _groups(totals, lambda claim: claim.quantity):
        for place, claim in enumerate(group):
            before: dict[str, Claim] = {}
            for other in group[max(place - _NEIGHBOURS, 0) : place]:
                before[other.origin] = other
            for after in group[place + 1 : place + 1 + _NEIGHBOURS]:
                first = before.pop(after.origin, None)
                if (
                    first is not None
                    and first.origin != claim.origin
                    and _outside(claim, first, after, subjects)
                ):
                    reason = f"{_said(claim, first)}, and {says(after)} later: what lies between is neither."
                    yield _link(claim, first, reason)
                    yield _link(claim, after, reason)


def _outside(claim: Claim, first: Claim, after: Claim, subjects: Subjects) -> bool:
    if days_between(first.event, claim.event) > _SERIES or days_between(claim.event, after.event) > _SERIES:
        return False
    if not all(
        exclusive(claim, other, subjects.case) and starts_close(claim, other) for other in (first, after)
    ):
        return False
    above = ends_of(claim)[0] > max(ends_of(first)[1], ends_of(after)[1])
    below = ends_of(claim)[1] < min(ends_of(first)[0], ends_of(after)[0])
    return above or below


# ---------------------------------------------------------------- numbers of quantities that bound each other


def _of_one_stream(numbers: Sequence[Claim], subjects: Subjects) -> Found:
    """Sent, in place, used and lost: none can be more than was sent, and at first all that was sent is there."""
    for group in _groups((c for c in numbers if not c.qualifier), subjects.series):
        start = min(min(c.event, c.since or c.event).start for c in group if c.event)
        for a, b in _near(group):
            stages = {subjects.stage(a): a, subjects.stage(b): b}
            if len(stages) < 2 or "sent" not in stages or a.origin == b.origin:
                continue
            sent = stages.pop("sent")
            ((stage, other),) = stages.items()
            if subjects.group(sent) != subjects.group(other) and stage != "lost":
                continue
            reason = _more_than_all(sent, other, subjects)
            if not reason and stage == "in_place" and a.event and (a.event.end - start).days <= _FRESH:
                reason = _not_yet_there(sent, other)
            if reason:
                yield _link(a, b, reason)


def _more_than_all(whole: Claim, part: Claim, subjects: Subjects) -> str:
    """Why a part, or a later stage, is more than all there was at the time or a while later; empty if it isn't."""
    if ends_of(part)[0] <= ends_of(whole)[1] or not exclusive(whole, part, subjects.case):
        return ""
    title, all_of = (subjects.case.quantities[c.quantity].title for c in (part, whole))
    if whole.event is None or part.event is None:
        return ""
    waited = (whole.event.end - part.event.end).days  # who is in the one count is in the other, taken later
    if not -_SAME_TIME <= waited <= _LATER:
        return ""
    return f'{_said(whole, part)}: "{title}" can\'t be more than "{all_of}".'


def _part_and_total(numbers: Sequence[Claim], subjects: Subjects) -> Found:
    """A part of a total ("drowned" of "drowned or hurt") that is more than the total of the same time or later."""
    counted: dict[str, list[Claim]] = defaultdict(list)
    for claim in numbers:
        if not claim.qualifier:
            counted[claim.quantity].append(claim)
    for part_name, wholes in subjects.wholes_of.items():
        for whole_name in sorted(wholes):
            for a, b in _near(by_time([*counted[part_name], *counted[whole_name]])):
                part, whole = (a, b) if a.quantity == part_name else (b, a)
                if a.quantity == b.quantity or not _two_voices(a, b):
                    continue
                if reason := _more_than_all(whole, part, subjects):
                    yield _link(a, b, reason)


def _not_yet_there(sent: Claim, there: Claim) -> str:
    if sent.event is None or there.event is None or there.event.end < sent.event.start:
        return ""
    if (
        not ends_of(there)[1] < _STILL_THERE * ends_of(sent)[0]
        or days_between(sent.event, there.event) > _SOON
    ):
        return ""
    return f"{_said(sent, there)}: so soon after the start, who was sent is there."


def _total_and_rate(numbers: Sequence[Claim], subjects: Subjects) -> Found:
    """One side's total without a start and its total of the year so far, given at the same time."""
    kinds = {claim.id: subjects.case.quantities[claim.quantity].kind for claim in numbers}

    def subject(claim: Claim) -> object:
        if kinds[claim.id] not in ("cumulative", "rate") or claim.qualifier:
            return None
        return subjects.side(claim), subjects.group(claim), thing_counted(claim.unit)

    for group in _groups(numbers, subject):
        for a, b in _near(group):
            total, rate = (a, b) if kinds[a.id] == "cumulative" else (b, a)
            if (kinds[total.id], kinds[rate.id]) != ("cumulative", "rate") or total.since or not rate.since:
                continue
            if days_between(a.event, b.event) > _SAME_TIME or total.speaker == rate.speaker:
                continue
            if exclusive(total, rate, subjects.case):
                yield _link(a, b, f"{_said(a, b)}: one side's counts, of the same day.")


def _part_and_share(numbers: Sequence[Claim], subjects: Subjects) -> Found:
    """A part of a whole ("4,000 of the 10,000") against a share of the same that somebody else states."""
    spoken = [c for c in numbers if c.unit == "fraction" or _PART_OF_WHOLE.search(c.paraphrase)]
    for group in _groups(spoken, subjects.group):
        for place, claim in enumerate(group):
            implied = _implied_share(claim) if claim.unit != "fraction" else None
            if implied is None:
                continue
            near = group[max(place - _NEIGHBOURS, 0) : place + _NEIGHBOURS]
            others = [
                o for o in near if o.unit == "fraction" and days_between(o.event, claim.event) <= _SERIES / 2
            ]
            excluded = [o for o in others if o.origin != claim.origin and _excludes_share(o, implied)]
            if excluded:
                other = min(excluded, key=lambda o: (days_between(o.published, claim.published), o.id))
                yield _link(
                    claim, other, f"{_said(claim, other)}: {says(claim)} of the whole is {implied:.0%}."
                )


def _implied_share(claim: Claim) -> float | None:
    counts = [n.value for n in quantities(claim.paraphrase) if n.kind == "count" and n.value]
    wholes = [n for n in counts if claim.value and n > claim.value * 1.05]
    return claim.value / wholes[0] if claim.value and len(wholes) == 1 and claim.unit != "fraction" else None


def _excludes_share(claim: Claim, share: float) -> bool:
    low, high = ends_of(claim)
    room = 0.15 if claim.comparison == "about" else 0.05
    return share < low - room * low or share > high + room * high


# ---------------------------------------------------------------- forecasts


def _forecasts(claims: Sequence[Claim], subjects: Subjects) -> Found:
    """Forecasts whose ceilings or floors are far from each other, and forecasts that didn't come true."""
    dated = [c for c in claims if not c.proposition and c.event and c.role in ("forecast", "observation")]
    for group in _groups(dated, lambda claim: claim.quantity):
        for a, b in _near(group):
            roles = {a.role, b.role}
            if "forecast" not in roles or not comparable_qualifiers(a, b, subjects.case):
                continue
            if len(roles) == 1 and a.origin != b.origin and _two_views(a, b):
                yield _link(a, b, f"{_said(a, b)}: two views of how far it goes.")
            elif len(roles) == 2 and days_between(a.event, b.event) <= _SAME_TIME:
                forecast, seen = (a, b) if a.role == "forecast" else (b, a)
                if said_on(forecast)[0] < said_on(seen)[0] and exclusive(a, b, subjects.case):
                    yield _link(
                        a, b, f"{forecast.speaker} expected {says(forecast)}; {_said(seen, forecast)}."
                    )


def _two_views(a: Claim, b: Claim) -> bool:
    if a.value is None or b.value is None:
        return False
    both_down = all(c.comparison in ("at_most", "less_than") for c in (a, b))
    both_up = all(c.comparison in ("at_least", "more_than") for c in (a, b))
    return (both_down or both_up) and max(a.value, b.value) > _TWICE * min(a.value, b.value)


# ---------------------------------------------------------------- assertions and denials


def _denials(claims: Sequence[Claim], subjects: Subjects) -> Found:
    """A denial against who asserts the same; where nobody does, against the nearest claim that implies it."""
    spoken = [
        c for c in claims if c.proposition and c.event and c.role in ("observation", "assessment", "forecast")
    ]
    answered: set[str] = set()
    for group in _groups(spoken, lambda claim: claim.proposition):
        for a, b in _near(group):
            if a.comparison != b.comparison and _two_voices(a, b):
                asserting, denying = (a, b) if subjects.asserts(a) else (b, a)
                if _at_odds(asserting, denying, subjects):
                    answered |= {a.id, b.id}
                    yield _link(a, b, f"{asserting.speaker} asserts what {denying.speaker} denies.")
    stated = [c for c in spoken if c.role != "forecast"]
    yield from _other_sentences(stated, answered, subjects)
    yield from _figures_denied(stated, claims, subjects)


def _at_odds(asserting: Claim, denying: Claim, subjects: Subjects) -> bool:
    """Whether a denial speaks of the time of an assertion, or of a later one of what lasts."""
    if {asserting.role, denying.role} == {"forecast", "observation"}:
        forecast, other = (asserting, denying) if asserting.role == "forecast" else (denying, asserting)
        return (
            said_on(forecast)[0] < said_on(other)[0]
            and days_between(asserting.event, denying.event) <= _SAME_TIME
        )
    judged = asserting.role != "observation" and denying.role != "observation"
    if days_between(asserting.event, denying.event) <= (_JUDGED if judged else _SAME_TIME):
        return True
    before = (
        asserting.event is not None
        and denying.event is not None
        and asserting.event.end < denying.event.start
    )
    return before and subjects.lasting(asserting)


def _other_sentences(stated: Sequence[Claim], answered: set[str], subjects: Subjects) -> Found:
    """What denies the sentence of one proposition against the nearest claim on another of the same group."""
    for group in _groups(stated, subjects.group):
        for place, denial in enumerate(group):
            if subjects.asserts(denial) or denial.id in answered:
                continue
            near = group[max(place - _NEIGHBOURS, 0) : place + _NEIGHBOURS]
            others = [
                other
                for other in near
                if subjects.asserts(other)
                and other.proposition != denial.proposition
                and other.origin != denial.origin
                and subjects.about(other) == subjects.about(denial)
                and _by_then(other, denial)
                and _same_matter(denial, other, subjects)
            ]
            if others:
                other = max(
                    others,
                    key=lambda o: (len(_shared(denial, o, subjects)), -days_between(o.event, denial.event)),
                )
                yield _link(
                    denial, other, f"{denial.speaker} says that it isn't so; {other.speaker} says that it is."
                )


def _same_matter(denial: Claim, other: Claim, subjects: Subjects) -> bool:
    """Whether two sentences speak of the same: by a word of theirs in one topic, else by one of both topics."""
    if denial.quantity == other.quantity:
        return bool(_shared(denial, other, subjects))
    first, second = (subjects.words_in(subjects.meaning(c)) for c in (denial, other))
    return bool(denial.quantity and denial.comparison == "proposition_false" and first & second)


def _by_then(other: Claim, denial: Claim) -> bool:
    """Whether what is said was so by the time of a denial."""
    if other.event is None or denial.event is None:
        return False
    late = (other.event.start - denial.event.end).days
    began = other.since is not None and other.since.start <= denial.event.end
    return late <= (_COUNTED_ON if began else _SAME_TIME)


def _shared(a: Claim, b: Claim, subjects: Subjects) -> frozenset[str]:
    return subjects.words_in(subjects.sentence(a)) & subjects.words_in(subjects.sentence(b))


def _figures_denied(stated: Sequence[Claim], claims: Sequence[Claim], subjects: Subjects) -> Found:
    """A denial that something was ever done against the figure nearest in time of how much of it was done."""
    denials = [c for c in stated if c.comparison == "proposition_false" and subjects.lasting(c)]
    if not denials:
        return
    figures: dict[object, list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=said_on):
        if (
            not claim.proposition
            and claim.role == "observation"
            and not claim.qualifier
            and ends_of(claim)[0] > 0.0
        ):
            figures["group", subjects.group(claim)].append(claim)
            if subjects.series(claim)[0]:
                figures["actors", _giver_and_taker(subjects.meaning(claim), subjects)].append(claim)
    for denial in denials:
        keys = (
            ("group", subjects.group(denial)),
            ("actors", _giver_and_taker(subjects.sentence(denial), subjects)),
        )
        words = subjects.words_in(subjects.sentence(denial))
        others = [
            other
            for key in keys
            for other in _around(figures.get(key, []) if key[1] else [], denial)
            if other.origin != denial.origin
            and _by_then(other, denial)
            and words & subjects.words_in(subjects.meaning(other))
        ]
        if others:
            other = min(others, key=lambda c: (days_between(c.published, denial.published), c.id))
            yield _link(denial, other, f"{denial.speaker} denies it, and {other.speaker} says {says(other)}.")


def _giver_and_taker(text: str, subjects: Subjects) -> object:
    """The two actors that a text names first, in its order; None where there is nobody to take."""
    named = subjects.actors_in(text)[:2]
    return named if len(named) > 1 else None


def _around(ordered: Sequence[Claim], claim: Claim) -> Sequence[Claim]:
    """The claims of a list by publication that stand nearest to another one."""
    place = bisect_left(ordered, said_on(claim), key=said_on)
    return ordered[max(place - _NEIGHBOURS, 0) : place + _NEIGHBOURS]


def _two_answers(weighed: Sequence[Claim], subjects: Subjects) -> Found:
    """Two answers to where or which that name different actors: only one of them is right."""
    asked = [c for c in weighed if c.proposition and subjects.one_answer(c) and subjects.asserts(c)]
    for group in _groups(asked, lambda claim: claim.quantity):
        for a, b in _near(group):
            first, second = (frozenset(subjects.actors_in(subjects.sentence(c))) for c in (a, b))
            if a.origin == b.origin or not (first - second and second - first and first & second):
                continue
            if _shared(a, b, subjects):
                yield _link(a, b, f"{a.speaker} and {b.speaker} give two answers to one question.")

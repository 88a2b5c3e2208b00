"""What a source says later of the same: updates, more precise figures, withdrawals; and what others agree on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise

from quidproquo.claims.comparing import (
    comparable_qualifiers,
    days_between,
    ends_of,
    exclusive,
    same_figure,
)
from quidproquo.claims.opposing import said_on
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.subjects import Subjects
from quidproquo.claims.wording import says

__all__ = ["agreeing", "later_of_one_source", "withdrawn"]

_NEIGHBOURS = 12  # earlier claims of one subject among which agreement is looked for
_OFFICES = 180  # days in which another office of the same side carries a count on
_STREAM = 14  # days in which one stage's figure carries on that of another
_AGREE_TOTAL = 120  # days over which two running totals may agree
_ALIKE = 0.1  # share of the larger by which figures that agree may differ
_AT_ONCE = 2  # days in which one figure of two stages of a stream is one
_AGREE = 31  # days over which other figures may agree
_WITHDRAWN = re.compile(
    r"\b(?:withdr(?:aw\w*|ew)|retract\w*|t(?:ake|akes|ook|aken) (?:it )?back|disown\w*|recant\w*"
    r"|no longer (?:stands? by|claims?|holds?)|was (?:wrong|mistaken)|in error|erroneous)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(r"\bearlier\b|\bprevious(?:ly)?\b|\bup from\b|\bdown from\b", re.IGNORECASE)

Found = Iterator[tuple[Link, str]]


def withdrawn(claims: Sequence[Claim]) -> Found:
    """A source takes back what it said of a subject before: the claim says so in words."""
    for own in _own(claims, lambda claim: claim.origin):
        for before, after in pairwise(own):
            words = f"{after.paraphrase} {after.hedge}"
            if said_on(before)[0] < said_on(after)[0] and _WITHDRAWN.search(words):
                yield Link(after.id, "retracts", before.id), f"{after.origin} takes back {says(before)}."


def later_of_one_source(claims: Sequence[Claim], subjects: Subjects) -> Found:
    """A later statement of one source, or of an office of its side, on the same matter: update or refinement."""
    spoken = [c for c in claims if c.role in ("observation", "assessment") and c.published and c.event]
    yield from _new_forecasts(
        [c for c in claims if c.role == "forecast" and c.published and not c.proposition]
    )
    updated: set[str] = set()
    for own in _own(spoken, lambda claim: claim.origin):
        for before, after in pairwise(own):
            if found := _update(before, after, subjects):
                updated.add(after.id)
                yield found
            elif same_figure(before, after):
                updated.add(after.id)
    for own in _own(spoken, subjects.side):
        for before, after in pairwise(own):
            if after.id in updated or before.origin == after.origin or subjects.outsider(after):
                continue
            if days_between(before.event, after.event) <= _OFFICES and (
                found := _update(before, after, subjects)
            ):
                updated.add(after.id)
                yield found
    yield from _next_stage(spoken, updated, subjects)


def _new_forecasts(forecasts: Sequence[Claim]) -> Found:
    """One source's forecast of a figure takes the place of the one that it gave before."""
    for own in _own(forecasts, lambda claim: claim.origin):
        for before, after in pairwise(sorted(own, key=said_on)):
            if said_on(before)[0] < said_on(after)[0] and not same_figure(before, after):
                reason = f"{after.origin} expected {says(before)} before, and now {says(after)}."
                yield Link(after.id, "supersedes", before.id), reason


def _own(claims: Sequence[Claim], whose: Callable[[Claim], str]) -> Iterator[list[Claim]]:
    """Claims of one source and subject, by the day that they speak of and then by when they were said."""
    said: dict[object, list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda c: (c.event.end.toordinal() if c.event else 0, *said_on(c))):
        said[whose(claim), claim.proposition or claim.quantity, claim.qualifier].append(claim)
    for own in said.values():
        if len(own) > 1:
            yield own


def _update(before: Claim, after: Claim, subjects: Subjects) -> tuple[Link, str] | None:
    """A later statement that takes the place of an earlier one, or tells it more precisely; else None."""
    if said_on(before)[0] == said_on(after)[0] or before.role != after.role:
        return None
    who = after.origin if after.origin == before.origin else f"{after.origin} (as {before.origin} before)"
    same_time = days_between(before.event, after.event) == 0.0
    if after.proposition:
        if before.comparison == after.comparison and (same_time or before.origin != after.origin):
            return None
        return Link(after.id, "supersedes", before.id), f"{who} says {says(after)}, later."
    if same_figure(before, after) or not _of_one_time(before, after, subjects):
        return None
    if same_time and _narrower(before, after):
        return Link(after.id, "refines", before.id), f"{who} said {says(before)}, and now {says(after)}."
    if after.origin != before.origin and _shrinks(before, after, subjects):
        return None
    return Link(
        after.id, "supersedes", before.id
    ), f"{who} said {says(before)} before, and {says(after)} later."


def _of_one_time(before: Claim, after: Claim, subjects: Subjects) -> bool:
    """Whether two figures are of one running matter: not of two years, two acts or an earlier day."""
    if before.event is None or after.event is None or after.event.end < before.event.end:
        return False
    if before.event.overlaps(after.event):
        return True
    kind = subjects.case.quantities[after.quantity].kind
    if kind in ("count", "stock"):  # another act; another day, of which the first may have been right
        return False
    if kind in ("rate", "share", "level"):
        return (
            max(before.event.days, after.event.days) < 300
        )  # a year's figure isn't replaced by that of the next
    return (
        after.since is None or after.since <= before.event or days_between(after.since, before.event) == 0.0
    )


def _narrower(before: Claim, after: Claim) -> bool:
    (low, high), (new_low, new_high) = ends_of(before), ends_of(after)
    return low <= new_low and new_high <= high and (low, high) != (new_low, new_high)


def _shrinks(before: Claim, after: Claim, subjects: Subjects) -> bool:
    """Whether a running total gets smaller: between two offices that is no update."""
    if subjects.case.quantities[after.quantity].kind not in ("cumulative", "stock"):
        return False
    return ends_of(after)[1] < ends_of(before)[1]


def _next_stage(spoken: Sequence[Claim], updated: set[str], subjects: Subjects) -> Found:
    """A side's figure for another stage of one stream that says itself what it replaces."""
    streams: dict[object, list[Claim]] = defaultdict(list)
    for claim in sorted(spoken, key=said_on):
        if subjects.series(claim)[0] and not claim.qualifier and claim.value is not None:
            streams[subjects.side(claim), subjects.group(claim), subjects.series(claim)].append(claim)
    for own in streams.values():
        for before, after in pairwise(own):
            if (
                before.quantity == after.quantity
                or after.id in updated
                or not _EARLIER.search(after.paraphrase)
            ):
                continue
            if days_between(before.event, after.event) <= _STREAM and not same_figure(before, after):
                reason = (
                    f"{after.speaker} names an earlier figure and said {says(after)} after {says(before)}."
                )
                yield Link(after.id, "supersedes", before.id), reason


def agreeing(claims: Sequence[Claim], subjects: Subjects, no_witness: Collection[str]) -> Found:
    """Each claim against the nearest earlier one of another side that says the same.

    Claims that relay or are worked out from others are `no_witness`: they agree with nobody.
    """
    blocks: dict[str, list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=said_on):
        if (
            claim.id not in no_witness
            and claim.event is not None
            and claim.role in ("observation", "assessment", "forecast")
        ):
            blocks[claim.proposition or claim.quantity].append(claim)
            if subjects.series(claim)[0] and not claim.qualifier:
                blocks[f"{subjects.group(claim)} {subjects.series(claim)}"].append(claim)
    for block in blocks.values():
        for place, claim in enumerate(block):
            others = [
                other
                for other in block[max(place - _NEIGHBOURS, 0) : place]
                if other.role == claim.role
                and subjects.side(other) != subjects.side(claim)
                and _agree(claim, other, subjects)
            ]
            if others:
                other = min(
                    others, key=lambda o: (_distance(claim, o), days_between(o.event, claim.event), o.id)
                )
                yield (
                    Link(claim.id, "corroborates", other.id),
                    f"{claim.origin} says {says(claim)} and {other.origin} {says(other)}.",
                )


def _agree(a: Claim, b: Claim, subjects: Subjects) -> bool:
    if a.proposition:
        return a.comparison == b.comparison and subjects.outsider(a) == subjects.outsider(b)
    if a.quantity != b.quantity:
        return same_figure(a, b) and days_between(a.event, b.event) <= _AT_ONCE
    if not comparable_qualifiers(a, b, subjects.case) or exclusive(a, b, subjects.case):
        return False
    kind = subjects.case.quantities[a.quantity].kind
    most = _AGREE_TOTAL if kind == "cumulative" else 0 if kind == "count" else _AGREE
    return days_between(a.event, b.event) <= most and _distance(a, b) <= _ALIKE


def _distance(a: Claim, b: Claim) -> float:
    """How far two numbers are from each other, as a share of the larger; 0 for sentences."""
    first, second = (_middle(claim) for claim in (a, b))
    if first is None or second is None:
        return 0.0
    return abs(first - second) / max(abs(first), abs(second), 1e-300)


def _middle(claim: Claim) -> float | None:
    if claim.value is not None or claim.low is None or claim.high is None:
        return claim.value
    return (claim.low + claim.high) / 2.0

"""How claims hang together: conflicts, circular reports, later figures, and separate origins."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from quidproquo.cases.record import Case
from quidproquo.claims.matching import same_number
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.tables import CONFLICT_TOLERANCE, NEAR
from quidproquo.claims.wording import about, says
from quidproquo.terms.edtf import Interval

__all__ = [
    "Circular",
    "Conflict",
    "circular",
    "claims_for_quantity",
    "conflict_reason",
    "conflicts",
    "conflicts_of",
    "independent_origins",
    "reach",
    "repeats",
    "rings",
    "superseded",
]


@dataclass(frozen=True)
class Conflict:
    """Two claims that can't both be right about the same thing; `reason` is one sentence."""

    a: str
    b: str
    quantity: str
    reason: str


@dataclass(frozen=True)
class Circular:
    """Claims that look like several witnesses but go back to one; `reason` is one sentence."""

    origin: str
    claims: tuple[str, ...]
    reason: str


def conflicts(claims: Iterable[Claim], links: Iterable[Link], case: Case) -> list[Conflict]:
    """Pairs of claims in conflict, found by rule or linked as contradicting; ordered by ids.

    By rule: observations of one quantity and qualifier, with the same start if there is one, whose
    numbers exclude each other on overlapping dates; running totals of which the one over the longer
    period is smaller; and propositions asserted and denied for overlapping dates. A later figure that
    supersedes an earlier one isn't in conflict with it, nor are rejected and derived claims unless
    a link says so.
    """
    standing = {claim.id: claim for claim in claims if claim.state != "rejected"}
    settled = set()
    found: dict[tuple[str, str], Conflict] = {}
    for link in links:
        if link.a not in standing or link.b not in standing:
            continue
        pair = (min(link.a, link.b), max(link.a, link.b))
        if link.relation == "contradicts":
            a, b = standing[pair[0]], standing[pair[1]]
            found[pair] = Conflict(*pair, a.quantity or b.quantity, _linked_reason(a, b, case))
        elif link.relation in ("supersedes", "refines", "retracts", "relays", "derived_from"):
            settled.add(pair)
    for group in _by_subject(standing.values()).values():
        for a, b in combinations(group, 2):
            reason = conflict_reason(a, b, case)
            if reason and (a.id, b.id) not in settled:
                found[a.id, b.id] = Conflict(a.id, b.id, a.quantity, reason)
    return [found[pair] for pair in sorted(found)]


def conflicts_of(claim: Claim, others: Iterable[Claim], case: Case) -> list[Conflict]:
    """The conflicts of one claim with others by rule, as `conflicts` finds them among all; the links aside."""
    pairs = ((claim, other) for other in others if other.id != claim.id and other.state != "rejected")
    groups = (group for pair in pairs for group in _by_subject(pair).values() if len(group) == 2)
    return [
        Conflict(a.id, b.id, claim.quantity, reason)
        for a, b in groups
        if (reason := conflict_reason(a, b, case))
    ]


def circular(claims: Iterable[Claim], links: Iterable[Link]) -> list[Circular]:
    """Groups of two or more claims that go back to one origin; ordered by their first id.

    They are joined by `relays` links, or have the same origin, subject, number and date while
    their speakers or reports differ.
    """
    standing = {claim.id: claim for claim in claims if claim.state != "rejected"}
    relayed = {
        (link.a, link.b)
        for link in links
        if link.relation == "relays" and link.a in standing and link.b in standing
    }
    pairs = {(min(pair), max(pair)) for pair in relayed}
    for group in _by_subject(standing.values(), observed_only=False).values():
        pairs |= {(a.id, b.id) for a, b in combinations(group, 2) if repeats(a, b) and _heard_twice(a, b)}
    parent = {name: name for name in standing}
    for a, b in sorted(pairs):
        first, second = sorted((_root(parent, a), _root(parent, b)))
        parent[second] = first
    groups: dict[str, list[str]] = {}
    for name in sorted({name for pair in pairs for name in pair}):
        groups.setdefault(_root(parent, name), []).append(name)
    relaying = {a for a, _ in relayed}
    return [_circle([standing[name] for name in names], relaying) for _, names in sorted(groups.items())]


def rings(links: Iterable[Link]) -> list[tuple[str, ...]]:
    """Claims that relay, supersede or rest on each other in a ring, by relation; each ring from its least id.

    A ring ends where it began: ("relays", "A1", "A2", "A1").
    """
    found: dict[tuple[str, ...], None] = {}
    ordered = sorted(links, key=lambda link: (link.a, link.b))
    for relation in ("relays", "derived_from", "supersedes"):
        onward: dict[str, list[str]] = {}
        for link in ordered:
            if link.relation == relation:
                onward.setdefault(link.a, []).append(link.b)
        for start in sorted(onward):
            way = _way_back(start, onward)
            if way and start == min(way):
                found[relation, *way] = None
    return list(found)


def _way_back(start: str, onward: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The shortest way from a claim back to itself; empty if there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        longer = [(*way, name) for way in ways for name in onward.get(way[-1], ())]
        for way in longer:
            if way[-1] == start:
                return way
        ways = [way for way in longer if way[-1] not in seen]
        seen |= {way[-1] for way in ways}
    return ()


def superseded(claims: Iterable[Claim], links: Iterable[Link]) -> dict[str, str]:
    """Claims that a later one of the same office replaces, with the first such id.

    A superseded claim still conditions: it was said of its own date.
    """
    known = {claim.id for claim in claims if claim.state != "rejected"}
    later: dict[str, str] = {}
    for link in sorted(links, key=lambda link: (link.b, link.a)):
        if link.relation == "supersedes" and link.a in known and link.b in known:
            later.setdefault(link.b, link.a)
    return later


def claims_for_quantity(claims: Iterable[Claim], quantity: str) -> list[Claim]:
    """Claims on a quantity or proposition that aren't rejected, by event date and id."""
    chosen = [c for c in claims if quantity in (c.quantity, c.proposition) and c.state != "rejected"]
    return sorted(chosen, key=lambda c: (c.event is None, c.event.end.toordinal() if c.event else 0, c.id))


def independent_origins(claims: Iterable[Claim], links: Iterable[Link] = ()) -> tuple[str, ...]:
    """Names of the distinct origins behind claims, once relays are traced back; sorted.

    Rejected and derived claims bring no origin.
    """
    standing = {claim.id: claim for claim in claims if claim.state != "rejected" and not claim.derived}
    relaying = {
        link.a for link in links if link.relation == "relays" and link.a in standing and link.b in standing
    }
    # a ring of relays has no first report: then each of its members stands
    sources = [claim for name, claim in standing.items() if name not in relaying] or list(standing.values())
    return tuple(sorted({claim.origin for claim in sources}))


def repeats(a: Claim, b: Claim) -> bool:
    """Whether two claims state the same thing of the same date and go back to the same origin."""
    if a.origin != b.origin or (a.proposition, a.comparison) != (b.proposition, b.comparison):
        return False
    if not a.proposition and (a.quantity, a.qualifier, a.near) != (b.quantity, b.qualifier, b.near):
        return False
    pairs = ((a.value, b.value), (a.low, b.low), (a.high, b.high))
    if not all(
        (x is None) == (y is None) and (x is None or y is None or same_number(x, y)) for x, y in pairs
    ):
        return False
    return a.event is not None and b.event is not None and a.event.overlaps(b.event) and _same_start(a, b)


def _by_subject(
    claims: Iterable[Claim], *, observed_only: bool = True
) -> Mapping[tuple[str, str], list[Claim]]:
    groups: dict[tuple[str, str], list[Claim]] = {}
    for claim in sorted(claims, key=lambda claim: claim.id):
        weighed = claim.role == "observation" or (claim.proposition and claim.role == "assessment")
        if not observed_only or (weighed and not claim.derived):
            groups.setdefault((claim.proposition or claim.quantity, claim.qualifier), []).append(claim)
    return groups


def _same_start(a: Claim, b: Claim) -> bool:
    if a.since is None or b.since is None:
        return a.since is b.since
    return a.since.overlaps(b.since)


def conflict_reason(a: Claim, b: Claim, case: Case) -> str:
    """Why two claims on one subject can't both be right, in one sentence; empty if they can."""
    if a.event is None or b.event is None:
        return ""
    together = a.event.overlaps(b.event)
    dates = f"for overlapping dates ({a.event.edtf} and {b.event.edtf})"
    if a.proposition:
        return f"{a.speaker} asserts what {b.speaker} denies, {dates}." if _opposed(a, b) and together else ""
    (a_low, a_high), (b_low, b_high) = reach(a), reach(b)
    if together and _same_start(a, b) and (a_low > b_high or b_low > a_high):
        return f"{a.speaker} says {says(a)} and {b.speaker} {says(b)}, {dates}."
    if case.quantities[a.quantity].kind != "cumulative":
        return ""
    for part, whole in ((a, b), (b, a)):
        if _covers(whole, part) and reach(part)[0] > reach(whole)[1]:
            return (
                f"{part.speaker} says {says(part)} by {_by(part.event)} and {whole.speaker} only "
                f"{says(whole)} by {_by(whole.event)}, but a total over a longer period can't be smaller."
            )
    return ""


def _covers(whole: Claim, part: Claim) -> bool:
    """Whether the period of one running total holds that of another; an unstated start is the first."""
    if whole.event is None or part.event is None or whole.event.start < part.event.end:
        return False
    if whole.since is None:
        return True
    return part.since is not None and whole.since.start <= part.since.start


def _by(event: Interval | None) -> str:
    return event.edtf if event else ""


def _opposed(a: Claim, b: Claim) -> bool:
    return a.comparison != b.comparison


def reach(claim: Claim) -> tuple[float, float]:
    """The interval that a claim's number leaves open, widened by the room that its wording gets.

    An end that it leaves open is infinite; both are NaN for a claim without a number.
    """
    room = CONFLICT_TOLERANCE[claim.comparison]
    if claim.value is None:
        ends = (claim.low, claim.high)
        low, high = (math.nan if end is None else end for end in ends)
    else:
        low = high = claim.value
        up, down = claim.comparison in ("at_least", "more_than"), claim.comparison in ("at_most", "less_than")
        if claim.near:
            low, high = (low, high / NEAR) if up else (NEAR * low, high)
        elif up:
            high = math.inf
        elif down:
            low = -math.inf
    slack = room * max(abs(end) for end in (low, high) if math.isfinite(end))
    return low - slack, high + slack


def _linked_reason(a: Claim, b: Claim, case: Case) -> str:
    first, second = _content(a, case), _content(b, case)
    return f"{first[:1].upper()}{first[1:]}; {second}. The table of links sets these against each other."


def _content(claim: Claim, case: Case) -> str:
    """What a claim says, with the sentence that it is said of where it states no number."""
    if not claim.proposition:
        return f"{says(claim)} according to {claim.speaker}"
    verb = "asserted" if claim.comparison == "proposition_true" else "denied"
    return f"{verb} by {claim.speaker}: {about(claim, case).rstrip('.')}"


def _heard_twice(a: Claim, b: Claim) -> bool:
    return (a.speaker, a.reporting_source) != (b.speaker, b.reporting_source)


def _root(parent: Mapping[str, str], name: str) -> str:
    while parent[name] != name:
        name = parent[name]
    return name


def _circle(group: Sequence[Claim], relaying: set[str]) -> Circular:
    """Name the origin of a group: that of its earliest claim that relays no other."""
    first = min(
        group, key=lambda c: (c.id in relaying, c.published.end.toordinal() if c.published else 0, c.id)
    )
    names = tuple(sorted(claim.id for claim in group))
    others = [name for name in names if name != first.id]
    listed = f"{', '.join(others[:-1])} and {others[-1]}" if len(others) > 1 else others[0]
    verb = "repeat" if len(others) > 1 else "repeats"
    return Circular(
        first.origin, names, f"{listed} {verb} what {first.id} has from {first.origin}: one witness."
    )

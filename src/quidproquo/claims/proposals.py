"""Links that claims suggest, each with its reason; somebody accepts or rejects them.

Claims are compared within one subject only, and there with their neighbours by number, origin and date, so that
the work grows with the number of claims and not with its square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quidproquo.cases.record import Case
from quidproquo.claims.linking import conflict_reason, reach
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.wording import says

__all__ = ["Proposal", "pairs_of", "propose_links"]

_NEIGHBOURS = 12  # claims of one subject with which each is compared for contradictions, by date
_NEAR_IN_TIME = 2  # days between dates for which figures are still compared
_DIGITS = 3  # figures that agree to as many significant digits are one


@dataclass(frozen=True)
class Proposal:
    """A link that isn't on file, and why it is proposed, in one sentence."""

    link: Link
    reason: str


def propose_links(claims: Iterable[Claim], known: Iterable[tuple[str, str]], case: Case) -> list[Proposal]:
    """Links between claims that aren't rejected; pairs that are `known`, in either direction, are left out.

    - relays: one figure of one origin and date, in another report or by another speaker: the later the earlier.
    - corroborates: one figure of another origin for an overlapping date.
    - supersedes: another figure, or the opposite, said later by the same origin of the same subject.
    - contradicts: figures that exclude each other on overlapping dates, or what is asserted and denied.
    """
    blocks: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda claim: claim.id):
        if claim.state != "rejected" and not claim.derived:
            blocks[claim.proposition or claim.quantity, claim.qualifier].append(claim)
    done = {frozenset(pair) for pair in known}
    found: list[Proposal] = []
    for block in blocks.values():
        for proposal in (*_same(block), *_later(block), *_opposed(block, case)):
            pair = frozenset((proposal.link.a, proposal.link.b))
            if pair not in done:
                done.add(pair)
                found.append(proposal)
    return sorted(found, key=lambda one: (one.link.a, one.link.b))


def _same(block: Sequence[Claim]) -> Iterator[Proposal]:
    """Each claim is compared with the first report of its figure, and the first one of its origin."""
    figures: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in block:
        if claim.event is not None:
            figures[_figure(claim)].append(claim)
    for group in figures.values():
        firsts: dict[str, Claim] = {}
        ordered = sorted(group, key=_said)
        for claim in ordered:
            first = firsts.setdefault(claim.origin, claim)
            if first is not claim and _overlap(claim, first) and _another_report(claim, first):
                reason = f"{claim.origin} is behind both: {says(claim)}, reported once more."
                yield Proposal(Link(claim.id, "relays", first.id), reason)
            elif first is claim and claim is not ordered[0] and _overlap(claim, ordered[0]):
                reason = f"{claim.origin} and {ordered[0].origin} both say {says(claim)}."
                yield Proposal(Link(claim.id, "corroborates", ordered[0].id), reason)


def _later(block: Sequence[Claim]) -> Iterator[Proposal]:
    """What an origin says after something else of the same subject and dates."""
    said: dict[str, list[Claim]] = defaultdict(list)
    for claim in block:
        if claim.published is not None and claim.role in ("observation", "assessment"):
            said[claim.origin].append(claim)
    for own in said.values():
        for before, after in pairwise(sorted(own, key=_said)):
            if _figure(before) == _figure(after) or _said(before)[0] == _said(after)[0]:
                continue
            if before.role == after.role and _same_start(before, after):
                reason = f"{after.origin} said {says(before)} before, and {says(after)} later."
                yield Proposal(Link(after.id, "supersedes", before.id), reason)


def _opposed(block: Sequence[Claim], case: Case) -> Iterator[Proposal]:
    """Neighbours by date that can't both be right."""
    dated = sorted((c for c in block if c.event is not None), key=lambda c: (_days(c), c.id))
    for place, claim in enumerate(dated):
        for other in dated[place + 1 : place + 1 + _NEIGHBOURS]:
            if claim.origin == other.origin or not _both_weigh(claim, other):
                continue
            if reason := conflict_reason(claim, other, case) or _soon_after(claim, other, case):
                later, earlier = sorted((claim, other), key=_said, reverse=True)
                yield Proposal(Link(later.id, "contradicts", earlier.id), reason)


def _soon_after(a: Claim, b: Claim, case: Case) -> str:
    """As `conflict_reason`, for dates that lie a few days days, and for what lasts once it is so."""
    if a.event is None or b.event is None:
        return ""
    days = max((b.event.start - a.event.end).days, (a.event.start - b.event.end).days, 0)
    if a.proposition:
        lasting = case.propositions[a.proposition].lasting
        opposed = a.comparison != b.comparison and (days <= _NEAR_IN_TIME or lasting)
        return f"{a.speaker} and {b.speaker} say the opposite of each other." if opposed else ""
    (a_low, a_high), (b_low, b_high) = reach(a), reach(b)
    if days > _NEAR_IN_TIME or not (a_low > b_high or b_low > a_high):
        return ""
    return f"{a.speaker} says {says(a)} and {b.speaker} {says(b)}, {days} days days."


def _both_weigh(a: Claim, b: Claim) -> bool:
    return all(c.role == "observation" or (c.proposition and c.role == "assessment") for c in (a, b))


def _figure(claim: Claim) -> tuple[object, ...]:
    numbers = (claim.value, claim.low, claim.high)
    rounded = tuple(None if n is None else f"{n:.{_DIGITS}g}" for n in numbers)
    return (claim.comparison if claim.proposition else "", *rounded)


def _said(claim: Claim) -> tuple[int, str]:
    return (claim.published.end.toordinal() if claim.published else 0, claim.id)


def _days(claim: Claim) -> tuple[int, int]:
    return (claim.event.start.toordinal(), claim.event.end.toordinal()) if claim.event else (0, 0)


def _overlap(a: Claim, b: Claim) -> bool:
    return a.event is not None and b.event is not None and a.event.overlaps(b.event)


def _same_start(a: Claim, b: Claim) -> bool:
    if a.since is None or b.since is None:
        return a.since is b.since
    return a.since.overlaps(b.since)


def _another_report(a: Claim, b: Claim) -> bool:
    return (a.speaker, a.reporting_source) != (b.speaker, b.reporting_source)


def pairs_of(links: Iterable[Link], judged: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of claims that are linked, or of which somebody said that they aren't ("A relays B")."""
    named = (name.split(" ") for name in judged)
    return [(link.a, link.b) for link in links] + [
        (words[0], words[-1]) for words in named if len(words) == 3
    ]

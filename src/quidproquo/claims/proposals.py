"""Links that claims suggest, each with its reason; somebody accepts or rejects them.

Claims are compared within one subject only, and there with their neighbours by number, origin and date, so that
the work grows with the number of claims and not with its square.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quidproquo.cases.record import Case
from quidproquo.claims.deriving import worked_out_of
from quidproquo.claims.following import agreeing, later_of_one_source, withdrawn
from quidproquo.claims.opposing import opposed
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.relaying import repeating
from quidproquo.claims.subjects import Subjects

__all__ = ["Proposal", "pairs_of", "propose_links"]


@dataclass(frozen=True)
class Proposal:
    """A link that isn't on file, and why it is proposed, in one sentence."""

    link: Link
    reason: str


def propose_links(claims: Iterable[Claim], known: Iterable[tuple[str, str]], case: Case) -> list[Proposal]:
    """Links between claims that aren't rejected; pairs that are `known`, in either direction, are left out.

    Of one pair only the first of these is proposed:

    - retracts: a source takes back what it said.
    - derived_from: a figure that its own words work out from another.
    - contradicts: figures, stages of one stream or sentences that can't both be right.
    - relays: a figure or statement of one origin in another report, or of one who cites or sums up another.
    - refines, supersedes: a narrower figure of the same date, or another one later, of the same source or side.
    - corroborates: a figure or sentence of another side that agrees.
    """
    subjects = Subjects(case)
    entered = [c for c in sorted(claims, key=lambda c: c.id) if c.state != "rejected"]
    standing = [c for c in entered if not c.derived]
    settled = {frozenset(pair) for pair in known}
    drawn: set[frozenset[str]] = set()
    found: list[Proposal] = []

    def keep(links: Iterable[tuple[Link, str]]) -> Iterator[Link]:
        """Links of pairs that have none yet; what is on file or refused already counts, and isn't proposed."""
        for link, reason in links:
            pair = frozenset((link.a, link.b))
            if pair not in drawn:
                drawn.add(pair)
                if pair not in settled:
                    found.append(Proposal(link, reason))
                yield link

    list(keep(withdrawn(standing)))
    derived = {link.a for link in keep(worked_out_of(entered, subjects))}
    list(keep(opposed(standing, subjects)))
    relayed = {link.a for link in keep(repeating(standing, subjects, derived, drawn))}
    list(keep(later_of_one_source(standing, subjects)))
    list(keep(agreeing(standing, subjects, derived | relayed)))
    return sorted(found, key=lambda one: (one.link.a, one.link.b))


def pairs_of(links: Iterable[Link], judged: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of claims that are linked, or of which somebody said that they aren't ("A relays B")."""
    named = (name.split(" ") for name in judged)
    return [(link.a, link.b) for link in links] + [
        (words[0], words[-1]) for words in named if len(words) == 3
    ]

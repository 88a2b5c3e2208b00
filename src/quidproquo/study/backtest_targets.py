"""Which reports a back-test conditions on and which it predicts, and why others can't be scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from quidproquo.cases.record import Case
from quidproquo.claims import evidence_table
from quidproquo.claims.linking import repeats
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.table import EvidenceTable
from quidproquo.claims.tables import CAPACITY
from quidproquo.terms.edtf import Interval

__all__ = ["Split", "split"]

_UNDATED = ("no publication date", "no event date")


@dataclass(frozen=True)
class Split:
    """What conditions, what is predicted, and why other later reports can't be scored (id → reason).

    `undated` counts the claims that were left out because they have no date.
    """

    evidence: EvidenceTable
    later: EvidenceTable
    unscorable: dict[str, str]
    undated: int


def _known(claim: Claim, clock: str, as_of: date) -> bool:
    """Whether the whole of the date that the clock goes by lies by a day."""
    dated = claim.published if clock == "published" else claim.event
    return dated is not None and dated.end <= as_of


def split(
    case: Case,
    claims: Sequence[Claim],
    links: Sequence[Link],
    outcomes: Sequence[Claim] | None,
    *,
    as_of: date,
) -> Split:
    """Split claims at an as-of date; `outcomes` are predicted instead of the claims' own later part.

    By the case's clock `event`, a claim is known when all that it speaks of has happened.

    Raises:
        PriorError: if a claim that conditions is one that a prior was set from.
    """
    evidence = evidence_table(claims, case, as_of=Interval(as_of, as_of), reviewed_only=False, links=links)
    pool = claims if outcomes is None else outcomes
    later = [claim for claim in pool if not _known(claim, case.clock, as_of)]
    reasons = {}
    if outcomes is not None:
        known = "known by the as-of date"
        reasons = dict.fromkeys((c.id for c in pool if _known(c, case.clock, as_of)), known)
    conditioning = [claim for claim in claims if claim.id in set(evidence.ids)]
    reasons |= _unscorable(later, conditioning, links, case)
    scorable = [claim for claim in later if claim.id not in reasons]
    table = _later_table(scorable, links, case)
    for unused in table.unused:
        reasons[unused.claim] = unused.reason
    undated = {u.claim for u in evidence.unused if u.reason in _UNDATED}
    undated |= {name for name, reason in reasons.items() if reason in _UNDATED}
    return Split(evidence, table, reasons, len(undated))


def _unscorable(
    later: Sequence[Claim], conditioning: Sequence[Claim], links: Sequence[Link], case: Case
) -> dict[str, str]:
    """Later claims that could condition but can't be scored, with the reason."""
    set_from = {name for prior in case.priors.values() for name in prior.set_from}
    onward = {(link.a, link.b) for link in links if link.relation == "relays"}
    known = {claim.id for claim in conditioning}
    reasons = {}
    for claim in later:
        if claim.state == "rejected" or claim.derived or claim.role in {"forecast", "recommendation"}:
            continue
        if claim.proposition:
            reasons[claim.id] = "a proposition, not a number"
        elif claim.qualifier == CAPACITY:
            reasons[claim.id] = "a capacity rests on a count reported with it"
        elif claim.id in set_from:
            reasons[claim.id] = "a prior was set from it"
        elif claim.event is not None and claim.event.end > case.horizon:
            reasons[claim.id] = "event after the horizon"
        elif any((claim.id, other) in onward for other in known) or any(
            repeats(claim, other) for other in conditioning if other.quantity == claim.quantity
        ):
            reasons[claim.id] = "repeats a report that conditions"
        elif _off_scale(claim, case):
            reasons[claim.id] = "a figure that its scale doesn't have"
    return reasons


def _off_scale(claim: Claim, case: Case) -> bool:
    figures = [x for x in (claim.value, claim.low, claim.high) if x is not None]
    scale = case.quantities[claim.quantity].scale
    if scale == "logit":
        return any(not 0.0 < x < 1.0 for x in figures)
    return scale == "log" and any(x <= 0.0 for x in figures)


def _later_table(later: Sequence[Claim], links: Sequence[Link], case: Case) -> EvidenceTable:
    """The table of reports to be predicted, laid out as if all were known."""
    ends = [case.horizon, *(c.published.end for c in later if c.published is not None)]
    last = max(ends)
    return evidence_table(later, case, as_of=Interval(last, last), reviewed_only=False, links=links)

"""Claims and documents: who said what, where it stands, and what contradicts or repeats what."""

from __future__ import annotations

from collections.abc import Sequence

from quidproquo import claims as claims_room
from quidproquo.cases.record import Case, Proposition, Quantity
from quidproquo.claims.record import Claim
from quidproquo.claims.table import EvidenceTable
from quidproquo.reading.record import Appearance
from quidproquo.study.gather import Gathered
from quidproquo.study.schema.claims import (
    AppearanceRecord,
    CircularRecord,
    ClaimRecord,
    ConflictRecord,
    DocumentRecord,
)

__all__ = ["circular", "claims", "conflicts", "documents"]

_UNKNOWN = "unknown"  # the family of an origin that the case does not list


def documents(gathered: Gathered) -> list[DocumentRecord]:
    """Every document with its number, its status and its text."""
    snapshots = gathered.reading.snapshots
    return [
        DocumentRecord.of(
            document,
            number=number,
            text=snapshots[document.snapshot].text if document.snapshot in snapshots else "",
        )
        for number, document in enumerate(gathered.reading.documents, start=1)
    ]


def claims(case: Case, found: Sequence[Claim], table: EvidenceTable) -> list[ClaimRecord]:
    """Every claim, with why it isn't used where it isn't."""
    reasons = {entry.claim: entry.reason for entry in table.unused}
    families = {source.family for source in case.sources.values()}
    used = set(table.ids)
    return [
        ClaimRecord.of(
            claim,
            family=claim.family if claim.family in families else _UNKNOWN,
            used=claim.id in used,
            unused_reason=reasons.get(claim.id, ""),
            appearances=[_appearance(seen) for seen in claim.appearances],
            title=_title(case.quantities.get(claim.quantity)),
            sentence=_sentence(case.propositions.get(claim.proposition)),
        )
        for claim in found
    ]


def _title(quantity: Quantity | None) -> str:
    return "" if quantity is None else quantity.title


def _sentence(proposition: Proposition | None) -> str:
    return "" if proposition is None else proposition.sentence


def _appearance(seen: Appearance) -> AppearanceRecord:
    return AppearanceRecord.of(
        seen.sentence,
        document=seen.document,
        kind=seen.kind,
        speakers=[speaker.name for speaker in seen.speakers],
        cue=seen.speakers[-1].cue if seen.speakers else "",
        hedge=seen.hedge,
    )


def conflicts(gathered: Gathered) -> list[ConflictRecord]:
    """Pairs of claims that are set against each other, by a rule or by the case."""
    found = claims_room.conflicts(gathered.claims, gathered.links, gathered.case)
    return [ConflictRecord.of(conflict) for conflict in found]


def circular(gathered: Gathered) -> list[CircularRecord]:
    """Claims that go back to one origin."""
    found = claims_room.circular(gathered.claims, gathered.links)
    return [CircularRecord.of(group) for group in found]

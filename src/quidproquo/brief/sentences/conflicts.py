"""Why two claims conflict, in a reader's units and dates."""

from __future__ import annotations

from collections.abc import Mapping

from quidproquo.brief.numerals import claim_amount, date_words
from quidproquo.brief.wording import listed
from quidproquo.study.schema.claims import CircularRecord, ClaimRecord, ConflictRecord

__all__ = ["circular_sentence", "conflict_about", "conflict_sentence", "other_origin"]

_LONGER = "a total over a longer period can't be smaller"
_OVERLAP = "for overlapping dates"
_SET = "The case sets these against each other."


def conflict_about(conflict: ConflictRecord, claims: Mapping[str, ClaimRecord]) -> str:
    """What two claims are both about: the title of the quantity or topic; empty where none is on file."""
    found = (claims.get(one) for one in (conflict.a, conflict.b))
    titles = {claim.quantity: claim.title for claim in found if claim is not None and claim.title}
    return titles.get(conflict.quantity) or next(iter(titles.values()), "")


def conflict_sentence(conflict: ConflictRecord, claims: Mapping[str, ClaimRecord]) -> str:
    """Who says what by when, and why the two are set against each other; as stored if a claim isn't on file."""
    a, b = claims.get(conflict.a), claims.get(conflict.b)
    if a is None or b is None:
        return conflict.reason
    if _LONGER in conflict.reason:
        why = "A total over a longer period can't be smaller."
    elif _OVERLAP in conflict.reason:
        why = "They speak of the same time."
    else:
        why = _SET
    first = _said(a)
    return f"{first[:1].upper()}{first[1:]}; {_said(b)}. {why}"


def circular_sentence(group: CircularRecord, claims: Mapping[str, ClaimRecord]) -> str:
    """Why claims are one witness, and which of them are counted under another origin than the group has."""
    found: dict[str, list[str]] = {}
    for name in group.claims:
        claim = claims.get(name)
        if claim is not None and claim.origin and claim.origin != group.origin:
            found.setdefault(claim.origin, []).append(name)
    if not found:
        return group.reason
    parts = [
        f"{listed(names)} {'counts' if len(names) == 1 else 'count'} as {origin}"
        for origin, names in found.items()
    ]
    return f"{group.reason} Elsewhere on this page, by the table of the case, {listed(parts)}."


def other_origin(claim: ClaimRecord) -> bool:
    """Whether the origin of a claim is another than its speaker, who may be named with his office.

    "Naoko Aoki (RAND)" speaks on nobody's word but that of "Naoko Aoki".
    """
    return bool(claim.origin) and claim.speaker.partition(" (")[0].strip() != claim.origin != claim.speaker


def _said(claim: ClaimRecord) -> str:
    """The content of a claim in a clause: a figure with its date, or a sentence asserted or denied."""
    speaker = claim.speaker or "an unnamed speaker"
    if claim.proposition:
        verb = "denied" if claim.comparison == "proposition_false" else "asserted"
        what = claim.sentence or claim.paraphrase
        return f"{verb} by {speaker}: {what.rstrip('.')}"
    when = f" ({date_words(claim.event)})" if claim.event else ""
    return f"{claim_amount(claim) or claim.paraphrase.rstrip('.')} according to {speaker}{when}"

"""Claims as plain rows, for whoever prints them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from quidproquo.cases.record import Case
from quidproquo.claims.linking import superseded
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.table import Unused
from quidproquo.claims.wording import about, says
from quidproquo.claims.write import claim_cells
from quidproquo.terms.grades import CREDIBILITIES, RELIABILITIES
from quidproquo.terms.vocabulary import ROLES, STATES

__all__ = ["LIST_COLUMNS", "claim_counts", "claim_details", "claim_rows"]

LIST_COLUMNS = ("id", "state", "role", "about", "says", "event", "speaker", "grade", "places", "use")


def claim_rows(claims: Iterable[Claim], case: Case, unused: Iterable[Unused] = ()) -> list[dict[str, str]]:
    """One row a claim with the keys of `LIST_COLUMNS`, in the order given.

    `use` is the reason why a claim doesn't condition, or "conditions" for those that `unused`
    doesn't name.
    """
    reasons = {item.claim: item.reason for item in unused}
    return [
        {
            "id": claim.id,
            "state": claim.state,
            "role": claim.role,
            "about": about(claim, case),
            "says": says(claim),
            "event": claim.event.edtf if claim.event else "",
            "speaker": claim.speaker,
            "grade": f"{claim.reliability}{claim.credibility}",
            "places": str(len(claim.appearances)),
            "use": reasons.get(claim.id, "conditions"),
        }
        for claim in claims
    ]


def claim_details(
    claim: Claim, claims: Iterable[Claim], links: Iterable[Link], case: Case
) -> list[tuple[str, str]]:
    """Everything about one claim as pairs of label and text; empty fields are left out."""
    all_links, all_claims = list(links), list(claims)
    cells = claim_cells(claim)
    pairs = [("id", claim.id), ("about", about(claim, case)), ("says", says(claim))]
    pairs += [(name, cell) for name, cell in cells.items() if name not in ("id", "credibility")]
    pairs += [
        ("goes back to", f"{claim.origin} ({claim.family})"),
        ("reliability", f"{claim.reliability}: {RELIABILITIES[claim.reliability]}"),
        ("credibility", f"{claim.credibility}: {CREDIBILITIES[claim.credibility]}"),
        ("likelihood", "{:g} to {:g}".format(*claim.likelihood) if claim.likelihood else ""),
        ("superseded by", superseded(all_claims, all_links).get(claim.id, "")),
    ]
    pairs += [("link", f"{link.relation} {link.b}") for link in all_links if link.a == claim.id]
    pairs += [("link", f"{link.a} {link.relation} this") for link in all_links if link.b == claim.id]
    pairs += [("stands in", _place(claim, index)) for index in range(len(claim.appearances))]
    pairs += [(name, cell) for name, cell in sorted(claim.extra.items())]
    return [(label, text) for label, text in pairs if text]


def claim_counts(claims: Iterable[Claim]) -> Mapping[str, dict[str, int]]:
    """How many claims there are by `state` and by `role`; every word of the vocabulary is a key."""
    chosen = list(claims)
    states, roles = Counter(claim.state for claim in chosen), Counter(claim.role for claim in chosen)
    return {
        "state": {state: states[state] for state in STATES},
        "role": {role: roles[role] for role in ROLES},
    }


def _place(claim: Claim, index: int) -> str:
    seen = claim.appearances[index]
    chain = " \u2190 ".join(speaker.name for speaker in seen.speakers)
    # the words of a digest are ours, so they get no quotation marks
    words = (
        f"\u201c{seen.sentence.quote}\u201d" if seen.kind == "original" else f"summary: {seen.sentence.quote}"
    )
    return f"{seen.document} {seen.sentence.start}\u2013{seen.sentence.end} ({chain}): {words}"

"""Questions about the claims of a case: which there are, what one of them says and where, who judged it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

from quidproquo import cases
from quidproquo.cases.fields import suggestion
from quidproquo.cases.record import Case
from quidproquo.claims.journal import JOURNAL, Judgement, dispute_sentence, read_present
from quidproquo.claims.linking import reach
from quidproquo.claims.listing import claim_details
from quidproquo.claims.proposals import pairs_of, propose_links
from quidproquo.claims.record import Claim
from quidproquo.claims.wording import about, says
from quidproquo.reading.record import Appearance
from quidproquo.reading.sentences import sentences
from quidproquo.study.gather import Gathered, gather, on_file_of
from quidproquo.study.judging import listed_cells
from quidproquo.study.progress import Silent
from quidproquo.study.rows import appearance_row
from quidproquo.terms.errors import ClaimError, InputError, sentence
from quidproquo.terms.vocabulary import ROLES, STATES

__all__ = [
    "Filters",
    "Passage",
    "history",
    "link_proposals",
    "list_claims",
    "passage",
    "same_and_other",
    "show_claim",
]


@dataclass(frozen=True)
class Filters:
    """Which claims are wanted; None: any. `text` is looked for in paraphrase and quote, whatever its case.

    `unreviewed` asks for those that nobody accepted or rejected, among them all that is read in documents.
    """

    role: str | None = None
    state: str | None = None
    quantity: str | None = None
    proposition: str | None = None
    origin: str | None = None
    family: str | None = None
    speaker: str | None = None
    document: str | None = None
    text: str | None = None
    unreviewed: bool = False

    def check(self, case: Case) -> None:
        """Refuse a word that no claim of the case can have.

        Raises:
            InputError: at the first such word.
        """
        known: dict[str, Iterable[str]] = {
            "role": ROLES,
            "state": STATES,
            "quantity": case.quantities,
            "proposition": case.propositions,
        }
        for name, words in known.items():
            word = getattr(self, name)
            if word is not None and word not in words:
                some = list(words)
                shown = ", ".join(some) if len(some) < 12 else f"a {name} of case '{case.name}'"
                allowed = f"one of {shown}" if len(some) < 12 else shown
                remedy = suggestion(word, some)
                raise InputError(sentence(f"option --{name}", name, word, allowed, remedy))

    def wants(self, claim: Claim, cells: Mapping[str, str]) -> bool:
        """Whether a claim, with its cells as they are listed, is wanted."""
        if self.unreviewed and claim.state != "proposed":
            return False
        for field in fields(self):
            word = getattr(self, field.name)
            if field.name in ("text", "unreviewed") or word is None:
                continue
            found = (cells.get(field.name, ""), str(getattr(claim, field.name, "")))
            if word not in found:
                return False
        words = f"{claim.paraphrase} {cells.get('quote', '')}".casefold()
        return self.text is None or self.text.casefold() in words


def list_claims(case: str, filters: Filters | None = None) -> list[dict[str, str]]:
    """Claims with the columns of the tables, filtered.

    Those on file come in the table's order. What is read by machine in the case's documents is among them where
    `unreviewed` or the state "proposed" is asked for.

    Raises:
        InputError: if the case is wrong, or a filter is.
    """
    wanted = filters or Filters()
    loaded = cases.load_case(case)
    wanted.check(loaded)
    read = wanted.unreviewed or wanted.state == "proposed"
    claims: Sequence[Claim]
    if read:
        claims = gather(case, (), None, shipped=True, progress=Silent()).claims
    else:
        claims = on_file_of(loaded)[0]
    rows = []
    for claim in claims:
        cells = listed_cells(claim)
        if wanted.wants(claim, cells):
            rows.append(cells)
    return rows


@dataclass(frozen=True)
class Passage:
    """A sentence of a document, with some of what stands before and after it."""

    document: str
    before: str
    sentence: str
    after: str
    speakers: tuple[str, ...]


def passage(found: Gathered, seen: Appearance, room: int = 300) -> Passage:
    """The sentence of an appearance in its context: whole sentences of at most `room` characters on each side."""
    snapshot = found.reading.snapshots.get(seen.sentence.snapshot)
    text = snapshot.text if snapshot else ""
    start, end = seen.sentence.start, seen.sentence.end
    before, after = text[max(0, start - room) : start], text[end : end + room]
    if start > room:
        starts = [span[0] for span in sentences(before)]
        before = before[starts[1] :] if len(starts) > 1 else before
    if len(text) - end > room:
        ends = [b for (_, b), _ in pairwise(sentences(after))]
        after = after[: ends[-1]] if ends else after
    names = {document.id: document.name for document in found.reading.documents}
    return Passage(
        names.get(seen.document, seen.document),
        " ".join(before.split()),
        " ".join(seen.sentence.quote.split()),
        " ".join(after.split()),
        tuple(speaker.name for speaker in seen.speakers),
    )


def show_claim(case: str, claim_id: str) -> dict[str, object]:
    """One claim with everything that is known of it, where it stands, who else says so, and who judged it."""
    found = gather(case, (), None, shipped=True, progress=Silent())
    claim = next((claim for claim in found.claims if claim.id == claim_id), None)
    if claim is None:
        allowed, remedy = "the id of one of its claims", f"see 'qpq claims {case} list'"
        raise ClaimError(sentence(f"case '{case}'", "claim", claim_id, allowed, remedy))
    record: dict[str, object] = dict(claim_details(claim, found.claims, found.links, found.case))
    same, other = same_and_other(claim, found)
    record |= {"also said by": same, "others say": other}
    names = {document.id: document.name for document in found.reading.documents}
    record["appearances"] = [
        appearance_row(seen, names) | _context(passage(found, seen)) for seen in claim.appearances
    ]
    record["judgements"] = [row for row in history(case) if row["claim"] == claim_id]
    return record


def _context(place: Passage) -> dict[str, object]:
    return {"before": place.before, "after": place.after}


def same_and_other(claim: Claim, found: Gathered) -> tuple[list[str], list[str]]:
    """What others say on the same subject: that which agrees with a claim, and that which doesn't.

    Numbers agree if their intervals overlap, with the room that the wording leaves, on overlapping dates.
    """
    subject = (claim.proposition or claim.quantity, claim.qualifier)
    same: list[str] = []
    other: list[str] = []
    for one in found.claims:
        if one.id == claim.id or one.state == "rejected":
            continue
        if (one.proposition or one.quantity, one.qualifier) != subject:
            continue
        if claim.event is None or one.event is None or not claim.event.overlaps(one.event):
            continue
        origin = f"{one.origin} (the same origin)" if one.origin == claim.origin else one.origin
        line = f"{origin}: {says(one)}, {one.event.edtf} ({one.id}, {one.state})"
        (same if _agree(claim, one) else other).append(line)
    return same, other


def _agree(a: Claim, b: Claim) -> bool:
    if a.proposition:
        return a.comparison == b.comparison
    (a_low, a_high), (b_low, b_high) = reach(a), reach(b)
    return a_low <= b_high and b_low <= a_high


def history(case: str) -> list[dict[str, str]]:
    """The judgements of a case, one row each, the first one first.

    Raises:
        InputError: if the case or its journal is wrong.
    """
    loaded = cases.load_case(case)
    if not (loaded.folder / JOURNAL).is_file():
        return []
    present = read_present(loaded.folder)
    by_hand = {one.id for one in present.by_hand}
    return [_judgement_row(one) for one in present.replay.judgements.values() if one.id not in by_hand]


def link_proposals(case: str) -> list[dict[str, str]]:
    """Links that the claims of a case suggest, with reasons; pairs that are linked or judged are left out.

    Raises:
        InputError: if the case is wrong.
    """
    found = gather(case, (), None, shipped=True, progress=Silent())
    judged = [name for kind, name in read_present(found.case.folder).replay.heads if kind == "link"]
    known = pairs_of(found.links, judged)
    return [
        {"a": one.link.a, "relation": one.link.relation, "b": one.link.b, "reason": one.reason}
        for one in propose_links(found.claims, known, found.case)
    ]


def disputes(case: str) -> list[str]:
    """One sentence for each cell that two people set differently, and for what is wrong with the journal."""
    present = read_present(cases.load_case(case).folder)
    return [*present.notes, *map(dispute_sentence, present.disputes)]


def _judgement_row(one: Judgement) -> dict[str, str]:
    _, name = one.subject
    return {
        "id": one.id,
        "when": one.when,
        "who": one.who,
        "act": one.act,
        "claim": name,
        "changes": changes_in_words(one),
        "why": one.why,
    }


def changes_in_words(one: Judgement) -> str:
    """What a judgement changes, such as "state: proposed → accepted"."""
    if one.after is None:
        return "removed"
    if one.before is None:
        return "added"
    names = [name for name in one.after if one.before.get(name, "") != one.after[name]]
    # what the program words by itself comes last
    names.sort(key=lambda name: name in ("note", "paraphrase"))
    return "; ".join(
        f"{name}: {one.before.get(name) or '(empty)'} \u2192 {one.after[name] or '(empty)'}" for name in names
    )


def summary(claim: Claim, case: Case) -> str:
    """A claim in a few words, without its grades."""
    event = f", {claim.event.edtf}" if claim.event else ""
    return f"{about(claim, case).rstrip('.')}: {says(claim)}{event} (origin: {claim.origin})"

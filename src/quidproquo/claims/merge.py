"""Joining what was read with the claims on file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from quidproquo.cases.record import Case
from quidproquo.claims.matching import UNCHECKED, Matcher, is_well_formed, numbers_of, originator
from quidproquo.claims.origins import Origin, find_origin
from quidproquo.claims.pages import Pages
from quidproquo.claims.record import Claim
from quidproquo.claims.tables import UNREVIEWED_CREDIBILITY
from quidproquo.claims.wording import about, says
from quidproquo.reading.record import Appearance, Document, Locator, Snapshot, Speaker
from quidproquo.terms.edtf import Interval

__all__ = ["NOT_REVIEWED", "QUOTE", "READ_BY_RULE", "MergeResult", "attach", "in_words", "merge"]

QUOTE = "quote"
"""Column of a claim table with the words of the document, where the paraphrase isn't those."""

NOT_REVIEWED = "; not reviewed"
READ_BY_RULE = f"read by rule{NOT_REVIEWED}"
"""Note of a claim that was read by machine, until somebody judges it."""

_NOBODY = "not stated"
_CONTEXT = 32  # code points of prefix and suffix in a locator


@dataclass(frozen=True)
class MergeResult:
    """Claims on file in their order, then new ones by id; and what could not be classified.

    `unclassified` also holds appearances whose number lies outside the unit's range or whose
    dates are the wrong way round: they can't stand as a row of a table.
    `matched` are the ids of claims on file that were found again, `new` those that were not on file.
    """

    claims: tuple[Claim, ...]
    unclassified: tuple[Appearance, ...]
    matched: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


def merge(
    claims: Iterable[Claim],
    appearances: Iterable[Appearance],
    case: Case,
    addresses: Mapping[str, str] | None = None,
) -> MergeResult:
    """Give every appearance to the claim on file that it repeats, and make claims of the others.

    A new claim is proposed, with a credibility that cannot be judged; its id is a hash of what it
    says, so repeats from several documents make one claim. Neither the order of the appearances
    nor a repeat of a document changes anything. `addresses` are urls of documents by their ids: who is
    unknown and speaks on a page where claims on file were read adds no origin beside theirs.
    """
    on_file = list(claims)
    by_subject = _by_subject(on_file)
    pages = Pages.of(on_file, addresses or {})
    matcher = Matcher(case, pages)
    found: dict[str, list[Appearance]] = {}
    fresh: dict[str, list[Appearance]] = {}
    unclassified: list[Appearance] = []
    for seen in sorted(set_of(appearances), key=_order):
        if not is_well_formed(seen, case):
            unclassified.append(seen)
            continue
        claim = matcher.best(seen, by_subject.get(seen.proposition or seen.quantity, []))
        target = found if claim is not None else fresh
        target.setdefault(claim.id if claim is not None else _fingerprint(seen, case, pages), []).append(seen)
    kept = [
        replace(c, appearances=_distinct([*c.appearances, *found[c.id]])) if c.id in found else c
        for c in on_file
    ]
    known = {claim.id for claim in on_file}
    new = [
        _new_claim(name, group, case, by_subject, pages)
        for name, group in sorted(fresh.items())
        if name not in known
    ]
    repeated = {name: group for name, group in fresh.items() if name in known}
    kept = [
        replace(c, appearances=_distinct([*c.appearances, *repeated[c.id]])) if c.id in repeated else c
        for c in kept
    ]
    matched = tuple(claim.id for claim in on_file if claim.id in found or claim.id in repeated)
    return MergeResult((*kept, *new), tuple(unclassified), matched, tuple(claim.id for claim in new))


def set_of(appearances: Iterable[Appearance]) -> list[Appearance]:
    """Appearances without repeats: of one place and content, the one in the first document stays."""
    places: dict[tuple[object, ...], Appearance] = {}
    for seen in sorted(appearances, key=_order):
        number = (seen.number.start, seen.number.end) if seen.number else None
        content = (seen.quantity, seen.proposition, seen.qualifier, *numbers_of(seen))
        places.setdefault(
            (seen.sentence.snapshot, seen.sentence.start, seen.sentence.end, number, content), seen
        )
    return list(places.values())


def _by_subject(claims: Sequence[Claim]) -> dict[str, list[Claim]]:
    by_subject: dict[str, list[Claim]] = {}
    for claim in claims:
        by_subject.setdefault(claim.proposition or claim.quantity, []).append(claim)
    return by_subject


def _order(seen: Appearance) -> tuple[object, ...]:
    """A total order that doesn't hang on the order of reading: earliest report first."""
    published = seen.published.end if seen.published else date.max
    place = seen.sentence
    return (published, seen.document, place.snapshot, place.start, place.end, repr(seen))


def _distinct(appearances: Iterable[Appearance]) -> tuple[Appearance, ...]:
    places: dict[tuple[str, int, int], Appearance] = {}
    for seen in sorted(appearances, key=_order):
        places.setdefault((seen.sentence.snapshot, seen.sentence.start, seen.sentence.end), seen)
    return tuple(places.values())


def _origin(seen: Appearance, case: Case, pages: Pages) -> Origin:
    speaker = originator(seen)
    name = speaker.name if speaker and speaker.name.strip() else _NOBODY
    if case.source_of(name) is None:
        on_page = pages.of_page(seen)
        subject = [c for c in on_page if (c.proposition or c.quantity) == (seen.proposition or seen.quantity)]
        origins = {(c.origin, c.family, c.reliability) for c in subject or on_page}
        if len(origins) == 1:
            return Origin(*origins.pop())
    return find_origin(name, "", case)


def _fingerprint(seen: Appearance, case: Case, pages: Pages) -> str:
    comparison, *numbers = numbers_of(seen)
    parts = [
        seen.proposition or seen.quantity,
        seen.qualifier,
        seen.role,
        comparison,
        "near" if seen.near else "",
        *("" if number is None else repr(float(number)) for number in numbers),
        seen.unit,
        _days(seen.since),
        _days(seen.event),
        " ".join(_origin(seen, case, pages).name.casefold().split()),
    ]
    return "R" + hashlib.sha1("\x1f".join(parts).encode(), usedforsecurity=False).hexdigest()[:8]


def _days(interval: Interval | None) -> str:
    return f"{interval.start.isoformat()}/{interval.end.isoformat()}" if interval else ""


def _new_claim(
    name: str, group: Sequence[Appearance], case: Case, by_subject: Mapping[str, list[Claim]], pages: Pages
) -> Claim:
    first = min(group, key=_order)
    origin = _origin(first, case, pages)
    comparison, value, low, high = numbers_of(first)
    chain = [speaker.name for speaker in first.speakers if speaker.name.strip()] or [_NOBODY]
    topics = sorted(claim.quantity for claim in by_subject.get(first.proposition, []) if claim.quantity)
    quantity = first.quantity
    if first.proposition:
        quantity = quantity if quantity in case.quantities else "".join(topics[:1])
    claim = Claim(
        id=name,
        role=first.role,
        quantity=quantity,
        proposition=first.proposition,
        comparison=comparison,
        near=first.near and comparison != "between" and not first.proposition,
        value=value,
        low=low,
        high=high,
        unit="" if first.proposition else first.unit,
        qualifier="" if first.proposition else first.qualifier,
        since=first.since,
        event=first.event,
        published=first.published,
        speaker=chain[-2] if len(chain) > 2 else chain[-1],
        reporting_source=chain[0] if len(chain) > 1 else "",
        origin=origin.name,
        family=origin.family,
        reliability=origin.reliability,
        credibility=UNREVIEWED_CREDIBILITY,
        hedge=first.hedge,
        paraphrase="",
        url="",
        verification="page_excerpt",
        note=READ_BY_RULE if not first.reader.startswith("llm ") else f"read by {first.reader}{NOT_REVIEWED}",
        state="proposed",
        likelihood=first.likelihood,
        appearances=_distinct(group),
        extra={UNCHECKED: ", ".join(first.unchecked)} if first.unchecked else {},
    )
    return replace(claim, paraphrase=in_words(claim, case))


def in_words(claim: Claim, case: Case) -> str:
    """The paraphrase of a claim that nobody has worded."""
    return f"{about(claim, case).rstrip('.')}: {says(claim)}."


def attach(
    claims: Iterable[Claim], documents: Iterable[Document], snapshots: Mapping[str, Snapshot]
) -> tuple[Claim, ...]:
    """Add the place where a claim's quote, or else its paraphrase, stands in the document that its row names.

    The row names it in the column `document`, by name or id, and may have a column `quote`. A claim whose
    document isn't at hand, or doesn't hold the words, stays as it is.
    """
    by_name: dict[str, Document] = {}
    for document in sorted(documents, key=lambda document: (document.name, document.id)):
        for name in (document.id, document.name, PurePosixPath(document.name.replace("\\", "/")).name):
            by_name.setdefault(name, document)
    placed = []
    for claim in claims:
        named = by_name.get(claim.extra.get("document", ""))
        snapshot = snapshots.get(named.snapshot) if named else None
        seen = _place(claim, named, snapshot) if named and snapshot else None
        placed.append(replace(claim, appearances=_distinct([*claim.appearances, seen])) if seen else claim)
    return tuple(placed)


def _place(claim: Claim, document: Document, snapshot: Snapshot) -> Appearance | None:
    words = (claim.extra.get(QUOTE) or claim.paraphrase).split()
    # lines of a digest may be wrapped anywhere, so white space is compared as white space
    match = re.search(r"\s+".join(re.escape(word) for word in words), snapshot.text) if words else None
    if match is None:
        return None
    start, end, text = match.start(), match.end(), snapshot.text
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    locator = Locator(snapshot.id, start, end, match[0], before, after)
    return Appearance(
        document=document.id,
        kind=document.kind,
        sentence=locator,
        speakers=_chain(claim),
        role=claim.role,
        quantity=claim.quantity,
        proposition=claim.proposition,
        comparison=claim.comparison,
        near=claim.near,
        value=claim.value,
        low=claim.low,
        high=claim.high,
        unit=claim.unit,
        qualifier=claim.qualifier,
        event=claim.event,
        since=claim.since,
        published=claim.published,
        hedge=claim.hedge,
        likelihood=claim.likelihood,
        reader="table",
    )


def _chain(claim: Claim) -> tuple[Speaker, ...]:
    if claim.reporting_source in ("", claim.speaker):
        return (Speaker(claim.speaker),)
    return (Speaker(claim.reporting_source, role="relay"), Speaker(claim.speaker))

"""The list of sources: each document with the passages that claims rest on, in their context."""

from __future__ import annotations

from dataclasses import dataclass

from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.claims import AppearanceRecord, DocumentRecord

__all__ = ["Passage", "Source", "sources"]

_REACH = 150


@dataclass(frozen=True)
class Passage:
    """A sentence with what stands around it; `quote` is the document's own only in an original."""

    claims: tuple[str, ...]
    before: str
    quote: str
    after: str
    page: int | None
    exact: bool


@dataclass(frozen=True)
class Source:
    """A document and its passages, in the order of the text."""

    record: DocumentRecord
    passages: tuple[Passage, ...]


def sources(brief: Brief) -> list[Source]:
    """All documents by number; claims that share a sentence share its passage."""
    spans: dict[str, dict[tuple[int, int, str], list[tuple[str, AppearanceRecord]]]] = {}
    for claim in brief.claims:
        for item in claim.appearances:
            place = spans.setdefault(item.document, {})
            place.setdefault((item.start, item.end, item.quote), []).append((claim.id, item))
    return [
        Source(
            record,
            tuple(_passage(record.text, items) for _, items in sorted(spans.get(record.id, {}).items())),
        )
        for record in sorted(brief.documents, key=lambda document: document.number)
    ]


def _passage(text: str, items: list[tuple[str, AppearanceRecord]]) -> Passage:
    first = items[0][1]
    claims = tuple(dict.fromkeys(claim for claim, _ in items))
    exact = text[first.start : first.end] == first.quote
    if not exact:
        return Passage(claims, "", first.quote, "", first.page, exact)
    return Passage(
        claims,
        _before(text, first.start),
        first.quote,
        _after(text, first.end),
        first.page,
        exact,
    )


def _before(text: str, start: int) -> str:
    """Up to 150 characters before, from the start of a paragraph or word."""
    head = text[max(0, start - _REACH) : start]
    if "\n" in head.rstrip("\n"):
        return head.rstrip("\n").rsplit("\n", 1)[1] + ("" if not head.endswith("\n") else " ")
    if start > _REACH and " " in head:
        return "… " + head.split(" ", 1)[1]
    return head


def _after(text: str, end: int) -> str:
    """Up to 150 characters after, to the end of a paragraph or word."""
    tail = text[end : end + _REACH]
    if "\n" in tail.lstrip("\n"):
        return tail.lstrip("\n").split("\n", 1)[0] if not tail.startswith("\n") else ""
    if end + _REACH < len(text) and " " in tail:
        return tail.rsplit(" ", 1)[0] + " …"
    return tail

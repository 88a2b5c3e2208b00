"""Where a statement stands, and who stands behind a whole document: the same for every reader."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import replace

from quidproquo.cases.record import Case
from quidproquo.reading.record import Document, Locator, Snapshot, Speaker
from quidproquo.reading.sentences import Span

__all__ = ["author_of", "locator", "sourced"]

_AROUND = 32


def locator(snapshot: Snapshot, paragraphs: Sequence[int], span: Span) -> Locator:
    """The place of a span in a snapshot; `paragraphs` are the offsets at which its paragraphs start."""
    start, end = span
    text = snapshot.text
    page = bisect.bisect_right(snapshot.pages, start) if snapshot.pages else None
    return Locator(
        snapshot.id, start, end, text[start:end],
        text[max(0, start - _AROUND) : start], text[end : end + _AROUND],
        page, bisect.bisect_right(paragraphs, start),
    )  # fmt: skip


def sourced(speaker: Speaker, case: Case) -> Speaker:
    """A speaker with the name of the case's source, where the case knows the speaker."""
    plain = speaker.name.replace("’", "'")
    for name in (speaker.name, f"{speaker.name} ({speaker.affiliation})", plain):
        source = case.source_of(name)
        if source is not None:
            return replace(speaker, source=source.name)
    return speaker


def author_of(document: Document, case: Case) -> Speaker:
    """Who speaks where nobody is cited: the author of a document, its publisher, or the document itself."""
    name = document.author or document.publisher or document.name
    affiliation = document.publisher if document.author else ""
    return sourced(Speaker(name, role="author", affiliation=affiliation), case)

"""The rule reader: documents → appearances of claims, typed by the case's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from quidproquo.cases.record import Case
from quidproquo.reading.documents import Loaded, load
from quidproquo.reading.documents.bibliography import bibliography
from quidproquo.reading.lexicon import Lexicon
from quidproquo.reading.record import Appearance, Document, Reading, Snapshot
from quidproquo.reading.statements import Statements

__all__ = ["READER", "Reader", "read", "rule_reader"]

READER = "rules 1"
Reader = Callable[[Document, Snapshot], tuple[Appearance, ...]]
Progress = Callable[[int, int], None]


def rule_reader(case: Case) -> Reader:
    """A reader that finds appearances by rules, with the words and sources of a case."""
    lexicon = Lexicon(case)

    def reader(document: Document, snapshot: Snapshot) -> tuple[Appearance, ...]:
        return tuple(Statements(document, snapshot, case, lexicon).appearances())

    return reader


def read(
    what: Loaded | Iterable[str | Path],
    case: Case,
    *,
    reader: Reader | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Read documents, or the files that paths name, into appearances.

    Every document keeps its status; only those with the status "read" or "duplicate" give
    appearances. Reading is the same whatever the order of the documents.

    Raises:
        CaseError: if the bibliography of the case is malformed.
    """
    loaded = what if isinstance(what, Loaded) else load(what, known=bibliography(case.folder))
    read_one = reader or rule_reader(case)
    found: list[Appearance] = []
    for number, document in enumerate(loaded.documents, start=1):
        if document.status in {"read", "duplicate"}:
            found.extend(read_one(document, loaded.snapshots[document.snapshot]))
        if progress is not None:
            progress(number, len(loaded.documents))
    return Reading(loaded.documents, loaded.snapshots, tuple(found))

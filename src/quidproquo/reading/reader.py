"""Documents → appearances of claims, by whichever reader is set; the rules are the default."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Protocol, runtime_checkable

from quidproquo.cases.record import Case
from quidproquo.reading.documents import Loaded, load
from quidproquo.reading.documents.bibliography import bibliography
from quidproquo.reading.lexicon import Lexicon
from quidproquo.reading.record import Appearance, Document, Outcome, Reading, Refused, Snapshot
from quidproquo.reading.statements import Statements

__all__ = ["Reader", "RuleReader", "read", "rule_reader"]

Progress = Callable[[int, int], None]


@runtime_checkable
class Reader(Protocol):
    """Finds appearances in a document; rules and models are exchangeable behind it."""

    @property
    def language(self) -> str:
        """The one language that it reads, as a two-letter code; "" where it reads any."""

    def __call__(self, document: Document, snapshot: Snapshot) -> Outcome:
        """Read one document; what goes wrong is told by the outcome, not raised."""


class RuleReader:
    """Finds appearances by rules, with the words and sources of a case."""

    language = "en"

    def __init__(self, case: Case) -> None:
        self._case = case
        self._lexicon = Lexicon(case)

    def __call__(self, document: Document, snapshot: Snapshot) -> Outcome:
        """Read one document."""
        return Outcome(tuple(Statements(document, snapshot, self._case, self._lexicon).appearances()))


def rule_reader(case: Case) -> Reader:
    """The reader that works by rules."""
    return RuleReader(case)


def read(
    what: Loaded | Iterable[str | Path],
    case: Case,
    *,
    reader: Reader | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Read documents, or the files that paths name, into appearances.

    Every document keeps its status; only those with the status "read" or "duplicate" go to the
    reader. Reading by rules is the same whatever the order of the documents.

    Raises:
        CaseError: if the bibliography of the case is malformed.
    """
    read_one = reader or rule_reader(case)
    loaded = (
        what
        if isinstance(what, Loaded)
        else load(what, known=bibliography(case.folder), language=read_one.language)
    )
    documents: list[Document] = []
    found: list[Appearance] = []
    refused: list[Refused] = []
    for number, document in enumerate(loaded.documents, start=1):
        kept = document
        if document.status in {"read", "duplicate"}:
            outcome = read_one(document, loaded.snapshots[document.snapshot])
            found.extend(outcome.appearances)
            refused.extend(outcome.refused)
            if outcome.status:
                kept = replace(document, status=outcome.status, reason=outcome.reason)
        documents.append(kept)
        if progress is not None:
            progress(number, len(loaded.documents))
    return Reading(tuple(documents), loaded.snapshots, tuple(found), tuple(refused))

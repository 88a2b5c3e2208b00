"""Documents → appearances of claims, by whichever reader is set; the rules are the default."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Protocol, runtime_checkable

from quidproquo.cases.record import Case
from quidproquo.reading.documents import Loaded, load
from quidproquo.reading.documents.bibliography import bibliography
from quidproquo.reading.lexicon import Lexicon
from quidproquo.reading.record import Appearance, Document, Outcome, Reading, Refused, Snapshot
from quidproquo.reading.statements import Statements

__all__ = ["GradualReader", "Reader", "RuleReader", "read", "rule_reader"]

_READABLE = frozenset({"read", "partly read", "duplicate"})

Progress = Callable[[int, int], None]
Advance = Callable[[int], None]
_BETWEEN_REPORTS = 100_000  # characters: a second's work, roughly


@runtime_checkable
class Reader(Protocol):
    """Finds appearances in a document; rules and models are exchangeable behind it."""

    @property
    def language(self) -> str:
        """The one language that it reads, as a two-letter code; "" where it reads any."""

    def __call__(self, document: Document, snapshot: Snapshot) -> Outcome:
        """Read one document; what goes wrong is told by the outcome, not raised."""


@runtime_checkable
class GradualReader(Reader, Protocol):
    """A reader that reports within a document how far it is."""

    def gradually(self, document: Document, snapshot: Snapshot, advance: Advance) -> Outcome:
        """Read one document; `advance` is called with how many further characters are done."""


class RuleReader:
    """Finds appearances by rules, with the words and sources of a case."""

    language = "en"

    def __init__(self, case: Case) -> None:
        self._case = case
        self._lexicon = Lexicon(case)

    def __call__(self, document: Document, snapshot: Snapshot) -> Outcome:
        """Read one document."""
        return self.gradually(document, snapshot, lambda _characters: None)

    def gradually(self, document: Document, snapshot: Snapshot, advance: Advance) -> Outcome:
        """Read one document; the grammars are the first half of the work, the sentences the second."""
        statements = Statements(document, snapshot, self._case, self._lexicon)
        done = len(snapshot.text) // 2
        advance(done)
        found: list[Appearance] = []
        for appearance in statements.appearances():
            found.append(appearance)
            here = (len(snapshot.text) + appearance.sentence.end) // 2
            if here - done > _BETWEEN_REPORTS:
                advance(here - done)
                done = here
        advance(len(snapshot.text) - done)
        return Outcome(tuple(found))


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

    Every document keeps its status; only those with the status "read", "partly read" or "duplicate" go to the
    reader. Reading by rules is the same whatever the order of the documents. `progress` is called with the
    number of characters that are done and that of all.

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
    counted = _Counted(progress, [len(loaded.snapshots[one.snapshot].text) for one in loaded.documents])
    for document in loaded.documents:
        kept = document
        snapshot = loaded.snapshots[document.snapshot]
        if document.status in _READABLE:
            if isinstance(read_one, GradualReader):
                outcome = read_one.gradually(document, snapshot, counted.advance)
            else:
                outcome = read_one(document, snapshot)
            found.extend(outcome.appearances)
            refused.extend(outcome.refused)
            if outcome.status:
                kept = replace(document, status=outcome.status, reason=outcome.reason)
        documents.append(kept)
        counted.finish_document()
    return Reading(tuple(documents), loaded.snapshots, tuple(found), tuple(refused))


class _Counted:
    """Characters of a run that are done, reported as they grow."""

    def __init__(self, progress: Progress | None, sizes: list[int]) -> None:
        self._progress = progress
        self._total = sum(sizes)
        self._ends = list(accumulate(sizes))
        self._done = 0

    def advance(self, characters: int) -> None:
        """Count further characters of the document at hand."""
        self._done += characters
        if self._progress is not None and characters:
            self._progress(self._done, self._total)

    def finish_document(self) -> None:
        """Count what is missing of the document at hand: it may have been skipped."""
        self.advance(self._ends.pop(0) - self._done)

"""Documents → appearances of claims, by whichever reader is set; the rules are the default."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Protocol, runtime_checkable

from quidproquo.cases.record import Case
from quidproquo.reading.attribution.places import locator
from quidproquo.reading.documents import Loaded, load
from quidproquo.reading.documents.bibliography import bibliography
from quidproquo.reading.lexicon import Lexicon
from quidproquo.reading.record import (
    Appearance,
    Disagreement,
    Document,
    Outcome,
    Quantified,
    Reading,
    Refused,
    Snapshot,
)
from quidproquo.reading.sentences import Span, paragraphs
from quidproquo.reading.statements import Statements

__all__ = ["GradualReader", "Reader", "RuleReader", "read", "rule_reader"]

_READABLE = frozenset({"read", "partly read", "duplicate"})

Progress = Callable[[int, int], None]
Advance = Callable[[int], None]
_BETWEEN_REPORTS = 100_000  # characters: a second's work, roughly
_LONGEST_PART = 1_000_000  # characters: a book of 600 pages is read whole


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
        """Read one document, a very long one in parts: a pronoun in one doesn't refer to a speaker in another."""
        parts = list(_parts(snapshot.text))
        if len(parts) == 1:
            return Outcome(tuple(self._part(document, snapshot, advance)))
        starts = [start for start, _ in paragraphs(snapshot.text)]
        found: list[Appearance] = []
        for start, end in parts:
            part = Snapshot(snapshot.id, snapshot.text[start:end])
            for seen in self._part(document, part, advance):
                span = (seen.sentence.start + start, seen.sentence.end + start)
                number = _moved(seen.number, start) if seen.number is not None else None
                found.append(replace(seen, sentence=locator(snapshot, starts, span), number=number))
        return Outcome(tuple(found))

    def _part(self, document: Document, snapshot: Snapshot, advance: Advance) -> Iterator[Appearance]:
        """The appearances in a text; the grammars are the first half of the work, the sentences the second."""
        statements = Statements(document, snapshot, self._case, self._lexicon)
        size = len(snapshot.text)
        done = size // 2
        advance(done)
        for appearance in statements.appearances():
            yield appearance
            here = (size + appearance.sentence.end) // 2
            if here - done > _BETWEEN_REPORTS:
                advance(here - done)
                done = here
        advance(size - done)


def _parts(text: str) -> Iterator[Span]:
    """Spans of at most `_LONGEST_PART` characters that end with a paragraph, or else a line or a sentence."""
    start = 0
    while len(text) - start > _LONGEST_PART:
        end = start + _LONGEST_PART
        cuts = (text.rfind(sign, start, end) + len(sign) for sign in ("\n\n", "\n", ". ", " "))
        cut = next((cut for cut in cuts if cut > start + _LONGEST_PART // 2), end)
        yield start, cut
        start = cut
    yield start, len(text)


def _moved(number: Quantified, by: int) -> Quantified:
    """A number of a part at its place in the whole text."""
    levels = tuple(_moved(level, by) for level in number.levels)
    return replace(number, start=number.start + by, end=number.end + by, levels=levels)


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
    disagreements: list[Disagreement] = []
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
            disagreements.extend(outcome.disagreements)
            if outcome.status:
                kept = replace(document, status=outcome.status, reason=outcome.reason)
        documents.append(kept)
        counted.finish_document()
    return Reading(tuple(documents), loaded.snapshots, tuple(found), tuple(refused), tuple(disagreements))


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

"""Files, folders, patterns and standard input → documents with a status, and snapshots."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from quidproquo.reading.documents.dating import published_of
from quidproquo.reading.documents.extract import Extract, Unreadable
from quidproquo.reading.documents.formats import read_bytes
from quidproquo.reading.documents.limits import MOST_BYTES, megabytes
from quidproquo.reading.documents.paths import STDIN, Named, expand, is_address
from quidproquo.reading.duplicates import Shingles, near_copy, shingles
from quidproquo.reading.language import language_of
from quidproquo.reading.record import Document, Snapshot
from quidproquo.terms.errors import sentence
from quidproquo.terms.vocabulary import SpanKind

__all__ = ["Loaded", "load"]

_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}/", re.IGNORECASE)
"""How an address of the web begins that lacks its https://."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Loaded:
    """Documents in the order in which they were named, and their snapshots by id."""

    documents: tuple[Document, ...]
    snapshots: dict[str, Snapshot]


def load(
    paths: Iterable[str | Path],
    *,
    known: Mapping[str, Mapping[str, str]] | None = None,
    language: str = "en",
    progress: Progress | None = None,
) -> Loaded:
    """Read files into documents and snapshots; what can't be read gets a status, never an exception.

    `known` gives metadata for files by the SHA-256 of their bytes, where the file itself has none.
    A document in another language than `language` ("" for any) has the status "other language".
    """
    items = expand(paths)
    documents: list[Document] = []
    snapshots: dict[str, Snapshot] = {}
    seen = _Seen()
    for number, item in enumerate(items, start=1):
        for document, snapshot in _open(item, known or {}):
            kept = _judge(document, snapshot, language)
            if kept.status in {"read", "partly read"}:
                kept = _copy_of(kept, snapshot, seen)
            documents.append(kept)
            snapshots.setdefault(snapshot.id, snapshot)
        if progress is not None:
            progress(number, len(items))
    return Loaded(_numbered(documents), snapshots)


def _open(item: Named, known: Mapping[str, Mapping[str, str]]) -> list[tuple[Document, Snapshot]]:
    blank = _snapshot("")
    failed = Document(item.name, item.name, "original", "", blank.id, named=item.named)
    if item.problem:
        return [(replace(failed, status="missing", reason=item.problem), blank)]
    try:
        data = _bytes(item.path)
        given = known.get(hashlib.sha256(data).hexdigest(), {})
        extracts = read_bytes(item.path.name, data)
    except (FileNotFoundError, NotADirectoryError):
        return [(replace(failed, status="missing", reason=_missing(item.name)), blank)]
    except Unreadable as error:
        return [(_unreadable(failed, str(error), error.remedy), blank)]
    except (OSError, ValueError) as error:
        why = f"it can't be opened ({getattr(error, 'strerror', None) or error})"
        return [(_unreadable(failed, why, "check that you may read it"), blank)]
    return [_document(item, extract, given) for extract in extracts]


def _bytes(path: Path) -> bytes:
    if str(path) == STDIN:
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
    else:
        if path.exists() and not path.is_file():
            raise Unreadable("it is no file but a device or a pipe", "save its content to a file")
        if path.exists() and path.stat().st_size > MOST_BYTES:
            raise Unreadable(f"it has more than {megabytes(MOST_BYTES)}", "split it")
        data = path.read_bytes()
    return data


def _missing(name: str) -> str:
    if is_address(name):
        return sentence(
            "document",
            "address",
            name,
            "a file, since qpq opens no connection",
            "save the page and name the file",
        )
    remedy = "correct the path"
    if _HOST.match(name):
        remedy += ", or save the page and name its file if it is an address of the web"
    return sentence("document", "path", name, "an existing file, folder or pattern", remedy)


def _unreadable(document: Document, why: str, remedy: str) -> Document:
    reason = f"document '{document.name}' can't be read: {why}; {remedy or 'save it again or leave it out'}."
    return replace(document, status="unreadable", reason=reason)


def _snapshot(content: str, pages: tuple[int, ...] = ()) -> Snapshot:
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    return Snapshot(f"sha256:{digest[:16]}", content, pages)


def _document(item: Named, extract: Extract, given: Mapping[str, str]) -> tuple[Document, Snapshot]:
    snapshot = _snapshot(extract.text, extract.pages)
    meta = {**extract.meta, **{field: value for field, value in given.items() if value}}
    published, clue = published_of(extract.text, meta)
    if clue == "metadata" and "published" in given:
        clue = "bibliography"
    name = f"{item.name}#{extract.part}" if extract.part else item.name
    kind: SpanKind = "digest" if meta.get("kind") == "digest" else "original"
    known = ("title", "author", "publisher", "published", "url", "kind")
    document = Document(
        id=name,
        name=name,
        kind=kind,
        format=extract.format,
        snapshot=snapshot.id,
        title=meta.get("title", ""),
        author=meta.get("author", ""),
        publisher=meta.get("publisher", ""),
        published=published,
        published_from=clue,
        url=meta.get("url", ""),
        language=language_of(extract.text),
        meta={field: value for field, value in meta.items() if field not in known},
        named=item.named and not extract.part,
    )
    if extract.refused:
        document = _unreadable(document, extract.refused, extract.remedy)
    elif extract.omitted:
        remedy = extract.remedy or "split it to read them"
        reason = f"document '{name}' was read in part: {extract.omitted} are left out; {remedy}."
        document = replace(document, status="partly read", reason=reason)
    return document, snapshot


def _judge(document: Document, snapshot: Snapshot, language: str) -> Document:
    """Say of a document that was opened whether there is something in it for the reader."""
    if document.status not in {"read", "partly read"}:
        return document
    if not snapshot.text.strip():
        remedy = _OF_EMPTY.get(document.format, "check that it isn't made of pictures")
        reason = sentence(f"document '{document.name}'", "text", "", "at least one word", remedy)
        return replace(document, status="empty", reason=reason)
    if language and document.language not in {language, ""}:
        reason = sentence(
            f"document '{document.name}'",
            "language",
            document.language,
            "en for the rule reader",
            "translate it or use --reader llm",
        )
        return replace(document, status="other language", reason=reason)
    return document


_OF_EMPTY = {
    "pdf": "have the text of the scan recognised (OCR) and save that",
    "text": "check that it is the file you meant",
}


class _Seen:
    """The documents so far, by the runs of words that they hold."""

    def __init__(self) -> None:
        self._documents: list[tuple[str, Shingles]] = []
        self._holding: dict[int, list[int]] = {}

    def like(self, mine: Shingles) -> Iterator[tuple[str, Shingles]]:
        """Documents that share a run of words with another, in their order."""
        numbers = {number for run in mine for number in self._holding.get(run, ())}
        yield from (self._documents[number] for number in sorted(numbers))

    def add(self, name: str, theirs: Shingles) -> None:
        """Keep a document."""
        for run in theirs:
            self._holding.setdefault(run, []).append(len(self._documents))
        self._documents.append((name, theirs))


def _copy_of(document: Document, snapshot: Snapshot, seen: _Seen) -> Document:
    """Mark a document that repeats an earlier one; remember it otherwise."""
    mine = shingles(snapshot.text)
    for other, theirs in seen.like(mine):
        if near_copy(mine, theirs):
            reason = (
                f"document '{document.name}' repeats document '{other}' nearly word for word; it is "
                f"kept, and counts as a copy."
            )
            return replace(document, status="duplicate", duplicate_of=other, reason=reason)
    seen.add(document.id, mine)
    return document


def _numbered(documents: list[Document]) -> tuple[Document, ...]:
    """Give documents of the same name ids of their own."""
    counts: dict[str, int] = {}
    done: list[Document] = []
    for document in documents:
        counts[document.id] = counts.get(document.id, 0) + 1
        again = counts[document.id]
        done.append(replace(document, id=f"{document.id} ({again})") if again > 1 else document)
    return tuple(done)

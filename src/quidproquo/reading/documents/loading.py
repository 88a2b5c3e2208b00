"""Files, folders, patterns and standard input → documents with a status, and snapshots."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from quidproquo.reading.documents import feed, html, pdf, text, word
from quidproquo.reading.documents.dating import published_of
from quidproquo.reading.documents.extract import Extract, Unreadable
from quidproquo.reading.documents.paths import STDIN, Named, expand
from quidproquo.reading.duplicates import Shingles, near_copy, shingles
from quidproquo.reading.language import language_of
from quidproquo.reading.record import Document, Snapshot
from quidproquo.terms.errors import sentence
from quidproquo.terms.vocabulary import SpanKind

__all__ = ["Loaded", "load"]

Progress = Callable[[int, int], None]
_Reader = Callable[[bytes], list[Extract]]
_BY_SUFFIX: dict[str, tuple[str, _Reader]] = {
    ".md": ("markdown", text.read_markdown),
    ".markdown": ("markdown", text.read_markdown),
    ".htm": ("html", html.read_html),
    ".html": ("html", html.read_html),
    ".xhtml": ("html", html.read_html),
    ".mht": ("saved page", html.read_archive),
    ".mhtml": ("saved page", html.read_archive),
    ".pdf": ("pdf", pdf.read_pdf),
    ".docx": ("word", word.read_word),
    ".rss": ("feed", feed.read_feed),
    ".atom": ("feed", feed.read_feed),
    ".txt": ("text", text.read_text),
    ".text": ("text", text.read_text),
}


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
    seen: list[tuple[str, Shingles]] = []
    for number, item in enumerate(items, start=1):
        for document, snapshot in _open(item, known or {}):
            kept = _judge(document, snapshot, language)
            if kept.status == "read":
                kept = _copy_of(kept, snapshot, seen)
            documents.append(kept)
            snapshots.setdefault(snapshot.id, snapshot)
        if progress is not None:
            progress(number, len(items))
    return Loaded(_numbered(documents), snapshots)


def _open(item: Named, known: Mapping[str, Mapping[str, str]]) -> list[tuple[Document, Snapshot]]:
    blank = _snapshot("")
    failed = Document(item.name, item.name, "original", "", blank.id, named=item.named)
    try:
        data = sys.stdin.buffer.read() if str(item.path) == STDIN else item.path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        reason = sentence(
            "document", "path", str(item.path), "an existing file, folder or pattern", "correct the path"
        )
        return [(replace(failed, status="missing", reason=reason), blank)]
    except (OSError, ValueError) as error:
        return [
            (_unreadable(failed, f"it can't be opened: {getattr(error, 'strerror', None) or error}"), blank)
        ]
    name, reader = _format(item.path, data)
    failed = replace(failed, format=name)
    try:
        extracts = reader(data)
    except Unreadable as error:
        return [(_unreadable(failed, str(error)), blank)]
    given = known.get(hashlib.sha256(data).hexdigest(), {})
    return [_document(item, extract, given) for extract in extracts]


def _unreadable(document: Document, why: str) -> Document:
    what = document.format or "text, Markdown, HTML, PDF, Word or a feed"
    reason = sentence(
        f"document '{document.name}'", "content", why, f"readable {what}", "save it again or leave it out"
    )
    return replace(document, status="unreadable", reason=reason)


def _format(path: Path, data: bytes) -> tuple[str, _Reader]:
    """The format of a file: by its first bytes where they tell, else by its name."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data[:1024].find(b"%PDF-") >= 0:
        return "pdf", pdf.read_pdf
    if data.startswith(b"PK\x03\x04"):
        return "word", word.read_word
    lower = head[:600].lower()
    if lower.startswith((b"<rss", b"<feed", b"<rdf")) or (
        lower.startswith(b"<?xml") and any(tag in lower for tag in (b"<rss", b"<feed", b"<rdf"))
    ):
        return "feed", feed.read_feed
    known = _BY_SUFFIX.get(path.suffix.lower())
    if known is not None:
        return known
    if lower.startswith((b"<!doctype html", b"<html", b"<head")):
        return "html", html.read_html
    if lower.startswith(b"<?xml"):
        return "feed", feed.read_feed
    if head.startswith(b"---"):
        return "markdown", text.read_markdown
    return "text", text.read_text


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
        named=item.named,
    )
    return document, snapshot


def _judge(document: Document, snapshot: Snapshot, language: str) -> Document:
    if document.status != "read":
        return document
    if not snapshot.text.strip():
        reason = sentence(
            f"document '{document.name}'", "text", "", "at least one word", "check that it isn't a scan"
        )
        return replace(document, status="empty", reason=reason)
    if language and document.language not in {language, ""}:
        reason = sentence(
            f"document '{document.name}'",
            "language",
            document.language,
            "en for the rule reader",
            "translate it or set a reader that knows it",
        )
        return replace(document, status="other language", reason=reason)
    return document


def _copy_of(document: Document, snapshot: Snapshot, seen: list[tuple[str, Shingles]]) -> Document:
    """Mark a document that repeats an earlier one; remember it otherwise."""
    mine = shingles(snapshot.text)
    for other, theirs in seen:
        if near_copy(mine, theirs):
            reason = (
                f"document '{document.name}' repeats document '{other}' nearly word for word; it is "
                f"kept, and counts as a copy."
            )
            return replace(document, status="duplicate", duplicate_of=other, reason=reason)
    seen.append((document.id, mine))
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

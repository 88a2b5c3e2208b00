"""EPUB books: the chapters in reading order."""

from __future__ import annotations

import posixpath
import urllib.parse
from typing import Any

from quidproquo.reading.documents.extract import Extract, Unreadable
from quidproquo.reading.documents.html import page_text
from quidproquo.reading.documents.limits import MOST_UNPACKED, megabytes
from quidproquo.reading.documents.package import Package, local

__all__ = ["read_book"]

_FIELDS = {"title": "title", "creator": "author", "publisher": "publisher", "date": "published"}


def read_book(data: bytes) -> list[Extract]:
    """The text of an EPUB, chapter by chapter.

    Raises:
        Unreadable: if it is damaged or locked, or asks for more than the limits.
    """
    with Package(data, "EPUB file") as package:
        chapters, meta = _chapters(package)
        encrypted = package.read("META-INF/encryption.xml") if "META-INF/encryption.xml" in package else b""
        pieces: list[str] = []
        size = 0
        for name in chapters:
            if name.encode() in encrypted:
                raise Unreadable("its chapters are locked", "use a copy without copy protection")
            source = package.read(name)
            size += len(source)
            if size > MOST_UNPACKED:
                raise Unreadable(f"its text unpacks to more than {megabytes(MOST_UNPACKED)}", "split it")
            pieces.append(page_text(source))
    return [Extract("\n\n".join(piece for piece in pieces if piece), "epub", meta)]


def _chapters(package: Package) -> tuple[list[str], dict[str, str]]:
    """Names of the chapters in reading order, and what the book says of itself."""
    container = package.xml("META-INF/container.xml")
    content_file = next(
        (str(item.get("full-path", "")) for item in container.iter() if local(item) == "rootfile"), ""
    )
    root = package.xml(content_file)
    listed: dict[str, str] = {}
    order: list[str] = []
    meta: dict[str, str] = {}
    for item in root.iter():
        _note(item, listed, order, meta)
    folder = posixpath.dirname(content_file)
    names = [posixpath.normpath(posixpath.join(folder, listed[key])) for key in order if key in listed]
    return [name for name in names if name in package], meta


def _note(item: Any, listed: dict[str, str], order: list[str], meta: dict[str, str]) -> None:  # noqa: ANN401
    name = local(item)
    if name == "item" and "html" in str(item.get("media-type", "")):
        listed[str(item.get("id", ""))] = urllib.parse.unquote(str(item.get("href", "")).partition("#")[0])
    elif name == "itemref" and item.get("linear") != "no":
        order.append(str(item.get("idref", "")))
    elif name in _FIELDS and (item.text or "").strip():
        meta.setdefault(_FIELDS[name], " ".join(item.text.split())[:200])

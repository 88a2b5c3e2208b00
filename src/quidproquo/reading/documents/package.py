"""Files that are archives of XML (Word, OpenDocument, Excel, EPUB), opened within limits."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from quidproquo.reading.documents.extract import Unreadable
from quidproquo.reading.documents.limits import MOST_ENTRIES, MOST_TAGS, MOST_UNPACKED, megabytes

__all__ = ["Package", "local", "parse_xml"]

_ENTRY = b"PK\x01\x02"
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
# what zipfile raises for archives that are cut off, damaged, encrypted or packed in a way that it doesn't know
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError)


class Package:
    """An archive whose parts are read one by one, each only up to a limit.

    `what` is the kind of file in words ("Word file").
    """

    def __init__(self, data: bytes, what: str) -> None:
        self._what = what
        if data.count(_ENTRY) > MOST_ENTRIES:
            raise Unreadable(f"it holds more than {MOST_ENTRIES:,} files", "save only the text")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise Unreadable(f"it is no whole {what}") from error
        self.names = self._archive.namelist()
        self._listed = frozenset(self.names)

    def __enter__(self) -> Package:
        """The package itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the archive."""
        self._archive.close()

    def __contains__(self, name: object) -> bool:
        """Whether a part of this name is there."""
        return name in self._listed

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises:
            Unreadable: if the part is missing, damaged, locked, or larger than `MOST_UNPACKED`.
        """
        try:
            with self._archive.open(name) as part:
                data = part.read(MOST_UNPACKED + 1)
        except KeyError as error:
            raise Unreadable(f"it is no whole {self._what}: its part {name[:60]} is missing") from error
        except _BROKEN as error:
            if "password" in str(error) or "encrypted" in str(error):
                raise Unreadable("it is locked by a password", "save a copy without the password") from error
            raise Unreadable(f"it is no whole {self._what}") from error
        if len(data) > MOST_UNPACKED:
            raise Unreadable(
                f"its part {name[:60]} unpacks to more than {megabytes(MOST_UNPACKED)}",
                "save only the text, or split it",
            )
        return data

    def xml(self, name: str) -> Any:  # noqa: ANN401 - lxml has no types
        """The root element of a part.

        Raises:
            Unreadable: as `read` does, or if the part isn't sound XML.
        """
        return parse_xml(self.read(name), self._what)

    def related(self, name: str) -> Iterator[tuple[str, str]]:
        """Kind and name of the parts that a part of a Word or Excel file points to ("" for the whole)."""
        folder, base = posixpath.split(name)
        relations = posixpath.join(folder, "_rels", f"{base}.rels")
        if relations not in self:
            return
        for item in self.xml(relations):
            if item.get("TargetMode") == "External" or not item.get("Target"):
                continue
            target = item.get("Target")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            yield str(item.get("Type", "")).rsplit("/", 1)[-1], posixpath.normpath(path)


def parse_xml(data: bytes, what: str) -> Any:  # noqa: ANN401 - lxml has no types
    """The root element of XML that declares no entities.

    Raises:
        Unreadable: if it isn't sound, declares entities, or has more than `MOST_TAGS` tags.
    """
    from lxml import etree

    if data.count(b"<") > MOST_TAGS:
        raise Unreadable(f"it holds more than {MOST_TAGS:,} tags", "save only the text, or split it")
    if _ENTITY.search(data, 0, 100_000):
        raise Unreadable("its XML declares entities, which no program writes there")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True, remove_blank_text=False,
    )  # fmt: skip
    try:
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise Unreadable(f"it is no whole {what}: its XML is damaged") from error


def local(element: Any) -> str:  # noqa: ANN401 - lxml has no types
    """The name of an element without its namespace; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""

"""PDF files: text by page, without running heads, with words joined across line ends."""

from __future__ import annotations

import re
import warnings
from collections import Counter

from quidproquo.reading.documents.extract import Extract, Unreadable

__all__ = ["joined", "read_pdf"]

_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?")
_HYPHEN = re.compile(r"([a-z])(?:-|\u00ad|\u2010)[ ]?\n[ ]?([a-z])")
_DIVISION = re.compile(r"(?<=[a-z])\ufffe[ ]?\n?(?=[a-z])")
_NUMBER = re.compile(r"\d+")
_PAGES_FOR_HEADS = 3
_SHORT = 0.75


def read_pdf(data: bytes) -> list[Extract]:
    """The text of a PDF, page by page.

    Raises:
        Unreadable: if it is damaged or locked.
    """
    import pypdfium2

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise Unreadable("it is locked by a password" if locked else "its structure is damaged") from error
    try:
        pages = [_page(document, number) for number in range(len(document))]
        info = document.get_metadata_dict()
    except pypdfium2.PdfiumError as error:
        raise Unreadable("one of its pages is damaged") from error
    finally:
        document.close()
    text, starts = joined(pages)
    return [Extract(text, "pdf", _meta(info), starts)]


def _page(document: object, number: int) -> str:
    page = document[number]  # type: ignore[index]
    layer = page.get_textpage()
    text = str(layer.get_text_range())
    layer.close()
    page.close()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    # PDFium marks a hyphen that it takes for a division at a line end.
    return _DIVISION.sub("", text).replace("\ufffe", "-")


def _meta(info: dict[str, str]) -> dict[str, str]:
    meta = {"title": info.get("Title", ""), "author": info.get("Author", "")}
    found = _DATE.match(info.get("CreationDate", ""))
    if found is not None:
        meta["published"] = "-".join(part for part in found.groups() if part)
    return {field: value.strip() for field, value in meta.items() if value.strip()}


def joined(pages: list[str]) -> tuple[str, tuple[int, ...]]:
    """Pages as one text, and where each begins; running heads and page numbers are left out."""
    heads = _running(pages)
    pieces: list[str] = []
    starts: list[int] = []
    at = 0
    for page in pages:
        lines = [line.strip() for line in page.split("\n")]
        kept = [line for line in lines if _NUMBER.sub("#", line) not in heads or not line]
        body = _reflowed(kept)
        starts.append(at)
        pieces.append(body)
        at += len(body) + 2
    return "\n\n".join(pieces), tuple(starts)


def _running(pages: list[str]) -> frozenset[str]:
    """Lines at the top or foot of at least three pages and half of them, numbers apart."""
    if len(pages) < _PAGES_FOR_HEADS:
        return frozenset({"#"})
    seen: Counter[str] = Counter()
    for page in pages:
        lines = [line.strip() for line in page.split("\n") if line.strip()]
        seen.update({_NUMBER.sub("#", line) for line in [*lines[:2], *lines[-2:]]})
    return frozenset(
        line for line, count in seen.items() if count >= max(_PAGES_FOR_HEADS, len(pages) / 2)
    ) | {"#"}


def _reflowed(lines: list[str]) -> str:
    """Lines as paragraphs: a line much shorter than the longest ends one."""
    longest = max((len(line) for line in lines), default=0)
    out: list[str] = []
    for index, line in enumerate(lines):
        out.append(line)
        last = index + 1 == len(lines)
        following = lines[index + 1] if not last else ""
        ends = not line or not following
        short = len(line) < _SHORT * longest and line[-1:] in ".!?”\"':" and following[:1].isupper()
        out.append("\n\n" if ends or short else "\n")
    text = "".join(out)
    text = _HYPHEN.sub(r"\1\2", text).replace("\u00ad", "")
    return re.sub(r"\n{3,}", "\n\n", text).strip()

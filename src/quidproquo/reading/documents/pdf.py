"""PDF files: text by page, without running heads, with words joined across line ends."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from quidproquo.reading.documents.extract import Extract, Unreadable
from quidproquo.reading.documents.limits import MOST_PAGES, MOST_STREAM, PAGE_SECONDS, PDF_MEMORY
from quidproquo.reading.documents.page_layout import Stretch, laid_out

__all__ = ["joined", "read_pdf"]

_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?")
_HYPHEN = re.compile(r"([a-z])(?:-|\u00ad|\u2010)[ ]?\n[ ]?([a-z])")
_DIVISION = re.compile(r"(?<=[a-z])\ufffe[ ]?\n?(?=[a-z])")
_NUMBER = re.compile(r"\d+")
_WORKER = Path(__file__).with_name("pdf_worker.py")
_SECONDS_EACH = 0.03  # CPU seconds that a page may take on average; an ordinary one takes a third
_PAGES_FOR_HEADS = 3
_SHORT = 0.75


def read_pdf(data: bytes) -> list[Extract]:
    """The text of a PDF, page by page, read in a process of its own that can't stall this one.

    Raises:
        Unreadable: if it is damaged or locked, or its first page already asks for more than the limits.
    """
    lines = _read_in_process(data)
    head = lines[0] if lines else {}
    if head.get("error") == "locked":
        raise Unreadable("it is locked by a password", "save a copy without the password")
    if "pages" not in head:
        raise Unreadable("its structure is damaged")
    found = lines[1:]
    if head["pages"] and not found:
        raise Unreadable("its first page asks for too much time or memory", "print it to a new PDF")
    if found and all("error" in page for page in found):
        raise Unreadable("its pages are damaged")
    text, starts = joined([_page(page) for page in found])
    omitted = []
    if len(found) < head["pages"]:
        omitted.append(f"its pages after page {len(found)}, which ask for too much time or memory,")
    omitted += [
        f"page {number}, which is damaged," for number, page in enumerate(found, 1) if "error" in page
    ]
    return [Extract(text, "pdf", _meta(head["info"]), starts, omitted=" and ".join(omitted))]


def _read_in_process(data: bytes) -> list[dict[str, Any]]:
    """What the worker writes: a line for the file and one for each page, until its end or a limit."""
    limits = (PDF_MEMORY, PAGE_SECONDS, _SECONDS_EACH, MOST_PAGES, MOST_STREAM)
    # -P: the folder of the worker holds modules named like the standard library's
    command = [sys.executable, "-P", str(_WORKER), *map(str, limits)]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    if done.returncode == 1 and not done.stdout and b"MemoryError" not in done.stderr:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise Unreadable(f"the program that opens PDFs fails ({last[:200]})", "install pypdfium2 again")
    lines: list[dict[str, Any]] = []
    for line in done.stdout.split(b"\n"):
        try:
            lines.append(json.loads(line))
        except ValueError:  # the last line of a process that was ended while it wrote
            break
    return lines


def _page(page: dict[str, Any]) -> str:
    """The text of a page as it is stored, or as it is laid out where columns or tables make the difference."""
    laid = laid_out([Stretch(*item) for item in page.get("stretches", ())])
    text = page.get("text", "") if laid is None else "\n".join(laid)
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

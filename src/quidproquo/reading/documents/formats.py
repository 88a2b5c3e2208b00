"""Which format a file has, who reads it, and what to do about a format that nobody here reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from quidproquo.reading.documents import (
    book,
    feed,
    html,
    mail,
    opendocument,
    pdf,
    spreadsheet,
    text,
    word,
)
from quidproquo.reading.documents.extract import Extract, Unreadable
from quidproquo.reading.documents.limits import MOST_BYTES, megabytes
from quidproquo.reading.documents.package import Package

__all__ = ["KNOWN", "READ", "REFUSED", "format_of", "read_bytes"]

Read = Callable[[bytes], list[Extract]]


def _read_mail(data: bytes) -> list[Extract]:
    return mail.read_mail(data, _read_attachment)


def _read_attachment(name: str, data: bytes) -> list[Extract]:
    suffix = PurePath(name).suffix.lower()
    if suffix not in READ and suffix not in REFUSED and not _signed(data):
        raise Unreadable("its format isn't known", "save it in one that is")
    return read_bytes(name, data)


READERS: dict[str, Read] = {
    "text": text.read_text,
    "markdown": text.read_markdown,
    "html": html.read_html,
    "saved page": mail.read_saved_page,
    "e-mail": _read_mail,
    "feed": feed.read_feed,
    "pdf": pdf.read_pdf,
    "word": word.read_word,
    "opendocument": opendocument.read_opendocument,
    "epub": book.read_book,
    "spreadsheet": spreadsheet.read_excel,
    "table": spreadsheet.read_csv,
}
READ = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".htm": "html", ".html": "html",
    ".xhtml": "html", ".mht": "saved page", ".mhtml": "saved page", ".eml": "e-mail", ".rss": "feed",
    ".atom": "feed", ".xml": "feed", ".pdf": "pdf", ".docx": "word", ".docm": "word", ".dotx": "word",
    ".odt": "opendocument", ".ott": "opendocument", ".ods": "opendocument", ".epub": "epub",
    ".xlsx": "spreadsheet", ".xlsm": "spreadsheet", ".csv": "table", ".tsv": "table",
}  # fmt: skip
"""Formats that are read, by the ends of file names."""

_OLD_OFFICE = "open it in an office program and save it as "
_PICTURE = ("a picture", "have its text recognised (OCR) and save that")
_ARCHIVE = ("an archive", "unpack it and name the files or the folder")
_SOUND = ("a recording", "name its transcript")
REFUSED = {
    ".doc": ("a Word file of the old kind", f"{_OLD_OFFICE}.docx"),
    ".dot": ("a Word file of the old kind", f"{_OLD_OFFICE}.docx"),
    ".wpd": ("a WordPerfect file", f"{_OLD_OFFICE}.docx"),
    ".rtf": ("a rich text file", f"{_OLD_OFFICE}.docx"),
    ".xls": ("an Excel file of the old kind", f"{_OLD_OFFICE}.xlsx"),
    ".xlsb": ("a binary Excel file", f"{_OLD_OFFICE}.xlsx"),
    ".ppt": ("a presentation", f"{_OLD_OFFICE}PDF"),
    ".pptx": ("a presentation", f"{_OLD_OFFICE}PDF"),
    ".odp": ("a presentation", f"{_OLD_OFFICE}PDF"),
    ".key": ("a presentation", "export it as PDF"),
    ".pages": ("a Pages file", "export it as Word or PDF"),
    ".numbers": ("a Numbers file", "export it as Excel"),
    ".msg": ("an Outlook message", "save the message as .eml"),
    ".pst": ("an Outlook mailbox", "save the messages as .eml"),
    ".mbox": ("a mailbox", "save the messages as .eml"),
    ".hwp": ("a Hangul file", f"{_OLD_OFFICE}.docx or PDF"),
    ".hwpx": ("a Hangul file", f"{_OLD_OFFICE}.docx or PDF"),
    ".djvu": ("a DjVu file", "convert it to PDF with a text layer"),
    ".ps": ("a PostScript file", "convert it to PDF"),
    ".mobi": ("a Kindle book", "convert it to EPUB"),
    ".azw3": ("a Kindle book", "convert it to EPUB"),
    **dict.fromkeys(".png .jpg .jpeg .gif .tif .tiff .webp .bmp .heic .svg".split(), _PICTURE),
    **dict.fromkeys(".zip .gz .tgz .tar .bz2 .xz .7z .rar".split(), _ARCHIVE),
    **dict.fromkeys(".mp3 .mp4 .m4a .wav .mov .avi .webm".split(), _SOUND),
}
"""Formats that aren't read, by the ends of file names: what they are, and what to do."""

KNOWN = frozenset(READ) | frozenset(REFUSED)
"""Ends of file names that are looked for in folders: what can't be read there is counted."""

_SIGNATURES = (
    (b"\x89PNG\r\n", _PICTURE), (b"\xff\xd8\xff", _PICTURE), (b"GIF8", _PICTURE), (b"II*\x00", _PICTURE),
    (b"MM\x00*", _PICTURE), (b"\x1f\x8b", _ARCHIVE), (b"7z\xbc\xaf\x27\x1c", _ARCHIVE), (b"Rar!", _ARCHIVE),
    (b"BZh", _ARCHIVE), (b"\xfd7zXZ", _ARCHIVE), (b"{\\rtf", REFUSED[".rtf"]), (b"%!PS", REFUSED[".ps"]),
    (b"ID3", _SOUND), (b"OggS", _SOUND),
)  # fmt: skip
_PRINTABLE = (b"{\\rtf", b"%!PS")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_KINDS = {".doc", ".dot", ".xls", ".ppt", ".msg", ".hwp"}
_PACKED = {"word": "Word", "spreadsheet": "Excel", "opendocument": "OpenDocument", "epub": "EPUB"}
_ZIP = b"PK\x03\x04"
_FEEDS = (b"<rss", b"<feed", b"<rdf")
_MAIL_HEADERS = (
    b"from:",
    b"subject:",
    b"mime-version:",
    b"return-path:",
    b"received:",
    b"delivered-to:",
    b"date:",
)


def read_bytes(name: str, data: bytes) -> list[Extract]:
    """The documents in a file of this name and content.

    Raises:
        Unreadable: if the format isn't read, or the file is damaged, locked or beyond the limits.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(f"it has more than {megabytes(MOST_BYTES)}", "split it")
    return READERS[format_of(name, data)](data)


def format_of(name: str, data: bytes) -> str:
    """The format of a file, a key of `READERS`: by its first bytes where they tell, else by its name.

    Raises:
        Unreadable: if it is a format that isn't read.
    """
    suffix = PurePath(name).suffix.lower()
    if data[:1024].find(b"%PDF-") >= 0:
        return "pdf"
    if data.startswith(_ZIP):
        return _packed(suffix, data)
    refused = _refused(suffix, data)
    if refused is not None:
        raise Unreadable(f"it is {refused[0]}", refused[1])
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    lower = head[:600].lower()
    if lower.startswith(_FEEDS) or (lower.startswith(b"<?xml") and any(tag in lower for tag in _FEEDS)):
        return "feed"
    if suffix in READ:
        return READ[suffix]
    if lower.startswith((b"<!doctype html", b"<html", b"<head")):
        return "html"
    if lower.startswith(b"<?xml"):
        return "feed"
    if lower.startswith(_MAIL_HEADERS) and sum(b"\n" + field in lower for field in _MAIL_HEADERS) >= 2:
        return "e-mail"
    return "markdown" if head.startswith(b"---") else "text"


def _signed(data: bytes) -> bool:
    """Whether the first bytes alone tell the format."""
    return data.startswith((_ZIP, _OLE, b"%PDF-", *(mark for mark, _ in _SIGNATURES)))


def _refused(suffix: str, data: bytes) -> tuple[str, str] | None:
    """What a file is that isn't read, and what to do about it; None if it may be read."""
    if data.startswith(_OLE):
        if suffix in {".docx", ".xlsx"}:
            return "locked by a password", "save a copy without the password"
        return (
            REFUSED[suffix]
            if suffix in _OLE_KINDS
            else ("an office file of the old kind", f"{_OLD_OFFICE}.docx")
        )
    binary = any(byte < 9 or byte > 127 for byte in data[:512])
    for mark, what in _SIGNATURES:
        if data.startswith(mark) and (binary or mark in _PRINTABLE):
            return what
    return REFUSED.get(suffix)


def _packed(suffix: str, data: bytes) -> str:
    """The format of an archive, by the names of the files in it."""
    expected = READ.get(suffix, "")
    what = f"{_PACKED[expected]} file" if expected in _PACKED else "archive"
    try:
        with Package(data, what) as package:
            names = package.names
            kind = package.read("mimetype")[:100] if "mimetype" in package else b""
    except Unreadable:
        if suffix not in REFUSED:
            raise
        raise Unreadable(f"it is {REFUSED[suffix][0]}", REFUSED[suffix][1]) from None
    if kind.startswith(b"application/epub") or "META-INF/container.xml" in package:
        return "epub"
    for folder, name in (("word/", "word"), ("xl/", "spreadsheet")):
        if any(item.startswith(folder) for item in names):
            if suffix == ".xlsb":
                break
            return name
    if b"opendocument" in kind and b"presentation" not in kind:
        return "opendocument"
    if any(item.startswith("ppt/") for item in names) or b"presentation" in kind:
        raise Unreadable(f"it is {REFUSED['.pptx'][0]}", REFUSED[".pptx"][1])
    if expected in _PACKED:
        raise Unreadable(f"it is no whole {what}")
    what, remedy = REFUSED.get(suffix, _ARCHIVE)
    raise Unreadable(f"it is {what}", remedy)

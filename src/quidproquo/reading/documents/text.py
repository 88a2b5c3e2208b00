"""Plain text and Markdown with front matter, in whatever encoding."""

from __future__ import annotations

import codecs
import re

from quidproquo.reading.documents.extract import Extract, Unreadable

__all__ = ["decode", "read_markdown", "read_text"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_NOT_FOR_TEXTS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7", "undefined"})
_SAMPLE = 4096
_MOSTLY_ASCII = 0.3
_MOST_DAMAGED = 0.1
_FOR_GUESSING = 32_768
_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z_][\w-]*)[ \t]*:[ \t]*(.*?)[ \t]*$")
_MOST_CONTROLS = 0.01


def decode(data: bytes, declared: str = "") -> str:
    """Bytes as text: by byte-order mark, the declared encoding, UTF-8, then the likeliest of the rest.

    Raises:
        Unreadable: if the bytes are no text, or in no encoding that can be told.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _checked(_try(data, name) or "", data)
    for name in (_sound(declared), "utf-8"):
        if name and (text := _try(data, name)) is not None:
            return _checked(text, data)
    if b"\x00" in data[:4096]:
        for name in ("utf-16-le", "utf-16-be"):
            text = _try(data, name)
            if text is not None and _looks_written(text):
                return text
        raise Unreadable("its bytes are no text in any encoding that is tried", "save it as UTF-8")
    return _checked(_guess(data), data)


def _try(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _sound(declared: str) -> str:
    """The declared encoding if it is one for texts; some of Python's are for other things, and slow."""
    try:
        name = codecs.lookup(declared).name if declared else ""
    except (LookupError, ValueError):
        return ""
    return "" if name in _NOT_FOR_TEXTS else name


def _guess(data: bytes) -> str:
    """Damaged UTF-8, Windows-1252 where little is beyond ASCII, or the likeliest of the others.

    Raises:
        Unreadable: if much of it is beyond ASCII, and no encoding makes words of that.
    """
    sample = data[:_SAMPLE]
    high = sum(1 for byte in sample if byte > 127)
    damaged = data.decode("utf-8", errors="replace")
    if damaged[:_SAMPLE].count("\ufffd") <= _MOST_DAMAGED * high:
        return damaged
    if high <= _MOSTLY_ASCII * len(sample):
        return data.decode("cp1252", errors="replace")
    from charset_normalizer import from_bytes

    likeliest = from_bytes(data[:_FOR_GUESSING]).best()
    if likeliest is not None:
        return data.decode(likeliest.encoding, errors="replace")
    raise Unreadable("its encoding can't be told", "save it as UTF-8")


def _looks_written(text: str) -> bool:
    return len(_CONTROL.findall(text[:4096])) <= _MOST_CONTROLS * len(text[:4096])


def _checked(text: str, data: bytes) -> str:
    if data and not _looks_written(text):
        raise Unreadable("it holds control characters, so it is no text")
    return text


def read_text(data: bytes) -> list[Extract]:
    """A plain text, exactly as it stands: offsets into the file are offsets into the snapshot."""
    return [Extract(decode(data), "text")]


def read_markdown(data: bytes) -> list[Extract]:
    """A Markdown text; keys of its front matter are metadata, and the text begins after it."""
    text = decode(data)
    front = _FRONT.match(text)
    if front is None:
        return [Extract(text, "markdown")]
    meta: dict[str, str] = {}
    for line in front[1].splitlines():
        found = _FIELD.match(line)
        if found is not None:
            meta[found[1].lower()] = _unquoted(found[2])
    return [Extract(text[front.end() :], "markdown", meta)]


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].replace('\\"', '"') if value[0] == '"' else value[1:-1]
    return value

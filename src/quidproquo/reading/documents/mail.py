"""E-mails (.eml): who wrote when about what, the text of the message, and each attachment as a document."""

from __future__ import annotations

import email
import email.header
import email.utils
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.message import Message

from quidproquo.reading.documents.extract import Extract, Unreadable
from quidproquo.reading.documents.html import read_html
from quidproquo.reading.documents.limits import MOST_PARTS
from quidproquo.reading.documents.text import decode

__all__ = ["read_mail", "read_saved_page"]

_QUOTED = re.compile(r"^(?:>[ ]?)+", re.MULTILINE)
_LONGEST_HEADER = 2_000

ReadFile = Callable[[str, bytes], list[Extract]]


@dataclass
class _Mail:
    """The parts of one message: text in plain and in HTML, and what is attached."""

    plain: list[str] = field(default_factory=list)
    pages: list[bytes] = field(default_factory=list)
    attached: list[tuple[str, bytes]] = field(default_factory=list)
    mails: list[Message] = field(default_factory=list)


def read_mail(data: bytes, read_file: ReadFile) -> list[Extract]:
    """An e-mail and its attachments; `read_file` reads one of these by its name and bytes.

    Raises:
        Unreadable: if it has no parts that can be told, or more than `MOST_PARTS`.
    """
    found = list(_read(_parsed(data), "", read_file, [0]))
    if not found:
        raise Unreadable("it holds neither text nor attachments")
    return found


def read_saved_page(data: bytes) -> list[Extract]:
    """A web page saved as one MIME file.

    Raises:
        Unreadable: if no part of it is a page.
    """
    message = _parsed(data)
    for part in _leaves(message, [0]):
        if part.get_content_type() != "text/html":
            continue
        body = part.get_payload(decode=True)
        if isinstance(body, bytes):
            [found] = read_html(body, part.get_content_charset("") or "")
            where = _header(part, "Content-Location") or _header(message, "Snapshot-Content-Location")
            meta = {"url": where, **found.meta} if where else found.meta
            return [replace(found, format="saved page", meta=meta)]
    raise Unreadable("it holds no page in HTML")


def _parsed(data: bytes) -> Message:
    lower = data.lower()
    # each boundary makes the parser look at every line once more
    if lower.count(b"boundary=") > MOST_PARTS or lower.count(b"\ncontent-type:") > 5 * MOST_PARTS:
        raise Unreadable(f"it holds more than {MOST_PARTS} parts", "save its text and attachments one by one")
    try:
        return email.message_from_bytes(data)
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise Unreadable("its parts are nested too deep or damaged", "save its text by itself") from error


def _read(message: Message, part: str, read_file: ReadFile, count: list[int]) -> Iterator[Extract]:
    mail = _collected(message, count)
    meta = _metadata(message)
    text = "\n\n".join(piece for piece in mail.plain if piece.strip())
    if not text and mail.pages:
        text = "\n\n".join(read_html(page)[0].text for page in mail.pages)
    if text.strip() or not (mail.attached or mail.mails):
        yield Extract(text, "e-mail", meta, part=part)
    for name, content in mail.attached:
        try:
            inner = read_file(name, content)
        except Unreadable as error:
            yield Extract("", "attachment", part=name, refused=str(error), remedy=error.remedy)
            continue
        for item in inner:
            known = {**({"published": meta["published"]} if "published" in meta else {}), **item.meta}
            yield replace(item, meta=known, part="#".join(filter(None, (name, item.part))))
    for inner_mail in mail.mails:
        subject = _header(inner_mail, "Subject") or "message"
        yield from _read(inner_mail, subject, read_file, count)


def _collected(message: Message, count: list[int]) -> _Mail:
    mail = _Mail()
    for part in _leaves(message, count):
        if part.get_content_type() == "message/rfc822":
            content = part.get_payload()
            inner = content if isinstance(content, list) else []
            mail.mails.extend(item for item in inner if isinstance(item, Message))
            continue
        body = part.get_payload(decode=True)
        if not isinstance(body, bytes):
            continue
        name = _decoded(part.get_filename("") or "")
        kind = part.get_content_type()
        charset = _charset(part)
        if name or part.get_content_disposition() == "attachment":
            mail.attached.append((name or f"attachment.{kind.rpartition('/')[2]}", body))
        elif kind == "text/plain":
            mail.plain.append(_unquoted(decode(body, charset), part))
        elif kind == "text/html":
            mail.pages.append(decode(body, charset).encode("utf-8", "replace"))
    return mail


def _leaves(message: Message, count: list[int]) -> Iterator[Message]:
    """Parts that hold no others, in their order; mails inside are parts themselves."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        count[0] += 1
        if count[0] > MOST_PARTS:
            raise Unreadable(
                f"it holds more than {MOST_PARTS} parts", "save its text and attachments one by one"
            )
        content = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(content, list):
            waiting.extend(item for item in reversed(content) if isinstance(item, Message))
        else:
            yield part


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset("") or ""
    except (LookupError, UnicodeError):
        return ""


def _unquoted(text: str, part: Message) -> str:
    """Text without the marks of quoted replies, and with the lines joined that a program has wrapped."""
    text = _QUOTED.sub("", text.replace("\r\n", "\n"))
    if str(part.get_param("format", "")).lower() == "flowed":
        gap = "" if str(part.get_param("delsp", "")).lower() == "yes" else " "
        text = re.sub(r"(?<!^--) \n(?=\S)", gap, text, flags=re.MULTILINE)
    return text


def _metadata(message: Message) -> dict[str, str]:
    """Title, author, address of the sender and date, from the headers."""
    name, address = email.utils.parseaddr(_header(message, "From"))
    meta = {"title": _header(message, "Subject"), "author": name or address, "sender": address}
    try:
        meta["published"] = email.utils.parsedate_to_datetime(_header(message, "Date")).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        meta["published"] = ""
    return {field: value for field, value in meta.items() if value}


def _header(message: Message, name: str) -> str:
    return _decoded(str(message.get(name, "")))


def _decoded(printed: str) -> str:
    """A header with its encoded words read."""
    try:
        parts = email.header.decode_header(" ".join(printed[:_LONGEST_HEADER].split()))
        return str(email.header.make_header(parts)).strip()
    except (ValueError, LookupError, UnicodeError):
        return printed[:_LONGEST_HEADER].strip()

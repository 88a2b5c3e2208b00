"""Small pieces of HTML that keep every number tied to what it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

__all__ = ["anchor", "join", "link", "link_numbers", "outside", "phrase", "unquoted"]

_NUMBER = re.compile(
    r"[^\s\d]*\d(?:\S*[\w%])?(?:\s(?:%|(?:per cent|percent|thousand|million|billion|trillion)\b))?"
)
_SHORT = 34
_FIGURE = re.compile(r"(?:between )?[−+$€£]?\d")
_ODD = re.compile(r"[^A-Za-z0-9._-]")


def anchor(kind: str, name: str) -> str:
    """The id of a thing on the page; different names never share one.

    >>> anchor("claim", "S048"), anchor("prior", "war end_rate")
    ('claim-S048', 'prior-war:20end_rate')
    """
    return f"{kind}-" + _ODD.sub(lambda match: f":{ord(match[0]):X}", name)


def link(kind: str, name: str, text: object) -> Markup:
    """A link within the page; `text` is escaped unless it is markup already."""
    label = str(text)
    if kind != "claim" and len(label) < _SHORT and _FIGURE.match(label):
        return Markup('<a class="num" href="#{}">{}</a>').format(anchor(kind, name), text)
    return Markup('<a href="#{}">{}</a>').format(anchor(kind, name), text)


def phrase(template: str, *places: object, **parts: object) -> Markup:
    """A sentence with its parts filled in and escaped."""
    return Markup(template).format(*places, **parts)


def join(parts: Iterable[object], last: str = "and") -> Markup:
    """Items in a row: "a, b and c"."""
    items = [escape(part) for part in parts]
    if not items:
        return Markup("")
    if len(items) == 1:
        return items[0]
    head = Markup(", ").join(items[:-1])
    return head + Markup(" {} ").format(last) + items[-1]


def link_numbers(text: str, kind: str, name: str) -> Markup:
    """A text of somebody else with each of its numbers linked to one place."""
    out, last = Markup(""), 0
    for match in _NUMBER.finditer(text):
        out += escape(text[last : match.start()]) + link(kind, name, match[0])
        last = match.end()
    return out + escape(text[last:])


def unquoted(text: str) -> str:
    """A summary without quotation marks: double ones become single, so that nothing looks quoted."""
    return re.sub(r"[“”„«»\"]", "’", text)


def outside(address: str) -> Markup:
    """An address as a link if it is one of the web, else as text; nothing is fetched from it."""
    if address.startswith(("https://", "http://")):
        return Markup('<a rel="noopener noreferrer" href="{0}">{0}</a>').format(address)
    return escape(address)

"""RSS and Atom feeds: each entry is a document."""

from __future__ import annotations

import re
import time
from typing import Any

from quidproquo.reading.documents.extract import Extract, Unreadable
from quidproquo.reading.documents.html import plain
from quidproquo.reading.documents.limits import MOST_ENTRIES_OF_FEED, MOST_HTML, megabytes

__all__ = ["read_feed"]

_ENTRY = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)


_FIGURES = re.compile(r"\s*(?:\d{4}[/.]\d{1,2}[/.]\d{1,2}|\d{9})")


def read_feed(data: bytes) -> list[Extract]:
    """The entries of a feed, with title, author, link and date of each.

    Raises:
        Unreadable: if it is no feed, has no entry, or more than the limits allow.
    """
    import feedparser

    if len(data) > MOST_HTML or len(_ENTRY.findall(data)) > MOST_ENTRIES_OF_FEED:
        raise Unreadable(
            f"it is a feed of more than {MOST_ENTRIES_OF_FEED:,} entries or {megabytes(MOST_HTML)}",
            "split it",
        )
    parsed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    if not parsed.entries:
        raise Unreadable(
            "it is a feed without entries" if parsed.get("version") else "it is XML, but no feed"
        )
    site = str(parsed.feed.get("title", ""))
    return [_entry(entry, site, index) for index, entry in enumerate(parsed.entries, start=1)]


def _entry(entry: Any, site: str, index: int) -> Extract:  # noqa: ANN401 - feedparser has no types
    bodies = [str(part.get("value", "")) for part in entry.get("content", [])]
    body = max([*bodies, str(entry.get("summary", ""))], key=len)
    # Asked as plain keys: the parser's own look-up takes one date for the other, with a warning.
    stamp = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    printed = str(dict.get(entry, "published") or dict.get(entry, "updated") or "")
    meta = {
        "title": str(entry.get("title", "")),
        "author": str(entry.get("author", "")),
        "publisher": site,
        "url": str(entry.get("link", "")),
        # A date in figures alone is taken as printed: parsers of feeds make a year of it.
        "published": time.strftime("%Y-%m-%d", stamp) if stamp and not _FIGURES.match(printed) else printed,
    }
    title = plain(meta["title"])
    text = plain(body)
    whole = text if not title or text.startswith(title) else f"{title}\n\n{text}"
    name = str(entry.get("id", "") or entry.get("link", "") or index)
    return Extract(whole.strip(), "feed", {k: v for k, v in meta.items() if v}, part=name)

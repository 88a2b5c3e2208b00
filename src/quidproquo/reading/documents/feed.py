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
    stamp = entry.get("published_parsed") or entry.get("updated_parsed")
    meta = {
        "title": str(entry.get("title", "")),
        "author": str(entry.get("author", "")),
        "publisher": site,
        "url": str(entry.get("link", "")),
        "published": time.strftime("%Y-%m-%d", stamp) if stamp else "",
    }
    title = plain(meta["title"])
    text = plain(body)
    whole = text if not title or text.startswith(title) else f"{title}\n\n{text}"
    name = str(entry.get("id", "") or entry.get("link", "") or index)
    return Extract(whole.strip(), "feed", {k: v for k, v in meta.items() if v}, part=name)

"""When a document was published: from its metadata, its dateline or its body."""

from __future__ import annotations

import re

from quidproquo.reading.dates.find import dates
from quidproquo.terms.edtf import Interval, parse
from quidproquo.terms.errors import DateError

__all__ = ["published_of"]

_ISO = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)\b")
_STAMP = re.compile(
    r"^[ \t]*(?:published|posted|updated|date|released|issued|publication date)?[ \t]*(?:on|:)?[ "
    r"\t]*(.{6,40}?)[ \t]*$",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"^[^\n]{0,60}?\b((?:[A-Z][a-z]{2,8}\.?[ ]\d{1,2}(?:,[ ]\d{4})?|\d{1,2}[ ][A-Z][a-z]{2,8}\.?(?:[ "
    r"]\d{4})?))[ ]?(?:\([^)\n]{2,40}\))?[ ]?[—–-]"
)
_HEAD = 1500
_UNDATED = ("undated", "unknown")  # said outright: then no date is looked for in the text


def published_of(text: str, meta: dict[str, str]) -> tuple[Interval | None, str]:
    """The publication date and the clue that gave it: "metadata", "dateline", "body" or ""."""
    printed = meta.get("published") or meta.get("date") or ""
    if printed.strip().casefold() in _UNDATED:
        return None, "metadata"
    found = _metadata(printed)
    if found is not None:
        return found, "metadata"
    head = text[:_HEAD]
    stamped = _stamped(head)
    if stamped is not None:
        return stamped, "dateline"
    line = _dateline(head)
    if line is not None:
        return line, "dateline"
    latest = _latest(text)
    return (latest, "body") if latest is not None else (None, "")


def _metadata(printed: str) -> Interval | None:
    for candidate in (printed.strip(), _prefix(printed)):
        try:
            if candidate:
                return parse(candidate)
        except DateError:
            continue
    whole = [item.interval for item in dates(printed[:60]) if item.interval is not None]
    return whole[0] if whole else None


def _prefix(printed: str) -> str:
    compact = _COMPACT.match(printed.strip())
    if compact is not None:
        return "-".join(compact.groups())
    iso = _ISO.match(printed.strip())
    return iso[0] if iso else ""


def _stamped(head: str) -> Interval | None:
    """A line of the head that is nothing but a full date, or says "published" before one."""
    for line in head.splitlines()[:15]:
        found = _STAMP.match(line)
        if found is None:
            continue
        listed = [item for item in dates(found[1]) if item.interval is not None and not item.relative]
        if (
            listed
            and listed[0].interval is not None
            and listed[0].interval.days == 1
            and len(listed[0].surface) >= 0.6 * len(found[1])
        ):
            return listed[0].interval
    return None


def _dateline(head: str) -> Interval | None:
    """The date of a dateline such as "GENEVA, Oct. 24, 2024 (Agency) —"."""
    for line in head.splitlines()[:15]:
        found = _DATELINE.match(line)
        if found is None:
            continue
        listed = [item.interval for item in dates(found[1]) if item.interval is not None]
        if listed:
            return listed[0]
    return None


def _latest(text: str) -> Interval | None:
    """The latest full date that the text names outright; a text can't be older than that."""
    days = [
        item.interval
        for item in dates(text[:200_000])
        if item.interval is not None and not item.relative and item.interval.days == 1
    ]
    return max(days, key=lambda item: item.end, default=None)

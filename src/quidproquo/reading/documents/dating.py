"""When a document was published: from its metadata or its dateline."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from quidproquo.reading.dates.find import dates
from quidproquo.terms.edtf import Interval, parse
from quidproquo.terms.errors import DateError

__all__ = ["published_of"]

_ISO = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?(?!\d)")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
# Year, month and day in figures, whatever stands between: "2016/6/29", "2016. 6. 29.".
_FIGURES = re.compile(r"((?:19|20)\d\d)\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})(?!\d)")
_SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?")
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


def published_of(text: str, meta: dict[str, str], today: date | None = None) -> tuple[Interval | None, str]:
    """The publication date and the clue that gave it: "metadata", "dateline" or "".

    A date in the body tells what the text is about, not when it came out, so none is taken from there; nor is
    any after `today` (by default the day on the clock), as nothing is published before it is written.
    """
    printed = meta.get("published") or meta.get("date") or ""
    if printed.strip().casefold() in _UNDATED:
        return None, "metadata"
    latest = (today or date.today()) + timedelta(days=1)  # noqa: DTZ011 - a day's grace covers every time zone
    head = text[:_HEAD]
    for found, clue in (
        (_metadata(printed), "metadata"), (_stamped(head), "dateline"), (_dateline(head), "dateline")
    ):  # fmt: skip
        if found is not None and found.start <= latest:
            return found, clue
    return None, ""


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
    """The beginning of a printed date as EDTF, "" where it has none; a year alone only where nothing follows."""
    stripped = printed.strip()
    for pattern in (_COMPACT, _FIGURES):
        found = pattern.match(stripped)
        if found is not None:
            return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    if _SECONDS.fullmatch(stripped):
        return datetime.fromtimestamp(float(stripped), UTC).date().isoformat()
    iso = _ISO.match(stripped)
    return iso[0] if iso is not None and (len(iso[0]) > _YEAR or iso.end() == len(stripped)) else ""


_YEAR = 4


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

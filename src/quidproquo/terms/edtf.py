"""Dates as closed intervals of days, read from the Extended Date/Time Format (EDTF level 0)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from quidproquo.terms.errors import DateError, sentence

__all__ = ["Interval", "parse"]

_POINT = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")


@dataclass(frozen=True, order=True)
class Interval:
    """A closed interval of days: both ends belong to it.

    `edtf` is the text that it was read from, or the shortest text that says the same.
    """

    start: date
    end: date
    edtf: str = ""

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise DateError(
                sentence(
                    f"date '{self.edtf}'",
                    "start",
                    self.start.isoformat(),
                    f"no later than its end, {self.end.isoformat()}",
                    "swap the two ends",
                )
            )
        if not self.edtf:
            object.__setattr__(self, "edtf", _shortest(self.start, self.end))

    @property
    def days(self) -> int:
        """Number of days in the interval, at least 1."""
        return (self.end - self.start).days + 1

    def overlaps(self, other: Interval) -> bool:
        """Whether the two share at least one day."""
        return self.start <= other.end and other.start <= self.end

    def contains(self, other: Interval) -> bool:
        """Whether every day of `other` lies in this interval."""
        return self.start <= other.start and other.end <= self.end


def parse(text: str) -> Interval:
    """Read an EDTF year, month, day or interval of these.

    Raises:
        DateError: if the text is none of these or names a day that doesn't exist.

    >>> parse("2024-10").end.isoformat()
    '2024-10-31'
    """
    ends = text.strip().split("/")
    if len(ends) > 2:
        raise _not_a_date(text)
    points = [_point(end, text) for end in ends]
    return Interval(points[0][0], points[-1][1], text.strip())


def _point(text: str, whole: str) -> tuple[date, date]:
    match = _POINT.fullmatch(text.strip())
    if match is None:
        raise _not_a_date(whole)
    year = int(match["year"])
    try:
        if match["day"]:
            day = date(year, int(match["month"]), int(match["day"]))
            return day, day
        if match["month"]:
            month = int(match["month"])
            last = calendar.monthrange(year, month)[1]
            return date(year, month, 1), date(year, month, last)
        return date(year, 1, 1), date(year, 12, 31)
    except (ValueError, IndexError) as error:
        raise _not_a_date(whole) from error


def _not_a_date(text: str) -> DateError:
    return DateError(
        sentence(
            "date",
            "text",
            text,
            "a year, a month, a day or an interval such as 2024, 2024-10, 2024-10-23 or 1964/1965",
            "write the date in that form",
        )
    )


def _shortest(start: date, end: date) -> str:
    if start == end:
        return start.isoformat()
    last = calendar.monthrange(end.year, end.month)[1]
    if start.day == 1 and end.day == last:
        if (start.year, start.month) == (end.year, end.month):
            return f"{start:%Y-%m}"
        if start.month == 1 and end.month == 12:
            return f"{start:%Y}" if start.year == end.year else f"{start:%Y}/{end:%Y}"
        return f"{start:%Y-%m}/{end:%Y-%m}"
    return f"{start.isoformat()}/{end.isoformat()}"

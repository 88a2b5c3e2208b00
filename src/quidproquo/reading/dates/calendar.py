"""Names of months, weekdays, seasons and parts of a year, and arithmetic on calendar periods."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from quidproquo.terms.edtf import Interval

__all__ = ["MONTHS", "SEASONS", "WEEKDAYS", "day", "month", "part_of", "quarter", "shift_months", "year"]

MONTHS = {
    name: index
    for index, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {
    name: index
    for index, names in enumerate(
        (
            "monday mon", "tuesday tue tues", "wednesday wed", "thursday thu thurs", "friday fri", "saturday sat",
            "sunday sun",
        )
    )
    for name in names.split()
}  # fmt: skip
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
_THIRDS = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}
_FIRST, _LAST = 1, 9999


def day(value: date) -> Interval:
    """The interval of one day."""
    return Interval(value, value)


def month(year_number: int, number: int) -> Interval | None:
    """The interval of a month, or None outside the calendar."""
    if not (_FIRST <= year_number <= _LAST and 1 <= number <= 12):
        return None
    last = calendar.monthrange(year_number, number)[1]
    return Interval(
        date(year_number, number, 1), date(year_number, number, last), f"{year_number:04d}-{number:02d}"
    )


def year(first: int, last: int | None = None) -> Interval | None:
    """The interval of a year, or of a run of years, or None outside the calendar."""
    last = first if last is None else last
    if not _FIRST <= first <= last <= _LAST:
        return None
    edtf = f"{first:04d}" if first == last else f"{first:04d}/{last:04d}"
    return Interval(date(first, 1, 1), date(last, 12, 31), edtf)


def quarter(year_number: int, number: int) -> Interval | None:
    """The interval of a quarter of a calendar year."""
    first, last = month(year_number, 3 * number - 2), month(year_number, 3 * number)
    return Interval(first.start, last.end) if first and last else None


def shift_months(value: date, count: int) -> date | None:
    """The same day some months later (or earlier), or the last day of a shorter month."""
    index = value.year * 12 + value.month - 1 + count
    number, at = divmod(index, 12)
    if not _FIRST <= number <= _LAST:
        return None
    last = calendar.monthrange(number, at + 1)[1]
    return date(number, at + 1, min(value.day, last))


def part_of(whole: Interval, word: str) -> Interval:
    """The early, middle or late third of an interval, on whole months where it spans a year or more.

    >>> part_of(year(2023), "late").edtf
    '2023-09/2023-12'
    """
    third = _THIRDS[word]
    if (whole.start.day, whole.start.month) == (1, 1) and (whole.end.day, whole.end.month) == (31, 12):
        months = 12 * (whole.end.year - whole.start.year + 1)
        start = shift_months(whole.start, third * months // 3)
        stop = shift_months(whole.start, (third + 1) * months // 3)
        if start is not None and stop is not None:
            return Interval(start, stop - timedelta(days=1))
        return whole
    days = whole.days
    start = whole.start + timedelta(days=third * days // 3)
    stop = whole.start + timedelta(days=max(1, (third + 1) * days // 3) - 1)
    return Interval(start, max(start, stop))

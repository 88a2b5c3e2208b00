"""A case on a later day than its own: it carries on, so that what is reported meanwhile counts.

The decision date is that day. The horizon moves by as many months, and options begin as long after the decision
date as before. Priors stay as they are, with the days by which they were known.
"""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date

from quidproquo.cases.record import Case

__all__ = ["carried_on", "carried_on_note"]


def carried_on(case: Case, as_of: date) -> Case:
    """The case on a day; as it is where that isn't later than its own decision date."""
    if as_of <= case.decision_date:
        return case
    passed = as_of - case.decision_date
    months = 12 * (as_of.year - case.decision_date.year) + as_of.month - case.decision_date.month
    return replace(
        case,
        decision_date=as_of,
        horizon=later(case.horizon, months),
        options={name: replace(option, start=option.start + passed) for name, option in case.options.items()},
    )


def later(day: date, months: int) -> date:
    """A day so many months later; the last day of a month stays one."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    length = calendar.monthrange(year, month)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month, length if is_last else min(day.day, length))


def carried_on_note(before: Case, after: Case) -> str:
    """One sentence on what has moved; empty where nothing has."""
    if before.decision_date == after.decision_date:
        return ""
    return (
        f"The case carries on from {before.decision_date} to {after.decision_date}: its horizon is "
        f"{after.horizon} now instead of {before.horizon}, and options begin as long after the decision date "
        "as before."
    )

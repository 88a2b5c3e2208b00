"""Technology programmes as data: the record so far, and milestones with and without help."""

from __future__ import annotations

from quidproquo.study.schema.record import Distribution, Record

__all__ = [
    "CountRecord",
    "ProgrammeRecord",
]


class CountRecord(Record):
    """A count of a programme's record so far: quantiles over worlds, and the claims that state it."""

    title: str
    q05: float
    q50: float
    q95: float
    claims: list[str]


class ProgrammeRecord(Record):
    """A technology programme: its record, and its milestone with and without help.

    `reached` and `unaided` are probabilities by the horizon, `now` and `now_unaided` by the as-of
    date; `gained` is in months, counted from the decision date. `rate` is the unaided rate a year,
    `rate_before` the same by the prior. `helped` is the chance that help has come by the as-of date.
    `open` says that the record leaves open whether the milestone has been reached.
    """

    title: str
    milestone: str
    topic: str
    open: bool
    from_record: bool
    record: dict[str, CountRecord]
    rate_before: Distribution
    rate: Distribution
    helped: Distribution
    now: Distribution
    now_unaided: Distribution
    unaided: Distribution
    reached: Distribution
    gained: Distribution
    claims: list[str]

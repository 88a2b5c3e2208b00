"""Parts of the brief on money and on programmes: published totals beside worlds, and milestones."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["CountRecord", "ProgrammeRecord", "Range", "TotalCellRecord", "TotalReadingRecord", "TotalRecord"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Range(_Record):
    """A distribution over worlds; `mcse` is the Monte Carlo error of the mean."""

    mean: float
    mcse: float
    q05: float
    q50: float
    q95: float


class TotalCellRecord(_Record):
    """A published total in the worlds of one joint state of the hypotheses that it is held against.

    Quantiles are of what the reading counts, in the claim's unit. `tail` is the two-sided tail
    probability of the report there, its error and bias in it (for a bound: the chance that it is
    kept), with its Monte Carlo error. `factor` says how probable the report is beside all worlds,
    `before` and `after` how probable the state is without the report and with it. Numbers are
    missing where too few worlds are in that state.
    """

    states: dict[str, str]
    worlds: int
    before: float
    after: float | None
    q05: float | None
    q50: float | None
    q95: float | None
    tail: float | None
    tail_mcse: float | None
    factor: float | None
    verdict: str


class TotalReadingRecord(_Record):
    """Something that a published total may count, with what all worlds and those of each state give."""

    title: str
    formula: str
    inputs: dict[str, str]
    q05: float
    q50: float
    q95: float
    tail: float
    cells: list[TotalCellRecord]


class TotalRecord(_Record):
    """A published total, judged in worlds that neither it nor any other total has touched.

    `weighs` says that it conditions the worlds of the rest of the brief; `left_out` are the claims
    without which it was judged. `by` holds the hypotheses with their titles. The first reading is
    what it says itself that it counts.
    """

    title: str
    topic: str
    claim: str
    unit: str
    weighs: bool
    left_out: list[str]
    by: dict[str, str]
    readings: dict[str, TotalReadingRecord]
    note: str


class CountRecord(_Record):
    """A count of a programme's record so far: quantiles over worlds, and the claims that state it."""

    title: str
    q05: float
    q50: float
    q95: float
    claims: list[str]


class ProgrammeRecord(_Record):
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
    rate_before: Range
    rate: Range
    helped: Range
    now: Range
    now_unaided: Range
    unaided: Range
    reached: Range
    gained: Range
    claims: list[str]

"""Published totals as data, set against the worlds of each joint answer to the hypotheses."""

from __future__ import annotations

from typing import Literal

from quidproquo.study.schema.record import Record

__all__ = [
    "TotalCellRecord",
    "TotalInterpretationRecord",
    "TotalRecord",
    "Verdict",
]

Verdict = Literal["consistent", "strained", "not consistent", "too few worlds"]


class TotalCellRecord(Record):
    """A published total in the worlds of one joint state of the hypotheses that it is held against.

    Quantiles are of what the interpretation counts, in the claim's unit. `tail` is the two-sided tail
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
    verdict: Verdict


class TotalInterpretationRecord(Record):
    """Something that a published total may count, with what all worlds and those of each state give."""

    title: str
    formula: str
    inputs: dict[str, str]
    q05: float
    q50: float
    q95: float
    tail: float
    cells: list[TotalCellRecord]


class TotalRecord(Record):
    """A published total, judged in worlds that neither it nor any other total has touched.

    `weighs` says that it conditions the worlds of the rest of the brief; `left_out` are the claims
    without which it was judged. `by` holds the hypotheses with their titles. The first interpretation
    is what it says itself that it counts.
    """

    title: str
    topic: str
    claim: str
    unit: str
    weighs: bool
    left_out: list[str]
    by: dict[str, str]
    interpretations: dict[str, TotalInterpretationRecord]
    note: str

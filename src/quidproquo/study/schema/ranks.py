"""Ranks of planted truths as data: a simulation-based calibration."""

from __future__ import annotations

from pydantic import Field

from quidproquo.study.schema.record import Record

__all__ = [
    "MutantRecord",
    "RankRecord",
    "RankTest",
    "RanksOnFile",
]


class RankRecord(Record):
    """How often a planted truth took each rank among the draws; uniform ranks are calibrated.

    `counts` has one place more than there are draws. `kind` says what is ranked, such as parameter,
    hypothesis, fit, prediction or margin. `contraction` is one less the mean variance after over
    that of the prior, for what is a coordinate of a world.
    """

    kind: str
    counts: list[int]
    p: float
    contraction: float | None = None


class MutantRecord(Record):
    """The conditioning with a fault put into it: it must fail."""

    title: str
    replicates: int
    p: float
    shown_by: str
    failed: bool


class RankTest(Record):
    """Ranks of planted truths, and whether they are uniform.

    `p` is the least p-value times the number of quantities (Bonferroni), and passes at `level` or
    above. `low` and `high` hold the counts of ranks below each place but the first, for one
    quantity, at all places at once in 95% of cases.
    """

    made: str
    level: float
    p: float
    passed: bool
    low: list[int]
    high: list[int]
    quantities: dict[str, RankRecord]
    mutants: dict[str, MutantRecord] = Field(default_factory=dict)


class RanksOnFile(RankTest):
    """A recorded simulation-based calibration of the conditioning, as the brief shows it.

    `changed` says what is no longer as it was when the record was made.
    """

    replicates: int
    changed: list[str] = Field(default_factory=list)

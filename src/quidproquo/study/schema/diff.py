"""What changed between two runs, and what it is due to, as data."""

from __future__ import annotations

from typing import Literal

from quidproquo.study.schema.record import Record

__all__ = ["DiffAnswer", "DiffGroup", "DiffSide", "PartRecord", "SplitRecord"]


class DiffSide(Record):
    """One of the two runs."""

    name: str
    case: str
    as_of: str
    seed: int
    worlds: int
    version: str


class DiffGroup(Record):
    """What differs of one kind: removed, regraded and added claims by id, or priors by parameter or hypothesis."""

    id: Literal["removed", "regraded", "added", "priors"]
    members: list[str]


class PartRecord(Record):
    """The share of one group in a movement, with its Monte Carlo error."""

    value: float
    mcse: float


class SplitRecord(Record):
    """One number before and after, and what the difference is due to.

    `parts` and `remainder` (model, versions, seed and chance) add up to `after` less `before`. `mcse` is the Monte
    Carlo error of that difference, `deviations` is it in standard deviations over the new run's worlds (0 for a
    rank or a regret). `moves` says that it is more than four errors and at least 0.05 deviations; of a rank, that
    it is another.
    """

    title: str
    unit: str
    before: float
    after: float
    mcse: float
    deviations: float
    moves: bool
    parts: dict[str, PartRecord]
    remainder: float


class DiffAnswer(Record):
    """What changed between an old and a new run of a case.

    `preferred` are the options that can't be told from the best one, in both runs. `groups` are those in which
    anything differs. `sets` says for each set of groups how its worlds were got: "weights", "conditioned again",
    or "not reliable" where weights can't be trusted and worlds couldn't be conditioned again; the key names the
    groups that have happened, joined by "+". `titles` are those of the options.
    """

    old: DiffSide
    new: DiffSide
    groups: list[DiffGroup]
    sets: dict[str, str]
    preferred: tuple[list[str], list[str]]
    ranked: bool
    estimates: dict[str, SplitRecord]
    answers: dict[str, SplitRecord]
    metrics: dict[str, dict[str, SplitRecord]]
    regrets: dict[str, SplitRecord]
    ranks: dict[str, SplitRecord]
    titles: dict[str, str]

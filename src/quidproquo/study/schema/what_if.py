"""A what-if as data: what was supposed, what it moves, and how far that can be trusted."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from quidproquo.study.schema.record import FiniteOrNone, Record

__all__ = ["LevelRecord", "Method", "MovementRecord", "WhatIfAnswer", "WhatIfOption", "WhatIfQuestion"]

Method = Literal["no change", "weights", "conditioned again", "not judged"]


class WhatIfQuestion(Record):
    """What is supposed, each by its id.

    `without` holds kind:id of what is left out; `reliability` the grade of an origin; `priors` where a prior is
    moved to, as wide as before (q05 and q95 are its own 5 and 95% points, a number is in the parameter's
    unit); `hypotheses` the answer that is taken as certain.
    """

    without: list[str] = Field(default_factory=list)
    reliability: dict[str, str] = Field(default_factory=dict)
    priors: dict[str, str] = Field(default_factory=dict)
    hypotheses: dict[str, str] = Field(default_factory=dict)


class LevelRecord(Record):
    """Mean and 5, 50 and 95% quantiles over worlds, in the number's own unit."""

    mean: float
    q05: float
    q50: float
    q95: float


class MovementRecord(Record):
    """One number before and after.

    `shift` is that of the mean, in `unit`, with its Monte Carlo error `mcse`; `deviations` the same in posterior
    standard deviations. `moves` says that it is more than four errors and at least 0.05 deviations.
    """

    title: str
    unit: str
    before: LevelRecord
    after: LevelRecord
    shift: float
    mcse: float
    deviations: float
    moves: bool


class WhatIfOption(Record):
    """An option before and after: its mean value, its regret at the 95% quantile, its rank, and its metrics."""

    title: str
    value: tuple[float, float]
    regret: tuple[float, float]
    rank: tuple[int, int]
    metrics: dict[str, MovementRecord]


class WhatIfAnswer(Record):
    """What a what-if moves.

    `method` says how it was judged: by other weights on the run's worlds, or by worlds that were conditioned
    again. `reliability` says in words how far that can be trusted. `claims` are those that it leaves out or
    grades otherwise. `preferred` are the options that can't be told from the best one, before and after;
    `margin` is the lead of the option that was first, before and after, and `margin_mcse` the Monte Carlo
    error of how far it moves. `ranked` is false where the case weighs no metric. `name` is that under which
    the what-if is kept. `run` tells the run that it was asked of from others.
    """

    name: str = ""
    case: str
    as_of: str
    seed: int
    worlds: int
    run: str
    title: str
    question: WhatIfQuestion
    method: Method
    reliable: bool
    reliability: str
    pareto_k: FiniteOrNone
    ess: float
    claims: list[str]
    estimates: dict[str, MovementRecord]
    options: dict[str, WhatIfOption]
    hypotheses: dict[str, dict[str, MovementRecord]]
    ranked: bool
    preferred: tuple[list[str], list[str]]
    margin: tuple[float, float]
    margin_mcse: float

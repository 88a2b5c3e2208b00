"""How far a run can be trusted, and what it was made with."""

from __future__ import annotations

from pydantic import Field

from quidproquo.study.schema.record import Day, Record

__all__ = [
    "CaseCard",
    "Diagnostics",
    "MisfitRecord",
    "MisfitSummary",
    "Versions",
]


class Versions(Record):
    """Of the package, the case's files (a hash) and the tables that turn words into numbers."""

    quidproquo: str
    case: str
    tables: dict[str, str]
    libraries: dict[str, str]


class CaseCard(Record):
    """What the case is about."""

    id: str
    title: str
    question: str
    start: Day
    decision_date: Day
    horizon: Day
    actors: dict[str, str]


class MisfitRecord(Record):
    """How a claim sits in what the claims of other origins lead one to expect.

    Without the claim's origin, `expected` holds the 5, 50 and 95% quantiles of what the worlds say of
    its quantity on its own days, in `unit`, and `chance` the probability of its proposition; report
    error isn't in them. `below` is the chance of a report at most as high as the one made, and
    `tail` twice its distance to the nearer end; both are null where the claim can't be judged.
    `broken` is, for a claim that only bounds, the probability by all claims that the bound is broken; null for
    others. A bound is never wrong for lying far from the figure on its own side.
    """

    claim: str
    unit: str
    expected: tuple[float, float, float] | None
    chance: float | None
    below: float | None
    tail: float | None
    probability_wrong: float
    verdict: str
    broken: float | None = None


class MisfitSummary(Record):
    """How claims sit among the others: a test of the history that the model tells, and not of its options.

    `claims` are those judged, the worst fit first; `unjudged` the other claims that weigh.
    `outside` is the share of those judged beyond the 1 and 99% points, bounds that are kept not among them.
    """

    claims: list[MisfitRecord]
    outside: float
    verdict: str = ""
    unjudged: list[MisfitRecord] = Field(default_factory=list)


class Diagnostics(Record):
    """How far the run itself can be trusted, and what was counted on the way.

    `base_changes` counts the claims by which the case differs from its base, from whose posterior worlds were
    taken on to the claims; null where they were conditioned from the prior.
    """

    run_ess_min: float
    run_ess_median: float
    run_ess_min_of: str
    pareto_k: float
    reruns: int
    islands: int
    failed_worlds: int
    hindsight: list[str]
    claims_total: int
    claims_used: int
    claims_unused: dict[str, int]
    claims_by_state: dict[str, int]
    unclassified_appearances: int
    documents_by_status: dict[str, int]
    reviewed_only: bool
    accepted_only_margin: float | None
    temperatures: int
    acceptance: float
    rank_correlation: float
    thorough: bool
    base_changes: int | None = None
    verdict: str
    warnings: list[str]

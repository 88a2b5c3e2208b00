"""The brief's appendix as data: what reads what in the model, and ranks of planted truths."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = [
    "InfluenceDiagram",
    "InfluenceEdge",
    "InfluenceNode",
    "MutantRecord",
    "RankRecord",
    "RankTest",
    "RanksOnFile",
    "spelled_out",
]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class InfluenceNode(_Record):
    """Something that the model reads or writes.

    `kind` is mechanism, parameters (all of one mechanism), hypothesis, lever, chance or metric; `name`
    is its name in the case. `like` is the relationship that a mechanism is an instance of. `members`
    are the parameters, the states of a hypothesis, or the options that use a lever. `claims` counts
    those that weigh and are compared with an output of the mechanism.
    """

    kind: str
    name: str
    title: str
    like: str = ""
    members: list[str] = []
    claims: int = 0


class InfluenceEdge(_Record):
    """`target` reads `source`: by `via`, in the days up to the decision date, in the months ahead, or both."""

    source: str
    target: str
    via: list[str]
    past: bool
    ahead: bool


class InfluenceDiagram(_Record):
    """What reads what, mechanisms in the order in which they run; noted while the model ran."""

    nodes: dict[str, InfluenceNode]
    edges: list[InfluenceEdge]


class RankRecord(_Record):
    """How often a planted truth took each rank among the draws; even ranks are calibrated.

    `counts` has one place more than there are draws. `kind` says what is ranked, such as parameter,
    hypothesis, fit, prediction or margin. `contraction` is one less the mean variance after over
    that of the prior, for what is a coordinate of a world.
    """

    kind: str
    counts: list[int]
    p: float
    contraction: float | None = None


class MutantRecord(_Record):
    """The conditioning with a fault put into it: it must fail."""

    title: str
    replicates: int
    p: float
    shown_by: str
    failed: bool


class RankTest(_Record):
    """Ranks of planted truths, and whether they are even.

    `p` is the least p-value times the number of quantities (Bonferroni), and passes at `level` or
    above. `low` and `high` hold the counts of ranks below each place but the first, for one
    quantity, at all places at once in 95 % of cases.
    """

    made: str
    level: float
    p: float
    passed: bool
    low: list[int]
    high: list[int]
    quantities: dict[str, RankRecord]
    mutants: dict[str, MutantRecord] = {}


class RanksOnFile(RankTest):
    """A recorded simulation-based calibration of the conditioning, as the brief shows it.

    `changed` says what is no longer as it was when the record was made.
    """

    replicates: int
    changed: list[str] = []


def spelled_out(name: str) -> str:
    """A name of the model as a reader sees it."""
    return name.replace("_", " ").replace(".", ": ")

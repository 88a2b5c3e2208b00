"""The brief as data: this model *is* `brief.json`, and the only thing that pages are drawn from.

It holds no clock, no path and no timing, so the same inputs and seed give the same bytes
on the same type of machine, whatever the number of cores.
Numbers are rounded to the digits that their Monte Carlo error supports only where they are shown.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from quidproquo.study.schema.appendix import InfluenceDiagram, RanksOnFile
from quidproquo.study.schema.backtest import BacktestOnFile
from quidproquo.study.schema.money import ProgrammeRecord, TotalRecord
from quidproquo.study.schema.smallest_set import SmallestSetRecord
from quidproquo.study.schema.steps import EvidenceSteps, PowerRecord
from quidproquo.study.schema.version import Versions

__all__ = ["Brief", "Versions"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CaseCard(_Record):
    """What the case is about."""

    id: str
    title: str
    question: str
    start: str
    decision_date: str
    horizon: str
    actors: dict[str, str]


class AppearanceRecord(_Record):
    """One place where a claim stands; `quote` is the document's own words only if `kind` is original."""

    document: str
    kind: str
    start: int
    end: int
    quote: str
    speakers: list[str]
    cue: str
    hedge: str
    page: int | None = None


class DocumentRecord(_Record):
    """A document that was read, or that could not be; `number` is its number in the list of sources."""

    id: str
    number: int
    name: str
    title: str
    kind: str
    publisher: str
    author: str
    published: str
    url: str
    snapshot: str
    status: str
    reason: str
    text: str


class ClaimRecord(_Record):
    """A claim with the columns of the tables, its grade, its state, and where it stands."""

    id: str
    role: str
    quantity: str
    proposition: str
    comparison: str
    near: bool
    value: float | None
    low: float | None
    high: float | None
    unit: str
    qualifier: str
    since: str
    event: str
    published: str
    speaker: str
    reporting_source: str
    origin: str
    family: str
    reliability: str
    credibility: int
    hedge: str
    paraphrase: str
    url: str
    verification: str
    note: str
    state: str
    derived: bool
    used: bool
    unused_reason: str
    appearances: list[AppearanceRecord]


class Estimate(_Record):
    """Quantiles of one quantity over dates, under the option named (policy as it stands)."""

    title: str
    unit: str
    scale: str
    kind: str
    option: str
    topic: str
    dates: list[str]
    q05: list[float]
    q25: list[float]
    q50: list[float]
    q75: list[float]
    q95: list[float]
    as_of_index: int
    prior_q05: float
    prior_q50: float
    prior_q95: float
    run_ess: float
    claims: list[str]
    basis: str


class Figure(_Record):
    """A picture of the brief, by what it draws; `chart` is estimate, metric, ledger, options and so on."""

    id: str
    title: str
    chart: str
    subject: str


class TopicRecord(_Record):
    """One row S1–S14: what the documents say of it, and the numbers that answer."""

    title: str
    question: str
    estimates: list[str]
    metrics: list[str]
    figures: list[Figure]
    claims: list[str]


class CheckInputRecord(_Record):
    """A number that goes into a check; `basis` is "derived from the document" or "independent"."""

    name: str
    basis: str
    value: float | None
    low: float
    high: float
    unit: str
    claim: str
    source: str


class CheckRecord(_Record):
    """An arithmetic of the documents, redone from its inputs. It never weighs as evidence."""

    title: str
    topic: str
    formula: str
    unit: str
    inputs: list[CheckInputRecord]
    value: float | None
    low: float
    high: float
    expected_low: float | None
    expected_high: float | None
    holds: bool | None
    basis: str
    note: str


class LedgerRecord(_Record):
    """One line of what a side gives or gets at the as-of date."""

    id: str
    side: str
    title: str
    stage: str
    topic: str
    quantity: str
    unit: str
    q05: float
    q50: float
    q95: float
    claims: list[str]
    origins: int
    contested: bool


class MetricRecord(_Record):
    """A metric: what it is, its direction and anchors."""

    title: str
    unit: str
    direction: str
    worst: float
    best: float
    weight: float
    threshold: float
    meaning: str


class Spread(_Record):
    """A metric's or value's distribution over worlds; `mcse` is the Monte Carlo error of the mean."""

    mean: float
    mcse: float
    q05: float
    q50: float
    q95: float


class Regret(_Record):
    """What one gives up against each world's best option."""

    mean: float
    mcse: float
    q95: float
    cvar95: float


class OptionResult(_Record):
    """One option in one ensemble."""

    metrics: dict[str, Spread]
    regret: dict[str, Regret]
    value: Spread
    value_regret: Regret
    max_regret: float
    max_regret_cell: str
    robustness: float
    best_share: float


class OptionRecord(_Record):
    """An option, what it costs, who recommends it, and how it fares in both ensembles."""

    title: str
    summary: str
    baseline: bool
    levers: dict[str, float]
    cost: dict[str, float]
    start: str
    months: int
    recommended_by: list[str]
    weighted: OptionResult
    exploratory: OptionResult


class PreferredRecord(_Record):
    """The choice by the named rule; `options` holds more than one when they are tied."""

    rule: str
    option: str
    options: list[str]
    margin: float
    mcse: float
    range: tuple[float, float]
    conditions: list[str]
    reason: str


class WeightingRecord(_Record):
    """One member of the set of weightings over which lower and upper values are taken.

    `margin`, with its Monte Carlo error `mcse`, is that of the option preferred under all the
    evidence; it is negative where another leads. `rerun` says that the worlds were conditioned anew,
    `reliable` is false where neither that nor the weights can be trusted.
    """

    id: str
    kind: str
    title: str
    value: dict[str, float]
    q95_regret: dict[str, float]
    preferred: str
    margin: float
    mcse: float
    pareto_k: float
    reliable: bool
    rerun: bool


class LeverageRecord(_Record):
    """What moves when one thing is taken away, or supposed.

    Of kind letter (`id` origin=letter), the origin graded so; of kind prior (parameter=q05 or =q95), the
    prior moved, as wide as before, to its own 5 or 95 % point; of kind structure (hypothesis=state), a
    state taken for certain: there `shift` holds estimates that move by at least 0.1 and by four Monte
    Carlo errors, and weights alone judge.

    `shift` is in posterior standard deviations, per estimate, largest first; `margin_shift` in the
    unit of the preference rule, with its Monte Carlo error. `worth` says by what share it narrows the
    variance of the estimates that it narrows most. `reliable` is false where the weights can't be
    trusted, `rerun` true where the worlds were conditioned anew.
    """

    kind: str
    id: str
    title: str
    shift: dict[str, float]
    margin_shift: float
    margin_mcse: float
    worth: dict[str, float]
    preferred: str
    pareto_k: float
    reliable: bool
    rerun: bool
    backed_up_by: list[str]


class HypothesisStateRecord(_Record):
    """One state of a hypothesis with its probability before and after the claims."""

    title: str
    prior: float
    posterior: float
    mcse: float


class HypothesisRecord(_Record):
    """A structural doubt and its rival states."""

    title: str
    states: dict[str, HypothesisStateRecord]


class ConflictRecord(_Record):
    """Two claims that can't both be right about the same thing."""

    a: str
    b: str
    quantity: str
    reason: str


class CircularRecord(_Record):
    """Claims that look like several witnesses but go back to one."""

    origin: str
    claims: list[str]
    reason: str


class AssumptionRecord(_Record):
    """A prior: its interval, where it comes from, and what the claims made of it.

    `low` and `high` are as the case states them; the quantiles are those of the prior and of the
    weighted worlds, in `unit`. `place` holds the 5, 50 and 95 % quantiles of the weighted worlds on the
    parameter's coordinate, on which the prior is standard normal; `contraction` is one less the
    variance there, negative where it grew. `run_ess` is of the mean there. `scaling` is of this prior
    alone; null if the parameter is fixed or no claim weighs.
    """

    title: str
    mechanism: str
    unit: str
    low: float
    high: float
    distribution: str
    source: str
    judgement: bool
    known_by: str
    hindsight: bool
    prior_q05: float
    prior_q50: float
    prior_q95: float
    posterior_q05: float
    posterior_q50: float
    posterior_q95: float
    place: tuple[float, float, float]
    contraction: float
    run_ess: float
    scaling: PowerRecord | None = None


class MisfitRecord(_Record):
    """How a claim sits in what the claims of other origins lead one to expect.

    Without the claim's origin, `expected` holds the 5, 50 and 95 % quantiles of what the worlds say of
    its quantity on its own days, in `unit`, and `chance` the probability of its proposition; report
    error isn't in them. `below` is the chance of a report at most as high as the one made, and
    `tail` twice its distance to the nearer end; both are null where the claim can't be judged.
    """

    claim: str
    unit: str
    expected: tuple[float, float, float] | None
    chance: float | None
    below: float | None
    tail: float | None
    probability_wrong: float
    verdict: str


class MisfitSummary(_Record):
    """Whether the model can carry option results.

    `claims` are those judged, the worst fit first; `unjudged` the other claims that weigh.
    """

    claims: list[MisfitRecord]
    outside: float
    verdict: str
    unjudged: list[MisfitRecord] = []


class ForecastRecord(_Record):
    """A forecast that somebody made; it never conditions, and is scored when it resolves."""

    claim: str
    due: str
    probability: float | None
    note: str


class PriorityRecord(_Record):
    """What would be most worth knowing next."""

    id: str
    kind: str
    title: str
    reason: str
    score: float


class Diagnostics(_Record):
    """How far the run itself can be trusted, and what was counted on the way."""

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
    verdict: str
    warnings: list[str]


class Brief(_Record):
    """The whole result of a run."""

    format: str
    case: str
    as_of: str
    seed: int
    worlds: int
    versions: Versions
    about: CaseCard
    estimates: dict[str, Estimate]
    topics: dict[str, TopicRecord]
    checks: dict[str, CheckRecord]
    ledger: list[LedgerRecord]
    metrics: dict[str, MetricRecord]
    options: dict[str, OptionRecord]
    preferred: PreferredRecord
    pareto_front: list[str]
    dominated: dict[str, list[str]]
    weightings: list[WeightingRecord]
    leverage: list[LeverageRecord]
    hypotheses: dict[str, HypothesisRecord]
    conflicts: list[ConflictRecord]
    circular: list[CircularRecord]
    priorities: list[PriorityRecord]
    assumptions: dict[str, AssumptionRecord]
    misfit: MisfitSummary
    forecasts: list[ForecastRecord]
    totals: dict[str, TotalRecord]
    programmes: dict[str, ProgrammeRecord]
    claims: list[ClaimRecord]
    documents: list[DocumentRecord]
    diagnostics: Diagnostics
    influence: InfluenceDiagram = InfluenceDiagram(nodes={}, edges=[])
    backtest: BacktestOnFile = BacktestOnFile(standing="missing")
    ranks: RanksOnFile | None = None
    steps: EvidenceSteps = EvidenceSteps()
    smallest_set: SmallestSetRecord | None = None

"""The brief as data: this model *is* `brief.json`, and the only thing that pages are drawn from.

It holds no clock, no path and no timing, so the same inputs and seed give the same bytes
on the same type of machine, whatever the number of cores.
Numbers are rounded to the digits that their Monte Carlo error supports only where they are shown.
"""

from __future__ import annotations

from pydantic import Field

from quidproquo.study.schema.assumptions import AssumptionRecord, HypothesisRecord
from quidproquo.study.schema.backtest import BacktestOnFile
from quidproquo.study.schema.claims import (
    CircularRecord,
    ClaimRecord,
    ConflictRecord,
    DocumentRecord,
    ForecastRecord,
)
from quidproquo.study.schema.decisions import BundleRecord, LeadRecord, MetricWeights, UnchangedRecord
from quidproquo.study.schema.diagnostics import CaseCard, Diagnostics, MisfitSummary, Versions
from quidproquo.study.schema.estimates import CheckRecord, Estimate, LedgerRecord, TopicRecord
from quidproquo.study.schema.influence import InfluenceDiagram
from quidproquo.study.schema.information import InformationRecord
from quidproquo.study.schema.leverage import EvidenceSteps, LeverageRecord, PriorityRecord, SmallestSetRecord
from quidproquo.study.schema.options import MetricRecord, OptionRecord, PreferredRecord, WeightingRecord
from quidproquo.study.schema.programmes import ProgrammeRecord
from quidproquo.study.schema.ranks import RanksOnFile
from quidproquo.study.schema.record import Record
from quidproquo.study.schema.scenarios import DiscoveriesRecord, SignpostsRecord
from quidproquo.study.schema.totals import TotalRecord
from quidproquo.study.schema.what_if import WhatIfAnswer

__all__ = ["FORMAT", "Brief"]

FORMAT = "3"
"""Of a run's files; `study.stored` reads older ones."""


class Brief(Record):
    """The whole result of a run.

    `leads` are those of the first preferred option over each of the others, by their mean value; `worth` says how
    far each metric alone would have to move, in its own unit, to change the value by 1. `what_ifs` are those that
    were kept for this case, asked of this run.
    """

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
    unchanged: UnchangedRecord | None = None
    leads: dict[str, LeadRecord] = Field(default_factory=dict)
    worth: dict[str, float] = Field(default_factory=dict)
    components: dict[str, BundleRecord] = Field(default_factory=dict)
    metric_weights: MetricWeights | None = None
    information: InformationRecord | None = None
    discovery: DiscoveriesRecord | None = None
    signposts: SignpostsRecord | None = None
    what_ifs: list[WhatIfAnswer] = Field(default_factory=list)

"""Options and metrics: how each option fares, which is preferred, and under which weightings."""

from __future__ import annotations

import math
from collections.abc import Sequence

from quidproquo.cases.record import Case
from quidproquo.claims.record import Claim
from quidproquo.decisions.record import Findings, OptionFinding
from quidproquo.decisions.rule import tie_limit
from quidproquo.sensitivity.metric_weights import MetricWeightSweep
from quidproquo.sensitivity.record import WeightingSweep
from quidproquo.sensitivity.standing import standing
from quidproquo.study.schema.options import (
    DriverRecord,
    MetricRecord,
    OptionRecord,
    OptionResult,
    PreferredRecord,
    WeightingRecord,
)

__all__ = ["metrics", "options", "preferred", "weightings"]


def metrics(case: Case) -> dict[str, MetricRecord]:
    """The case's metrics."""
    return {metric.id: MetricRecord.of(metric) for metric in case.metrics.values()}


def options(case: Case, claims: Sequence[Claim], findings: Findings) -> dict[str, OptionRecord]:
    """The options with both ensembles' results, and the claims that recommend each."""
    return {
        option.id: OptionRecord.of(
            option,
            recommended_by=_recommending(case, claims, option.id),
            weighted=_result(findings.weighted[option.id]),
            exploratory=_result(findings.exploratory[option.id]),
        )
        for option in case.options.values()
    }


def _recommending(case: Case, claims: Sequence[Claim], option: str) -> list[str]:
    return [
        claim.id
        for claim in claims
        if claim.role == "recommendation"
        and claim.state != "rejected"
        and claim.proposition in case.propositions
        and case.propositions[claim.proposition].about == f"option:{option}"
    ]


def _result(finding: OptionFinding) -> OptionResult:
    if math.isnan(finding.value.mean):  # the case gives its metrics no weights
        return OptionResult.of(finding, value=None, value_regret=None, max_regret=None)
    return OptionResult.of(finding)


def preferred(
    case: Case,
    findings: Findings,
    sweep: WeightingSweep,
    metrics: MetricWeightSweep | None = None,
) -> PreferredRecord:
    """The choice, or the tied set, over the set of weightings."""
    chosen = findings.preferred
    stands = standing(chosen.options, sweep.rows if chosen.ranked else (), metrics)
    return PreferredRecord.of(
        chosen,
        option=stands.options[0] if len(stands.options) == 1 else "",
        options=stands.options,
        leading=chosen.options,
        ties=stands.ties,
        open=stands.open,
        delta=case.delta,
        limit=tie_limit(chosen.mcse, case.delta),
        range=sweep.range,
        drivers=[DriverRecord.of(driver) for driver in findings.drivers],
    )


def weightings(sweep: WeightingSweep) -> list[WeightingRecord]:
    """The set of weightings."""
    return [WeightingRecord.of(weighting) for weighting in sweep.rows]

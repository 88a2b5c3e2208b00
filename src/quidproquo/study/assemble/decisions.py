"""What no option changes, what leads are worth, what bundles need, and what metrics' weights decide."""

from __future__ import annotations

from quidproquo.decisions.record import Findings
from quidproquo.sensitivity.metric_weights import MetricWeightSweep, WeightDraws
from quidproquo.study.schema.decisions import (
    BundleRecord,
    LeadRecord,
    MetricWeights,
    UnchangedRecord,
    WeightDrawsRecord,
)

__all__ = ["components", "leads", "metric_weights", "unchanged"]


def unchanged(findings: Findings) -> UnchangedRecord | None:
    """What no option changes; None where there is but one option."""
    return None if findings.unchanged is None else UnchangedRecord.of(findings.unchanged)


def leads(findings: Findings) -> dict[str, LeadRecord]:
    """The lead of the first option over each of the others."""
    return {option: LeadRecord.of(lead) for option, lead in findings.leads.items()}


def components(findings: Findings) -> dict[str, BundleRecord]:
    """Every bundle by its components."""
    return {option: BundleRecord.of(bundle) for option, bundle in findings.components.items()}


def metric_weights(sweep: MetricWeightSweep | None) -> MetricWeights | None:
    """What the choice owes to the weights of the metrics; None where there is none to speak of."""
    if sweep is None:
        return None
    metrics = tuple(sweep.ranges)
    return MetricWeights.of(
        sweep, simplex=_draws(sweep.simplex, metrics), within=_draws(sweep.within, metrics)
    )


def _draws(draws: WeightDraws, metrics: tuple[str, ...]) -> WeightDrawsRecord:
    options = tuple(draws.least)
    found = draws.ranks
    return WeightDrawsRecord.of(
        draws,
        ranks={option: list(map(float, row)) for option, row in zip(options, found.ranks, strict=True)},
        first_mcse=dict(zip(options, map(float, found.first_mcse), strict=True)),
        central={
            option: dict(zip(metrics, map(float, row), strict=True))
            for option, row in zip(options, found.central, strict=True)
            if row.any()
        },
    )

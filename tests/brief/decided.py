"""What no option changes, leads, bundles and weights of the metrics, for tests; made by formula."""

from __future__ import annotations

from typing import Any

from tests.brief.choices import METRICS, OPTIONS

from quidproquo.study.schema.decisions import (
    BundleRecord,
    ComponentRecord,
    LeadPartRecord,
    LeadRecord,
    Mean,
    MetricMoveRecord,
    MetricWeights,
    OtherWeightsRecord,
    SmallerBundleRecord,
    ThresholdFailureRecord,
    TurningPointRecord,
    UnchangedRecord,
    WeightDrawsRecord,
)

NAMES = [name for name, _, _ in OPTIONS]
UNMOVED = {"earnings", "crates"}


def move(name: str, fraction: float, error: float = 0.0005, delta: float = 0.01) -> MetricMoveRecord:
    """A metric moved by a fraction of its range, all metrics weighing a tenth."""
    worst, best = next((w, b) for key, _, _, _, w, b in METRICS if key == name)
    span = abs(best - worst)
    return MetricMoveRecord(
        lowest=0.4 * span,
        highest=(0.4 + abs(fraction)) * span,
        option="coalition",
        move=Mean(mean=fraction * span, mcse=error * span),
        value=0.1 * abs(fraction),
        limit=max(delta, 2.0 * error) * span,
        changed=abs(fraction) > max(delta, 2.0 * error),
        elsewhere=0.2,
    )


def make_unchanged() -> UnchangedRecord:
    return UnchangedRecord(
        baseline="do_nothing",
        delta=0.01,
        moves={name: move(name, -0.004 if name in UNMOVED else 0.05) for name, *_ in METRICS},
        none_acceptable=Mean(mean=0.87, mcse=0.006),
        thresholds={
            name: ThresholdFailureRecord(share=Mean(mean=0.05 * k, mcse=0.004), alone=0.01 * k)
            for k, (name, *_) in enumerate(METRICS)
        },
    )


def make_leads() -> dict[str, LeadRecord]:
    parts = {
        name: LeadPartRecord(
            difference=Mean(mean=0.02 * k * (best - worst), mcse=0.001 * abs(best - worst)),
            value=Mean(mean=0.002 * k, mcse=0.0001),
        )
        for k, (name, _, _, _, worst, best) in enumerate(METRICS)
    }
    return {name: LeadRecord(value=Mean(mean=0.09, mcse=0.001), parts=parts) for name in NAMES[:-1]}


def component(lever: str, value: float, **changes: Any) -> ComponentRecord:
    fields: dict[str, Any] = {
        "lever": lever,
        "title": f"The part {lever}",
        "without": f"all_together-{lever}",
        "generated": True,
        "money": 260.0,
        "value": Mean(mean=value, mcse=0.0004),
        "metrics": {name: Mean(mean=0.01 * abs(best - worst), mcse=0.0) for name, *_, worst, best in METRICS},
        "better": 0.7,
        "adds": "nothing" if abs(value) <= 0.01 else "adds" if value > 0.0 else "harms",
    }
    return ComponentRecord(**{**fields, **changes})


def make_components() -> dict[str, BundleRecord]:
    smaller = SmallerBundleRecord(
        option="all_together-assembly",
        generated=True,
        titles=["The part signal", "The part coalition"],
        money=230.0,
        value=Mean(mean=0.003, mcse=0.0004),
        metrics={},
    )
    parts = [component("signal", 0.03), component("coalition", 0.02), component("assembly", -0.002)]
    return {"all_together": BundleRecord(components=parts, smaller=smaller)}


def draws(turned: float = 0.3, tied: float = 0.4) -> WeightDrawsRecord:
    count = len(NAMES)
    return WeightDrawsRecord(
        count=96,
        least=dict.fromkeys(NAMES, 1.0 / count),
        among=dict.fromkeys(NAMES, 0.2),
        tied=tied,
        turned=turned,
        ranks={
            name: [(0.2 if name == "coalition" else 0.8 / (count - 1)), *[0.1] * (count - 1)]
            for name in NAMES
        },
        first_mcse=dict.fromkeys(NAMES, 0.003),
        central={},
    )


def turning(kind: str, ident: str, **changes: Any) -> TurningPointRecord:
    fields: dict[str, Any] = {
        "kind": kind,
        "id": ident,
        "anchor": "worst" if kind == "anchor" else "",
        "before": 0.05,
        "tie": 0.0559,
        "turn": 0.093,
        "option": "coalition",
        "change": 0.043,
        "tie_change": 0.0059,
    }
    return TurningPointRecord(**{**fields, **changes})


def make_metric_weights(**changes: Any) -> MetricWeights:
    fields: dict[str, Any] = {
        "ranges": {name: (0.05, 0.2) for name, *_ in METRICS},
        "stated": False,
        "simplex": draws(),
        "within": draws(0.0, 0.1),
        "others": [
            OtherWeightsRecord(
                id=f"without:{name}",
                metric=name,
                preferred="coalition" if name == "trust" else "all_together",
                tied=["coalition"] if name == "trust" else ["all_together"],
                lead=0.01,
                mcse=0.001,
            )
            for name, *_ in METRICS
        ],
        "turning": [
            turning("weight", "cost"),
            turning(
                "weight", "trust", before=0.12, tie=0.108, turn=None, option="", change=None, tie_change=0.012
            ),
            turning("cost", "all", before=1.0, tie=1.13, turn=2.1, change=1.1, tie_change=0.13),
            turning(
                "anchor", "trust", before=0.2, tie=0.12, turn=None, option="", change=None, tie_change=0.11
            ),
        ],
        "tried": 50,
    }
    return MetricWeights(**{**fields, **changes})

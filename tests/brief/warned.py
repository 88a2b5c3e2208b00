"""Boxes, signposts and an adaptive option for tests; made by formula."""

from __future__ import annotations

from typing import Any

from quidproquo.study.schema.decisions import Mean
from quidproquo.study.schema.scenarios import (
    AdaptiveRecord,
    BoxRecord,
    DiscoveriesRecord,
    DiscoveryRecord,
    LeafRecord,
    RangeRecord,
    RestrictionRecord,
    SignpostRecord,
    SignpostsRecord,
    TrajectoryRecord,
    WatchedRecord,
)

_TOLD = {"quasi_p": 1e-9, "holdout_p": 1e-7, "coverage_without": 0.9, "density_without": 0.5}


def mean(value: float, mcse: float = 0.01) -> Mean:
    return Mean(mean=value, mcse=mcse)


def make_box(**changes: Any) -> BoxRecord:
    fields: dict[str, Any] = {
        "restrictions": [
            RestrictionRecord(
                kind="parameter",
                id="trade.parameter_1",
                title="Strength of the trade",
                unit="crates/month",
                low=3000.0,
                **_TOLD,
            ),
            RestrictionRecord(
                kind="hypothesis", id="paid", title="What is mostly paid?", answers=["cash"], **_TOLD
            ),
            RestrictionRecord(
                kind="quantity", id="crates_sent", title="Crates sent", unit="crates", high=9000.0, **_TOLD
            ),
        ],
        "coverage": mean(0.8),
        "density": mean(0.9),
        "base": 0.3,
        "mass": 0.27,
        "ess": 900.0,
        "holdout_coverage": 0.78,
        "holdout_density": 0.89,
        "trajectory": TrajectoryRecord(
            coverage=[1.0, 0.8],
            density=[0.3, 0.9],
            mass=[1.0, 0.27],
            restricted=[0, 3],
            kappa=[0.0, 0.7],
            chosen=1,
        ),
    }
    return BoxRecord(**{**fields, **changes})


def make_found(**changes: Any) -> DiscoveryRecord:
    title = "Strength of the trade"
    one = {"kind": "parameter", "id": "trade.parameter_1", "title": title, "unit": "crates/month"}
    fields: dict[str, Any] = {
        "event": "loses",
        "share": mean(0.3),
        "boxes": [make_box()],
        "ending": "nothing separates",
        "leaves": [
            LeafRecord(ranges=[RangeRecord(**one, high=3000.0)], mass=0.7, density=0.05),
            LeafRecord(ranges=[RangeRecord(**one, low=3000.0)], mass=0.3, density=0.85),
        ],
    }
    return DiscoveryRecord(**{**fields, **changes})


def make_discovery(**changes: Any) -> DiscoveriesRecord:
    none = make_found(event="met", share=mean(0.12), boxes=[], leaves=[])
    fields: dict[str, Any] = {
        "option": "all_together",
        "delta": 0.01,
        "columns": 60,
        "level": 0.01,
        "loses": make_found(),
        "acceptance": none,
    }
    return DiscoveriesRecord(**{**fields, **changes})


def make_adaptive(**changes: Any) -> AdaptiveRecord:
    fields: dict[str, Any] = {
        "first": "all_together",
        "then": "coalition",
        "quantity": "crates_sent",
        "threshold": 9000.0,
        "side": "above",
        "date": "2025-09-30",
        "delay": 1,
        "value": mean(0.6),
        "leads": {"all_together": mean(0.03, 0.002), "coalition": mean(0.05, 0.002)},
        "best": "all_together",
        "metrics": {},
        "regret_q95": 0.02,
        "best_regret_q95": 0.07,
        "switches": mean(0.31),
        "adds": True,
    }
    return AdaptiveRecord(**{**fields, **changes})


def make_signposts(**changes: Any) -> SignpostsRecord:
    fields: dict[str, Any] = {
        "option": "all_together",
        "horizon": "2027-12-31",
        "level": 0.01,
        "least_separation": 0.1,
        "losing": mean(0.3),
        "watched": [
            WatchedRecord(id="crates_sent", title="Crates sent", date="2025-09-30", separation=mean(0.69)),
            WatchedRecord(id="sheds", title="Sheds", date="2026-03-31", separation=mean(0.01)),
        ],
        "signposts": [
            SignpostRecord(
                id="crates_sent",
                title="Crates sent",
                unit="crates",
                date="2025-09-30",
                threshold=9000.0,
                side="above",
                detection=mean(0.81),
                false_alarms=mean(0.12),
                separation=mean(0.69),
                lead_days=822.0,
            )
        ],
        "why_none": None,
        "adaptive": make_adaptive(),
    }
    return SignpostsRecord(**{**fields, **changes})

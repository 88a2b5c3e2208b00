"""Weighted worlds that hold nothing but what a test gives them."""

from __future__ import annotations

import numpy as np

from quidproquo.evidence.weights.record import Ensemble


def bare_worlds(
    count: int,
    islands: int,
    parameters: tuple[str, ...] = (),
    draws: np.ndarray | None = None,
    series: dict[str, np.ndarray] | None = None,
    series_days: np.ndarray | None = None,
) -> Ensemble:
    """Worlds of equal weight, without claims, options or metrics."""
    empty = np.zeros((count, 0))
    return Ensemble(
        kind="weighted",
        parameters=parameters,
        draws=empty if draws is None else draws,
        log_weight=np.zeros(count),
        island=np.arange(count) * islands // count,
        status=np.zeros(count, dtype=np.int64),
        hypotheses=(),
        states=np.zeros((count, 0), dtype=np.int64),
        items=(),
        log_likelihood=empty,
        predicted=empty,
        options=(),
        metrics=(),
        outcomes=np.zeros((count, 0, 0)),
        series=series or {},
        series_days=np.zeros(0) if series_days is None else series_days,
    )

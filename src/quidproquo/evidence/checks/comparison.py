"""The model against baselines, and whether reports come higher or lower than predicted.

Bounds come from drawing quantities with replacement (a cluster bootstrap: Davison & Hinkley 1997,
*Bootstrap Methods*, ch. 3.8), because targets on one quantity are dependent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from quidproquo.evidence.checks.pooling import ScoreRow

__all__ = ["BaselineComparison", "MeanPit", "compare_with_baseline", "mean_pit"]

_DRAWS = 10_000
_ONE_SIDED = 0.10


@dataclass(frozen=True)
class BaselineComparison:
    """The model against one baseline; bounds are one-sided, at 90%, and None for under two quantities.

    `skill` is 1 − CRPS/CRPS of the baseline; `log_score_difference` is model less baseline.
    """

    targets: int
    quantities: int
    skill: float
    skill_bound: float | None
    log_score_difference: float
    log_score_difference_bound: float | None


@dataclass(frozen=True)
class MeanPit:
    """Mean PIT of the reports, from 0 to 1; that of calibrated forecasts is a half.

    `low` and `high` are the ends of a 90% interval; None for under two quantities.
    """

    mean: float
    low: float | None
    high: float | None


def compare_with_baseline(seed: int, targets: Sequence[ScoreRow], baseline: str) -> BaselineComparison | None:
    """The model against a baseline over targets that both have forecast; None without any."""
    if not targets:
        return None
    names = sorted({target.quantity for target in targets})
    sums = np.zeros((len(names), 4))
    for target in targets:
        scores = target.scores
        gain = scores["log_score"] - scores[f"log_score_{baseline}"]
        sums[names.index(target.quantity)] += (scores["crps"], scores[f"crps_{baseline}"], gain, 1.0)
    skill, gain = (float(values[0]) for values in _pooled(sums.sum(axis=0)[None]))
    bounds: list[float | None] = [None, None]
    if len(names) > 1:
        pooled = _pooled(_bootstrap_counts(seed, len(names)) @ sums)
        bounds = [float(np.quantile(values, _ONE_SIDED)) for values in pooled]
    return BaselineComparison(len(targets), len(names), skill, bounds[0], gain, bounds[1])


def mean_pit(seed: int, targets: Sequence[ScoreRow]) -> MeanPit | None:
    """Whether reports come higher or lower than predicted, by their `pit`; None without any.

    Coverage can't show it: it is the same on both sides.
    """
    if not targets:
        return None
    names = sorted({target.quantity for target in targets})
    sums = np.zeros((len(names), 2))
    for target in targets:
        sums[names.index(target.quantity)] += target.scores["pit"], 1.0
    mean = float(sums[:, 0].sum() / sums[:, 1].sum())
    if len(names) == 1:
        return MeanPit(mean, None, None)
    drawn = _bootstrap_counts(seed, len(names)) @ sums
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.5 * _ONE_SIDED, 1.0 - 0.5 * _ONE_SIDED])
    return MeanPit(mean, float(low), float(high))


def _bootstrap_counts(seed: int, quantities: int) -> Int[np.ndarray, "draw quantity"]:
    """How often each quantity is drawn."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(quantities, np.full(quantities, 1.0 / quantities), size=_DRAWS)


def _pooled(
    sums: Float[np.ndarray, "draw 4"],
) -> tuple[Float[np.ndarray, " draw"], Float[np.ndarray, " draw"]]:
    return 1.0 - sums[:, 0] / np.maximum(sums[:, 1], 1e-300), sums[:, 2] / sums[:, 3]

"""Pooling scores: reports into targets, targets into figures, with bounds over quantities.

A target is a quantity, an as-of date and an origin: an origin that reports often counts once, with
the mean of its reports. What is compared is compared over the same reports. The bounds come from
drawing quantities with replacement (a cluster bootstrap: Davison & Hinkley 1997, *Bootstrap
Methods*, ch. 3.8), because targets on one quantity hang together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from quidproquo.evidence.checks.binomial import binomial_quantile

__all__ = ["Against", "MeanPit", "ScoreRow", "against", "by_target", "coverage_band", "lean", "mean_of"]

_DRAWS = 10_000
_ONE_SIDED = 0.10


@dataclass(frozen=True)
class ScoreRow:
    """One report, or one target, and its figures by name; a figure that it lacks isn't a key."""

    quantity: str
    as_of: str
    origin: str
    figures: Mapping[str, float]


@dataclass(frozen=True)
class Against:
    """The model against one rival; the bounds are one-sided, at 90 %, and None for under two quantities.

    `skill` is 1 − CRPS/CRPS of the rival; `log_score_difference` is model less rival.
    """

    targets: int
    quantities: int
    skill: float
    skill_bound: float | None
    log_score_difference: float
    log_score_difference_bound: float | None


@dataclass(frozen=True)
class MeanPit:
    """Mean place of the reports in their forecasts, from 0 to 1; even forecasts have a half.

    `low` and `high` are the ends of a 90 % interval; None for under two quantities.
    """

    mean: float
    low: float | None
    high: float | None


def by_target(marks: Sequence[ScoreRow], needed: Sequence[str]) -> list[ScoreRow]:
    """Mean figures of every target over its reports that have all the figures needed."""
    groups: dict[tuple[str, str, str], list[ScoreRow]] = {}
    for mark in marks:
        if all(name in mark.figures for name in needed):
            groups.setdefault((mark.quantity, mark.as_of, mark.origin), []).append(mark)
    targets = []
    for key in sorted(groups):
        rows = groups[key]
        names = [name for name in rows[0].figures if all(name in row.figures for row in rows)]
        figures = {name: float(np.mean([row.figures[name] for row in rows])) for name in names}
        targets.append(ScoreRow(*key, figures))
    return targets


def mean_of(targets: Sequence[ScoreRow], name: str) -> float | None:
    """Mean of a figure over targets; None without any."""
    if not targets:
        return None
    return float(np.mean([target.figures[name] for target in targets]))


def coverage_band(targets: int, share: float, inside: float = 0.95) -> tuple[float, float]:
    """Where the coverage of so many targets lies with the probability `inside`, if it is `share`.

    Binomial, so targets count as independent.
    """
    low, high = (
        binomial_quantile(level, targets, share) for level in (0.5 * (1.0 - inside), 0.5 * (1.0 + inside))
    )
    return low / targets, high / targets


def against(seed: int, targets: Sequence[ScoreRow], rival: str) -> Against | None:
    """The model against a rival over targets that both have forecast; None without any."""
    if not targets:
        return None
    names = sorted({target.quantity for target in targets})
    sums = np.zeros((len(names), 4))
    for target in targets:
        figures = target.figures
        gain = figures["log_score"] - figures[f"log_score_{rival}"]
        row = (figures["crps"], figures[f"crps_{rival}"], gain, 1.0)
        sums[names.index(target.quantity)] += row
    skill, gain = (float(values[0]) for values in _pooled(sums.sum(axis=0)[None]))
    bounds: list[float | None] = [None, None]
    if len(names) > 1:
        pooled = _pooled(_times(seed, len(names)) @ sums)
        bounds = [float(np.quantile(values, _ONE_SIDED)) for values in pooled]
    return Against(len(targets), len(names), skill, bounds[0], gain, bounds[1])


def lean(seed: int, targets: Sequence[ScoreRow]) -> MeanPit | None:
    """Whether reports come higher or lower than foretold, by their `pit`; None without any.

    Coverage can't show it: it is the same on both sides.
    """
    if not targets:
        return None
    names = sorted({target.quantity for target in targets})
    sums = np.zeros((len(names), 2))
    for target in targets:
        sums[names.index(target.quantity)] += target.figures["pit"], 1.0
    mean = float(sums[:, 0].sum() / sums[:, 1].sum())
    if len(names) == 1:
        return MeanPit(mean, None, None)
    drawn = _times(seed, len(names)) @ sums
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.5 * _ONE_SIDED, 1.0 - 0.5 * _ONE_SIDED])
    return MeanPit(mean, float(low), float(high))


def _times(seed: int, quantities: int) -> np.ndarray:
    """How often each quantity is drawn, `[draw, quantity]`."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(quantities, np.full(quantities, 1.0 / quantities), size=_DRAWS)


def _pooled(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return 1.0 - sums[:, 0] / np.maximum(sums[:, 1], 1e-300), sums[:, 2] / sums[:, 3]

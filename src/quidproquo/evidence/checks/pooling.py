"""Pooling scores: reports into targets, and targets into means.

A target is a quantity, an as-of date and an origin: an origin that reports often counts once, with
the mean of its reports. What is compared is compared over the same reports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from quidproquo.evidence.checks.binomial import binomial_quantile

__all__ = ["ScoreRow", "by_target", "coverage_band", "mean_of"]


@dataclass(frozen=True)
class ScoreRow:
    """One report, or one target, and its scores by name; a score that it lacks isn't a key."""

    quantity: str
    as_of: str
    origin: str
    scores: Mapping[str, float]


def by_target(rows: Sequence[ScoreRow], needed: Sequence[str]) -> list[ScoreRow]:
    """Mean scores of every target over its reports that have all the scores needed."""
    groups: dict[tuple[str, str, str], list[ScoreRow]] = {}
    for row in rows:
        if all(name in row.scores for name in needed):
            groups.setdefault((row.quantity, row.as_of, row.origin), []).append(row)
    targets = []
    for key in sorted(groups):
        own = groups[key]
        names = [name for name in own[0].scores if all(name in row.scores for row in own)]
        scores = {name: float(np.mean([row.scores[name] for row in own])) for name in names}
        targets.append(ScoreRow(*key, scores))
    return targets


def mean_of(targets: Sequence[ScoreRow], name: str) -> float | None:
    """Mean of a score over targets; None without any."""
    if not targets:
        return None
    return float(np.mean([target.scores[name] for target in targets]))


def coverage_band(targets: int, share: float, inside: float = 0.95) -> tuple[float, float]:
    """Where the coverage of so many targets lies with the probability `inside`, if it is `share`.

    Binomial, so targets count as independent.
    """
    low, high = (
        binomial_quantile(level, targets, share) for level in (0.5 * (1.0 - inside), 0.5 * (1.0 + inside))
    )
    return low / targets, high / targets

"""Which options the stated weightings leave standing: a lead that counts for nothing under one of them ties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quidproquo.sensitivity.metric_weights import MetricWeightSweep
from quidproquo.sensitivity.record import ALL, Weighting

__all__ = ["RANGES", "Standing", "standing"]

RANGES = "metrics:ranges"
"""Weights of the metrics within the ranges that the case states, as a weighting."""


@dataclass(frozen=True)
class Standing:
    """The options that are tied over the set of weightings.

    `options` are those with the least regret by the rule under all the evidence, then every other one that is
    among the tied under some weighting that is decided; `ties` maps the latter to these weightings. Of those in
    `open`, which are among neither, some weighting can't say whether they tie, because its error is too large.
    """

    options: tuple[str, ...]
    ties: Mapping[str, tuple[str, ...]]
    open: tuple[str, ...] = ()


def standing(
    leading: Sequence[str], rows: Sequence[Weighting], metrics: MetricWeightSweep | None = None
) -> Standing:
    """What is left of a choice over a set of weightings.

    `leading` are the options that can't be told from the first under all the evidence. An option that ties with
    the best under any weighting that can be trusted and is decided, or leads there, is tied with them: a choice is
    one that every stated weighting makes. Weights of the metrics count where the case states ranges for them.

    An option that is behind under all the evidence, and no nearer under a weighting, does not tie there: only
    the error is larger, and that is no reason to think that the option may be as good. A weighting that isn't
    decided makes neither a tie nor an option that is behind: all that may tie there stay open, however near.
    """
    ties: dict[str, list[str]] = {}
    whole = next((row for row in rows if row.id == ALL), None)
    for row in rows:
        for option in row.tied if row.judged else ():
            if option not in leading and _nearer(option, row, whole):
                ties.setdefault(option, []).append(row.id)
    within = metrics.within.among if metrics is not None and metrics.stated else {}
    for option, share in within.items():
        if share > 0.0 and option not in leading:
            ties.setdefault(option, []).append(RANGES)
    ordered = sorted(ties, key=lambda option: -len(ties[option]))
    among = (*leading, *ordered)
    unsure = dict.fromkeys(o for row in rows if row.reliable for o in _unsure(row, whole))
    found = {option: tuple(ties[option]) for option in ordered}
    return Standing(among, found, tuple(option for option in unsure if option not in among))


def _unsure(row: Weighting, whole: Weighting | None) -> list[str]:
    """The options that may tie under a weighting; where it is decided, only those that it brings nearer."""
    if not row.decided:
        return [*row.tied, *row.within_error]
    return [option for option in row.within_error if _nearer(option, row, whole)]


def _nearer(option: str, row: Weighting, whole: Weighting | None) -> bool:
    """Whether a weighting brings an option nearer to the best than all the evidence does."""
    if whole is None or option not in whole.q95_regret or option not in row.q95_regret:
        return True
    return _behind(option, row) < _behind(option, whole)


def _behind(option: str, row: Weighting) -> float:
    return row.q95_regret[option] - min(row.q95_regret.values())

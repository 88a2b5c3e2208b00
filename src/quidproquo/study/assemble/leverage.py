"""What moves the conclusion: single things, sets of origins, all claims together, and what to learn next."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import stdtrit

from quidproquo.cases.record import Case
from quidproquo.decisions.rule import is_tie
from quidproquo.evidence.estimates import moving, now
from quidproquo.evidence.weights.estimators import weighted_mean, weighted_quantile
from quidproquo.sensitivity.evaluator import ASSUMED, Leverage
from quidproquo.sensitivity.half_evidence import HalfEvidence
from quidproquo.sensitivity.record import ALL, HALF, NONE
from quidproquo.study.assemble.scales import on_scale, significant
from quidproquo.study.infer import RunResult
from quidproquo.study.schema.claims import DocumentRecord
from quidproquo.study.schema.leverage import (
    ROUNDING,
    EstimateSteps,
    EvidenceSteps,
    LeverageRecord,
    MarginStep,
    SearchedRecord,
    SmallestSetRecord,
)
from quidproquo.study.schema.record import Quantiles

__all__ = [
    "Estimated",
    "Moments",
    "evidence_steps",
    "leverage",
    "margin_share",
    "share",
    "smallest_set",
]

_MOST_WORTH = 5
_LEAST_SHIFT = 0.1  # posterior standard deviations
_SHIFT_ERRORS = 4.0  # Monte Carlo errors, at least
_CHANCE = 0.05  # of any shift of a kind lying beyond the limit by chance alone
_FEWEST_DRAWS = 16.0  # the error of a mean is then a quarter of the standard deviation
_LEVELS = np.array([0.05, 0.5, 0.95])


def leverage(run: RunResult, known: Sequence[DocumentRecord]) -> list[LeverageRecord]:
    """What moves when one thing is left out or changed, the farthest first within each kind."""
    names = {document.id: document.title or document.name for document in known}
    rank = {
        kind: place
        for place, kind in enumerate(dict.fromkeys(entry.kind for entry in run.sensitivity.leverage))
    }
    limits = _limits(run)
    ordered = sorted(run.sensitivity.leverage, key=lambda e: (rank[e.kind], -e.largest, e.id))
    return [
        LeverageRecord.of(
            entry,
            title=names.get(entry.id, entry.title) if entry.kind == "document" else entry.title,
            # an origin left out is a weighting, too: what isn't decided there isn't decided here
            decided=entry.decided and (entry.ties_decided or entry.kind != "origin"),
            shift=_shifts(entry, limits[entry.kind]),
            worth=_worth(entry, limits[entry.kind]),
        )
        for entry in ordered
    ]


def _limits(run: RunResult) -> dict[str, float]:
    """Kind → Monte Carlo errors that none of its shifts exceeds by chance in 19 runs of 20 (Bonferroni), or four.

    Errors come from jackknives over islands, so shifts follow Student's t.
    """
    counts = Counter[str]()
    for entry in run.sensitivity.leverage:
        counts[entry.kind] += sum(1 for shift in entry.shift.values() if shift)
    spare = max(len(np.unique(run.weighted.island)) - 1, 1)
    chance = {kind: float(stdtrit(spare, 1.0 - _CHANCE / (2.0 * max(n, 1)))) for kind, n in counts.items()}
    return {kind: max(_SHIFT_ERRORS, limit) for kind, limit in chance.items()}


def _shifts(entry: Leverage, limit: float) -> dict[str, float]:
    """Shifts that are more than noise; of an assumption, which moves many a little, those that are noticeable.

    One whose error is 0 or not known is none: only what stays as it is has no error, but for rounding.
    """
    floor = _LEAST_SHIFT if entry.kind in ASSUMED else ROUNDING
    errors = entry.shift_mcse
    return {
        name: shift
        for name, shift in entry.shift.items()
        if errors.get(name, 0.0) > 0.0 and abs(shift) >= max(floor, limit * errors[name])
    }


def _worth(entry: Leverage, limit: float) -> dict[str, float]:
    """What it narrows most of what it moves: the rest may be noise, for it has no error of its own.

    Another prior or structure isn't there to narrow anything.
    """
    if entry.kind in ASSUMED:
        return {}
    moved = _shifts(entry, limit)
    names = sorted(
        (name for name in entry.worth if name in moved), key=lambda name: (-entry.worth[name], name)
    )
    return {name: entry.worth[name] for name in names[:_MOST_WORTH]}


def smallest_set(run: RunResult) -> SmallestSetRecord | None:
    """The origins that together change the choice; None where no claim conditions."""
    found = run.sensitivity.smallest
    if found is None:
        return None
    gone = set(found.closest)
    return SmallestSetRecord.of(
        found,
        nearest=list(found.closest),
        claims=[item for item, origin in zip(run.table.ids, run.table.origin, strict=True) if origin in gone],
        margin=found.lead,
        searched=[
            SearchedRecord(
                size=size,
                possible=possible,
                judged=found.searched.get(size, 0),
                unjudged=found.unjudged.get(size, 0),
            )
            for size, possible in found.possible.items()
        ],
    )


@dataclass(frozen=True)
class Moments:
    """Mean and variance of a quantity on its scale."""

    mean: float
    variance: float


@dataclass(frozen=True)
class Estimated:
    """A number with its Monte Carlo error."""

    value: float
    mcse: float


def share(before: Moments, after: Moments) -> float:
    """Share of the squared error of an estimate without the claims that they remove, from 0 to 1.

    Without the claims one would expect an error of the variance before; judged
    with them, it is the variance after and the squared shift of the mean. The larger counts, so the
    share is 0 only where the claims neither narrow nor move, and nothing is divided by less than
    what it is compared with.
    """
    error = max(before.variance, after.variance + (after.mean - before.mean) ** 2)
    return 1.0 - after.variance / error if error > 0.0 else 0.0


def margin_share(before: Estimated, after: Estimated, delta: float) -> Estimated | None:
    """Share of the margin that disappears without the claims.

    Both are margins of the same option. None where the lead is a tie by the rule: there is
    no conclusion to share.
    """
    margin, error = after.value, after.mcse
    if is_tie(margin, error, delta):
        return None
    kept = min(max(before.value, 0.0), margin)
    mcse = math.hypot(before.mcse, error * before.value / margin) / margin
    return Estimated(1.0 - kept / margin, mcse)


def evidence_steps(case: Case, run: RunResult) -> EvidenceSteps:
    """The margin and every estimate, step by step; empty where no claim conditions."""
    if run.conditioned is None or run.sensitivity.half is None:
        return EvidenceSteps()
    rows = {row.id: row for row in run.sensitivity.weightings.rows}
    margins = [MarginStep.of(rows[name]) for name in (NONE, HALF, ALL) if name in rows]
    due = None
    if len(margins) == 3:
        none, _, every = margins
        due = margin_share(Estimated(none.margin, none.mcse), Estimated(every.margin, every.mcse), case.delta)
    return EvidenceSteps(
        margin=margins,
        share=None if due is None else due.value,
        share_mcse=None if due is None else due.mcse,
        half_reliable=run.sensitivity.half.reliable,
        half_rerun=run.sensitivity.half.rerun,
        estimates=_estimate_steps(case, run, run.sensitivity.half),
    )


def _estimate_steps(case: Case, run: RunResult, half: HalfEvidence) -> dict[str, EstimateSteps]:
    found = {}
    for quantity in moving(case, run.weighted):
        after = now(case, run.weighted, quantity).astype(np.float64)
        before = now(case, run.prior, quantity).astype(np.float64)
        middle = abs(float(np.median(after)))
        moments = [
            _moments(on_scale(values, quantity.scale, middle), ensemble.log_weight)
            for values, ensemble in ((before, run.prior), (after, run.weighted))
        ]
        halved = half.estimates.get(quantity.id)
        exact = half.reliable and halved is not None and half.draws(quantity.id) >= _FEWEST_DRAWS
        found[quantity.id] = EstimateSteps(
            none=_quantiles(before, run.prior.log_weight),
            half=_quantiles(halved, half.log_weight) if exact and halved is not None else None,
            all=_quantiles(after, run.weighted.log_weight),
            share=significant(share(*moments)),
        )
    return found


def _moments(values: Float[np.ndarray, " world"], log_weight: Float[np.ndarray, " world"]) -> Moments:
    alive = np.isfinite(log_weight)
    mean = float(weighted_mean(values[alive], log_weight[alive]))
    return Moments(mean, float(weighted_mean((values[alive] - mean) ** 2, log_weight[alive])))


def _quantiles(values: Float[np.ndarray, " world"], log_weight: Float[np.ndarray, " world"]) -> Quantiles:
    low, middle, high = weighted_quantile(values, log_weight, _LEVELS).astype(np.float32)
    return Quantiles(q05=float(low), q50=float(middle), q95=float(high))

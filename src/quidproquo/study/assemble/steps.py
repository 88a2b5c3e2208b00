"""Without the claims, with half of their weight, with all: what is due to them, and what decides."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Case
from quidproquo.decisions.record import Weighting
from quidproquo.evidence.weights.estimators import weighted_mean, weighted_quantile
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.sensitivity.priors import PowerScaling, log_prior, power_pull, power_sensitivity
from quidproquo.sensitivity.weightings import ALL, HALF, NONE
from quidproquo.study.infer import RunResult, moving, now
from quidproquo.study.schema.steps import (
    EstimateSteps,
    EvidenceSteps,
    MarginStep,
    PowerRecord,
    Quantiles,
)
from quidproquo.study.what_ifs import HalfEvidence
from quidproquo.worlds.runtime import parallel_map

__all__ = ["evidence_steps", "margin_share", "on_scale", "parameter_scalings", "share"]

_LEVELS = np.array([0.05, 0.5, 0.95])
_ERRORS = 2.0
_FLOOR = 0.03  # of the middle, below which a logarithm tells nothing apart


def on_scale(values: Float[np.ndarray, " world"], scale: str, middle: float) -> Float[np.ndarray, " world"]:
    """Values on the scale on which spread is told; on the logarithmic one, near zero counts as near zero."""
    if scale != "log":
        return values
    return np.asarray(np.log(np.maximum(values, 0.0) + _FLOOR * max(middle, 1e-12)))


def share(before: tuple[float, float], after: tuple[float, float]) -> float:
    """Share of the squared error of an estimate without the claims that they take away, from 0 to 1.

    Both are mean and variance. Without the claims one would expect an error of the variance before; judged
    with them, it is the variance after and the squared shift of the mean. The larger counts, so the
    share is 0 only where the claims neither narrow nor move, and nothing is divided by less than
    what it is compared with.
    """
    error = max(before[1], after[1] + (after[0] - before[0]) ** 2)
    return 1.0 - after[1] / error if error > 0.0 else 0.0


def margin_share(
    before: tuple[float, float], after: tuple[float, float], delta: float
) -> tuple[float, float] | None:
    """Share of the margin that is missing without the claims, with its Monte Carlo error.

    Both are margins of the same option, and their errors. None where it doesn't lead by more than two
    Monte Carlo errors and `delta`: there is no conclusion to share.
    """
    margin, error = after
    if margin <= max(_ERRORS * error, delta, 0.0):
        return None
    kept = min(max(before[0], 0.0), margin)
    error_of_share = math.hypot(before[1], error * before[0] / margin) / margin
    return 1.0 - kept / margin, error_of_share


def parameter_scalings(weighed: RunResult) -> dict[str, PowerRecord]:
    """Parameter → whether its own prior or the claims decide it; fixed ones are left out."""
    if weighed.conditioned is None:
        return {}
    ensemble, model = weighed.weighted, weighed.model
    z = weighed.conditioned.z.astype(np.float64)
    claims = ensemble.log_likelihood.sum(axis=1)
    uncertain = [place for place in range(len(model.parameters)) if model.priors.width[place] > 0.0]

    def one(place: int) -> PowerRecord:
        return _scaling(ensemble, z[:, place], log_prior(z[:, place]), claims)

    found = parallel_map(one, uncertain)
    return {model.parameters[place]: record for place, record in zip(uncertain, found, strict=True)}


def _scaling(
    ensemble: Ensemble,
    values: Float[np.ndarray, " world"],
    prior: Float[np.ndarray, " world"],
    claims: Float[np.ndarray, " world"],
) -> PowerRecord:
    weight, island = ensemble.log_weight, ensemble.island
    found = PowerScaling(
        *(power_sensitivity(values, each, weight, island) for each in (prior, claims)),
        *(power_pull(values, each, weight) for each in (prior, claims)),
    )
    return PowerRecord(
        prior=_short(found.prior),
        claims=_short(found.claims),
        prior_pull=_short(found.prior_pull),
        claims_pull=_short(found.claims_pull),
        decides=found.diagnosis,
    )


def _short(x: float) -> float:
    return float(f"{x:.3g}")


def evidence_steps(case: Case, weighed: RunResult) -> EvidenceSteps:
    """The margin and every estimate, step by step; empty where no claim conditions."""
    if weighed.conditioned is None or weighed.half is None:
        return EvidenceSteps()
    rows = {row.id: row for row in weighed.findings.weightings}
    steps = [rows[name] for name in (NONE, HALF, ALL) if name in rows]
    due = None
    if len(steps) == 3:
        none, _, every = steps
        due = margin_share((none.margin, none.mcse), (every.margin, every.mcse), case.delta)
    return EvidenceSteps(
        margin=[_margin(row) for row in steps],
        share=None if due is None else due[0],
        share_mcse=None if due is None else due[1],
        half_reliable=weighed.half.reliable,
        half_rerun=weighed.half.rerun,
        estimates=_estimates(case, weighed, weighed.half),
    )


def _margin(row: Weighting) -> MarginStep:
    return MarginStep(margin=row.margin, mcse=row.mcse, preferred=row.preferred, reliable=row.reliable)


def _estimates(case: Case, weighed: RunResult, half: HalfEvidence) -> dict[str, EstimateSteps]:
    ensemble = weighed.weighted
    found = {}
    for quantity in moving(case, ensemble):
        after = now(case, ensemble, quantity).astype(np.float64)
        before = now(case, weighed.prior, quantity).astype(np.float64)
        middle = abs(float(np.median(after)))
        moments = [
            _moments(on_scale(values, quantity.scale, middle), one.log_weight)
            for values, one in ((before, weighed.prior), (after, ensemble))
        ]
        halved = half.estimates.get(quantity.id)
        found[quantity.id] = EstimateSteps(
            none=_quantiles(before, weighed.prior.log_weight),
            half=None if halved is None or not half.reliable else _quantiles(halved, half.log_weight),
            all=_quantiles(after, ensemble.log_weight),
            share=_short(share(*moments)),
        )
    return found


def _moments(
    values: Float[np.ndarray, " world"], log_weight: Float[np.ndarray, " world"]
) -> tuple[float, float]:
    alive = np.isfinite(log_weight)
    mean = float(weighted_mean(values[alive], log_weight[alive]))
    return mean, float(weighted_mean((values[alive] - mean) ** 2, log_weight[alive]))


def _quantiles(values: Float[np.ndarray, " world"], log_weight: Float[np.ndarray, " world"]) -> Quantiles:
    low, middle, high = (float(np.float32(x)) for x in weighted_quantile(values, log_weight, _LEVELS))
    return Quantiles(q05=low, q50=middle, q95=high)

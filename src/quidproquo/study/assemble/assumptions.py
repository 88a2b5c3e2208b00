"""What a run assumes: priors, before the claims and after, and which of the two decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from datetime import date

import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Case
from quidproquo.evidence.weights.estimators import run_ess
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.sensitivity.priors import PowerScaling, log_prior, power_pull, power_sensitivity
from quidproquo.sensitivity.what_ifs import meanings
from quidproquo.study.assemble.scales import significant
from quidproquo.study.infer import RunResult
from quidproquo.study.schema.assumptions import AssumptionRecord, PowerRecord
from quidproquo.worlds.priors import Z90, PriorTable, active_interval
from quidproquo.worlds.runtime import parallel_map

__all__ = ["assumptions", "parameter_scalings"]

_ENDS = (0.05, 0.5, 0.95)
_FARTHEST = 6.0  # where single precision ends on a coordinate
_DIGITS = 4


def assumptions(
    case: Case, run: RunResult, as_of: date, scalings: Mapping[str, PowerRecord] | None = None
) -> dict[str, AssumptionRecord]:
    """Every prior beside what the claims made of it, and which of the two decides by `scalings`."""
    titles, before = meanings(run.model), _prior_points(run.model.priors)
    ensemble, table = run.weighted, run.model.priors
    alive = ensemble.status == 0
    draws = ensemble.draws[alive].astype(np.float64)
    after = np.quantile(draws, _ENDS, axis=0)
    places = np.stack([_places(table, i, draws[:, i]) for i in range(len(table.names))], axis=1)
    reached = np.quantile(places, _ENDS, axis=0)
    exact = run_ess(places, ensemble.log_weight[alive], ensemble.island[alive])
    result = {}
    for place, name in enumerate(run.model.parameters):
        low, high, exposed = active_interval(case.priors[name], as_of)
        mechanism, title = titles[name]
        result[name] = AssumptionRecord.of(
            case.priors[name],
            title=title,
            mechanism=mechanism,
            low=low,
            high=high,
            hindsight=exposed,
            **_ends("prior", before[place]),
            **_ends("posterior", after[:, place]),
            place=tuple(significant(x, _DIGITS) for x in reached[:, place]),
            contraction=significant(1.0 - np.var(places[:, place]), _DIGITS) if table.width[place] else 0.0,
            run_ess=significant(exact[place], _DIGITS) if np.isfinite(exact[place]) else 0.0,
            scaling=(scalings or {}).get(name),
        )
    return result


def _ends(name: str, values: Float[np.ndarray, " end"]) -> dict[str, float]:
    return {f"{name}_{end}": float(value) for end, value in zip(("q05", "q50", "q95"), values, strict=True)}


def _prior_points(table: PriorTable) -> Float[np.ndarray, "parameter end"]:
    """5, 50 and 95% points of every prior, in its own unit."""
    ends = np.array([-Z90, 0.0, Z90])[:, None]
    return table.drawn_values(np.broadcast_to(ends, (len(ends), len(table.names)))).T


def _places(
    table: PriorTable, index: int, values: Float[np.ndarray, " world"]
) -> Float[np.ndarray, " world"]:
    """Coordinates of one parameter; 0 if it is fixed, and finite at the ends of a flat range."""
    if table.width[index] == 0.0:
        return np.zeros(len(values))
    return np.asarray(np.clip(table.coordinates(index, values), -_FARTHEST, _FARTHEST))


def parameter_scalings(run: RunResult) -> dict[str, PowerRecord]:
    """Parameter → whether its own prior or the claims decide it; fixed ones have none."""
    if run.conditioned is None:
        return {}
    model = run.model
    z = run.conditioned.z.astype(np.float64)
    claims = run.weighted.log_likelihood.sum(axis=1)
    uncertain = [place for place in range(len(model.parameters)) if model.priors.width[place] > 0.0]

    def one(place: int) -> PowerRecord:
        return _scaling(run.weighted, z[:, place], claims)

    found = parallel_map(one, uncertain)
    return {model.parameters[place]: record for place, record in zip(uncertain, found, strict=True)}


def _scaling(
    ensemble: Ensemble, values: Float[np.ndarray, " world"], claims: Float[np.ndarray, " world"]
) -> PowerRecord:
    weight, prior = ensemble.log_weight, log_prior(values)
    found = PowerScaling(
        power_sensitivity(values, prior, weight, ensemble.island),
        power_sensitivity(values, claims, weight, ensemble.island),
        power_pull(values, prior, weight),
        power_pull(values, claims, weight),
    )
    return PowerRecord.of(PowerScaling(*(significant(x) for x in astuple(found))), decides=found.diagnosis)

"""What the new run's worlds say of earlier claims, and worlds conditioned once only some changes have happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from jaxtyping import Float
from scipy import special

from quidproquo.cases.record import Case
from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.estimates import estimates_now
from quidproquo.evidence.observation.operators import build_operators
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.sensitivity.shapley import Measured
from quidproquo.study.carry_on import carried_on
from quidproquo.study.conditioning import Evidence, claimable
from quidproquo.study.diff.changes import PRIORS, Changes
from quidproquo.study.diff.densities import prior_form
from quidproquo.study.diff.worlds import measure
from quidproquo.study.request import cache
from quidproquo.study.schema.brief import Brief
from quidproquo.study.what_if.basis import Basis
from quidproquo.study.what_if.rerun import Conditioner, conditioned_worlds
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.observe import observe
from quidproquo.worlds.runtime import prepare

__all__ = ["measure_again", "predicted_of"]

_MOST = 8.0  # standard deviations, beyond which a float has no probability left


def predicted_of(
    case: Case, basis: Basis, table: EvidenceTable, items: Sequence[str]
) -> dict[str, Float[np.ndarray, " world"]]:
    """What the worlds of a run say of claims that aren't among its own.

    Raises:
        InputError: if the case has no such observable any more.
    """
    if not items:
        return {}
    prepare(cache())
    as_of = date.fromisoformat(basis.brief.as_of)
    model = build_model(carried_on(case, as_of), as_of)
    chosen = table.select([table.ids.index(item) for item in items])
    operators = build_operators(model, chosen)
    found = observe(model, operators.days, _coordinates(model, basis.ensemble), claimable(case))
    return dict(zip(items, operators.combined_values(found), strict=True))


def _coordinates(model: Model, ensemble: Ensemble) -> Float[np.ndarray, "world coordinate"]:
    """Where stored worlds lie: from their parameters, and in the middle of the answers that hold in them."""
    columns = []
    for place, name in enumerate(model.parameters):
        values = ensemble.draws[:, ensemble.parameters.index(name)]
        fixed = not float(model.priors.width[place]) > 0.0
        z = np.zeros(len(values)) if fixed else model.priors.coordinates(place, values)
        columns.append(np.nan_to_num(np.clip(z, -_MOST, _MOST), nan=0.0))
    for place, hypothesis in enumerate(model.hypotheses):
        ends = np.concatenate([[0.0], np.asarray(model.cuts[place], dtype=np.float64), [1.0]])
        middle = 0.5 * (ends[1:] + ends[:-1])
        states = ensemble.states[:, ensemble.hypotheses.index(hypothesis.id)]
        columns.append(special.ndtri(middle[states]))
    return np.stack(columns, axis=1).astype(np.float32)


def measure_again(
    conditioner: Conditioner, basis: Basis, changes: Changes, old: Brief, happened: frozenset[str]
) -> Measured:
    """Every number once only some changes have happened, by worlds conditioned for that.

    Raises:
        EvidenceError: if the worlds don't get there.
    """
    former = PRIORS in changes.groups and PRIORS not in happened
    model = _with_priors(conditioner.model, changes.priors, old) if former else conditioner.model
    evidence = Evidence(changes.table(happened), None if former else changes.new)
    found = conditioned_worlds(conditioner, model, evidence)
    quantities = [conditioner.case.quantities[name] for name in basis.estimates]
    prepared = basis.prepared(found, estimates_now(conditioner.case, found, quantities))
    return measure(prepared, found, prepared.reweighter.base, f"worlds once {'+'.join(sorted(happened))}")


def _with_priors(model: Model, names: Sequence[str], old: Brief) -> Model:
    """The model with some priors as they were."""
    priors, cuts = model.priors, list(model.cuts)
    columns = {
        "link": np.array(priors.link),
        "uniform": np.array(priors.uniform),
        "centre": np.array(priors.centre, dtype=np.float64),
        "width": np.array(priors.width, dtype=np.float64),
    }
    hypotheses = [hypothesis.id for hypothesis in model.hypotheses]
    for name in names:
        if name in hypotheses:
            states = old.hypotheses[name].states.values()
            cuts[hypotheses.index(name)] = np.cumsum([state.prior for state in states])[:-1]
        else:
            for field, value in prior_form(old.assumptions[name])._asdict().items():
                columns[field][model.parameters.index(name)] = value
    return replace(model, priors=replace(priors, **columns), cuts=tuple(cuts))  # type: ignore[arg-type]

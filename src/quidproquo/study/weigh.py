"""Weighing: the evidence table, three ensembles of worlds, and what re-weighting them tells."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date

import jax
import numpy as np
from jaxtyping import Array, Float, Key

from quidproquo.cases.record import Case, Quantity
from quidproquo.claims import evidence_table
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.table import EvidenceTable
from quidproquo.decisions.compare import choice_of, compare
from quidproquo.decisions.record import Findings
from quidproquo.evidence.conditioning import ISLANDS, Conditioned, condition
from quidproquo.evidence.ensemble import (
    Points,
    as_ensemble,
    compiled_items,
    conditioned_points,
    exploratory_points,
    prior_points,
)
from quidproquo.evidence.leverage import ItemSet, Leverage, leverage
from quidproquo.evidence.misfit import MisfitOverall, misfit
from quidproquo.evidence.predictive import report_cdf
from quidproquo.evidence.record import Ensemble
from quidproquo.evidence.reweight import Reweighter
from quidproquo.evidence.target import Target, build_target
from quidproquo.study.progress import Progress
from quidproquo.terms.edtf import Interval
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.simulate import compiled, plan

__all__ = ["DEFAULT_WORLDS", "Weighed", "item_sets", "reported", "weigh"]

DEFAULT_WORLDS = 4096
_BLOCKS = 2048


@dataclass(frozen=True)
class Weighed:
    """Everything that the numbers of a brief are read from."""

    model: Model
    table: EvidenceTable
    conditioned: Conditioned | None
    weighted: Ensemble
    prior: Ensemble
    exploratory: Ensemble
    findings: Findings
    leverage: tuple[Leverage, ...]
    misfit: MisfitOverall | None


def reported(case: Case) -> tuple[Quantity, ...]:
    """Quantities that the case reports and the model observes."""
    return tuple(q for q in case.quantities.values() if q.report and q.observes.get(""))


def weigh(
    case: Case,
    claims: Sequence[Claim],
    links: Sequence[Link],
    *,
    as_of: date,
    reviewed_only: bool,
    worlds: int,
    seed: int,
    progress: Progress,
) -> Weighed:
    """Condition, run and compare.

    Raises:
        EvidenceError: if the worlds are too few, or none fits the claims.
    """
    table = evidence_table(
        claims, case, as_of=Interval(as_of, as_of), reviewed_only=reviewed_only, links=links
    )
    model = build_model(case, as_of)
    key = jax.random.key(seed)
    target = build_target(model, table)
    layout = plan(model, case, tuple(dict.fromkeys(q.observes[""] for q in reported(case))))
    conditioned = None
    # what is run later is compiled meanwhile
    with ThreadPoolExecutor(max_workers=2) as meanwhile:
        later: list[Future[object]] = [meanwhile.submit(compiled, model, layout)]
        if len(table):
            later += [meanwhile.submit(compiled_items, target)]
            with progress.stage("conditioning", ISLANDS) as advance:
                conditioned = condition(jax.random.fold_in(key, 5), target, worlds, done=advance)
        for program in later:
            program.result()
    sets = _points(key, target, conditioned, worlds)
    blocks = sum(-(-len(points.z) // _BLOCKS) for points in sets)
    with progress.stage("simulating", blocks) as advance:
        runs = [as_ensemble(key, target, layout, tuple(case.metrics), points, advance) for points in sets]
    weighted, prior, exploratory = (run[0] for run in runs)
    # nothing is read from these but the outcomes, and they are large
    exploratory = replace(exploratory, series={})
    with progress.stage("comparing options", None):
        origins = item_sets(claims, table, kinds=("origin",))
        findings = compare(weighted, exploratory, case, prior, origins)
    moved: tuple[Leverage, ...] = ()
    misfits = None
    if conditioned is not None:
        with progress.stage("taking away", None):
            moved, misfits = _take_away(case, claims, table, target, runs[0], conditioned)
    return Weighed(model, table, conditioned, weighted, prior, exploratory, findings, moved, misfits)


def _points(
    key: Key[Array, ""], target: Target, conditioned: Conditioned | None, worlds: int
) -> list[Points]:
    prior = prior_points(key, target, worlds)
    if conditioned is None:
        weighted = Points("weighted", 2, prior.z, prior.biases, prior.island)
    else:
        weighted = conditioned_points(conditioned)
    return [weighted, prior, exploratory_points(key, target, worlds)]


def _take_away(
    case: Case,
    claims: Sequence[Claim],
    table: EvidenceTable,
    target: Target,
    run: tuple[Ensemble, Float[np.ndarray, "world item"]],
    conditioned: Conditioned,
) -> tuple[tuple[Leverage, ...], MisfitOverall]:
    weighted, wrong = run
    reweighter = Reweighter(weighted)
    sets = item_sets(claims, table)
    estimates = {
        q.id: now(case, weighted, q).astype(np.float64) for q in reported(case) if _moves(case, weighted, q)
    }
    moved = leverage(reweighter, sets, estimates, choice_of(weighted, case), table)
    cdf = report_cdf(target.likelihood, weighted.predicted, conditioned.biases)
    return tuple(moved), misfit(reweighter, table.origin, cdf, wrong)


def now(case: Case, ensemble: Ensemble, quantity: Quantity) -> Float[np.ndarray, " world"]:
    """A quantity in every world at the decision date."""
    place = int(np.searchsorted(ensemble.series_days, case.decision_date.toordinal()))
    return np.asarray(ensemble.series[quantity.observes[""]][:, place])


def _moves(case: Case, ensemble: Ensemble, quantity: Quantity) -> bool:
    values = now(case, ensemble, quantity)
    return bool(np.isfinite(values).all() and np.ptp(values) > 0)


def item_sets(
    claims: Sequence[Claim],
    table: EvidenceTable,
    kinds: Sequence[str] = ("claim", "origin", "family", "document"),
) -> list[ItemSet]:
    """What can be taken away: every claim, origin, family and document that conditions."""
    by_id = {claim.id: claim for claim in claims}
    groups: dict[tuple[str, str], list[str]] = {}
    for item, origin, family in zip(table.ids, table.origin, table.family, strict=True):
        labels = {"claim": [item], "origin": [origin], "family": [family]}
        labels["document"] = sorted({a.document for a in by_id[item].appearances})
        for kind in kinds:
            for label in labels[kind]:
                groups.setdefault((kind, label), []).append(item)
    rank = {kind: place for place, kind in enumerate(kinds)}
    return [
        ItemSet(kind, label, by_id[label].paraphrase if kind == "claim" else label, tuple(items))
        for (kind, label), items in sorted(groups.items(), key=lambda entry: (rank[entry[0][0]], entry[0][1]))
    ]

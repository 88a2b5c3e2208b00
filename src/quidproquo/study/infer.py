"""Weighing: the evidence table, three ensembles of worlds, and what re-weighting them tells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from quidproquo.cases.record import Case, Quantity
from quidproquo.claims import evidence_table, sources_of
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.table import EvidenceTable
from quidproquo.decisions.compare import choice_of, compare
from quidproquo.decisions.record import Findings
from quidproquo.evidence.checks.misfit import MisfitOverall, misfit
from quidproquo.evidence.ensemble import (
    Points,
    as_ensemble,
    conditioned_points,
    exploratory_points,
    prior_points,
)
from quidproquo.evidence.observation.predictive import report_cdf
from quidproquo.evidence.smc.evaluate import compiled_item_evaluation
from quidproquo.evidence.smc.sample import PosteriorDraws, condition, resample_from, settings_for
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.evidence.smc.thorough import condition_thoroughly
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.rerun import Rerun, Reruns
from quidproquo.evidence.weights.reweight import Reweighter
from quidproquo.sensitivity.evaluator import Choice, Leverage, WhatIf
from quidproquo.sensitivity.grades import compiled_letters, letter_sets
from quidproquo.sensitivity.leverage import leverage
from quidproquo.sensitivity.smallest_set import SmallestSet, smallest_set
from quidproquo.study.progress import Progress
from quidproquo.study.totals import TotalsHoldout, left_out
from quidproquo.study.what_ifs import HalfEvidence, half_evidence, what_ifs
from quidproquo.terms.edtf import Interval
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.read_edges import read_edges
from quidproquo.worlds.runtime import trim
from quidproquo.worlds.simulate import RUN, Plan, compiled, plan
from quidproquo.worlds.streams import Stream, blocks, stream_key

__all__ = [
    "DEFAULT_WORLDS",
    "PROGRAMME",
    "RunResult",
    "RunSettings",
    "leave_outs",
    "moving",
    "now",
    "reported",
    "weigh",
]

DEFAULT_WORLDS = 20_480
_AGAIN = 640  # worlds of a run, for each time that worlds are conditioned anew for what is taken away
_OTHERS = 4096  # worlds by the prior alone, and exploratory ones, at most
PROGRAMME = ("unaided", "reached", "gained")
_SO_FAR = ("rate", "helped", "attempts", "successes")


@dataclass(frozen=True)
class RunSettings:
    """How a case is weighed.

    Where weights can't be trusted, or say that the choice changes, worlds are conditioned anew: for
    every weighting, and for what is taken away, up to once for each 640 worlds; with `rerun_all` without
    limit, and for every pair of origins too. With `thorough`, worlds are moved at every temperature on the
    way to the claims until their order is forgotten: a check that takes several times as long.
    """

    as_of: date
    seed: int
    worlds: int = DEFAULT_WORLDS
    reviewed_only: bool = False
    rerun_all: bool = False
    thorough: bool = False


@dataclass(frozen=True)
class RunResult:
    """Everything that the numbers of a brief are read from."""

    model: Model
    table: EvidenceTable
    conditioned: PosteriorDraws | None
    weighted: Ensemble
    prior: Ensemble
    exploratory: Ensemble
    findings: Findings
    leverage: tuple[Leverage, ...]
    misfit: MisfitOverall | None
    reruns: int = 0
    apart: TotalsHoldout | None = None
    programmes: tuple[dict[str, np.ndarray], ...] = ()
    half: HalfEvidence | None = None
    smallest: SmallestSet | None = None


@dataclass(frozen=True)
class _Rerunner:
    """Conditions worlds anew and runs them, as the original ones were run."""

    key: Key[Array, ""]
    case: Case
    target: Target
    layout: Plan
    conditioned: PosteriorDraws
    weighted: Ensemble

    def run(self, powers: Float[np.ndarray, " item"]) -> Rerun:
        """Worlds in which every item counts with its power."""
        key, known = stream_key(self.key, Stream.RERUN), self.weighted.log_likelihood
        drawn = resample_from(key, self.target, self.conditioned, known, powers)
        points = conditioned_points(drawn)
        metrics = tuple(self.case.metrics)
        ensemble, _ = as_ensemble(self.key, self.target, self.layout, metrics, points)
        estimates = _estimates(self.case, ensemble, moving(self.case, self.weighted))
        # nothing more is read from the series, and they are large
        ensemble = replace(ensemble, series={})
        values = choice_of(ensemble, self.case).values
        return Rerun(Reweighter(ensemble, held=powers), points.biases, estimates, values)


@dataclass(frozen=True)
class _Ready:
    """The weighted ensemble made ready for what-ifs, and what is read off its worlds."""

    reweighter: Reweighter
    estimates: dict[str, Float[np.ndarray, " world"]]
    choice: Choice


@dataclass(frozen=True)
class _Evidence:
    """What taking away works on: the claims, the conditioned worlds, and how to run them again."""

    case: Case
    claims: Sequence[Claim]
    table: EvidenceTable
    target: Target
    wrong: Float[np.ndarray, "world item"]
    conditioned: PosteriorDraws
    reruns: Reruns
    most: float


def reported(case: Case) -> tuple[Quantity, ...]:
    """Quantities that the case reports and the model observes."""
    return tuple(q for q in case.quantities.values() if q.report and q.observes.get(""))


def weigh(
    case: Case,
    claims: Sequence[Claim],
    links: Sequence[Link],
    settings: RunSettings,
    progress: Progress,
) -> RunResult:
    """Condition, run and compare.

    Raises:
        EvidenceError: if the worlds are too few, or none fits the claims.
    """
    as_of, worlds = settings.as_of, settings.worlds
    table = evidence_table(
        claims, case, as_of=Interval(as_of, as_of), reviewed_only=settings.reviewed_only, links=links
    )
    model = build_model(case, as_of)
    key = jax.random.key(settings.seed)
    target = build_target(model, table)
    layout = plan(model, case, _shown(case, model))
    conditioned = None
    # what is run or shown later is compiled or traced meanwhile, one after another: it takes much memory
    with ThreadPoolExecutor(max_workers=1) as meanwhile:
        later: list[Future[object]] = [
            meanwhile.submit(compiled, model, layout),
            meanwhile.submit(read_edges, model),
        ]
        if len(table):
            later += [
                meanwhile.submit(compiled_item_evaluation, target),
                meanwhile.submit(compiled_letters, target),
            ]
            conditioned = _conditioned(stream_key(key, Stream.CONDITIONING), target, settings, progress)
        for program in later:
            program.result()
    trim()
    sets = _points(key, target, conditioned, worlds)
    count = sum(len(blocks(len(points.z), RUN)) for points in sets)
    with progress.stage("simulating", count) as advance:
        runs = [as_ensemble(key, target, layout, tuple(case.metrics), points, advance) for points in sets]
    weighted, prior, exploratory = (run[0] for run in runs)
    # nothing is read from these but the outcomes, and they are large
    exploratory = replace(exploratory, series={})
    reweighter, reruns, evidence = Reweighter(weighted), None, None
    if conditioned is not None:
        again = _Rerunner(key, case, target, layout, conditioned, weighted)
        reruns = Reruns(reweighter, again.run)
        most = math.inf if settings.rerun_all else worlds // _AGAIN
        evidence = _Evidence(case, claims, table, target, runs[0][1], conditioned, reruns, most)
    with progress.stage("comparing options", None):
        origins = leave_outs(case, claims, table, kinds=("origin",))
        findings = compare(weighted, exploratory, case, prior, origins, reruns=reruns)
    with progress.stage("taking away", None):
        changes = what_ifs(case, model, sets[0].z, weighted)
        quantities = moving(case, weighted)
        ready = _Ready(reweighter, _estimates(case, weighted, quantities), choice_of(weighted, case))
        before = Reweighter(prior), _estimates(case, prior, quantities)
        moved, misfits, half = _leave_out(ready, evidence, changes, before)
    smallest = None
    if evidence is not None and findings.weightings:
        with progress.stage("taking away sets", None):
            tied = findings.preferred.options
            smallest = smallest_set(reweighter, origins, ready.choice, tied, reruns, settings.rerun_all)
    apart = None
    if case.totals:
        with progress.stage("judging totals", None):
            without = left_out(case, links, table.ids)
            apart = TotalsHoldout(_without(key, target, conditioned, weighted, without) or sets[0], without)
    count = reruns.count if reruns is not None else 0
    found = (weighted, prior, exploratory, findings, moved, misfits, count)
    now_ = _programmes_now(case, model, sets[:2], as_of)
    return RunResult(model, table, conditioned, *found, apart, now_, half, smallest)


def _conditioned(
    key: Key[Array, ""], target: Target, settings: RunSettings, progress: Progress
) -> PosteriorDraws:
    if settings.thorough:
        # how long it takes to forget isn't known before
        with progress.stage("conditioning at length", None) as advance:
            return condition_thoroughly(key, target, settings.worlds, done=advance)
    with progress.stage("conditioning", settings_for(settings.worlds).units) as advance:
        return condition(key, target, settings.worlds, done=advance)


def _shown(case: Case, model: Model) -> tuple[str, ...]:
    """Observables whose months are kept: those of reported quantities, and of programmes."""
    names = [quantity.observes[""] for quantity in reported(case)]
    for part in model.parts:
        if part.name in case.programmes:
            names += [f"{part.name}.{output}" for output in PROGRAMME]
    return tuple(dict.fromkeys(names))


def _programmes_now(
    case: Case, model: Model, sets: Sequence[Points], as_of: date
) -> tuple[dict[str, np.ndarray], ...]:
    """Rates, help and counts of the programmes on the as-of date, `[world]`, in each set of worlds."""
    day = jnp.asarray([[float((as_of - model.start).days)]], jnp.float32)
    wanted: dict[str, Array] = {}
    for part in model.parts:
        if part.name in case.programmes:
            some = _SO_FAR if part.settings.get("attempts") else _SO_FAR[:2]
            wanted |= {f"{part.name}.{output}": day for output in some}
    if not wanted:
        return tuple({} for _ in sets)
    program = jax.jit(lambda z: model.past(z, wanted))
    return tuple({n: np.asarray(x)[0] for n, x in program(jnp.asarray(p.z.T)).items()} for p in sets)


def _without(
    key: Key[Array, ""],
    target: Target,
    conditioned: PosteriorDraws | None,
    weighted: Ensemble,
    gone: Sequence[str],
) -> Points | None:
    """Worlds conditioned anew without some items; None where there is nothing to take away.

    Raises:
        EvidenceError: if the worlds don't get there.
    """
    if conditioned is None or not gone:
        return None
    powers = np.array([0.0 if item in gone else 1.0 for item in target.ids])
    known = weighted.log_likelihood
    own = stream_key(key, Stream.TOTALS_HOLDOUT)
    return conditioned_points(resample_from(own, target, conditioned, known, powers))


def _points(
    key: Key[Array, ""], target: Target, conditioned: PosteriorDraws | None, worlds: int
) -> list[Points]:
    others = min(worlds, _OTHERS)
    prior = prior_points(key, target, others)
    if conditioned is None:
        weighted = Points("weighted", Stream.WEIGHTED, prior.z, prior.biases, prior.island)
    else:
        weighted = conditioned_points(conditioned)
    return [weighted, prior, exploratory_points(key, target, others)]


def _leave_out(
    ready: _Ready,
    evidence: _Evidence | None,
    changes: Sequence[WhatIf],
    prior: tuple[Reweighter, dict[str, Float[np.ndarray, " world"]]],
) -> tuple[tuple[Leverage, ...], MisfitOverall | None, HalfEvidence | None]:
    """What each thing moves, how claims fit, and half the evidence; without claims, only `changes`."""
    if evidence is None:
        return tuple(leverage(ready.reweighter, changes, ready.estimates, ready.choice)), None, None
    table, reruns, likelihood = evidence.table, evidence.reruns, evidence.target.likelihood
    predicted, biases = ready.reweighter.ensemble.predicted, evidence.conditioned.biases
    letters = letter_sets(evidence.target, table, predicted, biases)
    sets = [*leave_outs(evidence.case, evidence.claims, table), *letters, *changes]
    moved = leverage(ready.reweighter, sets, ready.estimates, ready.choice, table, reruns, evidence.most)

    def cdf_of(run: Rerun) -> Float[np.ndarray, "world item"]:
        return report_cdf(likelihood, run.reweighter.ensemble.predicted, run.biases)

    cdf = report_cdf(likelihood, predicted, biases)
    misfits = misfit(ready.reweighter, table.origin, cdf, evidence.wrong, reruns, cdf_of)
    return tuple(moved), misfits, half_evidence((ready.reweighter, ready.estimates), prior, reruns)


def moving(case: Case, ensemble: Ensemble) -> tuple[Quantity, ...]:
    """Reported quantities that differ between worlds at the decision date."""
    return tuple(q for q in reported(case) if _moves(case, ensemble, q))


def _estimates(
    case: Case, ensemble: Ensemble, quantities: Sequence[Quantity]
) -> dict[str, Float[np.ndarray, " world"]]:
    return {q.id: now(case, ensemble, q).astype(np.float64) for q in quantities}


def now(case: Case, ensemble: Ensemble, quantity: Quantity) -> Float[np.ndarray, " world"]:
    """A quantity in every world at the decision date."""
    place = int(np.searchsorted(ensemble.series_days, case.decision_date.toordinal()))
    return np.asarray(ensemble.series[quantity.observes[""]][:, place])


def _moves(case: Case, ensemble: Ensemble, quantity: Quantity) -> bool:
    values = now(case, ensemble, quantity)
    return bool(np.isfinite(values).all() and np.ptp(values) > 0)


def leave_outs(
    case: Case,
    claims: Sequence[Claim],
    table: EvidenceTable,
    kinds: Sequence[str] = ("claim", "origin", "family", "source", "document"),
) -> list[WhatIf]:
    """What can be taken away: every claim, origin, family, source and document that conditions.

    A source that takes away what the origin of its name does is told there, not twice; sources that take
    away the same stand together.
    """
    by_id = {claim.id: claim for claim in claims}
    groups: dict[str, dict[str, list[str]]] = {kind: {} for kind in kinds}
    for item, origin, family in zip(table.ids, table.origin, table.family, strict=True):
        labels: dict[str, Sequence[str]] = {"claim": [item], "origin": [origin], "family": [family]}
        labels["source"] = sources_of(by_id[item], case)
        labels["document"] = sorted({a.document for a in by_id[item].appearances})
        for kind in kinds:
            for label in labels[kind]:
                groups[kind].setdefault(label, []).append(item)
    if "source" in groups:
        groups["source"] = _together(groups["source"], groups.get("origin", {}))
    return [
        WhatIf(kind, label, by_id[label].paraphrase if kind == "claim" else label, tuple(items))
        for kind in kinds
        for label, items in sorted(groups[kind].items())
    ]


def _together(sources: dict[str, list[str]], origins: dict[str, list[str]]) -> dict[str, list[str]]:
    """Sources by name, those that take away the same under one; without what origins take away."""
    names: dict[tuple[str, ...], list[str]] = {}
    for name, items in sorted(sources.items()):
        if origins.get(name) != items:
            names.setdefault(tuple(items), []).append(name)
    listed = {items: [", ".join(some[:-1]), some[-1]] for items, some in names.items()}
    return {" and ".join(part for part in parts if part): list(items) for items, parts in listed.items()}

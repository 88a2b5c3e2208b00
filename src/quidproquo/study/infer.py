"""Weighing: evidence table, three ensembles of worlds, options compared, and what the choice depends on."""

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
from quidproquo.decisions.compare import compare
from quidproquo.decisions.record import Findings
from quidproquo.decisions.value import ValuedWorlds, valued_worlds
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
from quidproquo.sensitivity.evaluator import Leverage, SensitivityEvaluator, WhatIf
from quidproquo.sensitivity.grades import compile_grade_program, grade_what_ifs
from quidproquo.sensitivity.leverage import leverage
from quidproquo.sensitivity.prepared import PreparedEnsemble
from quidproquo.sensitivity.record import WeightingSweep
from quidproquo.sensitivity.rerun_evaluator import RerunEvaluator
from quidproquo.sensitivity.smallest_set import SET_RERUNS, SmallestSet, smallest_set
from quidproquo.sensitivity.weightings import sweep_weightings
from quidproquo.study.limits import DEFAULT_WORLDS
from quidproquo.study.progress import Progress
from quidproquo.study.totals import TotalsHoldout, behind_totals
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

_WORLDS_PER_RERUN = 640  # worlds of a run, for each time that worlds are conditioned anew for a what-if
_FEWEST_RERUNS = 12
_OTHERS = 4096  # worlds by the prior alone, and exploratory ones, at most
PROGRAMME = ("unaided", "reached", "gained")
_SO_FAR = ("rate", "helped", "attempts", "successes")


@dataclass(frozen=True)
class RunSettings:
    """How a case is weighed.

    Where weights can't be trusted, or say that the choice changes, worlds are conditioned anew: for
    every weighting, and for what is left out, up to once for each 640 worlds; with `rerun_all` without
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
    """Everything that the numbers of a brief are read from.

    `evaluator` judges further what-ifs on the weighted worlds; None where no claim conditions.
    """

    model: Model
    table: EvidenceTable
    conditioned: PosteriorDraws | None
    weighted: Ensemble
    prior: Ensemble
    exploratory: Ensemble
    findings: Findings
    weightings: WeightingSweep
    leverage: tuple[Leverage, ...]
    misfit: MisfitOverall | None
    reruns: int = 0
    totals: TotalsHoldout | None = None
    programmes: tuple[dict[str, np.ndarray], ...] = ()
    half: HalfEvidence | None = None
    smallest: SmallestSet | None = None
    evaluator: SensitivityEvaluator | None = None


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
        # failed worlds keep their rows and weigh nothing
        values = np.zeros((len(points.z), len(ensemble.options)))
        worlds = valued_worlds(ensemble, self.case)
        values[worlds.kept] = worlds.values
        return Rerun(Reweighter(ensemble, held=powers), points.biases, estimates, values)


@dataclass(frozen=True)
class _Evidence:
    """What leaving evidence out works on: the claims, the sound conditioned worlds, and how to re-run them."""

    case: Case
    claims: Sequence[Claim]
    table: EvidenceTable
    target: Target
    biases: Float[np.ndarray, "world bias"]
    wrong: Float[np.ndarray, "world item"]
    reruns: RerunEvaluator


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
    as_of = settings.as_of
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
                meanwhile.submit(compile_grade_program, target),
            ]
            conditioned = _conditioned(stream_key(key, Stream.CONDITIONING), target, settings, progress)
        for program in later:
            program.result()
    trim()
    sets = _points(key, target, conditioned, settings.worlds)
    count = sum(len(blocks(len(points.z), RUN)) for points in sets)
    with progress.stage("simulating", count) as advance:
        runs = [as_ensemble(key, target, layout, tuple(case.metrics), points, advance) for points in sets]
    weighted, prior, exploratory = (run[0] for run in runs)
    # nothing is read from these but the outcomes, and they are large
    exploratory = replace(exploratory, series={})
    with progress.stage("comparing options", None):
        worlds = valued_worlds(weighted, case)
        findings = compare(worlds, valued_worlds(exploratory, case), case)
        evaluator, before = _evaluators(case, worlds, prior)
    evidence = None
    if conditioned is not None:
        rerunner = _Rerunner(key, case, target, layout, conditioned, weighted)
        most = math.inf if settings.rerun_all else max(settings.worlds // _WORLDS_PER_RERUN, _FEWEST_RERUNS)
        reruns = RerunEvaluator(evaluator, Reruns(evaluator.reweighter, rerunner.run, most))
        own = conditioned.biases[worlds.kept], runs[0][1][worlds.kept]
        evidence = _Evidence(case, claims, table, target, *own, reruns)
    changes = what_ifs(case, model, sets[0].z[worlds.kept], worlds.ensemble)
    doubts = _doubts(case, findings, evaluator, before, evidence, changes, settings, progress)
    holdout = None
    if case.totals:
        with progress.stage("judging totals", None):
            without = behind_totals(case, links, table.ids)
            holdout = TotalsHoldout(_without(key, target, conditioned, weighted, without) or sets[0], without)
    return RunResult(
        model=model,
        table=table,
        conditioned=conditioned,
        weighted=weighted,
        prior=prior,
        exploratory=exploratory,
        findings=findings,
        weightings=doubts.weightings,
        leverage=doubts.leverage,
        misfit=doubts.misfit,
        reruns=0 if evidence is None else evidence.reruns.reruns.count,
        totals=holdout,
        programmes=_programmes_now(case, model, sets[:2], as_of),
        half=doubts.half,
        smallest=doubts.smallest,
        evaluator=evaluator if evidence is not None else None,
    )


def _evaluators(
    case: Case, worlds: ValuedWorlds, prior: Ensemble
) -> tuple[SensitivityEvaluator, SensitivityEvaluator]:
    """Of the weighted worlds, and of the prior's, compared with them."""
    quantities = moving(case, worlds.ensemble)
    evaluator = SensitivityEvaluator(_prepared(case, worlds, quantities))
    before = _prepared(case, valued_worlds(prior, case), quantities)
    return evaluator, SensitivityEvaluator(before, original=evaluator)


def _prepared(case: Case, worlds: ValuedWorlds, quantities: Sequence[Quantity]) -> PreparedEnsemble:
    estimates = _estimates(case, worlds.ensemble, quantities)
    return PreparedEnsemble(Reweighter(worlds.ensemble), worlds.option_values, estimates)


@dataclass(frozen=True)
class _Doubts:
    """What the choice and the estimates depend on."""

    weightings: WeightingSweep
    leverage: tuple[Leverage, ...]
    misfit: MisfitOverall | None = None
    half: HalfEvidence | None = None
    smallest: SmallestSet | None = None


def _doubts(
    case: Case,
    findings: Findings,
    evaluator: SensitivityEvaluator,
    prior: SensitivityEvaluator,
    evidence: _Evidence | None,
    changes: Sequence[WhatIf],
    settings: RunSettings,
    progress: Progress,
) -> _Doubts:
    """Every weighting, every what-if and every set of origins; without claims, only `changes`."""
    if evidence is None:
        sweep = sweep_weightings(evaluator, prior, findings, case, [])
        return _Doubts(sweep, tuple(leverage(evaluator, changes)))
    origins = leave_outs(case, evidence.claims, evidence.table, kinds=("origin",))
    reruns = evidence.reruns
    with progress.stage("leaving out", None):
        half = half_evidence(evaluator, prior, reruns)
        moved, misfits = _leave_out(evaluator, evidence, changes)
    with progress.stage("weighing anew", None):
        sweep = sweep_weightings(evaluator, prior, findings, case, origins, reruns, SET_RERUNS)
    smallest = None
    if findings.preferred.ranked:
        with progress.stage("leaving out sets", None):
            smallest = smallest_set(evaluator, origins, reruns, settings.rerun_all)
    return _Doubts(sweep, moved, misfits, half, smallest)


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
    """Worlds conditioned anew without some items; None where there is nothing to leave out.

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
    evaluator: SensitivityEvaluator, evidence: _Evidence, changes: Sequence[WhatIf]
) -> tuple[tuple[Leverage, ...], MisfitOverall]:
    """What each thing moves, and how claims fit those of other origins."""
    table, reruns, likelihood = evidence.table, evidence.reruns, evidence.target.likelihood
    predicted = evaluator.reweighter.ensemble.predicted
    grades = grade_what_ifs(evidence.target, table, predicted, evidence.biases)
    sets = [*leave_outs(evidence.case, evidence.claims, table), *grades, *changes]
    moved = leverage(evaluator, sets, table, reruns, SET_RERUNS)

    def cdf_of(run: Rerun) -> Float[np.ndarray, "world item"]:
        return report_cdf(likelihood, run.reweighter.ensemble.predicted, run.biases)

    cdf = report_cdf(likelihood, predicted, evidence.biases)
    fits = misfit(evaluator.reweighter, table.origin, cdf, evidence.wrong, reruns.reruns.known, cdf_of)
    return tuple(moved), fits


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
    """What can be left out: every claim, origin, family, source and document that conditions.

    A source that leaves out what the origin of its name does stands there, not twice; sources that leave
    out the same stand together.
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
        groups["source"] = _merge_equal_sources(groups["source"], groups.get("origin", {}))
    return [
        WhatIf(kind, label, by_id[label].paraphrase if kind == "claim" else label, tuple(items))
        for kind in kinds
        for label, items in sorted(groups[kind].items())
    ]


def _merge_equal_sources(
    sources: dict[str, list[str]], origins: dict[str, list[str]]
) -> dict[str, list[str]]:
    """Sources by name, those that leave out the same under one; without what origins leave out."""
    names: dict[tuple[str, ...], list[str]] = {}
    for name, items in sorted(sources.items()):
        if origins.get(name) != items:
            names.setdefault(tuple(items), []).append(name)
    listed = {items: [", ".join(some[:-1]), some[-1]] for items, some in names.items()}
    return {" and ".join(part for part in parts if part): list(items) for items, parts in listed.items()}

"""Weighing: evidence table, three ensembles of worlds, options compared, and what the choice depends on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import jax
import numpy as np
from jaxtyping import Array, Float, Key

from quidproquo.cases.record import Case
from quidproquo.claims import evidence_table
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.table import EvidenceTable
from quidproquo.decisions.collect import InformationFindings, value_of_information
from quidproquo.decisions.compare import compare
from quidproquo.decisions.components import generated_options
from quidproquo.decisions.record import Findings
from quidproquo.decisions.scenarios import ScenarioFindings
from quidproquo.decisions.value import valued_worlds
from quidproquo.evidence.ensemble import (
    Points,
    as_ensemble,
    conditioned_points,
    exploratory_points,
    prior_points,
)
from quidproquo.evidence.estimates import moving, reported
from quidproquo.evidence.smc.bridge import BridgeSettings, bridge_to_powers
from quidproquo.evidence.smc.extension import Extension
from quidproquo.evidence.smc.sample import PosteriorDraws
from quidproquo.evidence.smc.target import Target
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.sensitivity.analysis import Conditioning, Sensitivity, analyse
from quidproquo.sensitivity.rerunner import Rerunner
from quidproquo.study.base import Base
from quidproquo.study.conditioning import Evidence, claimable, condition_worlds
from quidproquo.study.first import FirstFigures, first_figures
from quidproquo.study.limits import DEFAULT_WORLDS
from quidproquo.study.progress import Progress
from quidproquo.study.scenarios import scenario_findings
from quidproquo.study.totals import TotalsHoldout, behind_totals
from quidproquo.terms.edtf import Interval
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.observe import observe
from quidproquo.worlds.read_edges import read_edges
from quidproquo.worlds.runtime import trim
from quidproquo.worlds.simulate import RUN, Plan, plan, simulation_program
from quidproquo.worlds.streams import Stream, blocks, stream_key

__all__ = [
    "COUNTED",
    "DEFAULT_WORLDS",
    "PROGRAMME",
    "RunResult",
    "RunSettings",
    "evidence_of",
    "layout_of",
    "weigh",
    "weighted_points",
]

_WORLDS_PER_RERUN = 256  # worlds of a run, for each time that worlds are conditioned anew for a what-if
_FEWEST_RERUNS = 12
# By the prior alone, and exploratory ones, at most: independent, unlike the worlds that weigh.
_OTHERS = 2048
_HOLDOUT = BridgeSettings(islands=16)
_EXACT = BridgeSettings(islands=32)  # for what-ifs that are to be settled whatever it takes
PROGRAMME = ("unaided", "reached", "gained")
COUNTED = ("counted", "counted_successes")
_SO_FAR: tuple[str, ...] = ("rate", "helped", "attempts", "successes")


@dataclass(frozen=True)
class RunSettings:
    """How a case is weighed.

    Where weights can't be trusted, or say that the choice changes, worlds are conditioned anew: for every
    weighting, and for what is left out, up to once for each 256 worlds; with `rerun_all` without limit, in four
    times as many islands, and for every pair of origins too. With `thorough`, worlds are moved at every
    temperature on the way to the claims until their order is forgotten: a check that takes several times as
    long.
    """

    as_of: date
    seed: int
    worlds: int = DEFAULT_WORLDS
    reviewed_only: bool = False
    rerun_all: bool = False
    thorough: bool = False


@dataclass(frozen=True)
class RunResult:
    """Everything that the numbers of a brief are read from; `bias_names` are the columns of conditioned biases."""

    model: Model
    table: EvidenceTable
    conditioned: PosteriorDraws | None
    weighted: Ensemble
    prior: Ensemble
    exploratory: Ensemble
    findings: Findings
    sensitivity: Sensitivity
    totals: TotalsHoldout | None = None
    programmes: tuple[dict[str, np.ndarray], ...] = ()
    information: InformationFindings | None = None
    scenarios: ScenarioFindings | None = None
    bias_names: tuple[str, ...] = ()


def weigh(
    case: Case,
    claims: Sequence[Claim],
    links: Sequence[Link],
    settings: RunSettings,
    progress: Progress,
    base: Base | None = None,
    on_first: Callable[[FirstFigures], None] | None = None,
) -> RunResult:
    """Condition, run and compare; worlds may start from the posterior of the case's `base`.

    `on_first` is called with key estimates, options and choice as soon as they are known.

    Raises:
        EvidenceError: if the worlds are too few, or none fits the claims.
    """
    as_of = settings.as_of
    evidence = evidence_of(case, Base(claims, links), base, settings)
    table = evidence.table
    model = build_model(case, as_of)
    key = jax.random.key(settings.seed)
    layout = layout_of(case, model)
    own = layout.without_variants()
    with _compiling(lambda: simulation_program(model, layout), lambda: read_edges(model)):
        extension, conditioned = condition_worlds(
            stream_key(key, Stream.CONDITIONING),
            case,
            model,
            evidence,
            (settings.worlds, settings.thorough),
            progress,
        )
    trim()
    target = extension.target
    others = min(settings.worlds, _OTHERS)
    count = len(blocks(settings.worlds, RUN)) + 2 * len(blocks(others, RUN))
    with progress.stage("simulating", count) as advance:
        ran = partial(as_ensemble, key, extension, metrics=tuple(case.metrics), done=advance)
        points = weighted_points(key, target, conditioned, settings.worlds)
        weighted, wrong = ran(layout=layout, points=points)
        worlds = valued_worlds(weighted, case)
        if on_first is not None:
            on_first(first_figures(case, table, worlds, as_of))
        sets = [points, prior_points(key, target, others)]
        prior = ran(layout=own, points=sets[1])[0]
        exploratory = ran(layout=own, points=exploratory_points(key, target, others))[0]
    with progress.stage("comparing options", None):
        findings = compare(worlds, valued_worlds(exploratory, case), case)
        found = scenario_findings(key, case, table, worlds, findings, (model, own, points))
    conditioning = None
    if conditioned is not None:
        rerunner = Rerunner(key, case, extension, own, conditioned, moving(case, weighted))
        conditioning = _conditioning(claims, table, rerunner, wrong, settings)
    with progress.stage("testing what-ifs", None):
        before, z = valued_worlds(prior, case), sets[0].z[worlds.kept]
        sensitivity = analyse(case, model, findings, worlds, before, z, conditioning)
    without = behind_totals(case, links, table.ids) if case.totals else None
    holdout = _totals_holdout(key, extension, conditioned, sets[0], without, progress)
    return RunResult(
        model=model,
        table=table,
        conditioned=conditioned,
        weighted=weighted,
        prior=prior,
        exploratory=exploratory,
        findings=findings,
        sensitivity=sensitivity,
        totals=holdout,
        programmes=_programmes_now(case, model, sets, as_of),
        information=value_of_information(case, table, worlds),
        scenarios=found,
        bias_names=target.likelihood.bias.names,
    )


@contextmanager
def _compiling(*programs: Callable[[], object]) -> Iterator[None]:
    """Compile or trace meanwhile what is run or shown later, one after another: it takes much memory."""
    with ThreadPoolExecutor(max_workers=1) as meanwhile:
        later = [meanwhile.submit(program) for program in programs]
        yield
        for program in later:
            program.result()


def layout_of(case: Case, model: Model) -> Plan:
    """Options, metrics and months of a run; bundles without each of their parts run in the same program."""
    return plan(model, case, _shown(case, model), tuple(generated_options(case).values()))


def evidence_of(case: Case, own: Base, base: Base | None, settings: RunSettings) -> Evidence:
    """The claims that condition by the as-of date, and those of the base."""
    at = Interval(settings.as_of, settings.as_of)

    def table(of: Base) -> EvidenceTable:
        return evidence_table(of.claims, case, as_of=at, reviewed_only=settings.reviewed_only, links=of.links)

    return Evidence(table(own), None if base is None else table(base))


def _conditioning(
    claims: Sequence[Claim],
    table: EvidenceTable,
    rerunner: Rerunner,
    wrong: Float[np.ndarray, "world item"],
    settings: RunSettings,
) -> Conditioning:
    if settings.rerun_all:
        rerunner = replace(rerunner, settings=_EXACT)
    most = math.inf if settings.rerun_all else max(settings.worlds // _WORLDS_PER_RERUN, _FEWEST_RERUNS)
    return Conditioning(
        claims=claims,
        table=table,
        target=rerunner.extension.target,
        draws=rerunner.draws,
        wrong=wrong,
        rerun=rerunner.run,
        rerun_state=rerunner.run_state,
        most_reruns=most,
        every_pair=settings.rerun_all,
    )


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
    day = np.array([float((as_of - model.start).days)])
    wanted: dict[str, np.ndarray] = {}
    for part in model.parts:
        if part.name in case.programmes:
            some = _SO_FAR if part.settings.get("attempts") else _SO_FAR[:2]
            some += COUNTED if part.settings.get("record") else ()
            wanted |= {f"{part.name}.{output}": day for output in some}
    # with the observables of claims, so that the program serves changed claims, too
    return tuple(
        {name: x[0] for name, x in observe(model, wanted, each.z, claimable(case)).items()} for each in sets
    )


def _totals_holdout(
    key: Key[Array, ""],
    extension: Extension,
    conditioned: PosteriorDraws | None,
    points: Points,
    without: tuple[str, ...] | None,
    progress: Progress,
) -> TotalsHoldout | None:
    """Worlds conditioned without the items behind published totals; None where the case has no total."""
    if without is None:
        return None
    with progress.stage("checking published totals", None):
        return TotalsHoldout(_without(key, extension, conditioned, without) or points, without)


def _without(
    key: Key[Array, ""],
    extension: Extension,
    conditioned: PosteriorDraws | None,
    gone: Sequence[str],
) -> Points | None:
    """Worlds conditioned anew without some items; None where there is nothing to leave out.

    Raises:
        EvidenceError: if the worlds don't get there.
    """
    if conditioned is None or not gone:
        return None
    powers = np.array([0.0 if item in gone else 1.0 for item in extension.target.ids])
    own = stream_key(key, Stream.TOTALS_HOLDOUT)
    return conditioned_points(bridge_to_powers(own, extension, conditioned, powers, _HOLDOUT))


def weighted_points(
    key: Key[Array, ""], target: Target, conditioned: PosteriorDraws | None, worlds: int
) -> Points:
    """The worlds that weigh; by the prior alone where no claim conditions."""
    if conditioned is not None:
        return conditioned_points(conditioned)
    prior = prior_points(key, target, min(worlds, _OTHERS))
    return Points("weighted", Stream.WEIGHTED, prior.z, prior.biases, prior.island)

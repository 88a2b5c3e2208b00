"""What-ifs that weights can't judge: worlds are conditioned again, as a run would condition them.

Claims that are only left out are taken away along a bridge from the worlds of the run, with a control that
takes out most of the chance in it (see `sensitivity.control_variate`). Everything else changes the evidence or the
priors, and worlds are conditioned on that: from the run's posterior where few claims change, else from the prior.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax
import numpy as np
from jaxtyping import Array, Float, Key

from quidproquo.cases.record import Case, Quantity
from quidproquo.decisions.value import sound_worlds
from quidproquo.evidence.ensemble import as_ensemble
from quidproquo.evidence.estimates import estimates_now
from quidproquo.evidence.smc.extension import changes_between
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.rerun import Rerun, Reruns
from quidproquo.evidence.weights.reweight import Change
from quidproquo.sensitivity.evaluator import SensitivityEvaluator
from quidproquo.sensitivity.movement import Judgement, judge
from quidproquo.sensitivity.rerun_evaluator import RerunEvaluator
from quidproquo.sensitivity.rerunner import Rerunner
from quidproquo.study.base import Base
from quidproquo.study.carry_on import carried_on
from quidproquo.study.conditioning import Evidence, Posterior, condition_worlds
from quidproquo.study.gather import gather
from quidproquo.study.infer import RunSettings, evidence_of, layout_of, weighted_points
from quidproquo.study.progress import Progress
from quidproquo.study.request import BriefRequest, cache
from quidproquo.study.run import settings_of
from quidproquo.study.what_if.basis import Basis, rows_of
from quidproquo.study.what_if.grades import regraded
from quidproquo.study.what_if.question import Question
from quidproquo.terms.errors import EvidenceError, sentence
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.runtime import prepare
from quidproquo.worlds.simulate import Plan
from quidproquo.worlds.streams import Stream, stream_key

__all__ = ["Conditioner", "conditioned_worlds", "judge_by_rerun", "ready"]


@dataclass(frozen=True)
class Conditioner:
    """All that it takes to condition the worlds of a run again."""

    case: Case
    model: Model
    evidence: Evidence
    settings: RunSettings
    layout: Plan
    progress: Progress

    @property
    def key(self) -> Key[Array, ""]:
        """The key of the run."""
        return jax.random.key(self.settings.seed)

    def posterior(self, model: Model, evidence: Evidence) -> Posterior:
        """Worlds of a posterior, by the random numbers of the run."""
        how = (self.settings.worlds, self.settings.thorough)
        key = stream_key(self.key, Stream.CONDITIONING)
        return condition_worlds(key, self.case, model, evidence, how, self.progress)


def ready(request: BriefRequest, progress: Progress) -> Conditioner:
    """Read a case again, as the run of a request did.

    Raises:
        InputError: if anything that was handed in is wrong.
    """
    prepare(cache())
    found = gather(
        request.case, request.documents, request.claims, shipped=request.shipped_documents, progress=progress
    )
    settings = settings_of(request, found.case)
    case = carried_on(found.case, settings.as_of)
    evidence = evidence_of(case, Base(found.claims, found.links), found.base, settings)
    model = build_model(case, settings.as_of)
    layout = layout_of(case, model).without_variants()
    return Conditioner(case, model, evidence, settings, layout, progress)


def judge_by_rerun(request: BriefRequest, question: Question, basis: Basis, progress: Progress) -> Judgement:
    """Judge a question by worlds that are conditioned conditioner.

    Raises:
        InputError: if anything that was handed in is wrong.
        EvidenceError: if the worlds don't get there.
    """
    conditioner = ready(request, progress)
    quantities = [conditioner.case.quantities[name] for name in basis.estimates]
    if question.grades or question.ends or question.answers:
        return _conditioned(conditioner, question, basis, quantities)
    return _bridged(conditioner, question, basis, quantities)


def _bridged(
    conditioner: Conditioner, question: Question, basis: Basis, quantities: list[Quantity]
) -> Judgement:
    """Claims taken away from the worlds of the run."""
    extension, draws = conditioner.posterior(conditioner.model, conditioner.evidence)
    assert draws is not None
    rerunner = Rerunner(conditioner.key, conditioner.case, extension, conditioner.layout, draws, quantities)

    def run(powers: Float[np.ndarray, " item"]) -> Rerun:
        found = rerunner.run(powers)
        return replace(found, estimates=rows_of(basis.brief, found.reweighter.ensemble, found.estimates))

    change = Change(drop=question.drop)
    reruns = RerunEvaluator(basis.evaluator, Reruns(basis.evaluator.reweighter, run))
    with conditioner.progress.stage("taking the claims away", None):
        answer = reruns.exact(change)
    if answer is None:
        remedy = "leave less out"
        raise EvidenceError(
            sentence(
                "what-if", "worlds without these claims", "none", "reached from the run's worlds", remedy
            )
        )
    return judge(answer[0], change)


def _conditioned(
    conditioner: Conditioner, question: Question, basis: Basis, quantities: list[Quantity]
) -> Judgement:
    """Worlds conditioned on the evidence, and by the priors, that are changed."""
    table, base = conditioner.evidence.table, conditioner.evidence.base
    gone = set(question.drop)
    kept = [place for place, item in enumerate(table.ids) if item not in gone]
    changed = regraded(table.select(kept), question.grades)
    if question.ends or question.answers:
        start = None  # the posterior under other priors isn't near that of the run
    else:
        start = table if base is None or not changes_between(base, table) else base
    evidence = Evidence(changed, start)
    found = conditioned_worlds(conditioner, _changed_model(conditioner.model, question), evidence)
    prepared = basis.prepared(found, estimates_now(conditioner.case, found, quantities))
    return judge(SensitivityEvaluator(prepared, original=basis.evaluator), Change())


def conditioned_worlds(conditioner: Conditioner, model: Model, evidence: Evidence) -> Ensemble:
    """Worlds of another posterior, run as those of the run were; without those that failed.

    Raises:
        EvidenceError: if the worlds don't get there.
    """
    key, layout = conditioner.key, conditioner.layout
    extension, draws = conditioner.posterior(model, evidence)
    points = weighted_points(key, extension.target, draws, conditioner.settings.worlds)
    with conditioner.progress.stage("simulating", None):
        found, _ = as_ensemble(key, extension, layout, tuple(conditioner.case.metrics), points)
    return sound_worlds(found)[0]


def _changed_model(model: Model, question: Question) -> Model:
    """The model with priors moved, as wide as before, and with answers taken as certain.

    Raises:
        EvidenceError: if a prior is uniform, which has no middle that could be moved alone.
    """
    centre = np.array(model.priors.centre, dtype=np.float64)
    for name, end in question.ends.items():
        place = model.parameters.index(name)
        if model.priors.uniform[place]:
            allowed = "normal on some scale, where weights can't judge it"
            remedy = "edit the prior in a copy of the case"
            raise EvidenceError(sentence(f"--prior {name}", "distribution", "uniform", allowed, remedy))
        centre[place] += end * float(model.priors.width[place])
    cuts = list(model.cuts)
    for name, state in question.answers.items():
        place = [hypothesis.id for hypothesis in model.hypotheses].index(name)
        cuts[place] = (np.arange(len(cuts[place])) >= state).astype(np.float64)
    return replace(model, priors=replace(model.priors, centre=centre), cuts=tuple(cuts))

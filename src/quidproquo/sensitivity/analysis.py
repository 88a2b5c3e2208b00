"""All that is asked of one run: what the choice and the estimates depend on."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Case
from quidproquo.claims.record import Claim
from quidproquo.claims.table import EvidenceTable
from quidproquo.decisions.record import Findings
from quidproquo.decisions.value import ValuedWorlds
from quidproquo.evidence.checks.misfit import MisfitOverall, misfit
from quidproquo.evidence.estimates import estimates_now, moving
from quidproquo.evidence.observation.predictive import report_cdf
from quidproquo.evidence.smc.sample import PosteriorDraws
from quidproquo.evidence.smc.target import Target
from quidproquo.evidence.weights.rerun import Rerun, Reruns
from quidproquo.evidence.weights.reweight import Change, Reweighter
from quidproquo.sensitivity.answers import AnswerShares, rerun_answers
from quidproquo.sensitivity.evaluator import Leverage, SensitivityEvaluator, WhatIf
from quidproquo.sensitivity.grades import grade_what_ifs
from quidproquo.sensitivity.half_evidence import HalfEvidence, half_evidence
from quidproquo.sensitivity.leverage import leverage
from quidproquo.sensitivity.metric_weights import MetricWeightSweep, sweep_metric_weights
from quidproquo.sensitivity.prepared import PreparedEnsemble
from quidproquo.sensitivity.record import HALF, WeightingSweep
from quidproquo.sensitivity.rerun_evaluator import RerunEvaluator
from quidproquo.sensitivity.smallest_set import SET_RERUNS, SmallestSet, smallest_set
from quidproquo.sensitivity.weightings import sweep_weightings
from quidproquo.sensitivity.what_ifs import assumption_what_ifs, leave_outs
from quidproquo.worlds.model import Model

__all__ = ["Conditioning", "Sensitivity", "analyse"]


@dataclass(frozen=True)
class Conditioning:
    """What conditioned the worlds, and how to do it again.

    `draws` and `wrong` (the chance that each report is wrong) are of all worlds, failed ones too. `rerun`
    conditions worlds anew with a power for each item, and `rerun_state` such that a state of a hypothesis holds
    in half of them, at most `most_reruns` times in all; with `every_pair`, sets of origins may ask for it
    without limit, too.
    """

    claims: Sequence[Claim]
    table: EvidenceTable
    target: Target
    draws: PosteriorDraws
    wrong: Float[np.ndarray, "world item"]
    rerun: Callable[[Float[np.ndarray, " item"]], Rerun]
    rerun_state: Callable[[str, int], Rerun] | None = None
    most_reruns: float = math.inf
    every_pair: bool = False


@dataclass(frozen=True)
class Sensitivity:
    """What the choice and the estimates depend on.

    `reviewed_margin` is the lead of the preferred option without the claims that nobody has reviewed; None
    where there are none of them, or weights can't be trusted. `reruns` counts ensembles conditioned anew.
    `answers` are those to hypotheses under weightings for which worlds were conditioned anew, by their id.
    """

    weightings: WeightingSweep
    leverage: tuple[Leverage, ...]
    misfit: MisfitOverall | None = None
    half: HalfEvidence | None = None
    smallest: SmallestSet | None = None
    reviewed_margin: float | None = None
    reruns: int = 0
    metric_weights: MetricWeightSweep | None = None
    answers: Mapping[str, Mapping[str, AnswerShares]] = field(default_factory=dict)


def analyse(
    case: Case,
    model: Model,
    findings: Findings,
    weighted: ValuedWorlds,
    prior: ValuedWorlds,
    z: Float[np.ndarray, "world coordinate"],
    conditioning: Conditioning | None,
) -> Sensitivity:
    """Ask every what-if, every weighting and every set of origins.

    `z` are the coordinates of the `weighted` worlds. Without `conditioning`, where no claim weighs, only
    assumptions are asked about.
    """
    quantities = moving(case, weighted.ensemble)
    evaluator, before = (
        PreparedEnsemble(
            Reweighter(worlds.ensemble),
            worlds.option_values,
            estimates_now(case, worlds.ensemble, quantities),
        )
        for worlds in (weighted, prior)
    )
    own = SensitivityEvaluator(evaluator)
    priors = SensitivityEvaluator(before, original=own)
    assumptions = assumption_what_ifs(case, model, z, weighted.ensemble)
    metric_weights = sweep_metric_weights(weighted, case)
    if conditioning is None:
        sweep = sweep_weightings(own, priors, findings, case, [])
        return Sensitivity(sweep, tuple(leverage(own, assumptions)), metric_weights=metric_weights)
    table, most = conditioning.table, conditioning.most_reruns
    reruns = RerunEvaluator(own, Reruns(own.reweighter, conditioning.rerun, most, conditioning.rerun_state))
    origins = leave_outs(case, conditioning.claims, table, kinds=("origin",))
    half = half_evidence(own, priors, reruns)
    biases = conditioning.draws.biases[weighted.kept]
    grades = grade_what_ifs(conditioning.target, table, weighted.ensemble.predicted, biases)
    what_ifs = [*leave_outs(case, conditioning.claims, table), *grades, *assumptions]
    moved = leverage(own, what_ifs, table, reruns, SET_RERUNS)
    fits = _misfit(own, conditioning, weighted, reruns)
    sweep = sweep_weightings(own, priors, findings, case, origins, reruns, SET_RERUNS)
    ranked = findings.preferred.ranked
    return Sensitivity(
        weightings=sweep,
        leverage=tuple(moved),
        misfit=fits,
        half=half,
        smallest=smallest_set(own, origins, reruns, conditioning.every_pair) if ranked else None,
        reviewed_margin=_reviewed_margin(own, conditioning),
        reruns=reruns.reruns.count,
        metric_weights=metric_weights,
        answers=_answers(case, origins, reruns),
    )


def _answers(
    case: Case, origins: Sequence[WhatIf], reruns: RerunEvaluator
) -> dict[str, dict[str, AnswerShares]]:
    """Answers to hypotheses at half the evidence and without each origin, as far as worlds were run for it."""
    counts = {name: len(hypothesis.states) for name, hypothesis in case.hypotheses.items()}
    without = {f"origin:{one.id}": one.as_change for one in origins}
    return rerun_answers(counts, {HALF: Change(power=0.5), **without}, reruns.reruns) if counts else {}


def _misfit(
    evaluator: SensitivityEvaluator, conditioning: Conditioning, worlds: ValuedWorlds, reruns: RerunEvaluator
) -> MisfitOverall:
    """How claims fit those of other origins."""
    likelihood = conditioning.target.likelihood
    biases, wrong = conditioning.draws.biases[worlds.kept], conditioning.wrong[worlds.kept]

    def cdf_of(run: Rerun) -> Float[np.ndarray, "world item"]:
        return report_cdf(likelihood, run.reweighter.ensemble.predicted, run.biases)

    cdf = report_cdf(likelihood, worlds.ensemble.predicted, biases)
    origin = conditioning.table.origin
    return misfit(evaluator.reweighter, origin, cdf, wrong, reruns.reruns.known, cdf_of)


def _reviewed_margin(evaluator: SensitivityEvaluator, conditioning: Conditioning) -> float | None:
    """The margin of the choice with accepted claims only, by re-weighting."""
    proposed = {claim.id for claim in conditioning.claims if claim.state == "proposed"}
    items = tuple(item for item in conditioning.table.ids if item in proposed)
    if not items:
        return None
    (verdict,) = evaluator.verdicts([WhatIf("state", "proposed", "claims that nobody has reviewed", items)])
    return None if verdict is None else verdict.lead

"""What-ifs about priors and structure, and the worlds in which claims count for half."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Case, Hypothesis
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.reweight import Change
from quidproquo.sensitivity.evaluator import SensitivityEvaluator, WhatIf
from quidproquo.sensitivity.priors import prior_what_ifs, structure_what_ifs
from quidproquo.sensitivity.rerun_evaluator import RerunEvaluator
from quidproquo.sensitivity.weightings import holds_same_items, safest
from quidproquo.worlds.model import Model

__all__ = ["HalfEvidence", "half_evidence", "meanings", "what_ifs"]


@dataclass(frozen=True)
class HalfEvidence:
    """Worlds in which every claim counts for half: what is read from them, and their log-weights."""

    estimates: Mapping[str, Float[np.ndarray, " world"]]
    log_weight: Float[np.ndarray, " world"]
    reliable: bool
    rerun: bool


def meanings(model: Model) -> dict[str, tuple[str, str]]:
    """Parameter → its mechanism, and what it means."""
    return {
        f"{part.name}.{p.name}": (part.name, p.meaning)
        for part in model.parts
        for p in part.mechanism.parameters(part.settings)
    }


def what_ifs(
    case: Case, model: Model, z: Float[np.ndarray, "world coordinate"], ensemble: Ensemble
) -> list[WhatIf]:
    """Every prior moved to both its ends, and every state of a hypothesis taken for certain."""
    titles = {
        name: f"{meaning} ({part.replace('_', ' ')})" for name, (part, meaning) in meanings(model).items()
    }
    states = {name: _answers(case.hypotheses[name]) for name in ensemble.hypotheses}
    alive = np.isfinite(ensemble.log_weight)
    moved = prior_what_ifs(model.parameters, titles, z[:, : len(model.parameters)], model.priors.width)
    return moved + structure_what_ifs(ensemble.states, states, alive)


def _answers(hypothesis: Hypothesis) -> dict[str, str]:
    """State → question and answer."""
    return {state.id: f"{hypothesis.title} {state.title}, for certain" for state in hypothesis.states}


def half_evidence(
    weighted: SensitivityEvaluator, prior: SensitivityEvaluator, reruns: RerunEvaluator | None
) -> HalfEvidence:
    """From whichever ensemble is the shorter way off, or from worlds conditioned anew."""
    change = Change(power=0.5)
    items = weighted.reweighter.ensemble.items
    evaluators = [weighted, prior] if holds_same_items(prior.reweighter, items) else [weighted]
    nearer, weights = safest([(one, one.reweighter.reweight(change)) for one in evaluators])
    answer = None if weights.reliable or reruns is None else reruns.closest(change)
    rerun = answer is not None
    evaluator, weights = answer or (nearer, weights)
    return HalfEvidence(evaluator.prepared.estimates, weights.log_weight, weights.reliable, rerun)

"""What-ifs about priors and structure, and the worlds in which claims count for half."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Case, Hypothesis
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.rerun import Reruns
from quidproquo.evidence.weights.reweight import Change, Reweighter
from quidproquo.sensitivity.evaluator import WhatIf
from quidproquo.sensitivity.priors import prior_sets, structure_sets
from quidproquo.sensitivity.weightings import can_bring_in, safest
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
    moved = prior_sets(model.parameters, titles, z[:, : len(model.parameters)], model.priors.width)
    return moved + structure_sets(ensemble.states, states, alive)


def _answers(hypothesis: Hypothesis) -> dict[str, str]:
    """State → question and answer."""
    return {state.id: f"{hypothesis.title} {state.title}, for certain" for state in hypothesis.states}


def half_evidence(
    weighted: tuple[Reweighter, Mapping[str, Float[np.ndarray, " world"]]],
    prior: tuple[Reweighter, Mapping[str, Float[np.ndarray, " world"]]],
    reruns: Reruns,
) -> HalfEvidence:
    """From whichever ensemble is the shorter way off, or from worlds conditioned anew.

    `weighted` and `prior` are ensembles ready for re-weighting, with the estimates in their worlds.
    """
    change = Change(power=0.5)
    ways = [weighted, prior] if can_bring_in(prior[0], weighted[0].ensemble.items) else [weighted]
    (_, estimates), found = safest([(way, way[0].reweight(change)) for way in ways])
    answer = None if found.reliable else reruns.nearest(change)
    if answer is None:
        return HalfEvidence(estimates, found.log_weight, found.reliable, False)
    return HalfEvidence(answer.run.estimates, answer.weights.log_weight, answer.weights.reliable, True)

"""The worlds in which every claim counts for half: between what the prior says, and what the claims make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from quidproquo.evidence.weights.estimators import run_ess
from quidproquo.evidence.weights.reweight import Change
from quidproquo.sensitivity.evaluator import SensitivityEvaluator
from quidproquo.sensitivity.rerun_evaluator import RerunEvaluator
from quidproquo.sensitivity.weightings import holds_same_items, safest

__all__ = ["HalfEvidence", "half_evidence"]


@dataclass(frozen=True)
class HalfEvidence:
    """Worlds in which every claim counts for half: what is read from them, their log-weights and islands."""

    estimates: Mapping[str, Float[np.ndarray, " world"]]
    log_weight: Float[np.ndarray, " world"]
    island: Int[np.ndarray, " world"]
    reliable: bool
    rerun: bool

    def draws(self, name: str) -> float:
        """Independent draws that an estimate is as exact as, from how islands differ."""
        return float(run_ess(self.estimates[name], self.log_weight, self.island))


def half_evidence(
    weighted: SensitivityEvaluator, prior: SensitivityEvaluator, reruns: RerunEvaluator | None
) -> HalfEvidence:
    """From whichever ensemble is the shorter way off, or from worlds conditioned anew."""
    change = Change(power=0.5)
    items = weighted.reweighter.ensemble.items
    evaluators = [weighted, prior] if holds_same_items(prior.reweighter, items) else [weighted]
    nearer, weights = safest([(one, one.reweighter.reweight(change)) for one in evaluators])
    answer = None
    if reruns is not None and not weights.reliable:
        reruns.prefetch([[change]])  # with its control, side by side
        answer = reruns.closest(change)
    rerun = answer is not None
    evaluator, weights = answer or (nearer, weights)
    island = evaluator.reweighter.ensemble.island
    return HalfEvidence(evaluator.prepared.estimates, weights.log_weight, island, weights.reliable, rerun)

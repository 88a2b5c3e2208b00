"""What one what-if moves, in each number's own unit: before, after, and by how much beyond chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from quidproquo.decisions.rule import Decision, RegretEstimate
from quidproquo.evidence.weights.estimators import weighted_quantile
from quidproquo.evidence.weights.reweight import Change, Reweighted
from quidproquo.sensitivity.evaluator import Leverage, SensitivityEvaluator, WhatIf

__all__ = ["LEAST_SHIFT", "SHIFT_ERRORS", "Judgement", "Level", "Movement", "judge"]

SHIFT_ERRORS = 4.0
"""Monte Carlo errors under which a number hasn't moved: of a hundred numbers some pass three by chance."""

LEAST_SHIFT = 0.05
"""Posterior standard deviations under which a number hasn't moved by as much as anybody would notice."""

_LEVELS = np.array([0.05, 0.5, 0.95])


@dataclass(frozen=True)
class Level:
    """Mean and quantiles of one number over worlds, in its own unit."""

    mean: float
    q05: float
    q50: float
    q95: float


@dataclass(frozen=True)
class Movement:
    """One number before and after a change.

    `shift` is that of the mean, in the number's own unit, with its Monte Carlo error `mcse`; `deviations` is the
    same in posterior standard deviations. `moves` says that it is more than chance and more than nothing.
    """

    before: Level
    after: Level
    shift: float
    mcse: float
    deviations: float
    moves: bool


@dataclass(frozen=True)
class Judgement:
    """What a change does to every number and to the choice, and whether the weights can be trusted.

    `before` and `after` are the options' regrets with their order; `margin_shift`, with its Monte Carlo
    error, is the change in the lead of the option that was first.
    """

    movements: Mapping[str, Movement]
    before: tuple[RegretEstimate, Decision]
    after: tuple[RegretEstimate, Decision]
    leverage: Leverage
    weights: Reweighted


def judge(evaluator: SensitivityEvaluator, change: Change) -> Judgement:
    """What a change does, by the weights of an evaluator's worlds.

    If they were conditioned anew, they are compared with the original's (see `SensitivityEvaluator`).

    Raises:
        EvidenceError: if no world is left.
    """
    weights = evaluator.reweighter.reweight(change)
    (leverage,) = evaluator.evaluate([WhatIf("what-if", "", "", change=change)])
    original = evaluator.original
    regrets = evaluator.regrets(np.exp(weights.log_weight))
    return Judgement(
        movements=_movements(evaluator, weights, leverage),
        before=(original.own_regrets, original.base),
        after=(regrets, evaluator.decide(regrets)),
        leverage=leverage,
        weights=weights,
    )


def _movements(
    evaluator: SensitivityEvaluator, weights: Reweighted, leverage: Leverage
) -> dict[str, Movement]:
    original = evaluator.original
    before = _levels(original, original.reweighter.base)
    after = _levels(evaluator, weights.log_weight)
    found = {}
    for place, name in enumerate(evaluator.names):
        sd, deviations = float(original.own_sd[place]), leverage.shift[name]
        error = leverage.shift_mcse.get(name, 0.0)
        found[name] = Movement(
            before[name],
            after[name],
            shift=deviations * sd,
            mcse=error * sd,
            deviations=deviations,
            moves=abs(deviations) >= max(SHIFT_ERRORS * error, LEAST_SHIFT),
        )
    return found


def _levels(evaluator: SensitivityEvaluator, log_weight: Float[np.ndarray, " world"]) -> dict[str, Level]:
    alive = np.isfinite(log_weight)
    rows = np.stack([np.asarray(row)[alive] for row in evaluator.prepared.estimates.values()], axis=1)
    low, middle, high = weighted_quantile(rows, log_weight[alive], _LEVELS)
    share = np.exp(log_weight[alive])
    mean = (rows * share[:, None]).sum(axis=0) / share.sum()
    columns = zip(evaluator.names, mean, low, middle, high, strict=True)
    return {name: Level(*map(float, numbers)) for name, *numbers in columns}

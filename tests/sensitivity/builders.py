"""Evaluators of planted ensembles, for the tests of this room."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from quidproquo.decisions.rule import OptionValues
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.reweight import Reweighter
from quidproquo.sensitivity.evaluator import SensitivityEvaluator
from quidproquo.sensitivity.prepared import PreparedEnsemble


def evaluator(
    base: Reweighter | Ensemble,
    values: np.ndarray,
    estimates: Mapping[str, np.ndarray] | None = None,
    options: tuple[str, ...] = ("a", "b"),
    delta: float = 0.0,
) -> SensitivityEvaluator:
    """What judges what-ifs on an ensemble in whose worlds the options have these values."""
    reweighter = Reweighter(base) if isinstance(base, Ensemble) else base
    option_values = OptionValues(options, values, reweighter.ensemble.island, delta)
    return SensitivityEvaluator(PreparedEnsemble(reweighter, option_values, estimates or {}))

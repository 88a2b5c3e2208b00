"""The record of a simulation-based calibration: this model *is* a case's `calibration.json`.

Its p-values are of ranks of planted truths being uniform (see `evidence.checks.sbc`): small ones speak against
the conditioning, and of a mutant, which has a fault, they must be small.
"""

from __future__ import annotations

from quidproquo.study.schema.backtest import Stamp
from quidproquo.study.schema.ranks import RankTest
from quidproquo.study.schema.record import Record

__all__ = [
    "Calibration",
    "CalibrationSettings",
    "Fingerprint",
]


class CalibrationSettings(Record):
    """How it was run. `draws` are taken of each island; `claims` is how many condition."""

    replicates: int
    mutant_replicates: int
    islands: int
    particles: int
    draws: int
    sweeps: int
    final_sweeps: int
    seed: int
    claims: int
    predictions: list[str]
    margin: str


class Fingerprint(Stamp):
    """What the record holds for.

    `inputs` hashes names and numbers of the priors, hypotheses and claims. `reference` is the joint
    log-likelihood of a few worlds of the prior, given the claims and given planted reports.
    """

    inputs: str
    reference: list[float]


class Calibration(RankTest):
    """Ranks of planted truths of a whole case, and of its mutants."""

    format: str
    case: str
    as_of: str
    settings: CalibrationSettings
    fingerprint: Fingerprint

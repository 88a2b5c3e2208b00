"""The record of a simulation-based calibration: this model *is* a case's `calibration.json`.

Its p-values are of ranks of planted truths being even (see `evidence.sbc`): small ones speak against
the conditioning, and of a mutant, which has a fault, they must be small.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from quidproquo.study.appendix_model import MutantRecord, RankRecord

__all__ = [
    "RECORD",
    "Calibration",
    "CalibrationSettings",
    "Fingerprint",
    "read_record",
]

RECORD = "calibration.json"


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CalibrationSettings(_Record):
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


class Fingerprint(_Record):
    """What the record holds for.

    `reference` is the joint log-likelihood of a few worlds of the prior, given the claims and given
    planted reports; `names` hashes what is conditioned on, and `code` the code of the sampler.
    """

    reference: list[float]
    names: str
    code: str


class Calibration(_Record):
    """Ranks of planted truths of a whole case, and of its mutants.

    `p` is the least p-value times the number of quantities (Bonferroni); it passes at `level` or
    above. `low` and `high` hold the counts of ranks below each place but the first, all at once in
    95 % of cases.
    """

    format: str
    case: str
    as_of: str
    made: str
    settings: CalibrationSettings
    fingerprint: Fingerprint
    level: float
    p: float
    passed: bool
    low: list[int]
    high: list[int]
    quantities: dict[str, RankRecord]
    mutants: dict[str, MutantRecord]


def read_record(folder: Path) -> Calibration | None:
    """The record of a case's folder, if it has one."""
    path = folder / RECORD
    return Calibration.model_validate_json(path.read_text(encoding="utf-8")) if path.is_file() else None

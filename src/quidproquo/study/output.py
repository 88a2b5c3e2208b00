"""The files of a run: the brief as JSON, the claims as a table, and the worlds as labelled arrays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from quidproquo.cases.record import Case
from quidproquo.claims import write_claims
from quidproquo.claims.record import Claim
from quidproquo.evidence.estimates import moving, now
from quidproquo.study.brief_text import brief_json
from quidproquo.study.evidence_file import StoredEvidence
from quidproquo.study.infer import RunResult
from quidproquo.study.run_file import Worlds, write_worlds
from quidproquo.study.schema.brief import Brief

__all__ = ["write_study"]


def write_study(
    brief: Brief, case: Case, claims: Sequence[Claim], run: RunResult, folder: Path, *, months: bool = False
) -> list[Path]:
    """Write brief.json, claims.csv and run.nc into a folder; with `months`, every month of all worlds too.

    Raises:
        OSError: if a file can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in ("brief.json", "claims.csv", "run.nc")]
    paths[0].write_text(brief_json(brief), encoding="utf-8", newline="\n")
    write_claims(claims, paths[1])
    write_worlds(paths[2], _worlds(brief, case, run), brief, _evidence(run), months=months)
    return paths


def _evidence(run: RunResult) -> StoredEvidence | None:
    """What conditioned the worlds; None where no claim weighs."""
    if run.conditioned is None:
        return None
    return StoredEvidence(run.table, run.bias_names, run.conditioned.biases)


def _worlds(brief: Brief, case: Case, run: RunResult) -> list[Worlds]:
    """The three ensembles, with the quantities that differ between the weighted worlds."""
    quantities = [quantity for quantity in moving(case, run.weighted) if quantity.id in brief.estimates]
    found = [
        Worlds(ensemble, {quantity.id: now(case, ensemble, quantity) for quantity in quantities})
        for ensemble in (run.weighted, run.prior)
    ]
    return [*found, Worlds(run.exploratory)]

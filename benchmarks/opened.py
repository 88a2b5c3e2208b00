"""A case as benchmarks take it: its own documents and claims, at its decision date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from quidproquo.cases.record import Case
from quidproquo.claims import evidence_table
from quidproquo.claims.table import EvidenceTable
from quidproquo.study.gather import gather
from quidproquo.study.progress import Silent
from quidproquo.terms.edtf import Interval
from quidproquo.worlds.model import Model, build_model

__all__ = ["Opened", "opened"]


@dataclass(frozen=True)
class Opened:
    case: Case
    table: EvidenceTable
    model: Model


def opened(name: str, change: Callable[[Case], Case] = lambda case: case) -> Opened:
    """The case of this name, changed as asked, with its table of evidence and its model."""
    gathered = gather(name, (), None, shipped=True, progress=Silent())
    case = change(gathered.case)
    at = Interval(case.decision_date, case.decision_date)
    table = evidence_table(gathered.claims, case, as_of=at, reviewed_only=False, links=gathered.links)
    return Opened(case, table, build_model(case, case.decision_date))

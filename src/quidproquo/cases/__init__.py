"""Loading, checking and copying cases; the shipped ones lie here, one folder each."""

from __future__ import annotations

from quidproquo.cases.fields import Problem
from quidproquo.cases.load import check_case, load_case
from quidproquo.cases.record import Case
from quidproquo.cases.shipped import CaseSummary, copy_case, is_shipped, list_cases

__all__ = [
    "Case",
    "CaseSummary",
    "Problem",
    "check_case",
    "copy_case",
    "is_shipped",
    "list_cases",
    "load_case",
]

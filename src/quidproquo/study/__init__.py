"""The study: the only room that joins the others.

Its parts are imported when they are first used, so that a question about a case doesn't wait for
the libraries that simulation needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quidproquo.study.adding import Added, add_documents
    from quidproquo.study.answer import Answer, answer
    from quidproquo.study.assemble.recorded import write_record
    from quidproquo.study.backtest import BacktestRequest, back_test
    from quidproquo.study.case_library import copy_case, list_cases
    from quidproquo.study.claim_queries import Filters, disputes, history, list_claims, show_claim
    from quidproquo.study.diff.answer import compare_runs
    from quidproquo.study.folder import check_folder, staged
    from quidproquo.study.judging import CaseReview, Verdict, export_claims
    from quidproquo.study.ledger import ledger_of
    from quidproquo.study.queries import check_case, claim_ages, effects, read_documents
    from quidproquo.study.request import BriefRequest
    from quidproquo.study.run import Study, make_brief
    from quidproquo.study.schema.backtest import Backtest
    from quidproquo.study.schema.brief import Brief
    from quidproquo.study.schema.diff import DiffAnswer
    from quidproquo.study.schema.what_if import WhatIfAnswer
    from quidproquo.study.stored import StoredRun, read_run
    from quidproquo.study.what_if.answer import answer_what_if
    from quidproquo.study.what_if.kept import check_keep, keep_what_if
    from quidproquo.study.what_if.request import WhatIfRequest

__all__ = [
    "Added",
    "Answer",
    "Backtest",
    "BacktestRequest",
    "Brief",
    "BriefRequest",
    "CaseReview",
    "DiffAnswer",
    "Filters",
    "StoredRun",
    "Study",
    "Verdict",
    "WhatIfAnswer",
    "WhatIfRequest",
    "add_documents",
    "answer",
    "answer_what_if",
    "back_test",
    "check_case",
    "check_folder",
    "check_keep",
    "claim_ages",
    "compare_runs",
    "copy_case",
    "disputes",
    "effects",
    "export_claims",
    "history",
    "keep_what_if",
    "ledger_of",
    "list_cases",
    "list_claims",
    "make_brief",
    "read_documents",
    "read_run",
    "show_claim",
    "staged",
    "write_record",
]

_PARTS = {
    "adding": ("Added", "add_documents"),
    "backtest": ("BacktestRequest", "back_test"),
    "schema.backtest": ("Backtest",),
    "schema.brief": ("Brief",),
    "claim_queries": ("Filters", "disputes", "history", "list_claims", "show_claim"),
    "judging": ("CaseReview", "Verdict", "export_claims"),
    "queries": ("check_case", "claim_ages", "effects", "read_documents"),
    "assemble.recorded": ("write_record",),
    "answer": ("Answer", "answer"),
    "request": ("BriefRequest",),
    "run": ("Study", "make_brief"),
    "case_library": ("copy_case", "list_cases"),
    "folder": ("check_folder", "staged"),
    "stored": ("StoredRun", "read_run"),
    "diff.answer": ("compare_runs",),
    "ledger": ("ledger_of",),
    "schema.diff": ("DiffAnswer",),
    "schema.what_if": ("WhatIfAnswer",),
    "what_if.request": ("WhatIfRequest",),
    "what_if.answer": ("answer_what_if",),
    "what_if.kept": ("check_keep", "keep_what_if"),
}


def __getattr__(name: str) -> object:
    for part, names in _PARTS.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{part}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

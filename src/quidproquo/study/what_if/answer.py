"""Answering a what-if: by other weights on the worlds of a run, or by worlds that are conditioned again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from quidproquo.cases import load_case
from quidproquo.cases.record import Case
from quidproquo.study.progress import Progress, Silent
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.what_if import WhatIfAnswer
from quidproquo.study.stored import read_run
from quidproquo.study.what_if.basis import basis_of, read_basis
from quidproquo.study.what_if.by_weights import by_weights
from quidproquo.study.what_if.kept_run import kept_or_new
from quidproquo.study.what_if.question import check_request, read_question
from quidproquo.study.what_if.records import answer_record
from quidproquo.study.what_if.request import WhatIfRequest
from quidproquo.terms.errors import CaseError

__all__ = ["answer_what_if", "run_folder"]

_NAME_THE_CASE = " Name the case instead of this folder, and worlds are conditioned again."


def answer_what_if(
    request: WhatIfRequest,
    progress: Progress | None = None,
    on_note: Callable[[str], None] | None = None,
) -> WhatIfAnswer:
    """Answer a what-if; `on_note` is called with what is done on the way, where it takes longer than seconds.

    Raises:
        InputError: if anything that was handed in is wrong.
        EvidenceError: if worlds must be conditioned again, and don't get there.
    """
    shown, note = progress or Silent(), on_note or (lambda _: None)
    folder = run_folder(request.brief.case)
    if folder is not None:
        run = read_run(folder)
        basis = read_basis(run.brief, folder / "run.nc")
        case = _case_of(run.brief)
    else:
        case = load_case(request.brief.case)
        check_request(request, case)
        found = kept_or_new(request.brief, shown, note)
        basis = basis_of(found.brief, found.worlds)
    question = read_question(request, basis.brief, case)
    judged = None if request.rerun else by_weights(question, basis)
    if judged is not None and (judged.weights.reliable or request.weights_only):
        return answer_record(question, basis, judged)
    if folder is not None or request.weights_only:
        return answer_record(question, basis, judged, advice=_NAME_THE_CASE if folder else "")
    note(
        "Weights on the kept worlds can't judge this, so worlds are conditioned again."
        if not request.rerun
        else "Worlds are conditioned again, as you asked."
    )
    from quidproquo.study.what_if.rerun import judge_by_rerun

    return answer_record(question, basis, judge_by_rerun(request.brief, question, basis, shown), rerun=True)


def run_folder(case: str) -> Path | None:
    """The folder of a run, where one is named instead of a case."""
    folder = Path(case)
    return folder if (folder / "brief.json").is_file() and not (folder / "case.toml").is_file() else None


def _case_of(brief: Brief) -> Case | None:
    """The shipped case of a run, for the aliases of its sources; None where it was one of somebody's own."""
    try:
        return load_case(brief.case)
    except CaseError:
        return None

"""Answering a what-if by other weights on the worlds of a run."""

from __future__ import annotations

from quidproquo.cases.record import Case
from quidproquo.sensitivity.movement import Judgement, judge
from quidproquo.study.schema.what_if import WhatIfAnswer
from quidproquo.study.what_if.basis import Basis
from quidproquo.study.what_if.question import Question, as_change, read_question
from quidproquo.study.what_if.records import answer_record
from quidproquo.study.what_if.request import WhatIfRequest
from quidproquo.terms.errors import EvidenceError

__all__ = ["ask_by_weights", "by_weights"]


def ask_by_weights(request: WhatIfRequest, basis: Basis, case: Case | None) -> WhatIfAnswer:
    """Answer a what-if by the weights alone, whether they can be trusted or not.

    Raises:
        InputError: if a name is unknown to the run.
    """
    question = read_question(request, basis.brief, case)
    return answer_record(question, basis, by_weights(question, basis))


def by_weights(question: Question, basis: Basis) -> Judgement | None:
    """What the weights say; None where they leave no world."""
    change = as_change(question, basis)
    try:
        return judge(basis.evaluator, change)
    except EvidenceError:
        return None

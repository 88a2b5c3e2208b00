"""The what-ifs that were kept for a case, asked of the run that a brief is of."""

from __future__ import annotations

from collections.abc import Callable

from quidproquo.cases import load_case
from quidproquo.cases.shipped import find_case
from quidproquo.study.kept_runs import WHAT_IFS
from quidproquo.study.request import BriefRequest
from quidproquo.study.run_file import StoredWorlds
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.what_if import WhatIfAnswer
from quidproquo.study.what_if.basis import basis_of
from quidproquo.study.what_if.by_weights import ask_by_weights
from quidproquo.study.what_if.kept import kept_what_ifs, request_of
from quidproquo.terms.errors import InputError

__all__ = ["with_what_ifs"]

_ASK = " Ask it again with 'qpq what-if' to have worlds conditioned again."


def with_what_ifs(brief: Brief, request: BriefRequest, worlds: Callable[[], StoredWorlds]) -> Brief:
    """The brief with the what-ifs of its case; `worlds` reads those of the run, only if there is any to ask.

    An answer that was got from this run stands as it is. Others are asked of its worlds by weights, and say so
    where these can't be trusted. A question about something that the run doesn't have says what is missing.

    Raises:
        InputError: if the file of what-ifs is damaged.
    """
    folder = find_case(request.case)
    kept = kept_what_ifs(folder / WHAT_IFS)
    if not kept:
        return brief.model_copy(update={"what_ifs": []}) if brief.what_ifs else brief
    basis = basis_of(brief, worlds())
    case = load_case(str(folder))

    def asked(one: WhatIfAnswer) -> WhatIfAnswer:
        if one.run == basis.run:
            return one
        try:
            found = ask_by_weights(request_of(one, request), basis, case)
        except InputError as error:
            words = f"Not asked of this run: {error}"
            return one.model_copy(update={"method": "not judged", "reliable": False, "reliability": words})
        words = found.reliability if found.reliable else found.reliability + _ASK
        return found.model_copy(update={"name": one.name, "reliability": words})

    return brief.model_copy(update={"what_ifs": [asked(one) for one in kept]})

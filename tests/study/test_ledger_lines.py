"""The lines of a ledger name the claims of their estimates, and count the origins of those that weigh."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from tests.brief.factory import make_brief
from tests.claims.factory import make_case, make_claim, make_proposition
from tests.study.bare import bare_worlds
from tests.study.test_forecasts import AS_OF, ENDS

from quidproquo.cases.record import LedgerLine
from quidproquo.study.assemble.estimates import ledger
from quidproquo.study.gather import Gathered
from quidproquo.study.infer import RunResult
from quidproquo.study.schema.estimates import Estimate

LINE = LedgerLine("signed", "gets", "The treaty is signed", "crates_sent", "sent", "S1")


def test_a_line_has_the_claims_of_its_estimate_and_their_origins() -> None:
    """A proposition bears on the same part of the model: the estimate knows it, the quantity doesn't."""
    case = make_case(ledger=(LINE,))
    sentence = make_proposition("P1", origin="Border Office", family="Sylvania")
    unused = make_claim("C2", origin="Daily Gazette", family="press")
    gathered = object.__new__(Gathered)
    for name, value in {"case": case, "claims": (sentence, unused), "links": ()}.items():
        object.__setattr__(gathered, name, value)
    days = np.array([float(day.toordinal()) for day in ENDS])
    weighted = bare_worlds(4, 2, series={"crates.sent": np.ones((4, len(ENDS)))}, series_days=days)
    run = object.__new__(RunResult)
    for name, value in {"weighted": weighted, "table": SimpleNamespace(ids=("P1",))}.items():
        object.__setattr__(run, name, value)
    estimate = next(iter(make_brief(claims=1, documents=1, estimates=1).estimates.values()))

    def line(known: dict[str, Estimate]) -> tuple[list[str], int, int]:
        (found,) = ledger(case, gathered, run, AS_OF, known)
        return found.claims, found.origins, found.families

    about = estimate.model_copy(update={"claims": ["P1", "C2"]})
    assert line({"crates_sent": about}) == (["P1", "C2"], 1, 1)
    assert line({}) == (["C2"], 0, 0)

"""The ledger of a run, as rows by giver, receiver, object, stage or period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from quidproquo.cases import load_case
from quidproquo.cases.record import Case
from quidproquo.study.progress import Progress, Silent
from quidproquo.study.request import BriefRequest
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.estimates import LedgerRecord
from quidproquo.study.schema.ledger import LedgerRow
from quidproquo.study.stored import read_run
from quidproquo.terms.errors import CaseError, InputError, sentence

__all__ = ["LEDGER_BY", "ledger_of", "ledger_rows"]

LEDGER_BY = ("giver", "receiver", "object", "stage", "period")
_ROLES = {"gives": ("sender", "receiver"), "gets": ("receiver", "sender")}


def ledger_of(
    request: BriefRequest,
    by: str = "giver",
    progress: Progress | None = None,
    on_note: Callable[[str], None] | None = None,
) -> list[LedgerRow]:
    """The ledger of the kept run of a case, which is run where there is none, or of the run in a folder.

    Raises:
        InputError: if the case or the run is wrong, or rows can't be ordered so.
    """
    if by not in LEDGER_BY:
        allowed, remedy = "one of " + ", ".join(LEDGER_BY), "choose one of them"
        raise InputError(sentence("option --by", "value", by, allowed, remedy))
    folder = Path(request.case)
    if (folder / "brief.json").is_file() and not (folder / "case.toml").is_file():
        brief = read_run(folder).brief
        return ledger_rows(brief, _shipped(brief.case), by)
    from quidproquo.study.what_if.kept_run import kept_or_new

    case = load_case(request.case)
    found = kept_or_new(request, progress or Silent(), on_note or (lambda _: None))
    return ledger_rows(found.brief, case, by)


def _shipped(name: str) -> Case | None:
    try:
        return load_case(name)
    except CaseError:
        return None


def ledger_rows(brief: Brief, case: Case | None, by: str) -> list[LedgerRow]:
    """Rows in the order of what they are listed by; by period there is one for the end of each year, too."""
    rows = [row for line in brief.ledger for row in _rows(brief, case, line, by == "period")]
    if by == "object":
        return rows
    return sorted(rows, key=lambda row: str(getattr(row, by)))


def _rows(brief: Brief, case: Case | None, line: LedgerRecord, years: bool) -> list[LedgerRow]:
    whole = _row(brief, case, line, brief.as_of, (line.q05, line.q50, line.q95))
    estimate = brief.estimates.get(line.quantity)
    if not years or estimate is None:
        return [whole]
    ends = [
        place
        for place, day in enumerate(estimate.dates[: estimate.as_of_index])
        if date.fromisoformat(day).month == 12
    ]
    return [
        *(
            _row(brief, case, line, estimate.dates[i], (estimate.q05[i], estimate.q50[i], estimate.q95[i]))
            for i in ends
        ),
        whole,
    ]


def _row(
    brief: Brief, case: Case | None, line: LedgerRecord, period: str, numbers: tuple[float, float, float]
) -> LedgerRow:
    giver, receiver = _parties(case, line.side)
    on_it = set(line.claims)
    weighing = [claim for claim in brief.claims if claim.id in on_it and claim.used]
    low, best, high = numbers
    return LedgerRow(
        giver=giver,
        receiver=receiver,
        object=line.title,
        stage=line.stage.replace("_", " "),
        period=period,
        unit=line.unit,
        low=low,
        best=best,
        high=high,
        origins=list(dict.fromkeys(claim.origin for claim in weighing)),
        independent=line.origins,
        claims=list(line.claims),
        dissent=[
            f"{conflict.a} against {conflict.b}: {conflict.reason}"
            for conflict in brief.conflicts
            if conflict.quantity == line.quantity
        ],
    )


def _parties(case: Case | None, side: str) -> tuple[str, str]:
    """Names of who gives and who receives; where the case isn't known, the parts that they play."""
    roles = _ROLES[side]
    if case is None:
        return roles
    names = {actor.role: actor.name for actor in case.actors.values()}
    return names.get(roles[0], roles[0]), names.get(roles[1], roles[1])

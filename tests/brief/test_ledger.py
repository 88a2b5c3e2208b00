"""The ledger as rows and as lines."""

from __future__ import annotations

import pytest
from tests.brief.factory import make_brief

from quidproquo.brief import ledger_lines
from quidproquo.study import BriefRequest, ledger_of
from quidproquo.study.ledger import LEDGER_BY, ledger_rows
from quidproquo.terms.errors import InputError

BRIEF = make_brief(claims=30, documents=3, estimates=4)


@pytest.mark.parametrize("by", LEDGER_BY)
def test_every_line_of_the_brief_stands_there_with_its_numbers(by: str) -> None:
    rows = ledger_rows(BRIEF, None, by)
    now = {row.object: row for row in rows if row.period == BRIEF.as_of}
    assert set(now) == {line.title for line in BRIEF.ledger}
    for line in BRIEF.ledger:
        row = now[line.title]
        assert (row.low, row.best, row.high, row.unit) == (line.q05, line.q50, line.q95, line.unit)
        assert row.claims == line.claims
        used = {claim.id: claim.origin for claim in BRIEF.claims if claim.used}
        assert set(row.origins) == {used[name] for name in line.claims if name in used}
        assert (row.giver, row.receiver) == (
            ("sender", "receiver") if line.side == "gives" else ("receiver", "sender")
        )


def test_rows_are_in_the_order_of_what_they_are_listed_by() -> None:
    for by in ("giver", "receiver", "stage", "period"):
        keys = [getattr(row, by) for row in ledger_rows(BRIEF, None, by)]
        assert keys == sorted(keys)


def test_by_period_there_is_a_row_for_the_end_of_each_year() -> None:
    rows = ledger_rows(BRIEF, None, "period")
    for line in BRIEF.ledger:
        own = [row for row in rows if row.object == line.title]
        estimate = BRIEF.estimates.get(line.quantity)
        ends = (
            [] if estimate is None else [d for d in estimate.dates[: estimate.as_of_index] if d[5:7] == "12"]
        )
        assert [row.period for row in own] == [*ends, BRIEF.as_of]


@pytest.mark.parametrize("by", LEDGER_BY)
def test_lines_fit_a_terminal(by: str) -> None:
    lines = ledger_lines(ledger_rows(BRIEF, None, by), by)
    assert lines
    assert max(map(len, lines)) <= 80


def test_another_order_is_refused_before_any_work() -> None:
    with pytest.raises(
        InputError, match="option --by: value is 'size', but it must be one of giver, receiver"
    ):
        ledger_of(BriefRequest("nowhere"), "size")

"""How published totals are told: short amounts, headings over the grid, and the verdict in words."""

from __future__ import annotations

from itertools import product

import pytest

from quidproquo.brief.lint import lint
from quidproquo.brief.page import render_html
from quidproquo.brief.totals import Heading, agreement, chance, compact, heads, tally
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.programmes import CountRecord, ProgrammeRecord
from quidproquo.study.schema.record import Distribution
from quidproquo.study.schema.totals import TotalCellRecord, TotalInterpretationRecord, TotalRecord

STATES = [("cash", "money"), ("cash", "alliance"), ("know_how", "money"), ("know_how", "alliance")]
STATES += [("cover", "money"), ("cover", "alliance")]


def cell(states: tuple[str, str], verdict: str = "consistent", tail: float | None = 0.3) -> TotalCellRecord:
    known = tail is not None
    numbers = dict.fromkeys(("after", "q05", "q50", "q95", "factor"), 0.25 if known else None)
    return TotalCellRecord(
        states=dict(zip(("paid", "wanted"), states, strict=True)),
        worlds=120 if known else 3,
        before=0.2,
        tail=tail,
        tail_mcse=0.02 if known else None,
        verdict=verdict,
        **numbers,
    )


def total(cells: list[TotalCellRecord], claim: str = "S001") -> TotalRecord:
    reading = TotalInterpretationRecord(
        title="what is paid", formula="pay", inputs={"pay": "earnings.pay"}, q05=1e6, q50=2e6, q95=3e9,
        tail=0.4, cells=cells,
    )  # fmt: skip
    return TotalRecord(
        title="Pay", topic="S3", claim=claim, unit="USD/month", weighs=False, left_out=["S001"],
        by={"paid": "What is mostly paid?", "wanted": "What is mostly wanted?"},
        interpretations={"paid": reading}, note="",
    )  # fmt: skip


def told(brief: Brief, fitting: set[tuple[str, str]]) -> str:
    cells = [cell(s, "consistent" if s in fitting else "not consistent") for s in STATES]
    made = total(cells)
    return agreement(brief, made, made.interpretations["paid"])


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (4.06e9, "USD", "$4.1\u00a0bn"),
        (2.3e8, "USD", "$230\u00a0m"),
        (9.6e6, "USD/month", "$9.6\u00a0m"),
        (3.5e5, "tonnes", "350\u00a0k"),
        (41.0, "tonnes", "41"),
        (0.21, "fraction", "21%"),
    ],
)
def test_amounts_in_narrow_cells_keep_two_digits(value: float, unit: str, expected: str) -> None:
    assert compact(value, unit) == expected


def test_the_verdict_says_which_answers_fit_as_shortly_as_it_can(brief: Brief) -> None:
    assert told(brief, set(STATES)) == "with every answer"
    assert told(brief, set()) == "with none"
    assert told(brief, set(product(["cash"], ["money", "alliance"]))) == "where it is Money"
    assert told(brief, set(product(["cash", "know_how"], ["money", "alliance"]))) == (
        "unless it is Diplomatic cover"
    )
    assert told(brief, {("cash", "money"), ("cover", "alliance")}) == "with 2 of 6 pairs of answers"
    thin = total([cell(s, "too few worlds", None) for s in STATES])
    assert agreement(brief, thin, thin.interpretations["paid"]) == "too few worlds to say"


def test_headings_span_the_states_below_them(brief: Brief) -> None:
    rows = heads(brief, total([cell(s) for s in STATES]))
    assert rows[0] == [Heading("Money", 2), Heading("Know-how", 2), Heading("Diplomatic cover", 2)]
    assert rows[1] == [Heading("Cash", 1), Heading("An alliance", 1)] * 3


def test_chances_have_their_error_and_tiny_ones_a_bound() -> None:
    assert chance(cell(STATES[0])) == "30 ± 2%"
    assert chance(cell(STATES[0], tail=0.001)) == "under 1%"
    # a total is consistent from 10% up: digits show on which side it lies
    assert chance(cell(STATES[0], tail=0.102)) == "10.2 ± 2.0%"
    assert chance(cell(STATES[0], tail=0.098)) == "9.8 ± 2.0%"
    assert chance(cell(STATES[0], tail=None)) == "too few worlds"


def test_the_tally_counts_totals_by_state() -> None:
    one = total([cell(s) for s in STATES])
    other = total([cell(s, "strained") for s in STATES])
    assert tally([one, other]) == ["1 of 2"] * 6


def test_the_page_shows_totals_and_programmes_with_their_claims(brief: Brief) -> None:
    some = Distribution(mean=0.4, mcse=0.01, q05=0.1, q50=0.4, q95=0.8)
    claim = brief.claims[0].id
    programme = ProgrammeRecord(
        title="Satellite", milestone="one that works", topic="S3", open=True, from_record=True,
        record={"attempts": CountRecord(title="Tried", q05=2.0, q50=4.0, q95=6.0, claims=[claim])},
        rate_before=some, rate=some, helped=some, now=some, now_unaided=some, unaided=some, reached=some,
        gained=some, claims=[claim],
    )  # fmt: skip
    made = brief.model_copy(
        update={"totals": {"pay": total([cell(s) for s in STATES], claim)}, "programmes": {"s": programme}}
    )
    page = render_html(made)
    assert "Published totals, and which answers they are consistent with" in page
    assert "with every answer" in page
    assert "Milestones with and without help" in page
    assert f'href="#claim-{claim}"' in page
    assert not lint(page)

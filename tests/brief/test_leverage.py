"""What moves the conclusion: which rows are shown, how the others are counted, what is due to the claims."""

from __future__ import annotations

import re

import pytest
from lxml import html
from tests.brief.factory import make_brief

from quidproquo.brief import lint, render_html
from quidproquo.brief.charts import draw
from quidproquo.brief.judgements import key_judgements
from quidproquo.brief.leverage import (
    LeverageTable,
    changes_choice,
    decided_words,
    leverage_tables,
    prior_moved,
)
from quidproquo.brief.leverage_rows import leverage_rows
from quidproquo.brief.numerals import amount
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.leverage import EvidenceSteps, LeverageRecord


def row(n: int, kind: str = "prior", **changes: object) -> LeverageRecord:
    fields: dict[str, object] = {
        "kind": kind,
        "id": f"trade.parameter_{n}=q05" if kind == "prior" else f"paid=cash_{n}",
        "title": f"Thing {n}, prior at its low point",
        "shift": {},
        "margin_shift": 0.01,
        "margin_mcse": 0.001,
        "worth": {},
        "preferred": "all_together",
        "pareto_k": 0.3,
        "reliable": True,
        "rerun": False,
        "backed_up_by": [],
    }
    return LeverageRecord.model_validate(fields | changes)


def brief_of(rows: list[LeverageRecord]) -> Brief:
    return make_brief(claims=9, documents=3, estimates=5).model_copy(update={"leverage": rows})


MANY = [
    *(row(n, margin_shift=0.1 - 0.001 * n) for n in range(12)),
    row(12, margin_shift=0.5, margin_mcse=0.3),
    row(13, margin_shift=0.0),
    row(14, margin_shift=-0.9, reliable=False, pareto_k=1.2),
]


def test_priors_beyond_their_error_are_shown_and_the_others_counted() -> None:
    (found,) = leverage_tables(brief_of(MANY))
    assert [item.id for item in found.shown] == [item.id for item in MANY[:10]]
    assert (found.total, found.within_error, found.unjudged) == (15, 2, 1)
    assert found.heading == "Prior moved"
    assert found.caption == "The ten priors that move the margin most, of 15."


def test_captions_name_what_is_left_out_in_the_plural() -> None:
    one = MANY[0].model_copy(update={"kind": "family", "id": "x"})
    two = LeverageTable("family", (one, one), 9, moving=2)
    assert two.caption == "The two families that move the margin most, of 9."
    assert LeverageTable("reliability", (one,), 1).caption == "The one grade that moves some estimate most."


def test_a_prior_that_changes_the_choice_is_always_shown() -> None:
    late = row(20, margin_shift=-0.02, margin_mcse=0.01, preferred="coalition")
    (found,) = leverage_tables(brief_of([*MANY, late]))
    assert found.shown[-1] == late
    assert changes_choice(brief_of([*MANY, late])) == [late]


def test_what_is_left_out_keeps_rows_that_can_not_be_judged() -> None:
    rows = [row(n, kind="structure", reliable=n > 0, margin_shift=0.0) for n in range(3)]
    (found,) = leverage_tables(brief_of(rows))
    assert found.shown == tuple(rows)
    assert (found.total, found.within_error, found.unjudged) == (3, 2, 1)


def test_where_no_report_moves_the_margin_beyond_its_error_that_is_said() -> None:
    """Shifts of three errors, of no error at all and of rounding: none is printed, and no table says "most"."""
    rows = [
        row(0, "claim", margin_shift=-0.03, margin_mcse=0.01, shift={"estimate_1": 0.4}),
        row(1, "claim", margin_shift=-0.02, margin_mcse=0.0, shift={"estimate_1": -1.5e-15}),
        row(2, "claim", margin_shift=-2e-7, margin_mcse=1e-8),
        row(3, "claim", margin_shift=0.9, reliable=False),
    ]
    brief = brief_of(rows)
    (found,) = leverage_tables(brief)
    assert found.still == (
        "No claim that can be judged moves the margin by more than four of its Monte Carlo errors."
    )
    assert found.caption == "The two claims that move some estimate most, of 4."
    ((_, shown),) = leverage_rows(brief, [found], {})
    assert [one.margin for one in shown] == ["within error", "within error"]
    assert "0.4" in shown[0].shifts
    assert shown[1].shifts == ""
    assert draw(brief, "leverage")["data"]["values"] == []
    (moved,) = leverage_tables(brief_of([*rows, row(4, "claim", margin_shift=-0.05, margin_mcse=0.01)]))
    assert moved.still == ""
    assert moved.caption == "The three claims that move the margin or some estimate most, of 5."
    assert moved.others.startswith("3 of 5 move the margin by no more than four Monte Carlo errors")


def test_where_a_moved_prior_lies() -> None:
    brief = brief_of(MANY)
    record = brief.assumptions["trade.parameter_3"]
    middle = amount(record.prior_q50, record.unit)
    assert prior_moved(row(3), brief) == f"{amount(record.prior_q05, record.unit)} instead of {middle}"
    high = row(3).model_copy(update={"id": "trade.parameter_3=q95"})
    assert prior_moved(high, brief) == f"{amount(record.prior_q95, record.unit)} instead of {middle}"
    assert prior_moved(row(3, kind="structure"), brief) == ""
    assert prior_moved(row(3).model_copy(update={"id": "nowhere=q05"}), brief) == ""


def test_only_what_can_be_trusted_changes_the_choice() -> None:
    shaky = row(1, preferred="coalition", reliable=False)
    claim = row(2, kind="claim", preferred="coalition")
    assert changes_choice(brief_of([shaky, claim])) == []


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, None),
        (1, "Changing one assumption would put “Act with a regional coalition” first: Thing 0"),
        (2, "Changing any one of two assumptions would put another option first: Thing 0"),
        (3, "Thing 2, prior at its low point (“Act with a regional coalition”)."),
        (5, "Changing any one of five assumptions would put another option first; the strongest is Thing 0"),
    ],
)
def test_the_judgement_on_the_choice_says_what_would_change_the_choice(count: int, text: str | None) -> None:
    rows = [row(n, margin_shift=-0.1 + 0.01 * n, preferred="coalition") for n in range(count)]
    brief = brief_of(rows or [row(0)])
    said = html.fromstring(f"<p>{key_judgements(brief)[1].statement}</p>").text_content()
    assert ("assumption" in said and "would put" in said) is (text is not None)
    assert text is None or text in said
    page = render_html(brief)
    assert lint(page) == []
    ids = set(re.findall(r' id="([^"]+)"', page))
    assert {name for name in re.findall(r'href="#([^"]+)"', page) if name not in ids} == set()


def test_the_chart_leaves_out_priors_within_their_error() -> None:
    drawn = [
        r["title"].replace("\n", " ").strip() for r in draw(brief_of(MANY), "leverage")["data"]["values"]
    ]
    assert drawn == [f"Prior at its low point: Thing {n}" for n in range(12)]


def test_steps_are_told_for_the_ledger_and_for_the_rest() -> None:
    brief = make_brief(claims=9, documents=3, estimates=16)
    tree = html.fromstring(render_html(brief)).get_element_by_id("leverage")
    tables = tree.xpath(".//h3[@id='steps-all']/following-sibling::*//table")
    cells = [[" ".join(c.text_content().split()) for c in r] for r in tables[0].xpath(".//tbody/tr")]
    assert cells[0][0] == "Lead of the preferred option"
    assert "then “Act with a regional coalition”" in cells[0][1]
    assert cells[0][4] == "100% ± 8%"
    ledger = {line.quantity for line in brief.ledger}
    assert len(cells) == 1 + len(ledger)
    assert "provisional" in cells[1][2]
    assert len(tables[1].xpath(".//tbody/tr")) == len(brief.estimates) - len(ledger)


def test_without_claims_there_are_no_steps() -> None:
    brief = make_brief(claims=9, documents=3, estimates=2).model_copy(update={"steps": EvidenceSteps()})
    page = render_html(brief)
    assert "What is due to the claims" not in page
    assert lint(page) == []


def test_what_decides_is_counted_and_shown() -> None:
    brief = make_brief(claims=9, documents=3, estimates=2)
    said = decided_words(record.scaling for record in brief.assumptions.values())
    assert said == "the claims decide 9, the prior decides 9, both decide 9, they disagree on 9"
    section = html.fromstring(render_html(brief)).get_element_by_id("assumptions").text_content()
    assert said in " ".join(section.split())
    tags = html.fromstring(render_html(brief)).xpath("//*[@id='assumptions']//*[@class='tag warn']/text()")
    assert tags.count("they disagree") == 9
    assert decided_words([None]) == ""


def test_reports_and_assumptions_are_kept_separate() -> None:
    rows = [row(1, kind="claim"), row(2, preferred="coalition")]
    brief = brief_of(rows).model_copy(update={"hypotheses": {}, "ledger": []})
    said = [html.fromstring(f"<p>{one.statement}</p>").text_content() for one in key_judgements(brief)]
    assert "Changing one assumption would put “" in said[1]
    assert any(text.startswith("No single report, origin, family, source or document") for text in said)


def test_documents_of_one_title_are_told_apart() -> None:
    brief = make_brief(claims=9, documents=3, estimates=5)
    same = [
        document.model_copy(update={"title": "Refined oil", "publisher": name, "published": day})
        for document, name, day in zip(
            brief.documents, ("Gazette", "Courier", "Herald"), ("2024-01-02", "2024-03", ""), strict=True
        )
    ]
    rows = [row(n, kind="document", id=one.id, title="Refined oil") for n, one in enumerate(same)]
    planted = brief.model_copy(update={"documents": same, "leverage": rows})
    ((_, shown),) = leverage_rows(planted, leverage_tables(planted), {})
    told = [html.fromstring(f"<p>{one.cause}</p>").text_content() for one in shown]
    assert len(set(told)) == 3
    assert any("(Gazette, 2 January 2024)" in text for text in told)

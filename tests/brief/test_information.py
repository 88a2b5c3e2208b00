"""Sentences on what is worth knowing, each against findings that would make it false."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from tests.brief.factory import make_brief
from tests.brief.informed import gained, make_information, report

from quidproquo.brief import lint, render_html
from quidproquo.brief.decision_rows import report_rows
from quidproquo.brief.sentences.information import information_sentences
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.decisions import Mean
from quidproquo.study.schema.information import TurnRecord

WHOLE = make_brief(claims=3, documents=1, estimates=1)


def having(**changes: Any) -> Brief:
    return WHOLE.model_copy(update={"information": make_information(**changes)})


def said(**changes: Any) -> str:
    return " ".join(information_sentences(having(**changes)))


def test_a_report_that_matters_is_named_with_its_worth_and_what_would_be_chosen() -> None:
    lines = information_sentences(having())
    assert lines[1] == (
        "A new figure for “Number of crates”, as good as the best so far (S003, grade B2), would be worth "
        "0.004 ± 0.001 of value: it would change the choice in 6% of cases."
    )
    assert lines[2] == (
        "By mean value the choice would then be “All measures together” after a report of at most 9,000 crates "
        "and “Act with a regional coalition” after one of more than 9,000 crates."
    )
    assert lines[3] == "The other kind of report can't be told from worthless."


def test_of_a_proposition_a_denial_and_an_assertion_are_told_apart() -> None:
    turns = [
        TurnRecord(low=None, high=0.5, option="coalition", probability=0.1),
        TurnRecord(low=0.5, high=None, option="all_together", probability=0.9),
    ]
    one = report("many", 0.01, kind="proposition", title="There are many crates.", unit="", turns=turns)
    text = said(evsi=[one])
    assert "A new assessment of whether “There are many crates.” is so, as good as the best so far" in text
    assert (
        "“Act with a regional coalition” if it is denied and “All measures together” if it is asserted."
        in text
    )
    assert "other" not in text


def test_where_the_choice_goes_to_and_fro_no_ends_are_named() -> None:
    ends = [None, 10.0, 20.0, 30.0, None]
    turns = [
        TurnRecord(low=low, high=high, option="coalition", probability=0.25) for low, high in pairwise(ends)
    ]
    assert "then be" not in said(evsi=[report("crates", 0.004, turns=turns)])


def test_that_no_report_changes_the_choice_is_said_only_where_none_does() -> None:
    idle = [report("crates", 0.0), report("sheds", 0.0)]
    text = said(evsi=idle)
    assert "No report of a kind that can be had would change the choice: two kinds were tried" in text
    assert "No report of a kind" not in said()
    some = report("sheds", 0.0, report=gained(0.0, changes=0.2))
    text = said(evsi=[idle[0], some])
    assert "would change the choice: two" not in text
    assert "No report of a kind that can be had can be told from worthless" in text


def test_exact_knowledge_is_worthless_only_where_it_is() -> None:
    idle = [report("crates", 0.0)]
    evppi = make_information().evppi
    assert "to know all that they are about exactly would be worth 0.008 ± 0.001 of value" in said(evsi=idle)
    none = evppi.model_copy(update={"reported": gained(0.0005)})
    assert "nor can exact knowledge of all that they are about be told from worthless" in said(
        evsi=idle, evppi=none
    )


def test_where_nothing_could_change_the_choice_that_is_all_that_is_said() -> None:
    lines = information_sentences(having(evpi=gained(0.0, 0.0, 0.0), evsi=[report("crates", 0.0)]))
    want = "whatever is known, it is “All measures together”, as far as these worlds tell."
    assert lines == [f"No report would change a choice by mean value: {want}"]


def test_a_worth_under_the_least_difference_that_counts_says_so() -> None:
    assert WHOLE.preferred.delta == 0.01
    assert "the least difference that counts" not in said(evpi=gained(0.02))
    assert "That is under δ, 0.01, the least difference that counts." in said(evpi=gained(0.004))


def test_inputs_of_the_model_are_named_apart_and_only_those_that_differ() -> None:
    text = said()
    assert "“Strength of the effect 0” (0.006 ± 0.001) and “Strength of the effect 1” (0.004 ± 0.001)" in text
    assert "effect 2" not in text
    assert (
        "To know the two inputs together exactly that matter most would be worth 0.011 ± 0.001 of value."
        in text
    )
    evppi = make_information().evppi
    idle = [one.model_copy(update={"differs": False}) for one in evppi.inputs]
    text = said(evppi=evppi.model_copy(update={"inputs": idle}))
    assert "No single input of the model can be told from worthless to know exactly." in text
    assert "Strength" not in text
    lost = {"inputs_together": gained(0.001)}
    assert "that matter most" not in said(evppi=evppi.model_copy(update=lost))


def test_without_reports_on_file_no_kind_is_claimed() -> None:
    assert "No report on file says what kinds of reports can be had." in said(evsi=[])


def test_a_run_without_it_says_nothing() -> None:
    assert information_sentences(WHOLE.model_copy(update={"information": None})) == []


def test_every_kind_has_a_row_and_those_worth_more_than_nothing_are_marked() -> None:
    rows = report_rows(having())
    assert [(row.id, row.grade, row.report, row.changes, row.tag is not None) for row in rows] == [
        ("crates", "B2", "0.004 ± 0.001", "6%", True),
        ("many", "B2", "0.000 ± 0.001", "0%", False),
    ]
    assert report_rows(WHOLE.model_copy(update={"information": None})) == []


def test_the_page_has_a_section_on_it() -> None:
    page = render_html(having())
    assert 'id="information"' in page
    assert "A new figure for “Number of crates”" in page
    assert page.count('class="tag good">worth more than nothing') == 1
    assert not lint(" ".join(information_sentences(having())))


def test_a_worth_next_to_nothing_is_printed_as_nothing() -> None:
    def worths(mean: float, mcse: float) -> tuple[str, str]:
        planted = report("crates", 0.004)
        gain = {"gain": Mean(mean=mean, mcse=mcse)}
        tiny = planted.model_copy(
            update={key: getattr(planted, key).model_copy(update=gain) for key in ("report", "known")}
        )
        (row,) = report_rows(having(evsi=[tiny]))
        return row.report, row.known

    assert worths(-0.000003, 0.000002) == ("0", "0")
    assert worths(0.0021, 0.0002) == ("0.0021 ± 0.0002", "0.0021 ± 0.0002")

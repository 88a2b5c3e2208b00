"""The appendix: misfit by claim, and the calibration on file."""

from __future__ import annotations

import re

import pytest
from lxml import html
from tests.brief.factory import make_brief

from quidproquo.brief import lint, render_html
from quidproquo.brief.appendix import (
    chance_bars,
    outside_band,
    pit_picture,
    prior_bars,
    rank_kinds,
    rank_name,
    rank_picture,
)
from quidproquo.brief.influence import answer_titles
from quidproquo.brief.markup import anchor
from quidproquo.brief.numerals import amount
from quidproquo.cases import load_case
from quidproquo.study.assemble.diagnostics import versions
from quidproquo.study.assemble.recorded import on_file
from quidproquo.study.schema.backtest import BacktestOnFile
from quidproquo.study.schema.ranks import MutantRecord, RankRecord, RanksOnFile


def _page(standing: str, changed: list[str]) -> str:
    case = load_case("dprk-russia")
    record = on_file(case.folder, versions(case)).record
    assert record is not None
    overall = record.overall.model_copy(update={"verdict": "Calibrated at 50% and 90%."})
    record = record.model_copy(update={"overall": overall})
    found = BacktestOnFile(standing=standing, changed=changed, record=record)
    return render_html(make_brief(claims=12, documents=4, estimates=3, backtest=found))


def test_bars_count_every_target() -> None:
    pit = [0.0, 0.05, 0.1, 0.95, 1.0]
    counts = re.findall(r'text-anchor="middle" fill="[^"]*">(\d+)<', pit_picture(pit))
    assert [int(count) for count in counts] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]


def test_a_missing_record_is_said() -> None:
    section = html.fromstring(render_html(make_brief())).get_element_by_id("calibration")
    assert "No back-test is on file" in section.text_content()


def test_a_current_record_is_shown_without_a_warning() -> None:
    page = _page("current", [])
    section = html.fromstring(page).get_element_by_id("calibration")
    text = " ".join(section.text_content().split())
    assert "out of date" not in text
    assert "Linear trend" in text
    assert "Not scored, by reason:" in text
    case = load_case("dprk-russia")
    record = on_file(case.folder, versions(case)).record
    assert record is not None
    assert f"a proposition, not a number, {record.unscorable['a proposition, not a number']}" in text
    assert len(section.xpath(".//svg")) == 1
    assert lint(page) == []


def test_an_old_record_says_what_changed_and_how_to_make_it_anew() -> None:
    text = (
        html.fromstring(_page("out of date", ["the tables"])).get_element_by_id("calibration").text_content()
    )
    assert "the tables changed" in text
    assert "--as-of 2023-12-31 --as-of 2024-06-30" in text


def test_every_claim_that_weighs_has_its_row_with_what_the_worlds_say_without_it() -> None:
    brief = make_brief(claims=12, documents=4, estimates=3)
    judged = brief.misfit.claims[0]
    loose = judged.model_copy(
        update={"claim": "S006", "tail": None, "below": None, "expected": None, "verdict": "can't be judged"}
    )
    event = loose.model_copy(update={"claim": "S007", "chance": 0.62})
    misfit = brief.misfit.model_copy(update={"unjudged": [loose, event]})
    page = render_html(brief.model_copy(update={"misfit": misfit}))
    assert lint(page) == []
    section = html.fromstring(page).get_element_by_id("misfit")
    rows = {row.xpath("./th")[0].text_content(): row.text_content() for row in section.xpath(".//tbody/tr")}
    assert len(rows) == len(brief.misfit.claims) + 3
    assert "1,400 crates" in rows[judged.claim]
    assert "4%30%" in rows[judged.claim].replace("\n", "")
    assert "62% that it is so" in rows["S007"]
    text = " ".join(section.text_content().split())
    assert "Two claims that can't be judged" in text
    assert f"{len(brief.misfit.claims)} of {len(brief.misfit.claims) + 2} can be judged" in text


def _bar(picture: str, kind: str = "") -> tuple[int, int]:
    found = re.search(rf'<path{kind} d="M(\d+) \d+H(\d+)"', picture)
    assert found
    return int(found[1]), int(found[2])


def test_bars_of_a_prior_lie_on_one_axis() -> None:
    same = prior_bars((-1.645, 0.0, 1.645))
    assert _bar(same) == _bar(same, ' class="now"')
    narrow = prior_bars((0.5, 1.0, 1.5))
    before, after = _bar(narrow), _bar(narrow, ' class="now"')
    assert before == _bar(same)
    assert before[0] < after[0] < after[1] < before[1]
    assert "tip" not in narrow
    assert "tip" in prior_bars((2.0, 3.5, 5.0)), "what lies off the axis is marked"


def test_bars_of_a_chance_are_as_long_as_it_is_large() -> None:
    before, after = _bar(chance_bars(0.25, 0.75)), _bar(chance_bars(0.25, 0.75), ' class="now"')
    assert 3 * (before[1] - before[0]) == pytest.approx(after[1] - after[0], abs=2)


def test_priors_stand_beside_posteriors_with_their_sources() -> None:
    brief = make_brief(claims=12, documents=4, estimates=3)
    tree = html.fromstring(render_html(brief))
    for name, record in list(brief.assumptions.items())[:6]:
        row = tree.get_element_by_id(anchor("prior", name))
        text = row.text_content()
        assert record.title in text
        assert amount(record.prior_q50, record.unit) in text
        assert amount(record.posterior_q50, record.unit) in text
        assert ("judgement" in text) == record.judgement
        assert ("run ESS" in text) == (record.run_ess < 400)
        assert len(row.xpath(".//svg")) == 1
    section = tree.get_element_by_id("assumptions")
    states = sum(len(h.states) for h in brief.hypotheses.values())
    assert len(section.xpath(".//svg")) == len(brief.assumptions) + states


def _ranks(counts: list[int], **changes: object) -> RanksOnFile:
    quantities = {
        "trade.parameter_0": RankRecord(kind="parameter", counts=counts, p=0.3, contraction=0.4),
        "margin of all": RankRecord(kind="margin", counts=[25, 25, 25, 25], p=0.9),
    }
    mutant = MutantRecord(title="a claim twice", replicates=50, p=1e-9, shown_by="margin of all", failed=True)
    fields = {
        "made": "2025-03-01",
        "replicates": 100,
        "level": 0.001,
        "p": 0.6,
        "passed": True,
        "low": [16, 40, 66],
        "high": [34, 60, 84],
        "quantities": quantities,
        "mutants": {"twice": mutant},
    }
    return RanksOnFile(**fields | changes)


def test_ranks_that_leave_the_band_are_seen() -> None:
    even, skewed = _ranks([25, 25, 25, 25]), _ranks([40, 30, 20, 10])
    assert not outside_band(even, even.quantities["trade.parameter_0"])
    assert outside_band(skewed, skewed.quantities["trade.parameter_0"])
    assert rank_kinds(even) == {"margin": ["margin of all"], "parameter": ["trade.parameter_0"]}
    # the band and a line for each quantity; even ranks give a level line
    paths = re.findall(r'<path d="M([^"]*)"', rank_picture(even))
    assert len(paths) == 3
    assert len({point.split()[1] for point in paths[2].split("L")}) == 1


def test_a_recorded_calibration_of_planted_worlds_is_shown() -> None:
    ranks = _ranks([40, 30, 20, 10], changed=["the claims"])
    page = render_html(make_brief(claims=12, documents=4, estimates=3, ranks=ranks))
    assert lint(page) == []
    text = html.fromstring(page).get_element_by_id("calibration").text_content()
    assert "the claims changed" in text
    assert "p = 0.6, which passes at 0.001" in text
    assert "Rate number 0 of the trade" in text
    assert "fails, as it must" in text
    assert (
        "No simulation-based calibration is on file"
        in html.fromstring(render_html(make_brief(claims=12, documents=4, estimates=3)))
        .get_element_by_id("calibration")
        .text_content()
    )


def test_the_body_leads_to_the_appendix() -> None:
    tree = html.fromstring(render_html(make_brief(claims=12, documents=4, estimates=3)))
    links = set(tree.get_element_by_id("judgements").xpath(".//a/@href"))
    assert {"#influence", "#assumptions", "#misfit", "#calibration"} <= links


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("hypothesis.paid", "What is the sender paid in?"),
        ("bias.pair.Harbour office|crates_sent", "the common error of Harbour office on Crates"),
        ("bias.family.Freedonia", "the common error of Freedonia"),
        ("crates_sent@2024-12-31", "Crates, 31 December 2024"),
        ("margin of all together", "margin of all together"),
    ],
)
def test_what_is_ranked_is_named_by_its_title(name: str, words: str) -> None:
    brief = make_brief(claims=3, documents=1, estimates=1)
    paid = brief.hypotheses["paid"].model_copy(update={"title": "What is the sender paid in?"})
    crates = brief.estimates["crates_sent"].model_copy(update={"title": "Crates"})
    planted = brief.model_copy(
        update={"hypotheses": {"paid": paid}, "estimates": {**brief.estimates, "crates_sent": crates}}
    )
    assert rank_name(planted, name) == words


def test_answers_stand_by_their_titles_in_the_table_of_the_model() -> None:
    brief = make_brief(claims=1, documents=1, estimates=1)
    titles = answer_titles(brief, "paid", list(brief.hypotheses["paid"].states))
    assert titles == [state.title for state in brief.hypotheses["paid"].states.values()]
    assert answer_titles(brief, "gone", ["a_b"]) == ["a b"]

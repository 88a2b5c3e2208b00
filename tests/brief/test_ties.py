"""Options that can't be told apart: what is level, what is so only at times, and what is behind, in words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.brief.factory import make_brief

from quidproquo.brief import lint
from quidproquo.brief.judgements import key_judgements, weighting_outcomes
from quidproquo.brief.leverage_rows import weighting_rows
from quidproquo.brief.rows import option_rows
from quidproquo.brief.sentences.choice import chosen_sentence
from quidproquo.brief.sentences.decisions import tie_sentences
from quidproquo.brief.sentences.dependence import dependence_sentences
from quidproquo.brief.sentences.ties import behind, tied_sentence
from quidproquo.brief.summary import summary_lines
from quidproquo.brief.wording import contrast
from quidproquo.sensitivity.record import ALL
from quidproquo.study.schema.brief import Brief

WHOLE = make_brief(claims=3, documents=1, estimates=1)
NAMES = list(WHOLE.options)


def tied(leading: list[str], more: list[str] | None = None, **changes: Any) -> Brief:
    names = [*leading, *(more or [])]
    ties = {name: [WHOLE.weightings[1].id] for name in more or []}
    fields = {
        "option": "",
        "options": names,
        "leading": leading,
        "level": leading,
        "ties": ties,
        "limit": 0.01,
    }
    rows = [row.model_copy(update={"reliable": True}) for row in WHOLE.weightings]
    return WHOLE.model_copy(
        update={"preferred": WHOLE.preferred.model_copy(update=fields), "weightings": rows, **changes}
    )


def bare(text: object) -> str:
    return re.sub(r"<[^>]+>", "", str(text)).replace("\xa0", " ")


def test_which_are_level_which_only_at_times_and_which_are_behind() -> None:
    brief = tied(["all_together", "coalition"], ["signal"])
    assert bare(tied_sentence(brief, "0.004 ± 0.001")) == (
        "The reports do not settle which option is best. Under all the evidence “All measures together” and “Act "
        "with a regional coalition” are level: the first leads the next by 0.004 ± 0.001 of value, and a "
        "lead counts "
        "from 0.01 up. “Signal an unchanged commitment” cannot be told from the best where some reports or "
        "answers "
        "are weighed otherwise. “Do nothing new”, “Weaken the commitment”, “Reassure the public at home”, "
        "“Use and "
        "publish what is learnt” and “Go through the assembly of states” are behind however reports and "
        "answers are "
        "weighed."
    )
    assert set(behind(brief)) == set(NAMES) - {"all_together", "coalition", "signal"}


def test_what_the_error_alone_ties_is_not_told_as_level() -> None:
    brief = tied(["all_together", "coalition"])
    unsure = brief.preferred.model_copy(update={"level": ["all_together"]})
    said = bare(tied_sentence(brief.model_copy(update={"preferred": unsure}), "0.008 ± 0.002"))
    assert "cannot be told from each other: the first leads the next by 0.008 ± 0.002" in said
    assert "level" not in said
    whole = brief.weightings[0].model_copy(update={"id": ALL, "within_error": ["coalition"]})
    coarse = brief.model_copy(update={"preferred": unsure, "weightings": [whole]})
    assert "cannot be told from each other within the error: the" in bare(
        tied_sentence(coarse, "0.02 ± 0.02")
    )


def test_an_option_that_one_weighting_can_not_place_is_neither_tied_nor_behind() -> None:
    brief = tied(["all_together", "coalition"])
    row = brief.weightings[2].model_copy(
        update={"decided": False, "within_error": ["signal"], "margin": -0.03, "mcse": 0.04}
    )
    brief = brief.model_copy(
        update={
            "preferred": brief.preferred.model_copy(update={"open": ["signal"]}),
            "weightings": [*brief.weightings[:2], row],
        }
    )
    said = bare(tied_sentence(brief, "0.004 ± 0.001"))
    assert (
        "Whether “Signal an unchanged commitment” ties as well is open under one weighting that could not be "
        "decided." in said
    )
    assert (
        "Whether “Signal an unchanged commitment” ties is open under one weighting that could not be decided."
        in tie_sentences(brief)
    )
    assert "signal" not in behind(brief)
    assert said.endswith("as far as that could be judged.")
    assert weighting_outcomes(brief).undecided == (row.id,)
    assert row.id not in weighting_outcomes(brief).tied
    (line,) = [line for line in dependence_sentences(brief) if "not decided" in line]
    assert line.startswith(
        "One weighting is not decided, because an error there is larger than what counts: "
    )
    assert line.endswith("(“Signal an unchanged commitment” may tie).")
    shown = weighting_rows(brief)[-1]
    assert shown.choice == "not decided"
    assert "provisional, error of other options too large" in shown.judged_by


def test_a_weighting_is_not_decided_for_the_reason_that_is_told() -> None:
    """One exact lead beside another option's error; one lead with a large error; one not to be trusted."""
    brief = tied(["all_together"])
    small = {"decided": False, "tied": ["all_together"], "within_error": ["signal"], "mcse": 0.001}
    own = {"decided": False, "tied": ["all_together"], "within_error": [], "margin": 0.01, "mcse": 0.04}
    other = {"reliable": False, "decided": True, "tied": ["all_together"]}
    rows = [
        row.model_copy(update=change)
        for row, change in zip(brief.weightings[1:4], (small, own, other), strict=True)
    ]
    shown = weighting_rows(brief.model_copy(update={"weightings": rows}))
    assert [one.choice for one in shown] == ["not decided", "not decided", "not judged"]
    assert [one.value for one in shown] == ["", "", ""]
    assert "error of other options too large" in shown[0].judged_by
    assert "error of the lead too large" in shown[1].judged_by
    (line,) = [
        line
        for line in dependence_sentences(brief.model_copy(update={"weightings": rows}))
        if "not decided" in line
    ]
    assert "(“Signal an unchanged commitment” may tie)" in line
    assert "(the lead of “All measures together” is +0.01 ± 0.04)" in line


def test_ways_to_weigh_that_change_the_choice_are_counted_among_those_that_could_be_decided() -> None:
    brief = tied(["all_together"])
    other = {"preferred": "coalition", "tied": ["coalition"]}
    rows = [
        row.model_copy(update=change)
        for row, change in zip(brief.weightings[:4], (other, {}, {}, {"decided": False}), strict=True)
    ]
    rows = [rows[0], *(row.model_copy(update={"preferred": "all_together"}) for row in rows[1:])]
    said = bare(key_judgements(brief.model_copy(update={"weightings": rows}))[1].statement)
    assert "another option leads under 1 of 3 ways to weigh them that could be decided." in said


def test_a_lead_that_goes_under_another_weighting_is_told_as_one() -> None:
    said = bare(tied_sentence(tied(["all_together"], ["coalition"]), "0.025"))
    assert "Under all the evidence “All measures together” leads by 0.025 of value. “Act with a" in said
    assert "level" not in said


def test_many_tied_options_are_counted_and_not_listed() -> None:
    others = [name for name in NAMES if name != "all_together"]
    said = bare(tied_sentence(tied(["all_together"], others), "0.001"))
    assert "Seven further options cannot be told from the best" in said
    assert said.count("“") == 1
    assert said.endswith("No option is behind however reports and answers are weighed.")
    assert "Eight of 8 are tied" in bare(chosen_sentence(tied(["all_together"], others)))


def test_that_options_are_behind_everywhere_is_said_only_of_what_was_judged() -> None:
    brief = tied(["all_together"], ["coalition"])
    rows = [brief.weightings[0].model_copy(update={"reliable": False}), *brief.weightings[1:]]
    said = bare(tied_sentence(brief.model_copy(update={"weightings": rows}), "0.001"))
    assert said.endswith(
        "are behind however reports and answers are weighed, as far as that could be judged."
    )


def test_an_option_that_only_its_error_ties_changes_no_weighting() -> None:
    """The row's tied set holds it, the choice's doesn't: it is no nearer there than under all the evidence."""
    brief = tied(["all_together"])
    row = brief.weightings[1].model_copy(
        update={
            "preferred": "all_together",
            "tied": ["all_together", "weaken"],
            "q95_regret": {name: float(name != "all_together") for name in NAMES},
        }
    )
    assert weighting_outcomes(brief.model_copy(update={"weightings": [row]})).tied == ()


def test_reasons_for_low_confidence_do_not_say_one_thing_twice() -> None:
    preferred = tied(["all_together", "coalition"]).preferred.model_copy(update={"range": (-0.001, 0.004)})
    said = key_judgements(tied(["all_together", "coalition"], preferred=preferred))[1].confidence
    assert str(said).startswith("Confidence in this choice is low: what the options do rests on judgement")
    assert "the options that are named cannot be told apart" in said
    assert "the lead is gone" not in said


@pytest.mark.parametrize(("best", "few"), [(0.26, " but not in most"), (0.7, "")])
def test_being_best_in_few_worlds_is_no_praise(best: float, few: str) -> None:
    brief = tied(["all_together", "coalition"])
    options = {
        name: option.model_copy(
            update={
                "weighted": option.weighted.model_copy(
                    update={"best_share": best if name == "all_together" else 0.01}
                ),
                "exploratory": option.exploratory.model_copy(update={"best_share": 0.2}),
            }
        )
        for name, option in brief.options.items()
    }
    said = bare(key_judgements(brief.model_copy(update={"options": options}))[2].statement)
    assert f"more often than any other{few}, and in 20% of worlds" in said
    assert "likely" not in said


def test_where_regret_is_largest_is_told_by_title() -> None:
    name = next(iter(WHOLE.assumptions))
    words = name.replace(".", " ").replace("_", " ")
    option = WHOLE.options["signal"]
    cell = f"Money; {words} in its lowest third"
    result = option.weighted.model_copy(update={"max_regret_cell": cell, "max_regret": 0.1})
    brief = WHOLE.model_copy(update={"options": {"signal": option.model_copy(update={"weighted": result})}})
    below = option_rows(brief, [])[0].ensembles[0].max_regret.below
    assert below == f"“Money”; “{WHOLE.assumptions[name].title}” in its lowest third"


def test_two_options_that_differ_do_not_read_alike() -> None:
    found = contrast(WHOLE, "all_together", "weaken")
    for words in (*found.better, *found.worse):
        first, second = re.findall(r"\((.*) against (.*)\)", bare(words))[0]
        assert first != second
        assert "million USD" not in first


def test_they_are_worded_as_they_must_be() -> None:
    for brief in (tied(["all_together", "coalition"], ["signal"]), tied(["all_together"], NAMES[:-1])):
        text = "\n\n".join(bare(one) for one in (tied_sentence(brief, "0.001"), chosen_sentence(brief)))
        assert lint(text) == []


def test_one_option_is_compared_with_none() -> None:
    brief = tied(["all_together"])
    only = {"all_together": brief.options["all_together"]}
    brief = brief.model_copy(update={"options": only, "pareto_front": ["all_together"]})
    told = " ".join([*(bare(one.statement) for one in key_judgements(brief)), *summary_lines(brief)])
    assert "“All measures together” is the only option: there is nothing to compare it with." in told
    assert "The only option is “All measures together”: there is nothing to compare it with" in told
    assert "does best" not in told

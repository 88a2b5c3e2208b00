"""What an estimate, an answer or a row of the ledger rests on: planted reports for, against and beside it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from tests.brief.factory import make_brief

from quidproquo.brief.judgements import key_judgements
from quidproquo.brief.sentences.answers import answer_confidence, matrix_sentence, speaking_for
from quidproquo.brief.sentences.estimates import estimate_confidence, rests_on_sentence
from quidproquo.brief.sentences.support import standing
from quidproquo.brief.view import View
from quidproquo.study.schema.brief import Brief

NAME = "crates_sent"
SHIFTS = {"S001": -0.3, "S003": 0.4, "S004": -0.6, "S006": -0.02}


def bare(sentence: object) -> str:
    return unescape(re.sub(r"<[^>]+>", "", str(sentence))).replace("\xa0", " ")


def planted(unit: str = "fraction", own: tuple[str, ...] = ("S000",), **changes: Any) -> Brief:
    """A chance that the claims raised from 0.2 to 0.9: reports that raise it, lower it or hardly move it."""
    brief = make_brief(claims=12, documents=3, estimates=2)
    estimate = brief.estimates[NAME]
    chance = {
        **estimate.model_dump(),
        "unit": unit,
        "kind": "level",
        "claims": list(own),
        "prior_q50": 0.2,
        "q50": [0.9 for _ in estimate.q50],
        "title": "Chance that crates have come",
    }
    claims = [c.model_copy(update={"used": True, "origin": f"origin {c.id}"}) for c in brief.claims]
    template = next(item for item in brief.leverage if item.kind == "claim")
    rows = [
        template.model_copy(update={"id": name, "shift": {NAME: shift}, "reliable": True})
        for name, shift in {"S000": -0.1, **SHIFTS}.items()
    ]
    line = brief.ledger[0].model_copy(
        update={"quantity": NAME, "claims": [], "origins": 0, "stage": "sent", "title": "Chance"}
    )
    fields = {
        "estimates": {**brief.estimates, NAME: type(estimate)(**chance)},
        "claims": claims,
        "leverage": rows,
        "ledger": [line],
        "conflicts": [],
    }
    return brief.model_copy(update={**fields, **changes})


def test_a_chance_rests_on_what_raises_it_largest_first() -> None:
    found = planted()
    assert standing(found, NAME) == ["S004", "S001", "S000"]
    (judged,) = [item for item in key_judgements(found) if item.basis and "Chance" in bare(item.statement)]
    assert [bare(link) for link in judged.basis] == ["S004", "S001", "S000"]
    assert "three origins" in judged.confidence
    assert "single report" not in judged.confidence


def test_a_report_that_speaks_against_it_does_not_stand_behind_it() -> None:
    found = planted(own=("S003",))
    assert "S003" not in standing(found, NAME)
    alone = found.model_copy(update={"leverage": [i for i in found.leverage if i.id == "S003"]})
    assert standing(alone, NAME) == []
    assert "no report on it that weighs speaks for it" in estimate_confidence(alone, NAME)


def test_a_figure_rests_on_the_reports_on_it_and_names_the_others() -> None:
    found = planted(unit="crates", own=("S000", "S003"))
    assert standing(found, NAME) == ["S003", "S000"]
    assert bare(rests_on_sentence(found, NAME)) == (
        "Reports on other things move it, too, most of all S004 and S001."
    )


def test_a_row_of_the_ledger_names_the_reports_of_its_estimate() -> None:
    """The line of the case names no report of its own, and those of the estimate weigh."""
    view = View(planted())
    assert view.behind(NAME, []) == ["S004", "S001", "S000"]
    assert view.support(view.behind(NAME, [])).origins == 3
    assert View(planted(own=())).behind(NAME, []) == []


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.02, "no report on it weighs, so it rests on judgement"),
        (0.97, "no report on it weighs; reports on other things remove 97% of its squared error"),
    ],
)
def test_what_other_reports_make_does_not_rest_on_judgement(share: float, words: str) -> None:
    found = planted(own=())
    steps = found.steps.estimates[NAME].model_copy(update={"share": share})
    due = found.steps.model_copy(update={"estimates": {NAME: steps}})
    assert estimate_confidence(found.model_copy(update={"steps": due}), NAME) == (
        f"Confidence is low: {words}."
    )


def test_reports_that_move_it_only_together_are_told() -> None:
    found = planted(own=(), leverage=[])
    steps = found.steps.estimates[NAME].model_copy(update={"share": 0.53})
    due = found.steps.model_copy(update={"estimates": {NAME: steps}})
    assert bare(rests_on_sentence(found.model_copy(update={"steps": due}), NAME)) == (
        "No single report moves it noticeably; together they remove 53% of its squared error, and no single prior "
        "does: it follows from how the model is made."
    )


def answering(**ratios: float) -> Brief:
    """Reports with their log ratio for the leading answer, all of which tell answers apart."""
    brief = planted()
    paid = brief.hypotheses["paid"]
    template = paid.claims[0]
    rows = [
        template.model_copy(
            update={"id": name, "log_ratio": {**template.log_ratio, "cash": ratio}, "diagnostic": True}
        )
        for name, ratio in ratios.items()
    ]
    rows.append(template.model_copy(update={"id": "S009", "reliable": False, "diagnostic": False}))
    record = paid.model_copy(update={"claims": rows})
    return brief.model_copy(update={"hypotheses": {"paid": record}})


def test_an_answer_rests_only_on_reports_that_raise_it() -> None:
    found = answering(S000=-0.4, S001=0.2, S003=0.5, S004=0.05)
    assert speaking_for(found, found.hypotheses["paid"]) == ["S003", "S001"]
    (judged,) = [item for item in key_judgements(found) if "mostly paid" in bare(item.statement)]
    assert [bare(link) for link in judged.basis] == ["S003", "S001"]
    assert answer_confidence(found, "paid").reasons[0].startswith("two origins")
    against = answering(S000=-0.4)
    assert speaking_for(against, against.hypotheses["paid"]) == []
    assert answer_confidence(against, "paid").reasons == (
        "no report by itself raises this answer noticeably",
    )


def test_claims_that_could_not_be_judged_are_counted_beside_those_that_tell_answers_apart() -> None:
    assert bare(matrix_sentence(answering(S000=0.4), "paid")) == (
        "Of two claims that weigh, one tells the answers apart (one origin in one family): S000; one claim could "
        "not be judged."
    )


def wrongs(brief: Brief, *claims: str) -> Brief:
    row = brief.misfit.claims[0]
    rows = [row.model_copy(update={"claim": name, "probability_wrong": 0.95}) for name in claims]
    found = brief.misfit.model_copy(update={"claims": rows, "unjudged": []})
    exact = [claim.model_copy(update={"comparison": "eq", "reliability": "B"}) for claim in brief.claims]
    return brief.model_copy(update={"misfit": found, "claims": exact})


def test_reports_that_are_probably_wrong_do_not_count_for_confidence() -> None:
    found = planted(own=("S000", "S003"), unit="crates")
    steps = found.steps.estimates[NAME].model_copy(update={"share": 0.97})
    found = found.model_copy(update={"steps": found.steps.model_copy(update={"estimates": {NAME: steps}})})
    assert estimate_confidence(wrongs(found), NAME).startswith("Confidence is moderate: two origins")
    assert estimate_confidence(wrongs(found, "S003"), NAME) == (
        "Confidence is low: a single report that is not probably wrong stands behind it and one more report is "
        "probably wrong and not counted."
    )
    assert estimate_confidence(wrongs(found, "S000", "S003"), NAME) == (
        "Confidence is low: all reports behind it are probably wrong."
    )
    answer = wrongs(answering(S001=0.2, S003=0.5), "S003")
    assert answer_confidence(answer, "paid").reasons[1] == "one more report is probably wrong and not counted"

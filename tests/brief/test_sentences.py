"""Each sentence against planted data that would make it false."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from tests.brief.factory import make_brief

from quidproquo.brief import lint
from quidproquo.brief.judgements import key_judgements
from quidproquo.brief.sentences.answers import (
    answer_confidence,
    answer_range,
    answer_sentence,
    diagnostic,
    matrix,
    matrix_sentence,
    odds,
)
from quidproquo.brief.sentences.checks import check_verdict
from quidproquo.brief.sentences.estimates import estimate_confidence, estimate_sentence, rests_on_sentence
from quidproquo.brief.sentences.fit import chance_wrong, fit_sentence, misfits, verdict_words, wrong_words
from quidproquo.brief.sentences.forecasts import chance_words, forecasts_sentence, outcome_words, stated_words
from quidproquo.brief.sentences.limits import limits, sources_sentence
from quidproquo.brief.sentences.notes import NOTES, note
from quidproquo.brief.sentences.support import confidence, confidence_sentence, support
from quidproquo.study.schema.assumptions import HypothesisRecord
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.claims import ConflictRecord, ForecastRecord
from quidproquo.study.schema.leverage import EvidenceSteps
from quidproquo.study.schema.programmes import CountRecord, ProgrammeRecord
from quidproquo.study.schema.record import Distribution


def bare(sentence: object) -> str:
    return unescape(re.sub(r"<[^>]+>", "", str(sentence))).replace("\xa0", " ")


def with_hypothesis(brief: Brief, **changes: Any) -> Brief:
    record = brief.hypotheses["paid"].model_copy(update=changes)
    return brief.model_copy(update={"hypotheses": {"paid": record}})


def steady(hypothesis: HypothesisRecord, probability: float = 0.7) -> dict[str, Any]:
    """Changes that put the leading answer at one probability under every weighting."""
    rows = [
        row.model_copy(
            update={
                "reliable": True,
                "probability": {"cash": probability, "know_how": 0.2, "cover": 0.1},
                "mcse": dict.fromkeys(row.mcse, 0.001),
            }
        )
        for row in hypothesis.weightings
    ]
    cash = hypothesis.states["cash"].model_copy(
        update={"prior": probability, "posterior": probability, "mcse": 0.001}
    )
    return {"weightings": rows, "states": {**hypothesis.states, "cash": cash}}


# ---------------------------------------------------------------- answers


def test_a_word_stands_only_where_every_weighting_stays_in_its_range(brief: Brief) -> None:
    same = steady(brief.hypotheses["paid"])
    assert "It is likely (70%) that the answer is “Money”" in bare(
        answer_sentence(with_hypothesis(brief, **same), "paid")
    )
    for place in range(len(same["weightings"])):
        rows = list(same["weightings"])
        rows[place] = rows[place].model_copy(
            update={"probability": {"cash": 0.52, "know_how": 0.3, "cover": 0.18}}
        )
        found = bare(answer_sentence(with_hypothesis(brief, **{**same, "weightings": rows}), "paid"))
        assert "likely (" not in found
        assert "ranges from 52 to 70%" in found


def test_no_word_where_a_weighting_could_not_be_judged(brief: Brief) -> None:
    same = steady(brief.hypotheses["paid"])
    rows = list(same["weightings"])
    rows[-1] = rows[-1].model_copy(update={"reliable": False})
    planted = with_hypothesis(brief, **{**same, "weightings": rows})
    found = bare(answer_sentence(planted, "paid"))
    assert "likely (" not in found
    assert "One weighting could not be judged." in found
    assert answer_range(planted.hypotheses["paid"], "cash").unjudged == 1


def test_a_probability_on_the_edge_of_two_words_gets_none(brief: Brief) -> None:
    same = steady(brief.hypotheses["paid"], 0.799)
    assert "likely (" not in bare(answer_sentence(with_hypothesis(brief, **same), "paid"))


def test_where_no_claim_tells_answers_apart_the_reports_do_not_settle_it(brief: Brief) -> None:
    flat = [
        claim.model_copy(update={"log_ratio": dict.fromkeys(claim.log_ratio, 0.0), "diagnostic": False})
        for claim in brief.hypotheses["paid"].claims
    ]
    planted = with_hypothesis(brief, claims=flat, **steady(brief.hypotheses["paid"]))
    found = bare(answer_sentence(planted, "paid"))
    assert "The reports do not settle this" in found
    assert "likely (" not in found
    assert answer_confidence(planted, "paid").level == "low"
    assert "none tells the answers apart" in bare(matrix_sentence(planted, "paid"))


def test_reports_that_could_not_be_judged_are_not_said_to_settle_nothing(brief: Brief) -> None:
    """The claims move the answer from 40 to 64%, and none of them can be judged by itself."""
    open_ = [
        claim.model_copy(update={"diagnostic": False, "reliable": False})
        for claim in brief.hypotheses["paid"].claims
    ]
    planted = with_hypothesis(brief, claims=open_)
    found = bare(answer_sentence(planted, "paid"))
    assert "do not settle" not in found
    assert "Which single reports decide this could not be judged." in found
    assert answer_confidence(planted, "paid").reasons == (
        "which reports the answer rests on could not be judged",
    )
    assert "none tells" not in bare(matrix_sentence(planted, "paid"))


def test_claims_that_tell_answers_apart_are_counted_in_words(brief: Brief) -> None:
    claims = [
        c.model_copy(update={"diagnostic": n < 2}) for n, c in enumerate(brief.hypotheses["paid"].claims)
    ]
    said = bare(matrix_sentence(with_hypothesis(brief, claims=claims), "paid"))
    assert ", two tell the answers apart (" in said
    one = [c.model_copy(update={"diagnostic": n < 1}) for n, c in enumerate(claims)]
    assert ", one tells the answers apart (" in bare(
        matrix_sentence(with_hypothesis(brief, claims=one), "paid")
    )


def test_confidence_in_an_answer_is_low_where_leaving_things_out_changes_it(brief: Brief) -> None:
    claims = [
        c.model_copy(update={"log_ratio": {name: abs(r) for name, r in c.log_ratio.items()}})
        for c in brief.hypotheses["paid"].claims
    ]
    firm = with_hypothesis(brief, **{**steady(brief.hypotheses["paid"]), "claims": claims})
    assert answer_confidence(firm, "paid").level == "moderate"
    shaken = answer_confidence(brief, "paid")
    assert shaken.level == "low"
    assert any("which reports are left out" in reason for reason in shaken.reasons)
    told = [brief.hypotheses["paid"].claims[0]]
    single = with_hypothesis(brief, **{**steady(brief.hypotheses["paid"]), "claims": told})
    assert answer_confidence(single, "paid").level == "low"


def test_a_claim_that_favours_no_answer_is_not_called_diagnostic(brief: Brief) -> None:
    rows = {row.id: row for row in matrix(brief.hypotheses["paid"])}
    assert rows["S000"].verdict == "diagnostic"
    assert [cell.words for cell in rows["S000"].cells] == ["×2", "÷2", "÷1.2"]
    assert rows["S002"].verdict == "not diagnostic"
    assert rows["S003"].verdict == "can't be judged"
    assert {cell.words for cell in rows["S003"].cells} == {""}
    assert [claim.id for claim in diagnostic(brief.hypotheses["paid"])] == ["S000", "S001"]


def test_answers_under_other_weightings_come_all_half_none_first(brief: Brief) -> None:
    rows = odds(brief.hypotheses["paid"])
    assert [row.title for row in rows[:3]] == ["evidence:1", "evidence:0.5", "evidence:0"]
    assert rows[-1].cells == ("", "", "")
    assert not rows[-1].judged


def test_judgements_on_answers_lead_to_the_claims_that_raise_them(brief: Brief) -> None:
    """S001 tells the answers apart, too, but it speaks against money."""
    judged = next(item for item in key_judgements(brief) if "Money" in bare(item.statement))
    assert [bare(one) for one in judged.basis] == ["S000"]
    assert "moved" not in judged.confidence


# ---------------------------------------------------------------- support and confidence


def test_confidence_follows_the_published_rule(brief: Brief) -> None:
    used = [claim for claim in brief.claims if claim.used]
    quiet = brief.model_copy(update={"conflicts": []})
    every = [claim.id for claim in used]
    assert confidence(quiet, every).level == "high"
    assert confidence(quiet, every[:1]).level == "low"
    assert confidence(quiet, []).level == "low"
    pair = [ConflictRecord(a=every[0], b=every[1], quantity="", reason="")]
    assert confidence(brief.model_copy(update={"conflicts": pair}), every).level == "moderate"


def test_one_family_alone_never_makes_confidence_high(brief: Brief) -> None:
    same = [claim.model_copy(update={"family": "one state", "used": True}) for claim in brief.claims]
    planted = brief.model_copy(update={"claims": same, "conflicts": []})
    found = confidence(planted, [claim.id for claim in same])
    assert found.level == "moderate"
    assert "in one family" in found.reasons[0]


def test_repeating_an_origin_gives_no_confidence() -> None:
    brief = make_brief(claims=12, documents=0, estimates=1)
    claims = [
        c.model_copy(update={"origin": "one bureau", "used": True, "reliability": "A"}) for c in brief.claims
    ]
    found = confidence(brief.model_copy(update={"claims": claims}), [c.id for c in claims])
    assert found.level == "low"
    assert found.reasons[0] == "all reports behind it go back to one origin"


def test_one_report_is_not_called_several(brief: Brief) -> None:
    used = [claim for claim in brief.claims if claim.used]
    assert confidence(brief, [used[0].id]).reasons[0] == "a single report stands behind it"


def test_a_contradiction_by_a_claim_that_does_not_weigh_counts_for_nothing(brief: Brief) -> None:
    claims = [claim.model_copy(update={"used": n > 0}) for n, claim in enumerate(brief.claims)]
    pair = [ConflictRecord(a=claims[0].id, b=claims[1].id, quantity="", reason="")]
    planted = brief.model_copy(update={"claims": claims, "conflicts": pair})
    assert "contradict" not in confidence_sentence(confidence(planted, [claim.id for claim in claims]))


def test_no_reason_of_confidence_contradicts_another(brief: Brief) -> None:
    none = brief.model_copy(update={"claims": [c.model_copy(update={"used": False}) for c in brief.claims]})
    said = confidence_sentence(confidence(none, [claim.id for claim in none.claims]))
    assert said == "Confidence is low: no report on it weighs, so it rests on judgement."


def test_confidence_is_low_where_the_priors_decide(brief: Brief) -> None:
    name = "crates_sent"
    steps = brief.steps.estimates[name]
    used = [claim.id for claim in brief.claims if claim.used]

    def level(share: float) -> str:
        changed = brief.steps.model_copy(
            update={"estimates": {**brief.steps.estimates, name: steps.model_copy(update={"share": share})}}
        )
        return confidence(brief.model_copy(update={"steps": changed, "conflicts": []}), used, name).level

    assert (level(0.9), level(0.3)) == ("high", "low")


def test_origins_are_counted_among_claims_that_weigh(brief: Brief) -> None:
    every = [claim.id for claim in brief.claims]
    half = [claim.model_copy(update={"used": n % 2 == 0}) for n, claim in enumerate(brief.claims)]
    found = support(brief.model_copy(update={"claims": half}), every)
    assert {claim.id for claim in found.claims} == {claim.id for claim in half if claim.used}
    assert found.origins == len({claim.origin or claim.speaker for claim in half if claim.used})


# ---------------------------------------------------------------- estimates


def test_a_figure_without_reports_speaks_of_worlds_and_not_of_the_truth(brief: Brief) -> None:
    name = "crates_sent"
    assert "true figure" in bare(estimate_sentence(brief, name))
    none = [claim.model_copy(update={"used": False}) for claim in brief.claims]
    planted = brief.model_copy(update={"claims": none})
    said = bare(estimate_sentence(planted, name))
    assert "true figure" not in said
    assert "likely" not in said
    assert "in the middle of the worlds, 90% of which lie between" in said


def test_a_chance_or_an_index_has_no_true_figure(brief: Brief) -> None:
    name = "crates_sent"

    def said(unit: str, kind: str) -> str:
        estimate = brief.estimates[name].model_copy(update={"unit": unit, "kind": kind})
        return bare(
            estimate_sentence(
                brief.model_copy(update={"estimates": {**brief.estimates, name: estimate}}), name
            )
        )

    assert "true figure" not in said("fraction", "level")
    assert "in the middle of the worlds" in said("fraction", "level")
    assert "true figure" in said("fraction", "share")
    assert "true figure" in said("persons", "level")


def given(brief: Brief, part: str, title: str) -> tuple[Brief, str]:
    """The brief with an estimate that is the same in all worlds, before any claim and after."""
    name = "crates_sent"
    record = brief.estimates[name]
    flat = dict.fromkeys(("q05", "q25", "q50", "q75", "q95"), [4.0] * len(record.dates))
    prior = dict.fromkeys(("prior_q05", "prior_q50", "prior_q95"), 4.0)
    changes = {**flat, **prior, "unit": "launches", "claims": [], "part": part, "title": title}
    estimates = brief.estimates | {name: record.model_copy(update=changes)}
    return brief.model_copy(update={"estimates": estimates}), name


def test_what_is_counted_is_neither_a_judgement_nor_a_finding(brief: Brief) -> None:
    some = Distribution(mean=0.4, mcse=0.01, q05=0.1, q50=0.4, q95=0.8)
    own = brief.claims[0].id
    count = CountRecord(title="Launches tried", q05=4.0, q50=4.0, q95=4.0, claims=[own])
    counting = ProgrammeRecord(
        title="Rocket", milestone="one that works", topic="S3", open=True, from_record=True,
        record={"attempts": count}, rate_before=some, rate=some, helped=some, now=some, now_unaided=some,
        unaided=some, reached=some, gained=some, claims=[own],
    )  # fmt: skip
    told = brief.model_copy(update={"programmes": {"rocket": counting}})
    found, name = given(told, "rocket", "Launches tried so far")
    assert bare(estimate_sentence(found, name)).endswith(": 4 launches.")
    assert bare(rests_on_sentence(found, name)) == (f"It is counted, not estimated: {own}.")
    assert estimate_confidence(found, name).startswith("No confidence is stated")
    bounds = [
        claim.model_copy(update={"comparison": "less_than"}) if claim.id == own else claim
        for claim in brief.claims
    ]
    assert "counted" not in bare(rests_on_sentence(found.model_copy(update={"claims": bounds}), name))
    other, name = given(told, "elsewhere", "The war goes on")
    assert bare(rests_on_sentence(other, name)) == "It is given to the model, not estimated by it."


def test_what_a_figure_without_reports_rests_on_is_named(brief: Brief) -> None:
    name = "crates_sent"
    unused = [claim.model_copy(update={"used": False}) for claim in brief.claims]
    none = brief.model_copy(update={"claims": unused, "steps": EvidenceSteps()})
    strong = [
        item.model_copy(update={"shift": {name: 0.5}, "reliable": True})
        for item in none.leverage
        if item.kind in ("claim", "prior")
    ]
    moved = none.model_copy(update={"leverage": strong})
    assert bare(rests_on_sentence(moved, name)).startswith("No report on it weighs. Reports on other things")
    priors = none.model_copy(update={"leverage": [item for item in strong if item.kind == "prior"]})
    assert "It rests on priors, most on these: Rate number" in bare(rests_on_sentence(priors, name))
    still = none.model_copy(update={"leverage": []})
    assert "no single prior does" in bare(rests_on_sentence(still, name))
    alone = brief.model_copy(update={"leverage": []})
    assert bare(rests_on_sentence(alone, name)) == ""


# ---------------------------------------------------------------- fit


def bound(brief: Brief, comparison: str, value: float, **changes: Any) -> tuple[Any, Any]:
    claim = brief.claims[0].model_copy(update={"comparison": comparison, "value": value, "near": False})
    row = brief.misfit.claims[0].model_copy(
        update={"claim": claim.id, "expected": (130.0, 210.0, 320.0), "probability_wrong": 0.84, **changes}
    )
    return row, claim


def test_a_true_bound_is_never_called_wrong_for_being_low(brief: Brief) -> None:
    row, claim = bound(brief, "more_than", 24.0, below=0.001)
    assert verdict_words(row, claim) == "a bound, and the others keep to it"
    assert chance_wrong(row, claim) is None
    row, claim = bound(brief, "at_most", 1_000.0, below=0.999)
    assert "wrong" not in verdict_words(row, claim)
    about, same = bound(brief, "about", 24.0, below=0.001)
    assert verdict_words(about, same) == "far below what the other origins lead one to expect; probably wrong"
    # what the other origins have room for is not called wrong by them
    low, same = bound(brief, "about", 24.0, below=0.02)
    assert verdict_words(low, same) == (
        "low beside what the other origins lead one to expect, but not far off; all claims together make it "
        "probably wrong"
    )
    broken, claim = bound(brief, "more_than", 500.0, below=0.999, broken=0.97)
    assert verdict_words(broken, claim) == "a bound that the others do not keep to; probably wrong"
    assert chance_wrong(broken, claim) == 0.97


def test_what_cannot_be_judged_has_no_chance_of_being_wrong(brief: Brief) -> None:
    """All worlds agree with a claim that nothing but its own origin speaks of: that isn't 0%."""
    row, claim = bound(brief, "about", 24.0, below=None, tail=None, probability_wrong=0.0)
    assert wrong_words(row, claim) == "can't be judged"
    known, claim = bound(brief, "about", 24.0, below=0.5, tail=1.0, probability_wrong=0.0)
    assert wrong_words(known, claim) == "0%"
    doubtful, claim = bound(brief, "about", 24.0, below=None, tail=None, probability_wrong=0.4)
    assert wrong_words(doubtful, claim) == "40%"


def test_bounds_that_are_kept_are_no_misfit(brief: Brief) -> None:
    row, claim = bound(brief, "at_least", 24.0, below=0.001)
    claims = [claim, *brief.claims[1:]]
    planted = brief.model_copy(
        update={"claims": claims, "misfit": brief.misfit.model_copy(update={"claims": [row]})}
    )
    assert not misfits(planted)
    other, same = bound(brief, "eq", 24.0, below=0.001)
    wrong = brief.model_copy(
        update={
            "claims": [same, *brief.claims[1:]],
            "misfit": brief.misfit.model_copy(update={"claims": [other]}),
        }
    )
    assert misfits(wrong)


def test_fit_says_nothing_of_options(brief: Brief) -> None:
    assert "carry" not in fit_sentence(brief)
    good = [row.model_copy(update={"below": 0.5}) for row in brief.misfit.claims]
    said = fit_sentence(brief.model_copy(update={"misfit": brief.misfit.model_copy(update={"claims": good})}))
    assert said == (
        "None of five claims lies outside the central 98% of what the other origins lead one to expect. This "
        "tests the history that the model tells. It does not test what the model says of options."
    )
    nothing = brief.model_copy(update={"misfit": brief.misfit.model_copy(update={"claims": []})})
    assert fit_sentence(nothing) == "No claim could be held against the others."


# ---------------------------------------------------------------- forecasts


def forecast(**changes: Any) -> ForecastRecord:
    return ForecastRecord.model_validate({"claim": "S000", "due": "2025-12-31", "note": "open", **changes})


def test_a_speakers_hedge_is_never_given_as_the_models_probability() -> None:
    record = forecast(stated=(0.2, 0.45))
    assert stated_words(record) == "20 to 45%"
    assert chance_words(record) == "none: the model has nothing to compare it with"
    assert chance_words(forecast(chance=0.07, mcse=0.004)) == "7% ± 0.4%"
    # the event is said: a figure held to lie within its rounding is another event than reaching it
    claim = make_brief(claims=1, documents=1, estimates=1).claims[0]
    of = {"quantity": "crates_sent", "value": 10_000.0, "low": None, "high": None, "unit": "crates"}
    reach = claim.model_copy(update={**of, "comparison": "at_least", "near": False})
    said = chance_words(forecast(chance=0.9, mcse=0.01), reach)
    assert said == "90% ± 1%, of at least 10,000 crates"
    for comparison in ("eq", "about"):
        bare_figure = reach.model_copy(update={"comparison": comparison})
        said = chance_words(forecast(chance=0.14, mcse=0.006), bare_figure)
        assert said == "14% ± 0.6%, of a figure close to 10,000 crates"
    assert "of the same event" not in str(note(make_brief(claims=1, documents=1, estimates=1), "forecasts"))


def test_a_forecast_without_a_day_is_neither_due_nor_scored() -> None:
    record = forecast(due="", note="no date", stated=(0.2, 0.45))
    assert chance_words(record) == "none: no day is named"
    assert outcome_words(record) == "can't be judged"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"note": "open", "chance": 0.4}, "not due yet"),
        ({"note": "due"}, "due, but not known to the model"),
        ({"note": "due", "outcome": "not settled"}, "due, but the claims do not settle it"),
        ({"note": "due", "outcome": "came true"}, "came true"),
        (
            {"note": "due", "outcome": "came true", "stated": (0.55, 0.8), "score": (0.04, 0.2025)},
            "came true; Brier score 0.04 to 0.2",
        ),
    ],
)
def test_a_forecast_is_scored_only_when_it_is_due_and_settled(changes: dict[str, Any], words: str) -> None:
    assert outcome_words(forecast(**changes)) == words


def test_that_forecasts_were_scored_is_said_only_of_those_that_were(brief: Brief) -> None:
    rows = [forecast(), forecast(note="due"), forecast(note="no date", due="")]
    said = forecasts_sentence(brief.model_copy(update={"forecasts": rows}))
    assert "the claims settle none, and none could be scored" in said
    assert "1 of them names no day" in said
    assert "None has fallen due." in forecasts_sentence(brief.model_copy(update={"forecasts": rows[:1]}))
    rows[1] = forecast(note="due", outcome="came true", stated=(0.55, 0.8), score=(0.04, 0.2))
    assert "the claims settle 1, and 1 could be scored" in forecasts_sentence(
        brief.model_copy(update={"forecasts": rows})
    )


# ---------------------------------------------------------------- tests, limits, checks


def test_agreement_of_a_documents_own_figures_is_called_arithmetic(brief: Brief) -> None:
    own = brief.checks["pay_document"]
    assert check_verdict(own) == "the document's arithmetic is right"
    first = brief.claims[0].model_copy(update={"id": own.inputs[0].claim, "derived": True})
    assert check_verdict(own, {first.id: first}).startswith("agrees by construction")
    stated = first.model_copy(update={"derived": False})
    assert check_verdict(own, {first.id: stated}) == "the document's arithmetic is right"
    assert check_verdict(own.model_copy(update={"holds": False})) == "the document's arithmetic is not right"
    other = [item.model_copy(update={"basis": "independent"}) for item in own.inputs]
    assert check_verdict(own.model_copy(update={"inputs": other})) == "agrees with what was expected"
    assert check_verdict(brief.checks["pay_independent"]) == "nothing to compare with"


def test_digests_are_never_said_to_be_quoted(brief: Brief) -> None:
    digests = brief.model_copy(
        update={"documents": [d.model_copy(update={"kind": "digest"}) for d in brief.documents]}
    )
    said = sources_sentence(digests)
    assert said.endswith("only as our own digests: nothing on this page is quoted from an original.")
    originals = brief.model_copy(
        update={"documents": [d.model_copy(update={"kind": "original"}) for d in brief.documents]}
    )
    assert "digest" not in sources_sentence(originals)
    assert "labelled and never quoted" in sources_sentence(brief)


def test_the_limits_are_those_of_this_run(brief: Brief) -> None:
    said = " ".join(limits(brief))
    judged = sum(record.judgement for record in brief.assumptions.values())
    assert f"{judged} of 45 priors" in said
    assert "Effects are untested." in said
    assert "must not be used to choose targets, or to lay blame" in said
    assert "The program reads English only" in said
    one = [c.model_copy(update={"state": "proposed", "used": n < 1}) for n, c in enumerate(brief.claims)]
    assert "One claim that nobody has reviewed weighs at the lowest credibility." in limits(
        brief.model_copy(update={"claims": one})
    )
    two = [c.model_copy(update={"used": n < 2}) for n, c in enumerate(one)]
    assert "Two claims that nobody has reviewed weigh, each at the lowest credibility." in limits(
        brief.model_copy(update={"claims": two})
    )
    foreign = [brief.documents[0].model_copy(update={"status": "other language"}), *brief.documents[1:]]
    rest = [d.model_copy(update={"status": "read"}) for d in foreign[1:]]
    assert "One document in another language was not read." in " ".join(
        limits(brief.model_copy(update={"documents": [foreign[0], *rest]}))
    )


def test_every_note_can_be_written_and_passes_the_lint(brief: Brief) -> None:
    for name in NOTES:
        assert lint(str(note(brief, name))) == [], name
    empty = make_brief(claims=0, documents=0, estimates=0)
    for name in NOTES:
        assert str(note(empty, name)), name


def test_sentences_pass_the_lint(brief: Brief) -> None:
    for text in [*limits(brief), fit_sentence(brief), forecasts_sentence(brief)]:
        assert lint(text) == [], text
    for name in brief.hypotheses:
        assert lint(str(answer_sentence(brief, name))) == []
        assert lint(confidence_sentence(answer_confidence(brief, name))) == []

"""Why an option is preferred and what that depends on: sentences against findings that would make them false."""

from __future__ import annotations

from typing import Any

import pytest
from tests.brief.factory import make_brief

from quidproquo.brief import lint
from quidproquo.brief.sentences.dependence import dependence_sentences, reason_sentence
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.leverage import LeverageRecord
from quidproquo.study.schema.options import DriverRecord, WeightingRecord

WHOLE = make_brief(claims=3, documents=1, estimates=1)
BEST, OTHER = "“All measures together”", "“Act with a regional coalition”"


def row(ident: str, kind: str, title: str, **changes: Any) -> WeightingRecord:
    kept = {"preferred": "all_together", "tied": ["all_together"], "reliable": True}
    plain = WHOLE.weightings[1].model_copy(update={"id": ident, "kind": kind, "title": title, **kept})
    return plain.model_copy(update=changes)


def having(rows: list[WeightingRecord], **changes: Any) -> Brief:
    """A brief with these weightings: options that tie under one are tied over all of them."""
    whole = row("evidence:1", "evidence", "all the evidence")
    preferred = changes.pop("preferred", WHOLE.preferred)
    ties: dict[str, list[str]] = {}
    for one in rows:
        for name in one.tied if one.reliable else ():
            if name not in (preferred.leading or preferred.options):
                ties.setdefault(name, []).append(one.id)
    preferred = preferred.model_copy(update={"ties": ties})
    update = {"weightings": [whole, *rows], "leverage": [], "preferred": preferred, **changes}
    return WHOLE.model_copy(update=update)


def chosen(**changes: Any) -> Brief:
    return WHOLE.model_copy(update={"preferred": WHOLE.preferred.model_copy(update=changes)})


RADIO = row("origin:radio", "origin", "Radio Freedonia")
NONE = row("evidence:0", "evidence", "no evidence")
CASH = row("hypothesis:paid:cash=0.9", "hypothesis", "“cash” at a probability of 0.9")


def test_each_weighting_that_changes_the_choice_is_named_in_words() -> None:
    other = {"preferred": "coalition", "tied": ["coalition"]}
    lines = dependence_sentences(having([one.model_copy(update=other) for one in (NONE, RADIO, CASH)]))
    answer = WHOLE.hypotheses["paid"].states["cash"].title
    assert lines[0] == (
        f"The choice would be {OTHER} with no reports at all, without the reports of Radio Freedonia or if "
        f"“{answer}” had a probability of 90%."
    )
    assert not any("changes the choice or ties it" in line for line in lines)
    many = [RADIO.model_copy(update=other | {"id": f"origin:{n}"}) for n in range(6)]
    assert "or under three other weightings." in dependence_sentences(having(many))[0]


def test_a_weighting_that_ties_the_choice_is_named() -> None:
    tied = RADIO.model_copy(update={"tied": ["all_together", "coalition"]})
    lines = dependence_sentences(having([tied, NONE]))
    assert lines[0] == f"{OTHER} could not be told from {BEST} without the reports of Radio Freedonia."
    assert not any("No single origin" in line or "None of" in line for line in lines)
    evidence = NONE.model_copy(update={"tied": ["all_together", "coalition"]})
    assert "No single origin of reports changes the choice or ties it when it is left out." in (
        dependence_sentences(having([evidence, RADIO]))
    )


def test_many_ties_are_said_in_few_lines() -> None:
    names = [name for name in WHOLE.options if name != "all_together"]
    rows = [
        RADIO.model_copy(update={"id": f"origin:{name}", "tied": ["all_together", name]}) for name in names
    ]
    lines = dependence_sentences(having(rows))
    assert sum("could not be told from" in line for line in lines) == 3
    rest = [f"“{WHOLE.options[name].title}”" for name in names[3:]]
    assert (
        lines[3] == f"Under some other weighting the same is true of {', '.join(rest[:-1])} and {rest[-1]}."
    )
    several = WHOLE.preferred.model_copy(update={"leading": ["all_together", *names[:2]]})
    assert (
        f"“{WHOLE.options[names[2]].title}” could not be told from the leading options without"
        in (dependence_sentences(having(rows, preferred=several))[0])
    )


def test_that_nothing_changes_it_is_said_only_of_what_was_judged() -> None:
    lines = dependence_sentences(having([NONE, RADIO, CASH]))
    assert lines[0] == (
        "None of the 3 other weightings of reports and hypotheses changes the choice or ties it. Weights of the "
        "metrics are varied apart from this."
    )
    open_ = RADIO.model_copy(update={"reliable": False})
    lines = dependence_sentences(having([NONE, open_, CASH]))
    assert lines[0].startswith("None of the 2 other weightings that could be judged, of 3 tried, of reports")
    assert lines[1] == (
        "1 of 4 weightings could not be judged, because too few worlds fit what they suppose: without the reports "
        "of Radio Freedonia."
    )
    assert not any("None of" in line for line in dependence_sentences(having([open_])))
    alone = dependence_sentences(having([NONE], metric_weights=None))
    assert not any("Weights of the metrics" in line for line in alone)


def test_assumptions_that_alone_change_the_choice_are_named() -> None:
    plain = WHOLE.leverage[0] if WHOLE.leverage else None
    assert plain is not None

    def supposed(name: str, shift: float, **changes: Any) -> LeverageRecord:
        fields = {
            "kind": "prior",
            "id": name,
            "title": name,
            "margin_shift": shift,
            "preferred": "coalition",
            "reliable": True,
        }
        return plain.model_copy(update=fields | changes)

    rows = [supposed(f"Rate {n} low", 0.1 * n) for n in range(1, 6)]
    rows += [
        supposed("shaky", 2.0, reliable=False),
        supposed("same", 2.0, preferred="all_together"),
        supposed("report", 2.0, kind="claim"),
    ]
    lines = dependence_sentences(having([NONE], leverage=rows))
    assert [line for line in lines if "assumption" in line] == [
        "Five assumptions, each alone, would put another option first: "
        + "; ".join(f"Rate {n} low ({OTHER})" for n in (5, 4, 3, 2, 1))
        + "."
    ]
    alone = dependence_sentences(having([NONE], leverage=rows[:1]))
    assert f"One assumption alone would put {OTHER} first: Rate 1 low." in alone


def test_an_assumption_that_puts_the_second_of_two_level_options_first_is_said_too() -> None:
    """Both are level under all the evidence; a prior that parts them by more than counts changes the choice."""
    preferred = WHOLE.preferred.model_copy(
        update={
            "option": "",
            "options": ["all_together", "coalition"],
            "leading": ["all_together", "coalition"],
        }
    )
    (item, *_) = WHOLE.leverage
    moved = [
        item.model_copy(
            update={"kind": "prior", "id": name, "title": name, "margin_shift": shift, "preferred": option}
        )
        for name, shift, option in (("Rate low", -0.06, "signal"), ("Rate high", -0.02, "coalition"))
    ]
    lines = dependence_sentences(having([NONE], leverage=moved, preferred=preferred))
    assert (
        "Two assumptions, each alone, would put another option first: Rate low "
        f"(“{WHOLE.options['signal'].title}”); Rate high ({OTHER})."
    ) in lines


def test_what_drives_the_lead_is_given_by_title_and_never_by_name() -> None:
    line = dependence_sentences(WHOLE)[-1]
    assert line.startswith(f"The lead of {BEST} over ")
    assert line.endswith(
        "is larger where this is high: “Rate number 1 of the trade” (judgement), and smaller where this is high: "
        "“Rate number 3 of the trade”."
    )
    weak = [DriverRecord(name="trade.parameter_1", correlation=0.02)]
    assert dependence_sentences(chosen(drivers=weak))[-1].endswith(
        "depends on no single parameter noticeably more than on others."
    )
    assert not any("parameter_" in text for text in dependence_sentences(WHOLE))
    assert not any("The lead of" in text for text in dependence_sentences(chosen(drivers=[])))


def test_the_reason_is_what_an_option_falls_short_by() -> None:
    regret = WHOLE.options["all_together"].weighted.value_regret
    assert regret is not None
    reason = reason_sentence(WHOLE)
    assert reason.startswith(f"In 95% of worlds {BEST} falls short of the option that is best there by ")
    assert "; the next option, " in reason
    assert " of value is worth as much as " in reason
    both = reason_sentence(chosen(leading=["all_together", "coalition"], margin=0.004))
    assert "the next option by only 0.004 more; that is less than counts." in both
    assert reason_sentence(chosen(leading=[], options=[], option="")) == ""
    alone = WHOLE.model_copy(update={"options": {"all_together": WHOLE.options["all_together"]}})
    assert reason_sentence(alone) == f"{BEST} is the only option."
    assert dependence_sentences(alone) == []
    unranked = chosen(ranked=False, leading=["all_together", "coalition"])
    assert reason_sentence(unranked) == f"No other option dominates {BEST} and {OTHER}."
    assert dependence_sentences(unranked) == ["There is no single ranking without weights of the metrics."]


@pytest.mark.parametrize("brief", [WHOLE, having([NONE, RADIO, CASH])])
def test_they_are_worded_as_they_must_be(brief: Brief) -> None:
    every = [reason_sentence(brief), *dependence_sentences(brief)]
    assert all(line.endswith(".") for line in every)
    assert lint("\n\n".join(every)) == []

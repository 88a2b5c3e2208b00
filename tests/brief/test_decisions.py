"""Sentences on the choice, each against findings that would make it false."""

from __future__ import annotations

from typing import Any

import pytest
from tests.brief.choices import METRICS
from tests.brief.decided import (
    UNMOVED,
    component,
    draws,
    make_components,
    make_metric_weights,
    make_unchanged,
    move,
    turning,
)
from tests.brief.factory import make_brief

from quidproquo.brief import lint
from quidproquo.brief.decision_rows import component_rows, draw_rows, move_rows, turning_rows
from quidproquo.brief.sentences.decisions import (
    bundle_sentences,
    lead_sentences,
    metric_weight_sentences,
    tie_sentences,
    turning_sentences,
    unchanged_sentences,
)
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.decisions import BundleRecord, Mean, ThresholdFailureRecord

WHOLE = make_brief(claims=3, documents=1, estimates=1)


def having(**changes: Any) -> Brief:
    return WHOLE.model_copy(update=changes)


def moved(**moves: Any) -> Brief:
    found = make_unchanged()
    return having(unchanged=found.model_copy(update={"moves": found.moves | moves}))


def chosen(**changes: Any) -> Brief:
    return having(preferred=WHOLE.preferred.model_copy(update=changes))


def weighed(**changes: Any) -> Brief:
    return having(metric_weights=make_metric_weights(**changes))


def test_that_nothing_given_or_got_changes_is_said_only_where_it_is_so() -> None:
    within = {name: move(name, -0.004, error=0.003) for name in UNMOVED}
    assert unchanged_sentences(moved(**within))[0] == (
        "No option here changes what is given or got by more than its error."
    )
    first = unchanged_sentences(WHOLE)[0]
    assert first.startswith(
        "No option here changes what is given or got by as much as counts: at most, “Earnings"
    )
    assert "“Earnings of the sender” falls by $7.6\xa0million a year (" in first
    some = unchanged_sentences(moved(crates=move("crates", -0.05)))
    assert not any(line.startswith("No option here changes what is given or got") for line in some)
    assert some[0].startswith(
        "The options change little of what is given or got: at most, under “Act with a regional "
        "coalition” against “Do nothing new”, “Crates sent a year” falls by 190,000 crates a year from "
    )
    assert "“Earnings of the sender” falls by $7.6\xa0million a year from $" in some[0]
    assert some[0].count("Earnings of the sender") == 1
    assert (
        "Each of these changes is worth less than 0.01 of value, the least difference that counts." in some[0]
    )
    # what does not move beyond its error does not fall, not even a little
    still = unchanged_sentences(
        moved(crates=move("crates", -0.05), earnings=move("earnings", -0.004, error=0.003))
    )
    assert "Earnings" not in still[0]
    assert still[1] == "No option here changes “Earnings of the sender” by as much as counts."
    large = unchanged_sentences(moved(crates=move("crates", -0.5), earnings=move("earnings", 0.4)))
    assert large[0].startswith("The options change what is given or got: at most, under “Act with a ")
    assert not any("little" in line or "worth less" in line for line in large)
    one = unchanged_sentences(moved(crates=move("crates", -0.5)))
    assert "“Earnings" not in one[0]
    assert one[1].startswith(
        "The rest they change little: at most, against “Do nothing new”, “Earnings of the"
    )
    assert "It is worth less than 0.01 of value" in one[1]


def test_a_change_that_is_worth_less_than_counts_is_said_to_be() -> None:
    lines = unchanged_sentences(moved(trust=move("trust", 0.02), threat=move("threat", 0.5)))
    (said,) = [line for line in lines if "options do change" in line]
    assert "“Trust in the commitment”" in said.split("Of these, ")[1]
    assert "threatened" not in said.split("Of these, ")[1]
    assert said.endswith("worth less than 0.01 of value.")


def test_other_metrics_that_no_option_changes_are_named() -> None:
    lines = unchanged_sentences(moved(trust=move("trust", 0.002), threat=move("threat", 0.003)))
    assert (
        "No option here changes “Public that feels threatened” or “Trust in the commitment” by as much as "
        "counts." in lines
    )
    assert not any(line.startswith("No option here changes “") for line in unchanged_sentences(WHOLE))
    still = moved(**{name: move(name, 0.002) for name, *_ in METRICS})
    assert not any("do change" in line for line in unchanged_sentences(still))


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "In every world some option meets every threshold."),
        (0.87, "In 87% of worlds no option meets every threshold."),
        (1.0, "In every world no option meets every threshold."),
    ],
)
def test_how_often_no_option_is_acceptable(share: float, text: str) -> None:
    found = make_unchanged().model_copy(update={"none_acceptable": Mean(mean=share, mcse=0.001)})
    assert unchanged_sentences(having(unchanged=found))[-1].startswith(text)


def test_thresholds_are_blamed_only_where_no_option_meets_them() -> None:
    assert unchanged_sentences(WHOLE)[-1].endswith(
        "most often: “Cost of the option” in 45%, “Pressure kept up” in 40% and “Crates sent a year” in 35%."
    )
    met = ThresholdFailureRecord(share=Mean(mean=0.0, mcse=0.0), alone=0.3)
    found = make_unchanged().model_copy(update={"thresholds": {name: met for name, *_ in METRICS}})
    assert unchanged_sentences(having(unchanged=found))[-1].endswith("each option fails another.")


def test_a_lead_counts_everywhere_only_where_no_weighting_ties() -> None:
    rows = [row.model_copy(update={"tied": ["all_together"], "reliable": True}) for row in WHOLE.weightings]
    sure = having(weightings=rows)
    assert tie_sentences(sure)[-1] == "The lead counts under every stated weighting (30)."
    assert (
        "A lead counts from 0.01 of value (δ, the least difference that counts in this case) up."
        in (tie_sentences(sure)[0])
    )
    unjudged = having(weightings=[rows[0].model_copy(update={"reliable": False}), *rows[1:]])
    assert tie_sentences(unjudged)[-1].endswith("under every stated weighting that could be judged (29).")
    tied = rows[1].model_copy(update={"tied": ["all_together", "coalition"]})
    assert not any("every stated" in line for line in tie_sentences(having(weightings=[tied, *rows[2:]])))
    ties = {"coalition": [rows[1].id, rows[2].id]}
    found = tie_sentences(
        sure.model_copy(
            update={
                "preferred": WHOLE.preferred.model_copy(
                    update={"options": ["all_together", "coalition"], "ties": ties}
                )
            }
        )
    )
    assert found[1] == (
        "“Act with a regional coalition” can't be told from the best under weighting 1 left out and weighting 2, "
        "so it is counted as tied."
    )
    assert not any("every stated" in line for line in found)


def test_why_a_lead_counts_for_nothing_is_said() -> None:
    assert tie_sentences(chosen(limit=0.02))[0].endswith(
        "A lead counts from 0.02 of value (two Monte Carlo errors; the least difference that counts in this "
        "case, δ, is 0.01) up."
    )
    assert "two Monte Carlo errors" not in tie_sentences(WHOLE)[0]
    both = tie_sentences(chosen(leading=["all_together", "signal"]))
    assert both[0].startswith(
        "Under all the evidence, “All measures together” and “Signal an unchanged commitment” are tied."
    )


def test_a_lead_is_worth_so_much_in_natural_units() -> None:
    lines = lead_sentences(WHOLE)
    # a tenth of the weight: 0.01 of value is a tenth of a metric's range, 0.18 of the chance of war
    assert lines[0].startswith(
        "0.01 of value is worth as much as 1.8 points of “Chance that the war spreads”"
    )
    assert "0.025 ± 0.003: as much as 4.5 points" in lines[1]
    assert "“Cost of the option” adds 0.018" in lines[2]
    assert not any("The margin of" in line for line in lead_sentences(chosen(margin=0.0)))
    second = next(name for name in WHOLE.leads if name == "assembly")
    less = WHOLE.leads[second].model_copy(update={"value": Mean(mean=-0.02, mcse=0.001)})
    below = lead_sentences(having(leads=WHOLE.leads | {second: less}))[-1]
    assert "lies 0.020 ± 0.001 of value below" in below
    assert lead_sentences(having(worth={})) == []


def test_what_a_part_of_a_bundle_adds() -> None:
    lines = bundle_sentences(WHOLE, "all_together")
    assert lines[0] == (
        "“The part assembly” adds nothing that counts to “All measures together” (−0.0020 ± 0.0004 of value)."
    )
    assert lines[-1] == (
        "“The part signal” and “The part coalition” together are worth as much on the mean as “All measures "
        "together” (the difference, 0.0030 ± 0.0004 of value more, does not count), at a stated "
        "cost of $230\xa0million."
    )
    smaller = WHOLE.components["all_together"].smaller
    assert smaller is not None
    more = smaller.model_copy(update={"titles": ["The part signal"], "value": Mean(mean=0.05, mcse=0.001)})
    parts = WHOLE.components["all_together"].model_copy(update={"smaller": more})
    whole = WHOLE.options["all_together"].model_copy(update={"cost": {"money": 310.0}})
    dear = having(components={"all_together": parts}, options=WHOLE.options | {"all_together": whole})
    assert bundle_sentences(dear, "all_together")[-1] == (
        "“The part signal” alone is worth 0.050 ± 0.001 of value more than “All measures together”, at a "
        "stated cost of "
        "$230\xa0million instead of $310\xa0million."
    )
    harm = BundleRecord(components=[component("signal", 0.03), component("assembly", -0.02)], smaller=None)
    said = bundle_sentences(having(components={"all_together": harm}), "all_together")
    assert said[0] == (
        "“The part assembly” harms “All measures together”: without it the bundle is worth 0.0200 ± 0.0004 more."
    )
    assert said[-1] == "No smaller part of “All measures together” is as good as the whole."
    useful = BundleRecord(components=[component("signal", 0.03), component("coalition", 0.02)], smaller=None)
    assert bundle_sentences(having(components={"all_together": useful}), "all_together") == [
        "Each part of “All measures together” adds something that counts."
    ]


def test_weights_decide_only_where_most_of_them_choose_otherwise() -> None:
    assert not metric_weight_sentences(WHOLE)[0].startswith("The weights of the metrics decide")
    turned = metric_weight_sentences(weighed(simplex=draws(turned=0.6)))[0]
    assert turned.startswith("The weights of the metrics decide the choice. Over all weights")
    assert "under 40% of 96 sets drawn" in turned
    assert (
        "under all of 96 sets drawn; several options are tied under 10% of them."
        in metric_weight_sentences(WHOLE)[1]
    )
    stated = metric_weight_sentences(weighed(stated=True, within=draws(0.2, 0.0)))[1]
    assert "With each weight in the range that the case states" in stated
    assert stated.endswith("under 80% of 96 sets drawn.")


def test_a_metric_without_which_the_choice_is_another_is_named() -> None:
    lines = metric_weight_sentences(WHOLE)
    assert "Without “Trust in the commitment” the choice is “Act with a regional coalition”." in lines
    assert "Leaving out any one metric changes nothing." not in lines
    same = [
        one.model_copy(update={"preferred": "all_together", "tied": ["all_together"]})
        for one in make_metric_weights().others
    ]
    assert metric_weight_sentences(weighed(others=same))[-1] == "Leaving out any one metric changes nothing."
    tied = [same[0].model_copy(update={"tied": ["all_together", "signal"]}), *same[1:]]
    assert metric_weight_sentences(weighed(others=tied))[-1] == (
        "Without “Chance that the war spreads” further options are tied with it."
    )
    equal = [*same, same[0].model_copy(update={"metric": "", "id": "equal", "preferred": "signal"})]
    assert metric_weight_sentences(weighed(others=equal))[-1] == (
        "With equal weights the choice is “Signal an unchanged commitment”."
    )


def test_the_smallest_change_of_each_kind_is_the_one_named() -> None:
    lines = turning_sentences(WHOLE)
    assert lines[0] == (
        "The smallest change of one weight that makes it a tie: “Cost of the option” counts "
        "for 5.6% of all weight instead of 5%."
    )
    assert lines[1].endswith(
        "for 9.3% of all weight instead of 5%; then “Act with a regional coalition” leads."
    )
    assert "all costs are 1.1 times as high" in lines[2]
    nearer = turning(
        "weight", "threat", before=0.1, tie=0.098, tie_change=0.002, turn=None, change=None, option=""
    )
    both = turning_sentences(weighed(turning=[turning("weight", "cost"), nearer]))
    assert "“Public that feels threatened” counts for 9.8% of all weight instead of 10%" in both[0]
    assert both[-2:] == [
        "No change of the stated costs that was tried turns the choice.",
        "No change of one anchor that was tried turns the choice.",
    ]
    one = turning("cost", "all_together", before=310.0, tie=None, tie_change=None, turn=524.1)
    assert turning_sentences(weighed(turning=[one]))[1] == (
        "The smallest change of the stated costs that turns the choice: “All measures together” costs "
        "$524\xa0million instead of $310\xa0million; then “Act with a regional coalition” leads."
    )


def test_nothing_is_said_where_nothing_was_found() -> None:
    bare = having(unchanged=None, metric_weights=None, leads={}, worth={}, components={})
    assert unchanged_sentences(bare) == metric_weight_sentences(bare) == turning_sentences(bare) == []
    assert lead_sentences(bare) == move_rows(bare) == draw_rows(bare) == turning_rows(bare) == []


def test_sentences_are_worded_as_they_must_be() -> None:
    every = [
        *unchanged_sentences(WHOLE),
        *tie_sentences(WHOLE),
        *lead_sentences(WHOLE),
        *metric_weight_sentences(WHOLE),
        *turning_sentences(WHOLE),
        *bundle_sentences(WHOLE, "all_together"),
    ]
    assert all(line.endswith(".") for line in every)
    assert lint("\n\n".join(every)) == []


def test_rows_are_in_the_order_of_what_they_say() -> None:
    assert [row.changed for row in move_rows(WHOLE)] == [False] * 2 + [True] * 8
    assert draw_rows(WHOLE)[0].title == "Act with a regional coalition"
    # ten errors above nothing is something, though it may be too little to count
    values = {"nil": 0.0005, "little": 0.004, "taken": -0.004, "much": 0.05, "harm": -0.05}
    parts = BundleRecord(components=[component(name, value) for name, value in values.items()], smaller=None)
    tags = {
        row.title.removeprefix("The part "): row.tag and row.tag.text
        for row in component_rows(having(components={"all_together": parts}), "all_together")
    }
    assert tags == {
        "nil": "adds nothing",
        "little": "adds too little to count",
        "taken": "takes too little to count",
        "much": None,
        "harm": "harms",
    }
    assert [row.title for row in component_rows(WHOLE, "all_together")] == [
        "The part assembly",
        "The part coalition",
        "The part signal",
    ]
    assert [row.title.split(":")[0] for row in turning_rows(WHOLE)] == [
        "Weight",
        "Weight",
        "All stated costs",
        "Worst end",
    ]
    assert make_components()["all_together"].smaller is not None

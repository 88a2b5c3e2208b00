"""What the options that anybody advises do to the weightiest metric: planted levels, with and without foils."""

from __future__ import annotations

import pytest
from tests.brief.decided import make_unchanged, move
from tests.brief.factory import make_brief

from quidproquo.brief import lint
from quidproquo.brief.decision_rows import move_rows
from quidproquo.brief.judgements import key_judgements
from quidproquo.brief.sentences.advised import heaviest_sentences, is_foil
from quidproquo.brief.sentences.decisions import unchanged_sentences
from quidproquo.study.schema.brief import Brief

WHOLE = make_brief(claims=3, documents=1, estimates=1)
METRIC = "spill_over"  # from 0.2 at worst to 0.02, of which 0.01 of value is 0.0072 where it weighs a quarter


def planted(levels: dict[str, float], foil: str = "weaken", error: float = 0.0005) -> Brief:
    """A brief in which the metric weighs most, at 0.1 but for these options, one of which nobody advises."""
    options = {}
    for name, option in WHOLE.options.items():
        spread = option.weighted.metrics[METRIC].model_copy(update={"mean": levels.get(name, 0.1)})
        metrics = option.weighted.metrics | {METRIC: spread}
        weighted = option.weighted.model_copy(update={"metrics": metrics})
        by = [] if name == foil else option.recommended_by
        options[name] = option.model_copy(update={"weighted": weighted, "recommended_by": by})
    metrics = WHOLE.metrics | {METRIC: WHOLE.metrics[METRIC].model_copy(update={"weight": 0.25})}
    moved = move(METRIC, 0.1, error).model_copy(update={"option": foil})
    unchanged = make_unchanged()
    unchanged = unchanged.model_copy(update={"moves": unchanged.moves | {METRIC: moved}})
    return WHOLE.model_copy(
        update={
            "options": options,
            "metrics": metrics,
            "unchanged": unchanged,
            "worth": WHOLE.worth | {METRIC: 0.72},
        }
    )


@pytest.mark.parametrize(
    ("levels", "error", "text"),
    [
        ({"signal": 0.097}, 0.0005, "by as much as counts: at most by 0.3 points (“Signal an unchanged"),
        # the foil alone would lower it by far more than counts
        ({"signal": 0.097, "weaken": 0.03}, 0.0005, "by as much as counts: at most by 0.3 points"),
        ({}, 0.0005, "by more than the error."),
        ({"signal": 0.094}, 0.01, "by as much as counts can't be told: at most by 0.6 points"),
        ({"signal": 0.09}, 0.0005, ""),
    ],
    ids=["too little", "foil", "nothing", "unsure", "enough"],
)
def test_that_no_option_moves_the_weightiest_metric_by_as_much_as_counts_comes_first(
    levels: dict[str, float], error: float, text: str
) -> None:
    brief = planted(levels, error=error)
    said = heaviest_sentences(brief)
    assert bool(said) == bool(text)
    first = unchanged_sentences(brief)[0]
    assert (said == [first]) == bool(text)
    assert text in first
    judgement = str(next(one.statement for one in key_judgements(brief) if "threshold" in one.statement))
    assert ("the metric with the most weight" in judgement) == bool(text)
    assert "what is given or got" in judgement
    assert lint("\n\n".join(unchanged_sentences(brief))) == []


def test_what_only_a_foil_moves_is_set_apart() -> None:
    brief = planted({"signal": 0.097, "weaken": 0.12})
    assert is_foil(brief, "weaken")
    assert not is_foil(brief, "signal")
    assert not is_foil(brief, "do_nothing")
    lines = unchanged_sentences(brief)
    assert any("(“Weaken the commitment”, which nobody here advises)" in line for line in lines)
    assert (
        "Of the options that anybody advises, “Signal an unchanged commitment” moves “Chance that the war "
        "spreads” most: −0.3 points." in lines
    )


def test_where_several_metrics_weigh_alike_none_is_said_to_weigh_most() -> None:
    assert heaviest_sentences(WHOLE) == []


def test_a_move_is_tagged_by_what_it_is_worth_and_by_nothing_else() -> None:
    """A move beyond its error and its limit that is worth less than counts; one worth more; one within error."""
    unchanged = make_unchanged()
    moves = {"threat": move("threat", 0.05), "trust": move("trust", 0.5), "cost": move("cost", 0.001)}
    brief = WHOLE.model_copy(
        update={"unchanged": unchanged.model_copy(update={"moves": unchanged.moves | moves})}
    )
    tags = {row.basis.removeprefix("metric."): row.tag for row in move_rows(brief)}
    assert moves["threat"].changed
    assert tags["threat"] is not None
    assert tags["threat"].text == "worth too little to count"
    assert tags["trust"] is None
    assert tags["cost"] is not None
    assert tags["cost"].text == "no option changes it"

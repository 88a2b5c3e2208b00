"""Boxes and signposts in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quidproquo.brief.sentences.boxes import (
    BoxFigures,
    BoxPart,
    SignpostFigures,
    box_sentences,
    box_words,
    no_box_sentence,
    signpost_sentences,
)

SHELLS = BoxPart("Deliveries of shells", "rounds/year", low=3.04e6)
TRUST = BoxPart("Trust in the pledge", "fraction", high=0.6)
BOX = BoxFigures((SHELLS, TRUST), 0.82, 0.9, 0.011, 0.31, 0.89)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (SHELLS, "“Deliveries of shells” above 3 million rounds a year"),
        (TRUST, "“Trust in the pledge” below 60%"),
        (BoxPart("Cost", "USD/month", low=1e6, high=3e6), "“Cost” between $1 and $3 million a month"),
        (BoxPart("Cost", "USD", low=1e6, high=1.001e6), "“Cost” at $1 million"),
        (BoxPart("Launches", "launches", low=2.0, whole=True), "“Launches” at 2 or more"),
        (BoxPart("Launches", "launches", high=4.0, whole=True), "“Launches” at 4 or fewer"),
        # a sum of money in single precision holds whole dollars only; nobody counts them
        (
            BoxPart("Currency", "USD", high=1_690_002_944.0, whole=True),
            "“Currency” below $1.7 billion",
        ),
        (BoxPart("Shells", "rounds", low=3_636_742.0, whole=True), "“Shells” above 3.6 million rounds"),
        (
            BoxPart("What is it paid in?", answers=("money", "know-how")),
            "“money” or “know-how” as the answer to “What is it paid in?”",
        ),
    ],
)
def test_a_part_in_words(part: BoxPart, words: str):
    assert plain(box_words([part])) == words


def test_a_box_says_where_how_often_and_against_what():
    (line,) = box_sentences([BOX], "B does better than A")
    assert plain(line) == (
        "Among worlds with “Deliveries of shells” above 3 million rounds a year and “Trust in the pledge” below "
        "60%, B does better than A in 90%, against 31% in all worlds together. They hold 82% of all worlds in "
        "which that is so."
    )


def test_a_box_that_does_worse_on_other_worlds_says_so():
    (line,) = box_sentences([replace(BOX, holdout_density=0.7)], "B does better than A")
    assert line.endswith(
        "that is so. On worlds that the limits were not chosen on, it is 70%: expect that, not the first figure."
    )
    noisy = replace(BOX, holdout_density=0.8, density_mcse=0.06)
    assert "expect that" not in box_sentences([noisy], "B does better than A")[0]


def test_a_second_box_is_compared_with_what_the_first_left():
    lines = box_sentences([BOX, replace(BOX, base=0.11)], "B wins")
    assert lines[1].startswith("Among other worlds with ")
    assert "against 11% in all worlds outside the box before." in lines[1]


def test_that_there_is_no_box_is_said_with_the_test_behind_it():
    assert no_box_sentence(42, 0.01) == (
        "None of the 42 assumptions, hypotheses and quantities that were looked at tells these worlds from the "
        "others better than chance: limits found in one half of the independent runs are tested in the other, at "
        "a level of 1% for all of them together."
    )


def test_a_part_leads_to_what_it_rests_on_and_names_the_range_of_its_prior():
    part = BoxPart("growth <of> trade", low=0.2, basis="prior-trade.growth", prior="0.1 to 0.9")
    assert box_words([part]) == (
        '<a href="#prior-trade.growth">“growth &lt;of&gt; trade” above 0.2 (its prior: 90% within 0.1 to 0.9)</a>'
    )
    assert "its prior" not in box_words([part], priors=False)


def test_a_signpost_leads_to_the_claims_on_its_quantity():
    (line,) = signpost_sentences([replace(SIGN, basis="basis-estimate.shells")], "it fails")
    assert 'Watch <a href="#basis-estimate.shells">“Deliveries”: above 2' in line


SIGN = SignpostFigures("Deliveries", "rounds", "30 June 2025", 2.0e6, True, 0.81, 0.01, 0.12, 0.01, 183.0)


def test_a_signpost_says_what_when_how_surely_and_how_early():
    (line,) = signpost_sentences([SIGN], "“Sanctions” is not the best")
    assert plain(line) == (
        "Watch “Deliveries”: above 2 million rounds on 30 June 2025, it warns, 6 months before the horizon, that "
        "“Sanctions” is not the best. It warns in 81% of the worlds where that is so, and falsely in 12% of the "
        "others."
    )
    low = signpost_sentences([replace(SIGN, above=False, lead=28.0)], "it fails")[0]
    assert "at most 2" in low
    assert "one month before" in low


def test_nothing_is_said_to_lie_beyond_0():
    assert box_words([BoxPart("Troops", "persons", high=0.0)]) == "“Troops” at most 0 persons"
    assert box_words([BoxPart("Troops", "persons", low=0.0)]) == "“Troops” at least 0 persons"

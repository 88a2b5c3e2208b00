"""Sentences on where it goes wrong, what warns of it, and what it is worth to switch then."""

from __future__ import annotations

import re
from typing import Any

import pytest
from markupsafe import Markup
from tests.brief.factory import make_brief
from tests.brief.warned import make_adaptive, make_box, make_discovery, make_found, make_signposts, mean

from quidproquo.brief import lint, render_html
from quidproquo.brief.scenario_rows import box_rows, leaf_rows, watched_rows
from quidproquo.brief.sentences.scenarios import adaptive_sentences, discovery_sentences, warning_sentences
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.decisions import Mean

WHOLE = make_brief(claims=12, documents=4, estimates=3)
MORE = "of these worlds than of the others"
LOSES = (
    "another option is worth more than “All measures together” by over 0.01 of value (δ, the least difference "
    "that counts)"
)


def having(**changes: Any) -> Brief:
    return WHOLE.model_copy(update=changes)


def plain(lines: list[Markup]) -> str:
    return " ".join(line.striptags() for line in lines).replace("\u00a0", " ")


def test_a_box_is_told_with_its_event_and_what_it_leaves() -> None:
    text = plain(discovery_sentences(WHOLE, "loses"))
    assert text.startswith(
        f"In 30% of the worlds {LOSES}. A difference of 0.01 of value is worth as much as "
    )
    assert text.endswith(
        "Among worlds with “Strength of the trade” above 3,000 crates a month (its prior: 90% within 0.2 "
        "to 1.2 crates a month), “Money” as the answer to “What is mostly paid?” and “Crates sent” below 9,000 "
        "crates, that is so in 90%, against 30% in all worlds together. They hold 80% of all worlds in which "
        "that is so. Outside this box, nothing that was looked at tells the other 20% of the worlds in which that "
        "is so from the rest better than chance, tested in the same way at a level of 1%."
    )


def test_each_part_of_a_box_leads_to_its_own_prior_hypothesis_or_claims() -> None:
    lines = " ".join(discovery_sentences(WHOLE, "loses"))
    wanted = {"prior-trade.parameter_1", "basis-hypothesis.paid", "basis-estimate.crates_sent"}
    assert set(re.findall(r'href="#([^"]+)"', lines)) == wanted
    page = render_html(WHOLE)
    assert all(f'id="{name}"' in page for name in wanted)


@pytest.mark.parametrize(
    ("best", "lead", "words"),
    [
        ("coalition", mean(0.03, 0.002), "0.030 ± 0.002 above that of “All measures together”."),
        ("coalition", mean(0.008, 0.002), "too little to count as a lead."),
        (
            "all_together",
            mean(0.0, 0.0),
            "Even so, “All measures together” has the best mean value in these worlds.",
        ),
    ],
)
def test_what_does_best_in_a_box_is_said(best: str, lead: Mean, words: str) -> None:
    found = make_discovery(loses=make_found(boxes=[make_box(best=best, lead=lead)]))
    assert words in plain(discovery_sentences(having(discovery=found), "loses"))
    assert "best mean value" not in plain(discovery_sentences(WHOLE, "loses"))


def test_options_that_are_level_with_the_first_are_named() -> None:
    tied = WHOLE.preferred.model_copy(update={"leading": ["all_together", "coalition"]})
    text = plain(discovery_sentences(having(preferred=tied), "loses"))
    assert (
        "Over all worlds together, “All measures together” and “Act with a regional coalition” are tied."
        in text
    )
    alone = WHOLE.preferred.model_copy(update={"leading": ["all_together"]})
    assert "tied" not in plain(discovery_sentences(having(preferred=alone), "loses"))


def test_that_nothing_tells_the_rest_is_said_only_where_that_ended_the_search() -> None:
    full = make_discovery(loses=make_found(ending="enough boxes"))
    assert "Outside" not in plain(discovery_sentences(having(discovery=full), "loses"))
    all_of_it = make_discovery(loses=make_found(boxes=[make_box(coverage=mean(1.0))]))
    assert "Outside" not in plain(discovery_sentences(having(discovery=all_of_it), "loses"))


@pytest.mark.parametrize(
    ("event", "ending", "words"),
    [
        ("unmet", "holds in no world", "In every world some option meets every threshold."),
        ("unmet", "holds in every world", "In every world no option meets every threshold."),
        ("met", "holds in no world", "In every world no option meets every threshold."),
        ("met", "holds in every world", "In every world some option meets every threshold."),
    ],
)
def test_what_holds_in_every_world_or_none_is_said_in_a_sentence(event: str, ending: str, words: str) -> None:
    found = make_discovery(acceptance=make_found(event=event, boxes=[], leaves=[], ending=ending))
    assert discovery_sentences(having(discovery=found), "acceptance") == [words]


def test_without_a_box_or_a_split_it_says_so_and_by_what_test() -> None:
    found = make_discovery(acceptance=make_found(event="met", share=mean(0.16), boxes=[], leaves=[]))
    text = plain(discovery_sentences(having(discovery=found), "acceptance"))
    assert text.startswith(
        "In 16% of the worlds some option meets every threshold. None of the 60 assumptions, hypotheses and "
        "quantities that were looked at tells these worlds from the others better than chance: "
    )
    assert "Among worlds" not in text


def test_where_only_a_split_stands_nothing_is_said_to_be_chance() -> None:
    """A tree that tells worlds apart, beside a sentence that nothing does, would contradict it."""
    found = make_discovery(loses=make_found(boxes=[]))
    text = plain(discovery_sentences(having(discovery=found), "loses"))
    assert "better than chance" not in text
    assert (
        "it is so most often, in 85%, in worlds with “Strength of the trade” above 3,000 crates a month"
        in text
    )
    assert "least often, in 5%, in worlds with “Strength of the trade” below 3,000 crates a month" in text


def test_a_run_without_it_says_nothing() -> None:
    old = having(discovery=None, signposts=None)
    assert discovery_sentences(old, "loses") == []
    assert discovery_sentences(having(discovery=make_discovery(loses=None)), "loses") == []
    assert warning_sentences(old) == adaptive_sentences(old) == watched_rows(old) == []
    page = render_html(old)
    assert 'id="discovery"' not in page
    assert 'id="signposts"' not in page


def test_a_signpost_names_what_it_warns_of() -> None:
    assert plain(warning_sentences(WHOLE)) == (
        f"Watch “Crates sent”: above 9,000 crates on 30 September 2025, it warns, 27 months before the horizon, "
        f"that {LOSES}. It warns in 81% of the worlds where that is so, and falsely in 12% of the others."
    )


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("never loses", f"In no world {LOSES}, so there is nothing to warn of."),
        ("always loses", f"In every world {LOSES}, so no warning is needed."),
    ],
)
def test_what_always_or_never_loses_needs_no_signpost(why: str, words: str) -> None:
    brief = having(signposts=make_signposts(signposts=[], why_none=why, adaptive=None))
    assert warning_sentences(brief) == [words]
    assert adaptive_sentences(brief) == []


@pytest.mark.parametrize(
    ("separation", "nearest"),
    [
        (
            0.07,
            f" The nearest is “Crates sent”: on 30 September 2025 it would warn of 7 points more {MORE}.",
        ),
        (0.015, ""),
        (-0.02, ""),
    ],
)
def test_without_a_signpost_it_says_so_by_what_test_and_what_comes_nearest(
    separation: float, nearest: str
) -> None:
    crates = WHOLE.signposts.watched[0].model_copy(update={"separation": mean(separation)})
    watched = [crates, WHOLE.signposts.watched[1].model_copy(update={"separation": mean(-0.03)})]
    brief = having(
        signposts=make_signposts(signposts=[], watched=watched, why_none="nothing separates", adaptive=None)
    )
    assert plain(warning_sentences(brief)) == (
        f"In 30% of the worlds {LOSES}. None of the 2 quantities that have been reported on would warn of it well "
        "enough: a signpost warns of at least 10 points more of these worlds than of the others, and of more than "
        f"chance would at a level of 1% over all quantities and dates.{nearest}"
    )
    assert adaptive_sentences(brief) == []


def test_the_one_quantity_that_is_watched_is_not_called_several() -> None:
    one = make_signposts(
        signposts=[], watched=WHOLE.signposts.watched[1:], why_none="nothing separates", adaptive=None
    )
    assert "The one quantity that has been reported on would not warn of it" in plain(
        warning_sentences(having(signposts=one))
    )


def test_an_adaptive_option_that_adds_says_what_it_is_and_what_it_moves() -> None:
    text = plain(adaptive_sentences(WHOLE))
    assert text.startswith(
        "An adaptive option: “All measures together”, and “Act with a regional coalition” in its place from two "
        "months later on, should “Crates sent” be above 9,000 crates on 30 September 2025. It switches in 31% of "
        "the futures."
    )
    assert "Its mean value is 0.030 ± 0.002 above that of “All measures together”, the static option" in text
    assert "gives up at most 0.02 of value against the best static option of each" in text


@pytest.mark.parametrize(
    ("lead", "words"),
    [
        (mean(0.001, 0.002), "cannot be told from that of “All measures together”, the static option"),
        (
            mean(0.008, 0.001),
            "0.008 ± 0.001 above that of “All measures together”, the static option with the best",
        ),
        (mean(-0.03, 0.002), "0.030 ± 0.002 below that of"),
        (mean(0.0, 0.0), "Its mean value is exactly that of “All measures together”"),
    ],
)
def test_an_adaptive_option_that_adds_nothing_or_harms_is_not_praised(lead: Mean, words: str) -> None:
    worse = make_adaptive(leads={"all_together": lead}, adds=False)
    text = plain(adaptive_sentences(having(signposts=make_signposts(adaptive=worse))))
    assert words in text
    if "above that of" in text:
        assert ", under δ (0.01)." in text


def test_where_the_option_is_best_when_warned_too_there_is_nothing_to_switch_to() -> None:
    (line,) = adaptive_sentences(having(signposts=make_signposts(adaptive=None)))
    assert "still has the best mean: there is nothing to switch to." in line


def test_rows_say_what_each_part_of_a_box_does() -> None:
    assert WHOLE.discovery is not None
    assert WHOLE.discovery.loses is not None
    rows = box_rows(WHOLE, WHOLE.discovery.loses)
    assert [(row.basis, row.coverage, row.density, row.quasi_p) for row in rows] == [
        ("", "80%", "90%", ""),
        ("prior-trade.parameter_1", "90%", "50%", "under 0.001"),
        ("basis-hypothesis.paid", "90%", "50%", "under 0.001"),
        ("basis-estimate.crates_sent", "90%", "50%", "under 0.001"),
    ]
    leaves = leaf_rows(WHOLE, WHOLE.discovery.loses)
    assert [(leaf.mass, leaf.density) for leaf in leaves] == [("30%", "85%"), ("70%", "5%")]
    assert WHOLE.signposts is not None
    first = WHOLE.signposts.watched[0]
    planted = [
        first.model_copy(update={"separation": Mean(mean=value, mcse=0.0001)})
        for value in (0.4821, -0.0004, -0.0213)
    ]
    watched = having(signposts=WHOLE.signposts.model_copy(update={"watched": planted}))
    assert [row.separation for row in watched_rows(watched)] == ["0.48", "0", "−0.02"]
    assert [(row.id, row.tag is not None) for row in watched_rows(WHOLE)] == [
        ("crates_sent", True),
        ("sheds", False),
    ]


def test_the_page_has_both_sections_in_plain_words() -> None:
    page = render_html(WHOLE)
    assert 'id="discovery"' in page
    assert 'id="signposts"' in page
    said = [
        *discovery_sentences(WHOLE, "loses"),
        *discovery_sentences(WHOLE, "acceptance"),
        *warning_sentences(WHOLE),
        *adaptive_sentences(WHOLE),
    ]
    assert not lint(plain(said))

"""Sentences on where it goes wrong, what warns of it, and what it is worth to switch then."""

from __future__ import annotations

from typing import Any

import pytest
from tests.brief.factory import make_brief
from tests.brief.warned import make_adaptive, make_box, make_discovery, make_found, make_signposts, mean

from quidproquo.brief import lint, render_html
from quidproquo.brief.scenario_rows import box_rows, leaf_rows, watched_rows
from quidproquo.brief.sentences.scenarios import adaptive_sentences, discovery_sentences, warning_sentences
from quidproquo.study.schema.brief import Brief

WHOLE = make_brief(claims=12, documents=4, estimates=3)
LOSES = "“All measures together” is worth less than another option by more than δ (0.01)"


def having(**changes: Any) -> Brief:
    return WHOLE.model_copy(update=changes)


def plain(lines: list[str]) -> str:
    return " ".join(lines).replace("\u00a0", " ")


def test_a_box_is_told_with_its_event_and_what_it_leaves() -> None:
    assert plain(discovery_sentences(WHOLE, "loses")) == (
        f"In 30% of the worlds {LOSES}. Among worlds with “Strength of the trade” above 3,000 crates a month, "
        f"“Money” as the answer to “What is mostly paid?” and “Crates sent” below 9,000 crates, {LOSES} in 90%, "
        "against 30% in all worlds together. They hold 80% of all worlds in which that is so. Outside this box, "
        f"nothing that was looked at tells the other 20% of the worlds in which {LOSES} from the rest better than "
        "chance."
    )


def test_that_nothing_tells_the_rest_is_said_only_where_that_ended_the_search() -> None:
    full = make_discovery(loses=make_found(ending="enough boxes"))
    assert "Outside" not in plain(discovery_sentences(having(discovery=full), "loses"))
    all_of_it = make_discovery(loses=make_found(boxes=[make_box(coverage=mean(1.0))]))
    assert "Outside" not in plain(discovery_sentences(having(discovery=all_of_it), "loses"))


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (
            "nothing separates",
            "No assumption, hypothesis or observable that was looked at tells these worlds",
        ),
        ("holds in no world", "In every world some option meets every threshold."),
        ("holds in every world", "In every world no option meets every threshold."),
    ],
)
def test_without_a_box_it_says_so_and_why(ending: str, words: str) -> None:
    found = make_discovery(unmet=make_found(boxes=[], leaves=[], ending=ending))
    (line,) = discovery_sentences(having(discovery=found), "unmet")
    assert words in line
    assert "Among worlds" not in line


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
        (
            "nothing separates",
            (
                f"In 30% of the worlds {LOSES}. None of the 2 quantities that are reported on would tell these "
                "worlds from the others in time well enough to warn of them."
            ),
        ),
    ],
)
def test_without_a_signpost_it_says_so_and_nothing_is_switched(why: str, words: str) -> None:
    brief = having(signposts=make_signposts(signposts=[], why_none=why, adaptive=None))
    assert warning_sentences(brief) == [words]
    assert adaptive_sentences(brief) == []


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
    ("lead", "words"), [(0.001, "counts for nothing"), (-0.03, "0.030 ± 0.002 below that of")]
)
def test_an_adaptive_option_that_adds_nothing_or_harms_is_not_praised(lead: float, words: str) -> None:
    worse = make_adaptive(leads={"all_together": mean(lead, 0.002)}, adds=False)
    text = plain(adaptive_sentences(having(signposts=make_signposts(adaptive=worse))))
    assert words in text
    assert "above that of" not in text


def test_where_the_option_is_best_when_warned_too_there_is_nothing_to_switch_to() -> None:
    (line,) = adaptive_sentences(having(signposts=make_signposts(adaptive=None)))
    assert "still has the best mean: there is nothing to switch to." in line


def test_rows_say_what_each_part_of_a_box_does() -> None:
    assert WHOLE.discovery is not None
    assert WHOLE.discovery.loses is not None
    rows = box_rows(WHOLE, WHOLE.discovery.loses)
    assert [(row.basis, row.coverage, row.density, row.quasi_p) for row in rows] == [
        ("choice", "80%", "90%", ""),
        ("choice", "90%", "50%", "under 0.001"),
        ("hypothesis.paid", "90%", "50%", "under 0.001"),
        ("estimate.crates_sent", "90%", "50%", "under 0.001"),
    ]
    leaves = leaf_rows(WHOLE, WHOLE.discovery.loses)
    assert [(leaf.mass, leaf.density) for leaf in leaves] == [("30%", "85%"), ("70%", "5%")]
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
        *discovery_sentences(WHOLE, "unmet"),
        *warning_sentences(WHOLE),
        *adaptive_sentences(WHOLE),
    ]
    assert not lint(" ".join(said))

"""Several origins at once: what the brief says of the smallest set found, and of the search."""

from __future__ import annotations

import pytest
from lxml import html
from tests.brief.factory import make_brief

from quidproquo.brief import lint, render_html
from quidproquo.brief.judgements import key_judgements
from quidproquo.brief.smallest import searched_words, smallest_sentence, together
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.leverage import SmallestSetRecord


def sizes(*rows: tuple[int, int, int, int]) -> list[dict[str, int]]:
    return [dict(zip(("size", "possible", "judged", "unjudged"), row, strict=True)) for row in rows]


def record(**changes: object) -> SmallestSetRecord:
    fields: dict[str, object] = {
        "origins": [],
        "preferred": "all_together",
        "confirmed": False,
        "nearest": ["NIS <x>", "HUR"],
        "claims": [],
        "margin": 0.00412,
        "mcse": 0.0011,
        "searched": sizes((1, 34, 34, 0), (2, 561, 549, 12), (3, 5984, 32, 0), (4, 46376, 25, 6)),
        "unconfirmed": 0,
    }
    return SmallestSetRecord.model_validate(fields | changes)


def brief_with(found: SmallestSetRecord | None) -> Brief:
    return make_brief(claims=9, documents=3, estimates=5).model_copy(update={"smallest_set": found})


def words(text: str) -> str:
    return html.fromstring(f"<p>{text}</p>").text_content()


def changing(*origins: str, **changes: object) -> SmallestSetRecord:
    other = list(make_brief(claims=1, documents=1, estimates=1).options)[-1]
    fields = {
        "origins": list(origins),
        "nearest": list(origins),
        "preferred": other,
        "confirmed": True,
        "margin": -0.0031,
    }
    return record(**(fields | changes))


def test_where_no_set_is_found_the_nearest_is_named_with_its_error() -> None:
    text = words(smallest_sentence(brief_with(record())))
    assert text == (
        "We found no set of origins whose removal changes the preferred option. Removing NIS <x> and HUR comes "
        "nearest, of the sets that could be judged: the preferred option then leads by 0.0041 ± 0.001."
    )
    # a lead of eight errors is no tie within error: it counts for nothing because it is below δ
    below = words(smallest_sentence(brief_with(record(margin=-0.0062, mcse=0.001, nearest=["NIS"]))))
    assert below.endswith("another option then leads by 0.0062 ± 0.001, less than the 0.01 that counts.")
    level = words(smallest_sentence(brief_with(record(margin=-0.001, nearest=["NIS"]))))
    assert level.endswith(
        "Removing NIS comes nearest, of the sets that could be judged: another option then leads by "
        "0.001 ± 0.001, a tie within error."
    )


def test_a_lead_whose_errors_reach_beyond_what_counts_and_beyond_zero_is_neither_lead_nor_tie() -> None:
    """Two errors of 0.0065 ± 0.0048 reach from −0.0031 to 0.0161, where a lead counts from 0.01 up."""
    whole = sizes((1, 34, 34, 0))
    text = words(smallest_sentence(brief_with(record(margin=-0.0065, mcse=0.0048, searched=whole))))
    assert text.endswith(
        "comes nearest: it can't be told whether another option then leads, for its lead is 0.0065 ± 0.005, "
        "and a lead counts from 0.01 up."
    )
    # a lead beyond its error that may or may not count
    text = words(smallest_sentence(brief_with(record(margin=-0.0082, mcse=0.002, searched=whole))))
    assert text.endswith(
        "another option then leads by 0.0082 ± 0.002; whether that is more than the 0.01 that counts "
        "can't be told."
    )


def test_a_set_that_turns_the_choice_is_told_with_the_option_and_its_lead() -> None:
    brief = brief_with(changing("NIS", "HUR"))
    title = brief.options[brief.smallest_set.preferred].title  # type: ignore[union-attr]
    assert words(smallest_sentence(brief)) == (
        f"Without the reports of NIS and HUR the choice would be “{title}”, with a lead of 0.0031 ± 0.001; "
        "worlds conditioned again confirm it. No single origin does that alone."
    )


@pytest.mark.parametrize(
    ("found", "end"),
    [
        (changing("A"), "conditioned again confirm it."),
        (
            changing("A", "B", searched=sizes((1, 34, 33, 1))),
            "No single origin that could be judged does that alone.",
        ),
        (
            changing("A", "B", "C", searched=sizes((1, 34, 34, 0), (2, 561, 561, 0))),
            "No single origin and no pair does that.",
        ),
        (changing("A", "B", "C"), "No set that could be judged with fewer was found."),
        (changing("A", "B", "C", "D", searched=sizes((1, 4, 4, 0))), "No set with fewer was found."),
        (changing("A", confirmed=False), "with a lead of 0.0031 ± 0.001, judged by weights alone."),
    ],
    ids=["one", "two", "three", "unjudged", "four", "unconfirmed"],
)
def test_what_is_said_of_smaller_sets_is_what_was_searched(found: SmallestSetRecord, end: str) -> None:
    assert words(smallest_sentence(brief_with(found))).endswith(end)


def test_the_search_is_counted() -> None:
    assert words(searched_words(record())) == (
        "We tested all 34 origins, 549 of 561 pairs and 57 larger sets of up to 4, adding one origin at a "
        "time. 18 sets could not be judged, because too few worlds lie there; --rerun-all judges every "
        "pair."
    )
    one = record(searched=sizes((1, 1, 1, 0)), unconfirmed=1)
    assert searched_words(one) == (
        "We tested the one origin. One set would change the choice by weights alone; worlds conditioned again "
        "did not confirm it."
    )


def test_the_judgement_on_reports_says_what_several_do_together() -> None:
    assert words(together(brief_with(record()))) == " Nor does any set of origins we tested."
    title = list(make_brief(claims=1, documents=1, estimates=1).options.values())[-1].title
    assert (
        words(together(brief_with(changing("A", "B")))) == f" Without A and B together it would be “{title}”."
    )
    assert not together(brief_with(changing("A")))
    assert not together(brief_with(None))
    assert any("set of origins" in judgement.statement for judgement in key_judgements(brief_with(record())))


@pytest.mark.parametrize("found", [record(claims=["S000"]), changing("NIS", "HUR"), None])
def test_the_page_has_it_and_every_link_has_its_place(found: SmallestSetRecord | None) -> None:
    page = render_html(brief_with(found))
    assert lint(page) == []
    tree = html.fromstring(page)
    ids = set(tree.xpath("//@id"))
    assert ("smallest-set" in ids) == (found is not None)
    depends_on = tree.xpath("string(//section[@id='preferred']//div[@class='callout'])")
    assert (found is not None) == (
        "no set of origins" in depends_on or "Without the reports of" in depends_on
    )
    assert {href[1:] for href in tree.xpath("//a/@href") if href.startswith("#")} <= ids

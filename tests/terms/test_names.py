"""Names are the same whatever their apostrophes, case, spelling or word order; others are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quidproquo.terms.names import name_key, office_key, word_keys

ACTORS = {
    "freedonia": ["Freedonia", "Freedonian", "Fredville", "the Free State"],
    "sylvania": ["Sylvania", "Sylvanian"],
    "east_sylvania": ["East Sylvania", "East Sylvanian"],
}


@pytest.mark.parametrize(
    "name",
    [
        "Freedonia\u2019s spy agency",
        "Freedonia`s spy agency",
        "freedonia's SPY agency",
        "the Freedonia's spy agency",
        "  Freedonia's   spy\tagency ",
        "\uff26reedonia\u02bcs spy agency",
    ],
)
def test_print_alone_makes_no_difference(name: str) -> None:
    assert name_key(name) == name_key("Freedonia's spy agency")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("U.S. Defense Department", "US Defence Department"),
        ("Labor Organization", "Labour Organisation"),
        ("Yu Sang\u2013bum", "Yu Sang-bum"),
        ("\u201csome studies\u201d", '"some studies"'),
    ],
)
def test_spelling_makes_no_difference(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    "name", ["Freedonia's spy agencies", "Freedonia spy agency", "Sylvania's spy agency", "spy agency", ""]
)
def test_another_name_stays_another(name: str) -> None:
    assert name_key(name) != name_key("Freedonia's spy agency")


@pytest.mark.parametrize(
    "name",
    [
        "Freedonia's defence ministry",
        "the Freedonian Ministry of Defense",
        "Ministry of National Defence of Freedonia",
        "Defence Ministry, Fredville",
        "FREE STATE defence ministry",
        "Fredville\u2019s Defense Ministry",
    ],
)
def test_an_office_is_the_same_in_any_word_order(name: str) -> None:
    assert office_key(name, ACTORS) == {"@freedonia", "defence", "ministry"}


@pytest.mark.parametrize(
    "name",
    [
        "Freedonia",
        "the defence ministry",
        "Sylvanian defence ministry",
        "East Sylvanian defence ministry",
        "Freedonia's defence minister",
        "Freedonia's former defence ministry",
    ],
)
def test_another_office_or_none_stays_apart(name: str) -> None:
    assert office_key(name, ACTORS) != {"@freedonia", "defence", "ministry"}


def test_the_longest_name_of_an_actor_counts() -> None:
    assert office_key("East Sylvania's bank", ACTORS) == {"@east_sylvania", "bank"}
    assert office_key("bank", ACTORS) == office_key("Sylvania", ACTORS) == frozenset()


def test_words_lose_their_possessive_ending() -> None:
    assert word_keys("The workers' and Kim\u2019s U.S. office") == ("workers", "and", "kim", "us", "office")


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)

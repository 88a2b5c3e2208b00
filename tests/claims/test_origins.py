"""Who a claim comes from: one person is one origin, and a name counts however it is spelt."""

from __future__ import annotations

import pytest
from tests.claims.factory import make_case

from quidproquo.cases.record import Actor, Person, Source
from quidproquo.claims.origins import find_origin

SOURCES = (
    Source(
        "Ministry of Defence", "Freedonia", "ministry", "B", "counts", ("Freedonian defence ministry", "MoD")
    ),
    Source(
        "Government of Freedonia", "Freedonia", "cabinet", "C", "speaks", ("the cabinet", "Ann Low (adviser)")
    ),
    Source("Border Office", "Sylvania", "office", "C", "counts lorries"),
)
CASE = make_case(
    actors={"freedonia": Actor("freedonia", "Freedonia", "sender", ("Freedonian", "Fredville"))},
    sources={source.name: source for source in SOURCES},
    people={
        "Ann Low": Person(
            "Ann Low", ("Ministry of Defence", "Government of Freedonia"), "minister, then adviser", ("Low",)
        )
    },
)


@pytest.mark.parametrize(
    ("speaker", "origin"),
    [
        ("Ann Low (defence minister)", "MoD"),
        ("Ann Low (adviser)", "the cabinet"),
        ("Ann Low", "Government of Freedonia"),
        ("ANN LOW (Adviser)", ""),
        ("Low", "the cabinet"),
    ],
)
def test_one_person_is_one_origin_under_whatever_office(speaker: str, origin: str) -> None:
    assert find_origin(speaker, origin, CASE).name == "Ministry of Defence"


@pytest.mark.parametrize(
    ("speaker", "origin", "name"),
    [
        ("Ann Low (adviser)", "Border Office", "Border Office"),
        ("Bob Low (adviser)", "the cabinet", "Government of Freedonia"),
        ("Lowell", "the cabinet", "Government of Freedonia"),
        ("the cabinet", "", "Government of Freedonia"),
        ("Annlow", "", "Annlow"),
    ],
)
def test_who_relies_on_others_or_is_somebody_else_stays_apart(speaker: str, origin: str, name: str) -> None:
    assert find_origin(speaker, origin, CASE).name == name


@pytest.mark.parametrize(
    "name",
    [
        "Freedonia\u2019s defence ministry",
        "freedonia's DEFENSE ministry",
        "the Ministry of Defense of Freedonia",
        "Fredville's defence ministry",
        "Freedonian Ministry of National Defence",
    ],
)
def test_an_office_is_found_however_it_is_spelt(name: str) -> None:
    assert find_origin(name, "", CASE).name == "Ministry of Defence"


@pytest.mark.parametrize(
    "name",
    ["Sylvania's defence ministry", "defence ministry", "Freedonia's ministry", "Freedonia", "a ministry"],
)
def test_an_office_that_is_no_sources_stands_for_itself(name: str) -> None:
    found = find_origin(name, "", CASE)
    assert (found.name, found.reliability) == (name, "F")


def test_an_office_that_two_sources_share_stands_for_neither() -> None:
    twin = Source("Defence ministry of Freedonia", "Freedonia", "ministry", "C", "the other")
    case = make_case(actors=CASE.actors, sources={s.name: s for s in (*SOURCES, twin)})
    assert case.source_of("Fredville's defence ministry") is None
    assert case.source_of("Defence ministry of Freedonia") is twin

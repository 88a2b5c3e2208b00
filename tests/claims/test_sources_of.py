"""Through whom a claim comes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quidproquo.cases import load_case
from quidproquo.claims import load_claims, sources_of


@pytest.fixture(scope="module")
def case():
    return load_case("dprk-russia")


@pytest.fixture(scope="module")
def claim(case):
    return next(iter(load_claims(case.folder / "claims.csv", case)))


@pytest.mark.parametrize(
    ("reporting", "names"),
    [
        ("", []),
        ("KBS World", ["KBS World"]),
        ("Reuters via gCaptain", ["Reuters", "gCaptain"]),
        ("Yonhap copy (newschatspot.com)", ["Yonhap", "newschatspot.com"]),
        ("Reuters (oafnation copy)", ["Reuters", "oafnation"]),
        ("BBC copy (a.com) via B", ["BBC", "a.com", "B"]),
        ("VOA Korean (VOA News)", ["VOA Korean (VOA News)"]),
    ],
)
def test_a_reporting_source_may_name_two(case, claim, reporting, names):
    found = sources_of(replace(claim, speaker="Nobody known", reporting_source=reporting, origin="O"), case)
    assert found == ("Nobody known", *names, "O")


def test_names_are_those_of_the_cases_sources_and_stand_once(case, claim):
    told = replace(claim, speaker="John Kirby", reporting_source="White House", origin="US government")
    assert sources_of(told, case) == ("US government",)

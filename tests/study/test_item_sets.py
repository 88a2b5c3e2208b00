"""What can be taken away, by kind."""

from __future__ import annotations

from collections import Counter

import pytest

from quidproquo.cases.record import Case
from quidproquo.claims import evidence_table, sources_of
from quidproquo.claims.record import Claim
from quidproquo.claims.table import EvidenceTable
from quidproquo.sensitivity.what_ifs import leave_outs
from quidproquo.study.gather import gather
from quidproquo.study.progress import Silent
from quidproquo.terms.edtf import Interval


@pytest.fixture(scope="module")
def gathered() -> tuple[Case, tuple[Claim, ...], EvidenceTable]:
    found = gather("dprk-russia", (), None, shipped=True, progress=Silent())
    at = Interval(found.case.decision_date, found.case.decision_date)
    table = evidence_table(found.claims, found.case, as_of=at, reviewed_only=False, links=found.links)
    return found.case, found.claims, table


def test_each_kind_takes_away_what_is_its_own(gathered) -> None:
    case, claims, table = gathered
    sets = leave_outs(case, claims, table)
    kinds = Counter(one.kind for one in sets)
    assert list(kinds) == ["claim", "origin", "family", "source", "document"]
    assert kinds["claim"] == len(table)
    assert kinds["origin"] == len(set(table.origin))
    for kind, column in (("origin", table.origin), ("family", table.family)):
        taken = [item for one in sets if one.kind == kind for item in one.items]
        assert sorted(taken) == sorted(table.ids)  # each claim has one of them
        for one in sets:
            if one.kind == kind:
                assert {column[table.ids.index(item)] for item in one.items} == {one.id}
    assert len({(one.kind, one.id) for one in sets}) == len(sets)


def test_a_source_takes_away_every_claim_that_comes_through_it(gathered) -> None:
    case, claims, table = gathered
    sets = leave_outs(case, claims, table)
    by_name = {one.id: set(one.items) for one in sets if one.kind == "source"}
    through = {claim.id: sources_of(claim, case) for claim in claims if claim.id in table.ids}
    assert by_name["Reuters"] == {item for item, names in through.items() if "Reuters" in names}
    assert len(by_name["Reuters"]) > 3
    assert len(set(map(frozenset, by_name.values()))) == len(by_name)  # what is the same stands once
    assert any(" and " in name for name in by_name)
    origins = {one.id: set(one.items) for one in sets if one.kind == "origin"}
    assert not any(by_name[name] == items for name, items in origins.items() if name in by_name)
    named = " ".join([*by_name, *origins])
    assert all(name in named for names in through.values() for name in names)  # none is lost


def test_kinds_can_be_chosen(gathered) -> None:
    case, claims, table = gathered
    assert {one.kind for one in leave_outs(case, claims, table, kinds=("origin",))} == {"origin"}

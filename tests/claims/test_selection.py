from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.claims.factory import make_case, make_claim, make_proposition

from quidproquo.cases.record import Case, Prior
from quidproquo.claims import UNUSED_REASONS, Claim, EvidenceTable, Link, evidence_table, unused_counts
from quidproquo.terms.edtf import parse
from quidproquo.terms.errors import CaseError, PriorError

CASE = make_case()


def table_of(
    *claims: Claim, as_of: str = "2025-02-28", reviewed_only: bool = False, links: tuple[Link, ...] = ()
) -> EvidenceTable:
    return evidence_table(claims, CASE, as_of=parse(as_of), reviewed_only=reviewed_only, links=links)


def why_not(claim: Claim, as_of: str = "2025-02-28", *, reviewed_only: bool = False) -> str:
    table = table_of(claim, as_of=as_of, reviewed_only=reviewed_only)
    assert len(table) + len(table.unused) == 1
    return table.unused[0].reason if table.unused else ""


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"state": "rejected"}, "rejected"),
        ({"derived": True}, "derived"),
        ({"role": "forecast"}, "forecast"),
        ({"role": "recommendation"}, "recommendation"),
        ({"role": "context"}, "context"),
        ({"role": "assessment"}, "assessment without a world event"),
        ({"quantity": "growth", "unit": "fraction", "value": 0.1}, "no operator"),
        ({"qualifier": "planned"}, "no operator"),
        ({"qualifier": "capacity"}, "a capacity without a count of its loads"),
        ({"published": None}, "no publication date"),
        ({"published": "2025-03-01"}, "published after the as-of date"),
        ({"published": "2025"}, "published after the as-of date"),
        ({"event": None}, "no event date"),
        ({"event": "2025-03-01"}, "event later than the as-of date"),
        ({"hedge": "could"}, "possibility word"),
        ({"hedge": "could", "qualifier": "capacity"}, "a capacity without a count of its loads"),
        ({"hedge": "probably"}, ""),
        ({"state": "proposed"}, ""),
    ],
)
def test_why_a_numeric_claim_doesnt_condition(change: dict[str, object], reason: str) -> None:
    assert why_not(make_claim(**change)) == reason


def lorries(name: str, count: float, event: str, **change: object) -> Claim:
    given = {"id": name, "quantity": "lorries_sent", "unit": "lorries", "value": count, "event": event}
    return make_claim(**given | {"origin": name} | change)


@pytest.mark.parametrize(
    ("counts", "links", "loads"),
    [
        ([("L1", 30.0, "2024-10-20")], (), 30.0),
        ([("L1", 30.0, "2024-10-20"), ("L2", 40.0, "2024-10-23")], (), 40.0),
        ([("L1", 30.0, "2024-10-20"), ("L2", 40.0, "2024-10-23")], ("L1",), 30.0),
        ([("L1", 30.0, "2024-01-20")], ("L1",), 30.0),
        ([("L1", 30.0, "2024-01-20")], (), None),
    ],
)
def test_a_capacity_takes_the_count_of_loads_it_is_linked_to_or_the_nearest(counts, links, loads):
    """It is a figure worked out from a count; where none is reported near it, it says nothing."""
    room = make_claim(id="R1", qualifier="capacity", hedge="could")
    known = tuple(Link("R1", "derived_from", name) for name in links)
    table = table_of(room, *(lorries(*count) for count in counts), links=known)
    if loads is None:
        assert [(u.claim, u.reason) for u in table.unused] == [
            ("R1", "a capacity without a count of its loads")
        ]
    else:
        assert dict(zip(table.ids, table.loads.tolist(), strict=True)) == {"R1": loads} | dict.fromkeys(
            (count[0] for count in counts), 1.0
        )


def test_of_counts_on_one_day_a_capacity_takes_that_of_its_own_origin():
    room = make_claim(id="R1", qualifier="capacity", origin="Border Office")
    other, own = lorries("A1", 30.0, "2024-10-24"), lorries("B1", 40.0, "2024-10-24", origin="Border Office")
    table = table_of(room, other, own)
    assert table.loads[table.ids.index("R1")] == 40.0


def test_a_count_given_as_an_interval_counts_by_its_middle():
    room = make_claim(id="R1", qualifier="capacity")
    count = lorries("L1", 0.0, "2024-10-24", comparison="between", value=None, low=20.0, high=40.0)
    table = table_of(room, count)
    assert table.loads[table.ids.index("R1")] == 30.0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"role": "assessment"}, ""),
        ({"comparison": "proposition_false"}, ""),
        ({"proposition": "trade_helps"}, "no operator"),
        ({"proposition": "trade_helps", "role": "assessment"}, "assessment without a world event"),
        ({"hedge": "may"}, "possibility word"),
        ({"credibility": 6}, "credibility cannot be judged"),
        ({"state": "proposed"}, "credibility cannot be judged"),
    ],
)
def test_why_a_proposition_doesnt_condition(change: dict[str, object], reason: str) -> None:
    assert why_not(make_proposition(**change)) == reason


def test_reviewed_only_leaves_proposed_claims_out() -> None:
    assert why_not(make_claim(state="proposed"), reviewed_only=True) == "not reviewed"
    assert why_not(make_claim(), reviewed_only=True) == ""


def test_the_as_of_date_takes_whole_publication_intervals() -> None:
    assert why_not(make_claim(published="2024-10"), as_of="2024-10-30") == "published after the as-of date"
    assert why_not(make_claim(published="2024-10"), as_of="2024-10-31") == ""
    assert why_not(make_claim(published="2024-10"), as_of="2024-10") == ""


def test_the_columns_of_a_number() -> None:
    table = table_of(
        make_claim(
            since="2024-01", event="2024-10", published="2024-11-05", comparison="less_than", near=True
        )
    )
    assert table.ids == ("C1",)
    assert (table.quantity, table.observable, table.scale) == (("crates_sent",), ("crates.sent",), ("log",))
    assert (table.value[0], table.near[0], table.reliability[0], table.credibility[0]) == (1000.0, True, 1, 2)
    assert (table.range_low[0], table.range_high[0]) == (1.0, 1e6)
    assert table.since_start[0] == date(2024, 1, 1).toordinal()
    assert table.since_end[0] == date(2024, 1, 31).toordinal()
    assert table.event_start[0] == date(2024, 10, 1).toordinal()
    assert table.event_end[0] == date(2024, 10, 31).toordinal()
    for column in (table.low, table.high, table.likelihood_low, table.likelihood_high):
        assert np.isnan(column[0])


def test_a_range_has_no_value_and_a_start_may_be_missing() -> None:
    table = table_of(make_claim(comparison="between", value=None, low=5.0, high=9.0))
    assert np.isnan(table.value[0])
    assert np.isnan(table.since_start[0])
    assert np.isnan(table.since_end[0])
    assert (table.low[0], table.high[0]) == (5.0, 9.0)


def test_a_period_under_way_ends_on_the_day_of_the_report() -> None:
    table = table_of(make_claim(event="2024", published="2024-10-25"))
    assert table.event_end[0] == date(2024, 10, 25).toordinal()
    table = table_of(make_claim(since="2024-11", event="2024", published="2024-10-25"))
    assert table.event_end[0] == date(2024, 12, 31).toordinal()


@pytest.mark.parametrize(
    ("change", "low", "high"),
    [
        ({}, 0.95, 0.99),
        ({"role": "assessment"}, 0.80, 0.95),
        ({"likelihood": (0.55, 0.80)}, 0.55, 0.80),
        ({"likelihood": (0.20, 0.45)}, 0.20, 0.45),
        ({"likelihood": (0.20, 0.45), "comparison": "proposition_false"}, 0.55, 0.80),
        ({"likelihood": (0.80, 0.95), "comparison": "proposition_false"}, 0.80, 0.95),
    ],
)
def test_the_chance_that_the_speaker_gives(change: dict[str, object], low: float, high: float) -> None:
    table = table_of(make_proposition(**change))
    assert (table.likelihood_low[0], table.likelihood_high[0]) == pytest.approx((low, high))
    assert (table.quantity, table.observable, table.range_high[0]) == (
        ("treaty_signed",),
        ("treaty.signed",),
        1.0,
    )
    assert np.isnan(table.value[0])


def test_unreviewed_claims_weigh_as_credibility_6() -> None:
    assert table_of(make_claim(state="proposed", credibility=1)).credibility[0] == 6


def test_a_share_has_the_whole_range_unless_declared() -> None:
    table = table_of(make_claim(quantity="faulty_share", unit="fraction", value=0.4))
    assert (table.range_low[0], table.range_high[0]) == (0.0, 1.0)


def test_a_quantity_without_a_range_cant_condition() -> None:
    bare = {**CASE.quantities, "crates_sent": replace(CASE.quantities["crates_sent"], high=None)}
    with pytest.raises(CaseError, match=r"quantity 'crates_sent': high is 'missing'.*declare low and high"):
        evidence_table([make_claim()], make_case(quantities=bare), as_of=CASE.as_of, reviewed_only=False)


def test_groups_are_one_origin_on_one_quantity_and_date() -> None:
    claims = [
        make_claim("C1"), make_claim("C2", value=5000.0), make_claim("C3", value=7.0, event="2024-10-23"),
        make_claim("C4", value=9.0, origin="Border Office"), make_claim("C5", value=11.0),
        make_claim("C6", quantity="workers_abroad", unit="persons"),
    ]  # fmt: skip
    assert table_of(*claims).group.tolist() == [0, 0, 1, 2, 0, 3]


RELAY = "relays another report of the same origin"


def test_one_report_counts_once_with_its_most_precise_date() -> None:
    claims = [make_claim("C1", event="2024-10"), make_claim("C2"), make_claim("C3", event="2024")]
    table = table_of(*claims)
    assert table.ids == ("C2",)
    assert unused_counts(table) == {RELAY: 2}


def test_a_reviewed_report_is_kept_before_an_unreviewed_one() -> None:
    assert table_of(make_claim("C1", event="2024-10"), make_claim("C2", state="proposed")).ids == ("C1",)


@pytest.mark.parametrize(
    "change",
    [{"value": 2000.0}, {"comparison": "about"}, {"origin": "Border Office"}, {"event": "2024-10-25"},
     {"since": "2024"}, {"qualifier": "capacity"}, {"near": True}],
)  # fmt: skip
def test_what_differs_is_no_repeat(change: dict[str, object]) -> None:
    lorry = lorries("L1", 30.0, "2024-10-24")
    assert len(table_of(make_claim("C1"), make_claim("C2", **change), lorry)) == 3


def test_a_linked_relay_gives_way_to_the_report_that_conditions() -> None:
    first, second = make_claim("C1", value=5.0, published="2024-12"), make_claim("C2", value=7.0)
    assert table_of(first, second, links=(Link("C2", "relays", "C1"),)).ids == ("C1",)
    assert table_of(first, second, links=(Link("C2", "relays", "C1"),), as_of="2024-11").ids == ("C2",)
    assert table_of(first, second, links=(Link("C2", "relays", "C9"), Link("C9", "relays", "C1"))).ids == (
        "C1",
    )
    assert table_of(first, second, links=(Link("C2", "corroborates", "C1"),)).ids == ("C1", "C2")
    ring = (Link("C2", "relays", "C1"), Link("C1", "relays", "C2"))
    assert table_of(first, second, links=ring).ids == ("C2",)


def test_a_sum_of_claims_that_condition_adds_nothing() -> None:
    claims = [make_claim("C1", value=5.0), make_claim("C2", value=7.0), make_claim("C3", value=12.0)]
    links = (Link("C3", "derived_from", "C1"), Link("C3", "derived_from", "C2"))
    table = table_of(*claims, links=links)
    assert table.ids == ("C1", "C2")
    assert unused_counts(table) == {"worked out from claims that condition": 1}
    assert table_of(*claims, links=links[:1]).ids == ("C1", "C2")
    assert table_of(*claims[1:], links=links).ids == ("C2", "C3")


LAUNCHES = {"quantity": "launches", "unit": "launches", "value": 1.0}


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        ({}, 1),
        ({"value": 7.0}, 1),
        ({"event": "2024-05-28", "published": "2024-05-28"}, 1),
        ({"quantity": "workers_abroad", "unit": "persons"}, 2),
        ({"quantity": "lorries_sent", "unit": "lorries"}, 2),
        ({"quantity": "lorries_sent", "unit": "lorries", "value": 0.0}, 2),
        ({"quantity": "treaty", "proposition": "treaty_signed", "comparison": "proposition_true",
          "value": None, "unit": ""}, 2),
    ],
)  # fmt: skip
def test_a_relay_drops_no_claim_on_another_quantity_though_they_share_a_number(
    other: dict[str, object], kept: int
) -> None:
    first, second = make_claim("C1", **LAUNCHES), make_claim("C2", **(LAUNCHES | other))
    assert len(table_of(first, second, links=(Link("C2", "relays", "C1"),))) == kept


LASTING = replace(CASE.propositions["treaty_signed"], lasting=True)
LASTS = make_case(propositions={**CASE.propositions, "treaty_signed": LASTING})


def kept_of(*claims: Claim, case: Case = LASTS) -> tuple[str, ...]:
    return evidence_table(claims, case, as_of=parse("2025-02-28"), reviewed_only=False).ids


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"event": "2024-11-22"}, ("P1",)),
        ({"event": "2024-11-22", "hedge": "appears"}, ("P1",)),
        ({"event": "2024-06"}, ("P2",)),
        ({"event": "2024-11-22", "credibility": 1}, ("P1",)),
        ({"event": "2024-11-22", "origin": "Border Office"}, ("P1", "P2")),
        ({"event": "2024-06", "comparison": "proposition_false"}, ("P1", "P2")),
        ({"event": "2024-06", "state": "proposed"}, ("P1",)),
    ],
)
def test_what_lasts_and_is_said_again_by_one_origin_counts_once(
    change: dict[str, object], kept: tuple[str, ...]
) -> None:
    claims = make_proposition("P1"), make_proposition("P2", **change)
    assert kept_of(*claims) == kept
    assert kept_of(*claims[::-1]) == kept


def test_a_denial_of_what_lasts_counts_by_its_last_date() -> None:
    denials = [
        make_proposition(f"P{i}", comparison="proposition_false", event=day)
        for i, day in enumerate(("2024-06-01", "2024-09-01", "2024-10-01"))
    ]
    assert kept_of(*denials) == ("P2",)


def test_what_does_not_last_may_be_said_of_each_date() -> None:
    claims = make_proposition("P1"), make_proposition("P2", event="2024-11-22", published="2024-11-22")
    assert kept_of(*claims, case=CASE) == ("P1", "P2")


def test_a_superseded_claim_still_conditions_on_its_own_date() -> None:
    claims = (make_claim("C1", event="2024-05-01", value=5.0), make_claim("C2"))
    assert table_of(*claims, links=(Link("C2", "supersedes", "C1"),)).ids == ("C1", "C2")


def prior_from(*names: str) -> Prior:
    return Prior("crates.rate", "lognormal", 1.0, 9.0, "crates/month", "judgement", set_from=names)


def test_a_claim_cant_set_a_prior_and_condition() -> None:
    case = make_case(priors=(prior_from("C9", "C1"),))
    message = r"prior 'crates.rate': set_from is 'C1'.*remove 'C1' from set_from or reject the claim"
    with pytest.raises(PriorError, match=message):
        evidence_table([make_claim()], case, as_of=CASE.as_of, reviewed_only=False)
    kept = [make_claim(state="rejected"), make_claim("C9", role="forecast")]
    assert len(evidence_table(kept, case, as_of=CASE.as_of, reviewed_only=False)) == 0


def test_a_claim_that_conditions_through_its_relay_cant_set_a_prior() -> None:
    case = make_case(priors=(prior_from("C2"),))
    with pytest.raises(PriorError, match="set_from is 'C2'"):
        evidence_table([make_claim("C1"), make_claim("C2")], case, as_of=CASE.as_of, reviewed_only=False)


def test_no_claims_give_an_empty_table() -> None:
    table = table_of()
    assert len(table) == 0
    assert unused_counts(table) == {}


ANY = st.fixed_dictionaries({
    "value": st.sampled_from([5.0, 1000.0]),
    "state": st.sampled_from(["proposed", "accepted", "rejected"]),
    "role": st.sampled_from(["observation", "assessment", "forecast"]),
    "event": st.sampled_from(["2024-10", "2024-10-24", None]),
    "origin": st.sampled_from(["X", "Y"]),
    "hedge": st.sampled_from(["", "could"]),
    "published": st.sampled_from(["2024-11", "2025-03"]),
})  # fmt: skip
LINKS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=4)


@given(rows=st.lists(ANY, max_size=6), links=LINKS, data=st.data(), reviewed_only=st.booleans())
def test_every_claim_is_used_or_counted_whatever_the_order(
    rows: list[dict[str, str]], links: list[tuple[int, int]], data: st.DataObject, *, reviewed_only: bool
) -> None:
    claims = [make_claim(f"C{i}", **row) for i, row in enumerate(rows)]
    joined = tuple(Link(f"C{a}", "relays", f"C{b}") for a, b in links if a != b)
    table = table_of(*claims, reviewed_only=reviewed_only, links=joined)
    shuffled = data.draw(st.permutations(range(len(claims))))
    again = table_of(
        *(claims[i] for i in shuffled), reviewed_only=reviewed_only, links=tuple(reversed(joined))
    )
    assert sorted([*table.ids, *(unused.claim for unused in table.unused)]) == [claim.id for claim in claims]
    assert {unused.reason for unused in table.unused} <= set(UNUSED_REASONS)
    for field in fields(EvidenceTable):
        np.testing.assert_array_equal(getattr(table, field.name), getattr(again, field.name))
    eligible = [unused for unused in table.unused if unused.reason == RELAY]
    assert not eligible or len(table) > 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"published": "2030-01-01"}, ""),
        ({"published": None}, ""),
        ({"event": None}, "no event date"),
        ({"event": "2025-02-28"}, ""),
        ({"event": "2025"}, "event later than the as-of date"),
        ({"event": "2025-03-01"}, "event later than the as-of date"),
    ],
)
def test_a_case_that_looks_back_asks_what_a_claim_speaks_of(change: dict[str, object], reason: str) -> None:
    case = replace(CASE, clock="event")
    table = evidence_table([make_claim(**change)], case, as_of=parse("2025-02-28"), reviewed_only=False)
    assert [unused.reason for unused in table.unused] == ([reason] if reason else [])
    if not reason and "event" not in change:
        assert table.event_start[0] == table.event_end[0] == date(2024, 10, 24).toordinal()


def test_a_number_of_one_period_is_the_change_over_that_period() -> None:
    crates = replace(CASE.quantities["crates_sent"], per_event=True)
    case = replace(CASE, quantities={**CASE.quantities, "crates_sent": crates})
    claims = [make_claim("C1", event="2024-02"), make_claim("C2", event="2024-02", since="2024-01-10")]
    table = evidence_table(claims, case, as_of=parse("2025-02-28"), reviewed_only=False)
    last = date(2024, 2, 29).toordinal()
    assert list(table.event_start) == list(table.event_end) == [last, last]
    assert list(table.since_start) == [date(2024, 1, 31).toordinal(), date(2024, 1, 10).toordinal()]


def test_a_mean_over_years_is_taken_from_since_to_the_event() -> None:
    workers = replace(CASE.quantities["workers_abroad"], observes={"yearly_average": "workers.present"})
    case = replace(CASE, quantities={**CASE.quantities, "workers_abroad": workers})
    claim = make_claim(
        quantity="workers_abroad",
        unit="persons",
        qualifier="yearly_average",
        since="2022",
        event="2024",
        published="2025-01-10",
    )
    table = evidence_table([claim], case, as_of=parse("2025-02-28"), reviewed_only=False)
    assert np.isnan(table.since_start[0])
    assert table.event_start[0] == date(2022, 1, 1).toordinal()
    assert table.event_end[0] == date(2024, 12, 31).toordinal()
    again = evidence_table([replace(claim, since=None)], case, as_of=parse("2025-02-28"), reviewed_only=False)
    assert again.event_start[0] == date(2024, 1, 1).toordinal()


@pytest.mark.parametrize(
    ("withdrawal", "reason"),
    [
        ({}, "withdrawn by its source"),
        ({"state": "rejected"}, ""),
        ({"published": "2025-06-01", "event": "2025-06-01"}, ""),
    ],
)
def test_what_its_source_takes_back_does_not_condition(withdrawal: dict[str, object], reason: str) -> None:
    claims = make_claim("C1"), make_claim("C2", value=5.0, **({"published": "2024-11-20"} | withdrawal))
    unused = {u.claim: u.reason for u in table_of(*claims, links=(Link("C2", "retracts", "C1"),)).unused}
    assert unused.get("C1", "") == reason

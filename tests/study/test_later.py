"""What conditions, what is predicted, and why other later reports can't be scored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from tests.claims.factory import make_case, make_claim, make_proposition, when

from quidproquo.cases.record import Prior
from quidproquo.claims.record import Claim, Link
from quidproquo.study.backtest_targets import Split, split
from quidproquo.terms.errors import PriorError

AS_OF = date(2024, 10, 25)


def parted(
    claims: Sequence[Claim],
    links: Sequence[Link] = (),
    outcomes: Sequence[Claim] | None = None,
    clock: str = "published",
    **case: object,
) -> Split:
    return split(make_case(clock=clock, **case), claims, links, outcomes, as_of=AS_OF)  # type: ignore[arg-type]


def later(name: str = "L1", **changes: object) -> Claim:
    fields: dict[str, object] = {"event": "2024-11-30", "published": "2024-12-01", "value": 2000.0}
    return make_claim(name, **(fields | changes))


@pytest.mark.parametrize(
    ("published", "conditions"),
    [("2024-10-25", True), ("2024-10-26", False), ("2024-10", False), ("2024-09/2024-10-25", True)],
)
def test_a_claim_is_known_once_its_whole_date_has_passed(published: str, conditions: bool) -> None:
    found = parted([make_claim("C1", published=published, event="2024-09-01")])
    assert (found.evidence.ids, found.later.ids) == ((("C1",), ()) if conditions else ((), ("C1",)))
    assert found.unscorable == {}


def test_by_the_clock_of_events_only_what_happened_matters() -> None:
    claims = [
        make_claim("C1", event="2024-10-24", published="2030-01-01"),
        make_claim("C2", event="2024-10-24", published=None, value=5.0, origin="Border Office"),
        make_claim("C3", event="2024-10", published="2024-10-01", value=7.0),
        make_claim("C4", event=None, published="2024-10-01", value=9.0),
    ]
    found = parted(claims, clock="event")
    assert found.evidence.ids == ("C1", "C2")
    assert found.later.ids == ("C3",)
    assert found.undated == 1
    assert found.unscorable == {"C4": "no event date"}


def test_undated_claims_are_left_out_and_counted() -> None:
    found = parted([make_claim("C1", published=None), make_claim("C2", event=None, value=3.0), later()])
    assert found.evidence.ids == ()
    assert found.later.ids == ("L1",)
    assert found.undated == 2
    assert found.unscorable == {"C1": "no publication date"}


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (make_proposition("L1", published="2024-12-01"), "a proposition, not a number"),
        (later(role="forecast"), "forecast"),
        (later(role="recommendation"), "recommendation"),
        (later(role="assessment"), "assessment without a world event"),
        (later(derived=True), "derived"),
        (later(state="rejected"), "rejected"),
        (later(qualifier="rotations"), "no operator"),
        (later(event=None), "no event date"),
        (later(event="2027-06"), "event after the horizon"),
        (later(value=0.0), "a figure that its scale doesn't have"),
        (later(hedge="could"), "possibility word"),
    ],
)
def test_what_cannot_be_scored_is_listed_with_its_reason(claim: Claim, reason: str) -> None:
    found = parted([claim])
    assert found.unscorable == {"L1": reason}
    assert found.later.ids == ()


def test_a_figure_out_of_a_share() -> None:
    claim = later(quantity="faulty_share", unit="fraction", value=1.0)
    assert parted([claim]).unscorable == {"L1": "a figure that its scale doesn't have"}


def test_repeats_of_what_conditions_bring_nothing_to_score() -> None:
    known = make_claim("C1", event="2024-10-20", published="2024-10-21")
    again = later("L1", event="2024-10-20", value=1000.0)
    relayed = later("L2", value=1000.0, origin="Border Office", family="Sylvania")
    found = parted([known, again, relayed], [Link("L2", "relays", "C1")])
    assert found.evidence.ids == ("C1",)
    assert found.unscorable == dict.fromkeys(("L1", "L2"), "repeats a report that conditions")


def test_repeats_among_later_reports_are_one_report() -> None:
    found = parted([later("L1"), later("L2", reporting_source="Evening Post")])
    assert found.later.ids == ("L1",)
    assert found.unscorable == {"L2": "relays another report of the same origin"}


def test_what_a_prior_was_set_from_neither_conditions_nor_scores() -> None:
    prior = Prior("x", "lognormal", 1.0, 2.0, "1", "report", None, ("L1",))
    assert parted([later()], priors=(prior,)).unscorable == {"L1": "a prior was set from it"}
    known = later(event="2024-10-01", published="2024-10-02")
    with pytest.raises(PriorError, match="a claim that doesn't also condition"):
        parted([known], priors=(prior,))


def test_outcomes_are_predicted_instead_of_the_claims_own_later_part() -> None:
    known = make_claim("C1", event="2024-10-20", published="2024-10-21")
    outcomes = [later("F1"), make_claim("F2", published="2024-10-20", event="2024-10-19", value=5.0)]
    found = parted([known, later("L1")], outcomes=outcomes)
    assert found.evidence.ids == ("C1",)
    assert found.later.ids == ("F1",)
    assert found.unscorable == {"F2": "known by the as-of date"}


def test_a_period_under_way_ends_on_the_day_it_was_spoken_of() -> None:
    found = parted([later(event="2024", since="2024-01-01", published="2024-12-01")])
    ends = date.fromordinal(int(found.later.event_end[0])), when("2024-12-01")
    assert ends[1] is not None
    assert ends[0] == ends[1].end

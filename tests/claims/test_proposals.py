"""Links that claims suggest: planted pairs are found, look-alikes are not, and the work grows with the claims.

Northland lends Southland ships and divers; the Union watches both. Nothing here stems from a shipped case.
"""

from __future__ import annotations

import sys
from collections import Counter
from types import FrameType

import pytest
from tests.claims.factory import make_case, make_claim, make_proposition

from quidproquo.cases.record import Actor, LedgerLine, Proposition, Quantity, Source
from quidproquo.claims.proposals import pairs_of, propose_links
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.subjects import Subjects

QUANTITIES = [
    Quantity("ships_lent", "Ships lent", "ships", "cumulative", "log",
             "Ships that Northland has lent Southland so far", "ships",
             {"": "fleet.delivered", "capacity": "fleet.room"}),
    Quantity("tonnes_carried", "Tonnes carried", "tonnes", "cumulative", "log", "Goods carried so far", "ships"),
    Quantity("divers_sent", "Divers sent", "persons", "cumulative", "log",
             "Divers that Northland has sent to Southland so far", "divers", {"": "divers.sent"}),
    Quantity("divers_there", "Divers in Southland", "persons", "stock", "log",
             "Divers of Northland in Southland at the date", "divers", {"": "divers.present"}),
    Quantity("drowned", "Divers drowned", "persons", "cumulative", "log", "so far", "harm"),
    Quantity("hurt", "Divers hurt", "persons", "cumulative", "log", "so far", "harm"),
    Quantity("harmed", "Divers drowned or hurt", "persons", "cumulative", "log", "so far", "harm"),
    Quantity("harmed_share", "Part of the divers drowned or hurt", "fraction", "share", "logit", "of all", "harm"),
    Quantity("wage", "Wage of a diver in a month", "USD/month", "rate", "log", "for one", "wages"),
    Quantity("wages_a_month", "Wages of all in a month", "USD/month", "rate", "log", "for all", "wages"),
    Quantity("wages_a_year", "Wages of all in a year", "USD/year", "rate", "log", "for all", "wages"),
    Quantity("trade_share", "Part of the trade", "fraction", "share", "logit", "of all trade", "trade"),
    Quantity("regattas", "Regattas held", "regattas", "count", "count", "in the period", "sport"),
    Quantity("lease", "The lease", "", "event", "identity", "Whether there is a lease", "ships"),
    Quantity("base", "Where the divers are", "", "event", "identity", "Where the divers of Northland are",
             "divers"),
    Quantity("worth", "Worth of the divers", "", "event", "identity", "What the divers are worth", "views"),
]  # fmt: skip
PROPOSITIONS = [
    Proposition("ships_are_lent", "Northland has lent ships to Southland.", "event:lease", lasting=True),
    Proposition("divers_at_southland", "Divers of Northland are stationed in Southland.", "event:divers"),
    Proposition("divers_at_union", "Divers of Northland are stationed in the Union.", "event:divers"),
    Proposition("divers_skilled", "The divers are skilled at salvage.", "hypothesis:gain"),
    Proposition("divers_no_use", "The divers are not of use for salvage.", "hypothesis:gain"),
    Proposition("divers_change_salvage", "The divers change how salvage is done.", "hypothesis:gain"),
]
SOURCES = [
    Source("Northland Navy", "Northland", "navy", "B", "counts its ships", ("Northern fleet",)),
    Source("Northland Ministry", "Northland", "ministry", "B", "publishes"),
    Source("Southland Port", "Southland", "port office", "B", "sees every ship"),
    Source("Union Watch", "Union", "observers of the Union", "B", "own aircraft"),
    Source("Evening Post", "press", "newspaper", "C", "named sources"),
    Source("Mara Lind", "scholars", "economist", "C", "states her sums"),
    Source(
        "Union Envoy", "Union", "envoy", "C", "speaks after a Northland briefing; no collection of his own"
    ),
]
CASE = make_case(
    actors={
        name: Actor(name, name.title(), "party") for name in ("northland", "southland", "union")
    },
    quantities={one.id: one for one in QUANTITIES},
    propositions={one.id: one for one in PROPOSITIONS},
    sources={one.name: one for one in SOURCES},
    ledger=tuple(
        LedgerLine(name, "gives", name, name, stage, "S1")
        for name, stage in (("divers_sent", "sent"), ("divers_there", "in_place"), ("ships_lent", "sent"))
    ),
)  # fmt: skip
UNITS = {one.id: one.unit for one in QUANTITIES}


def said(name: str, by: str = "Northland Navy", **changes: object) -> Claim:
    """A claim on 40 ships lent by 3 May 1931, said the day after."""
    source = CASE.sources[by]
    quantity = str(changes.get("quantity", "ships_lent"))
    fields: dict[str, object] = {
        "quantity": quantity, "unit": UNITS[quantity], "value": 40.0, "event": "1931-05-03",
        "published": "1931-05-04", "speaker": by, "origin": by, "family": source.family,
        "reporting_source": f"{by} circular",
    }  # fmt: skip
    return make_claim(name, **(fields | changes))


def stated(name: str, by: str, proposition: str, topic: str, **changes: object) -> Claim:
    fields: dict[str, object] = {"quantity": topic, "proposition": proposition, "unit": "", "value": None,
                                 "comparison": "proposition_true"}  # fmt: skip
    return said(name, by, **(fields | changes))


def found(*claims: Claim, known: tuple[tuple[str, str], ...] = ()) -> set[Link]:
    return {proposal.link for proposal in propose_links(claims, known, CASE)}


FIRST = said("A")
UNION = {"by": "Union Watch", "published": "1931-05-06"}


@pytest.mark.parametrize(
    ("other", "relation"),
    [
        ({"reporting_source": "Evening Post", "published": "1931-05-06"}, "relays"),
        ({"by": "Northland Ministry", "published": "1931-05-09"}, "relays"),
        ({"by": "Evening Post", "published": "1931-05-09"}, "relays"),
        ({**UNION, "paraphrase": "Forty ships were lent, according to the Northern fleet."}, "relays"),
        ({"event": "1931-06-01", "published": "1931-06-02"}, "relays"),
        (UNION, "corroborates"),
        ({**UNION, "value": 43.0, "comparison": "about"}, "corroborates"),
        ({"value": 55.0, "event": "1931-06-01", "published": "1931-06-02"}, "supersedes"),
        ({"by": "Northland Ministry", "value": 55.0, "event": "1931-06-01", "published": "1931-06-02"},
         "supersedes"),
        ({"value": 31.0, "published": "1931-05-20", "paraphrase": "Corrected: 31."}, "supersedes"),
        ({"published": "1931-05-20", "value": 12.0, "paraphrase": "The navy withdraws what it said."}, "retracts"),
        ({**UNION, "value": 90.0}, "contradicts"),
        ({**UNION, "value": 90.0, "event": "1931-05-05"}, "contradicts"),
        ({**UNION, "value": 20.0, "event": "1931-07-05", "published": "1931-07-06"}, "contradicts"),
        ({"value": 90.0, "reporting_source": "Evening Post"}, "contradicts"),
    ],
)  # fmt: skip
def test_planted_pairs(other: dict[str, object], relation: str) -> None:
    assert found(FIRST, said("B", **other)) == {Link("B", relation, "A")}  # type: ignore[arg-type]


def test_a_narrower_figure_of_the_same_day_refines() -> None:
    loose = said("A", comparison="more_than")
    assert found(loose, said("B", value=47.0, published="1931-05-20")) == {Link("B", "refines", "A")}


def test_looser_words_for_the_same_poll_relay_it() -> None:
    exact = said("A", "Evening Post", quantity="trade_share", value=0.64)
    loose = said(
        "B", "Evening Post", quantity="trade_share", value=0.6, comparison="more_than", published="1931-09"
    )
    assert found(exact, loose) == {Link("B", "relays", "A")}


@pytest.mark.parametrize(
    "other",
    [
        {"quantity": "tonnes_carried", **UNION},
        {"quantity": "regattas", **UNION},
        {"qualifier": "capacity", "value": 300.0, **UNION},
        {"event": "1929-01-05", "published": "1929-01-06", "by": "Union Watch", "value": 2.0},
        {"event": "1931-06-20", "published": "1931-06-21", "by": "Union Watch", "value": 65.0},
        {**UNION, "value": None, "low": 35.0, "high": 70.0, "comparison": "between"},
        {**UNION, "value": 90.0, "state": "rejected"},
        {},
    ],
)
def test_look_alikes_suggest_nothing(other: dict[str, object]) -> None:
    assert found(FIRST, said("B", **other)) == set()  # type: ignore[arg-type]


@pytest.mark.parametrize("quantity", ["divers_there", "regattas", "hurt"])
def test_one_number_of_two_things_by_one_speaker_is_chance(quantity: str) -> None:
    other = said("B", quantity=quantity, value=40.0, published="1931-05-09", event="1931-05-08")
    assert found(FIRST, other) == set()


def test_a_stock_on_another_day_is_no_update_and_no_conflict() -> None:
    before = said("A", quantity="divers_there", value=700.0)
    assert (
        found(
            before,
            said("B", quantity="divers_there", value=300.0, event="1931-08-01", published="1931-08-02"),
        )
        == set()
    )


def test_figures_of_two_years_stand_side_by_side() -> None:
    years = [
        said(
            f"Y{year}",
            "Southland Port",
            quantity="trade_share",
            value=value,
            event=year,
            published=f"{int(year) + 1}-03",
        )
        for year, value in (("1929", 0.41), ("1930", 0.55))
    ]
    assert found(*years) == set()


def test_rounding_is_no_conflict() -> None:
    exact = said("A", quantity="divers_sent", value=10870.0)
    round_one = said(
        "B", "Union Watch", quantity="divers_sent", value=11000.0, comparison="about", published="1931-05-06"
    )
    assert {link.relation for link in found(exact, round_one)} == {"corroborates"}


def test_a_general_bound_against_the_figure_of_an_earlier_year() -> None:
    year = said("A", "Southland Port", quantity="trade_share", value=0.977, event="1930", published="1931-02")
    bound = {
        "quantity": "trade_share",
        "comparison": "at_most",
        "event": "1931-05-04",
        "published": "1931-05-04",
    }
    assert found(year, said("B", "Mara Lind", value=0.95, **bound)) == {Link("B", "contradicts", "A")}
    assert found(year, said("B", "Mara Lind", value=0.98, **bound)) == set()


def test_what_lies_outside_two_counts_of_one_source() -> None:
    counts = [
        said("A", value=40.0), said("C", value=44.0, event="1931-06-20", published="1931-06-21"),
        said("B", "Union Watch", value=70.0, event="1931-05-25", published="1931-05-26"),
    ]  # fmt: skip
    contradictions = {link for link in found(*counts) if link.relation == "contradicts"}
    assert contradictions == {Link("B", "contradicts", "A"), Link("C", "contradicts", "B")}
    between = [*counts[:2], said("B", "Union Watch", value=42.0, event="1931-05-25", published="1931-05-26")]
    assert not any(link.relation == "contradicts" for link in found(*between))


# ---------------------------------------------------------------- stages, parts and sums


def test_more_cannot_be_there_than_was_sent() -> None:
    sent = said("A", "Southland Port", quantity="divers_sent", value=900.0)
    there = {"by": "Union Watch", "quantity": "divers_there", "published": "1931-05-06"}
    assert found(sent, said("B", value=2500.0, **there)) == {Link("B", "contradicts", "A")}  # type: ignore[arg-type]
    assert found(sent, said("B", value=880.0, **there)) == set()  # type: ignore[arg-type]
    assert found(sent, said("B", value=300.0, **there)) == {Link("B", "contradicts", "A")}  # type: ignore[arg-type]
    # years on, many have come home
    old = said(
        "O", "Southland Port", quantity="divers_sent", value=100.0, event="1929-05-03", published="1929-05-04"
    )
    assert Link("B", "contradicts", "A") not in found(old, sent, said("B", value=300.0, **there))  # type: ignore[arg-type]


def test_a_part_of_a_whole_against_a_share() -> None:
    part = said(
        "A", "Union Watch", quantity="harmed", value=300.0, paraphrase="300 of the 1,200 divers came to harm."
    )
    share = {"by": "Southland Port", "quantity": "harmed_share", "published": "1931-05-06"}
    assert found(part, said("B", value=0.6, **share)) == {Link("B", "contradicts", "A")}  # type: ignore[arg-type]
    assert found(part, said("B", value=0.25, **share)) == set()  # type: ignore[arg-type]


def test_a_total_that_adds_up_its_parts() -> None:
    parts = [said("A", quantity="drowned", value=130.0), said("B", quantity="hurt", value=820.0)]
    total = {"quantity": "harmed", "published": "1931-05-06"}
    both = {Link("C", "derived_from", "A"), Link("C", "derived_from", "B")}
    assert found(*parts, said("C", "Northland Ministry", value=950.0, **total)) == both
    assert found(*parts, said("C", "Northland Ministry", value=1400.0, **total)) == set()
    assert found(*parts, said("C", "Union Watch", value=950.0, **total)) == set()


@pytest.mark.parametrize(
    ("value", "quantity", "words"),
    [
        (54000.0, "wages_a_month", "Twelve hundred divers at 45 dollars each cost 54,000 dollars a month."),
        (
            54000.0,
            "wages_a_month",
            "At what the Northland Navy pays, twelve hundred divers cost 54,000 dollars.",
        ),
        (
            648000.0,
            "wages_a_year",
            "Twelve hundred divers at the wage of the Northland Navy cost 648,000 a year.",
        ),
    ],
)
def test_a_product_that_its_words_state(value: float, quantity: str, words: str) -> None:
    wage = said("A", quantity="wage", value=45.0)
    other = said("B", "Mara Lind", quantity=quantity, value=value, paraphrase=words, published="1931-05-20")
    assert found(wage, other) == {Link("B", "derived_from", "A")}


@pytest.mark.parametrize(
    "words",
    ["The divers cost 54,000 dollars a month.", "Fifty captains and 700 divers cost 54,000 dollars a month."],
)
def test_a_product_by_chance_is_no_derivation(words: str) -> None:
    wage = said("A", quantity="wage", value=45.0)
    other = said(
        "B", "Mara Lind", quantity="wages_a_month", value=54000.0, paraphrase=words, published="1931-05-20"
    )
    assert found(wage, other) == set()


def test_what_points_back_rests_on_what_was_just_said() -> None:
    ships = said("A", value=40.0)
    words = {"quantity": "tonnes_carried", "value": 90000.0, "qualifier": "capacity"}
    assert found(ships, said("B", paraphrase="Those ships could carry 90,000 tonnes.", **words)) == {
        Link("B", "derived_from", "A")
    }
    assert found(ships, said("B", paraphrase="Those wagons could carry 90,000 tonnes.", **words)) == set()
    later = said("B", paraphrase="Those ships could carry 90,000 tonnes.", published="1931-05-19", **words)
    assert found(ships, later) == set()


def test_an_implied_figure_and_no_ring() -> None:
    total = said(
        "A",
        "Mara Lind",
        quantity="wages_a_month",
        value=54000.0,
        paraphrase="1,200 divers would cost 54,000.",
    )
    count = said("B", "Mara Lind", quantity="divers_sent", value=1200.0)
    wage = said(
        "C", "Mara Lind", quantity="wage", value=45.0, paraphrase="Implied wage of one diver: 45 dollars."
    )
    assert {link for link in found(total, count, wage) if link.relation == "derived_from"} == {
        Link("C", "derived_from", "A"), Link("C", "derived_from", "B")
    }  # fmt: skip


def test_a_part_cannot_be_more_than_its_total() -> None:
    part = said("A", "Union Watch", quantity="drowned", value=900.0)
    total = {"by": "Southland Port", "quantity": "harmed", "event": "1931-05-20", "published": "1931-05-21"}
    assert found(part, said("B", value=500.0, **total)) == {Link("B", "contradicts", "A")}  # type: ignore[arg-type]
    assert found(part, said("B", value=1500.0, **total)) == set()  # type: ignore[arg-type]
    before = total | {"event": "1931-04-02", "published": "1931-05-21"}
    assert found(part, said("B", value=500.0, **before)) == set()  # type: ignore[arg-type]


def test_a_year_from_a_month_of_the_same_breath() -> None:
    month = said("A", "Mara Lind", quantity="wages_a_month", value=54000.0)
    words = "Over a year that comes to 648,000 dollars."
    year = said("B", "Mara Lind", quantity="wages_a_year", value=648000.0, paraphrase=words)
    assert found(month, year) == {Link("B", "derived_from", "A")}
    other = said("B", "Mara Lind", quantity="wages_a_year", value=610000.0, paraphrase=words)
    assert found(month, other) == set()


def test_a_figure_of_another_group_whose_number_the_words_state() -> None:
    ships = said("A", value=40.0)
    words = "Forty ships with 2,500 tonnes in each carry 100,000 tonnes."
    load = said(
        "B", "Mara Lind", quantity="wages_a_year", value=100000.0, paraphrase=words, published="1931-05-09"
    )
    assert found(ships, load) == {Link("B", "derived_from", "A")}
    divers = said("A", quantity="hurt", value=40.0)
    assert found(divers, load) == set()


def test_a_forecast_takes_the_place_of_the_one_before() -> None:
    before = said("A", role="forecast", event="1931-12-31")
    after = said("B", role="forecast", event="1932-03-31", value=60.0, published="1931-08-01")
    assert found(before, after) == {Link("B", "supersedes", "A")}


def test_a_forecast_that_did_not_come_true() -> None:
    expected = said("A", role="forecast", event="1931-12-31", value=90.0)
    seen = said("B", "Union Watch", event="1931-12-31", published="1932-01-04", value=50.0)
    assert found(expected, seen) == {Link("B", "contradicts", "A")}
    assert (
        found(expected, said("B", "Union Watch", event="1931-12-31", published="1932-01-04", value=92.0))
        == set()
    )


def test_a_quarter_of_a_stated_whole() -> None:
    whole = said("A", quantity="harmed", value=800.0)
    part = said(
        "B",
        quantity="drowned",
        value=200.0,
        paraphrase="About 200 drowned, a quarter of the 800 who came to harm.",
    )
    assert found(whole, part) == {Link("B", "derived_from", "A")}


# ---------------------------------------------------------------- sentences


def test_an_assertion_and_its_denial() -> None:
    lease = {"proposition": "ships_are_lent", "topic": "lease"}
    asserted = stated("A", "Union Watch", event="1931-02-01", published="1931-02-02", **lease)  # type: ignore[arg-type]
    denied = stated("B", "Southland Port", comparison="proposition_false", **lease)  # type: ignore[arg-type]
    assert found(asserted, denied) == {Link("B", "contradicts", "A")}
    # it may have come true since
    later = stated("C", "Union Watch", event="1931-09-01", published="1931-09-02", **lease)  # type: ignore[arg-type]
    assert found(denied, later) == set()
    own = stated("D", "Southland Port", event="1931-09-01", published="1931-09-02", **lease)  # type: ignore[arg-type]
    assert found(denied, own) == {Link("D", "supersedes", "B")}


def test_a_denial_against_a_figure_of_what_it_denies() -> None:
    denied = stated(
        "B",
        "Southland Port",
        "ships_are_lent",
        "lease",
        comparison="proposition_false",
        published="1931-05-06",
    )
    assert found(FIRST, denied) == {Link("B", "contradicts", "A")}
    assert found(said("A", "Union Watch", quantity="regattas", value=3.0), denied) == set()
    later = said("A", event="1931-12-03", published="1931-12-04", since="1931-06-01")
    assert found(later, denied) == set()


def test_a_sentence_with_not_denies_what_another_asserts() -> None:
    skilled = stated("A", "Union Watch", "divers_change_salvage", "worth", role="assessment")
    no_use = stated("B", "Mara Lind", "divers_no_use", "worth", role="assessment", published="1931-05-09")
    assert found(skilled, no_use) == {Link("B", "contradicts", "A")}
    both = stated("C", "Mara Lind", "divers_skilled", "worth", role="assessment", published="1931-05-09")
    assert found(skilled, both) == set()


def test_two_places_exclude_each_other() -> None:
    here = stated("A", "Northland Navy", "divers_at_southland", "base")
    there = stated("B", "Southland Port", "divers_at_union", "base", published="1931-05-09")
    assert found(here, there) == {Link("B", "contradicts", "A")}
    same = stated("B", "Southland Port", "divers_at_southland", "base", published="1931-05-09")
    assert {link.relation for link in found(here, same)} <= {"corroborates"}


def test_hearsay_and_those_who_were_briefed() -> None:
    named = stated("A", "Union Watch", "divers_skilled", "worth", role="assessment")
    unnamed = stated("B", "Evening Post", "divers_skilled", "worth", role="assessment",
                     speaker="unnamed observers",
                     published="1931-06-09", event="1931-06")  # fmt: skip
    assert found(named, unnamed) == {Link("B", "relays", "A")}
    briefed = stated(
        "C", "Union Envoy", "divers_at_southland", "base", event="1931-05-08", published="1931-05-08"
    )
    count = said("D", quantity="divers_sent", value=900.0)
    assert found(count, briefed) == {Link("C", "relays", "D")}
    assert found(said("D", "Southland Port", quantity="divers_sent", value=900.0), briefed) == set()


def test_a_report_told_in_the_same_words_is_a_copy() -> None:
    words = "Forty grey steamers with their crews were handed over at dawn in the harbour."
    copied = said("B", "Union Watch", paraphrase=words, published="1931-05-12")
    assert found(said("A", "Southland Port", paraphrase=words), copied) == {Link("B", "relays", "A")}


# ---------------------------------------------------------------- the whole


def test_a_pair_that_is_linked_or_judged_is_left_out() -> None:
    other = said("B", reporting_source="Evening Post", published="1931-05-06")
    assert found(FIRST, other, known=tuple(pairs_of([Link("A", "corroborates", "B")], []))) == set()
    assert found(FIRST, other, known=tuple(pairs_of([], ["B relays A"]))) == set()


def test_a_judged_pair_brings_up_no_other_link() -> None:
    claims = [FIRST, said("B", reporting_source="Evening Post", published="1931-05-06"), said("C", **UNION)]  # type: ignore[arg-type]
    all_of_them = found(*claims)
    assert len(all_of_them) > 1
    for link in all_of_them:
        assert found(*claims, known=((link.a, link.b),)) == all_of_them - {link}


def test_no_relation_is_drawn_twice_for_a_pair() -> None:
    claims = [
        said(f"C{n}", "Union Watch" if n % 2 else "Northland Navy", value=float(40 + 20 * n))
        for n in range(9)
    ]
    pairs = Counter(frozenset((link.a, link.b)) for link in found(*claims))
    assert set(pairs.values()) == {1}


def test_a_case_without_actors_needs_none() -> None:
    case = make_case()
    claims = [
        make_claim("C1"),
        make_claim("C2", origin="Border Office", speaker="Border Office", family="Sylvania"),
    ]
    assert [one.link.relation for one in propose_links([*claims, make_proposition("P1")], (), case)] == [
        "corroborates"
    ]


def test_the_work_grows_with_the_claims() -> None:
    def steps(size: int) -> int:
        names = ("Northland Navy", "Union Watch", "Southland Port")
        claims = [
            said(f"C{n:04}", names[n % 3], value=float(1000 + n), origin=f"O{n}",
                 paraphrase=f"In all {n} ships, 7 of the {n + 9}.")
            for n in range(size)
        ]  # fmt: skip
        calls = 0

        def count(_frame: FrameType, event: str, _of: object) -> None:
            nonlocal calls
            calls += event == "call"

        sys.setprofile(count)
        try:
            propose_links(claims, (), CASE)
        finally:
            sys.setprofile(None)
        return calls

    small, middle, large = (steps(size) for size in (40, 80, 160))
    assert large - middle < 2.3 * (middle - small)


HANSEN = {"speaker": "Ole Hansen (Northland Navy)", "origin": "Northland Navy", "family": "Northland"}
STUDY = {"speaker": "Mara Lind", "origin": "Mara Lind", "family": "scholars", "published": "2024-11-03"}


@pytest.mark.parametrize(
    "words",
    [
        "By Hansen's word, 1,000 divers of Northland had been sent.",
        "Hansen's office, she told the house, counts 1,000 divers sent.",
    ],
)
def test_a_surname_names_the_source(words: str) -> None:
    first = make_claim("A", quantity="divers_sent", unit="persons", paraphrase="1,000 divers went.", **HANSEN)
    again = make_claim("B", quantity="divers_sent", unit="persons", paraphrase=words, **STUDY)
    assert found(first, again) == {Link("B", "relays", "A")}


def test_what_both_speak_of_names_no_source() -> None:
    at = {"speaker": "Lena Ross (Millport guard)", "origin": "Millport guard", "family": "Union"}
    words = "1,000 divers left Millport."
    first = make_claim("A", quantity="divers_sent", unit="persons", paraphrase=words, **at)
    again = make_claim(
        "B",
        quantity="divers_sent",
        unit="persons",
        paraphrase="Own counts at Millport: 1,000 divers.",
        **STUDY,
    )
    assert not Subjects(CASE).names(again, first)


@pytest.mark.parametrize(
    ("words", "linked"),
    [
        ("With 40 tonnes apiece, the ships that Hansen counted carried 40,000 tonnes.", True),
        ("If each of the ships counted by Hansen carried 40 tonnes, it was 40,000 tonnes.", True),
        ("The ships that Hansen counted carried 40,000 tonnes.", False),
        ("With 40 tonnes apiece, they carried 40,000 tonnes.", False),
        ("With 50 tonnes apiece, the ships that Hansen counted carried 40,000 tonnes.", False),
    ],
)
def test_a_count_that_is_referred_to_is_an_input(words: str, linked: bool) -> None:
    ships = make_claim("A", quantity="ships_lent", unit="ships", paraphrase="There are ships.", **HANSEN)
    goods = make_claim(
        "B", quantity="tonnes_carried", unit="tonnes", value=40000.0, paraphrase=words, **STUDY
    )
    assert (Link("B", "derived_from", "A") in found(ships, goods)) == linked


@pytest.mark.parametrize(("total", "linked"), [(2_150_000.0, True), (2_400_000.0, False)])
def test_a_rate_times_a_count_that_are_named(total: float, linked: bool) -> None:
    wage = make_claim(
        "A", quantity="wage", unit="USD/month", value=2150.0, paraphrase="A diver gets it.", **HANSEN
    )
    there = make_claim(
        "B", quantity="divers_there", unit="persons", paraphrase="That many divers are there.", **HANSEN
    )
    words = "At the wage and the divers that Hansen named, all earn it."
    bill = make_claim(
        "C", quantity="wages_a_month", unit="USD/month", value=total, paraphrase=words,
        reporting_source="Navy Post", speaker="Navy Post", origin="Northland Navy", family="Northland",
        published="2024-11-03",
    )  # fmt: skip
    want = {Link("C", "derived_from", "A"), Link("C", "derived_from", "B")}
    assert (want <= found(wage, there, bill)) == linked

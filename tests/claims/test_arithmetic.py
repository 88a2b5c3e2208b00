"""Figures that follow by arithmetic from others add nothing; figures that only look like it stay."""

from __future__ import annotations

import pytest
from tests.claims.factory import make_case, make_claim

from quidproquo.cases.record import Case, Quantity, Source
from quidproquo.claims import Claim, Link, evidence_table
from quidproquo.claims.arithmetic import inputs_of, states_arithmetic, worked_out
from quidproquo.claims.origins import ORIGIN_AS_STATED


def _quantity(name: str, unit: str, kind: str, group: str, scale: str = "log") -> Quantity:
    return Quantity(name, name, unit, kind, scale, name, group, {"": f"m.{name}"}, 0.001, 1e9)


QUANTITIES = {
    q.id: q
    for q in (
        _quantity("men", "persons", "stock", "force"),
        _quantity("pay", "USD/month", "rate", "money"),
        _quantity("income", "USD/month", "rate", "money"),
        _quantity("dead", "persons", "cumulative", "losses"),
        _quantity("hurt", "persons", "cumulative", "losses"),
        _quantity("lost", "persons", "cumulative", "losses"),
        _quantity("lost_share", "fraction", "share", "losses", "logit"),
        _quantity("crates", "crates", "cumulative", "goods"),
        _quantity("rounds", "rounds", "cumulative", "goods"),
    )
}
CASE: Case = make_case(
    quantities=QUANTITIES,
    sources={
        "Spy Office": Source("Spy Office", "Freedonia", "service", "B", "first", ("the spies",)),
        "Border Office": Source("Border Office", "Sylvania", "office", "C", "counts"),
    },
)


def told(name: str, quantity: str, value: float, words: str = "", **change: object) -> Claim:
    fields: dict[str, object] = {
        "quantity": quantity, "value": value, "unit": QUANTITIES[quantity].unit, "origin": "Spy Office",
        "speaker": "Spy Office", "paraphrase": words, "published": "2024-10-23", "event": "2024-10-23",
    }  # fmt: skip
    stated = change.pop("stated", None)
    extra = {ORIGIN_AS_STATED: str(stated)} if stated else {}
    return make_claim(name, **(fields | change | {"extra": extra}))


MEN, PAY = told("A1", "men", 11000.0), told("A2", "pay", 2000.0)
DEAD, HURT = told("A3", "dead", 300.0), told("A4", "hurt", 2700.0)
NEWS = {"origin": "Daily News", "speaker": "Daily News", "published": "2024-11-05", "event": "2024-11-05"}


@pytest.mark.parametrize(
    ("claim", "inputs"),
    [
        (told("B1", "income", 2.2e7, "Eleven thousand men at the pay the spies name bring 22 million.", **NEWS),
         ("A1", "A2")),
        (told("B2", "income", 2.2e7, "11,000 men at 2,000 dollars each.", **NEWS), ("A1", "A2")),
        (told("B3", "lost", 3000.0, "Three thousand: 300 dead and 2,700 hurt."), ("A3", "A4")),
        (told("B4", "lost_share", 0.0273, "300 dead of 11,000 men.", **NEWS), ("A1", "A3")),
        (told("B5", "lost_share", 0.11, "The spies count 300 dead and 2,700 hurt: 11 percent dead.", **NEWS),
         ("A3", "A4")),
        (told("B6", "income", 2.23e7, "", comparison="about", **NEWS), ("A5", "A2")),
    ],
)  # fmt: skip
def test_what_equals_a_product_sum_or_ratio_is_found(claim: Claim, inputs: tuple[str, ...]) -> None:
    some = [MEN, PAY, DEAD, HURT]
    if claim.id == "B6":
        some = [told("A5", "men", 11150.0), PAY]
    assert set(inputs_of(claim, some, CASE)) == set(inputs)


@pytest.mark.parametrize(
    "claim",
    [
        told("B1", "income", 2.2e7, "About 22 million dollars a month.", **NEWS),  # names neither
        told("B2", "income", 2.5e7, "11,000 men at 2,000 dollars.", **NEWS),  # another number
        told("B3", "crates", 3000.0, "300 dead, 2,700 hurt, 3,000 crates."),  # units don't fit
        told("B4", "income", 2.2e7, "11,000 men at 2,000.", **(NEWS | {"published": "2024-09"})),  # earlier
        told(
            "B5",
            "income",
            2.2e7,
            "11,000 men at 2,000.",
            **(NEWS | {"event": "2025-02-01", "published": "2025-02-01"}),
        ),  # long after
        told("B6", "men", 2.2e7, "11,000 men and 2,000."),  # the quantity of an input
        told("B7", "income", 2.2e7, "11,000 men at 2,000.", qualifier="capacity"),
        told("B10", "income", 22_060_300.0, "11,000 men at 2,000 dollars.", **NEWS),  # misses by 60,300
        told("B11", "lost", 3012.0, "3,012: 300 dead and 2,700 hurt."),  # misses by 12
        told("B8", "lost_share", 0.333, "About a third.", comparison="about", **NEWS),
        told(
            "B9",
            "lost_share",
            0.11,
            "The spies and others said: a ninth.",
            **{**NEWS, "speaker": "the spies and others"},
        ),  # names its own speakers
    ],
)
def test_what_only_looks_like_arithmetic_stays(claim: Claim) -> None:
    table = evidence_table([MEN, PAY, DEAD, HURT, claim], CASE, as_of=CASE.as_of, reviewed_only=False)
    assert claim.qualifier == "capacity" or claim.id in table.ids
    assert not worked_out([MEN, PAY, DEAD, HURT, claim], (), CASE)


def test_a_factor_of_one_is_no_arithmetic() -> None:
    single = told("A6", "crates", 1.0)
    claim = told("B1", "men", 11000.0, "11,000 men and one crate.", **NEWS)
    assert inputs_of(claim, [told("A7", "dead", 11000.0), single], CASE) == ()
    pair = told("A6", "crates", 2.0)
    twice = told("B1", "men", 22000.0, "Two crates for each of 11,000 men.", **NEWS)
    assert inputs_of(twice, [told("A7", "dead", 11000.0), pair], CASE) == ("A6", "A7")


@pytest.mark.parametrize(
    ("worked_out_from", "kept"),
    [(235_568_400.0, 195_110_800.0), (50_000_000.0, 12_345_600.0)],
)
def test_a_share_follows_from_two_amounts_and_not_an_amount_from_the_share(
    worked_out_from: float, kept: float
) -> None:
    share = round(kept / worked_out_from, 3)
    whole = told("A8", "pay", worked_out_from)
    part = told("A9", "income", kept)
    found = told("B1", "lost_share", share, f"{share} of it.")
    assert "A9" not in worked_out([whole, part, found], (), CASE)


@pytest.mark.parametrize(
    "words",
    [
        "derived: 11,000 x 2,000 (NIS)",
        "INSS; 10,000 x 2,000 x 12",
        "UK Defence Intelligence; derived 0.25 x 4000",
        "Gallup (66 + 16 percent)",
        "own sum, 300 \u00d7 2",
        "30/4",
    ],
)
def test_an_origin_may_state_a_sum(words: str) -> None:
    assert states_arithmetic(told("B1", "income", 1.0, stated=words))


@pytest.mark.parametrize(
    "words",
    [
        "derived from satellite imagery",
        "Gallup Korea 22-24 Oct 2024, n=1001",
        "48 ministers plus EU",
        "Planet; 3 m x-band images",
        "own calculation, from 3,000 troops",
        "A/B, two agencies",
    ],
)
def test_what_is_no_sum_is_none(words: str) -> None:
    assert not states_arithmetic(told("B1", "income", 1.0, stated=words))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_figure_linked_to_one_or_more_inputs_adds_nothing(count: int) -> None:
    inputs = [MEN, PAY, DEAD][:count]
    links = tuple(Link("B1", "derived_from", claim.id) for claim in inputs)
    figure = told("B1", "income", 5e7, **NEWS)
    without = evidence_table([*inputs, HURT], CASE, as_of=CASE.as_of, reviewed_only=False, links=links)
    table = evidence_table([*inputs, HURT, figure], CASE, as_of=CASE.as_of, reviewed_only=False, links=links)
    assert table.ids == without.ids
    assert table.unused[-1].reason == "worked out from claims that condition"


def test_a_figure_whose_inputs_are_not_all_known_stays() -> None:
    links = (Link("B1", "derived_from", "A1"), Link("B1", "derived_from", "A9"))
    figure = told("B1", "income", 5e7, **NEWS)
    table = evidence_table([MEN, figure], CASE, as_of=CASE.as_of, reviewed_only=False, links=links)
    assert table.ids == ("A1", "B1") or table.ids == ("B1", "A1")


def test_of_figures_worked_out_from_each_other_one_stays() -> None:
    links = (Link("A1", "derived_from", "A2"), Link("A2", "derived_from", "A1"))
    assert worked_out([MEN, PAY], links, CASE) == {"A1": ("A2",)}


def test_a_figure_derived_from_one_that_is_itself_worked_out_adds_nothing() -> None:
    links = (Link("B1", "derived_from", "A1"), Link("B2", "derived_from", "B1"))
    figures = [told("B1", "income", 5e7, **NEWS), told("B2", "income", 6e7, **NEWS)]
    assert set(worked_out([MEN, *figures], links, CASE)) == {"B1", "B2"}

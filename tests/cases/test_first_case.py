"""What the first case owes its reader: recent claims, a menu that means something, effects of either sign."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from statistics import NormalDist

import pytest

from quidproquo.cases import load_case
from quidproquo.cases.record import Case, Option
from quidproquo.claims import Claim, ages, load_claims
from quidproquo.claims.load import load_links

NINETY = NormalDist().inv_cdf(0.95)


@cache
def first_case() -> Case:
    return load_case("dprk-russia")


@cache
def claims() -> list[Claim]:
    return list(load_claims(first_case().folder / "claims.csv", first_case()))


def about(quantity: str) -> list[Claim]:
    return [one for one in claims() if one.quantity == quantity]


# ---------------------------------------------------------------- how recent and how many


@pytest.mark.parametrize(
    ("quantity", "days"),
    [
        ("casualties_total", 31),
        ("troops_sent_additional", 31),
        ("russian_casualty_rate", 31),
        ("workers_arrived_cumulative", 92),
        ("public_confidence_in_commitment", 366),
    ],
)
def test_the_newest_claim_that_weighs_is_recent(quantity: str, days: int) -> None:
    links = load_links(first_case().folder / "links.csv", claims())
    found = {age.quantity: age for age in ages(first_case(), claims(), links)}[quantity]
    assert found.days is not None
    assert found.days <= days


def test_the_pause_of_early_2025_is_told_with_its_end() -> None:
    """Row S4: that they don't fight, and that they fight again, each by two origins."""
    told = {(one.comparison, one.origin) for one in claims() if one.proposition == "dprk_troops_fighting"}
    for comparison in ("proposition_true", "proposition_false"):
        assert len({origin for what, origin in told if what == comparison}) >= 2, comparison
    use = next(use for use in first_case().mechanisms if use.name == "attrition")
    assert use.settings["pausing"]


def test_russian_losses_are_told_by_date() -> None:
    """Row S4: not one man's remark, but months from November 2022 on."""
    months = {one.event.start for one in about("russian_casualty_rate") if one.event}
    assert len(months) >= 8
    assert min(months) < date(2023, 1, 1)


def test_oil_before_march_2024_has_a_report() -> None:
    assert any(one.event and one.event.end < date(2024, 3, 1) for one in about("oil_delivered_barrels"))


def test_trust_in_the_pledge_comes_from_polls_of_two_houses() -> None:
    """Row S8: and what a narrower question found is kept apart."""
    assert len({one.origin for one in about("public_confidence_in_commitment")}) >= 2
    assert first_case().quantities["public_confidence_nuclear_use"].observes == {}
    assert not first_case().priors["reassurance.trust"].judgement


def test_a_count_is_shown_as_counted() -> None:
    """Row S5: four launches and one satellite, which no parameter of the model can move."""
    use = next(use for use in first_case().mechanisms if use.name == "satellite")
    assert (len(use.settings["record"]), len(use.settings["successes"])) == (4, 1)
    for name, output in (
        ("satellite_launches_counted", "counted"),
        ("satellites_counted", "counted_successes"),
    ):
        assert first_case().quantities[name].observes[""] == f"satellite.{output}"


@pytest.mark.parametrize(
    "quantity", ["reentry", "submarine", "treaty_activation", "serious_incident", "escalation"]
)
def test_nothing_is_zero_by_definition(quantity: str) -> None:
    """What can't have happened by the decision date is asked for within a year of a date."""
    name = next(q for q in first_case().quantities if q.startswith(quantity) and q.endswith("probability"))
    assert first_case().quantities[name].observes[""].endswith("in_a_year")
    assert "within a year" in first_case().quantities[name].title


def test_the_treatys_answer_is_a_spread() -> None:
    """Row S11: what a call brings is three shares, and neither reading of the text is ruled out."""
    low, high = (getattr(first_case().priors["treaty.answered"], end) for end in ("low", "high"))
    assert high - low > 0.5
    denied = {one.comparison for one in claims() if one.proposition == "treaty_help_means_forces"}
    assert denied == {"proposition_true", "proposition_false"}


# ---------------------------------------------------------------- the menu


def advised(option: str) -> set[str]:
    """Claims that advise an option."""
    meant = {p.id for p in first_case().propositions.values() if p.about == f"option:{option}"}
    return {one.id for one in claims() if one.role == "recommendation" and one.proposition in meant}


@pytest.mark.parametrize(
    "option", ["enforce_sanctions", "press_china", "offer_inducements", "inform", "firm_and_joint"]
)
def test_an_option_from_the_debate_is_there_with_who_advises_it(option: str) -> None:
    assert option in first_case().options
    assert advised(option)


def test_nobody_is_said_to_advise_what_he_calls_unlikely() -> None:
    """Row S14: the author doubts a Council resolution, so the bundle that holds one isn't hers."""
    assert advised("all_together") == set()


def parts_of(bundle: Option) -> list[Option]:
    singles = [o for o in first_case().options.values() if len(o.levers) == 1]
    return [one for one in singles if one.levers.items() <= bundle.levers.items()]


def bundles() -> Iterable[Option]:
    return [option for option in first_case().options.values() if len(option.levers) > 1]


def test_there_are_bundles_with_and_without_the_council() -> None:
    assert {"council" in bundle.levers for bundle in bundles()} == {True, False}


@pytest.mark.parametrize("bundle", bundles(), ids=lambda bundle: bundle.id)
def test_a_bundle_costs_what_its_parts_cost(bundle: Option) -> None:
    parts = parts_of(bundle)
    assert {name for part in parts for name in part.levers} == set(bundle.levers)
    for kind, cost in bundle.cost.items():
        assert cost == pytest.approx(sum(part.cost[kind] for part in parts)), kind


def test_every_cost_says_where_it_comes_from() -> None:
    for option in first_case().options.values():
        assert len(option.cost_source) > len("judgement"), option.id


EFFECTS = (
    "coalition.effect", "pressure.council", "pressure.joint", "pressure.enforced", "pressure.partner",
    "pressure.relief", "pressure.bite", "deployment.dissuade", "intelligence.use", "intelligence.talk",
    "deterrence.effect_commitment", "deterrence.effect_disclosure", "deterrence.effect_coalition",
    "deterrence.effect_information", "deterrence.appease", "deterrence.provoke", "reassurance.relief",
    "reassurance.kept", "reassurance.told", "reassurance.stood", "reassurance.shown", "reassurance.given",
    "assistance.leverage",
)  # fmt: skip


@pytest.mark.parametrize("effect", EFFECTS)
def test_an_effect_may_have_either_sign_and_says_why(effect: str) -> None:
    prior = first_case().priors[effect]
    assert prior.distribution == "normal"
    below = NormalDist(0.5 * (prior.low + prior.high), (prior.high - prior.low) / (2 * NINETY)).cdf(0.0)
    assert 0.05 <= below <= 0.95
    assert prior.grounds


def test_whether_using_what_one_knows_gains_or_burns_more_is_open() -> None:
    """Row S9: in some worlds more is learnt by saying so, in others less."""
    use, burn = first_case().priors["intelligence.use"], first_case().priors["intelligence.burn"]
    halfway = 34 / 12 / 2  # what is closed grows with time: on average over an option's 34 months
    assert use.low < burn.high * halfway
    assert use.high > burn.low * halfway
    assert use.grounds
    assert burn.grounds

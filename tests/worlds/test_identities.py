"""Sums that hold in every world, whatever the priors, the options and the futures: people, goods and money.

The worlds of both cases are drawn up to two and a half times as far out as their priors say, under levers drawn
at random, along random futures; each sum is asked for before and after the decision date.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.worlds.whole import CASES, WEEK, YEAR, Found, Rows, unchanged, whole

from quidproquo.cases import load_case
from quidproquo.worlds.mechanism import DAYS_A_MONTH

FLOAT = 2.0**-15  # float32 after some hundred operations on numbers of one size

everywhere = pytest.mark.parametrize("name", CASES)
anywhere = given(seed=st.integers(0, 2**32 - 1), spread=st.floats(0.5, 2.5))
often = settings(max_examples=12)


def close(found: np.ndarray, want: np.ndarray, what: str, size: np.ndarray | float = 0.0) -> None:
    """Equal within the error of float32 on the larger of the two, or on what they are differences of."""
    largest = np.maximum(np.maximum(np.abs(found), np.abs(want)), size)
    assert np.all(np.abs(found - want) <= 2 * FLOAT * largest + 1e-30), what


def at_most(small: np.ndarray, large: np.ndarray, what: str) -> None:
    assert np.all(small <= large * (1 + FLOAT) + 1e-6), what


def used(found: Found, mechanism: str) -> list[str]:
    """The names under which a case uses a mechanism."""
    return [part.name for part in found.model.parts if part.mechanism.id == mechanism]


def settings_of(found: Found, name: str) -> dict[str, object]:
    return dict(next(part.settings for part in found.model.parts if part.name == name))


def by_state(found: Found, hypothesis: str, branch: str) -> np.ndarray:
    """The parameter of the state that holds in each world."""
    states = next(h.states for h in found.model.hypotheses if h.id == hypothesis)
    rows = np.stack([found.values[f"{branch}.{state.id}"] for state in states])
    return (found.values[f"hypothesis.{hypothesis}"] * rows).sum(axis=0)


# ---------------------------------------------------------------- people


def losses_add_up(_found: Found, _days: np.ndarray, at: Rows) -> None:
    """Row S4: the dead and the injured are the losses; with the captured they were all sent."""
    dead, injured, captured, total = (at[f"attrition.{n}"] for n in ("dead", "injured", "captured", "total"))
    close(dead + injured, total, "dead and injured")
    sent, present = at["deployment.sent"], at["attrition.present"]
    of = at.get("deployment.served", sent)
    at_most(dead + captured, of, "gone of those who went")
    at_most(present, sent, "present of those sent")
    at_most(at["attrition.theatre"], present, "in the fighting area of those present")
    if "deployment.served" not in at:
        at_most(dead + captured, sent - present + FLOAT * sent, "dead and captured of those gone")
    else:
        at_most(dead, at["attrition.dead_all"], "dead in combat of all dead")
        at_most(at["attrition.dead_all"] + injured + captured, of, "lost of all who served")
    close(at["attrition.share"] * np.maximum(of, 1.0), total, "share of the losses")


def own_losses_are_made_good(found: Found, days: np.ndarray, at: Rows) -> None:
    """Row S4: the host's losses a day times the days since the first went, against those sent."""
    value, rising = found.values, settings_of(found, "attrition").get("rising")
    main = value["deployment.middle"] * YEAR - value["deployment.spread"] / 2
    first = main - value["deployment.lead"]
    trend = value.get("attrition.host_trend", np.zeros_like(main)) / YEAR
    given = (date.fromisoformat(str(rising)) - found.model.start).days if rising else 0.0

    def losses_on(days: np.ndarray) -> np.ndarray:
        return value["attrition.host_daily"] * np.exp(np.clip(trend * (days - given), -10.0, 10.0))

    # after the decision date they go on as on that day; the past's own functions know nothing of that date
    until = np.minimum(days, found.model.nodes[0]) if rising and at is found.ahead else days
    span = np.maximum(until - first, DAYS_A_MONTH)
    growth = np.where(np.abs(trend * span) < 1e-9, span, np.expm1(trend * span) / np.where(trend, trend, 1.0))
    later = np.maximum(days - np.maximum(until, first + DAYS_A_MONTH), 0.0)
    lost = np.maximum(losses_on(first) * growth + losses_on(until) * later, 1.0 if rising else 0.0)
    share = np.clip(at["deployment.sent"] / lost, 0.0, 1.0)
    # a month after a first day that is itself thousands of days away from the case's start
    close(at["attrition.replaced"], share, "losses made good", 40 * share)
    close(at["attrition.host_daily"], losses_on(until) + 0.0 * days, "losses a day", 40 * losses_on(until))


def who_fights_has_come_to_fight(_found: Found, _days: np.ndarray, at: Rows) -> None:
    """Row S4: those in combat on the day have been in combat, and a call for help brings one of three things."""
    at_most(at["attrition.engaged"], at["attrition.combat"] + 0.02, "in combat of those ever in combat")
    if "treaty.none" in at:
        answers = [at[f"treaty.{name}"] for name in ("none", "material", "with_forces")]
        close(sum(answers), np.ones_like(answers[0]), "answers to a call for help")
        at_most(at["treaty.in_a_year"], at["deterrence.escalation_in_a_year"], "treaty invoked within a year")
    if "deterrence.incident_in_a_year" in at:
        soon, worse = at["deterrence.incident_in_a_year"], at["deterrence.escalation_in_a_year"]
        at_most(worse, soon, "escalations within a year")
        close(
            -np.expm1(-12.0 * at["deterrence.challenge"]), soon, "a year's incidents at the pace of the date"
        )


def workers_come_and_earn(found: Found, days: np.ndarray, at: Rows) -> None:
    if "economy.workers" not in at:
        return
    value = found.values
    close(at["economy.workers"], value["economy.workers"] + at["economy.arrived"], "workers there")
    years = np.maximum(days / YEAR - value.get("economy.opened", 0.0), 0.0)
    come = value.get("economy.arrivals", 0.0) * years
    close(at["economy.arrived"], come + 0 * days, "workers who came", 64 * at["economy.workers"])
    months = (value["economy.workers"] * np.maximum(days, 0.0) / YEAR + come * years / 2.0) * 12.0
    close(at["economy.worker_months"], months, "their person-months", 64 * months)


def what_is_counted_is_whole_and_lies_under_its_attempts(found: Found, _days: np.ndarray, at: Rows) -> None:
    for name in used(found, "programme"):
        if f"{name}.counted" in at:
            at_most(
                at[f"{name}.counted_successes"], at[f"{name}.counted"] + 1.0, f"successes of {name} counted"
            )
            if at is found.past:
                close(at[f"{name}.counted"], np.round(at[f"{name}.counted"]), "counts")
        at_most(at[f"{name}.reached"], at[f"{name}.in_a_year"], f"{name} reached by now and by a year on")


def forces_stand_or_have_gone_home(found: Found, _days: np.ndarray, at: Rows) -> None:
    sent, added = at["deployment.sent"], at["deployment.added"]
    at_most(added, sent, "reinforcements of those sent")
    if "deployment.standing" in at:
        close(at["deployment.standing"] + at["deployment.withdrawn"], sent, "standing and gone home", sent)
        units = at["deployment.units"] * found.values["deployment.unit_size"]
        close(units, at["deployment.standing"], "units", sent)


def experience_follows_combat(found: Found, _days: np.ndarray, at: Rows) -> None:
    learnt = 1 - np.exp(-at["attrition.combat_months"] / found.values["experience.scale"])
    # the months in combat are a difference of running totals, those of all who are there, on the same scale
    there = (
        at.get("attrition.present_months", at["attrition.combat_months"]) / found.values["experience.scale"]
    )
    size = np.maximum(np.maximum(learnt, there).max(axis=0), 1e-2)
    close(at["experience.index"], learnt, "experience", size)


# ---------------------------------------------------------------- goods


def loads_hold_goods(found: Found, _days: np.ndarray, at: Rows) -> None:
    """What came, what its loads could hold, what was used of it, and what part of all it makes up."""
    for name in used(found, "flow"):
        chosen, delivered = settings_of(found, name), at[f"{name}.delivered"]
        value = {key.partition(".")[2]: x for key, x in found.values.items() if key.startswith(f"{name}.")}
        if chosen.get("packed"):
            loads = at[f"{name}.loads"]
            close(loads * value["load"], delivered, f"goods in the loads of {name}")
            close(loads * value["capacity"], at[f"{name}.capacity"], f"capacity of the loads of {name}")
        if chosen.get("used"):
            at_most(at[f"{name}.used"], value["used_share"] * delivered, f"{name} used")
        if chosen.get("market"):
            share = at[f"{name}.yearly"] * (1 - value["faulty"]) / value["market"]
            close(at[f"{name}.share"], np.clip(share, 0.0, 0.999), f"share of {name}", 1e-2)


# ---------------------------------------------------------------- money


def pay_makes_income(found: Found, days: np.ndarray, at: Rows) -> None:
    """Row S3, both arithmetics: pay times soldiers, and twelve months of it over a year's exports."""
    close(at["earnings.pay"] * at["attrition.present"], at["earnings.monthly"], "pay times soldiers")
    close(12 * at["earnings.monthly"], at["earnings.yearly"], "twelve months")
    exports = at["economy.exports"]
    close(at["earnings.export_share"] * exports, 12 * at["earnings.monthly"], "income over exports")
    if at is found.past:  # after the decision date, what pressure cuts doesn't come home
        at_most(at["earnings.sent_home"], at["earnings.troops_total"], "sent home of the income")
        close(at["earnings.sent_home"], at["earnings.cash"] * at["earnings.troops_total"], "sent home")
    close(at["earnings.cash"], by_state(found, "payback", "earnings.cash") + 0 * days, "share sent home")
    for grade in used(found, "grade"):
        ratio = found.values[f"earnings.ratio.{grade}"]
        close(at[f"{grade}.pay"], ratio * at["earnings.pay"], f"pay of a {grade}")


def arms_have_their_prices(found: Found, days: np.ndarray, at: Rows) -> None:
    goods = settings_of(found, "earnings").get("goods", ())
    assert isinstance(goods, list | tuple)
    worth = [found.values[f"earnings.price.{name}"] * at[f"{name}.delivered"] for name in goods]
    close(at["earnings.arms_value"], sum(worth, 0.0 * days), "value of arms")


def benefits_are_sums(found: Found, _days: np.ndarray, at: Rows) -> None:
    if not used(found, "benefits"):
        return
    value, costs = found.values, at["benefits.costs"]
    names = settings_of(found, "benefits")["flows"]
    assert isinstance(names, list | tuple)
    flows = sum(at[f"{name}.delivered"] for name in names)
    grants = {"grant": "dead", "injured_grant": "injured"}
    paid = sum(value[f"benefits.{key}"] * at[f"attrition.{lost}"] for key, lost in grants.items())
    close(at["benefits.compensation"], paid, "compensation")
    close(at["benefits.compensation_local"], paid * value["benefits.exchange"], "compensation at home")
    close(at["benefits.total"], at["earnings.currency"] + costs + flows, "all that is got")
    outlay = at["earnings.troops_total"] + costs + flows + at["benefits.compensation"]
    close(at["benefits.outlay"], outlay, "all that is paid")
    close(at["benefits.pay_ratio"] * value["benefits.home_pay"], at["earnings.pay"], "pay at home and abroad")


# ---------------------------------------------------------------- what follows from what


def chances_nest(found: Found, _days: np.ndarray, at: Rows) -> None:
    """Nothing escalates that hasn't begun; no treaty is invoked that isn't signed."""
    at_most(at["deterrence.escalation"], at["deterrence.incident"], "escalations of incidents")
    if used(found, "treaty"):
        at_most(at["treaty.activation"], at["deterrence.escalation"], "treaty invoked in escalations")
        at_most(at["treaty.activation"], at["treaty.signed"], "treaty invoked once signed")
    if used(found, "assistance"):
        stages = [at[f"assistance.{stage}"] for stage in ("sought", "promised", "delivered")]
        at_most(stages[1], stages[0], "promised of what is sought")
        at_most(stages[2], stages[1], "delivered of what is promised")


def programmes_are_means(found: Found, _days: np.ndarray, at: Rows) -> None:
    for name in used(found, "programme"):
        if f"{name}.attempts" in at:
            at_most(at[f"{name}.successes"], at[f"{name}.attempts"], f"successes of {name}")
    for name in used(found, "programmes"):
        over = settings_of(found, name)["over"]
        assert isinstance(over, list | tuple)
        gained = np.mean([at[f"{programme}.gained"] for programme in over], axis=0)
        close(at[f"{name}.months_gained"], gained, "months gained")


IDENTITIES: tuple[Callable[[Found, np.ndarray, Rows], None], ...] = (
    losses_add_up,
    own_losses_are_made_good,
    who_fights_has_come_to_fight,
    workers_come_and_earn,
    what_is_counted_is_whole_and_lies_under_its_attempts,
    forces_stand_or_have_gone_home,
    experience_follows_combat,
    loads_hold_goods,
    pay_makes_income,
    arms_have_their_prices,
    benefits_are_sums,
    chances_nest,
    programmes_are_means,
)


# ---------------------------------------------------------------- over time


def rates_are_differences_of_running_totals(found: Found) -> None:
    days = found.model.history
    total = found.on("attrition.total", days)
    week = total - found.on("attrition.total", days - WEEK)
    close(found.on("attrition.weekly", days), week, "losses of a week", total)
    for flow in used(found, "flow"):
        delivered = found.on(f"{flow}.delivered", days)
        year = delivered - found.on(f"{flow}.delivered", days - YEAR)
        close(found.on(f"{flow}.yearly", days), year, f"{flow} of a year", delivered)
    lengths = np.diff(found.model.nodes)[:, None]
    whole_weeks = lengths[:, 0] >= WEEK  # the last week of a shorter month began before it
    steps, total = found.steps("attrition.total") * WEEK / lengths, found.ahead["attrition.total"]
    weekly = found.ahead["attrition.weekly"]
    close(weekly[whole_weeks], steps[whole_weeks], "a week ahead", total[whole_weeks])


def chances_since_the_decision_date_only_grow(found: Found) -> None:
    for output in ("deterrence.incident", "deterrence.escalation", *(
        f"{programme}.reached" for programme in used(found, "programme")
    )):  # fmt: skip
        assert np.all(np.diff(found.path(output), axis=0) >= -FLOAT), output


def hard_currency_before_the_decision_date_is_the_sum_of_its_parts(found: Found) -> None:
    at, chosen = found.past, settings_of(found, "earnings")
    parts = at["earnings.sent_home"]
    if chosen.get("goods"):
        parts = parts + at["earnings.arms_value"] * by_state(found, "payback", "earnings.paid")
    if chosen.get("labour", True):
        parts = parts + at["economy.worker_months"] * found.values["earnings.wage"]
    for flow in chosen.get("money", ()):
        parts = parts + at[f"{flow}.delivered"]
    close(at["earnings.currency"], parts, "hard currency")


OVER_TIME: tuple[Callable[[Found], None], ...] = (
    rates_are_differences_of_running_totals,
    chances_since_the_decision_date_only_grow,
    hard_currency_before_the_decision_date_is_the_sum_of_its_parts,
)


def in_both_halves(identity: Callable[[Found, np.ndarray, Rows], None], found: Found) -> None:
    for _, days, at in found.halves():
        identity(found, days, at)


def fault(check: Callable[[], None]) -> str:
    """The message with which a check fails; empty where it doesn't."""
    try:
        check()
    except AssertionError as error:
        return str(error).partition("\n")[0] or "wrong"
    return ""


@everywhere
@often
@anywhere
def test_sums_hold_in_every_world(name: str, seed: int, spread: float) -> None:
    """All of them on the same worlds: to simulate costs far more than to add up."""
    found = whole(name).random(seed, spread)
    checks = {identity.__name__: partial(in_both_halves, identity, found) for identity in IDENTITIES}
    checks |= {identity.__name__: partial(identity, found) for identity in OVER_TIME}
    faults = {title: fault(check) for title, check in checks.items()}
    assert {title: said for title, said in faults.items() if said} == {}


# ---------------------------------------------------------------- income by the month, two ways


def troop_income(found: Found) -> None:
    """What the troops earn after the decision date is pay for every person-month served, as before it."""
    earned, served = found.steps("earnings.troops_total"), found.steps("attrition.present_months")
    close(earned, found.ahead["earnings.pay"] * served, "pay times person-months", earned.max(axis=0))


def income_by_rate(found: Found) -> None:
    """What a month brings in, before the decision date as after, is the monthly income over its length."""
    ends = found.model.history
    total, rate = found.on("earnings.troops_total", ends), found.on("earnings.monthly", ends)
    earned = np.diff(total, axis=0)
    held = np.diff(ends)[:, None] / DAYS_A_MONTH
    low, high = np.minimum(rate[1:], rate[:-1]) * held, np.maximum(rate[1:], rate[:-1]) * held
    error = FLOAT * total[1:] + 0.25 * high  # a force may come and go within a month
    assert np.all(earned >= low - error)
    assert np.all(earned <= high + error)


def currency_ahead(found: Found) -> None:
    """After the decision date, too, hard currency is what was sent home and its other parts."""
    parts, chosen = found.steps("earnings.sent_home"), settings_of(found, "earnings")
    if chosen.get("goods"):
        parts = parts + found.steps("earnings.arms_value") * by_state(found, "payback", "earnings.paid")
    if chosen.get("labour", True):
        months = np.diff(found.model.nodes)[:, None] / DAYS_A_MONTH
        labour = found.ahead["economy.workers"] * found.values["earnings.wage"] * months
        parts = parts + labour * (1.0 - found.ahead["pressure.cut"])
    for flow in chosen.get("money", ()):
        parts = parts + found.steps(f"{flow}.delivered")
    close(found.steps("earnings.currency"), parts, "hard currency", found.ahead["earnings.currency"])


@pytest.mark.parametrize("identity", [troop_income, income_by_rate, currency_ahead])
@everywhere
def test_income_is_the_same_whichever_way_it_is_added_up(
    name: str, identity: Callable[[Found], None]
) -> None:
    """In worlds where nobody does anything and the war goes on; then under levers and futures at random."""
    identity(unchanged(name, 0))
    if identity is currency_ahead:
        identity(whole(name).random(0))


# ---------------------------------------------------------------- the documents' own figures


def test_the_models_arithmetic_is_that_of_the_documents() -> None:
    """Rows S3 and S4: the formulas of the case's checks, on the model's numbers, give the model's numbers."""
    checks, at = load_case("dprk-russia").checks, whole("dprk-russia").random(0).past
    same = {
        "monthly_income": ("earnings.monthly", {"pay": "earnings.pay", "soldiers": "attrition.present"}),
        "export_share_annualised": (
            "earnings.export_share",
            {"income": "earnings.monthly", "exports": "economy.exports"},
        ),
        "losses_of_force": ("attrition.total", {"share": "attrition.share", "soldiers": "deployment.sent"}),
    }
    for check, (output, inputs) in same.items():
        numbers = {name: at[observable] for name, observable in inputs.items()}
        found = eval(checks[check].formula, {"__builtins__": {}}, numbers)
        sent = at["deployment.sent"] >= 1.0
        close(found[sent], at[output][sent], check)

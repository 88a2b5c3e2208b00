"""What the sender earns: pay for soldiers, value of arms, labour, and the hard currency among it.

    monthly  = pay·present               pay by the hypothesis `pay`, USD a soldier and month
    value    = Σ_goods price·delivered    USD at the prices assumed; not cash received
    currency = troop income·cash + value·paid + labour,  cash and paid by the hypothesis `payback`

Labour is workers·wage·months. After the decision date what pressure cuts is lost. All in USD.
`money` names flows that are hard currency as they stand, and count in full. With `labour = false`
no workers are counted. With `raised`, pay is higher by the share `raise` from the day `raised` on;
with `scaled_by`, pay after the decision date is multiplied by what that names. `grades` names grades
of soldiers whose pay is a ratio to the mean (see `grade`).
Source: Olena Guseinova (2024), *Arms for influence?*, Friedrich Naumann Foundation, for pricing by
past sales; wages and shares are judgement. Prices are per unit of the goods.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jaxtyping import Array

from quidproquo.worlds.functions import accumulate, constant
from quidproquo.worlds.mechanism import (
    DAYS_A_MONTH,
    DAYS_A_YEAR,
    Ahead,
    Days,
    Mechanism,
    Output,
    Outputs,
    Parameter,
    Past,
)


def _named(settings: Mapping[str, object], kind: str = "goods") -> tuple[str, ...]:
    """What a setting lists: `goods`, `money` or `grades`."""
    names = settings.get(kind, ())
    assert isinstance(names, (tuple, list))
    return tuple(str(name) for name in names)


def _states(settings: Mapping[str, object], hypothesis: str) -> tuple[str, ...]:
    states = settings[f"states.{hypothesis}"]
    assert isinstance(states, tuple)
    return states


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    rows: list[Parameter] = []
    if settings.get("labour", True):
        rows.append(Parameter("wage", "USD/month", "what a civilian worker abroad brings in a month"))
    rows += [
        Parameter(f"price.{name}", "USD/goods", f"price assumed for {name}") for name in _named(settings)
    ]
    rows += [
        Parameter(f"pay.{state}", "USD/month", f"pay for a soldier if '{state}' holds")
        for state in _states(settings, "pay")
    ]
    if settings.get("raised"):
        rows.append(Parameter("raise", "fraction", "by which pay was raised"))
        rows.append(Parameter("raised", "years", "when it was raised, after the case's start"))
    rows += [
        Parameter(f"ratio.{grade}", "1", f"pay of a {grade.replace('_', ' ')} over the mean of all")
        for grade in _named(settings, "grades")
    ]
    shares = {"cash": "troop income"} | ({"paid": "the value of arms"} if _named(settings) else {})
    for branch, what in shares.items():
        rows += [
            Parameter(
                f"{branch}.{state}", "fraction", f"share of {what} paid in hard currency if '{state}' holds"
            )
            for state in _states(settings, "payback")
        ]
    return tuple(rows)


def _value(past: Past, delivered: Mapping[str, Array]) -> Array:
    return sum((past[f"price.{name}"] * amount for name, amount in delivered.items()), jnp.zeros(()))


def _pay(past: Past, days: Days) -> Array:
    """Pay for one soldier on each day, USD a month."""
    pay = past.state("pay", "pay")
    if past.settings.get("raised"):
        pay = pay * (1.0 + past["raise"] * (days >= past["raised"] * DAYS_A_YEAR))
    return pay


def _troops(past: Past, days: Days) -> Array:
    """Pay for all person-months served so far, USD."""
    served = past.observe("attrition.present_months", days)
    if past.settings.get("raised"):
        until = jnp.minimum(days, past["raised"] * DAYS_A_YEAR)
        served = served + past["raise"] * (served - past.observe("attrition.present_months", until))
    return past.state("pay", "pay") * served


def _money(past: Past, days: Days) -> Array:
    """What the flows of money have brought so far; nothing where there are none."""
    flows = (past.observe(f"{name}.delivered", days) for name in _named(past.settings, "money"))
    return sum(flows, jnp.zeros(()))


def _rates(pay: Array, present: Array, exports: Array) -> Outputs:
    monthly = pay * present
    return {
        "pay": constant(pay, present),
        "monthly": monthly,
        "yearly": 12.0 * monthly,
        "export_share": 12.0 * monthly / exports,
    }


def _past(past: Past, days: Days) -> Outputs:
    value = _value(past, {g: past.observe(f"{g}.delivered", days) for g in _named(past.settings)})
    troops = _troops(past, days)
    cash = past.state("payback", "cash")
    currency = troops * cash
    if _named(past.settings):
        currency = currency + value * past.state("payback", "paid")
    if past.settings.get("labour", True):
        labour = past.observe("economy.workers", days) * past["wage"] * days / DAYS_A_MONTH
        currency = currency + jnp.maximum(labour, 0.0)
    if _named(past.settings, "money"):
        currency = currency + _money(past, days)
    present = past.observe("attrition.present", days)
    return _rates(_pay(past, days), present, past.observe("economy.exports", days)) | {
        "troops_total": troops,
        "sent_home": troops * cash,
        "cash": constant(cash, days),
        "arms_value": constant(value, days),
        "currency": currency,
    }


def _ahead(ahead: Ahead) -> Outputs:
    past = ahead.past
    value = _value(past, {g: ahead.read(f"{g}.delivered") for g in _named(past.settings)})
    pay = _pay(past, ahead.nodes[1:]) * ahead.scale()
    rates = _rates(pay, ahead.read("attrition.present"), ahead.read("economy.exports"))
    wages = pay * ahead.steps("attrition.present_months", ahead.read("attrition.present_months"))
    cash = past.state("payback", "cash")
    home = wages * cash * ahead.kept()
    earned = home
    if past.settings.get("labour", True):
        earned = earned + ahead.read("economy.workers") * past["wage"] * ahead.months * ahead.kept()
    if _named(past.settings):
        earned = earned + ahead.steps("earnings.arms_value", value) * past.state("payback", "paid")
    for name in _named(past.settings, "money"):
        earned = earned + ahead.steps(f"{name}.delivered", ahead.read(f"{name}.delivered"))
    return rates | {
        "troops_total": accumulate(ahead.now("earnings.troops_total"), wages),
        "sent_home": accumulate(ahead.now("earnings.sent_home"), home),
        "cash": constant(cash, wages),
        "arms_value": constant(value, wages),
        "currency": accumulate(ahead.now("earnings.currency"), earned),
    }


MECHANISM = Mechanism(
    id="earnings",
    title="Pay, prices and hard currency",
    parameters=_parameters,
    outputs=(
        Output("pay", "USD/month", "rate", "pay for one soldier a month"),
        Output("monthly", "USD/month", "rate", "troop income a month"),
        Output("yearly", "USD/year", "rate", "troop income over twelve months at this strength"),
        Output("export_share", "fraction", "ratio", "annualised troop income over yearly exports"),
        Output("troops_total", "USD", "cumulative", "troop income so far"),
        Output("sent_home", "USD", "cumulative", "troop income so far that came home as hard currency"),
        Output("cash", "fraction", "share", "share of troop income that comes home as hard currency"),
        Output("arms_value", "USD", "cumulative", "value of arms so far at the prices assumed"),
        Output("currency", "USD", "cumulative", "hard currency from all of it so far"),
    ),
    reads=("attrition.present", "attrition.present_months", "economy.exports", "economy.workers"),
    reads_if=("pressure.cut",),
    hypotheses=("pay", "payback"),
    past=_past,
    ahead=_ahead,
    source="judgement; Guseinova 2024",
)

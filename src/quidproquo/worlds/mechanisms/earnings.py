"""What the sender earns: pay for soldiers, value of arms, labour, and the hard currency among it.

    monthly  = pay·present               pay by the hypothesis `pay`, USD a soldier and month
    value    = Σ_goods price·delivered    USD at the prices assumed; not cash received
    currency = troop income·cash + value·paid + labour,  cash and paid by the hypothesis `payback`

Labour is workers·wage·months. After the decision date what pressure cuts is lost. All in USD.
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
    Ahead,
    Days,
    Mechanism,
    Output,
    Outputs,
    Parameter,
    Past,
)


def _goods(settings: Mapping[str, object]) -> tuple[str, ...]:
    goods = settings.get("goods", ())
    assert isinstance(goods, (tuple, list))
    return tuple(str(name) for name in goods)


def _states(settings: Mapping[str, object], hypothesis: str) -> tuple[str, ...]:
    states = settings[f"states.{hypothesis}"]
    assert isinstance(states, tuple)
    return states


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    rows = [Parameter("wage", "USD/month", "what a civilian worker abroad brings in a month")]
    rows += [
        Parameter(f"price.{name}", "USD/goods", f"price assumed for {name}") for name in _goods(settings)
    ]
    rows += [
        Parameter(f"pay.{state}", "USD/month", f"pay for a soldier if '{state}' holds")
        for state in _states(settings, "pay")
    ]
    for branch, what in (("cash", "troop income"), ("paid", "the value of arms")):
        rows += [
            Parameter(
                f"{branch}.{state}", "fraction", f"share of {what} paid in hard currency if '{state}' holds"
            )
            for state in _states(settings, "payback")
        ]
    return tuple(rows)


def _value(past: Past, delivered: Mapping[str, Array]) -> Array:
    return sum((past[f"price.{name}"] * amount for name, amount in delivered.items()), jnp.zeros(()))


def _rates(pay: Array, present: Array, exports: Array) -> Outputs:
    monthly = pay * present
    return {
        "pay": constant(pay, present),
        "monthly": monthly,
        "yearly": 12.0 * monthly,
        "export_share": 12.0 * monthly / exports,
    }


def _past(past: Past, days: Days) -> Outputs:
    pay = past.state("pay", "pay")
    goods = {g: past.observe(f"{g}.delivered", days) for g in _goods(past.settings)}
    value = _value(past, goods)
    troops = pay * past.observe("deployment.person_months", days)
    labour = past.observe("economy.workers", days) * past["wage"] * days / DAYS_A_MONTH
    cash, paid = past.state("payback", "cash"), past.state("payback", "paid")
    present = past.observe("attrition.present", days)
    return _rates(pay, present, past.observe("economy.exports", days)) | {
        "troops_total": troops,
        "arms_value": value,
        "currency": troops * cash + value * paid + jnp.maximum(labour, 0.0),
    }


def _ahead(ahead: Ahead) -> Outputs:
    past = ahead.past
    pay = past.state("pay", "pay")
    goods = {g: ahead.read(f"{g}.delivered") for g in _goods(past.settings)}
    value = _value(past, goods)
    start = ahead.now("earnings.arms_value")
    present = ahead.read("attrition.present")
    rates = _rates(pay, present, ahead.read("economy.exports"))
    on, kept = ahead.read("war.on"), 1.0 - ahead.read("pressure.cut")
    wages = rates["monthly"] * ahead.months * on
    labour = ahead.read("economy.workers") * past["wage"] * ahead.months
    earned = (wages * past.state("payback", "cash") + labour) * kept
    bought = jnp.diff(jnp.concatenate([start[None], value]), axis=0) * past.state("payback", "paid")
    currency = accumulate(ahead.now("earnings.currency"), earned + bought)
    return rates | {
        "troops_total": accumulate(ahead.now("earnings.troops_total"), wages),
        "arms_value": value,
        "currency": currency,
    }


MECHANISM = Mechanism(
    id="earnings",
    title="Pay, prices and hard currency",
    parameters=_parameters,
    outputs=(
        Output("pay", "USD/month", "rate", "pay for one soldier a month"),
        Output("monthly", "USD/month", "rate", "troop income a month"),
        Output("yearly", "USD/year", "rate", "troop income over twelve months at this strength"),
        Output("export_share", "fraction", "share", "annualised troop income over yearly exports"),
        Output("troops_total", "USD", "cumulative", "troop income so far"),
        Output("arms_value", "USD", "cumulative", "value of arms so far at the prices assumed"),
        Output("currency", "USD", "cumulative", "hard currency from all of it so far"),
    ),
    reads=("war.on", "pressure.cut", "attrition.present", "economy.exports", "economy.workers"),
    hypotheses=("pay", "payback"),
    past=_past,
    ahead=_ahead,
    source="judgement; Guseinova 2024",
)

"""What the sender earns: pay for soldiers, value of arms, labour, what comes back in goods, and the balance.

    monthly  = pay·present               pay by the hypothesis `pay`, USD a soldier and month
    value    = Σ_goods price·delivered    USD at the prices assumed; not cash received
    sent_home = troop income·cash,  from_arms = value·paid,  cash and paid by the hypothesis `payback`
    from_labour = wage·∫ workers
    currency = sent_home + from_arms + from_labour + Σ money     hard currency, by its parts
    in_kind  = bartered·Σ_barter price·delivered    the part of goods sent back that settles the bill
    balance  = value + troop income − sent_home − from_arms − in_kind

The balance is what money and goods leave unpaid: to be settled in weapons, know-how or cover, or
not at all; it is negative where goods came for more than was owed. After the decision date what
pressure cuts from pay and wages is lost, and of neither comes more than there is. All in USD.
`money` names flows that are hard currency as they stand, and count in full. With `labour = false`
no workers are counted. With `raised`, pay is higher by the share `raise` from the day `raised` on;
with `scaled_by`, pay after the decision date is multiplied by what that names. `grades` names grades
of soldiers whose pay is a ratio to the mean (see `grade`). `barter` names flows that come back.
With `kept`, the state keeps that share of the pay, and the rest reaches the soldiers:
troop income = to_state + to_soldiers; `unpromised` names states of `pay` in which nobody promised
the soldiers anything. Shares of a year's exports and output set twelve months' pay against them.
Source: Olena Guseinova (2024), *Arms for influence?*, Friedrich Naumann Foundation, for pricing by
past sales; prices and shares as the case cites them. Prices are per unit of the goods.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jaxtyping import Array

from quidproquo.worlds.functions import accumulate, constant
from quidproquo.worlds.mechanism import (
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
    """What a setting lists: `goods`, `money`, `barter`, `grades` or `unpromised`."""
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
        Parameter(f"price.{name}", "USD/goods", f"price assumed for {name}")
        for name in _named(settings) + _named(settings, "barter")
    ]
    rows += [
        Parameter(f"pay.{state}", "USD/month", f"pay for a soldier if the answer is '{state}'")
        for state in _states(settings, "pay")
    ]
    if settings.get("raised"):
        rows.append(Parameter("raise", "fraction", "by which pay was raised"))
        rows.append(Parameter("raised", "years", "when it was raised, after the case's start"))
    rows += [
        Parameter(f"ratio.{grade}", "1", f"pay of a {grade.replace('_', ' ')} over the mean of all")
        for grade in _named(settings, "grades")
    ]
    if settings.get("kept"):
        rows.append(Parameter("kept", "fraction", "share of the pay that the state keeps"))
        rows.append(
            Parameter("told", "fraction", "chance that soldiers are promised pay, where there is any")
        )
    shares = {"cash": "share of troop income paid in hard currency"}
    if _named(settings):
        shares["paid"] = "share of the value of arms paid in hard currency"
    if _named(settings, "barter"):
        shares["bartered"] = "share of the goods sent back that settles the bill"
    for branch, what in shares.items():
        rows += [
            Parameter(f"{branch}.{state}", "fraction", f"{what} if the answer is '{state}'")
            for state in _states(settings, "payback")
        ]
    return tuple(rows)


def _value(past: Past, delivered: Mapping[str, Array]) -> Array:
    return sum((past[f"price.{name}"] * amount for name, amount in delivered.items()), jnp.zeros(()))


def _worth(past: Past, days: Days, kind: str) -> Array:
    """Worth of flows so far, at the prices assumed, USD."""
    return _value(
        past, {name: past.observe(f"{name}.delivered", days) for name in _named(past.settings, kind)}
    )


def _worth_ahead(ahead: Ahead, kind: str) -> Array:
    """The same for the months ahead."""
    return _value(
        ahead.past, {name: ahead.read(f"{name}.delivered") for name in _named(ahead.past.settings, kind)}
    )


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


def _rates(pay: Array, present: Array, exports: Array, output: Array) -> Outputs:
    monthly = pay * present
    return {
        "pay": constant(pay, present),
        "monthly": monthly,
        "yearly": 12.0 * monthly,
        "export_share": 12.0 * monthly / exports,
        "output_share": 12.0 * monthly / output,
    }


def _sums(past: Past, parts: Outputs) -> Outputs:
    """Totals from their parts, so that money is conserved: see the head of this file."""
    value, troops = parts["arms_value"], parts["troops_total"]
    home, arms = parts["sent_home"], parts["from_arms"]
    outputs = parts | {
        "cash": constant(past.state("payback", "cash"), troops),
        "currency": home + arms + parts["from_labour"] + parts["from_money"],
        "balance": value + troops - home - arms - parts["in_kind"],
    }
    if _named(past.settings):
        outputs["paid"] = constant(past.state("payback", "paid"), troops)
    if past.settings.get("kept"):
        outputs |= _kept(past, troops)
    return outputs


def _kept(past: Past, troops: Array) -> Outputs:
    """What the state keeps of the pay, what reaches soldiers, and whether they were promised any."""
    unpromised = past.holds("pay", _named(past.settings, "unpromised"))
    kept = past["kept"]
    return {
        "kept": constant(kept, troops),
        "mostly_kept": constant((kept > 0.5).astype(troops.dtype), troops),
        "promised": constant(past["told"] * (1.0 - unpromised), troops),
        "to_state": troops * kept,
        "to_soldiers": troops * (1.0 - kept),
    }


def _past(past: Past, days: Days) -> Outputs:
    value, troops = _worth(past, days, "goods"), _troops(past, days)
    nothing = jnp.zeros_like(days)
    arms, kind, labour = nothing, nothing, nothing
    if _named(past.settings):
        arms = value * past.state("payback", "paid")
    if _named(past.settings, "barter"):
        kind = _worth(past, days, "barter") * past.state("payback", "bartered")
    if past.settings.get("labour", True):
        labour = past.observe("economy.worker_months", days) * past["wage"]
    present = past.observe("attrition.present", days)
    exports, output = (past.observe(f"economy.{name}", days) for name in ("exports", "output"))
    parts = {
        "troops_total": troops,
        "arms_value": constant(value, days),
        "sent_home": troops * past.state("payback", "cash"),
        "from_arms": arms,
        "from_labour": jnp.maximum(labour, 0.0),
        "from_money": _money(past, days) + nothing,
        "in_kind": kind,
    }
    return _rates(_pay(past, days), present, exports, output) | _sums(past, parts)


def _ahead(ahead: Ahead) -> Outputs:
    past = ahead.past
    value = _worth_ahead(ahead, "goods")
    pay = _pay(past, ahead.ends) * ahead.scale()
    rates = _rates(
        pay, ahead.read("attrition.present"), ahead.read("economy.exports"), ahead.read("economy.output")
    )
    wages = pay * ahead.steps("attrition.present_months", ahead.read("attrition.present_months"))
    nothing = jnp.zeros_like(ahead.months)
    arms, kind, labour, money = nothing, nothing, nothing, nothing
    if _named(past.settings):
        arms = ahead.steps("earnings.arms_value", value) * past.state("payback", "paid")
    if _named(past.settings, "barter"):
        back = _worth_ahead(ahead, "barter")
        before = _worth(past, ahead.today, "barter")
        kind = jnp.diff(jnp.concatenate([before, back]), axis=0) * past.state("payback", "bartered")
    if past.settings.get("labour", True):
        labour = ahead.read("economy.workers") * past["wage"] * ahead.months * ahead.kept()
    for name in _named(past.settings, "money"):
        money = money + ahead.steps(f"{name}.delivered", ahead.read(f"{name}.delivered"))
    gained = {
        "troops_total": wages,
        # less pressure may raise the share that comes home, never beyond all of it
        "sent_home": wages * jnp.minimum(past.state("payback", "cash") * ahead.kept(), 1.0),
        "from_arms": arms,
        "from_labour": labour,
        "from_money": money,
        "in_kind": kind,
    }
    parts = {name: accumulate(ahead.now(f"earnings.{name}"), steps) for name, steps in gained.items()}
    return rates | _sums(past, parts | {"arms_value": constant(value, wages)})


MECHANISM = Mechanism(
    id="earnings",
    title="Pay, prices and hard currency",
    parameters=_parameters,
    outputs=(
        Output("pay", "USD/month", "rate", "pay for one soldier a month"),
        Output("monthly", "USD/month", "rate", "troop income a month"),
        Output("yearly", "USD/year", "rate", "troop income over twelve months at this strength"),
        Output("export_share", "fraction", "ratio", "annualised troop income over yearly exports"),
        Output("output_share", "fraction", "ratio", "annualised troop income over yearly output"),
        Output("troops_total", "USD", "cumulative", "troop income so far"),
        Output("kept", "fraction", "share", "share of the pay that the state keeps"),
        Output("mostly_kept", "fraction", "event", "the state keeps most of the pay"),
        Output("promised", "fraction", "event", "the soldiers were promised pay"),
        Output("to_state", "USD", "cumulative", "troop income so far that the state keeps"),
        Output("to_soldiers", "USD", "cumulative", "troop income so far that reaches the soldiers"),
        Output("cash", "fraction", "share", "share of troop income that comes home as hard currency"),
        Output("paid", "fraction", "share", "share of the value of arms paid in hard currency"),
        Output("arms_value", "USD", "cumulative", "value of arms so far at the prices assumed"),
        Output("sent_home", "USD", "cumulative", "troop income so far that came home as hard currency"),
        Output("from_arms", "USD", "cumulative", "hard currency so far for arms"),
        Output("from_labour", "USD", "cumulative", "hard currency so far from civilian labour"),
        Output("from_money", "USD", "cumulative", "flows of money so far"),
        Output("currency", "USD", "cumulative", "hard currency from all of it so far"),
        Output("in_kind", "USD", "cumulative", "worth of goods sent back so far that settles the bill"),
        Output("balance", "USD", "change", "what money and goods have left unpaid so far"),
    ),
    reads=(
        "attrition.present",
        "attrition.present_months",
        "economy.exports",
        "economy.output",
        "economy.workers",
        "economy.worker_months",
    ),
    reads_if=("pressure.cut",),
    hypotheses=("pay", "payback"),
    past=_past,
    ahead=_ahead,
    source="judgement; Guseinova 2024",
)

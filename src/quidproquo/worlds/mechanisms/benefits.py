"""Everything that the sender draws from the partnership, each definition apart, and what it costs the patron.

    costs        = upkeep·person-years           what the patron bears of keeping the force
    total        = currency + costs + Σ flows     everything, whoever counts it
    outlay       = troop income + costs + Σ flows + compensation    what the patron pays
    fx_share     = currency of the last twelve months/(that + exports)
    compensation = grant·dead + injured_grant·injured

`flows` in the settings names flows of money's worth beside pay and sales, such as added aid.
`currency` is what `earnings` counts: a part of the total, not the whole. With `scaled_by`, costs
after the decision date are multiplied by what that names. USD.
Source: definitions; the amounts are judgement.
"""

from __future__ import annotations

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
    fixed,
)

_LOST = ("dead", "injured")
_EARNED = ("currency", "troops_total")


def _flows(past: Past) -> tuple[str, ...]:
    flows = past.settings.get("flows", ())
    assert isinstance(flows, (tuple, list))
    return tuple(str(name) for name in flows)


def _sums(past: Past, got: Outputs) -> Outputs:
    """Sums of running totals: currency, troop income, costs and flows in USD; the dead and injured."""
    flows = sum((got[name] for name in _flows(past)), jnp.zeros(()))
    costs = got["costs"]
    compensation = past["grant"] * got["dead"] + past["injured_grant"] * got["injured"]
    return {
        "costs": costs,
        "total": got["currency"] + costs + flows,
        "outlay": got["troops_total"] + costs + flows + compensation,
        "compensation": compensation,
        "compensation_local": compensation * past["exchange"],
        "per_soldier": constant(past["upkeep"], costs),
    }


def _share(year: Array, exports: Array) -> Array:
    year = jnp.maximum(year, 0.0)
    return year / (year + exports)


def _past(past: Past, days: Days) -> Outputs:
    got = {name: past.observe(f"{name}.delivered", days) for name in _flows(past)}
    got |= {name: past.observe(f"attrition.{name}", days) for name in _LOST}
    got |= {name: past.observe(f"earnings.{name}", days) for name in _EARNED}
    got["costs"] = past["upkeep"] * past.observe("deployment.person_months", days) / 12.0
    year = got["currency"] - past.observe("earnings.currency", days - DAYS_A_YEAR)
    return _sums(past, got) | {
        "fx_share": _share(year, past.observe("economy.exports", days)),
        "pay_ratio": past.observe("earnings.pay", days) / past["home_pay"],
    }


def _ahead(ahead: Ahead) -> Outputs:
    got = {name: ahead.read(f"{name}.delivered") for name in _flows(ahead.past)}
    got |= {name: ahead.read(f"attrition.{name}") for name in _LOST}
    got |= {name: ahead.read(f"earnings.{name}") for name in _EARNED}
    served = ahead.steps("deployment.person_months", ahead.read("deployment.person_months"))
    borne = ahead["upkeep"] * served / 12.0 * ahead.scale()
    got["costs"] = accumulate(ahead.now("benefits.costs"), borne)
    year = got["currency"] - ahead.earlier("earnings.currency", got["currency"], DAYS_A_YEAR)
    return _sums(ahead.past, got) | {
        "fx_share": _share(year, ahead.read("economy.exports")),
        "pay_ratio": ahead.read("earnings.pay") / ahead["home_pay"],
    }


MECHANISM = Mechanism(
    id="benefits",
    title="All that the sender gets, definition by definition",
    parameters=fixed(
        Parameter("upkeep", "USD/year", "what the patron bears for one soldier a year, pay aside"),
        Parameter("grant", "USD", "what the patron pays for one dead"),
        Parameter("injured_grant", "USD", "what it pays for one injured, on the average"),
        Parameter("exchange", "1/USD", "units of the sender's money to the dollar"),
        Parameter("home_pay", "USD/month", "what a soldier is paid at home, mean over grades"),
    ),
    outputs=(
        Output("costs", "USD", "cumulative", "costs of the force that the patron has borne"),
        Output("total", "USD", "cumulative", "all benefits so far, aid and technology included"),
        Output("outlay", "USD", "cumulative", "what the partnership has cost the patron"),
        Output("compensation", "USD", "cumulative", "paid for the dead and injured"),
        Output("compensation_local", "local", "cumulative", "the same in the sender's money"),
        Output("per_soldier", "USD/year", "rate", "what the patron bears for one soldier a year"),
        Output("fx_share", "fraction", "share", "share of foreign exchange that comes from the partnership"),
        Output("pay_ratio", "1", "level", "pay abroad over pay at home"),
    ),
    reads=(
        "deployment.person_months",
        "attrition.dead",
        "attrition.injured",
        "earnings.currency",
        "earnings.troops_total",
        "earnings.pay",
        "economy.exports",
    ),
    past=_past,
    ahead=_ahead,
    source="definition; amounts judgement",
)

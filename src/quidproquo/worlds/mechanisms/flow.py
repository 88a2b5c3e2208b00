"""A stream of goods from one partner to the other: a trickle, then the main flow, with loads.

    delivered(d) = trickle·(d − t_e)₊ + rate·∫₀^{(d−t_m)₊} (1 − e^{−s/r})·e^{g·s} ds      years

t_e, t_m first days of trickle and main flow, r the run-up, g the drift a year. After the decision
date each month's amount is cut by outside pressure, and falls to `peace_share` when the war ends;
with `scaled_by`, it is multiplied by what that names.
With `packed`, goods travel in loads: loads = delivered/load, and what those loads *could* hold is
loads·capacity. A reported capacity is arithmetic on a reported count of loads, so it is set against
`room`, what a load could hold, times that count, and says nothing of goods or loads. With `used`, a share
of what came `lag` days ago has been used. With `market`, the stream is set against all that the
receiver uses in a year. After the decision date, what was delivered earlier is read between month
ends. Units of the goods; days. Source: judgement.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp

from quidproquo.worlds.functions import accumulate, constant, expm1_over, gains, past_start
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

_ALWAYS = (
    Parameter("early", "years", "start of the trickle, after the case's start"),
    Parameter("trickle", "goods/year", "size of the trickle"),
    Parameter("main", "years", "start of the main flow, after the case's start"),
    Parameter("rate", "goods/year", "size of the main flow once it has run up"),
    Parameter("run_up", "years", "time scale of the run-up"),
    Parameter("drift", "1/year", "growth of the main flow"),
    Parameter("peace_share", "fraction", "share of the flow that goes on after a ceasefire"),
)
_PACKED = (
    Parameter("load", "goods/load", "goods that a load holds"),
    Parameter("capacity", "goods/load", "goods that a load could hold"),
)
_USED = (
    Parameter("used_share", "fraction", "share of the goods that has been used"),
    Parameter("lag", "days", "from delivery to use"),
)
_MARKET = (
    Parameter("market", "goods/year", "what the receiver uses in a year"),
    Parameter("faulty", "fraction", "share of the goods that cannot be used"),
)


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    extra = {"packed": _PACKED, "used": _USED, "market": _MARKET}
    return _ALWAYS + tuple(p for key, rows in extra.items() if settings.get(key) for p in rows)


def _delivered(past: Past, days: Days) -> Days:
    years = days / DAYS_A_YEAR
    trickle = past["trickle"] * past_start(years, past["early"])
    since = past_start(years, past["main"])
    drift, decay = past["drift"], past["drift"] - 1.0 / past["run_up"]
    main = past["rate"] * (expm1_over(drift, since) - expm1_over(decay, since))
    return trickle + jnp.maximum(main, 0.0)


def _derived(past: Past, delivered: Days, yearly: Days, before: Days) -> Outputs:
    outputs = {"delivered": delivered, "yearly": yearly}
    if past.settings.get("packed"):
        loads = delivered / past["load"]
        room = constant(past["capacity"], delivered)
        outputs |= {"loads": loads, "room": room, "capacity": loads * past["capacity"]}
    if past.settings.get("used"):
        outputs["used"] = before * past["used_share"]
    if past.settings.get("market"):
        outputs["share"] = jnp.clip(yearly * (1 - past["faulty"]) / past["market"], 0.0, 0.999)
        outputs["faulty"] = constant(past["faulty"], delivered)
    return outputs


def _past(past: Past, days: Days) -> Outputs:
    delivered = _delivered(past, days)
    yearly = delivered - _delivered(past, days - DAYS_A_YEAR)
    before = _delivered(past, days - past["lag"]) if past.settings.get("used") else delivered
    return _derived(past, delivered, yearly, before)


def _ahead(ahead: Ahead) -> Outputs:
    past = ahead.past
    due = gains(_delivered(past, ahead.nodes))
    on = ahead.read("war.on")
    kept = (on + (1.0 - on) * ahead["peace_share"]) * ahead.kept()
    steps = due * kept * ahead.scale()
    delivered = accumulate(_delivered(past, ahead.today)[0], steps)
    before = delivered
    if past.settings.get("used"):
        before = ahead.earlier(f"{past.name}.delivered", delivered, past["lag"])
    yearly = delivered - ahead.earlier(f"{past.name}.delivered", delivered, DAYS_A_YEAR)
    return _derived(past, delivered, yearly, before)


MECHANISM = Mechanism(
    id="flow",
    title="Goods flow from one partner to the other",
    parameters=_parameters,
    outputs=(
        Output("delivered", "goods", "cumulative", "goods delivered so far"),
        Output("yearly", "goods/year", "rate", "goods delivered in the last twelve months"),
        Output("loads", "loads", "cumulative", "loads sent so far"),
        Output("room", "goods/load", "level", "goods that a load could hold"),
        Output("capacity", "goods", "cumulative", "goods that the loads could hold"),
        Output("used", "goods", "cumulative", "goods used so far"),
        Output("share", "fraction", "share", "share of the receiver's use that the goods make up"),
        Output("faulty", "fraction", "share", "share of the goods that cannot be used"),
    ),
    reads=("war.on",),
    reads_if=("pressure.cut",),
    past=_past,
    ahead=_ahead,
    source="judgement",
)

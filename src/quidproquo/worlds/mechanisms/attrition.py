"""Losses: a constant hazard for every month in combat, split into dead, injured and captured.

A cohort of n soldiers that is in combat since day a has lost n·(1 − exp(−h·τ)) of its men,
τ = (d − a)/30.4 months, h the hazard a month; a = arrival + travel + training. Captured are
`captured_share` of those lost, dead `dead_share` of the others, injured the rest, of whom
`recovered` return after two months. So nobody is lost who wasn't sent, and the parts add up.
Person-months in combat of a cohort are n·(1 − exp(−h·τ))/h.
Source: constant-hazard attrition is the simplest form of Dupuy (1990), *Attrition: Forecasting
Battle Casualties*; the numbers are judgement.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array

from quidproquo.worlds.functions import accumulate, constant, forgetting, past_start, running
from quidproquo.worlds.mechanism import (
    DAYS_A_MONTH,
    Ahead,
    Days,
    Mechanism,
    Output,
    Outputs,
    Parameter,
    Past,
    fixed,
)
from quidproquo.worlds.mechanisms.deployment import tranches

_WEEK = 7.0
_RECOVERY = 60.0  # days until the lightly injured are back
_FEW = 50.0  # persons in combat at which the event "in combat" is even odds


def _combat(past: Past, days: Days) -> tuple[Array, Array, Array]:
    """Per day: lost for good or for now, person-months in combat, and soldiers who have been in combat."""
    sizes, starts, spread = tranches(past)
    wait = spread + past["travel"] + past["training"]
    lost, in_combat = jnp.zeros_like(wait), jnp.zeros_like(wait)
    for size, start in zip(sizes, starts, strict=True):
        months = past_start(days, start + wait) / DAYS_A_MONTH
        lost = lost + size * (1.0 - jnp.exp(-past["hazard"] * months))
        in_combat = in_combat + size * (months > 0)
    share = past["theatre_share"]
    return lost * share, lost * share / past["hazard"], in_combat * share


def _arrived(past: Past, days: Days) -> Array:
    sizes, starts, spread = tranches(past)
    here = jnp.zeros_like(spread)
    for size, start in zip(sizes, starts, strict=True):
        here = here + size * jnp.clip((days - start - past["travel"]) / spread, 0.0, 1.0)
    return here * past["theatre_share"]


def _parts(past: Past, lost: Array) -> Outputs:
    captured = lost * past["captured_share"]
    dead = (lost - captured) * past["dead_share"]
    injured = lost - captured - dead
    return {"dead": dead, "injured": injured, "captured": captured, "total": dead + injured}


def _past(past: Past, days: Days) -> Outputs:
    lost, months, in_combat = _combat(past, days)
    parts = _parts(past, lost)
    earlier = _parts(past, _combat(past, days - _WEEK)[0])["total"]
    recovered = _parts(past, _combat(past, days - _RECOVERY)[0])["injured"] * past["recovered"]
    sent = past.observe("deployment.sent", days)
    start = tranches(past)[1][0]
    host = past["host_daily"] * jnp.maximum(days - start, DAYS_A_MONTH)
    gone = parts["dead"] + parts["captured"]
    return parts | {
        "share": parts["total"] / jnp.maximum(sent, 1.0),
        "weekly": parts["total"] - earlier,
        "present": jnp.maximum(sent - gone, 0.0),
        "theatre": jnp.maximum(_arrived(past, days) - lost + recovered, 0.0),
        "combat": in_combat / (in_combat + _FEW),
        "combat_months": months,
        "host_daily": constant(past["host_daily"], days),
        "replaced": jnp.clip(sent / host, 0.0, 1.0),
    }


def _ahead(ahead: Ahead) -> Outputs:
    past = ahead.past
    hazard = ahead["hazard"] * ahead.months * ahead.read("war.on")
    inflow = ahead.read("deployment.step") * ahead["theatre_share"]
    strength = forgetting(ahead.now("attrition.theatre"), inflow, hazard)
    entering = jnp.concatenate([ahead.now("attrition.theatre")[None], strength[:-1]]) + inflow
    lost = entering * (1.0 - jnp.exp(-hazard))
    steps = _parts(past, lost)
    totals = {key: accumulate(ahead.now(f"attrition.{key}"), step) for key, step in steps.items()}
    sent = ahead.read("deployment.sent")
    start = tranches(past)[1][0]
    host = ahead["host_daily"] * jnp.maximum(ahead.nodes[1:] - start, DAYS_A_MONTH)
    months = ahead.now("attrition.combat_months") + running(lost) / ahead["hazard"]
    return totals | {
        "share": totals["total"] / jnp.maximum(sent, 1.0),
        "weekly": steps["total"] * _WEEK / DAYS_A_MONTH / ahead.months,
        "present": jnp.maximum(sent - totals["dead"] - totals["captured"], 0.0),
        "theatre": strength,
        "combat": strength / (strength + _FEW),
        "combat_months": months,
        "host_daily": constant(ahead["host_daily"], sent),
        "replaced": jnp.clip(sent / host, 0.0, 1.0),
    }


MECHANISM = Mechanism(
    id="attrition",
    title="Losses in combat",
    parameters=fixed(
        Parameter("travel", "days", "from arrival in the host country to the fighting area"),
        Parameter("training", "days", "from there to combat"),
        Parameter("theatre_share", "fraction", "share of those sent who go to the fighting area"),
        Parameter("hazard", "1/month", "losses per soldier and month in combat"),
        Parameter("dead_share", "fraction", "dead among the dead and injured"),
        Parameter("captured_share", "fraction", "captured among those lost"),
        Parameter("recovered", "fraction", "injured who return to duty"),
        Parameter("host_daily", "persons/day", "losses of the host's own forces a day"),
    ),
    outputs=(
        Output("total", "persons", "cumulative", "dead and injured so far"),
        Output("dead", "persons", "cumulative", "dead so far"),
        Output("injured", "persons", "cumulative", "injured so far"),
        Output("captured", "persons", "cumulative", "captured so far"),
        Output("share", "fraction", "share", "dead and injured among those sent"),
        Output("weekly", "persons/week", "rate", "dead and injured in the week"),
        Output("present", "persons", "stock", "soldiers alive in the host country"),
        Output("theatre", "persons", "stock", "soldiers in the fighting area"),
        Output("combat", "fraction", "event", "soldiers are in combat"),
        Output("combat_months", "person-months", "cumulative", "time in combat"),
        Output("host_daily", "persons/day", "rate", "losses of the host's own forces a day"),
        Output("replaced", "fraction", "share", "share of the host's own losses that the troops replace"),
    ),
    reads=("war.on", "deployment.sent", "deployment.step"),
    past=_past,
    ahead=_ahead,
    source="judgement; Dupuy 1990",
)

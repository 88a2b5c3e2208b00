"""Losses: a constant hazard for every month in combat, split into dead, injured and captured.

A cohort of n soldiers that is in combat since day a has lost n·(1 − exp(−h·τ)) of its men,
τ = (d − a)/30.4 months, h the hazard a month; a = arrival + travel + training. Captured are
`captured_share` of those lost, dead `dead_share` of the others, injured the rest, of whom
`recovered` return after two months. So nobody is lost who wasn't sent, and the parts add up.
Person-months in combat of a cohort are n·(1 − exp(−h·τ))/h. Present are those sent but for the dead
and the captured; their person-months are what pay is reckoned on.

After the decision date those in combat carry on, and who comes later waits as long before his
first day: with S in combat, e who enter combat in a month and x = h·(months of war in it),
S′ = S·exp(−x) + e·(1 − exp(−x))/x. Nobody enters the fighting area once the war is over.

With `rotating`, a force of which those lost and those relieved are replaced loses the share
1 − exp(−h·tour) of all who serve in turn: with M person-months served in the fighting area until
travel and training ago, lost = M·(1 − exp(−h·tour))/tour. Of those whom that spares in their turn
some die of accident and illness, at `mishap` a month: `dead_all` counts every cause.
Source: constant-hazard attrition is the simplest form of Dupuy (1990), *Attrition: Forecasting
Battle Casualties*; the numbers are judgement.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jaxtyping import Array

from quidproquo.worlds.functions import (
    accumulate,
    constant,
    earlier,
    eroding,
    gains,
    past_start,
    ramp,
    running,
)
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
from quidproquo.worlds.mechanisms.deployment import tranches

_WEEK = 7.0
_RECOVERY = 60.0  # days until the lightly injured are back
_FEW = 50.0  # persons in combat at which the event "in combat" is even odds

_ALWAYS = (
    Parameter("travel", "days", "from arrival in the host country to the fighting area"),
    Parameter("training", "days", "from there to combat"),
    Parameter("theatre_share", "fraction", "share of those sent who go to the fighting area"),
    Parameter("hazard", "1/month", "losses per soldier and month in combat"),
    Parameter("dead_share", "fraction", "dead among the dead and injured"),
    Parameter("captured_share", "fraction", "captured among those lost"),
    Parameter("recovered", "fraction", "injured who return to duty"),
    Parameter("host_daily", "persons/day", "losses of the host's own forces a day"),
)
_ROTATING = (Parameter("mishap", "1/month", "deaths from accident and illness per soldier and month"),)


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    if settings.get("rotating"):
        # in a force that is kept up, it makes no difference who returns to duty
        return tuple(p for p in _ALWAYS if p.name != "recovered") + _ROTATING
    return _ALWAYS


def _combat(past: Past, days: Days) -> tuple[Array, Array, Array]:
    """Per day: lost for good or for now, person-months in combat, and soldiers who have been in combat."""
    sizes, starts, duration = tranches(past)
    wait = duration + past["travel"] + past["training"]
    lost, in_combat = jnp.zeros_like(wait), jnp.zeros_like(wait)
    for size, start in zip(sizes, starts, strict=True):
        months = past_start(days, start + wait) / DAYS_A_MONTH
        lost = lost + size * (1.0 - jnp.exp(-past["hazard"] * months))
        in_combat = in_combat + size * (months > 0)
    share = past["theatre_share"]
    return lost * share, lost * share / past["hazard"], in_combat * share


def _arrived(past: Past, days: Days) -> Array:
    sizes, starts, duration = tranches(past)
    here = jnp.zeros_like(duration)
    for size, start in zip(sizes, starts, strict=True):
        # as they were sent, only later: no more can be there than have gone
        here = here + size * ramp(days - past["travel"], start, duration)
    return here * past["theatre_share"]


def _present_months(past: Past, days: Days, in_combat: Array) -> Array:
    """Integral of those sent less those dead and captured, in person-months.

    Those lost of a cohort add up to n·(τ − (1 − exp(−h·τ))/h): its time since its first day in
    combat, less the time that it spent there.
    """
    sizes, starts, duration = tranches(past)
    wait = duration + past["travel"] + past["training"]
    since = jnp.zeros_like(duration)
    for size, start in zip(sizes, starts, strict=True):
        since = since + size * past_start(days, start + wait) / DAYS_A_MONTH
    captured = past["captured_share"]
    gone = captured + (1.0 - captured) * past["dead_share"]
    sent = past.observe("deployment.person_months", days)
    return sent - gone * (since * past["theatre_share"] - in_combat)


def _parts(past: Past, lost: Array) -> Outputs:
    captured, share = past["captured_share"], past["dead_share"]
    total = lost * (1.0 - captured)
    return {
        "dead": total * share,
        "injured": total * (1.0 - share),
        "captured": lost * captured,
        "total": total,
    }


def _rotating(past: Past, served: Array, months: Array) -> Outputs:
    """Losses of a force that is kept up: `months` served in combat readiness, `served` in all."""
    tour = past.of(f"{past.settings.get('deployment', 'deployment')}.tour")
    risk = past["theatre_share"] * (1.0 - jnp.exp(-past["hazard"] * tour))
    lost = months / tour * risk
    parts = _parts(past, lost)
    others = served / tour * (1.0 - risk)
    return parts | {
        "dead_all": parts["dead"] + others * (1.0 - jnp.exp(-past["mishap"] * tour)),
        "combat_months": lost / past["hazard"],
    }


def _past_rotating(past: Past, days: Days) -> Outputs:
    def losses(on: Days) -> Outputs:
        wait = past["travel"] + past["training"]
        in_combat = past.observe("deployment.person_months", on - wait)
        return _rotating(past, past.observe("deployment.person_months", on), in_combat)

    found, earlier = losses(days), losses(days - _WEEK)
    standing = past.observe("deployment.standing", days)
    ready = past.observe("deployment.standing", days - past["travel"] - past["training"])
    ready = jnp.minimum(ready, standing) * past["theatre_share"]
    return (
        found
        | _host(past, days)
        | {
            "share": found["total"] / jnp.maximum(past.observe("deployment.served", days), 1.0),
            "weekly": jnp.maximum(found["total"] - earlier["total"], 0.0),
            "present": standing,
            "present_months": past.observe("deployment.person_months", days),
            "theatre": standing * past["theatre_share"],
            "combat": ready / (ready + _FEW),
        }
    )


def _host(past: Past, days: Days) -> Outputs:
    start = tranches(past)[1][0]
    host = past["host_daily"] * jnp.maximum(days - start, DAYS_A_MONTH)
    sent = past.observe("deployment.sent", days)
    return {
        "host_daily": constant(past["host_daily"], days),
        "replaced": jnp.clip(sent / host, 0.0, 1.0),
    }


def _ahead_rotating(ahead: Ahead) -> Outputs:
    """Losses come with the person-months served while the war is on."""
    wait = ahead["travel"] + ahead["training"]
    served = ahead.read("deployment.person_months")
    ready = ahead.earlier("deployment.person_months", served, wait)
    before = ahead.past.observe("deployment.person_months", ahead.today - wait)
    months = gains(jnp.concatenate([before, ready])) * ahead.read("war.on")
    steps = _rotating(
        ahead.past, gains(jnp.concatenate([ahead.now("deployment.person_months")[None], served])), months
    )
    totals = {key: accumulate(ahead.now(f"attrition.{key}"), step) for key, step in steps.items()}
    standing = ahead.read("deployment.standing")
    trained = ahead.earlier("deployment.standing", standing, wait)
    fighting = jnp.minimum(trained, standing) * ahead["theatre_share"] * ahead.read("war.on")
    start = tranches(ahead.past)[1][0]
    host = ahead["host_daily"] * jnp.maximum(ahead.ends - start, DAYS_A_MONTH)
    return totals | {
        "share": totals["total"] / jnp.maximum(ahead.read("deployment.served"), 1.0),
        "weekly": _weekly(ahead, totals["total"]),
        "present": standing,
        "present_months": _served(ahead, standing),
        "theatre": standing * ahead["theatre_share"],
        "combat": fighting / (fighting + _FEW),
        "host_daily": constant(ahead["host_daily"], standing),
        "replaced": jnp.clip(ahead.read("deployment.sent") / host, 0.0, 1.0),
    }


def _past(past: Past, days: Days) -> Outputs:
    if past.settings.get("rotating"):
        return _past_rotating(past, days)
    lost, months, in_combat = _combat(past, days)
    parts = _parts(past, lost)
    earlier = _parts(past, _combat(past, days - _WEEK)[0])["total"]
    recovered = _parts(past, _combat(past, days - _RECOVERY)[0])["injured"] * past["recovered"]
    sent = past.observe("deployment.sent", days)
    gone = parts["dead"] + parts["captured"]
    return (
        parts
        | _host(past, days)
        | {
            "share": parts["total"] / jnp.maximum(sent, 1.0),
            "weekly": jnp.maximum(parts["total"] - earlier, 0.0),
            "present": jnp.maximum(sent - gone, 0.0),
            "present_months": _present_months(past, days, months),
            "theatre": jnp.maximum(_arrived(past, days) - lost + recovered, 0.0),
            "combat": in_combat / (in_combat + _FEW),
            "combat_months": months,
        }
    )


def _followers(ahead: Ahead, wait: Array) -> Array:
    """Those among the men who follow after the decision date whose wait ends in each month."""
    following = ahead.read("deployment.following")
    known = jnp.concatenate([jnp.zeros_like(following[:1]), following])
    nodes = ahead.nodes[:, 0]
    due = earlier(nodes, known, jnp.maximum(ahead.nodes - wait, ahead.today))
    return gains(due) * ahead["theatre_share"]


def _entering(ahead: Ahead) -> Array:
    """Soldiers who enter combat in each month, if the war is on."""
    due = gains(_combat(ahead.past, ahead.nodes)[2])
    wait = ahead["travel"] + ahead["training"]
    return (due + _followers(ahead, wait)) * ahead.read("war.on")


def _arriving(ahead: Ahead) -> Array:
    """Soldiers who come to the fighting area in each month, if the war is on."""
    due = gains(_arrived(ahead.past, ahead.nodes))
    return (due + _followers(ahead, ahead["travel"])) * ahead.read("war.on")


def _weekly(ahead: Ahead, total: Array) -> Array:
    """Dead and injured of the last week before each month's end; never less than nothing."""
    return jnp.maximum(total - ahead.earlier("attrition.total", total, _WEEK), 0.0)


def _served(ahead: Ahead, present: Array) -> Array:
    """Person-months of those alive in the host country, while the war is on."""
    before = jnp.concatenate([ahead.now("attrition.present")[None], present[:-1]])
    steps = 0.5 * (before + present) * ahead.months * ahead.read("war.on")
    return accumulate(ahead.now("attrition.present_months"), steps)


def _ahead(ahead: Ahead) -> Outputs:
    if ahead.past.settings.get("rotating"):
        return _ahead_rotating(ahead)
    past = ahead.past
    lost_before, _, entered_before = _combat(past, ahead.today)
    entering, arriving = _entering(ahead), _arriving(ahead)
    hazard = ahead["hazard"] * ahead.months * ahead.read("war.on")
    fighting = jnp.maximum(entered_before - lost_before, 0.0)[0]
    lost = eroding(fighting, entering, hazard)
    steps = _parts(past, lost)
    totals = {key: accumulate(ahead.now(f"attrition.{key}"), step) for key, step in steps.items()}
    sent = ahead.read("deployment.sent")
    arrived = accumulate(_arrived(past, ahead.today)[0], arriving)
    entered = accumulate(entered_before[0], entering)
    healed = ahead.earlier("attrition.injured", totals["injured"], _RECOVERY) * ahead["recovered"]
    present = jnp.maximum(sent - totals["dead"] - totals["captured"], 0.0)
    start = tranches(past)[1][0]
    host = ahead["host_daily"] * jnp.maximum(ahead.ends - start, DAYS_A_MONTH)
    months = ahead.now("attrition.combat_months") + running(lost) / ahead["hazard"]
    return totals | {
        "share": totals["total"] / jnp.maximum(sent, 1.0),
        "weekly": _weekly(ahead, totals["total"]),
        "present": present,
        "present_months": _served(ahead, present),
        "theatre": jnp.maximum(arrived - lost_before[0] - running(lost) + healed, 0.0),
        "combat": entered / (entered + _FEW),
        "combat_months": months,
        "host_daily": constant(ahead["host_daily"], sent),
        "replaced": jnp.clip(sent / host, 0.0, 1.0),
    }


MECHANISM = Mechanism(
    id="attrition",
    title="Losses in combat",
    parameters=_parameters,
    outputs=(
        Output("total", "persons", "cumulative", "dead and injured so far"),
        Output("dead", "persons", "cumulative", "dead so far"),
        Output("dead_all", "persons", "cumulative", "dead so far from any cause"),
        Output("injured", "persons", "cumulative", "injured so far"),
        Output("captured", "persons", "cumulative", "captured so far"),
        Output("share", "fraction", "share", "dead and injured among those sent or serving in turn"),
        Output("weekly", "persons/week", "rate", "dead and injured in the week"),
        Output("present", "persons", "stock", "soldiers alive in the host country"),
        Output("present_months", "person-months", "cumulative", "time served by those alive, in the war"),
        Output("theatre", "persons", "stock", "soldiers in the fighting area"),
        Output("combat", "fraction", "event", "soldiers are in combat, or have been"),
        Output("combat_months", "person-months", "cumulative", "time in combat"),
        Output("host_daily", "persons/day", "rate", "losses of the host's own forces a day"),
        Output("replaced", "fraction", "share", "share of the host's own losses that the troops replace"),
    ),
    reads=("war.on", "deployment.sent", "deployment.following"),
    past=_past,
    ahead=_ahead,
    source="judgement; Dupuy 1990",
)

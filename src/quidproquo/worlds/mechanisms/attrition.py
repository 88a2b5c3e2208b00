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

With `pausing`, nobody fights from `pause` days after the main tranche's first day for `paused` days: τ
counts no day of that, and `engaged` tells whether they fight at a date. With `rising`, a date, the host's
own losses are `host_daily` on that day and grow at `host_trend` a year up to the decision date:

    host(d) = host_daily·exp(host_trend·(d − rising)),  d in years

A date in the middle of what is reported keeps level and trend apart.

With `rotating`, a force of which those lost and those relieved are replaced loses the share
1 − exp(−h·tour) of all who serve in turn: with M person-months served in the fighting area until
travel and training ago, lost = M·(1 − exp(−h·tour))/tour. Of those whom that spares in their turn
some die of accident and illness, at `mishap` a month: `dead_all` counts every cause.
Source: constant-hazard attrition is the simplest form of Dupuy (1990), *Attrition: Forecasting
Battle Casualties*; the numbers are judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import jax
import jax.numpy as jnp
from jaxtyping import Array

from quidproquo.worlds.functions import (
    accumulate,
    constant,
    earlier,
    eroding,
    expm1_over,
    gains,
    past_start,
    ramp,
    running,
)
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
from quidproquo.worlds.mechanisms.deployment import tranches

_WEEK = 7.0
_RECOVERY = 60.0  # days until the lightly injured are back
_MOST_GROWTH = 10.0  # logs by which the host's losses grow at most: what lies beyond is no number
_SOFT = 2.0  # days over which a pause sets in
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
_PAUSING = (
    Parameter("pause", "days", "from the main tranche's first day until combat pauses"),
    Parameter("paused", "days", "length of that pause"),
)
_RISING = (Parameter("host_trend", "1/year", "growth of the host's own losses a day"),)
_ROTATING = (Parameter("mishap", "1/month", "deaths from accident and illness per soldier and month"),)


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    if settings.get("rotating"):
        # in a force that is kept up, it makes no difference who returns to duty
        return tuple(p for p in _ALWAYS if p.name != "recovered") + _ROTATING
    pausing = _PAUSING if settings.get("pausing") else ()
    return _ALWAYS + pausing + (_RISING if settings.get("rising") else ())


def _idle(past: Past, days: Days, since: Array) -> Array:
    """Days of the pause between a first day and each day; none where combat doesn't pause."""
    if not past.settings.get("pausing"):
        return jnp.zeros_like(days - since)
    begins = _pause(past)
    return jnp.maximum(jnp.minimum(days, begins + past["paused"]) - jnp.maximum(since, begins), 0.0)


def _fighting(past: Past, days: Days, since: Array) -> Array:
    """Days from a first day to each day without those of the pause."""
    if not past.settings.get("pausing"):
        return past_start(days, since)
    begins = _pause(past)
    # not a difference of the two: by rounding that could fall
    before = jnp.maximum(jnp.minimum(days, begins) - since, 0.0)
    return before + past_start(days, jnp.maximum(since, begins + past["paused"]))


def _pause(past: Past) -> Array:
    """The day on which combat pauses."""
    return tranches(past)[1][1] + past["pause"]


def _resting(past: Past, days: Days) -> Array:
    """How far a day lies in the pause: 0 outside, 1 inside, smooth over a few days."""
    if not past.settings.get("pausing"):
        return jnp.zeros_like(days)
    begins = _pause(past)
    begun, over = ((days - day) / _SOFT for day in (begins, begins + past["paused"]))
    return jax.nn.sigmoid(begun) * jax.nn.sigmoid(-over)


def _combat(past: Past, days: Days) -> tuple[Array, Array, Array]:
    """Per day: lost for good or for now, person-months in combat, and soldiers who have been in combat."""
    sizes, starts, duration = tranches(past)
    wait = duration + past["travel"] + past["training"]
    lost, in_combat = jnp.zeros_like(wait), jnp.zeros_like(wait)
    for size, start in zip(sizes, starts, strict=True):
        first = start + wait
        months = _fighting(past, days, first) / DAYS_A_MONTH
        lost = lost + size * (1.0 - jnp.exp(-past["hazard"] * months))
        in_combat = in_combat + size * (days > first)
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

    Those lost of a cohort add up to n·(T − (1 − exp(−h·τ))/h), T its time since its first day in combat
    and τ that without the pause, less the time that those alive then spent in the pause.
    """
    sizes, starts, duration = tranches(past)
    wait = duration + past["travel"] + past["training"]
    since = jnp.zeros_like(duration)
    for size, start in zip(sizes, starts, strict=True):
        first = start + wait
        alive = jnp.ones_like(duration)
        if past.settings.get("pausing"):
            alive = jnp.exp(-past["hazard"] * past_start(_pause(past), first) / DAYS_A_MONTH)
        since = since + size * (past_start(days, first) - alive * _idle(past, days, first)) / DAYS_A_MONTH
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
            "engaged": ready / (ready + _FEW),
        }
    )


def _host(past: Past, days: Days) -> Outputs:
    sent = past.observe("deployment.sent", days)
    return {
        "host_daily": _host_daily(past, days),
        "replaced": jnp.clip(sent / _host_lost(past, days), 0.0, 1.0),
    }


def _host_daily(past: Past, days: Array) -> Array:
    """The host's own losses a day, on each day."""
    if not past.settings.get("rising"):
        return constant(past["host_daily"], days)
    years = (days - _known_on(past)) / DAYS_A_YEAR
    return past["host_daily"] * jnp.exp(jnp.clip(past["host_trend"] * years, -_MOST_GROWTH, _MOST_GROWTH))


def _known_on(past: Past) -> float:
    """The day on which the host loses `host_daily`, counted from the case's start."""
    day, start = past.settings["rising"], past.settings["start"]
    assert isinstance(start, date)
    return float((date.fromisoformat(str(day)) - start).days)


def _host_lost(past: Past, days: Days) -> Array:
    """What the host itself has lost since the first soldiers went, at least a month's."""
    start = tranches(past)[1][0]
    since = jnp.maximum(days - start, DAYS_A_MONTH)
    if not past.settings.get("rising"):
        return past["host_daily"] * since
    lost = _host_daily(past, start) * DAYS_A_YEAR * expm1_over(past["host_trend"], since / DAYS_A_YEAR)
    # who goes in a far future may find a rate that has fallen to nothing
    return jnp.maximum(lost, 1.0)


def _host_ahead(ahead: Ahead, sent: Array) -> Outputs:
    """The host's own losses, which go on as on the decision date, and what of them the troops replace."""
    now = ahead.today
    daily = _host_daily(ahead.past, now)
    counted = jnp.maximum(now, tranches(ahead.past)[1][0] + DAYS_A_MONTH)
    lost = _host_lost(ahead.past, now) + daily * past_start(ahead.ends, counted)
    if not ahead.past.settings.get("rising"):
        lost = _host_lost(ahead.past, ahead.ends)
    return {
        "host_daily": constant(daily, sent),
        "replaced": jnp.clip(sent / lost, 0.0, 1.0),
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
    return (
        totals
        | _host_ahead(ahead, ahead.read("deployment.sent"))
        | {
            "share": totals["total"] / jnp.maximum(ahead.read("deployment.served"), 1.0),
            "weekly": _weekly(ahead, totals["total"]),
            "present": standing,
            "present_months": _served(ahead, standing),
            "theatre": standing * ahead["theatre_share"],
            "combat": fighting / (fighting + _FEW),
            "engaged": fighting / (fighting + _FEW),
        }
    )


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
            "engaged": (1.0 - _resting(past, days)) * _some(in_combat - lost),
            "combat_months": months,
        }
    )


def _some(fighting: Array) -> Array:
    """Whether anybody fights, from how many do."""
    alive = jnp.maximum(fighting, 0.0)
    return alive / (alive + _FEW)


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
    months_in = gains(_fighting(past, ahead.nodes, ahead.today)) / DAYS_A_MONTH
    hazard = ahead["hazard"] * months_in * ahead.read("war.on")
    fighting = jnp.maximum(entered_before - lost_before, 0.0)[0]
    lost = eroding(fighting, entering, hazard)
    steps = _parts(past, lost)
    totals = {key: accumulate(ahead.now(f"attrition.{key}"), step) for key, step in steps.items()}
    sent = ahead.read("deployment.sent")
    arrived = accumulate(_arrived(past, ahead.today)[0], arriving)
    entered = accumulate(entered_before[0], entering)
    healed = ahead.earlier("attrition.injured", totals["injured"], _RECOVERY) * ahead["recovered"]
    present = jnp.maximum(sent - totals["dead"] - totals["captured"], 0.0)
    months = ahead.now("attrition.combat_months") + running(lost) / ahead["hazard"]
    in_combat = jnp.maximum(entered - lost_before[0] - running(lost), 0.0) * ahead.read("war.on")
    return (
        totals
        | _host_ahead(ahead, sent)
        | {
            "share": totals["total"] / jnp.maximum(sent, 1.0),
            "weekly": _weekly(ahead, totals["total"]),
            "present": present,
            "present_months": _served(ahead, present),
            "theatre": jnp.maximum(arrived - lost_before[0] - running(lost) + healed, 0.0),
            "combat": entered / (entered + _FEW),
            "engaged": (1.0 - _resting(past, ahead.ends)) * _some(in_combat),
            "combat_months": months,
        }
    )


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
        Output("engaged", "fraction", "event", "soldiers are in combat on the day"),
        Output("combat_months", "person-months", "cumulative", "time in combat"),
        Output("host_daily", "persons/day", "rate", "losses of the host's own forces a day"),
        Output("replaced", "fraction", "share", "share of the host's own losses that the troops replace"),
    ),
    reads=("war.on", "deployment.sent", "deployment.following"),
    past=_past,
    ahead=_ahead,
    source="judgement; Dupuy 1990",
)

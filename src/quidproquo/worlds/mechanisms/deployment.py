"""Soldiers sent abroad in tranches of random size and timing; perhaps none ever.

    sent(d) = Σ_k n_k · R((d − t_k)/w)       k = 1, 2 of the first wave, 3 the reinforcement
    n = (size·first, size·(1 − first), extra);  t₂ = middle − w/2, t₁ = t₂ − lead, t₃ = t₂ + later;
    R rises smoothly from 0 to 1 over w = `duration` days.

`middle`, when half of the main tranche has gone, is years after the case's start on the log scale,
so that a deployment may lie beyond the horizon. Dates hang on the main tranche because reports
date that one: what they tell is then one number, and not the sum of several. After the decision
date further men follow at `rotation`·size a month while the war is on.

With `informing`, reaching the
sender's people by the lever `information` cuts that by the share dissuade·lever, or adds to it.

With `rotating`, the force is kept up by replacements and goes home in the end:

    standing(d) = Σ_k n_k·(R((d − t_k)/w) − R((d − h_k)/homeward))    h_k = max(middle + stay, t_k + w)
    served(d)   = sent(d) + ∫ standing / tour

so that standing + withdrawn = sent, and nobody goes home who didn't come. There is a fourth
tranche (`further`) in place of the monthly `rotation`. After the decision date the clock of the way
home runs as `bargain.clock` says, where the case has a bargain.

Persons; days. Source: the shape follows the waves in which such contingents have gone abroad
(Larsen & Collins 1975, US Army, ch. VI); the numbers are judgement.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax
import jax.numpy as jnp
from jaxtyping import Array

from quidproquo.worlds.functions import (
    accumulate,
    constant,
    gains,
    ramp,
    ramp_days,
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

_FEW = 50.0  # persons: an event "soldiers were sent" is even odds at this many

_ALWAYS = (
    Parameter("middle", "years", "when half of the main tranche has gone, after the case's start"),
    Parameter("size", "persons", "first wave in all"),
    Parameter("first", "fraction", "share of the first wave in its first tranche"),
    Parameter("lead", "days", "by which the first tranche goes before the main one"),
    Parameter("spread", "days", "time that one tranche takes"),
    Parameter("extra", "persons", "reinforcement after the first wave"),
    Parameter("later", "days", "from the main tranche to the reinforcement"),
    Parameter("plan_ratio", "1", "size that was planned over size that went"),
)
_FOLLOWING = (Parameter("rotation", "1/month", "further soldiers a month, as a share of the first wave"),)
_INFORMING = (
    Parameter("dissuade", "1", "by what share informing the sender's people cuts those who follow"),
)
_ROTATING = (
    Parameter("further", "persons", "second reinforcement"),
    Parameter("further_later", "years", "from the main tranche to the second reinforcement"),
    Parameter("tour", "months", "time that a soldier serves before he is relieved"),
    Parameter("stay", "years", "from the main tranche until the force begins to go home"),
    Parameter("homeward", "years", "from the first to the last who go home"),
    Parameter("unit_size", "persons", "soldiers to one fighting unit, support included"),
)


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    if settings.get("rotating"):
        return _ALWAYS + _ROTATING
    return _ALWAYS + _FOLLOWING + (_INFORMING if settings.get("informing") else ())


def tranches(past: Past) -> tuple[list[Array], list[Array], Array]:
    """Sizes (persons) and first days of the tranches, and the days that each takes."""
    own = f"{past.settings.get('deployment', 'deployment')}."
    first, size = past.of(own + "first"), past.of(own + "size")
    sizes = [size * first, size * (1 - first), past.of(own + "extra")]
    duration = past.of(own + "spread")
    main = past.of(own + "middle") * DAYS_A_YEAR - 0.5 * duration
    starts = [main - past.of(own + "lead"), main, main + past.of(own + "later")]
    if past.has_parameter(own + "further"):
        sizes.append(past.of(own + "further"))
        starts.append(main + past.of(own + "further_later") * DAYS_A_YEAR)
    return sizes, starts, duration


def _past(past: Past, days: Days) -> Outputs:
    sizes, starts, duration = tranches(past)
    gone = [n * ramp(days, start, duration) for n, start in zip(sizes, starts, strict=True)]
    sent = gone[0] + gone[1] + gone[2]
    outputs = {
        "planned": constant(past["size"] * past["plan_ratio"], days),
        "added": gone[2],
    }
    if past.settings.get("rotating"):
        return outputs | _rotating(past, days, days)
    served = sum(
        (n * ramp_days(days, t, duration) for n, t in zip(sizes, starts, strict=True)), jnp.zeros(())
    )
    return outputs | {
        "sent": sent,
        "occurred": sent / (sent + _FEW),
        "person_months": served / DAYS_A_MONTH,
    }


def _homeward(past: Past) -> list[Array]:
    """First days on which each tranche goes home: never before it has come."""
    _, starts, duration = tranches(past)
    home = (past["middle"] + past["stay"]) * DAYS_A_YEAR
    return [jnp.maximum(home, start + duration) for start in starts]


def _rotating(past: Past, days: Days, clock: Days) -> Outputs:
    """A force kept up by replacements, whose way home follows a clock of its own."""
    sizes, starts, duration = tranches(past)
    length = past["homeward"] * DAYS_A_YEAR
    sent, withdrawn, there = (jnp.zeros(()),) * 3
    for size, start, home in zip(sizes, starts, _homeward(past), strict=True):
        gone = size * ramp(days, start, duration)
        sent = sent + gone
        withdrawn = withdrawn + jnp.minimum(size * ramp(clock, home, length), gone)
        there = there + size * (ramp_days(days, start, duration) - ramp_days(days, home, length))
    return _force(past, sent, withdrawn, there / DAYS_A_MONTH)


def _force(past: Past, sent: Array, withdrawn: Array, months: Array) -> Outputs:
    standing = sent - withdrawn
    return {
        "sent": sent,
        "occurred": sent / (sent + _FEW),
        "standing": standing,
        "withdrawn": withdrawn,
        "person_months": months,
        "served": sent + months / past["tour"],
        "units": standing / past["unit_size"],
    }


def _ahead(ahead: Ahead) -> Outputs:
    if ahead.past.settings.get("rotating"):
        return _rotating_ahead(ahead)
    rotation = ahead["rotation"] * ahead["size"]
    if ahead.past.settings.get("informing"):
        rotation = rotation * jnp.maximum(1.0 - ahead["dissuade"] * ahead.lever("information"), 0.0)
    begun = ahead.now("deployment.occurred")
    due = gains(ahead.past.observe("deployment.sent", ahead.nodes))
    following = rotation * begun * ahead.months * ahead.read("war.on")
    steps = due * ahead.read("war.on") + following
    sent = accumulate(ahead.now("deployment.sent"), steps)
    months = (sent - 0.5 * steps) * ahead.months
    return _added(ahead, sent) | {
        "sent": sent,
        "step": steps,
        "following": running(following),
        "occurred": sent / (sent + _FEW),
        "person_months": accumulate(ahead.now("deployment.person_months"), months),
    }


def _added(ahead: Ahead, sent: Array) -> Outputs:
    flow = gains(ahead.past.observe("deployment.added", ahead.nodes)) * ahead.read("war.on")
    return {
        "planned": constant(ahead["size"] * ahead["plan_ratio"], sent),
        "added": accumulate(ahead.now("deployment.added"), flow),
    }


def _rotating_ahead(ahead: Ahead) -> Outputs:
    """Tranches come while the war is on; the share that has gone home follows its own clock."""
    due_now = ahead.past.observe("deployment.sent", ahead.nodes)
    steps = gains(due_now) * ahead.read("war.on")
    sent = accumulate(ahead.now("deployment.sent"), steps)
    days = ahead.ends
    clock = ahead.nodes[0] + ahead.read("bargain.clock") if ahead.past.has("bargain") else days
    due = _rotating(ahead.past, days, clock)
    share = due["withdrawn"] / jnp.maximum(due["sent"], 1.0)
    gone = jnp.concatenate([ahead.now("deployment.withdrawn")[None], sent * share])
    # reinforcements that no longer come lower the share due to be home, but nobody goes back
    withdrawn = jnp.minimum(jax.lax.cummax(gone, axis=0)[1:], sent)
    before = jnp.concatenate([ahead.now("deployment.standing")[None], (sent - withdrawn)[:-1]])
    months = accumulate(
        ahead.now("deployment.person_months"), 0.5 * (before + sent - withdrawn) * ahead.months
    )
    return _added(ahead, sent) | {"step": steps} | _force(ahead.past, sent, withdrawn, months)


MECHANISM = Mechanism(
    id="deployment",
    title="Soldiers are sent in tranches",
    parameters=_parameters,
    outputs=(
        Output("sent", "persons", "cumulative", "soldiers sent so far, losses included, reliefs not"),
        Output("planned", "persons", "level", "soldiers meant to go in all"),
        Output("added", "persons", "cumulative", "soldiers sent on top of the first wave"),
        Output("occurred", "fraction", "event", "soldiers have been sent"),
        Output("person_months", "person-months", "cumulative", "time served abroad, losses ignored"),
        Output("step", "persons/month", "rate", "soldiers sent in the month"),
        Output("following", "persons", "cumulative", "soldiers who follow after the decision date"),
        Output("standing", "persons", "stock", "soldiers standing in the host country, kept up by reliefs"),
        Output("withdrawn", "persons", "cumulative", "soldiers by whom the force has been reduced"),
        Output("served", "persons", "cumulative", "everybody who has served in turn"),
        Output("units", "units", "stock", "fighting units standing in the host country"),
    ),
    reads=("war.on",),
    reads_if=("bargain.clock",),
    levers=("information",),
    past=_past,
    ahead=_ahead,
    source="judgement; Larsen & Collins 1975",
)

"""Soldiers sent abroad in tranches of random size and timing; perhaps none ever.

    sent(d) = Σ_k n_k · R((d − t_k)/w)       k = 1, 2 of the first wave, 3 the reinforcement
    n = (size·first, size·(1 − first), extra);  t₂ = middle − w/2, t₁ = t₂ − lead, t₃ = t₂ + later;
    R rises smoothly from 0 to 1 over w = `spread` days.

`middle`, when half of the main tranche has gone, is years after the case's start on the log scale,
so that a deployment may lie beyond the horizon. Dates hang on the main tranche because reports
date that one: what they tell is then one number, and not the sum of several. After the decision
date further men follow at `rotation`·size a month while the war is on.
Persons; days. Source: the shape follows the waves in which such contingents have gone abroad
(Larsen & Collins 1975, US Army, ch. VI); the numbers are judgement.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array

from quidproquo.worlds.functions import accumulate, constant, past_start, ramp
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
    fixed,
)

_FEW = 50.0  # persons: an event "soldiers were sent" is even odds at this many


def tranches(past: Past) -> tuple[list[Array], list[Array], Array]:
    """Sizes (persons) and first days of the three tranches, and the days that each takes."""
    own = f"{past.settings.get('deployment', 'deployment')}."
    first, size = past.of(own + "first"), past.of(own + "size")
    sizes = [size * first, size * (1 - first), past.of(own + "extra")]
    spread = past.of(own + "spread")
    main = past.of(own + "middle") * DAYS_A_YEAR - 0.5 * spread
    return sizes, [main - past.of(own + "lead"), main, main + past.of(own + "later")], spread


def _past(past: Past, days: Days) -> Outputs:
    sizes, starts, spread = tranches(past)
    gone = [n * ramp(days, start, spread) for n, start in zip(sizes, starts, strict=True)]
    sent = gone[0] + gone[1] + gone[2]
    served = sum(
        (n * past_start(days, t + spread) for n, t in zip(sizes, starts, strict=True)), jnp.zeros(())
    )
    return {
        "sent": sent,
        "planned": constant(past["size"] * past["plan_ratio"], days),
        "added": gone[2],
        "occurred": sent / (sent + _FEW),
        "person_months": served / DAYS_A_MONTH,
    }


def _ahead(ahead: Ahead) -> Outputs:
    rotation = ahead["rotation"] * ahead["size"]
    begun = ahead.now("deployment.occurred")
    due = jnp.diff(ahead.past.observe("deployment.sent", ahead.nodes), axis=0)
    steps = (due + rotation * begun * ahead.months) * ahead.read("war.on")
    sent = accumulate(ahead.now("deployment.sent"), steps)
    flow = jnp.diff(ahead.past.observe("deployment.added", ahead.nodes), axis=0) * ahead.read("war.on")
    return {
        "sent": sent,
        "step": steps,
        "planned": constant(ahead["size"] * ahead["plan_ratio"], sent),
        "added": accumulate(ahead.now("deployment.added"), flow),
        "occurred": sent / (sent + _FEW),
        "person_months": accumulate(ahead.now("deployment.person_months"), sent * ahead.months),
    }


MECHANISM = Mechanism(
    id="deployment",
    title="Soldiers are sent in tranches",
    parameters=fixed(
        Parameter("middle", "years", "when half of the main tranche has gone, after the case's start"),
        Parameter("size", "persons", "first wave in all"),
        Parameter("first", "fraction", "share of the first wave in its first tranche"),
        Parameter("lead", "days", "by which the first tranche goes before the main one"),
        Parameter("spread", "days", "time that one tranche takes"),
        Parameter("extra", "persons", "reinforcement after the first wave"),
        Parameter("later", "days", "from the main tranche to the reinforcement"),
        Parameter("plan_ratio", "1", "size that was planned over size that went"),
        Parameter("rotation", "1/month", "further soldiers a month, as a share of the first wave"),
    ),
    outputs=(
        Output("sent", "persons", "cumulative", "soldiers sent so far, losses included"),
        Output("planned", "persons", "level", "soldiers meant to go in all"),
        Output("added", "persons", "cumulative", "soldiers sent on top of the first wave"),
        Output("occurred", "fraction", "event", "soldiers have been sent"),
        Output("person_months", "person-months", "cumulative", "time served abroad, losses ignored"),
        Output("step", "persons/month", "rate", "soldiers sent in the month"),
    ),
    reads=("war.on",),
    past=_past,
    ahead=_ahead,
    source="judgement; Larsen & Collins 1975",
)

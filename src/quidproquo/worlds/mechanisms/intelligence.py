"""What outsiders learn from watching the force, and what using it gains and burns.

    knowledge = 1 − exp(−access·M/scale),   M person-months in combat
    with the lever: gain = use·lever·(1 − knowledge), loss = burn·lever·elapsed years

Saying what one knows spreads it to partners and closes some sources. Source: judgement; on the
trade-off, Carnegie & Carson (2020), *Secrets in Global Governance*, ch. 2.
"""

from __future__ import annotations

import jax.numpy as jnp

from quidproquo.worlds.functions import running, saturating
from quidproquo.worlds.mechanism import (
    Ahead,
    Days,
    Mechanism,
    Output,
    Outputs,
    Parameter,
    Past,
    fixed,
)


def _past(past: Past, days: Days) -> Outputs:
    months = past.observe("attrition.combat_months", days)
    return {"knowledge": saturating(past["access"] * months, past["scale"])}


def _ahead(ahead: Ahead) -> Outputs:
    seen = saturating(ahead["access"] * ahead.read("attrition.combat_months"), ahead["scale"])
    lever = ahead.lever("disclosure")
    elapsed = running(ahead.months) / 12.0
    gained = ahead["use"] * lever * (1.0 - seen)
    return {"knowledge": jnp.clip(seen + gained - ahead["burn"] * lever * elapsed, 0.0, 1.0)}


MECHANISM = Mechanism(
    id="intelligence",
    title="Watching the force teaches outsiders",
    parameters=fixed(
        Parameter("access", "fraction", "share of what happens that is observed"),
        Parameter("scale", "person-months", "observed combat that gives 63% of what can be learnt"),
        Parameter("use", "fraction", "what pooling and using it adds"),
        Parameter("burn", "1/year", "what is lost by saying so"),
    ),
    outputs=(Output("knowledge", "fraction", "level", "knowledge of how the force fights, 0 to 1"),),
    reads=("attrition.combat_months",),
    levers=("disclosure",),
    past=_past,
    ahead=_ahead,
    source="judgement; Carnegie & Carson 2020",
)

"""What outsiders learn from watching the force, and what using it gains and burns.

    knowledge = 1 − exp(−(access·M + ∫ watched dM)/scale)   M person-months in combat up to the decision
    watched   = access·(1 + use·disclosure + talk·information − burn·disclosure·elapsed years)

What has been learnt is not lost again. Pooling it with partners and saying so, by the lever `disclosure`,
raises the share of later combat that is observed and understood, and closes some sources in time: which
of the two wins is open. With `informing`, reaching the sender's people by the lever `information` makes
some of them talk, or warns their officers. Source: judgement; on the trade-off, Carnegie & Carson (2020),
*Secrets in Global Governance*, ch. 2.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp

from quidproquo.worlds.functions import accumulate, running, saturating
from quidproquo.worlds.mechanism import (
    Ahead,
    Days,
    Mechanism,
    Output,
    Outputs,
    Parameter,
    Past,
)

_ALWAYS = (
    Parameter("access", "fraction", "share of what happens that is observed"),
    Parameter("scale", "person-months", "observed combat that gives 63% of what can be learnt"),
    Parameter("use", "1", "by what share pooling and using it raises what is observed"),
    Parameter("burn", "1/year", "what share of that a year of saying so closes"),
)
_INFORMING = (Parameter("talk", "1", "by what share reaching the sender's people raises what is observed"),)


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    return _ALWAYS + (_INFORMING if settings.get("informing") else ())


def _past(past: Past, days: Days) -> Outputs:
    months = past.observe("attrition.combat_months", days)
    return {"knowledge": saturating(past["access"] * months, past["scale"])}


def _ahead(ahead: Ahead) -> Outputs:
    lever = ahead.lever("disclosure")
    elapsed = running(ahead.months) / 12.0
    factor = 1.0 + (ahead["use"] - ahead["burn"] * elapsed) * lever
    if ahead.past.settings.get("informing"):
        factor = factor + ahead["talk"] * ahead.lever("information")
    watched = jnp.clip(ahead["access"] * factor, 0.0, 1.0)
    fought = ahead.steps("attrition.combat_months", ahead.read("attrition.combat_months"))
    before = ahead["access"] * ahead.now("attrition.combat_months")
    seen = accumulate(before, watched * jnp.maximum(fought, 0.0))
    return {"knowledge": saturating(seen, ahead["scale"])}


MECHANISM = Mechanism(
    id="intelligence",
    title="Watching the force teaches outsiders",
    parameters=_parameters,
    outputs=(Output("knowledge", "fraction", "level", "knowledge of how the force fights, 0 to 1"),),
    reads=("attrition.combat_months",),
    levers=("disclosure", "information"),
    past=_past,
    ahead=_ahead,
    source="judgement; Carnegie & Carson 2020",
)

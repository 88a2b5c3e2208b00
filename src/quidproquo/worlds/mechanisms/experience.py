"""Combat experience: surviving person-months in combat, with diminishing returns.

    index = 1 − exp(−M/scale),  M person-months in combat.

Source: learning with diminishing returns as in experience curves (Yelle 1979, *Decision Sciences*
10(2), 302–328); the scale is judgement.
"""

from __future__ import annotations

from quidproquo.worlds.functions import saturating
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
    return {"index": saturating(months, past["scale"])}


def _ahead(ahead: Ahead) -> Outputs:
    return {"index": saturating(ahead.read("attrition.combat_months"), ahead["scale"])}


MECHANISM = Mechanism(
    id="experience",
    title="Combat experience is gained",
    parameters=fixed(
        Parameter("scale", "person-months", "time in combat that gives 63% of what can be learnt")
    ),
    outputs=(Output("index", "fraction", "level", "combat experience gained, from 0 to 1"),),
    reads=("attrition.combat_months",),
    past=_past,
    ahead=_ahead,
    source="judgement; Yelle 1979",
)

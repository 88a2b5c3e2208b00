"""The war that the partnership serves, and its possible end.

Up to the decision date the war is on. After it, a ceasefire comes as a Poisson process:
T = −log(u) / end_rate, u uniform, one draw a future; `on` is the part of a month before T.
Source: judgement; constant hazards of war termination as in Bennett & Stam (1996), *American
Political Science Review* 90(2), 239–257, who find duration dependence weak once covariates count.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array

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


def _past(_past: Past, days: Days) -> Outputs:
    return {"on": jnp.ones_like(days)}


def _ahead(ahead: Ahead) -> Outputs:
    uniform: Array = ahead.chance["war.end"]
    end = -jnp.log(1.0 - uniform) / ahead["end_rate"] * DAYS_A_YEAR
    since = ahead.nodes - ahead.nodes[0]
    on = jnp.clip((end - since[:-1]) / jnp.diff(since, axis=0), 0.0, 1.0)
    return {"on": on}


MECHANISM = Mechanism(
    id="war",
    title="The war goes on until a ceasefire",
    parameters=fixed(Parameter("end_rate", "1/year", "rate at which the war ends")),
    outputs=(Output("on", "fraction", "share", "share of futures in which the war goes on"),),
    chances=("war.end",),
    past=_past,
    ahead=_ahead,
    source="judgement; Bennett & Stam 1996",
)

"""Breadth of the coalition that acts and speaks together, between 0 and 1.

    breadth = σ(base + effect·lever),  in log-odds.

Source: judgement; on breadth and sanctions success, Bapat & Morgan (2009), *International Studies
Quarterly* 53(4), 1075–1094.
"""

from __future__ import annotations

import jax

from quidproquo.worlds.functions import constant
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
    return {"breadth": constant(jax.nn.sigmoid(past["base"]), days)}


def _ahead(ahead: Ahead) -> Outputs:
    shift = ahead["effect"] * ahead.lever("coalition")
    return {"breadth": jax.nn.sigmoid(ahead["base"] + shift)}


MECHANISM = Mechanism(
    id="coalition",
    title="States act together",
    parameters=fixed(
        Parameter("base", "log-odds", "breadth of the coalition as it stands"),
        Parameter("effect", "log-odds", "what working on it adds"),
    ),
    outputs=(Output("breadth", "fraction", "level", "breadth of the coalition, from 0 to 1"),),
    levers=("coalition",),
    past=_past,
    ahead=_ahead,
    source="judgement; Bapat & Morgan 2009",
)

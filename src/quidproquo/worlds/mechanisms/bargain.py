"""What keeps the force there: what the patron pays, the help it gives and its own commitment.

    clock(m) = Σ speed·Δ days,   speed = exp(−hold_pay·pay − hold_help·help − hold_commitment·commitment)
                                         · (on + (1 − on)·12)

The time that is left until the force goes home runs faster where the patron gives less, slower where
it gives more, and twelve times as fast once the war is over: an accelerated failure time model.
Every effect may have either sign. The levers change pay and help themselves too: what the sender
gets after the decision date is multiplied by 1 + lever, never below 0. Days.
Source: judgement; accelerated failure time as in Cox & Oakes (1984), *Analysis of Survival Data*,
ch. 5; on payment and staying power in coalitions, Weitsman (2014), *Waging War*, ch. 1.
"""

from __future__ import annotations

import jax.numpy as jnp

from quidproquo.worlds.functions import running
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

_AFTER_THE_WAR = 12.0


def _past(_past: Past, days: Days) -> Outputs:
    same = jnp.ones_like(days)
    return {"clock": jnp.zeros_like(days), "pay": same, "help": same}


def _ahead(ahead: Ahead) -> Outputs:
    pay, aid = ahead.lever("pay"), ahead.lever("help")
    holding = (
        ahead["hold_pay"] * pay
        + ahead["hold_help"] * aid
        + ahead["hold_commitment"] * ahead.lever("commitment")
    )
    on = ahead.read("war.on")
    speed = jnp.exp(-holding) * (on + (1.0 - on) * _AFTER_THE_WAR)
    return {
        "clock": running(speed * ahead.months) * DAYS_A_MONTH,
        "pay": jnp.maximum(1.0 + pay, 0.0),
        "help": jnp.maximum(1.0 + aid, 0.0),
    }


MECHANISM = Mechanism(
    id="bargain",
    title="What the patron gives keeps the force there",
    parameters=fixed(
        Parameter("hold_pay", "1", "log of how much slower the force leaves if pay doubles"),
        Parameter("hold_help", "1", "log of how much slower it leaves if other help doubles"),
        Parameter("hold_commitment", "1", "log of how much slower it leaves if commitment is signalled"),
    ),
    outputs=(
        Output("clock", "days", "cumulative", "days that the way home has come nearer"),
        Output("pay", "1", "level", "pay over what it was at the decision date"),
        Output("help", "1", "level", "other help over what it was then"),
    ),
    reads=("war.on",),
    levers=("pay", "help", "commitment"),
    past=_past,
    ahead=_ahead,
    source="judgement; Cox & Oakes 1984; Weitsman 2014",
)

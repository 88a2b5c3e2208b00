"""Diplomatic cover: a patron's veto ends the monitoring and bars new measures.

`withdrawn(d)` rises from 0 to 1 around the day on which the patron withdraws its consent;
`veto` is the chance that a new resolution is vetoed. A resolution is adopted with the chance
(1 − veto)·lever, with a lever between 0 and 1, so that the option by way of the council is gated by the veto.
Source: judgement; on the gate, Security Council voting record (a permanent member's negative vote
defeats a resolution: UN Charter, Article 27(3)).
"""

from __future__ import annotations

import jax
import jax.numpy as jnp

from quidproquo.worlds.functions import constant
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

_MONTH = 30.0  # days over which a withdrawal of consent takes hold


def _past(past: Past, days: Days) -> Outputs:
    day = past["withdrawal"] * DAYS_A_YEAR
    return {
        "withdrawn": jax.nn.sigmoid(4.0 * (days - day) / _MONTH),
        "veto": constant(past["veto"], days),
    }


def _ahead(ahead: Ahead) -> Outputs:
    outputs = _past(ahead.past, ahead.ends)
    adopted = (1.0 - ahead["veto"]) * jnp.clip(ahead.lever("council"), 0.0, 1.0)
    return outputs | {"adopted": adopted}


MECHANISM = Mechanism(
    id="cover",
    title="A patron's veto ends monitoring and bars new measures",
    parameters=fixed(
        Parameter("withdrawal", "years", "when consent to monitoring ends, after the case's start"),
        Parameter("veto", "fraction", "chance that a new resolution is vetoed"),
    ),
    outputs=(
        Output("withdrawn", "fraction", "event", "consent to monitoring has been withdrawn"),
        Output("veto", "fraction", "event", "a new resolution is vetoed"),
        Output("adopted", "fraction", "share", "chance that a resolution is adopted"),
    ),
    levers=("council",),
    past=_past,
    ahead=_ahead,
    source="judgement; UN Charter, Article 27(3)",
)

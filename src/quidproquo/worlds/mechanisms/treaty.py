"""A treaty of mutual help: in force since a date, and the chance that it is invoked.

    activation = invoked·signed·escalation

`invoked` is the share of escalations in which help is asked for and given; the treaty is ambiguous
by its own terms, so its prior is wide. `signed` rises from 0 to 1 around the day of signature.

Source: judgement; on the reliability of alliances, Leeds, Long & Mitchell (2000), *Journal of
Conflict Resolution* 44(5), 686–699.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp

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

_MONTH = 30.0


def _past(past: Past, days: Days) -> Outputs:
    day = past["signed"] * DAYS_A_YEAR
    return {
        "signed": jax.nn.sigmoid(4.0 * (days - day) / _MONTH),
        "activation": jnp.zeros_like(days),
    }


def _ahead(ahead: Ahead) -> Outputs:
    signed = _past(ahead.past, ahead.ends)["signed"]
    return {
        "signed": signed,
        "activation": ahead["invoked"] * signed * ahead.read("deterrence.escalation"),
    }


MECHANISM = Mechanism(
    id="treaty",
    title="A treaty of mutual help",
    parameters=fixed(
        Parameter("signed", "years", "when it was signed, after the case's start"),
        Parameter("invoked", "fraction", "chance that help is asked for and given in an escalation"),
    ),
    outputs=(
        Output("signed", "fraction", "event", "the treaty has been signed"),
        Output("activation", "fraction", "event", "it has been activated since the decision date"),
    ),
    reads=("deterrence.escalation",),
    past=_past,
    ahead=_ahead,
    source="judgement; Leeds, Long & Mitchell 2000",
)

"""A treaty of mutual help: in force since a date, and the chance that it is invoked.

    activation = invoked·signed·escalation

`invoked` is the share of escalations in which help is asked for; the treaty is ambiguous
by its own terms, so its prior is wide. `signed` rises from 0 to 1 around the day of signature. With
`responses`, what a call for help brings is told as three shares that add up to one:

    none = 1 − answered,   material = answered·(1 − forces),   with_forces = answered·forces

`in_a_year` is the chance that the treaty is invoked within a year of a date, at the pace of that date.

Source: judgement; on the reliability of alliances, Leeds, Long & Mitchell (2000), *Journal of
Conflict Resolution* 44(5), 686–699.
"""

from __future__ import annotations

from collections.abc import Mapping

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
)

_MONTH = 30.0
_ALWAYS = (
    Parameter("signed", "years", "when it was signed, after the case's start"),
    Parameter("invoked", "fraction", "chance that help is asked for in an escalation"),
)
_RESPONSES = (
    Parameter("answered", "fraction", "chance that a call for help brings any"),
    Parameter("forces", "fraction", "chance that help which comes includes forces"),
)


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    return _ALWAYS + (_RESPONSES if settings.get("responses") else ())


def _responses(past: Past, days: Days) -> Outputs:
    """What a call for help brings: shares of calls."""
    if not past.settings.get("responses"):
        return {}
    answered, forces = past["answered"], past["forces"]
    return {
        "none": constant(1.0 - answered, days),
        "material": constant(answered * (1.0 - forces), days),
        "with_forces": constant(answered * forces, days),
    }


def _past(past: Past, days: Days) -> Outputs:
    day = past["signed"] * DAYS_A_YEAR
    signed = jax.nn.sigmoid(4.0 * (days - day) / _MONTH)
    return _responses(past, days) | {
        "signed": signed,
        "activation": jnp.zeros_like(days),
        "in_a_year": past["invoked"] * signed * past.observe("deterrence.escalation_in_a_year", days),
    }


def _ahead(ahead: Ahead) -> Outputs:
    days = ahead.ends
    signed = jax.nn.sigmoid(4.0 * (days - ahead["signed"] * DAYS_A_YEAR) / _MONTH)
    return _responses(ahead.past, days) | {
        "signed": signed,
        "activation": ahead["invoked"] * signed * ahead.read("deterrence.escalation"),
        "in_a_year": ahead["invoked"] * signed * ahead.read("deterrence.escalation_in_a_year"),
    }


MECHANISM = Mechanism(
    id="treaty",
    title="A treaty of mutual help",
    parameters=_parameters,
    outputs=(
        Output("signed", "fraction", "event", "the treaty has been signed"),
        Output("activation", "fraction", "event", "it has been invoked since the decision date"),
        Output("in_a_year", "fraction", "event", "it is invoked within a year of the date"),
        Output("none", "fraction", "share", "calls for help that bring nothing"),
        Output("material", "fraction", "share", "calls that bring help but no forces"),
        Output("with_forces", "fraction", "share", "calls that bring forces"),
    ),
    reads=("deterrence.escalation", "deterrence.escalation_in_a_year"),
    past=_past,
    ahead=_ahead,
    source="judgement; Leeds, Long & Mitchell 2000",
)

"""Deterrence as a two-stage game in agent quantal response form: challenge? respond?

    p_respond   = σ(λ·(resolve + shifts))
    U_challenge = (1 − p_respond)·gain − p_respond·cost         status quo 0
    p_challenge = σ(λ·U_challenge),  gain raised by emboldening·(experience + lost pressure)/2,
                                     by emboldening·experience where the case has no pressure

Serious incidents come at opportunity·p_challenge a year; one escalates with chance
escalate·p_respond. Levers move the belief about resolve (commitment, disclosure, coalition, each
of unknown sign) and provoke: they add provoke·lever to the gain from answering them. With `informing`
the lever `information` moves that belief as well, and with `inducing` the lever `inducement` takes
appease·lever from the gain; either may have the wrong sign. The chances of an incident, and of one that
escalates, are counted from the decision date, and within a year of any date at the pace of that date.
Source: McKelvey & Palfrey (1998), *Experimental Economics* 1, 9–41, agent quantal response;
Signorino (1999), *APSR* 93(2), 279–297, for the two-stage game; payoffs are judgement.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax
import jax.numpy as jnp
from jaxtyping import Array

from quidproquo.worlds.functions import running
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
    Parameter("opportunity", "1/year", "occasions for a serious challenge"),
    Parameter("precision", "1/utility", "how closely players follow their payoffs"),
    Parameter("resolve", "utility", "what the sender believes of the defender's will to respond"),
    Parameter("gain", "utility", "worth of a challenge that goes unanswered"),
    Parameter("cost", "utility", "cost of a challenge that is answered"),
    Parameter(
        "embolden", "utility", "what experience and relief from pressure add to the worth of a challenge"
    ),
    Parameter("escalate", "fraction", "chance that an answered challenge escalates"),
    Parameter("effect_commitment", "utility", "what signalling commitment adds to the belief in a response"),
    Parameter("effect_disclosure", "utility", "what disclosure adds to the belief in a response"),
    Parameter("effect_coalition", "utility", "what signalling together adds to the belief in a response"),
    Parameter("provoke", "utility", "what an option adds to the worth of a challenge by provoking"),
)
_INFORMING = Parameter(
    "effect_information", "utility", "what informing the sender's people adds to the belief in a response"
)
_INDUCING = Parameter("appease", "utility", "what inducements take from the worth of a challenge")


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    chosen = {"informing": _INFORMING, "inducing": _INDUCING}
    return _ALWAYS + tuple(parameter for key, parameter in chosen.items() if settings.get(key))


def equilibrium(precision: Array, resolve: Array, gain: Array, cost: Array) -> tuple[Array, Array]:
    """Chances of a challenge and of a response, by backward induction; all arrays of one shape."""
    respond = jax.nn.sigmoid(precision * resolve)
    challenge = jax.nn.sigmoid(precision * ((1.0 - respond) * gain - respond * cost))
    return challenge, respond


def _gain(past: Past, experience: Array, pressure: Array | None) -> Array:
    boldness = experience if pressure is None else 0.5 * (experience + 1.0 - pressure)
    return past["gain"] + past["embolden"] * boldness


def _past(past: Past, days: Days) -> Outputs:
    pressure = past.observe("pressure.index", days) if past.has("pressure") else None
    gain = _gain(past, past.observe("experience.index", days), pressure)
    challenge, respond = equilibrium(past["precision"], past["resolve"], gain, past["cost"])
    nothing = jnp.zeros_like(days)
    yearly = past["opportunity"] * challenge
    return {"incident": nothing, "escalation": nothing} | _yearly_chances(past, yearly, respond)


def _yearly_chances(past: Past, yearly: Array, respond: Array) -> Outputs:
    """Incidents a month, and the chances of one, and of one that escalates, within a year of the date."""
    return {
        "challenge": yearly / 12.0,
        "incident_in_a_year": -jnp.expm1(-yearly),
        "escalation_in_a_year": -jnp.expm1(-yearly * past["escalate"] * respond),
    }


def _ahead(ahead: Ahead) -> Outputs:
    commitment, disclosure = ahead.lever("commitment"), ahead.lever("disclosure")
    coalition = ahead.lever("coalition")
    resolve = (
        ahead["resolve"]
        + ahead["effect_commitment"] * commitment
        + ahead["effect_disclosure"] * disclosure
        + ahead["effect_coalition"] * coalition
    )
    pushed = jnp.maximum(commitment, 0.0) + disclosure + coalition + ahead.lever("council")
    pushed = pushed + ahead.lever("enforcement") + ahead.lever("partner") + ahead.lever("information")
    offered = jnp.zeros_like(pushed)
    if ahead.past.settings.get("informing"):
        resolve = resolve + ahead["effect_information"] * ahead.lever("information")
    if ahead.past.settings.get("inducing"):
        offered = ahead["appease"] * ahead.lever("inducement")
    pressure = ahead.read("pressure.index") if ahead.past.has("pressure") else None
    gain = _gain(ahead.past, ahead.read("experience.index"), pressure)
    challenge, respond = equilibrium(
        ahead["precision"], resolve, gain + ahead["provoke"] * pushed - offered, ahead["cost"]
    )
    chances = _yearly_chances(ahead.past, ahead["opportunity"] * challenge, respond)
    rate = chances["challenge"]
    hazard = running(rate * ahead.months)
    worse = running(rate * ahead["escalate"] * respond * ahead.months)
    return chances | {
        "incident": 1.0 - jnp.exp(-hazard),
        "escalation": 1.0 - jnp.exp(-worse),
    }


MECHANISM = Mechanism(
    id="deterrence",
    title="Challenge and response",
    parameters=_parameters,
    outputs=(
        Output("challenge", "1/month", "rate", "serious incidents a month"),
        Output("incident", "fraction", "event", "a serious incident since the decision date"),
        Output("escalation", "fraction", "event", "an incident has escalated since then"),
        Output("incident_in_a_year", "fraction", "event", "a serious incident within a year of the date"),
        Output("escalation_in_a_year", "fraction", "event", "one that escalates within a year of the date"),
    ),
    reads=("experience.index",),
    reads_if=("pressure.index",),
    levers=(
        "commitment",
        "disclosure",
        "coalition",
        "council",
        "enforcement",
        "partner",
        "information",
        "inducement",
    ),
    past=_past,
    ahead=_ahead,
    source="McKelvey & Palfrey 1998; Signorino 1999; payoffs judgement",
)

"""Deterrence as a two-stage game in agent quantal response form: challenge? respond?

    p_respond   = σ(λ·(resolve + shifts))
    U_challenge = (1 − p_respond)·gain − p_respond·cost         status quo 0
    p_challenge = σ(λ·U_challenge),  gain raised by emboldening·(experience + lost pressure)/2,
                                     by emboldening·experience where the case has no pressure

Serious incidents come at opportunity·p_challenge a year; one escalates with chance
escalate·p_respond. Levers move the belief about resolve (commitment, disclosure, coalition, each
of unknown sign) and provoke: they add provoke·lever to the gain from answering them.
Source: McKelvey & Palfrey (1998), *Experimental Economics* 1, 9–41, agent quantal response;
Signorino (1999), *APSR* 93(2), 279–297, for the two-stage game; payoffs are judgement.
"""

from __future__ import annotations

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
    fixed,
)


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
    challenge, _ = equilibrium(past["precision"], past["resolve"], gain, past["cost"])
    nothing = jnp.zeros_like(days)
    rate = past["opportunity"] * challenge / 12.0
    return {"challenge": rate, "incident": nothing, "escalation": nothing}


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
    pressure = ahead.read("pressure.index") if ahead.past.has("pressure") else None
    gain = _gain(ahead.past, ahead.read("experience.index"), pressure)
    challenge, respond = equilibrium(
        ahead["precision"], resolve, gain + ahead["provoke"] * pushed, ahead["cost"]
    )
    rate = ahead["opportunity"] * challenge / 12.0
    hazard = running(rate * ahead.months)
    worse = running(rate * ahead["escalate"] * respond * ahead.months)
    return {
        "challenge": rate,
        "incident": 1.0 - jnp.exp(-hazard),
        "escalation": 1.0 - jnp.exp(-worse),
    }


MECHANISM = Mechanism(
    id="deterrence",
    title="Challenge and response",
    parameters=fixed(
        Parameter("opportunity", "1/year", "occasions for a serious challenge"),
        Parameter("precision", "1/utility", "how closely players follow their payoffs"),
        Parameter("resolve", "utility", "what the sender believes of the defender's will to respond"),
        Parameter("gain", "utility", "worth of a challenge that goes unanswered"),
        Parameter("cost", "utility", "cost of a challenge that is answered"),
        Parameter("embolden", "utility", "what experience and relief from pressure add to the gain"),
        Parameter("escalate", "fraction", "chance that an answered challenge escalates"),
        Parameter("effect_commitment", "utility", "what signalling commitment does to that belief"),
        Parameter("effect_disclosure", "utility", "what disclosure does to that belief"),
        Parameter("effect_coalition", "utility", "what signalling together does to that belief"),
        Parameter("provoke", "utility", "what the levers add to the gain by provoking"),
    ),
    outputs=(
        Output("challenge", "1/month", "rate", "serious incidents a month"),
        Output("incident", "fraction", "event", "a serious incident since the decision date"),
        Output("escalation", "fraction", "event", "an incident has escalated since then"),
    ),
    reads=("experience.index",),
    reads_if=("pressure.index",),
    levers=("commitment", "disclosure", "coalition", "council"),
    past=_past,
    ahead=_ahead,
    source="McKelvey & Palfrey 1998; Signorino 1999; payoffs judgement",
)

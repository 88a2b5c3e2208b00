"""The defended public: who feels threatened, and who trusts the commitment, on the log-odds scale.

    threat     = σ(base + alarm·occurred + worry·incident − calm)
    confidence = σ(trust + kept·commitment + told·reassurance + stood·coalition + shown·disclosure
                   − shaken·incident)

with `inducing`, given·inducement is added to confidence; with `drifting`, trust is trust + drift·d, d the
years from the case's start to a date, or to the decision date where that is earlier;
where calm = relief·(reassurance + ½·disclosure + ½·commitment). Every effect may have either sign.
Source: judgement; log-odds as in models of survey shares (Gelman & Hill 2007, ch. 5).
"""

from __future__ import annotations

from collections.abc import Mapping

import jax
from jaxtyping import Array

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

_ALWAYS = (
    Parameter("base", "log-odds", "share that feels threatened without a deployment"),
    Parameter("alarm", "log-odds", "what the deployment adds to it"),
    Parameter("worry", "log-odds", "what an incident adds to it"),
    Parameter("relief", "log-odds", "what reassurance takes from it"),
    Parameter("trust", "log-odds", "share that trusts the commitment"),
    Parameter("kept", "log-odds", "what signalling commitment adds to trust"),
    Parameter("told", "log-odds", "what reassurance adds to trust"),
    Parameter("stood", "log-odds", "what a coalition adds to trust"),
    Parameter("shown", "log-odds", "what disclosure adds to trust"),
    Parameter("shaken", "log-odds", "what an incident takes from trust"),
)
_INDUCING = (Parameter("given", "log-odds", "what inducements to the sender add to trust"),)
_DRIFTING = (Parameter("drift", "1/year", "what trust gains a year, on the log-odds scale"),)


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    given = _INDUCING if settings.get("inducing") else ()
    return _ALWAYS + given + (_DRIFTING if settings.get("drifting") else ())


def _trust(past: Past, days: Array) -> Array:
    """Trust on a date on the log-odds scale, when nobody does anything."""
    if not past.settings.get("drifting"):
        return constant(past["trust"], days)
    return past["trust"] + past["drift"] * days / DAYS_A_YEAR


def _past(past: Past, days: Days) -> Outputs:
    occurred = past.observe("deployment.occurred", days)
    return {
        "threat": jax.nn.sigmoid(past["base"] + past["alarm"] * occurred),
        "confidence": jax.nn.sigmoid(_trust(past, days)),
    }


def _ahead(ahead: Ahead) -> Outputs:
    reassured, disclosure = ahead.lever("reassurance"), ahead.lever("disclosure")
    commitment, coalition = ahead.lever("commitment"), ahead.lever("coalition")
    incident = ahead.read("deterrence.incident")
    calm = ahead["relief"] * (reassured + 0.5 * disclosure + 0.5 * commitment)
    threat = ahead["base"] + ahead["alarm"] * ahead.read("deployment.occurred")
    trust = (
        _trust(ahead.past, ahead.today)
        + ahead["kept"] * commitment
        + ahead["told"] * reassured
        + ahead["stood"] * coalition
        + ahead["shown"] * disclosure
        - ahead["shaken"] * incident
    )
    if ahead.past.settings.get("inducing"):
        trust = trust + ahead["given"] * ahead.lever("inducement")
    return {
        "threat": jax.nn.sigmoid(threat + ahead["worry"] * incident - calm),
        "confidence": jax.nn.sigmoid(trust),
    }


MECHANISM = Mechanism(
    id="reassurance",
    title="The defended public's fear and trust",
    parameters=_parameters,
    outputs=(
        Output("threat", "fraction", "share", "share of the public that feels threatened"),
        Output("confidence", "fraction", "share", "share of the public that trusts the commitment"),
    ),
    reads=("deployment.occurred", "deterrence.incident"),
    levers=("reassurance", "commitment", "coalition", "disclosure", "inducement"),
    past=_past,
    ahead=_ahead,
    source="judgement; Gelman & Hill 2007",
)

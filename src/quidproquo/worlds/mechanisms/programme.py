"""A technology programme: a milestone with an own rate, raised by assistance.

    rate(m) = own·(1 + boost·assistance(m)),   reached(m) = 1 − exp(−Σ rate·Δ)

from the decision date on; the months gained by the horizon are the sum over months of reached with
and without assistance, E[min(T_own, H)] − E[min(T_assisted, H)]. With `attempts`, trials come at
`attempts` a year since `begin` and succeed with chance `success`.
Source: discrete-time hazards (Allison 1982, *Sociological Methodology* 13, 61–98); rates are
judgement, attempts as the case cites them.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jaxtyping import Array

from quidproquo.worlds.functions import past_start, running
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

_RATES = (
    Parameter("own", "1/year", "rate at which the milestone is reached unaided"),
    Parameter("boost", "1", "relative gain in that rate at full assistance"),
)
_ATTEMPTS = (
    Parameter("begin", "years", "first attempt possible, after the case's start"),
    Parameter("attempts", "1/year", "attempts a year"),
    Parameter("success", "fraction", "chance that an attempt succeeds"),
)


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    return _RATES + (_ATTEMPTS if settings.get("attempts") else ())


def _counts(past: Past, days: Days) -> Outputs:
    if not past.settings.get("attempts"):
        return {}
    tried = past["attempts"] * past_start(days / DAYS_A_YEAR, past["begin"])
    return {"attempts": tried, "successes": tried * past["success"]}


def _past(past: Past, days: Days) -> Outputs:
    nothing = jnp.zeros_like(days)
    return _counts(past, days) | {"reached": nothing, "gained": nothing}


def _ahead(ahead: Ahead) -> Outputs:
    years = ahead.months / 12.0
    own = running(ahead["own"] * years)
    lifted = jnp.maximum(1.0 + ahead["boost"] * ahead.read("assistance.level"), 0.0)
    assisted = running(ahead["own"] * lifted * years)
    reached: Array = 1.0 - jnp.exp(-assisted)
    gained = running((reached - 1.0 + jnp.exp(-own)) * ahead.months)
    return _counts(ahead.past, ahead.nodes[1:]) | {"reached": reached, "gained": gained}


MECHANISM = Mechanism(
    id="programme",
    title="A technology programme reaches its milestone",
    parameters=_parameters,
    outputs=(
        Output("attempts", "attempts", "cumulative", "attempts so far"),
        Output("successes", "attempts", "cumulative", "successful attempts so far"),
        Output("reached", "fraction", "event", "the milestone is reached after the decision date"),
        Output("gained", "months", "cumulative", "expected months gained by assistance"),
    ),
    reads=("assistance.level",),
    past=_past,
    ahead=_ahead,
    source="judgement; Allison 1982",
)

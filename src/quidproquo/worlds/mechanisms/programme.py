"""A technology programme: a milestone with an own rate, which its record informs, raised by assistance.

    own       given, or attempts·success·works: trials a year, the chance that one succeeds, and the
              chance that a success is the milestone                          1/year
    E(d)      years of work so far: since the case's start, or since `begin`
    H(d)      years of help so far, at full strength: covers·∫ assistance.level
    unaided   = 1 − exp(−own·E)
    reached   = 1 − exp(−own·(E + boost·H))
    gained    = Σ over the months after the decision date of (reached − unaided)·Δ    months

so that own is multiplied by 1 + boost·help while help lasts, and `gained` is E[min(T, horizon)] without
help less the same with it, counted from the decision date. Attempts and successes so far, attempts·E
and success·attempts·E, are compared with the record of counts: it bears on both, and so on the own
rate. They are taken as the programme's own, help or no help, which credits help with less.
With `open`, the record up to the decision date leaves open whether the milestone has been reached;
else it was known not to be, and the hazard runs from that date on. With `attempts`, trials are
counted, since `begin` unless `begun` says that they go on at the case's start. `helped_in` names the
states of the hypothesis `assistance` in which help comes to this programme; without it, it always does.
Source: discrete-time hazards (Allison 1982, *Sociological Methodology* 13, 61–98); a thinned Poisson
process (Kingman 1993, *Poisson Processes*, ch. 5); rates as the case cites them.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jaxtyping import Array

from quidproquo.worlds.functions import constant, gains, past_start, running
from quidproquo.worlds.mechanism import (
    DAYS_A_YEAR,
    Ahead,
    Days,
    Mechanism,
    Output,
    Outputs,
    Parameter,
    Past,
    Scalar,
)

_OWN = Parameter("own", "1/year", "rate at which the milestone is reached unaided")
_BOOST = Parameter("boost", "1", "relative gain in that rate at full assistance")
_BEGIN = Parameter("begin", "years", "first attempt possible, after the case's start")
_ATTEMPTS = (
    Parameter("attempts", "1/year", "attempts a year"),
    Parameter("success", "fraction", "chance that an attempt succeeds"),
    Parameter("works", "fraction", "chance that a success is the milestone"),
)


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    if not settings.get("attempts"):
        return (_OWN, _BOOST)
    return (_BOOST, *_ATTEMPTS) if settings.get("begun") else (_BOOST, _BEGIN, *_ATTEMPTS)


def _own(past: Past) -> Scalar:
    """Rate of the milestone without help, 1/year."""
    if not past.settings.get("attempts"):
        return past["own"]
    return past["attempts"] * past["success"] * past["works"]


def _begin(past: Past) -> Array:
    """From when there is work at all, days."""
    begins = past.settings.get("attempts") and not past.settings.get("begun")
    return past["begin"] * DAYS_A_YEAR if begins else jnp.zeros((1,))


def _covers(past: Past) -> Array:
    """1 where help comes to this programme, 0 where it doesn't."""
    states = past.settings.get("helped_in")
    if states is None:
        return jnp.ones((1,))
    assert isinstance(states, (list, tuple))
    return past.holds("assistance", states)


def _years(past: Past, days: Days) -> Array:
    """Years of work so far."""
    return past_start(days, _begin(past)) / DAYS_A_YEAR


def _help(past: Past, days: Days) -> Array:
    """Years of help so far, at full strength, while there was work to help."""
    until = past.observe("assistance.dose", jnp.minimum(days, _begin(past)))
    got = past.observe("assistance.dose", days) - until
    return _covers(past) * jnp.maximum(got, 0.0)


def _chance(hazard: Array) -> Array:
    return -jnp.expm1(-hazard)


def _so_far(past: Past, days: Days) -> tuple[Array, Array]:
    """Hazard up to a day without help, and what help adds; none where it is known not to be reached."""
    if not past.settings.get("open"):
        nothing = constant(jnp.zeros((1,)), days)
        return nothing, nothing
    own = _own(past)
    return own * _years(past, days), own * past["boost"] * _help(past, days)


def _counts(past: Past, days: Days) -> Outputs:
    if not past.settings.get("attempts"):
        return {}
    tried = past["attempts"] * _years(past, days)
    return {"attempts": tried, "successes": tried * past["success"]}


def _past(past: Past, days: Days) -> Outputs:
    unaided, added = _so_far(past, days)
    return _counts(past, days) | {
        "rate": constant(_own(past), days),
        "helped": _covers(past) * past.observe("assistance.delivered", days),
        "unaided": _chance(unaided),
        "reached": _chance(unaided + added),
        "gained": jnp.zeros_like(days),
    }


def _ahead(ahead: Ahead) -> Outputs:
    past, own = ahead.past, _own(ahead.past)
    work = own * gains(_years(past, ahead.nodes))
    lift = jnp.maximum(past["boost"] * _covers(past) * ahead.read("assistance.level"), -1.0)
    unaided, added = (hazard[0] for hazard in _so_far(past, ahead.today))
    unaided, added = unaided + running(work), added + running(work * lift)
    # not a difference of two probabilities: without help it must be nothing, to the last digit
    sooner = jnp.exp(-unaided) * _chance(added)
    return _counts(past, ahead.ends) | {
        "rate": constant(own, unaided),
        "helped": _covers(past) * ahead.read("assistance.delivered"),
        "unaided": _chance(unaided),
        "reached": _chance(unaided + added),
        "gained": running(sooner * ahead.months),
    }


MECHANISM = Mechanism(
    id="programme",
    title="A technology programme reaches its milestone",
    parameters=_parameters,
    outputs=(
        Output("attempts", "attempts", "cumulative", "attempts so far"),
        Output("successes", "attempts", "cumulative", "successful attempts so far"),
        Output("rate", "1/year", "rate", "rate at which the milestone is reached unaided"),
        Output("helped", "fraction", "event", "help has come to the programme"),
        Output("unaided", "fraction", "event", "the milestone would be reached without help"),
        Output("reached", "fraction", "event", "the milestone is reached"),
        Output("gained", "months", "cumulative", "expected months gained by help after the decision date"),
    ),
    reads=("assistance.level", "assistance.delivered"),
    past=_past,
    ahead=_ahead,
    source="judgement; Allison 1982",
)

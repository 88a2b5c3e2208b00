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
`in_a_year` is the chance that the milestone is reached by a year after a date, at the pace of that date:

    in_a_year(d) = 1 − (1 − reached(d))·exp(−own·(E(d + 1 year) − E(d))·(1 + boost·help(d)))

With `already`, it may have been reached before the case's start, with that chance: it multiplies what
is not reached by 1 − already. `record` lists the days of attempts that were counted, and `successes`
those among them that succeeded: `counted` and `counted_successes` are their numbers so far, and after
the decision date what more is expected; they bear on nothing.
With `open`, the record up to the decision date leaves open whether the milestone has been reached;
else it was known not to be, and the hazard runs from that date on. With `attempts`, trials are
counted, since `begin` unless `begun` says that they go on at the case's start. `helped_in` names the
states of the hypothesis `assistance` in which help comes to this programme; without it, it always does.
Source: discrete-time hazards (Allison 1982, *Sociological Methodology* 13, 61–98); a thinned Poisson
process (Kingman 1993, *Poisson Processes*, ch. 5); rates as the case cites them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

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
_ALREADY = Parameter("already", "fraction", "chance that it was reached before the case's start")
_ATTEMPTS = (
    Parameter("attempts", "1/year", "attempts a year"),
    Parameter("success", "fraction", "chance that an attempt succeeds"),
    Parameter("works", "fraction", "chance that a success is the milestone"),
)


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    already = (_ALREADY,) if settings.get("already") else ()
    if not settings.get("attempts"):
        return (_OWN, _BOOST, *already)
    begin = () if settings.get("begun") else (_BEGIN,)
    return (_BOOST, *begin, *_ATTEMPTS, *already)


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


def _by(not_yet: Array, hazard: Array) -> Array:
    """Chance that it is reached, from that of not being so at first, and the hazard since then."""
    # not 1 − not_yet·exp(−hazard): small chances would be lost by rounding
    return _chance(hazard) + (1.0 - not_yet) * jnp.exp(-hazard)


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


def _counted(past: Past, days: Days, now: Array) -> Outputs:
    """Attempts and successes on record up to `now`, and what is expected of them up to each day after it."""
    if not past.settings.get("record"):
        return {}
    expected = _counts(past, days), _counts(past, now)
    outputs = {}
    for name, listed in (("attempts", "record"), ("successes", "successes")):
        known = jnp.minimum(days, now)
        seen = sum(((known >= day) * 1.0 for day in _on_record(past, listed)), jnp.zeros_like(known))
        outputs[name] = seen + jnp.maximum(expected[0][name] - expected[1][name], 0.0)
    return {"counted": outputs["attempts"], "counted_successes": outputs["successes"]}


def _on_record(past: Past, listed: str) -> tuple[float, ...]:
    """Days that a setting lists, counted from the case's start."""
    start, dates = past.settings["start"], past.settings.get(listed, ())
    assert isinstance(start, date)
    assert isinstance(dates, (list, tuple))
    return tuple(float((date.fromisoformat(str(day)) - start).days) for day in dates)


def _unreached(past: Past) -> Array:
    """Chance that the milestone wasn't reached before the case's start."""
    return 1.0 - past["already"] if past.settings.get("already") else jnp.ones((1,))


def _soon(past: Past, days: Days, reached: Array, level: Array) -> Array:
    """Chance that the milestone is reached by a year after each day, at the pace of that day."""
    work = _own(past) * (_years(past, days + DAYS_A_YEAR) - _years(past, days))
    lift = jnp.maximum(past["boost"] * _covers(past) * level, -1.0)
    return reached + (1.0 - reached) * _chance(work * (1.0 + lift))


def _past(past: Past, days: Days) -> Outputs:
    unaided, added = _so_far(past, days)
    not_yet = _unreached(past)
    reached = _by(not_yet, unaided + added)
    return (
        _counts(past, days)
        | _counted(past, days, days)
        | {
            "rate": constant(_own(past), days),
            "helped": _covers(past) * past.observe("assistance.delivered", days),
            "unaided": _by(not_yet, unaided),
            "reached": reached,
            "in_a_year": _soon(past, days, reached, past.observe("assistance.level", days)),
            "gained": jnp.zeros_like(days),
        }
    )


def _ahead(ahead: Ahead) -> Outputs:
    past, own = ahead.past, _own(ahead.past)
    work = own * gains(_years(past, ahead.nodes))
    lift = jnp.maximum(past["boost"] * _covers(past) * ahead.read("assistance.level"), -1.0)
    unaided, added = (hazard[0] for hazard in _so_far(past, ahead.today))
    unaided, added = unaided + running(work), added + running(work * lift)
    # not a difference of two probabilities: without help it must be nothing, to the last digit
    not_yet, days = _unreached(past), ahead.ends
    sooner = not_yet * jnp.exp(-unaided) * _chance(added)
    reached = _by(not_yet, unaided + added)
    return (
        _counts(past, days)
        | _counted(past, days, ahead.today)
        | {
            "rate": constant(own, unaided),
            "helped": _covers(past) * ahead.read("assistance.delivered"),
            "unaided": _by(not_yet, unaided),
            "reached": reached,
            "in_a_year": _soon(past, days, reached, ahead.read("assistance.level")),
            "gained": running(sooner * ahead.months),
        }
    )


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
        Output("in_a_year", "fraction", "event", "the milestone is reached by a year after the date"),
        Output("counted", "attempts", "cumulative", "attempts on record so far"),
        Output("counted_successes", "attempts", "cumulative", "successes on record so far"),
        Output("gained", "months", "cumulative", "expected months gained by help after the decision date"),
    ),
    reads=("assistance.level", "assistance.delivered"),
    past=_past,
    ahead=_ahead,
    source="judgement; Allison 1982",
)

"""The sender's legal economy: exports to its main partner, that partner's share, output, workers.

    exports(d) = peak·(1 − dip·exp(−d/recovery)),  USD a year at the date.
    output(d)  = output·exp(growth·d)              with `growing`; else the same throughout
    workers(d) = workers + arrivals·(d − opened)₊  with `arriving`; else the same throughout

Where the case follows all exports and not those to one partner, `peak` and `dip` speak of all.
With `workers = false` the case counts no civilian workers abroad.
Source: recovery from a closed border as an exponential approach; levels as in customs figures and
the central bank estimates that the case cites; the rest is judgement.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp

from quidproquo.worlds.functions import past_start
from quidproquo.worlds.mechanism import (
    DAYS_A_MONTH,
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
    Parameter("peak", "USD/year", "exports to the main partner once recovered"),
    Parameter("dip", "fraction", "share of exports missing at the case's start"),
    Parameter("recovery", "years", "time scale of the recovery"),
    Parameter("partner_share", "fraction", "main partner's share of trade"),
    Parameter("output", "USD/year", "yearly output"),
)
_WORKERS = (Parameter("workers", "persons", "civilian workers in the host country"),)
_ARRIVING = (
    Parameter("arrivals", "persons/year", "civilian workers who come in a year, less those who go"),
    Parameter("opened", "years", "from when they come, after the case's start"),
)
_GROWING = (Parameter("growth", "1/year", "growth of yearly output"),)


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    workers: tuple[Parameter, ...] = ()
    if settings.get("workers", True):
        workers = _WORKERS + (_ARRIVING if settings.get("arriving") else ())
    return _ALWAYS + workers + (_GROWING if settings.get("growing") else ())


def _workers(past: Past, days: Days) -> Outputs:
    """Civilian workers in the host country, and their person-months since the case's start."""
    there = past["workers"] + jnp.zeros_like(days)
    months = past["workers"] * days / DAYS_A_MONTH
    if past.settings.get("arriving"):
        years = past_start(days, past["opened"] * DAYS_A_YEAR) / DAYS_A_YEAR
        there = there + past["arrivals"] * years
        months = months + past["arrivals"] * years * years / 2.0 * (DAYS_A_YEAR / DAYS_A_MONTH)
    return {
        "workers": there,
        "arrived": there - past["workers"],
        "worker_months": jnp.maximum(months, 0.0),
    }


def _past(past: Past, days: Days) -> Outputs:
    gone = jnp.exp(-jnp.maximum(days, 0.0) / (past["recovery"] * DAYS_A_YEAR))
    same = jnp.ones_like(days)
    grown = jnp.exp(past["growth"] * days / DAYS_A_YEAR) if past.settings.get("growing") else same
    workers = _workers(past, days) if past.settings.get("workers", True) else {}
    return workers | {
        "exports": past["peak"] * (1.0 - past["dip"] * gone),
        "partner_share": past["partner_share"] * same,
        "output": past["output"] * grown,
    }


def _ahead(ahead: Ahead) -> Outputs:
    return _past(ahead.past, ahead.ends)


MECHANISM = Mechanism(
    id="economy",
    title="The sender's legal economy",
    parameters=_parameters,
    outputs=(
        Output("exports", "USD/year", "rate", "exports to the main partner"),
        Output("partner_share", "fraction", "share", "main partner's share of trade"),
        Output("output", "USD/year", "level", "yearly output"),
        Output("workers", "persons", "stock", "civilian workers in the host country"),
        Output("arrived", "persons", "cumulative", "civilian workers who have come since the case's start"),
        Output("worker_months", "person-months", "cumulative", "time worked by them since the case's start"),
    ),
    past=_past,
    ahead=_ahead,
    source="judgement; figures cited by the case",
)

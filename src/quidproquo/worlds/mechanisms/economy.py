"""The sender's legal economy: exports to its main partner, that partner's share, output, workers.

    exports(d) = peak·(1 − dip·exp(−d/recovery)),  USD a year at the date.

Source: recovery from a closed border as an exponential approach; levels as in customs figures and
the central bank estimates that the case cites; the rest is judgement.
"""

from __future__ import annotations

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


def _past(past: Past, days: Days) -> Outputs:
    gone = jnp.exp(-jnp.maximum(days, 0.0) / (past["recovery"] * DAYS_A_YEAR))
    same = jnp.ones_like(days)
    return {
        "exports": past["peak"] * (1.0 - past["dip"] * gone),
        "partner_share": past["partner_share"] * same,
        "output": past["output"] * same,
        "workers": past["workers"] * same,
    }


def _ahead(ahead: Ahead) -> Outputs:
    return _past(ahead.past, ahead.nodes[1:])


MECHANISM = Mechanism(
    id="economy",
    title="The sender's legal economy",
    parameters=fixed(
        Parameter("peak", "USD/year", "exports to the main partner once recovered"),
        Parameter("dip", "fraction", "share of exports missing at the case's start"),
        Parameter("recovery", "years", "time scale of the recovery"),
        Parameter("partner_share", "fraction", "main partner's share of trade"),
        Parameter("output", "USD/year", "yearly output"),
        Parameter("workers", "persons", "civilian workers in the host country"),
    ),
    outputs=(
        Output("exports", "USD/year", "rate", "exports to the main partner"),
        Output("partner_share", "fraction", "share", "main partner's share of trade"),
        Output("output", "USD/year", "level", "yearly output"),
        Output("workers", "persons", "stock", "civilian workers in the host country"),
    ),
    past=_past,
    ahead=_ahead,
    source="judgement; figures cited by the case",
)

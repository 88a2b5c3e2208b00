"""Pay of one grade of soldiers, as a multiple of the mean over all: pay(d) = ratio·mean pay(d).

A case names one of these for each grade that reports speak of, and the same grades in the setting
`grades` of `earnings`, where the ratios are. USD a month. Source: definition.
"""

from __future__ import annotations

from quidproquo.worlds.mechanism import (
    Ahead,
    Days,
    Mechanism,
    Output,
    Outputs,
    Past,
    fixed,
)


def _past(past: Past, days: Days) -> Outputs:
    return {"pay": past.of(f"earnings.ratio.{past.name}") * past.observe("earnings.pay", days)}


def _ahead(ahead: Ahead) -> Outputs:
    return {"pay": ahead.past.of(f"earnings.ratio.{ahead.past.name}") * ahead.read("earnings.pay")}


MECHANISM = Mechanism(
    id="grade",
    title="Pay of one grade",
    parameters=fixed(),
    outputs=(Output("pay", "USD/month", "rate", "pay for one soldier of this grade a month"),),
    reads=("earnings.pay",),
    past=_past,
    ahead=_ahead,
    source="definition",
)

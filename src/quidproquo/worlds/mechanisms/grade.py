"""Pay of one grade of soldiers, as a multiple of the mean over all: pay(d) = ratio·mean pay(d).

A case names one of these for each grade that reports speak of. USD a month.
Source: definition; the ratio is judgement.
"""

from __future__ import annotations

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


def _past(past: Past, days: Days) -> Outputs:
    return {"pay": past["ratio"] * past.observe("earnings.pay", days)}


def _ahead(ahead: Ahead) -> Outputs:
    return {"pay": ahead["ratio"] * ahead.read("earnings.pay")}


MECHANISM = Mechanism(
    id="grade",
    title="Pay of one grade",
    parameters=fixed(Parameter("ratio", "1", "pay of this grade over the mean of all")),
    outputs=(Output("pay", "USD/month", "rate", "pay for one soldier of this grade a month"),),
    reads=("earnings.pay",),
    past=_past,
    ahead=_ahead,
    source="definition",
)

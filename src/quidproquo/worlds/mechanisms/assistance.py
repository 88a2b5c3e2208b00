"""Technical assistance in return: sought, promised, delivered.

    promised(d) = 1 − exp(−(d − t)₊/τ)        t the day of the promise, τ half a year
    delivered(d) = level·(1 − exp(−(d − t − lag)₊/τ)),   level by the hypothesis `payback`
    dose(d) = ∫ delivered = level·(x − τ(1 − e^{−x/τ})),  x = (d − t − lag)₊      years at full strength

Sought, promised and delivered are between 0 and 1: how far the thing is so in a world. After the
decision date the level falls with what pressure cuts and, once the war is over, to `after` of
itself; with `scaled_by`, it is multiplied by what that names.
Source: judgement; stages as in the ordered/delivered rule of arms-transfer registers (SIPRI).
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jaxtyping import Array

from quidproquo.worlds.functions import accumulate, past_start, saturating
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

_HALF_YEAR = 0.5


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    states = settings["states.payback"]
    assert isinstance(states, tuple)
    return (
        Parameter("sought", "years", "from when help is sought, after the case's start"),
        Parameter("promise", "years", "from seeking to the promise"),
        Parameter("lag", "years", "from the promise to the first delivery"),
        Parameter("after", "fraction", "share of the help that goes on after a ceasefire"),
        *(Parameter(f"level.{s}", "fraction", f"help in the end if '{s}' holds") for s in states),
    )


def _past(past: Past, days: Days) -> Outputs:
    years = days / DAYS_A_YEAR
    promise = past["sought"] + past["promise"]
    scale = jnp.asarray(_HALF_YEAR, days.dtype)
    flowing = past_start(years, promise + past["lag"])
    begun = saturating(flowing, scale)
    level = past.state("payback", "level")
    return {
        "sought": saturating(past_start(years, past["sought"]), scale),
        "promised": saturating(past_start(years, promise), scale),
        "delivered": level * begun,
        "level": level * begun,
        "dose": level * jnp.maximum(flowing - scale * begun, 0.0),
    }


def _ahead(ahead: Ahead) -> Outputs:
    outputs = _past(ahead.past, ahead.ends)
    on = ahead.read("war.on")
    kept = (on + (1.0 - on) * ahead["after"]) * ahead.kept()
    level: Array = jnp.clip(outputs["level"] * kept * ahead.scale(), 0.0, 1.0)
    years = ahead.months * DAYS_A_MONTH / DAYS_A_YEAR
    return outputs | {"level": level, "dose": accumulate(ahead.now("assistance.dose"), level * years)}


MECHANISM = Mechanism(
    id="assistance",
    title="Technical assistance in return",
    parameters=_parameters,
    outputs=(
        Output("sought", "fraction", "event", "help is sought"),
        Output("promised", "fraction", "event", "help has been promised"),
        Output("delivered", "fraction", "event", "help has been delivered"),
        Output("level", "fraction", "level", "strength of the help, from 0 to 1"),
        Output("dose", "years", "cumulative", "years of help so far, at full strength"),
    ),
    reads=("war.on",),
    reads_if=("pressure.cut",),
    hypotheses=("payback",),
    past=_past,
    ahead=_ahead,
    source="judgement",
)

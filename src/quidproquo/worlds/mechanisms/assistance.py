"""Technical assistance in return: sought, promised, delivered.

    promised(d) = 1 − exp(−(d − t)₊/τ)        t the day of the promise, τ half a year
    delivered(d) = level·(1 − exp(−(d − t − lag)₊/τ)),   level by the hypothesis `payback`
    dose(d) = ∫ delivered = level·(x − τ(1 − e^{−x/τ})),  x = (d − t − lag)₊      years at full strength

Sought, promised and delivered are between 0 and 1: how far the thing is so in a world. With `shown`,
`delivered` is the chance that some help has come and shows, so that little of it may be missed:

    delivered(d) = (1 − exp(−(d − t − lag)₊/τ))·(1 − exp(−level(d)/shows))

With `leverage`, the level is another one, σ(logit(level) + leverage), once the main tranche of soldiers
goes: who fights may ask for more, or be taken for granted. After the
decision date the level falls with what pressure cuts and, once the war is over, to `after` of
itself; with `scaled_by`, it is multiplied by what that names.
Source: judgement; stages as in the ordered/delivered rule of arms-transfer registers (SIPRI).
"""

from __future__ import annotations

from collections.abc import Mapping

import jax
import jax.numpy as jnp
from jaxtyping import Array

from quidproquo.worlds.functions import accumulate, constant, past_start, saturating
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
from quidproquo.worlds.mechanisms.deployment import tranches

_HALF_YEAR = 0.5
_FEW = 50.0  # persons: a deployment of so many has half the leverage of a large one
_SURELY = 1e-4  # a level this near to 0 or 1 is taken for it
_CHOSEN = {
    "shown": Parameter("shows", "fraction", "level of help at which it is likely to show"),
    "leverage": Parameter("leverage", "log-odds", "what soldiers who fight add to the level of help"),
}


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    states = settings["states.payback"]
    assert isinstance(states, tuple)
    return (
        Parameter("sought", "years", "from when help is sought, after the case's start"),
        Parameter("promise", "years", "from seeking to the promise"),
        Parameter("lag", "years", "from the promise to the first delivery"),
        Parameter("after", "fraction", "share of the help that goes on after a ceasefire"),
        *(p for key, p in _CHOSEN.items() if settings.get(key)),
        *(Parameter(f"level.{s}", "fraction", f"help in the end if the answer is '{s}'") for s in states),
    )


def _past(past: Past, days: Days) -> Outputs:
    years = days / DAYS_A_YEAR
    promise = past["sought"] + past["promise"]
    scale = jnp.asarray(_HALF_YEAR, days.dtype)
    flowing = past_start(years, promise + past["lag"])
    begun = saturating(flowing, scale)
    level, more, day = _levels(past)
    raised = more * (days >= day)
    late = past_start(day / DAYS_A_YEAR, promise + past["lag"])
    # years at full strength so far, and those of them before the soldiers went
    full, before = (jnp.maximum(x - scale * saturating(x, scale), 0.0) for x in (flowing, late))
    return {
        "sought": saturating(past_start(years, past["sought"]), scale),
        "promised": saturating(past_start(years, promise), scale),
        "delivered": begun * _shows(past, level + raised),
        "level": (level + raised) * begun,
        "dose": level * full + raised * jnp.maximum(full - before, 0.0),
        "leveraged": constant((more > 0.0).astype(days.dtype), days),
    }


def _shows(past: Past, level: Array) -> Array:
    """How far help of a level counts as delivered: by its strength, or by the chance that it shows."""
    return saturating(level, past["shows"]) if past.settings.get("shown") else level


def _levels(past: Past) -> tuple[Array, Array, Array]:
    """Level of help before soldiers go, what they add to it, and the day on which they go."""
    level = past.state("payback", "level")
    if not past.settings.get("leverage"):
        return level, jnp.zeros_like(level), jnp.zeros_like(level)
    sizes, starts, _ = tranches(past)
    force = sizes[0] + sizes[1]
    known = jnp.clip(level, _SURELY, 1.0 - _SURELY)
    after = jax.nn.sigmoid(jnp.log(known) - jnp.log1p(-known) + past["leverage"])
    return level, (after - known) * force / (force + _FEW), starts[1]


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
        Output("leveraged", "fraction", "event", "soldiers who fight bring more help, not less"),
        Output("dose", "years", "cumulative", "years of help so far, at full strength"),
    ),
    reads=("war.on",),
    reads_if=("pressure.cut",),
    hypotheses=("payback",),
    past=_past,
    ahead=_ahead,
    source="judgement",
)

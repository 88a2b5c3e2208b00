"""Outside pressure: an index of monitoring and enforcement, and what it takes from the flows.

    monitoring = m₀·(1 − drop·withdrawn) + substitute·breadth·withdrawn
    index      = ½·monitoring + ½·enforcement + council·adopted + joint·(breadth − breadth now)
               + enforced·lever + willing·partner·lever − relief·lever

The last three are there with `enforcing` (sanctions at sea and in banks, by the lever `enforcement`),
`partnered` (the sender's main trade partner, which goes along with the chance `willing`, by the lever
`partner`) and `relieving` (what the lever `inducement` lets off). A change of the index against today cuts
the flows by `bite` times that change; `bite` may be negative (pressure drives trade underground). Index
from 0 to 1. Source: judgement.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jaxtyping import Array

from quidproquo.worlds.mechanism import (
    Ahead,
    Days,
    Mechanism,
    Output,
    Outputs,
    Parameter,
    Past,
)

_ALWAYS = (
    Parameter("monitoring", "fraction", "monitoring before consent was withdrawn"),
    Parameter("drop", "fraction", "share of monitoring lost with it"),
    Parameter("substitute", "fraction", "what a coalition's own monitoring can make good"),
    Parameter("enforcement", "fraction", "enforcement of the measures in force"),
    Parameter("council", "index", "what a new resolution adds"),
    Parameter("joint", "index", "what a broader coalition adds"),
    Parameter("bite", "1/index", "share of the flows that a gain in pressure cuts"),
)
_CHOSEN = {
    "enforcing": (Parameter("enforced", "index", "what enforcement at sea and in banks adds"),),
    "partnered": (
        Parameter("willing", "fraction", "chance that the main trade partner goes along"),
        Parameter("partner", "index", "what it adds if it does"),
    ),
    "relieving": (Parameter("relief", "index", "what inducements let off"),),
}


def _parameters(settings: Mapping[str, object]) -> tuple[Parameter, ...]:
    return _ALWAYS + tuple(p for key, some in _CHOSEN.items() if settings.get(key) for p in some)


def _levels(past: Past, withdrawn: Array, breadth: Array) -> tuple[Array, Array]:
    before = past["monitoring"] * (1.0 - past["drop"] * withdrawn)
    monitoring = jnp.clip(before + past["substitute"] * breadth * withdrawn, 0.0, 1.0)
    return monitoring, 0.5 * monitoring + 0.5 * past["enforcement"]


def _past(past: Past, days: Days) -> Outputs:
    withdrawn = past.observe("cover.withdrawn", days)
    monitoring, index = _levels(past, withdrawn, past.observe("coalition.breadth", days))
    return {"monitoring": monitoring, "index": index}


def _ahead(ahead: Ahead) -> Outputs:
    breadth = ahead.read("coalition.breadth")
    monitoring, index = _levels(ahead.past, ahead.read("cover.withdrawn"), breadth)
    joint = ahead["joint"] * (breadth - ahead.now("coalition.breadth"))
    index = index + joint + ahead["council"] * ahead.read("cover.adopted")
    chosen = ahead.past.settings
    if chosen.get("enforcing"):
        index = index + ahead["enforced"] * ahead.lever("enforcement")
    if chosen.get("partnered"):
        index = index + ahead["willing"] * ahead["partner"] * ahead.lever("partner")
    if chosen.get("relieving"):
        index = index - ahead["relief"] * ahead.lever("inducement")
    index = jnp.clip(index, 0.0, 1.0)
    gain = index - ahead.now("pressure.index")
    return {
        "monitoring": monitoring,
        "index": index,
        "gain": gain,
        "cut": jnp.clip(ahead["bite"] * gain, -0.5, 0.9),
    }


MECHANISM = Mechanism(
    id="pressure",
    title="Monitoring and sanctions press",
    parameters=_parameters,
    outputs=(
        Output("monitoring", "fraction", "level", "how well the measures are watched, 0 to 1"),
        Output("index", "fraction", "level", "outside pressure, from 0 to 1"),
        Output("gain", "fraction", "change", "change of pressure against today"),
        Output("cut", "fraction", "change", "share of the flows that pressure takes away, or adds"),
    ),
    reads=("cover.withdrawn", "cover.adopted", "coalition.breadth"),
    levers=("enforcement", "partner", "inducement"),
    past=_past,
    ahead=_ahead,
    source="judgement",
)

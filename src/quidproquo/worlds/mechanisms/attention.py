"""Limited attention: a bundle of levers is worth less than the sum of its parts, and costs more.

With n = Σ|intensity| over the levers in use, each works at n^(−crowding) of its strength
(n ≤ 1: full strength), so bundles are sub-additive by default. Money is what the option is stated
to cost, times an overrun. Source: judgement.
"""

from __future__ import annotations

import jax.numpy as jnp

from quidproquo.worlds.functions import running
from quidproquo.worlds.mechanism import Ahead, Mechanism, Output, Outputs, Parameter, fixed


def _ahead(ahead: Ahead) -> Outputs:
    used = sum((jnp.abs(lever) for lever in ahead.levers.values()), jnp.zeros_like(ahead.ends))
    scale = jnp.maximum(used, 1.0) ** (-ahead["crowding"])
    share = jnp.where(used > 0, 1.0, 0.0)
    spent = running(share) / jnp.maximum(jnp.sum(share, axis=0), 1.0)
    return {"scale": scale, "money": spent * ahead.money * ahead["overrun"]}


MECHANISM = Mechanism(
    id="attention",
    title="Bundles are sub-additive and cost money",
    parameters=fixed(
        Parameter(
            "crowding",
            "1",
            "how strongly the parts of a bundle weaken each other (exponent; 0 is not at all)",
        ),
        Parameter("overrun", "1", "true cost of an option over its stated cost"),
    ),
    outputs=(
        Output("scale", "fraction", "share", "strength left to each lever of the option"),
        Output("money", "million USD", "cumulative", "money spent on the option"),
    ),
    ahead=_ahead,
    source="judgement",
)

"""All programmes together: the mean of the months that assistance gains them, in months.

`over` in the settings names the programmes. Source: definition.
"""

from __future__ import annotations

import jax.numpy as jnp

from quidproquo.worlds.mechanism import (
    Ahead,
    Days,
    Mechanism,
    Output,
    Outputs,
    Past,
    fixed,
)


def _past(_past: Past, days: Days) -> Outputs:
    return {"months_gained": jnp.zeros_like(days)}


def _ahead(ahead: Ahead) -> Outputs:
    over = ahead.past.settings["over"]
    assert isinstance(over, (list, tuple))
    gained = jnp.stack([ahead.read(f"{name}.gained") for name in over])
    return {"months_gained": jnp.mean(gained, axis=0)}


MECHANISM = Mechanism(
    id="programmes",
    title="What assistance gains all programmes",
    parameters=fixed(),
    outputs=(
        Output("months_gained", "months", "cumulative", "expected months gained, mean over programmes"),
    ),
    past=_past,
    ahead=_ahead,
    source="definition",
)

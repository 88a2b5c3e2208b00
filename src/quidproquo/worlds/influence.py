"""Which coordinates of a world an observable depends on, read off the traced model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jax
import jax.numpy as jnp
from jax.extend.core import Var
from jaxtyping import Array

from quidproquo.worlds.model import Model

__all__ = ["influences"]


def influences(model: Model, observables: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """The parameters and hypotheses (`hypothesis.ID`) that the past of each observable depends on.

    The model is traced once on shapes alone; then every operation's inputs are followed back. An
    operation with parts inside it counts as depending on all that goes into it.
    """
    names = tuple(dict.fromkeys(observables))

    def watch(*rows: Array) -> list[Array]:
        day = jnp.zeros((1, 1), rows[0].dtype)
        past = model.past(rows, dict.fromkeys(names, day))
        return [past[name] for name in names]

    rows = [jax.ShapeDtypeStruct((1,), jnp.float32)] * len(model.coordinates)  # type: ignore[no-untyped-call]
    traced = jax.make_jaxpr(watch)(*rows).jaxpr
    known = {row: frozenset({name}) for row, name in zip(traced.invars, model.coordinates, strict=True)}
    nothing: frozenset[str] = frozenset()
    for step in traced.eqns:
        inputs = (known.get(row, nothing) for row in step.invars if isinstance(row, Var))
        reached = nothing.union(*inputs)
        known |= dict.fromkeys(step.outvars, reached)
    return {
        name: known.get(row, nothing) if isinstance(row, Var) else nothing
        for name, row in zip(names, traced.outvars, strict=True)
    }

"""Which coordinates of a world an observable depends on, read off the traced model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import jax
import jax.numpy as jnp
from jax.extend.core import Jaxpr, Var
from jaxtyping import Array

from quidproquo.worlds.model import Model
from quidproquo.worlds.programs import remembered

__all__ = ["influences", "influences_ahead"]


def influences(model: Model, observables: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """The parameters and hypotheses (`hypothesis.ID`) that the past of each observable depends on.

    The model is traced once on shapes alone; then every operation's inputs are followed back. An
    operation with parts inside it counts as depending on all that goes into it.
    """
    names = tuple(dict.fromkeys(observables))
    return _remembered("influences", model, names, lambda: _influences(model, names))


def influences_ahead(model: Model, observables: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """What each observable depends on after the decision date, under any option and along any future."""
    names = tuple(dict.fromkeys(observables))
    return _remembered("influences_ahead", model, names, lambda: _influences_ahead(model, names))


def _remembered(
    name: str, model: Model, names: tuple[str, ...], work_out: Callable[[], list[frozenset[str]]]
) -> Mapping[str, frozenset[str]]:
    found = remembered(name, (model.structure, names), lambda: [sorted(one) for one in work_out()])
    return {observable: frozenset(one) for observable, one in zip(names, found, strict=True)}


def _influences(model: Model, names: tuple[str, ...]) -> list[frozenset[str]]:
    def watch(*rows: Array) -> list[Array]:
        day = jnp.zeros((1, 1), rows[0].dtype)
        past = model.past(rows, dict.fromkeys(names, day))
        return [past[name] for name in names]

    return _followed(model, jax.make_jaxpr(watch)(*_rows(model)).jaxpr)


def _influences_ahead(model: Model, names: tuple[str, ...]) -> list[frozenset[str]]:
    months = len(model.nodes) - 1

    def watch(*rows: Array) -> list[Array]:
        levers, chance = jnp.ones((len(model.levers), months)), jnp.full((len(model.chances), 1), 0.5)
        ahead = model.ahead(rows, levers, jnp.ones(()), chance)
        return [ahead[name] for name in names]

    return _followed(model, jax.make_jaxpr(watch)(*_rows(model)).jaxpr)


def _rows(model: Model) -> list[jax.ShapeDtypeStruct]:
    return [jax.ShapeDtypeStruct((1,), jnp.float32)] * len(model.coordinates)  # type: ignore[no-untyped-call]


def _followed(model: Model, traced: Jaxpr) -> list[frozenset[str]]:
    """The coordinates that each result of a traced function of all of them depends on."""
    known = {row: frozenset({name}) for row, name in zip(traced.invars, model.coordinates, strict=True)}
    nothing: frozenset[str] = frozenset()
    for step in traced.eqns:
        inputs = (known.get(row, nothing) for row in step.invars if isinstance(row, Var))
        reached = nothing.union(*inputs)
        known |= dict.fromkeys(step.outvars, reached)
    return [known.get(row, nothing) if isinstance(row, Var) else nothing for row in traced.outvars]

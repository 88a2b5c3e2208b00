"""A part of a case for samplers that follow gradients: hypotheses held, and no claim with a hard step."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from quidproquo.cases.record import Case, Hypothesis
from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.smc.blocks import build_blocks
from quidproquo.evidence.smc.target import Target
from quidproquo.worlds.influence import influences
from quidproquo.worlds.model import Model

_SURE = 1.0 - 1e-12
_REACH, _POINTS, _CLOSER = 4.0, 1025, 2  # from −4 to 4 standard deviations of the prior
_NOTICED = 0.01  # a jump of less in a log-likelihood is no hard step


def held(case: Case) -> Case:
    """The case with the likeliest state of every hypothesis, as good as certain."""

    def one(hypothesis: Hypothesis) -> Hypothesis:
        best = max(hypothesis.states, key=lambda state: state.prior)
        rest = (1.0 - _SURE) / max(len(hypothesis.states) - 1, 1)
        states = (
            dataclasses.replace(state, prior=_SURE if state is best else rest) for state in hypothesis.states
        )
        return dataclasses.replace(hypothesis, states=tuple(states))

    return dataclasses.replace(case, hypotheses={name: one(h) for name, h in case.hypotheses.items()})


def unmoved_hypotheses(target: Target) -> Target:
    """The same target without coordinates for hypotheses, which are held."""
    kept = [place for place, name in enumerate(target.names) if not name.startswith("hypothesis.")]
    blocks, cut = target.blocks, len(target.active)
    labels = [blocks.names[blocks.owner[place]] for place in kept]
    return dataclasses.replace(
        target,
        active=target.active[[place for place in kept if place < cut]],
        blocks=build_blocks(labels, blocks.touches[blocks.owner[kept]]),
    )


def apart_from(model: Model, table: EvidenceTable, mechanisms: Collection[str]) -> Bool[np.ndarray, " item"]:
    """Which items don't hang on any parameter of these mechanisms."""
    bearing = influences(model, table.observable)
    owners = [{name.partition(".")[0] for name in bearing[observable]} for observable in table.observable]
    return np.array([not owner & set(mechanisms) for owner in owners], dtype=bool)


def stepping(
    item_log_lik: Callable[[Float[Array, "moved world"]], Float[Array, "item world"]], size: int
) -> Bool[np.ndarray, " item"]:
    """Which items' log-likelihoods jump somewhere as one coordinate goes through its whole prior.

    The others stay at a draw from the prior. Where nothing jumps, the change over a short way is the
    integral of the slope, and what the trapezoid rule misses of it shrinks as the way does, at kinks
    too. A jump stays what it is, however closely one looks.
    """
    start = np.random.default_rng(0).standard_normal(size)
    with jax.enable_x64(True):  # in single precision rounding in far tails looks like steps
        place = jnp.asarray(start)
        missed = jax.jit(lambda moved, along: _missed(item_log_lik, place, moved, along))
        found: Bool[np.ndarray, " item"] = np.zeros(item_log_lik(place[:, None]).shape[0], dtype=bool)
        for moved in range(size):
            along = np.linspace(-_REACH, _REACH, _POINTS)
            coarse = np.asarray(missed(moved, along))
            for item in np.flatnonzero((coarse.max(axis=1) > _NOTICED) & ~found):
                found[item] = _jumps(partial(missed, moved), int(item), along, coarse[item])
    return found


def _jumps(
    missed: Callable[[np.ndarray], Array],
    item: int,
    along: Float[np.ndarray, " point"],
    worst: Float[np.ndarray, " step"],
) -> bool:
    """Whether what is missed of an item stays as one looks more and more closely where it is most."""
    for _ in range(_CLOSER):
        here = int(np.argmax(worst))
        along = np.linspace(along[here], along[here + 1], _POINTS)
        worst = np.asarray(missed(along)[item])
        if worst.max() <= _NOTICED:
            return False
    return True


def _missed(
    item_log_lik: Callable[[Array], Array],
    start: Float[Array, " moved"],
    moved: int,
    along: Float[Array, " point"],
) -> Float[Array, "item step"]:
    """What the trapezoid rule misses of every item's change from one point to the next."""
    way = jnp.zeros((len(start), len(along))).at[moved].set(1.0)
    position = jnp.broadcast_to(start[:, None], way.shape).at[moved].set(along)
    values, slopes = jax.jvp(item_log_lik, (position,), (way,))
    steps = 0.5 * (slopes[:, 1:] + slopes[:, :-1]) * jnp.diff(along)
    return jnp.abs(jnp.diff(values, axis=1) - steps)

"""Propositions that speak to answers of a hypothesis: their chance in each world, as the case judges it.

    chance(proposition) = Σ_s [state s holds]·(low_s + high_s)/2

A report of one has the likelihood λ·chance + (1 − λ)/2, λ the trust in it, which is linear in the chance:
the middle of an interval is what the interval comes to when a chance spread evenly over it is averaged out.
A proposition whose intervals have one middle favours no answer. Source: judgement, with the case's reasons.
"""

from __future__ import annotations

from collections.abc import Sequence

import jax.numpy as jnp

from quidproquo.cases.record import BEARS, Case, Proposition
from quidproquo.worlds.functions import constant
from quidproquo.worlds.mechanism import Ahead, Days, Mechanism, Output, Outputs, Past, fixed

__all__ = ["bearings"]


def bearings(case: Case) -> Mechanism | None:
    """What a case's propositions say of its hypotheses, as one mechanism; None where none says anything."""
    chosen = [proposition for proposition in case.propositions.values() if proposition.bears]
    if not chosen:
        return None

    def past(past: Past, days: Days) -> Outputs:
        return _chances(chosen, past, days)

    def ahead(ahead: Ahead) -> Outputs:
        return _chances(chosen, ahead.past, ahead.ends)

    return Mechanism(
        id=BEARS,
        title="What is said of the answers",
        parameters=fixed(),
        outputs=tuple(
            Output(proposition.id, "fraction", "event", proposition.sentence) for proposition in chosen
        ),
        hypotheses=tuple(sorted({bearing.hypothesis for p in chosen for bearing in p.bears})),
        past=past,
        ahead=ahead,
        source="judgement",
    )


def _chances(chosen: Sequence[Proposition], past: Past, days: Days) -> Outputs:
    found = {}
    for proposition in chosen:
        (bearing,) = proposition.bears
        parts = [
            0.5 * (low + high) * past.holds(bearing.hypothesis, [state])
            for state, (low, high) in bearing.chances.items()
        ]
        found[proposition.id] = constant(jnp.sum(jnp.stack(parts), axis=0), days)
    return found

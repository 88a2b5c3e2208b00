"""How probable answers to hypotheses are where weights can't be trusted, from worlds conditioned anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from quidproquo.evidence.weights.estimators import mcse
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.rerun import Reruns
from quidproquo.evidence.weights.reweight import Change

__all__ = ["AnswerShares", "answer_shares", "rerun_answers"]


@dataclass(frozen=True)
class AnswerShares:
    """Weighted share of every state of one hypothesis, and its Monte Carlo error between islands."""

    share: Float[np.ndarray, " state"]
    mcse: Float[np.ndarray, " state"]


def answer_shares(
    ensemble: Ensemble, log_weight: Float[np.ndarray, " world"], place: int, count: int
) -> AnswerShares:
    """Shares of the `count` states of the hypothesis at a place of the ensemble's."""
    chosen = (ensemble.states[:, place][:, None] == np.arange(count)).astype(np.float64)
    weights = np.exp(log_weight - log_weight.max())
    return AnswerShares(weights @ chosen / weights.sum(), mcse(chosen, log_weight, ensemble.island))


def rerun_answers(
    counts: Mapping[str, int], changes: Mapping[str, Change], reruns: Reruns
) -> dict[str, dict[str, AnswerShares]]:
    """Weighting → hypothesis → shares, for those that worlds conditioned anew so far can answer.

    `counts` are numbers of states by hypothesis, `changes` the weightings by id. None is run for this: those
    that the choice was judged by serve.
    """
    found = {}
    for ident, change in changes.items():
        answer = reruns.known(change)
        if answer is None:
            continue
        ensemble = answer.run.reweighter.ensemble
        found[ident] = {
            name: answer_shares(ensemble, answer.weights.log_weight, ensemble.hypotheses.index(name), count)
            for name, count in counts.items()
        }
    return found

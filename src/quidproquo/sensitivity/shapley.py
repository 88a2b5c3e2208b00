"""Splitting a difference between several causes, in a way that doesn't depend on their order.

The share of a cause is what it adds on average over all orders in which the causes could come: Shapley (1953), *A
value for n-person games*. The shares add up to the difference between all causes and none, and a cause
that adds nothing to any set of the others has none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from jaxtyping import Float

from quidproquo.evidence.weights.estimators import weighted_mean
from quidproquo.evidence.weights.jackknife import jackknife_errors, leave_one_out_means

__all__ = ["Measured", "measured_means", "shapley_shares", "subsets"]

Coalition = frozenset[str]


@dataclass(frozen=True)
class Measured:
    """Numbers `[column]`, with replicates `[island, column]` for each independent source of error."""

    value: Float[np.ndarray, " column"]
    replicates: Mapping[str, Float[np.ndarray, "island column"]]

    def error(self) -> Float[np.ndarray, " column"]:
        """Monte Carlo error of each column; sources add in quadrature."""
        found = np.zeros_like(self.value)
        for rows in self.replicates.values():
            found = found + jackknife_errors(rows) ** 2
        return np.asarray(np.sqrt(found))


def subsets(players: Sequence[str]) -> list[Coalition]:
    """Every set of the players, the smallest first."""
    return [frozenset(some) for size in range(len(players) + 1) for some in combinations(players, size)]


def shapley_shares(players: Sequence[str], worth: Mapping[Coalition, Measured]) -> dict[str, Measured]:
    """The share of each player in the worth of all less the worth of none.

    `worth` has every subset of the players. Replicates of one source that have unequal numbers of islands count as
    separate sources, so no error is lost.
    """
    shares = {}
    for player in players:
        others = [one for one in players if one != player]
        factors: dict[Coalition, float] = {}
        for some in subsets(others):
            factor = 1.0 / (len(players) * math.comb(len(others), len(some)))
            factors[some | {player}] = factors.get(some | {player}, 0.0) + factor
            factors[some] = factors.get(some, 0.0) - factor
        shares[player] = combined(factors, worth)
    return shares


def combined(factors: Mapping[Coalition, float], worth: Mapping[Coalition, Measured]) -> Measured:
    """A sum of measured numbers, each with its factor; errors of the same source go together."""
    value = sum(factor * worth[some].value for some, factor in factors.items())
    rows: dict[str, np.ndarray] = {}
    for some, factor in factors.items():
        for source, own in worth[some].replicates.items():
            name = f"{source}/{len(own)}"
            rows[name] = rows.get(name, 0.0) + factor * own
    return Measured(np.asarray(value), rows)


def measured_means(
    rows: Float[np.ndarray, "world column"],
    log_weight: Float[np.ndarray, " world"],
    island: np.ndarray,
    source: str,
) -> Measured:
    """Weighted means of columns, with replicates without each island in turn."""
    weights = np.exp(log_weight - log_weight.max())
    weights /= weights.sum()
    known, seat = np.unique(island, return_inverse=True)
    sums, shares = np.zeros((len(known), rows.shape[1])), np.zeros(len(known))
    for place in range(len(known)):
        own = seat == place
        sums[place] = np.einsum("wc,w->c", rows[own], weights[own])
        shares[place] = weights[own].sum()
    return Measured(weighted_mean(rows, log_weight), {source: leave_one_out_means(sums, shares)})

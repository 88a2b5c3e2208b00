"""Simulation-based calibration: ranks of planted truths among posterior draws, and whether they are uniform.

If worlds are drawn from the prior, reports from the likelihood and draws from the posterior given the
reports, the rank of the truth among the draws is uniform for every quantity, of world and reports alike
(Talts et al. 2018, arXiv:1804.06788; Modrák et al. 2023, *Bayesian Analysis*, doi 10.1214/23-BA1404).
How many ranks lie below each of the possible ones is compared with what is binomial, for all of them
at once: the p-value is the probability that, of uniform ranks, some count would lie as far out in its
own binomial as the farthest does here (Säilynoja, Bürkner & Vehtari 2022, *Statistics and Computing*
32, 32). It is exact, by their recursion over the ranks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float, Int

from quidproquo.evidence.checks.binomial import binomial_cdf, binomial_pmf

__all__ = ["Bands", "bands", "bonferroni", "rank", "uniformity"]


@dataclass(frozen=True)
class Bands:
    """Between which counts of ranks below each place all lie at once, with a stated probability."""

    low: Int[np.ndarray, " place"]
    high: Int[np.ndarray, " place"]


def rank(
    rng: np.random.Generator, truth: Float[np.ndarray, " quantity"], draws: Float[np.ndarray, "draw quantity"]
) -> Int[np.ndarray, " quantity"]:
    """How many draws lie below the truth, from none to all; of those that tie, a random number does."""
    below, tied = (draws < truth).sum(axis=0), (draws == truth).sum(axis=0)
    return np.asarray(below + rng.integers(0, tied + 1), dtype=np.int64)


def uniformity(counts: Int[np.ndarray, " rank"]) -> float:
    """p-value of uniform ranks; `counts` is how often each rank came."""
    total, places = int(counts.sum()), len(counts)
    below = np.cumsum(counts)[:-1]
    least = min(_two_sided(total, place + 1, places)[below[place]] for place in range(places - 1))
    inside = [_two_sided(total, place + 1, places) > least * (1.0 + 1e-9) for place in range(places - 1)]
    return _escape(total, places, np.array(inside))


def bonferroni(p_values: Float[np.ndarray, " quantity"]) -> float:
    """One p-value for many: the least of them times their number (Bonferroni), however they depend."""
    return float(min(1.0, len(p_values) * np.min(p_values)))


def bands(total: int, places: int, level: float) -> Bands:
    """The narrowest bands that hold so many uniform ranks with at least this probability, all at once."""
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        inside = [_two_sided(total, place + 1, places) > middle for place in range(places - 1)]
        if _escape(total, places, np.array(inside)) <= 1.0 - level:
            low = middle
        else:
            high = middle
    allowed = [np.flatnonzero(_two_sided(total, place + 1, places) > low) for place in range(places - 1)]
    return Bands(np.array([one[0] for one in allowed]), np.array([one[-1] for one in allowed]))


@lru_cache(maxsize=256)
def _two_sided(total: int, place: int, places: int) -> Float[np.ndarray, " count"]:
    """How far out each count of ranks below a place lies in its own binomial: twice the smaller tail."""
    counts, share = np.arange(total + 1), place / places
    # at least so many of one kind are at most the rest of the other
    at_least = binomial_cdf(total - counts, total, 1.0 - share)
    tails = np.minimum(binomial_cdf(counts, total, share), at_least)
    return np.asarray(np.minimum(2.0 * tails, 1.0), dtype=np.float64)


@lru_cache(maxsize=64)
def _step(total: int, place: int, places: int) -> Float[np.ndarray, "remaining remaining"]:
    """Of ranks not below a place, `[row]` in number, how many fall on it, `[column]`: binomial."""
    remaining = np.arange(total + 1)
    return binomial_pmf(remaining[None, :], remaining[:, None], 1.0 / (places - place))


def _escape(total: int, places: int, inside: Bool[np.ndarray, "place count"]) -> float:
    """Probability that uniform ranks leave the counts that are inside, at any place."""
    chance = np.zeros(total + 1)
    chance[0] = 1.0
    escaped = 0.0
    for place in range(places - 1):
        step, after = _step(total, place, places), np.zeros(total + 1)
        for below in np.flatnonzero(chance):
            after[below:] += chance[below] * step[total - below, : total + 1 - below]
        escaped += float(after[~inside[place]].sum())
        chance = np.where(inside[place], after, 0.0)
    return min(escaped, 1.0)

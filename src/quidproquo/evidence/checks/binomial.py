"""The binomial distribution, without the library of all distributions, which takes long to import."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int
from scipy import special

__all__ = ["binomial_cdf", "binomial_pmf", "binomial_quantile"]


def binomial_cdf(counts: Int[np.ndarray, "..."], total: int, probability: float) -> Float[np.ndarray, "..."]:
    """Probability of at most so many successes in `total` trials; 0 below none, and 1 from all of them on."""
    inside = special.bdtr(np.clip(counts, 0, total).astype(np.float64), total, probability)
    return np.asarray(np.where(counts < 0, 0.0, inside), dtype=np.float64)


def binomial_pmf(
    counts: Int[np.ndarray, "#row #count"], totals: Int[np.ndarray, "#row #count"], probability: float
) -> Float[np.ndarray, "row count"]:
    """Probability of exactly so many successes; 0 for more than there are trials."""
    rest = np.maximum(totals - counts, 0)
    ways = special.gammaln(totals + 1.0) - special.gammaln(counts + 1.0) - special.gammaln(rest + 1.0)
    log = ways + special.xlogy(counts, probability) + special.xlog1py(rest, -probability)
    return np.asarray(np.where(counts > totals, 0.0, np.exp(log)), dtype=np.float64)


def binomial_quantile(level: float, total: int, probability: float) -> int:
    """The smallest count such that so many successes or fewer have at least the probability `level`."""
    cdf = binomial_cdf(np.arange(total + 1), total, probability)
    return int(np.searchsorted(cdf, level))

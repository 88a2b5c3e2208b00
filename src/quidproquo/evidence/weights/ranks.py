"""Ranks of columns, ties sharing theirs."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

__all__ = ["average_ranks"]


def average_ranks(values: Float[np.ndarray, "world column"]) -> Float[np.ndarray, "world column"]:
    """Ranks from 1 up along each column; level values have the mean of the ranks they take up."""
    order = np.argsort(values, axis=0, kind="stable")
    ranked = np.take_along_axis(values, order, axis=0)
    places = np.broadcast_to(np.arange(1.0, len(values) + 1.0)[:, None], values.shape).copy()
    for column in np.flatnonzero((ranked[1:] == ranked[:-1]).any(axis=0)):
        first = np.r_[True, ranked[1:, column] != ranked[:-1, column]]
        ends = np.r_[np.flatnonzero(first), len(values)]
        places[:, column] = (0.5 * (ends[:-1] + ends[1:] + 1.0))[np.cumsum(first) - 1]
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, places, axis=0)
    return ranks

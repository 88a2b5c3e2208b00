"""The predictive distribution of a report: how probable one at most as high as this is, by world."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from scipy import special, stats

from quidproquo.evidence.observation.likelihood import Likelihood

__all__ = ["report_cdf"]


def report_cdf(
    likelihood: Likelihood,
    predicted: Float[np.ndarray, "world item"],
    biases: Float[np.ndarray, "world bias"],
) -> Float[np.ndarray, "world item"]:
    """P(report ≤ what was reported | world), wrong reports included; NaN for propositions.

    Counts take half of the probability of the very number (mid-P).
    """
    if not predicted.shape[1]:
        return np.zeros(predicted.shape)
    said, about = (np.asarray(place).T for place in likelihood.places(predicted.T.astype(np.float32)))
    y = said + biases @ likelihood.bias.design
    columns = [
        _column(likelihood, item, y[:, item], predicted[:, item], about[:, item])
        for item in range(y.shape[1])
    ]
    return np.stack(columns, axis=1)


def _column(
    likelihood: Likelihood,
    item: int,
    y: Float[np.ndarray, " world"],
    predicted: Float[np.ndarray, " world"],
    about: Float[np.ndarray, " world"],
) -> Float[np.ndarray, " world"]:
    kind, s = likelihood.kind(item), likelihood.spread[item]
    if kind == "event":
        return np.full(len(y), np.nan)
    if kind == "count":
        x, mean = likelihood.x[item], np.maximum(predicted, 1e-3)
        right = stats.poisson.cdf(x, mean) - 0.5 * stats.poisson.pmf(x, mean)
        # geometric, counted from 0, about one more than the world says
        one = 1.0 / (about + 2.0)
        false = stats.geom.cdf(x + 1, one) - 0.5 * stats.geom.pmf(x + 1, one)
    elif kind == "bound":
        sign, w = likelihood.sign[item], likelihood.half_width[item]
        total = np.hypot(s, w)
        u = sign * (y - likelihood.x[item]) / total
        below = special.ndtr(u) - 2.0 * special.owens_t(u, w / s)
        right = 1.0 - below if sign > 0 else below
    else:
        x = likelihood.x[item]
        if kind == "interval":
            x = 0.5 * (likelihood.low[item] + likelihood.high[item])
        right = special.ndtr((x - y) / s)
    if kind != "count":
        false = special.ndtr((likelihood.told[item] - about) / likelihood.wrong_spread[item])
    wrong = likelihood.wrong[item]
    mixed: Float[np.ndarray, " world"] = (1.0 - wrong) * right + wrong * false
    return mixed

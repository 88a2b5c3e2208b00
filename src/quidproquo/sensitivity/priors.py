"""What-ifs on priors and on structure by re-weighting, and whether priors or claims decide.

Every parameter is a standard normal coordinate before the claims (`worlds.priors`), so another prior is
a factor of the weights. Power-scaling raises the prior, or the likelihood of the claims, to a power and
asks how far a result moves: Kallioinen, Paananen, Bürkner & Vehtari (2024), *Statistics and Computing*
34:57, section 2 (their measure, its derivative and the diagnosis).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from quidproquo.evidence.weights.estimators import between_islands, normalised
from quidproquo.evidence.weights.reweight import Change
from quidproquo.sensitivity.evaluator import WhatIf

__all__ = [
    "BOTH",
    "CLAIMS_DECIDE",
    "DISAGREE",
    "ENDS",
    "NEITHER",
    "PRIOR_DECIDES",
    "SENSITIVE",
    "PowerScaling",
    "log_prior",
    "moved_prior",
    "power_pull",
    "power_sensitivity",
    "prior_what_ifs",
    "structure_what_ifs",
]

ENDS = {"q05": -1.6448536269514722, "q95": 1.6448536269514722}
_POINTS = {"q05": "5%", "q95": "95%"}
SENSITIVE = 0.05  # from which on a result counts as sensitive, as published
DISAGREE, PRIOR_DECIDES = "prior and claims disagree", "the prior decides"
CLAIMS_DECIDE, BOTH, NEITHER = "the claims decide", "both decide", "neither moves it"
_KNOTS = 512  # ranks at which the noise of a distribution function is worked out
_PULL = 0.2  # posterior standard deviations, about what 0.05 stands for where only the mean moves


def log_prior(z: Float[np.ndarray, "world ..."]) -> Float[np.ndarray, "world ..."]:
    """Log density of standard normal coordinates, up to a constant.

    Powers of it are taken on the coordinate: a higher one draws a flat prior to its middle, too.
    """
    return np.asarray(-0.5 * np.asarray(z, dtype=np.float64) ** 2)


def moved_prior(z: Float[np.ndarray, " world"], end: float) -> Float[np.ndarray, " world"]:
    """Log of a prior centred on `end` over the one that is centred on 0, both with deviation 1.

    The standard deviation is kept: whoever believes in the prior's end is as unsure as before. So the
    ratio goes up and down without bound, and k and the effective draws say when the worlds lie too far from it.
    """
    return np.asarray(end * np.asarray(z, dtype=np.float64) - 0.5 * end**2)


def prior_what_ifs(
    parameters: Sequence[str],
    titles: Mapping[str, str],
    z: Float[np.ndarray, "world parameter"],
    sd: Float[np.ndarray, " parameter"],
) -> list[WhatIf]:
    """Each prior moved to its own 5% and to its own 95% point; a fixed parameter has none."""
    found = []
    for place, name in enumerate(parameters):
        for end, to in ENDS.items():
            title = f"{titles.get(name, name)}, prior moved to its {_POINTS[end]} point"
            if sd[place] > 0.0:
                change = Change(log_factor=moved_prior(z[:, place], to))
                found.append(WhatIf("prior", f"{name}={end}", title, change=change))
    return found


def structure_what_ifs(
    states: Int[np.ndarray, "world hypothesis"],
    titles: Mapping[str, Mapping[str, str]],
    alive: np.ndarray,
) -> list[WhatIf]:
    """Each state of each hypothesis for certain, by `titles[hypothesis][state]`.

    A state in which no world with weight is has no what-if, and neither has one that holds in all.
    """
    found = []
    for place, (hypothesis, named) in enumerate(titles.items()):
        for index, (state, title) in enumerate(named.items()):
            inside = states[:, place] == index
            if not (inside & alive).any() or inside[alive].all():
                continue
            change = Change(hypothesis=hypothesis, state=index, probability=1.0)
            found.append(WhatIf("structure", f"{hypothesis}={state}", title, change=change))
    return found


@dataclass(frozen=True)
class PowerScaling:
    """How a parameter moves as its prior, or all claims, are made to count more.

    `prior` and `claims` are sensitivities (`power_sensitivity`); the pulls say how far the mean moves with
    each doubling, in posterior standard deviations (`power_pull`).
    """

    prior: float
    claims: float
    prior_pull: float
    claims_pull: float

    @property
    def diagnosis(self) -> str:
        """Which of the two decides, in words.

        Kallioinen et al. call it a potential conflict where both sensitivities reach the limit. That is so,
        too, where both merely narrow a parameter, so a disagreement must pull its mean both ways.
        """
        prior, claims = self.prior >= SENSITIVE, self.claims >= SENSITIVE
        if not (prior and claims):
            return PRIOR_DECIDES if prior else CLAIMS_DECIDE if claims else NEITHER
        opposed = self.prior_pull * self.claims_pull < 0.0
        strong = min(abs(self.prior_pull), abs(self.claims_pull)) >= _PULL
        return DISAGREE if opposed and strong else BOTH


def power_pull(
    values: Float[np.ndarray, " world"],
    log_factor: Float[np.ndarray, " world"],
    log_weight: Float[np.ndarray, " world"],
) -> float:
    """How far the mean moves as the power of a factor doubles, to first order, in posterior deviations.

    ln 2 · cov(value, log factor) / sd(value); 0 where nothing varies. In the linear Gaussian case prior
    and claims pull equally far, in opposite directions.
    """
    weight = normalised(log_weight)
    alive = weight > 0.0
    weight, values, gained = weight[alive], values[alive], log_factor[alive]
    if np.ptp(values) == 0.0:
        return 0.0
    off = values - _dot(weight, values)
    return math.log(2.0) * _dot(weight * off, gained) / math.sqrt(_dot(weight, off**2))


def power_sensitivity(
    values: Float[np.ndarray, " world"],
    log_factor: Float[np.ndarray, " world"],
    log_weight: Float[np.ndarray, " world"],
    island: Int[np.ndarray, " world"],
) -> float:
    """How fast the distribution of `values` moves as the weights are multiplied by `log_factor` powers.

    The distance is the cumulative Jensen–Shannon one of Kallioinen et al., normalised by the sum of
    both integrals, of the values or of their mirror image, whichever is larger; its derivative is
    with respect to log₂ of the power, at power 1. They take differences at 0.99 and 1.01; this is the
    limit, in which a distribution function F moves by F′ = ln 2 · cov(1(value ≤ x), log factor), and the
    distance by the root of ∫ F′²/(4 ln 2 F) over 2 ∫ F. What Monte Carlo error adds to F′² on average
    is taken off, so that what doesn't move is near 0; the variance is that between islands.
    """
    weight = normalised(log_weight)
    alive = np.flatnonzero(weight > 0.0)
    order = alive[np.argsort(values[alive], kind="stable")]
    ordered, weight = np.asarray(values, dtype=np.float64)[order], weight[order]
    width = np.diff(ordered)
    if not width.any():
        return 0.0
    gained = np.asarray(log_factor, dtype=np.float64)[order]
    gained = gained - _dot(weight, gained)
    reached = np.cumsum(weight)
    moved = math.log(2.0) * (np.cumsum(weight * gained) - reached * _dot(weight, gained))
    squares = (moved**2 - _noise(gained, weight, np.asarray(island)[order]))[:-1]
    below = reached[:-1]
    sides = (below, np.maximum(1.0 - below, np.finfo(np.float64).tiny))
    worst = max(_dot(squares / side, width) / _dot(side, width) for side in sides)
    return math.sqrt(max(worst, 0.0) / (8.0 * math.log(2.0)))


def _dot(one: Float[np.ndarray, " world"], other: Float[np.ndarray, " world"]) -> float:
    """Sum of products in an order that doesn't depend on the number of threads."""
    return float((one * other).sum())


def _noise(
    gained: Float[np.ndarray, " rank"], weight: Float[np.ndarray, " rank"], island: Int[np.ndarray, " rank"]
) -> Float[np.ndarray, " rank"]:
    """What Monte Carlo error adds to F′², between islands; it is smooth, so it is worked out at `_KNOTS`."""
    known, seat = np.unique(island, return_inverse=True)
    knots = min(_KNOTS, island.size)
    knot = np.arange(island.size) * knots // island.size
    cell, shape = seat * knots + knot, (len(known), knots)
    shares = np.bincount(seat, weight)
    own = np.bincount(cell, weight * gained, math.prod(shape)).reshape(shape) / shares[:, None]
    sums = np.cumsum(own, axis=1)
    last = np.searchsorted(knot, np.arange(knots), side="right") - 1
    reached = np.cumsum(weight)[last]
    noise = between_islands(sums - reached * sums[:, -1:], shares)
    at = np.concatenate([[-1.0], last.astype(np.float64)])
    variance = np.concatenate([[0.0], noise])
    return np.asarray(math.log(2.0) ** 2 * np.interp(np.arange(island.size), at, variance))

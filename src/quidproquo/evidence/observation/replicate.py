"""Reports of a world, drawn from the very densities that the likelihood states.

The claims' form is given: what they are about, their dates, comparison words, grades and who says
them, the width of an interval and what counts as nothing beside it, and the number in a bound on a
count. Drawn is what is reported:

    two-sided, bounds   a number. With r its distance from the truth on the scale, an amount solves
                        log(x + νx) − log(T + νx) = r, ν the part that counts as nothing
    intervals           where the interval of that width lies: evenly about what the reporter saw
    counts              a number; of a bound, whether it is stated or its opposite
    propositions        whether they are asserted or denied

A claim that is wrong altogether draws its place, or count, about what the world says within the
declared range, with those that share its chance. An amount can be nothing, which has no log: of one
beyond the range no more is told than that it is, and the likelihood is the probability of that. So
every outcome has a probability, and they add up to one.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float

from quidproquo.evidence.observation import tables
from quidproquo.evidence.observation.likelihood import Likelihood, ObservedInputs

__all__ = ["draw_reports"]

_LEAST_MEAN = 1e-3  # of a Poisson count, as in the likelihood
_MOST_MEAN = 1e9


def draw_reports(
    rng: np.random.Generator,
    likelihood: Likelihood,
    predicted: Float[np.ndarray, " item"],
    biases: Float[np.ndarray, " bias"],
) -> ObservedInputs:
    """Draw what is reported in one world.

    `predicted` is what the world says, in each claim's unit, and `biases` its biases.
    """
    wrong = _wrong(rng, likelihood)
    world = jnp.asarray(predicted[:, None], jnp.float32)
    said, about = (
        np.asarray(place[:, 0], dtype=np.float64)
        for place in (likelihood.on_scale(world), likelihood.wrong_centre(world))
    )
    right = _right(rng, likelihood, predicted, (said, biases @ likelihood.bias.design))
    place = np.where(wrong, about + likelihood.wrong_spread * rng.normal(size=len(wrong)), right)
    mean = np.clip(predicted, _LEAST_MEAN, _MOST_MEAN)
    # a geometric number starts from 1, and one less is a count
    wrongly = rng.geometric(1.0 / (np.maximum(about, 0.0) + 2.0)) - 1.0
    counted = np.where(wrong, wrongly, rng.poisson(mean))
    return _told(likelihood, place, counted, _asserted(rng, likelihood, predicted))


def _wrong(rng: np.random.Generator, likelihood: Likelihood) -> Bool[np.ndarray, " item"]:
    """Which claims are wrong altogether: all of a group, or none. Propositions never are."""
    leader = np.argmax(likelihood.within, axis=0)
    luck = rng.uniform(size=len(leader))[leader]
    return np.asarray((luck < likelihood.wrong) & ~_of(likelihood, "event"))


def _of(likelihood: Likelihood, *kinds: str) -> Bool[np.ndarray, " item"]:
    return np.array([likelihood.kind(item) in kinds for item in range(len(likelihood.form))], dtype=bool)


def _amounts(likelihood: Likelihood) -> Bool[np.ndarray, " item"]:
    """Items whose log is told, beside what counts as nothing and grows with it."""
    logs = np.array([scale == "log" for scale in likelihood.scale], dtype=bool)
    return np.asarray(logs & _of(likelihood, "two-sided", "bound"))


def _right(
    rng: np.random.Generator,
    likelihood: Likelihood,
    predicted: Float[np.ndarray, " item"],
    seen: tuple[Float[np.ndarray, " item"], Float[np.ndarray, " item"]],
) -> Float[np.ndarray, " item"]:
    """Where reports lie that aren't wrong, by their log, log-odds or number; of intervals, the middle.

    `seen` is what the world says on the scale, and the bias of who reports it.
    """
    said, residual = seen
    residual = residual + likelihood.spread * rng.normal(size=len(said))
    slope = likelihood.sign * likelihood.half_width * np.abs(rng.normal(size=len(said)))
    residual = residual - np.where(_of(likelihood, "bound"), slope, 0.0)
    within = (rng.uniform(size=len(said)) - 0.5) * (likelihood.high - likelihood.low)
    place: Float[np.ndarray, " item"] = said + residual + np.where(_of(likelihood, "interval"), within, 0.0)
    for item in np.flatnonzero(_amounts(likelihood)):
        place[item] = _amount(float(predicted[item]), float(residual[item]))
    return place


def _amount(truth: float, residual: float) -> float:
    """Log of the x for which log(x + νx) − log(truth + νx) is the residual; ∞ where there is none."""
    nu, grown = tables.NOTHING, np.exp(residual)
    if truth <= 0.0:
        return -np.inf if grown * nu < 1.0 + nu else np.inf
    if grown * nu >= 1.0 + nu:
        return np.inf
    return float(np.log(truth) + residual - np.log(1.0 + nu - nu * grown))


def _asserted(
    rng: np.random.Generator, likelihood: Likelihood, predicted: Float[np.ndarray, " item"]
) -> Bool[np.ndarray, " item"]:
    """Whether propositions are stated as they are in the claims."""
    so = np.clip(predicted, 0.0, 1.0)
    said = so * likelihood.asserted + (1.0 - so) * (1.0 - likelihood.asserted)
    chance = likelihood.trust * said + 0.5 * (1.0 - likelihood.trust)
    return np.asarray(rng.uniform(size=len(predicted)) < chance)


def _told(
    likelihood: Likelihood,
    place: Float[np.ndarray, " item"],
    counted: Float[np.ndarray, " item"],
    asserted: Bool[np.ndarray, " item"],
) -> ObservedInputs:
    """Reports as the likelihood takes them: amounts beyond the range are put at its end."""
    interval, count, logs = _of(likelihood, "interval"), _of(likelihood, "count"), _amounts(likelihood)
    low, high = (np.log(np.where(logs, end, 1.0)) for end in (likelihood.range_low, likelihood.range_high))
    beyond = np.where(logs, np.where(place < low, -1.0, np.where(place > high, 1.0, 0.0)), 0.0)
    told = np.where(logs, np.clip(place, low, high), place)
    bound = count & (likelihood.sign != 0)
    stated = np.where(likelihood.sign > 0, counted >= likelihood.x, counted <= likelihood.x)
    half = 0.5 * (likelihood.high - likelihood.low)
    x = np.where(logs, told + np.log1p(tables.NOTHING), told)
    columns = {
        "x": np.where(bound, likelihood.x, np.where(count, counted, x)),
        "low": np.where(interval, told - half, likelihood.low),
        "high": np.where(interval, told + half, likelihood.high),
        "offset": np.where(logs, tables.NOTHING * np.exp(np.where(logs, told, 0.0)), likelihood.offset),
        "told": told,
        "agrees": np.where(_of(likelihood, "event"), asserted, stated | ~bound),
        "beyond": beyond,
    }
    return ObservedInputs(**{name: jnp.asarray(column, jnp.float32) for name, column in columns.items()})

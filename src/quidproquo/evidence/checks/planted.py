"""Planted worlds: draw a world from the prior and reports from it, and condition on these reports.

Whether the rank of the truth among posterior draws is uniform (see `sbc`) tests priors, operators,
densities, biases and sampler together. Faults are tried as well, as *mutants* of the conditioning, each
of which the test must detect.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax
import numpy as np
from jaxtyping import Array, Float, Int, Key

from quidproquo.evidence.ensemble import Points, prior_points
from quidproquo.evidence.observation.forms import TwoSided
from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.observation.likelihood import BiasLayout
from quidproquo.evidence.observation.replicate import draw_reports
from quidproquo.evidence.smc.evaluate import evaluate_items
from quidproquo.evidence.smc.islands import LEAST_ISLANDS
from quidproquo.evidence.smc.sample import Settings, condition
from quidproquo.evidence.smc.target import Target
from quidproquo.worlds.influence import influences

__all__ = [
    "Mutant",
    "PlantedRun",
    "condition_on_planted",
    "mutants",
    "plant",
    "planted_reports",
    "thin",
]

_TRIED = 512  # prior worlds by which the most informative claim is found


@dataclass(frozen=True)
class Mutant:
    """A conditioning with a fault: another posterior, or claims that count with other powers."""

    id: str
    title: str
    target: Target
    powers: Float[np.ndarray, " item"] | None = None


@dataclass(frozen=True)
class PlantedRun:
    """A planted world, which comes first, and draws of the posterior given its reports.

    `fit` is the log-likelihood of all reports together, and `variance` that of each coordinate that
    is moved, over all particles.
    """

    z: Float[np.ndarray, "world coordinate"]
    biases: Float[np.ndarray, "world bias"]
    fit: Float[np.ndarray, " world"]
    variance: Float[np.ndarray, " moved"]


def plant(key: Key[Array, ""], target: Target, worlds: int) -> tuple[Points, Float[np.ndarray, "world item"]]:
    """Draw worlds from the prior, and what they say of every claim."""
    points = prior_points(key, target, worlds)
    # what is reported makes no difference here: so the program is the one that takes planted reports
    stated = np.ones(len(target.ids), np.float32)
    own = target.likelihood.inputs.observed._replace(agrees=stated, beyond=0.0 * stated)
    target = target.with_observed(own)
    return points, evaluate_items(target, points.z, points.biases)[2]


def planted_reports(
    key: Key[Array, ""],
    target: Target,
    predicted: Float[np.ndarray, " item"],
    biases: Float[np.ndarray, " bias"],
) -> ObservedInputs:
    """Reports of a planted world, the same for the same key."""
    rng = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    return draw_reports(rng, target.likelihood, predicted, biases)


def thin(particles: int, islands: int, each: int) -> Int[np.ndarray, " draw"]:
    """Which worlds are taken as draws: so many of each island, evenly spaced, since neighbours are related."""
    within = np.arange(each) * particles // each
    return np.asarray((np.arange(islands)[:, None] * particles + within).ravel(), dtype=np.int64)


def condition_on_planted(
    key: Key[Array, ""],
    mutant: Mutant,
    truth: tuple[Float[np.ndarray, " coordinate"], Float[np.ndarray, " bias"]],
    reports: ObservedInputs,
    settings: Settings,
    chosen: Int[np.ndarray, " draw"],
) -> PlantedRun:
    """Condition on the reports of a planted world, and put the world before the draws.

    Each particle of the settings' islands becomes one world, of which the `chosen` are draws.

    Raises:
        EvidenceError: as `condition` does.
    """
    target = mutant.target.with_observed(reports)
    drawn = condition(
        key, target, settings.particles * (settings.islands or LEAST_ISLANDS), settings, powers=mutant.powers
    )
    moved = np.concatenate([drawn.z[:, target.active], drawn.biases], axis=1).astype(np.float64)
    z = np.concatenate([truth[0][None], drawn.z[chosen]])
    biases = np.concatenate([truth[1][None], drawn.biases[chosen]])
    fit = evaluate_items(target, z, biases)[0].sum(axis=1)
    return PlantedRun(z, biases, fit, moved.var(axis=0))


def mutants(key: Key[Array, ""], target: Target) -> tuple[Mutant, ...]:
    """Conditionings with a fault that a test of calibration must detect."""
    likelihood, ones = target.likelihood, np.ones(len(target.ids))
    twice = _most_informative(key, target)
    narrow = replace(likelihood, sd=0.7 * likelihood.sd)
    kept = np.array([not name.startswith("bias.family.") for name in likelihood.bias.names], dtype=bool)
    layout = BiasLayout(likelihood.bias.names, likelihood.bias.design * kept[:, None])
    partial = replace(likelihood, bias=layout)
    return (
        Mutant("prior", "the prior for the posterior", target, 0.0 * ones),
        Mutant("twice", f"claim {target.ids[twice]} counted twice", target, ones + np.eye(len(ones))[twice]),
        Mutant(
            "narrow", "the standard deviation of every report times 0.7", replace(target, likelihood=narrow)
        ),
        Mutant("unbiased", "the bias of families left out", replace(target, likelihood=partial)),
    )


def _most_informative(key: Key[Array, ""], target: Target) -> int:
    """The item whose weight shows most: a number that depends on few coordinates, and narrows them most."""
    likelihood, weights = target.likelihood, target.operators.weights
    points, predicted = plant(key, target, _TRIED)
    on_scale = likelihood.on_scale(predicted.T)
    noise = np.hypot(likelihood.sd, (points.biases @ likelihood.bias.design).std(axis=0))
    signal = np.tanh(on_scale.std(axis=1) / noise)
    numbers = np.array([form is TwoSided for form in likelihood.form])
    bearing = influences(target.model, tuple(weights))
    depends_on = [np.full(len(rows), len(bearing[name]) * len(rows)) for name, rows in weights.items()]
    fewest = -np.concatenate(depends_on)[target.operators.order]
    return int(np.argmax(np.where(numbers, signal + fewest, -np.inf)))

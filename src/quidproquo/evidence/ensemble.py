"""From coordinates to an ensemble: run the worlds, and note what each says of every claim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax
import numpy as np
from jaxtyping import Array, Float, Int, Key
from scipy import special

from quidproquo.evidence.smc.extension import Extension
from quidproquo.evidence.smc.sample import PosteriorDraws
from quidproquo.evidence.smc.target import Target
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.worlds import streams
from quidproquo.worlds.model import Model
from quidproquo.worlds.priors import Z90
from quidproquo.worlds.programs import remembered_arrays
from quidproquo.worlds.simulate import Plan, Simulation, futures, simulate
from quidproquo.worlds.streams import Stream, stream_key

__all__ = [
    "Points",
    "as_ensemble",
    "conditioned_points",
    "exploratory_points",
    "prior_points",
]

_BATCHES = 16


@dataclass(frozen=True)
class Points:
    """Where worlds lie: coordinates, biases, and the island that each belongs to.

    `stream` gives the futures of this set of worlds a key of their own.
    """

    kind: str
    stream: Stream
    z: Float[np.ndarray, "world coordinate"]
    biases: Float[np.ndarray, "world bias"]
    island: Int[np.ndarray, " world"]


def conditioned_points(conditioned: PosteriorDraws) -> Points:
    """Worlds that were conditioned on the claims."""
    return Points("weighted", Stream.WEIGHTED, conditioned.z, conditioned.biases, conditioned.island)


def prior_points(key: Key[Array, ""], target: Target, worlds: int) -> Points:
    """Worlds by the prior alone."""
    names = target.model.coordinates + target.likelihood.bias.names
    drawn = streams.normals(stream_key(key, Stream.PRIOR), names, worlds)
    cut = len(target.model.coordinates)
    return Points("prior", Stream.PRIOR, drawn[:, :cut], drawn[:, cut:], _batches(worlds))


def exploratory_points(key: Key[Array, ""], target: Target, worlds: int) -> Points:
    """Worlds that fill the declared 90% ranges and the states of the hypotheses evenly."""
    model = target.model
    even = streams.even(stream_key(key, Stream.EXPLORATORY), model.coordinates, worlds)
    cut = len(model.parameters)
    z = (2.0 * even - 1.0) * Z90
    for i, hypothesis in enumerate(model.hypotheses):
        ends = np.concatenate([[0.0], np.cumsum([state.prior for state in hypothesis.states])])
        state = np.minimum((even[:, cut + i] * len(hypothesis.states)).astype(int), len(ends) - 2)
        z[:, cut + i] = special.ndtri(0.5 * (ends[state] + ends[state + 1]))
    biases = np.zeros((worlds, len(target.likelihood.bias.names)))
    return Points("exploratory", Stream.EXPLORATORY, z.astype(np.float32), biases, _batches(worlds))


def _batches(worlds: int) -> Int[np.ndarray, " world"]:
    """Worlds without islands are cut into as many batches, between which errors are taken."""
    return np.arange(worlds) * _BATCHES // worlds


def as_ensemble(
    key: Key[Array, ""],
    extension: Extension,
    layout: Plan,
    metrics: tuple[str, ...],
    points: Points,
    done: Callable[[int], None] | None = None,
) -> tuple[Ensemble, Float[np.ndarray, "world item"]]:
    """Run worlds under all options, and return the ensemble and each claim's chance of being wrong.

    Of exploratory worlds, on which no claim bears, nothing is read but the metrics: these are kept between runs.
    """
    target = extension.target
    model = target.model
    run = _simulated(key, model, layout, points, done)
    item_log_lik, wrong, predicted = extension.evaluate_items(points.z, points.biases)
    ensemble = Ensemble(
        kind=points.kind,
        parameters=model.parameters,
        draws=model.priors.drawn_values(points.z[:, : len(model.parameters)]),
        log_weight=np.where(run.status > 0, -np.inf, 0.0),
        island=points.island,
        status=run.status,
        hypotheses=tuple(h.id for h in model.hypotheses),
        states=model.states_of(points.z),
        items=tuple(target.ids),
        log_likelihood=item_log_lik,
        predicted=predicted,
        options=layout.options[: layout.own],
        metrics=metrics,
        outcomes=run.metrics[:, : layout.own],
        series={} if points.kind == "exploratory" else dict(zip(layout.series, run.series, strict=True)),
        series_days=np.concatenate([model.history, model.nodes[1:]]) + model.start.toordinal(),
        variants=layout.options[layout.own :],
        variant_outcomes=run.metrics[:, layout.own :] if layout.variants else None,
    )
    return ensemble, wrong


def _simulated(
    key: Key[Array, ""], model: Model, layout: Plan, points: Points, done: Callable[[int], None] | None
) -> Simulation:
    own = stream_key(key, points.stream)

    def run() -> Simulation:
        return simulate(model, layout, points.z, futures(own, model, len(points.z)), done)

    if points.kind != "exploratory":
        return run()

    def arrays() -> dict[str, np.ndarray]:
        found = run()
        return {"metrics": found.metrics, "status": found.status}

    numbers = jax.tree.leaves(model.numbers)
    options = (layout.levers, layout.money, layout.baseline, layout.metrics, layout.series)
    depends_on = (model.structure, numbers, options, points.z, np.asarray(jax.random.key_data(own)))
    found = remembered_arrays("exploratory", depends_on, arrays)
    return Simulation(found["metrics"], np.zeros((0, len(points.z), 0), np.float32), found["status"])

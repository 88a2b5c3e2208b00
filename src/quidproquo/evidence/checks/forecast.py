"""What conditioned worlds predict of reports that come later, on the reports' own dates.

Up to the case's decision date an observable is the model's function of dates; beyond it each world
is simulated on along one of its futures under policy as it stands, and read between month ends.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Array, Float, Key

from quidproquo.evidence.observation.operators import Operators
from quidproquo.worlds.model import Model
from quidproquo.worlds.observe import observe, observe_ahead
from quidproquo.worlds.simulate import FUTURES, Plan, futures

__all__ = ["one_future", "predict"]


def one_future(key: Key[Array, ""], model: Model, worlds: int) -> Float[np.ndarray, "world chance"]:
    """One of each world's futures, so that a world with its future is one draw of what will come."""
    several = futures(key, model, worlds)
    rows = np.arange(worlds)
    chosen: Float[np.ndarray, "world chance"] = several[rows, rows % FUTURES]
    return chosen


def predict(
    model: Model,
    layout: Plan,
    operators: Operators,
    z: Float[np.ndarray, "world coordinate"],
    chance: Float[np.ndarray, "world chance"],
) -> Float[np.ndarray, "world item"]:
    """What every world predicts of every item, in the item's unit; in blocks of fixed size.

    The observables that the plan shows are worked out along with those of the items, so that the same
    programs serve other items.
    """
    now = float(model.nodes[0])
    until = {name: np.minimum(days, now) for name, days in operators.days.items()}
    known = {name: rows.astype(np.float64) for name, rows in observe(model, until, z, layout.series).items()}
    if any((days > now).any() for days in operators.days.values()):
        names = sorted({*operators.days, *layout.series})
        policy = layout.levers[layout.baseline], float(layout.money[layout.baseline])
        ahead = observe_ahead(model, names, policy, z, chance)
        for name, days in operators.days.items():
            later = days > now
            weights = _between(days[later], model.nodes)
            # summed node by node: a product of matrices may depend on the number of threads
            known[name][later] = (weights[:, :, None] * ahead[name].astype(np.float64)).sum(axis=1)
    return operators.combined_values(known).T


def _between(
    days: Float[np.ndarray, " day"], nodes: Float[np.ndarray, " node"]
) -> Float[np.ndarray, "day node"]:
    """Weights that interpolate between nodes; beyond the last, its value."""
    place = np.interp(days, nodes, np.arange(len(nodes)))
    before = np.minimum(place.astype(int), len(nodes) - 2)
    weights = np.zeros((len(days), len(nodes)))
    rows = np.arange(len(days))
    weights[rows, before] = before + 1.0 - place
    weights[rows, before + 1] += place - before
    return weights

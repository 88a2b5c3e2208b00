"""What a difference in value is worth in the metrics' own units, and what a lead is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from quidproquo.decisions.means import Mean, means
from quidproquo.decisions.value import Scale, ValuedWorlds
from quidproquo.evidence.weights.estimators import normalised

__all__ = ["Lead", "LeadPart", "leads", "worth_of_value"]


@dataclass(frozen=True)
class LeadPart:
    """What one metric has in a lead: by how much it differs, in its unit, and what that adds in value."""

    difference: Mean
    value: Mean


@dataclass(frozen=True)
class Lead:
    """By how much one option's mean value lies above another's, and what each metric has in it."""

    value: Mean
    parts: Mapping[str, LeadPart]


def worth_of_value(scale: Scale) -> dict[str, float]:
    """How far each metric alone would have to move to change the value by 1, in its own unit.

    That is the distance of its anchors over its weight: (best − worst)/weight. A metric without weight has none.
    """
    return {
        name: float(abs(scale.best[place] - scale.worst[place]) / scale.weight[place])
        for place, name in enumerate(scale.metrics)
        if scale.weight[place] > 0.0
    }


def leads(worlds: ValuedWorlds, first: str) -> dict[str, Lead]:
    """The lead of one option over each of the others, on the mean, with errors of paired differences."""
    ensemble, scale = worlds.ensemble, worlds.scale
    weights = normalised(ensemble.log_weight)
    outcomes = np.asarray(ensemble.outcomes, dtype=np.float64)
    parts = scale.parts(outcomes) * scale.weight
    own = ensemble.options.index(first)
    count = len(scale.metrics)
    found = {}
    for place, name in enumerate(ensemble.options):
        if place == own:
            continue
        rows = [
            worlds.values[:, own] - worlds.values[:, place],
            *(outcomes[:, own] - outcomes[:, place]).T,
            *(parts[:, own] - parts[:, place]).T,
        ]
        value, *each = means(rows, weights, ensemble.island)
        found[name] = Lead(
            value,
            {
                metric: LeadPart(each[index], each[count + index])
                for index, metric in enumerate(scale.metrics)
            },
        )
    return found

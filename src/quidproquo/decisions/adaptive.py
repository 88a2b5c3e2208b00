"""An adaptive option beside the static ones: what it is worth, what it costs in regret, how often it switches.

It enters no comparison of the menu: shares, regrets and ranks of the static options are as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from quidproquo.decisions.means import Mean, means
from quidproquo.decisions.value import ValuedWorlds
from quidproquo.evidence.weights.estimators import normalised, weighted_quantile
from quidproquo.terms.errors import EvidenceError, sentence
from quidproquo.worlds.adaptive import Switch, SwitchRun

__all__ = ["AdaptiveFinding", "adaptive_finding"]


@dataclass(frozen=True)
class AdaptiveFinding:
    """How an adaptive option does.

    `leads` are its leads in value over each static option, of which `best` is the one with the greatest mean;
    `metrics` is by how much it moves each metric from what `best` makes of it, in the metric's unit. `regret_q95`
    is what it gives up against the best static option of each world, exceeded in 5% of the weight, and
    `best_regret_q95` the least that any static option gives up so. `switches` is the share of futures in which it
    switches, `adds` whether its lead over `best` counts.
    """

    switch: Switch
    value: Mean
    leads: Mapping[str, Mean]
    best: str
    metrics: Mapping[str, Mean]
    regret_q95: float
    best_regret_q95: float
    switches: Mean
    adds: bool


def adaptive_finding(worlds: ValuedWorlds, switch: Switch, run: SwitchRun) -> AdaptiveFinding:
    """Compare an adaptive option with the static ones; `run` has all worlds of the ensemble, failed ones too.

    Raises EvidenceError where a world fails under it that ran under the static options, or worlds are missing.
    """
    ensemble, scale = worlds.ensemble, worlds.scale
    thing = f"adaptive option {switch.id!r}"
    if len(run.status) != len(worlds.kept) + worlds.failed:
        allowed = f"{len(worlds.kept) + worlds.failed}, those of the ensemble"
        raise EvidenceError(
            sentence(thing, "number of worlds", len(run.status), allowed, "run the same worlds")
        )
    failed = int((run.status[worlds.kept] > 0).sum())
    if failed:
        raise EvidenceError(sentence(thing, "worlds that fail", failed, "none", "mend the model"))
    weights = normalised(ensemble.log_weight)
    outcomes = run.metrics[worlds.kept]
    value = scale.values(outcomes[:, None, :])[:, 0]
    place = int(np.argmax(np.einsum("wo,w->o", worlds.values, weights)))
    rows = [value, run.switched[worlds.kept], *(value[:, None] - worlds.values).T]
    rows += list((outcomes - np.asarray(ensemble.outcomes[:, place], dtype=np.float64)).T)
    found = means(rows, weights, ensemble.island)
    count = len(ensemble.options)
    leads = dict(zip(ensemble.options, found[2 : 2 + count], strict=True))
    lost = np.maximum(worlds.values.max(axis=1) - value, 0.0)
    q95 = weighted_quantile(np.column_stack([lost, worlds.regrets]), ensemble.log_weight, np.array([0.95]))[0]
    best = ensemble.options[place]
    return AdaptiveFinding(
        switch=switch,
        value=found[0],
        leads=leads,
        best=best,
        metrics=dict(zip(scale.metrics, found[2 + count :], strict=True)),
        regret_q95=float(q95[0]),
        best_regret_q95=float(q95[1:].min()),
        switches=found[1],
        adds=leads[best].mean > 0.0 and leads[best].counts(worlds.delta),
    )

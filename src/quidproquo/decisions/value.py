"""The value function of a case, and what is given up against the best option of each world."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int

from quidproquo.cases.record import Case
from quidproquo.decisions.rule import OptionValues, best_shares
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.terms.errors import CaseError, EvidenceError, sentence

__all__ = ["HIGHEST", "LOWEST", "Scale", "ValuedWorlds", "scale_of", "sound_worlds", "valued_worlds"]

LOWEST, HIGHEST = -0.5, 1.5


@dataclass(frozen=True)
class Scale:
    """How metrics turn into value; all arrays are `[metric]`.

    A metric's value is (x − worst)/(best − worst): 0 at the anchor `worst`, 1 at `best`, straight
    between and half a range beyond, and flat from there on, so that no single metric can swamp
    the others by leaving its declared range. The value of an option is the weighted mean, with
    weights that sum to one. `sign` is +1 where more is better and −1 where less is.
    """

    metrics: tuple[str, ...]
    worst: Float[np.ndarray, " metric"]
    best: Float[np.ndarray, " metric"]
    weight: Float[np.ndarray, " metric"]
    threshold: Float[np.ndarray, " metric"]
    sign: Float[np.ndarray, " metric"]

    @property
    def weighed(self) -> bool:
        """Whether the case gives weights, without which there is no single ranking."""
        return bool(self.weight.sum() > 0.0)

    def parts(
        self, outcomes: Float[np.ndarray, "world option metric"]
    ) -> Float[np.ndarray, "world option metric"]:
        """Value of each metric on its own."""
        parts: Float[np.ndarray, "world option metric"] = np.clip(
            (outcomes - self.worst) / (self.best - self.worst), LOWEST, HIGHEST
        )
        return parts

    def values(self, outcomes: Float[np.ndarray, "world option metric"]) -> Float[np.ndarray, "world option"]:
        """Value of each option in each world; zero everywhere if the case gives no weights."""
        values: Float[np.ndarray, "world option"] = np.einsum("wom,m->wo", self.parts(outcomes), self.weight)
        return values


def scale_of(case: Case, metrics: tuple[str, ...]) -> Scale:
    """The value function over the given metrics; raises CaseError for an impossible anchor."""
    unknown = [name for name in metrics if name not in case.metrics]
    if unknown:
        remedy = "declare it in the case, or run the ensemble again"
        allowed = "one of " + ", ".join(case.metrics)
        raise CaseError(sentence("ensemble", "metric", unknown[0], allowed, remedy))
    chosen = [case.metrics[name] for name in metrics]
    for metric in chosen:
        thing = f"metric {metric.id!r}"
        if metric.worst == metric.best:
            remedy = "set two different anchors"
            raise CaseError(sentence(thing, "best", metric.best, "different from worst", remedy))
        if (metric.best > metric.worst) != (metric.direction == "higher"):
            remedy = "swap worst and best, or change the direction"
            allowed = "on the side that `best` points to"
            raise CaseError(sentence(thing, "direction", metric.direction, allowed, remedy))
        if not metric.weight >= 0.0:
            remedy = "give it a weight of zero or more"
            raise CaseError(sentence(thing, "weight", metric.weight, "zero or more", remedy))
    weight = np.array([metric.weight for metric in chosen], dtype=np.float64)
    total = weight.sum()
    return Scale(
        metrics=metrics,
        worst=np.array([metric.worst for metric in chosen], dtype=np.float64),
        best=np.array([metric.best for metric in chosen], dtype=np.float64),
        weight=weight / total if total > 0.0 else weight,
        threshold=np.array([metric.threshold for metric in chosen], dtype=np.float64),
        sign=np.array([1.0 if metric.direction == "higher" else -1.0 for metric in chosen]),
    )


@dataclass(frozen=True)
class ValuedWorlds:
    """What decisions read from an ensemble: its sound worlds, in the order of their islands.

    `values` and `regrets` are `[world, option]` on the value function, `metric_regrets`
    `[world, option, metric]` in each metric's own unit, `meets` says where every threshold holds.
    `kept` are the places of these worlds in the ensemble they come from, and `failed` counts the worlds
    that were left out. `delta` is the least difference in value that counts.
    """

    ensemble: Ensemble
    scale: Scale
    values: Float[np.ndarray, "world option"]
    regrets: Float[np.ndarray, "world option"]
    metric_regrets: Float[np.ndarray, "world option metric"]
    best: Float[np.ndarray, "world option"]
    meets: Bool[np.ndarray, "world option"]
    kept: Int[np.ndarray, " world"]
    failed: int
    delta: float

    @cached_property
    def option_values(self) -> OptionValues:
        """The options' values, sorted once for every weighting and what-if."""
        return OptionValues(self.ensemble.options, self.values, self.ensemble.island, self.delta)


def sound_worlds(ensemble: Ensemble) -> tuple[Ensemble, Int[np.ndarray, " world"]]:
    """The ensemble without its failed worlds, ordered by island, and the places of those that were kept.

    Raises EvidenceError where no world is left, or an outcome isn't a number.
    """
    sound = (np.asarray(ensemble.status) == 0) & (np.asarray(ensemble.log_weight) > -np.inf)
    if not sound.any():
        remedy = "look at the statuses, and mend the model or widen the priors"
        thing = f"{ensemble.kind} ensemble"
        raise EvidenceError(sentence(thing, "worlds that ran", 0, "at least one", remedy))
    order = np.argsort(ensemble.island, kind="stable")
    keep = order[sound[order]]
    if not np.isfinite(ensemble.outcomes[keep]).all():
        _, option, metric = np.argwhere(~np.isfinite(ensemble.outcomes) & sound[:, None, None])[0]
        thing = f"option {ensemble.options[option]!r}, metric {ensemble.metrics[metric]!r}"
        remedy = "give such worlds a status above 0"
        raise EvidenceError(sentence(thing, "outcome", "not a number", "finite", remedy))
    if np.array_equal(keep, np.arange(sound.size)):
        return ensemble, keep
    by_world = (
        "draws",
        "log_weight",
        "island",
        "status",
        "states",
        "log_likelihood",
        "predicted",
        "outcomes",
    )
    kept = {name: getattr(ensemble, name)[keep] for name in by_world}
    if ensemble.variant_outcomes is not None:
        kept["variant_outcomes"] = ensemble.variant_outcomes[keep]
    series = {name: array[keep] for name, array in ensemble.series.items()}
    return replace(ensemble, series=series, **kept), keep


def valued_worlds(ensemble: Ensemble, case: Case) -> ValuedWorlds:
    """Values and regrets of every option in every sound world.

    Raises EvidenceError where no world is sound, or a sound one has an outcome that isn't a number, and
    CaseError where the case lacks an option or metric of the ensemble.
    """
    missing = [name for name in ensemble.options if name not in case.options]
    if missing:
        remedy = "declare it in the case, or run the ensemble again"
        allowed = "one of " + ", ".join(case.options)
        raise CaseError(sentence("ensemble", "option", missing[0], allowed, remedy))
    scale = scale_of(case, ensemble.metrics)
    sound, kept = sound_worlds(ensemble)
    outcomes = np.asarray(sound.outcomes, dtype=np.float64)
    values = scale.values(outcomes)
    better = outcomes * scale.sign
    return ValuedWorlds(
        ensemble=sound,
        scale=scale,
        values=values,
        regrets=values.max(axis=1, keepdims=True) - values,
        metric_regrets=better.max(axis=1, keepdims=True) - better,
        best=best_shares(values),
        meets=(better >= scale.threshold * scale.sign).all(axis=2),
        kept=kept,
        failed=len(ensemble.log_weight) - kept.size,
        delta=case.delta,
    )

"""What each component of a bundle adds, by leaving it out; and the smallest bundle that does as well.

Bundles without a component that the case's menu lacks are generated from the bundle's levers. They are
simulated beside the menu and enter no comparison of its options: what they say of a bundle depends on no menu.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Bool, Float

from quidproquo.cases.record import Case, Option
from quidproquo.decisions.means import Mean, means
from quidproquo.decisions.value import ValuedWorlds
from quidproquo.evidence.weights.estimators import normalised

__all__ = ["BundleFinding", "ComponentFinding", "SmallerBundle", "bundle_findings", "generated_options"]

Adds: TypeAlias = Literal["adds", "nothing", "harms"]


@dataclass(frozen=True)
class ComponentFinding:
    """What a component adds to its bundle: the bundle less the bundle `without` it.

    `title` is that of the option that consists of it alone, or of the smallest that has it. `generated` says that
    the menu of the case lacks the bundle without it, and `money` what that is taken to cost. `better` is the share
    of the weight in which the bundle is worth more with it.
    """

    lever: str
    title: str
    without: str
    generated: bool
    money: float
    value: Mean
    metrics: Mapping[str, Mean]
    better: float
    adds: Adds


@dataclass(frozen=True)
class SmallerBundle:
    """The smallest part of a bundle that is as good on the mean: what it consists of, and what is gained by it."""

    option: str
    generated: bool
    titles: tuple[str, ...]
    money: float
    value: Mean
    metrics: Mapping[str, Mean]


@dataclass(frozen=True)
class BundleFinding:
    """A bundle by its components; `smaller` is None where each of them adds something."""

    components: tuple[ComponentFinding, ...]
    smaller: SmallerBundle | None


def _levers(option: Option) -> frozenset[tuple[str, float]]:
    return frozenset((lever, intensity) for lever, intensity in option.levers.items() if intensity != 0.0)


def _components(option: Option) -> list[str]:
    return [lever for lever, intensity in option.levers.items() if intensity != 0.0]


def _same_time(one: Option, other: Option) -> bool:
    return (one.start, one.months) == (other.start, other.months)


def _with_levers(
    levers: frozenset[tuple[str, float]], like: Option, among: Mapping[str, Option]
) -> Option | None:
    """The option that does just this, at the time of another."""
    return next(
        (option for option in among.values() if _levers(option) == levers and _same_time(option, like)), None
    )


def _without(bundle: Option, lever: str, case: Case) -> Option:
    """A bundle without one of its levers, at its cost less that of the lever.

    That is the cost of the option that consists of the lever alone; where the case has none, the lever's share
    by intensity.
    """
    dropped = frozenset({(lever, bundle.levers[lever])})
    alone = _with_levers(dropped, bundle, case.options)
    share = abs(bundle.levers[lever]) / sum(abs(intensity) for intensity in bundle.levers.values())
    cost = {
        name: max(amount - (share * amount if alone is None else alone.cost.get(name, 0.0)), 0.0)
        for name, amount in bundle.cost.items()
    }
    return replace(
        bundle,
        id=f"{bundle.id}-{lever}",
        title=f"{bundle.title}, without {_title(lever, bundle, case)}",
        levers={name: intensity for name, intensity in bundle.levers.items() if name != lever},
        cost=cost,
        baseline=False,
    )


def _title(lever: str, bundle: Option, case: Case) -> str:
    """What a lever is called: as the option that consists of it alone, else as the case titles it as a part.

    Without a title it is named as part of the smallest bundle that holds it.
    """
    pair, word = (lever, bundle.levers[lever]), lever.replace("_", " ")
    alone = _with_levers(frozenset({pair}), bundle, case.options)
    if alone is not None:
        return alone.title
    holding = [option for option in case.options.values() if pair in _levers(option)]
    titled = [option.parts[lever] for option in (bundle, *holding) if lever in option.parts]
    if titled:
        return titled[0]
    smallest = min(holding, key=lambda option: len(_levers(option)), default=bundle)
    return word if smallest.id == bundle.id else f"{smallest.title} (its part {word})"


def _bundles(case: Case) -> list[Option]:
    return [option for option in case.options.values() if len(_components(option)) > 1]


def generated_options(case: Case) -> dict[str, Option]:
    """Every bundle of the case without each of its levers, but for those that its menu has; by id, each once."""
    found: dict[str, Option] = {}
    for bundle in _bundles(case):
        for lever in _components(bundle):
            made = _without(bundle, lever, case)
            if _with_levers(_levers(made), bundle, {**case.options, **found}) is None:
                found[made.id] = made
    return found


@dataclass(frozen=True)
class _Run:
    """What was simulated: options of the menu and generated ones, with outcomes and values in sound worlds."""

    worlds: ValuedWorlds
    options: Mapping[str, Option]
    outcomes: Mapping[str, Float[np.ndarray, "world metric"]]
    values: Mapping[str, Float[np.ndarray, " world"]]
    weights: Float[np.ndarray, " world"]

    def differences(self, one: str, other: str) -> tuple[Mean, dict[str, Mean], float]:
        """Mean of one less the other, in value and by metric, and the share in which it is worth more."""
        both: Bool[np.ndarray, " world"] = np.isfinite(self.values[one]) & np.isfinite(self.values[other])
        weights = np.where(both, self.weights, 0.0)
        weights /= weights.sum()
        lead = np.where(both, self.values[one] - self.values[other], 0.0)
        rows = np.where(both[:, None], self.outcomes[one] - self.outcomes[other], 0.0).T
        value, *each = means([lead, *rows], weights, self.worlds.ensemble.island)
        metrics = dict(zip(self.worlds.scale.metrics, each, strict=True))
        return value, metrics, float(weights[lead > 0.0].sum())


def bundle_findings(worlds: ValuedWorlds, case: Case) -> dict[str, BundleFinding]:
    """Every bundle of the case by its components.

    There are none where the case weighs no metric, or the worlds were not run under the generated options.
    """
    ensemble, generated = worlds.ensemble, generated_options(case)
    if not worlds.scale.weighed or not set(generated) <= set(ensemble.variants):
        return {}
    outcomes = {
        name: np.asarray(ensemble.outcomes[:, place], dtype=np.float64)
        for place, name in enumerate(ensemble.options)
    }
    if ensemble.variant_outcomes is not None:
        outcomes |= {
            name: np.asarray(ensemble.variant_outcomes[:, place], dtype=np.float64)
            for place, name in enumerate(ensemble.variants)
        }
    values = {name: worlds.scale.values(rows[:, None])[:, 0] for name, rows in outcomes.items()}
    options = {**case.options, **generated}
    run = _Run(worlds, options, outcomes, values, normalised(ensemble.log_weight))
    return {bundle.id: _bundle(run, bundle, case) for bundle in _bundles(case)}


def _bundle(run: _Run, bundle: Option, case: Case) -> BundleFinding:
    components = tuple(_component(run, bundle, lever, case) for lever in _components(bundle))
    idle = any(one.adds != "adds" for one in components)
    return BundleFinding(components, _smaller(run, bundle, case) if idle else None)


def _component(run: _Run, bundle: Option, lever: str, case: Case) -> ComponentFinding:
    levers = frozenset(pair for pair in _levers(bundle) if pair[0] != lever)
    without = _with_levers(levers, bundle, run.options)
    assert without is not None, "it was generated where the case lacks it"
    value, metrics, better = run.differences(bundle.id, without.id)
    adds: Adds = "nothing"
    if value.counts(run.worlds.delta):
        adds = "adds" if value.mean > 0.0 else "harms"
    return ComponentFinding(
        lever=lever,
        title=_title(lever, bundle, case),
        without=without.id,
        generated=without.id not in case.options,
        money=without.cost.get("money", 0.0),
        value=value,
        metrics=metrics,
        better=better,
        adds=adds,
    )


def _smaller(run: _Run, bundle: Option, case: Case) -> SmallerBundle | None:
    """Of the parts of a bundle that can't be told from the best of them, the one with the fewest levers.

    Of equally many the one with the highest mean value; None where that is the bundle itself.
    """
    own = _levers(bundle)
    parts = [
        option for option in run.options.values() if _same_time(option, bundle) and _levers(option) <= own
    ]
    parts = [option for option in parts if _levers(option)]
    level = {option.id: run.differences(option.id, bundle.id)[0].mean for option in parts}
    best = max(parts, key=lambda option: level[option.id])
    as_good = [
        option
        for option in parts
        if option is best or not run.differences(best.id, option.id)[0].counts(run.worlds.delta)
    ]
    chosen = min(as_good, key=lambda option: (len(_levers(option)), -level[option.id]))
    if _levers(chosen) == own:
        return None
    value, metrics, _ = run.differences(chosen.id, bundle.id)
    return SmallerBundle(
        option=chosen.id,
        generated=chosen.id not in case.options,
        titles=tuple(_title(lever, bundle, case) for lever in _components(chosen)),
        money=chosen.cost.get("money", 0.0),
        value=value,
        metrics=metrics,
    )

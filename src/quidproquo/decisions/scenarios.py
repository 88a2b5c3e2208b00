"""Where the leading option loses and where no option is acceptable, as boxes; and what would warn of a loss."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Bool, Float

from quidproquo.cases.record import Case
from quidproquo.decisions.adaptive import AdaptiveFinding
from quidproquo.decisions.discovery.boxes import discover
from quidproquo.decisions.discovery.columns import numbered_worlds
from quidproquo.decisions.discovery.record import Box, Discovery, DiscoverySettings, WorldTable
from quidproquo.decisions.means import Mean, means
from quidproquo.decisions.signposts import Signpost, SignpostFinding, WatchedFutures, signposts
from quidproquo.decisions.value import ValuedWorlds
from quidproquo.evidence.estimates import moving, now, reported
from quidproquo.evidence.weights.estimators import normalised
from quidproquo.worlds.adaptive import Switch

__all__ = [
    "BestInside",
    "ScenarioFindings",
    "WatchFinding",
    "column_of",
    "losing_worlds",
    "scenarios",
    "switch_of",
    "watch",
]

ColumnKind: TypeAlias = Literal["parameter", "hypothesis", "quantity"]

# one size of peel, two boxes and a tree of two splits: worlds have some 200 columns, and a brief is waited for
_SETTINGS = DiscoverySettings(peels=(0.1,), most_boxes=2, depth=2)
_SINGLE = 2.0**23  # from here on single precision holds whole numbers only
_EVERY = 3  # months between the dates that are looked at
_DELAY = 1  # months that it takes to learn of a figure and to decide, beside the one that it is of


@dataclass(frozen=True)
class BestInside:
    """The option with the greatest mean value in the worlds of a box, and its lead over the first option there."""

    option: str
    lead: Mean


@dataclass(frozen=True)
class WatchFinding:
    """What would warn that the leading option loses; `quantities` are those watched, in the order of the finding.

    `adaptive` is None where there is no signpost, or the leading option is the best in the worlds warned of.
    """

    quantities: tuple[str, ...]
    days: Float[np.ndarray, " date"]
    horizon: float
    found: SignpostFinding
    adaptive: AdaptiveFinding | None = None


@dataclass(frozen=True)
class ScenarioFindings:
    """Where things go wrong: worlds where the option `first` loses, and those where no option is acceptable.

    `loses` is None where there is no second option, or the case weighs no metric; `acceptance` where it has no
    metric. The latter looks for worlds in which no option meets every threshold or, if these are more than half,
    as `rare` says, for those in which some option does. So many `columns` were looked at and tested at `level`,
    named "parameter:…", "hypothesis:…" or "quantity:…"; `column_of` reads them. Those in `whole` hold whole
    numbers only. `best` is what does best in each box of `loses`.
    """

    first: str
    delta: float
    columns: int
    whole: frozenset[str]
    loses: Discovery | None
    acceptance: Discovery | None
    rare: Literal["unmet", "met"] = "unmet"
    level: float = _SETTINGS.holdout_level
    best: tuple[BestInside, ...] = ()
    watch: WatchFinding | None = None


def scenarios(case: Case, worlds: ValuedWorlds, first: str, reports: Collection[str]) -> ScenarioFindings:
    """Search the worlds; `reports` are quantities that there have been reports on, and that can be watched."""
    table = _world_table(case, worlds)
    loses = losing_worlds(worlds, first)
    met = np.asarray(worlds.meets.any(axis=1))
    rare: Literal["unmet", "met"] = "met" if float(table.weights[~met].sum()) > 0.5 else "unmet"
    lost = None if loses is None else discover(table, loses, _SETTINGS)
    return ScenarioFindings(
        first=first,
        delta=worlds.delta,
        columns=len(table.columns),
        whole=frozenset(table.columns[i] for i in np.flatnonzero(_holds_whole(table.values))),
        loses=lost,
        acceptance=discover(table, met == (rare == "met"), _SETTINGS) if worlds.scale.metrics else None,
        rare=rare,
        best=() if lost is None else tuple(_best_inside(worlds, first, box) for box in lost.boxes),
        watch=None if loses is None else watch(case, worlds, loses, reports),
    )


def _holds_whole(values: Float[np.ndarray, "world column"]) -> Bool[np.ndarray, " column"]:
    """Which columns hold whole numbers, and so small that single precision could have held a fraction."""
    whole = (values == np.floor(values)) & (np.abs(values) < _SINGLE)
    return np.asarray(whole.all(axis=0))


def losing_worlds(worlds: ValuedWorlds, first: str) -> Bool[np.ndarray, " world"] | None:
    """Where an option's value lies below the best one's by more than δ; None where there is nothing to choose."""
    options = worlds.ensemble.options
    if len(options) < 2 or not worlds.scale.weighed:
        return None
    return np.asarray(worlds.regrets[:, options.index(first)] > worlds.delta)


def _best_inside(worlds: ValuedWorlds, first: str, box: Box) -> BestInside:
    """What does best in a box; the error of its lead is that of a ratio of means, between islands."""
    ensemble, weights = worlds.ensemble, normalised(worlds.ensemble.log_weight)
    inside = box.inside.astype(np.float64)
    mass = float(np.einsum("w,w->", weights, inside))
    means_inside = np.einsum("wo,w->o", worlds.values, weights * inside) / mass
    place = int(np.argmax(means_inside))
    gain = worlds.values[:, place] - worlds.values[:, ensemble.options.index(first)]
    lead = float(means_inside[place] - means_inside[ensemble.options.index(first)])
    error = means([inside * (gain - lead) / mass], weights, ensemble.island)[0].mcse
    return BestInside(ensemble.options[place], Mean(lead, error))


def column_of(name: str) -> tuple[str, str]:
    """Kind and id of a column."""
    kind, _, ident = name.partition(":")
    return kind, ident


def _world_table(case: Case, worlds: ValuedWorlds) -> WorldTable:
    """Parameters, hypotheses and quantities on the decision date: whatever differs between worlds."""
    ensemble = worlds.ensemble
    columns: dict[str, Float[np.ndarray, " world"]] = {
        f"parameter:{name}": ensemble.draws[:, place] for place, name in enumerate(ensemble.parameters)
    }
    answers = {f"hypothesis:{name}": ensemble.states[:, i] for i, name in enumerate(ensemble.hypotheses)}
    known = moving(case, ensemble) if ensemble.series else ()
    columns |= answers | {f"quantity:{one.id}": now(case, ensemble, one) for one in known}
    differ = {name: values for name, values in columns.items() if np.ptp(values) > 0}
    count = len(ensemble.log_weight)
    values = np.stack(list(differ.values()), axis=1) if differ else np.zeros((count, 0))
    return WorldTable(
        columns=tuple(differ),
        values=np.asarray(values, dtype=np.float64),
        weights=normalised(ensemble.log_weight),
        island=ensemble.island,
        categorical=frozenset(name for name in answers if name in differ),
        world=numbered_worlds(np.concatenate([ensemble.draws, ensemble.states], axis=1)),
    )


def watch(
    case: Case, worlds: ValuedWorlds, loses: Bool[np.ndarray, " world"], reports: Collection[str]
) -> WatchFinding | None:
    """Look for signposts at every third month's end before the horizon; None where nothing can be watched."""
    ensemble = worlds.ensemble
    quantities = [q for q in reported(case) if q.id in reports and q.observes[""] in ensemble.series]
    days = ensemble.series_days
    ahead = np.flatnonzero(days > case.decision_date.toordinal())[:-1][_EVERY - 1 :: _EVERY]
    if not quantities or not ahead.size:
        return None
    values = np.stack([ensemble.series[q.observes[""]][:, ahead] for q in quantities], axis=2)
    sound = np.isfinite(values).all(axis=(0, 1))
    quantities = [q for q, fine in zip(quantities, sound, strict=True) if fine]
    if not quantities:
        return None
    futures = WatchedFutures(
        observables=tuple(q.id for q in quantities),
        days=days[ahead],
        values=np.asarray(values[:, :, sound], dtype=np.float64),
        weights=normalised(ensemble.log_weight),
        island=ensemble.island,
        horizon=float(days[-1]),
    )
    return WatchFinding(
        futures.observables, futures.days, futures.horizon, signposts(futures, np.asarray(~loses))
    )


def switch_of(case: Case, worlds: ValuedWorlds, first: str, watched: WatchFinding) -> Switch | None:
    """The adaptive option of the best signpost: the option that is best on the mean in the worlds warned of.

    None where there is no signpost, or that option is the first itself.
    """
    if not watched.found.signposts:
        return None
    sign, ensemble = watched.found.signposts[0], worlds.ensemble
    observable = case.quantities[sign.observable].observes[""]
    place = int(np.searchsorted(ensemble.series_days, sign.day))
    warned = _warned(sign, ensemble.series[observable][:, place])
    means = np.einsum("wo,w->o", worlds.values, normalised(ensemble.log_weight) * warned)
    then = ensemble.options[int(np.argmax(means))]
    if then == first:
        return None
    ahead = ensemble.series_days > case.decision_date.toordinal()
    month = place - int(np.argmax(ahead))
    return Switch(
        id=f"{first}, then {then}",
        first=first,
        then=then,
        observable=observable,
        threshold=sign.threshold,
        above=sign.side == "above",
        month=month,
        delay=_DELAY,
    )


def _warned(sign: Signpost, values: Float[np.ndarray, " world"]) -> Bool[np.ndarray, " world"]:
    above = np.asarray(values > sign.threshold)
    return above if sign.side == "above" else ~above

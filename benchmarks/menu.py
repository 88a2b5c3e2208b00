"""Whether figures of an option depend on the menu, or on how futures are coupled across options.

    python benchmarks/menu.py [WORLDS]

Worlds are drawn from the priors of the shipped case. Three things are changed: a dominated option is added; a
bundle is added; and every option gets futures of its own. For each, the largest shift of any other option's
mean value, 95% regret, mean regret, share of worlds in which it is best, and share in which it meets every
threshold is printed, in Monte Carlo errors, with the box in which the leading option loses before and after.

Targets: no shift at all by a dominated option; none of value and robustness by a bundle (regret and best share
are by definition those among the menu); by the coupling of futures none beyond what any of so many exceeds by
chance (5%, Bonferroni).
"""

from __future__ import annotations

import dataclasses
import sys

import jax
import numpy as np
from scipy import stats

from quidproquo.cases import load_case
from quidproquo.cases.record import Case
from quidproquo.decisions.discovery.boxes import discover
from quidproquo.decisions.discovery.record import DiscoverySettings, WorldTable
from quidproquo.decisions.rule import best_shares
from quidproquo.decisions.scenarios import losing_worlds
from quidproquo.decisions.value import ValuedWorlds, valued_worlds
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.worlds.model import build_model
from quidproquo.worlds.simulate import futures, plan, simulate
from quidproquo.worlds.streams import normals

ISLANDS, CHANCE = 32, 0.05
FIGURES = ("mean value", "95% regret", "mean regret", "best share", "robustness")
SETTINGS = DiscoverySettings(peels=(0.1,), most_boxes=1, depth=1)


def worlds_of(case: Case, z: np.ndarray, outcomes: np.ndarray) -> ValuedWorlds:
    """Evenly weighted worlds under the options of a case."""
    count = len(z)
    ensemble = Ensemble(
        kind="weighted",
        parameters=(),
        draws=np.zeros((count, 0)),
        log_weight=np.zeros(count),
        island=np.arange(count) * ISLANDS // count,
        status=np.zeros(count, dtype=int),
        hypotheses=(),
        states=np.zeros((count, 0), dtype=int),
        items=(),
        log_likelihood=np.zeros((count, 0)),
        predicted=np.zeros((count, 0)),
        options=tuple(case.options),
        metrics=tuple(case.metrics),
        outcomes=outcomes,
    )
    return valued_worlds(ensemble, case)


def figures(worlds: ValuedWorlds, options: tuple[str, ...]) -> np.ndarray:
    """Figures of some options, of all worlds and then without each island: `[1 + island, figure, option]`."""
    places = [worlds.ensemble.options.index(name) for name in options]
    shares = best_shares(worlds.values)
    island = worlds.ensemble.island
    return np.array(
        [
            [
                worlds.values[kept].mean(axis=0)[places],
                np.quantile(worlds.regrets[kept], 0.95, axis=0, method="inverted_cdf")[places],
                worlds.regrets[kept].mean(axis=0)[places],
                shares[kept].mean(axis=0)[places],
                worlds.meets[kept].mean(axis=0)[places],
            ]
            for kept in [np.ones(len(island), bool), *(island != one for one in np.unique(island))]
        ]
    )


def box(worlds: ValuedWorlds, z: np.ndarray, names: tuple[str, ...], first: str) -> str:
    """Where the leading option loses, in words."""
    loses = losing_worlds(worlds, first)
    assert loses is not None
    table = WorldTable(names, z, np.ones(len(z)), worlds.ensemble.island)
    found = discover(table, loses, SETTINGS)
    event = f"loses in {loses.mean():.2%}; "
    if not found.boxes:
        return f"{event}{found.ending}"
    (one, *_) = found.boxes
    ends = (
        r.column + "".join(f" {sign} {x:.2f}" for sign, x in ((">", r.low), ("<", r.high)) if x is not None)
        for r in one.restrictions
    )
    return f"{event}coverage {one.coverage.mean:.3f}, density {one.density.mean:.3f}: {', '.join(ends)}"


def compared(name: str, one: np.ndarray, other: np.ndarray, free: tuple[str, ...], *, exact: bool) -> None:
    """The largest shift of each figure, in units of the figure and in its jackknife errors."""
    shift = other[0] - one[0]
    replicates = other[1:] - one[1:]
    count = len(replicates)
    error = np.sqrt(((replicates - replicates.mean(axis=0)) ** 2).sum(axis=0) * (count - 1) / count)
    z = np.divide(np.abs(shift), error, out=np.zeros_like(shift), where=error > 0.0)
    limit = float(stats.t.isf(CHANCE / (2 * shift.size), count - 1))
    for place, figure in enumerate(FIGURES):
        largest, errors = float(np.abs(shift[place]).max()), float(z[place].max())
        missed = largest > 0.0 if exact else errors > limit
        said = "declared" if figure in free else "MISSED" if missed else "met"
        print(f"{name:24} {figure:12} largest shift {largest:9.2e}, {errors:5.2f} errors  {said}")
    if not exact:
        print(f"{name:24} limit for {shift.size} shifts: {limit:.2f} errors")


def main(count: int) -> None:
    """Simulate once as a brief does and once with futures of their own; change the menu; compare."""
    case, key = load_case("dprk-russia"), jax.random.key(0)
    model = build_model(case)
    layout = plan(model, case, ())
    z, chances = normals(key, model.coordinates, count), futures(key, model, count)
    coupled = simulate(model, layout, z, chances).metrics
    apart = np.stack(
        [
            simulate(model, layout, z, futures(jax.random.fold_in(key, 1 + place), model, count)).metrics[
                :, place
            ]
            for place in range(len(case.options))
        ],
        axis=1,
    )
    options, names = tuple(case.options), tuple(model.coordinates)
    z = np.asarray(z, dtype=np.float64)
    base = worlds_of(case, z, coupled)
    own = figures(base, options)
    first = options[int(np.argmin(own[0, 1]))]
    print(f"leading option: {first}; {count} worlds, {ISLANDS} islands, {len(options)} options")

    worst = np.array([metric.worst - metric.best for metric in case.metrics.values()])
    outcome = coupled[:, options.index(first)] + 0.01 * worst
    more = dataclasses.replace(case.options[first], id="worse", title="Worse")
    menu = dataclasses.replace(case, options={**case.options, "worse": more})
    added = worlds_of(menu, z, np.concatenate([coupled, outcome[:, None]], axis=1))
    compared("a dominated option", own, figures(added, options), (), exact=True)
    print(f"  box before: {box(base, z, names, first)}\n  box after:  {box(added, z, names, first)}")

    bundle = max(options, key=lambda name: len(case.options[name].levers))
    others = tuple(name for name in options if name != bundle)
    less = dataclasses.replace(case, options={name: case.options[name] for name in others})
    kept = [options.index(name) for name in others]
    without = worlds_of(less, z, coupled[:, kept])
    declared = ("95% regret", "mean regret", "best share")
    compared(
        f"the bundle {bundle}"[:24], figures(without, others), figures(base, others), declared, exact=True
    )

    free = worlds_of(case, z, apart)
    compared("futures uncoupled", own, figures(free, options), (), exact=False)
    print(f"  box coupled:   {box(base, z, names, first)}\n  box uncoupled: {box(free, z, names, first)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2048)

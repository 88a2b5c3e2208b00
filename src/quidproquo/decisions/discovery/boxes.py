"""Boxes by PRIM: found, tested on worlds they were not chosen on, and as many as it takes to cover the target.

Sources: Friedman & Fisher (1999), Statistics and Computing 9, pp. 123–143; Bryant & Lempert (2010), Technological
Forecasting and Social Change 77, pp. 34–49. New here are weights, effective numbers of worlds, and columns that
have to prove themselves on the other half of the islands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from quidproquo.decisions.discovery.columns import SortedWorlds, sorted_worlds
from quidproquo.decisions.discovery.limits import End, Limits, Stage, quasi_p
from quidproquo.decisions.discovery.peel import Peeled, peel
from quidproquo.decisions.discovery.record import (
    Box,
    Discovery,
    DiscoverySettings,
    Ending,
    Restriction,
    Trajectory,
    WorldTable,
)
from quidproquo.decisions.discovery.refine import Ends, best_alone, best_step, refined
from quidproquo.decisions.discovery.tree import grow
from quidproquo.decisions.means import Mean, means

__all__ = ["discover"]


def discover(
    table: WorldTable, target: Bool[np.ndarray, " world"], settings: DiscoverySettings | None = None
) -> Discovery:
    """Find the boxes of worlds in which a target is frequent, and a tree that tells its worlds from the others.

    A box is sought on each half of the islands and each of its columns tested on the other half; the box itself is
    then found on all worlds from the columns that passed. Of a trajectory, the step with the greatest Cohen's
    kappa is taken. Where no column passes, there is no box.

    Raises EvidenceError as `sorted_worlds`.
    """
    settings = settings or DiscoverySettings()
    worlds = sorted_worlds(table, target)
    share = _ratio(worlds, np.ones(worlds.weight.size, dtype=bool), worlds.target)
    boxes, ending = _cover(worlds, settings)
    return Discovery(share, tuple(boxes), ending, grow(worlds, settings))


def _cover(worlds: SortedWorlds, settings: DiscoverySettings) -> tuple[list[Box], Ending]:
    """Box after box, each sought among the worlds that no earlier one holds."""
    remaining = np.ones(worlds.weight.size, dtype=bool)
    boxes: list[Box] = []
    while len(boxes) < settings.most_boxes:
        stage = Stage.of(worlds, remaining)
        if stage.whole.density in (0.0, 1.0) or stage.whole.ess < settings.least_ess:
            # too few worlds to look at are no reason to say that it holds in all of them
            if boxes or 0.0 < stage.whole.density < 1.0:
                return boxes, "nothing separates"
            return boxes, "holds in no world" if stage.whole.hits == 0.0 else "holds in every world"
        proved = _proved(stage, settings)
        found = _box(stage, proved, settings) if proved else None
        if found is None:
            return boxes, "nothing separates"
        box, inside = found
        boxes.append(box)
        remaining &= ~inside
    return boxes, "enough boxes"


@dataclass(frozen=True)
class _Fit:
    """A box found among the worlds of a stage, the trajectory that led there, and the box's kappa."""

    stage: Stage
    peeled: Peeled
    step: int
    limits: Limits
    kappa: float


def _fit(stage: Stage, columns: Sequence[int], settings: DiscoverySettings) -> _Fit:
    """The box with the greatest kappa over the sizes of peels, the most patient one where they are level."""
    fits = []
    for share in settings.peels:
        peeled = peel(stage, columns, share, settings)
        step = best_step(stage, peeled)
        limits = refined(stage, peeled.limits(step), settings)
        found = stage.kappa(stage.totals(Ends(stage, limits).inside))
        fits.append(_Fit(stage, peeled, step, limits, found))
    top = max(fit.kappa for fit in fits)
    return next(fit for fit in fits if fit.kappa >= top - 1e-9)


class _Halves(NamedTuple):
    """A stage's worlds in the one half of the islands and in the other."""

    first: Stage
    second: Stage

    @classmethod
    def of(cls, stage: Stage) -> _Halves:
        remaining, second = stage.weight > 0.0, stage.worlds.second_half
        return cls(Stage.of(stage.worlds, remaining & ~second), Stage.of(stage.worlds, remaining & second))

    def pairs(self) -> tuple[tuple[Stage, Stage], tuple[Stage, Stage]]:
        """Where a box is chosen, and where it is measured."""
        return (self.first, self.second), (self.second, self.first)


def _proved(stage: Stage, settings: DiscoverySettings) -> Mapping[int, float]:
    """Columns that separate worlds they were not chosen on, with their p value over all tests.

    Columns of the boxes of both halves are tested first. Where a box of so many columns proves nothing, each
    column is tested by itself: what matters alone is easily lost in a small box. A column counts by the better of
    its two halves: of two that say the same, each half may choose another. Both rounds share the level.
    """
    for tests in (_in_boxes(stage, settings), _alone(stage, settings)):
        found: dict[int, float] = {}
        rows = list(tests)
        for column, p in rows:
            found[column] = min(2.0 * len(rows) * p, found.get(column, 1.0))
        proved = {column: p for column, p in found.items() if p <= settings.holdout_level}
        if proved:
            return proved
    return {}


def _in_boxes(stage: Stage, settings: DiscoverySettings) -> Iterator[tuple[int, float]]:
    """The columns of a box of each half, and the p value of each, given the others, in the other half."""
    every = range(len(stage.worlds.columns))
    for chosen_on, measured_on in _testable(stage):
        ends = Ends(measured_on, _fit(chosen_on, every, settings).limits)
        inside = measured_on.totals(ends.inside)
        for column, own in ends.by_column():
            yield column, quasi_p(inside, measured_on.totals(ends.without(*own)))


def _alone(stage: Stage, settings: DiscoverySettings) -> Iterator[tuple[int, float]]:
    """Every column, and the p value of its best single end in each half, in the other half."""
    for chosen_on, measured_on in _testable(stage):
        for column in range(len(stage.worlds.columns)):
            limits = best_alone(chosen_on, column, settings)
            inside = measured_on.totals(Ends(measured_on, limits).inside)
            yield column, quasi_p(inside, measured_on.whole) if limits else 1.0


def _testable(stage: Stage) -> Iterator[tuple[Stage, Stage]]:
    """Where a box is chosen and where it is tested, if there is something to tell apart in both."""
    for chosen_on, measured_on in _Halves.of(stage).pairs():
        if 0.0 < chosen_on.whole.density < 1.0 and measured_on.whole.hits > 0.0:
            yield chosen_on, measured_on


def _box(
    stage: Stage, proved: Mapping[int, float], settings: DiscoverySettings
) -> tuple[Box, Bool[np.ndarray, " world"]] | None:
    """The box of a stage's worlds over the columns that passed; None where nothing of it is significant."""
    columns = sorted(proved)
    fit = _fit(stage, columns, settings)
    if not fit.limits:
        return None
    ends = Ends(stage, fit.limits)
    inside = np.asarray(ends.inside & (stage.weight > 0.0))
    totals, worlds = stage.totals(inside), stage.worlds
    box = Box(
        restrictions=tuple(
            _restriction(ends, column, own, proved[column]) for column, own in ends.by_column()
        ),
        coverage=_ratio(worlds, worlds.target, inside),
        density=_ratio(worlds, inside, worlds.target),
        base=stage.whole.density,
        mass=totals.mass,
        ess=totals.ess,
        kappa=stage.kappa(totals),
        **_holdout(stage, columns, settings),
        trajectory=_trajectory(fit),
        inside=np.asarray(np.where(worlds.copy_of >= 0, inside[worlds.copy_of], False)),
    )
    return box, inside


def _restriction(ends: Ends, column: int, own: tuple[End, ...], holdout_p: float) -> Restriction:
    """What a box asks of one column, and what it would be without that."""
    stage = ends.stage
    wider = stage.totals(ends.without(*own))
    limits = {end.side: ends.limits[end] for end in own}
    low, high, categories = limits.get("low"), limits.get("high"), limits.get("categories")
    return Restriction(
        column=stage.worlds.columns[column],
        low=low if isinstance(low, float) else None,
        high=high if isinstance(high, float) else None,
        categories=tuple(sorted(categories)) if isinstance(categories, frozenset) else None,
        quasi_p=quasi_p(stage.totals(ends.inside), wider),
        holdout_p=holdout_p,
        coverage_without=wider.hits / _all_hits(stage),
        density_without=wider.density,
    )


def _all_hits(stage: Stage) -> float:
    return float(stage.worlds.weight[stage.worlds.target].sum())


def _holdout(stage: Stage, columns: Sequence[int], settings: DiscoverySettings) -> dict[str, float]:
    """Coverage and density of boxes over the same columns, each measured on the half it wasn't found on."""
    coverage, density = [], []
    for chosen_on, measured_on in _Halves.of(stage).pairs():
        ends = Ends(measured_on, _fit(chosen_on, columns, settings).limits)
        found = measured_on.totals(ends.inside)
        hits = float(measured_on.hits.sum())
        coverage.append(found.hits / hits if hits > 0.0 else 0.0)
        density.append(found.density)
    share = stage.whole.hits / _all_hits(stage)
    return {
        "holdout_coverage": float(np.mean(coverage)) * share,
        "holdout_density": float(np.mean(density)),
    }


def _trajectory(fit: _Fit) -> Trajectory:
    """The trajectory as arrays."""
    totals = fit.peeled.totals
    columns: set[int] = set()
    restricted = [0]
    for end, _ in fit.peeled.moves:
        columns.add(end.column)
        restricted.append(len(columns))
    hits = _all_hits(fit.stage)
    return Trajectory(
        coverage=np.array([one.hits / hits for one in totals]),
        density=np.array([one.density for one in totals]),
        mass=np.array([one.mass for one in totals]),
        ess=np.array([one.ess for one in totals]),
        restricted=np.array(restricted),
        kappa=np.array([fit.stage.kappa(one) for one in totals]),
        chosen=fit.step,
    )


def _ratio(worlds: SortedWorlds, of: Bool[np.ndarray, " world"], part: Bool[np.ndarray, " world"]) -> Mean:
    """The weighted share of some worlds that also are others, with its error between islands.

    The error is that of a ratio of two means: Cochran (1977), *Sampling Techniques*, ch. 6.
    """
    rows = np.vstack([of, of & part]).astype(np.float64)
    whole, both = (one.mean for one in means(rows, worlds.weight, worlds.island))
    if whole <= 0.0:
        return Mean(0.0, 0.0)
    share = both / whole
    residual: Float[np.ndarray, "row world"] = (rows[1:] - share * rows[:1]) / whole
    return Mean(share, means(residual, worlds.weight, worlds.island)[0].mcse)

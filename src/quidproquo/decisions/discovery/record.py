"""What scenario discovery takes and gives: settings, boxes, trajectories and trees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Bool, Float, Int

from quidproquo.decisions.means import Mean

__all__ = [
    "Box",
    "Discovery",
    "DiscoverySettings",
    "Ending",
    "Restriction",
    "Trajectory",
    "TreeNode",
    "WorldTable",
]

Ending: TypeAlias = Literal["holds in no world", "holds in every world", "nothing separates", "enough boxes"]


@dataclass(frozen=True)
class WorldTable:
    """What worlds are described by: parameters, states of hypotheses, observables.

    Columns named in `categorical` hold codes 0, 1, 2 …, whose order says nothing. `weights` may have any scale;
    `island` numbers the independent run that a world comes from. Rows with the same number in `world` are copies
    of one world, as resampling makes them, and count as one with the sum of their weights; None where none are.
    """

    columns: tuple[str, ...]
    values: Float[np.ndarray, "world column"]
    weights: Float[np.ndarray, " world"]
    island: Int[np.ndarray, " world"]
    categorical: frozenset[str] = frozenset()
    world: Int[np.ndarray, " world"] | None = None


@dataclass(frozen=True)
class DiscoverySettings:
    """How boxes and splits are sought.

    A peel takes at most a share of a box away; each of the shares `peels` is tried, as thin slices are patient but
    noisy where worlds are few, and the box with the greatest kappa kept. A box or leaf holds at least the share
    `least_mass` of the weight and `least_ess` effective worlds. A restriction stays if its quasi-p value is no
    more than `level`, and its column if it separates worlds that the box was not chosen on, at `holdout_level`
    over all restrictions. `adds` is the least agreement (Cohen's kappa) that a restriction has to add.
    """

    peels: tuple[float, ...] = (0.05, 0.1, 0.2)
    least_mass: float = 0.01
    least_ess: float = 30.0
    level: float = 0.05
    holdout_level: float = 0.01
    adds: float = 0.01
    most_boxes: int = 3
    depth: int = 3


@dataclass(frozen=True)
class Restriction:
    """What a box asks of one column: at least `low`, at most `high`, or one of `categories`.

    Ends are values of worlds inside. `quasi_p` is the probability of as many hits as in the box, were its worlds
    drawn from the box without this restriction. `holdout_p` is the same for worlds that the restriction was not
    chosen on, over all such tests (Bonferroni). `coverage_without` and `density_without` are those of the box
    without it.
    """

    column: str
    low: float | None
    high: float | None
    categories: tuple[int, ...] | None
    quasi_p: float
    holdout_p: float
    coverage_without: float
    density_without: float


@dataclass(frozen=True)
class Trajectory:
    """What each peel leaves: shares of the weight `[step]`, the first one of all worlds that are still to cover.

    `coverage` is the share of all worlds with the target that lie in the box, `density` the share of the box that
    has the target, `mass` the share of all worlds in it, `ess` its effective worlds, `restricted` the number of
    restricted columns, `kappa` the agreement of box and target beyond chance. `chosen` is the step with the
    greatest kappa: there the box begins that is then simplified and pasted.
    """

    coverage: Float[np.ndarray, " step"]
    density: Float[np.ndarray, " step"]
    mass: Float[np.ndarray, " step"]
    ess: Float[np.ndarray, " step"]
    restricted: Int[np.ndarray, " step"]
    kappa: Float[np.ndarray, " step"]
    chosen: int


@dataclass(frozen=True)
class Box:
    """A box of worlds in which the target is frequent; `base` is its share among the worlds not covered before.

    `coverage` and `density` as in `Trajectory`, with Monte Carlo errors. `holdout_coverage` and
    `holdout_density` are means over boxes that were found on one half of the islands and measured on the other.
    `inside` says which worlds of the table lie in it, and in no earlier box.
    """

    restrictions: tuple[Restriction, ...]
    coverage: Mean
    density: Mean
    base: float
    mass: float
    ess: float
    kappa: float
    holdout_coverage: float
    holdout_density: float
    trajectory: Trajectory
    inside: Bool[np.ndarray, " world"]


@dataclass(frozen=True)
class TreeNode:
    """A node of a classification tree; `column` is None in a leaf.

    Worlds with a value of at most `threshold`, or one of `categories`, go to `low`. `holdout_p` is the larger of
    two p values: of the split found on one half of the islands, measured on the other.
    """

    mass: float
    density: float
    ess: float
    column: str | None = None
    threshold: float | None = None
    categories: tuple[int, ...] | None = None
    holdout_p: float | None = None
    low: TreeNode | None = None
    high: TreeNode | None = None


@dataclass(frozen=True)
class Discovery:
    """Where a target holds: `share` of all worlds, then boxes in the order found, and a tree as a second view.

    `ending` says why there is no further box.
    """

    share: Mean
    boxes: tuple[Box, ...]
    ending: Ending
    tree: TreeNode

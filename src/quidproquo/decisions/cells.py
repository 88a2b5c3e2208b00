"""Which parameters drive the choice, and where each option is at its worst."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from jaxtyping import Bool, Float

from quidproquo.cases.record import Case
from quidproquo.decisions.value import ValuedWorlds
from quidproquo.evidence.weights.estimators import normalised, weighted_quantile

__all__ = ["Cell", "Driver", "Worst", "drivers", "in_words", "rank_correlation", "worst_cells"]

_SAMPLE = 20_000
_LEAST_MASS = 0.01
_LEAST_WORLDS = 30.0
_LEVEL = 1e-15
_THIRDS = ("lowest", "middle", "highest")


def in_words(name: str, titles: Mapping[str, str]) -> str:
    """A parameter's title where it has one, else its name with spaces for dots and underscores."""
    return titles.get(name) or name.replace(".", " ").replace("_", " ")


def _ranks(
    row: Float[np.ndarray, " world"], weights: Float[np.ndarray, " world"]
) -> Float[np.ndarray, " world"]:
    """Weighted mid-ranks: the share of weight below, plus half the share that is level."""
    order = np.argsort(row, kind="stable")
    ranked = row[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    mass = np.add.reduceat(weights[order], starts)
    middle = np.cumsum(mass) - 0.5 * mass
    ranks = np.empty(row.size)
    ranks[order] = np.repeat(middle, np.diff(np.r_[starts, row.size]))
    return ranks


def rank_correlation(
    columns: Float[np.ndarray, "world column"],
    target: Float[np.ndarray, " world"],
    weights: Float[np.ndarray, " world"],
) -> Float[np.ndarray, " column"]:
    """Spearman's weighted rank correlation of each column with the target; 0 for a constant.

    Taken on every n-th world where there are more than 40,000.
    """
    step = max(1, target.size // _SAMPLE)
    columns, target, weights = columns[::step], target[::step], weights[::step]
    weights = weights / weights.sum()
    goal = _ranks(target, weights) - 0.5
    goal_sum = np.einsum("w,w,w->", goal, goal, weights)
    found = np.zeros(columns.shape[1])
    for place in range(columns.shape[1]):
        ranks = _ranks(np.ascontiguousarray(columns[:, place]), weights) - 0.5
        own = np.einsum("w,w,w->", ranks, ranks, weights)
        if min(own, goal_sum) > _LEVEL:
            found[place] = np.einsum("w,w,w->", ranks, goal, weights) / np.sqrt(own * goal_sum)
    return found


@dataclass(frozen=True)
class Driver:
    """A parameter that the lead of one option over another turns on."""

    name: str
    place: int
    correlation: float


def drivers(
    worlds: ValuedWorlds, log_weight: Float[np.ndarray, " world"], pair: tuple[int, int], count: int = 3
) -> list[Driver]:
    """The parameters most rank-correlated with the lead in value of one option over the other.

    Level ones stay in the order of the parameters; those without any correlation are left out.
    """
    ensemble = worlds.ensemble
    lead = worlds.values[:, pair[0]] - worlds.values[:, pair[1]]
    found = rank_correlation(ensemble.draws, lead, normalised(log_weight))
    order = np.argsort(-np.abs(found), kind="stable")[:count]
    return [
        Driver(ensemble.parameters[place], int(place), float(found[place]))
        for place in order
        if abs(found[place]) > 1e-9
    ]


@dataclass(frozen=True)
class Cell:
    """A declared part of the ensemble, with its name in words."""

    name: str
    inside: Bool[np.ndarray, " world"]


def _states(worlds: ValuedWorlds, case: Case) -> list[list[Cell]]:
    """Per hypothesis, a cell for each of its states."""
    found = []
    for place, name in enumerate(worlds.ensemble.hypotheses):
        states_of = worlds.ensemble.states[:, place]
        states = case.hypotheses[name].states
        found.append([Cell(state.title, states_of == index) for index, state in enumerate(states)])
    return found


def _thirds(
    worlds: ValuedWorlds,
    log_weight: Float[np.ndarray, " world"],
    chosen: Sequence[Driver],
    titles: Mapping[str, str],
) -> list[list[Cell]]:
    """Per driver, a cell for each third of the weight."""
    found = []
    for driver in chosen:
        column = worlds.ensemble.draws[:, driver.place]
        low, high = weighted_quantile(column, log_weight, np.array([1 / 3, 2 / 3]))
        inside = (column <= low, (column > low) & (column <= high), column > high)
        word = in_words(driver.name, titles)
        found.append(
            [Cell(f"{word} in its {third} third", mask) for third, mask in zip(_THIRDS, inside, strict=True)]
        )
    return found


def cells(
    worlds: ValuedWorlds,
    log_weight: Float[np.ndarray, " world"],
    case: Case,
    chosen: Sequence[Driver],
    titles: Mapping[str, str],
) -> Iterator[Cell]:
    """Every state of every hypothesis crossed with every third of every driver.

    Without hypotheses thirds of two drivers are crossed; what has nothing to be crossed with
    stands alone. A state or a third as a whole is a mean of such cells, so never worse than all.
    """
    states = _states(worlds, case)
    thirds = _thirds(worlds, log_weight, chosen, titles)
    pairs = product(states, thirds) if states else combinations(thirds, 2)
    crossed = [(a, b) for first, second in pairs for a in first for b in second]
    if crossed:
        for a, b in crossed:
            yield Cell(f"{a.name}; {b.name}", a.inside & b.inside)
        return
    for group in (*states, *thirds):
        yield from group


@dataclass(frozen=True)
class Worst:
    """An option's largest expected regret over the cells, and the name of that cell."""

    regret: float
    cell: str


def worst_cells(
    worlds: ValuedWorlds,
    log_weight: Float[np.ndarray, " world"],
    case: Case,
    chosen: Sequence[Driver],
    titles: Mapping[str, str],
) -> list[Worst]:
    """Per option, where its expected regret on the value function is largest.

    A cell counts if it holds at least 1% of the weight and 30 effective worlds; where none does,
    the whole ensemble is the cell.
    """
    weights = normalised(log_weight)
    whole = np.einsum("wo,w->o", worlds.regrets, weights)
    worst = [Worst(float(regret), "all worlds") for regret in whole]
    seen = False
    for cell in cells(worlds, log_weight, case, chosen, titles):
        inside = np.flatnonzero(cell.inside)
        part = weights[inside]
        mass = part.sum()
        if mass < _LEAST_MASS or mass**2 < _LEAST_WORLDS * (part**2).sum():
            continue
        expected = np.einsum("wo,w->o", worlds.regrets[inside], part) / mass
        worst = [
            Worst(float(regret), cell.name) if not seen or regret > before.regret else before
            for before, regret in zip(worst, expected, strict=True)
        ]
        seen = True
    return worst

"""A box as its ends, and the figures of one: mass, hits, effective worlds, agreement beyond chance, quasi-p."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from jaxtyping import Bool, Float
from scipy import special

from quidproquo.decisions.discovery.columns import SortedWorlds

__all__ = ["End", "Limits", "Side", "Stage", "Totals", "kappa", "outside", "quasi_p"]

Side: TypeAlias = Literal["low", "high", "categories"]


class End(NamedTuple):
    """One end of a box: the column, and whether it is bounded below, above or by categories."""

    column: int
    side: Side


Limits: TypeAlias = Mapping[End, float | frozenset[int]]
"""The ends of a box: the least or greatest value inside, or the categories inside."""


class Totals(NamedTuple):
    """The weight of some worlds, of those among them with the target, and the sum of squared weights."""

    mass: float
    hits: float
    squares: float

    @property
    def ess(self) -> float:
        """Effective number of worlds."""
        return self.mass**2 / self.squares if self.squares > 0.0 else 0.0

    @property
    def density(self) -> float:
        """The share that has the target."""
        return self.hits / self.mass if self.mass > 0.0 else 0.0


@dataclass(frozen=True)
class Stage:
    """Worlds still to be covered: `weight` is 0 for all others, `hits` also for those without the target.

    `leanings` keeps what `leaning` has found.
    """

    worlds: SortedWorlds
    weight: Float[np.ndarray, " world"]
    hits: Float[np.ndarray, " world"]
    squares: Float[np.ndarray, " world"]
    whole: Totals
    leanings: dict[End, float] = field(default_factory=dict)

    @classmethod
    def of(cls, worlds: SortedWorlds, among: Bool[np.ndarray, " world"]) -> Stage:
        """The stage at which only some worlds are to be covered."""
        weight = np.where(among, worlds.weight, 0.0)
        hits = np.where(worlds.target, weight, 0.0)
        squares = weight**2
        whole = Totals(float(weight.sum()), float(hits.sum()), float(squares.sum()))
        return cls(worlds, weight, hits, squares, whole)

    def totals(self, inside: Bool[np.ndarray, " world"]) -> Totals:
        """What a box holds."""
        place = np.flatnonzero(inside)
        return Totals(
            float(self.weight[place].sum()), float(self.hits[place].sum()), float(self.squares[place].sum())
        )

    def leaning(self, end: End) -> float:
        """How far an end's side of its column lacks the target among the stage's worlds: Somers' D, signed."""
        if end.side == "categories":
            return 0.0
        if end not in self.leanings:
            order = self.worlds.order[self.worlds.numeric.index(end.column)]
            hit = self.hits[order]
            missed_before = np.cumsum(self.weight[order] - hit)
            below = float(np.einsum("w,w->", hit, missed_before))
            slant = 2.0 * below / (float(hit.sum()) * float(missed_before[-1])) - 1.0
            self.leanings[end._replace(side="low")], self.leanings[end._replace(side="high")] = slant, -slant
        return self.leanings[end]

    def kappa(self, found: Totals) -> float:
        """Agreement of a box with the target among the worlds of this stage."""
        whole = self.whole
        return float(kappa(np.float64(found.mass), np.float64(found.hits), whole.mass, whole.hits))


def kappa(
    mass: Float[np.ndarray, "..."] | np.float64,
    hits: Float[np.ndarray, "..."] | np.float64,
    all_: float,
    base: float,
) -> Float[np.ndarray, "..."] | np.float64:
    """Cohen's kappa of "inside" and "has the target": agreement beyond chance, 0 for all worlds, 1 at best.

    It is the harmonic mean of how far density rises above the base rate and coverage above the box's mass, each
    as a share of what is possible. Source: Cohen (1960), Educational and Psychological Measurement 20, p. 40.
    """
    inside, hit, share = mass / all_, hits / all_, base / all_
    return 2.0 * (hit - inside * share) / np.maximum(inside + share - 2.0 * inside * share, 1e-300)


def outside(worlds: SortedWorlds, end: End, limit: float | frozenset[int]) -> Bool[np.ndarray, " world"]:
    """Which worlds lie beyond an end."""
    if isinstance(limit, frozenset):
        codes = worlds.codes[worlds.categorical.index(end.column)]
        allowed = np.zeros(int(codes.max()) + 1, dtype=bool)
        allowed[sorted(limit)] = True
        return np.asarray(~allowed[codes])
    k = worlds.numeric.index(end.column)
    found = np.zeros(worlds.weight.size, dtype=bool)
    if end.side == "low":
        found[worlds.order[k, : np.searchsorted(worlds.keys[k], limit, side="left")]] = True
    else:
        found[worlds.order[k, np.searchsorted(worlds.keys[k], limit, side="right") :]] = True
    return found


def quasi_p(found: Totals, wider: Totals) -> float:
    """Probability of at least as many hits as in the box, if its worlds were drawn from the wider box.

    A binomial tail, with the effective number of worlds where weights are uneven. "Quasi", because the box was
    chosen for its hits. Source: Bryant & Lempert (2010), Technological Forecasting and Social Change 77,
    pp. 34–49.
    """
    count, rate = found.ess, min(max(wider.density, 0.0), 1.0)
    hits = found.density * count
    if rate >= 1.0 or hits <= 0.0:
        return 1.0
    # the tail of a binomial, for numbers that need not be whole
    return float(special.betainc(hits, count - hits + 1.0, rate))

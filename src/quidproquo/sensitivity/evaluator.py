"""One ensemble laid out so that many changes can be judged at once: what each moves, and the choice under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from jaxtyping import Bool, Float

from quidproquo.evidence.weights.estimators import Tail
from quidproquo.evidence.weights.jackknife import Jackknife, jackknife_error
from quidproquo.evidence.weights.reweight import Change, Reweighted, Reweighter
from quidproquo.sensitivity.control_variate import ControlVariate, Regrets
from quidproquo.terms.errors import EvidenceError, sentence
from quidproquo.worlds.runtime import parallel_map

__all__ = [
    "SUPPOSED",
    "Choice",
    "Leverage",
    "QuickVerdict",
    "SensitivityEvaluator",
    "WhatIf",
    "best_worlds",
    "lead",
    "products",
]

SUPPOSED = frozenset({"letter", "prior", "structure"})  # kinds that suppose something and take nothing away
_CHUNK = 16
# products so small are done by one thread: with more, last digits could depend on how many there are
_PRODUCT = 262_144
_LEAST_BLOCK = 16
_LEVEL = 1e-12
_ERRORS = 2.0


@dataclass(frozen=True)
class WhatIf:
    """Something that can be taken away: its kind (claim, origin …), id, title and its items.

    `change` replaces the taking away by another what-if, such as another prior or structure.
    """

    kind: str
    id: str
    title: str
    items: tuple[str, ...] = ()
    change: Change | None = None


@dataclass(frozen=True)
class Choice:
    """The options between which one chooses, and the value of each in each world (more is better).

    The rule is least regret on this value at its 95 % quantile; a lead of less than `delta` counts
    for nothing.
    """

    options: tuple[str, ...]
    values: Float[np.ndarray, "world option"]
    delta: float = 0.0


@dataclass(frozen=True)
class Leverage:
    """What one change does.

    `shift` is in posterior standard deviations of each estimate, largest first, and `shift_mcse` its Monte
    Carlo error; `margin_shift` is the change in the margin by which the preferred option leads (in value),
    with its Monte Carlo error; `worth` is the share by which what was taken away narrows each estimate, 1
    − variance with it over variance without it (data worth; in a linear Gaussian model a Schur complement:
    Fienen, Doherty, Hunt & Reeves 2010, USGS SIR 2010–5159); below 0 it widens it. `preferred` is the
    choice after the change, which is another only where that leads by more than two Monte Carlo errors and
    δ; `best_share` each option's share of the weight in which it is best. `rerun` says that the worlds
    were conditioned anew, because weights couldn't be trusted or to confirm that the choice changes.
    """

    kind: str
    id: str
    title: str
    shift: Mapping[str, float]
    margin_shift: float
    margin_mcse: float
    worth: Mapping[str, float]
    preferred: str
    best_share: Mapping[str, float]
    pareto_k: float
    ess: float
    reliable: bool
    backed_up_by: tuple[str, ...] = ()
    rerun: bool = False
    shift_mcse: Mapping[str, float] = field(default_factory=dict)

    @property
    def largest(self) -> float:
        """The largest shift of any estimate, without its sign."""
        return max((abs(value) for value in self.shift.values()), default=0.0)


@dataclass(frozen=True)
class QuickVerdict:
    """What a change does to the choice alone, where weights can be trusted.

    `lead` is that of the option preferred before it, below 0 where another is better; `mcse` its Monte
    Carlo error; `preferred` the choice after the change, as in `Leverage`.
    """

    lead: float
    mcse: float
    preferred: str

    @property
    def bound(self) -> float:
        """How far the choice is from turning, chance aside: below 0 another option surely leads."""
        return self.lead + _ERRORS * self.mcse


def best_worlds(values: Float[np.ndarray, "world option"]) -> Float[np.ndarray, "world option"]:
    """1 where an option is best in a world; where several are level, they share the 1 evenly."""
    peak = values.max(axis=1, keepdims=True)
    level = values >= peak - 1e-12 * np.maximum(np.abs(peak), 1.0)
    share: Float[np.ndarray, "world option"] = level / level.sum(axis=1, keepdims=True)
    return share


def lead(regrets: Float[np.ndarray, " option"], first: int) -> float:
    """How much less one option gives up than the best of the others; 0 where there is no other."""
    if len(regrets) < 2:
        return 0.0
    return float(np.delete(regrets, first).min() - regrets[first])


def products(
    left: Float[np.ndarray, "row world"], right: Float[np.ndarray, "column world"]
) -> Float[np.ndarray, "row column"]:
    """Sum over worlds of each row times each column, over fixed blocks in a fixed order."""
    total = np.zeros((len(left), len(right)))
    block = max(_PRODUCT // max(total.size, 1), _LEAST_BLOCK)
    for start in range(0, left.shape[1], block):
        part = slice(start, start + block)
        total += left[:, part] @ right[:, part].T
    return total


class SensitivityEvaluator:
    """Everything that is averaged under each change, as rows, with its values under no change.

    The board of an ensemble that was run again is compared with its `origin`, the original's; its regrets
    are told beside those of its `control`, the board of worlds run again without a change (`ControlVariate`).
    """

    def __init__(
        self,
        reweighter: Reweighter,
        estimates: Mapping[str, Float[np.ndarray, " world"]],
        choice: Choice,
        origin: SensitivityEvaluator | None = None,
        control: SensitivityEvaluator | None = None,
    ) -> None:
        self.reweighter = reweighter
        self.choice = choice
        self.again = origin is not None
        self.names = tuple(estimates)
        self.options = choice.options
        alive = reweighter.alive
        values = np.where(alive[:, None], choice.values, 0.0)
        columns = [np.where(alive, array, 0.0) for array in estimates.values()]
        rows = np.vstack([*columns, best_worlds(values).T])
        if not (np.isfinite(rows).all() and np.isfinite(values).all()):
            remedy = "mark such worlds as failed"
            found = "not finite in a world that has weight"
            raise EvidenceError(sentence("leverage", "estimate", found, "a number", remedy))
        weights = np.zeros((_CHUNK, reweighter.base.size))
        weights[0] = np.exp(reweighter.base)
        self.centre: np.ndarray = products(weights, rows)[0] if origin is None else origin.centre
        self.rows = rows - self.centre[:, None]
        self.tail = Tail(np.ascontiguousarray((values.max(axis=1, keepdims=True) - values).T))
        self.jackknife = Jackknife(self.tail, reweighter.ensemble.island)
        self.islands = self._islands()
        sums, shares = self._sums(weights)
        self.sd: np.ndarray = self._spread(sums[0].sum(axis=0), rows) if origin is None else origin.sd
        self.own = self._found(weights[0])
        self.beside = None if origin is None or control is None else ControlVariate(origin.own, control.own)
        self.chosen: tuple[int, float] = self._choice(weights, values) if origin is None else origin.chosen
        self.first, self.margin = self.chosen
        self.leads = self._leads(self.own)
        self.error = 0.0 if origin is None else jackknife_error(origin.leads)
        self.apart: np.ndarray | None = None if origin is None else origin.pulls
        self.pulls: np.ndarray = self._pulls(sums, shares, np.zeros((_CHUNK, len(self.names))))[0]

    def _islands(self) -> list[tuple[slice | np.ndarray, np.ndarray]]:
        """The worlds of each island, and what is averaged: the rows, and the squares of estimates."""
        island, size = self.reweighter.ensemble.island, len(self.names)
        found: list[tuple[slice | np.ndarray, np.ndarray]] = []
        for one in np.unique(island):
            places = np.flatnonzero(island == one)
            run = slice(int(places[0]), int(places[-1]) + 1)
            own = run if run.stop - run.start == places.size else places
            found.append((own, np.vstack([self.rows[:, own], self.rows[:size, own] ** 2])))
        return found

    def _sums(
        self, weights: Float[np.ndarray, "change world"]
    ) -> tuple[Float[np.ndarray, "change island row"], Float[np.ndarray, "change island"]]:
        """Weighted sums in each island, and its weight.

        There are always `_CHUNK` rows of weights: what one says doesn't depend on those beside it.
        """
        inside = [weights[:, own] for own, _ in self.islands]
        sums = [products(some, rows) for some, (_, rows) in zip(inside, self.islands, strict=True)]
        return np.stack(sums, axis=1), np.stack([some.sum(axis=1) for some in inside], axis=1)

    def _pulls(
        self, sums: np.ndarray, shares: np.ndarray, means: Float[np.ndarray, "change estimate"]
    ) -> Float[np.ndarray, "change island estimate"]:
        """How far each island pulls each mean, in its own unit; they add up to zero."""
        pulls: np.ndarray = sums[:, :, : len(self.names)] - means[:, None] * shares[:, :, None]
        return pulls

    def _errors(
        self, sums: np.ndarray, shares: np.ndarray, means: Float[np.ndarray, "change estimate"]
    ) -> Float[np.ndarray, "change estimate"]:
        """Monte Carlo errors of shifts, in posterior deviations: of differences where the worlds are the same.

        A weighted mean is a ratio, so its error between islands is taken to first order.
        """
        pulls = self._pulls(sums, shares, means)
        off = [pulls - self.pulls] if self.apart is None else [pulls, self.apart[None]]
        variance = sum((p**2).sum(axis=1) * (p.shape[1] / max(p.shape[1] - 1, 1)) for p in off)
        error: np.ndarray = np.sqrt(variance)
        scaled: np.ndarray = np.divide(error, self.sd, out=np.zeros_like(error), where=self.sd > 0.0)
        return scaled

    def _found(self, weight: Float[np.ndarray, " world"]) -> Regrets:
        """Regrets under these weights, as this ensemble has them."""
        return Regrets(self.tail.worst(weight)[0], self.jackknife.without(weight))

    def _told(self, weight: Float[np.ndarray, " world"]) -> Regrets:
        """Regrets under these weights, beside the control's if there is one."""
        found = self._found(weight)
        return found if self.beside is None else self.beside.told(found)

    def _leads(self, told: Regrets) -> Float[np.ndarray, " island"]:
        """The lead without each island in turn."""
        rows = told.rows
        if rows.shape[1] < 2:
            return np.zeros(len(rows))
        leads: np.ndarray = np.delete(rows, self.first, axis=1).min(axis=1) - rows[:, self.first]
        return leads

    def _error(self, told: Regrets) -> float:
        """Monte Carlo error of a shift of the margin: of a difference where the worlds are the same."""
        leads = self._leads(told)
        if self.beside is not None and len(leads) == len(self.beside.control.rows):
            return jackknife_error(leads)
        if self.again:
            return float(np.hypot(jackknife_error(leads), self.error))
        if len(leads) != len(self.leads):  # an island lost all its weight: nothing to pair
            return float(np.hypot(jackknife_error(leads), jackknife_error(self.leads)))
        return jackknife_error(leads - self.leads)

    def _spread(self, means: np.ndarray, rows: np.ndarray) -> Float[np.ndarray, " estimate"]:
        size = len(self.names)
        sd: np.ndarray = np.sqrt(means[len(rows) :])
        sd[sd <= 1e-13 * np.abs(rows[:size]).max(axis=1, initial=0.0)] = 0.0
        return sd

    def _choice(self, weights: np.ndarray, values: np.ndarray) -> tuple[int, float]:
        regrets = self.own.regrets
        level = np.flatnonzero(regrets <= regrets.min() + _LEVEL)
        means = products(weights, np.ascontiguousarray(values.T))[0]
        first = int(level[np.argmax(means[level])])
        return first, lead(regrets, first)

    def best(self, told: Regrets) -> str:
        """The option with the least regret; the first one stays where the lead may be chance."""
        other = int(np.argmin(told.regrets))
        behind = float(told.regrets[self.first] - told.regrets[other])
        if behind <= max(self.choice.delta, _LEVEL):
            return self.options[self.first]
        apart = told.apart if self.beside is None else partial(self.beside.apart, told)
        return self.options[self.first if behind <= _ERRORS * apart(self.first, other) else other]

    def judge(self, sets: Sequence[WhatIf]) -> list[Leverage]:
        """All sets, a chunk of rows at a time."""
        chunks = [sets[start : start + _CHUNK] for start in range(0, len(sets), _CHUNK)]
        return [one for found in parallel_map(self._chunk, chunks) for one in found]

    def glance(self, sets: Sequence[WhatIf]) -> list[QuickVerdict | None]:
        """The choice only, of all sets, a chunk at a time; None where weights can't be trusted."""
        chunks = [sets[start : start + _CHUNK] for start in range(0, len(sets), _CHUNK)]
        return [one for found in parallel_map(self._glances, chunks) for one in found]

    def _glances(self, sets: Sequence[WhatIf]) -> list[QuickVerdict | None]:
        judged, weights, still = self._reweigh(sets)
        found: list[QuickVerdict | None] = []
        for verdict, weight, same in zip(judged, weights, still.tolist(), strict=False):
            if not (same or verdict.reliable):
                found.append(None)
                continue
            told = self._told(weight)
            error = jackknife_error(self._leads(told))
            error = error if self.beside is None else float(np.hypot(error, self.error))
            found.append(QuickVerdict(lead(told.regrets, self.first), error, self.best(told)))
        return found

    def _reweigh(
        self, sets: Sequence[WhatIf]
    ) -> tuple[list[Reweighted], Float[np.ndarray, "change world"], Bool[np.ndarray, " set"]]:
        """Verdicts on the weights under each set, the weights, and which sets leave them as they are."""
        rows = np.empty((len(sets), self.reweighter.base.size))
        still = np.zeros(len(sets), dtype=bool)
        for place, item_set in enumerate(sets):
            ratio = self.reweighter.log_ratio(item_set.change or Change(drop=item_set.items))
            still[place] = self.reweighter.level(ratio)
            rows[place] = self.reweighter.base + ratio
        judged, found = self.reweighter.smoothed(rows)
        found[still] = np.exp(self.reweighter.base)
        weights = np.zeros((_CHUNK, self.reweighter.base.size))
        weights[: len(sets)] = found
        return judged, weights, still

    def _chunk(self, sets: Sequence[WhatIf]) -> list[Leverage]:
        judged, weights, still = self._reweigh(sets)
        sums, shares = self._sums(weights)
        means, squares = np.split(sums.sum(axis=1), [len(self.rows)], axis=1)
        errors = self._errors(sums, shares, means[:, : len(self.names)])
        each = zip(judged, means, squares, errors, weights, still.tolist(), strict=False)
        return [self._leverage(item_set, *one) for item_set, one in zip(sets, each, strict=False)]

    def _leverage(
        self,
        item_set: WhatIf,
        verdict: Reweighted,
        mean: Float[np.ndarray, " row"],
        square: Float[np.ndarray, " estimate"],
        error: Float[np.ndarray, " estimate"],
        weight: Float[np.ndarray, " world"],
        same: bool,
    ) -> Leverage:
        size = len(self.names)
        shift = np.divide(mean[:size], self.sd, out=np.zeros(size), where=self.sd > 0.0)
        # rounding aside, weights that stay as they are shift nothing, unless the worlds are others
        shift = np.zeros(size) if same and not self.again else shift
        order = np.argsort(-np.abs(shift), kind="stable")
        without = np.maximum(square - mean[:size] ** 2, 0.0)
        worth = 1.0 - np.divide(self.sd**2, without, out=np.ones(size), where=without > 0.0)
        worth = np.zeros(size) if same and not self.again else worth
        told = self._told(weight)
        shares = (mean + self.centre)[size:]
        return Leverage(
            kind=item_set.kind,
            id=item_set.id,
            title=item_set.title,
            shift={self.names[place]: float(shift[place]) for place in order},
            margin_shift=lead(told.regrets, self.first) - self.margin,
            margin_mcse=0.0 if same and not self.again else self._error(told),
            worth={self.names[place]: float(worth[place]) for place in order},
            preferred=self.best(told),
            best_share=dict(zip(self.options, map(float, shares), strict=True)),
            pareto_k=0.0 if same else verdict.pareto_k,
            ess=self.reweighter.run_ess if same else verdict.ess,
            reliable=same or verdict.reliable,
            shift_mcse=dict(zip(self.names, map(float, error), strict=True)),
        )

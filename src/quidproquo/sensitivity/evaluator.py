"""One ensemble prepared so that many what-ifs can be judged at once: what each moves, and the choice under it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float

from quidproquo.decisions.rule import TIE_ERRORS, Decision, RegretEstimate, best_shares, decide
from quidproquo.evidence.weights.jackknife import (
    JackknifeEstimate,
    jackknife_error,
    leave_one_out_means,
    paired_replicates,
)
from quidproquo.evidence.weights.reweight import Change, Reweighted, Reweighter
from quidproquo.sensitivity.control_variate import ControlVariate, adjust_regrets, independent
from quidproquo.sensitivity.prepared import PreparedEnsemble
from quidproquo.worlds.runtime import parallel_map

__all__ = ["ASSUMED", "Leverage", "QuickVerdict", "SensitivityEvaluator", "WhatIf", "products"]

ASSUMED = frozenset(
    {"reliability", "prior", "structure"}
)  # kinds that suppose something and leave nothing out
_CHUNK = 16
# products so small are done by one thread: with more, last digits could depend on how many there are
_PRODUCT = 262_144
_LEAST_BLOCK = 16


@dataclass(frozen=True)
class WhatIf:
    """Something that can be left out: its kind (claim, origin …), id, title and its items.

    `change`, where it is given, is made instead, such as another prior or structure.
    """

    kind: str
    id: str
    title: str
    items: tuple[str, ...] = ()
    change: Change | None = None

    @property
    def as_change(self) -> Change:
        """The change of the weights."""
        return self.change or Change(drop=self.items)


@dataclass(frozen=True)
class Leverage:
    """What one change does.

    `shift` is in posterior standard deviations of each estimate, largest first, and `shift_mcse` its Monte
    Carlo error; `margin_shift` is the change in the margin by which the preferred option leads (in value), with
    its Monte Carlo error; `worth` is the share by which what was left out narrows each estimate, 1 − variance
    with it over variance without it (data worth; in a linear Gaussian model a Schur complement: Fienen,
    Doherty, Hunt & Reeves 2010, USGS SIR 2010–5159); below 0 it widens it. `preferred` is the choice after the
    change by the rule, in which a tie changes nothing; `best_share` each option's share of the weight in which
    it is best. `decided` is false where the error is too large to say what becomes of the choice
    (`rule.Decision.settles_choice`), `ties_decided` where it is to say whether another option ties. `rerun`
    says that the worlds were conditioned anew, because weights couldn't be trusted or their error was too
    large, or to confirm that the choice changes.
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
    decided: bool = True
    ties_decided: bool = True

    @property
    def judged(self) -> bool:
        """Whether it can be said what the change does to the choice."""
        return self.reliable and self.decided

    @property
    def largest(self) -> float:
        """The largest shift of any estimate, without its sign."""
        return max((abs(value) for value in self.shift.values()), default=0.0)


@dataclass(frozen=True)
class QuickVerdict:
    """What a change does to the choice alone, where weights can be trusted and their error is small enough.

    `lead` is that of the option preferred before it, below 0 where another is better; `mcse` its Monte
    Carlo error; `preferred` the choice after the change, as in `Leverage`.
    """

    lead: float
    mcse: float
    preferred: str

    @property
    def bound(self) -> float:
        """How far the choice is from turning, chance aside: below 0 another option surely leads."""
        return self.lead + TIE_ERRORS * self.mcse


def products(
    one: Float[np.ndarray, "row world"], other: Float[np.ndarray, "column world"]
) -> Float[np.ndarray, "row column"]:
    """Sum over worlds of each row times each column, over fixed blocks in a fixed order."""
    total = np.zeros((len(one), len(other)))
    block = max(_PRODUCT // max(total.size, 1), _LEAST_BLOCK)
    for start in range(0, one.shape[1], block):
        part = slice(start, start + block)
        total += one[:, part] @ other[:, part].T
    return total


def _lead_shift_error(after: RegretEstimate, before: RegretEstimate, first: int) -> float:
    """Monte Carlo error of how far an option's lead has moved; sources of error are paired as in `shift_error`."""
    leads = (
        tuple(rows[:, each.runner_up(first)] - rows[:, first] for rows in each.regret.replicates)
        for each in (after, before)
    )
    return math.hypot(*map(jackknife_error, paired_replicates(*leads)))


class SensitivityEvaluator:
    """Judges what-ifs from one prepared ensemble, by re-weighting.

    An ensemble that was re-run is compared with the `original`; its numbers are adjusted by those of the
    `control`, the evaluator of worlds re-run without a change (`ControlVariate`). Without a control, as for the
    prior's worlds, its errors are independent of the original's.
    """

    def __init__(
        self,
        prepared: PreparedEnsemble,
        original: SensitivityEvaluator | None = None,
        control: SensitivityEvaluator | None = None,
    ) -> None:
        self.prepared = prepared
        self.reweighter: Reweighter = prepared.reweighter
        self.names = tuple(prepared.estimates)
        self.options = prepared.option_values.options
        self.original = self if original is None else original
        self.control = control
        alive = self.reweighter.alive
        columns = [np.where(alive, array, 0.0) for array in prepared.estimates.values()]
        rows = np.vstack([*columns, best_shares(prepared.option_values.values).T])
        weights = np.zeros((_CHUNK, alive.size))
        weights[0] = prepared.weights
        # rows are centred on the original's means, so that shifts lose no digits
        self.centre: np.ndarray = products(weights, rows)[0] if original is None else original.centre
        self.rows = rows - self.centre[:, None]
        self._islands = self._by_island()
        means, variances = self._means(weights)
        self.own_means: JackknifeEstimate = means[0]
        self.own_regrets: RegretEstimate = prepared.option_values.estimate(weights[0])
        self.own_sd: np.ndarray = self._deviations(variances[0], rows)

    @property
    def is_rerun(self) -> bool:
        """Whether these are other worlds than the original's."""
        return self.original is not self

    @cached_property
    def base(self) -> Decision:
        """The original's decision under no change."""
        estimate, values = self.original.own_regrets, self.original.prepared.option_values
        return decide(estimate, values.delta)

    @property
    def first(self) -> int:
        """The option with the least regret under no change."""
        return self.base.first

    @cached_property
    def margin(self) -> float:
        """Its lead under no change."""
        return self.original.own_regrets.lead(self.first).margin

    def evaluate(self, what_ifs: Sequence[WhatIf]) -> list[Leverage]:
        """What each of them moves, a chunk of rows at a time."""
        chunks = [what_ifs[start : start + _CHUNK] for start in range(0, len(what_ifs), _CHUNK)]
        return [one for found in parallel_map(self._evaluate_chunk, chunks) for one in found]

    def verdicts(self, what_ifs: Sequence[WhatIf]) -> list[QuickVerdict | None]:
        """The choice only under each of them; None where weights can't be trusted, or their error is too large."""
        chunks = [what_ifs[start : start + _CHUNK] for start in range(0, len(what_ifs), _CHUNK)]
        return [one for found in parallel_map(self._verdict_chunk, chunks) for one in found]

    def regrets(self, weights: Float[np.ndarray, " world"]) -> RegretEstimate:
        """The options' regrets under weights that sum to one, adjusted by the control variate if there is one."""
        found = self.prepared.option_values.estimate(weights)
        if not self.is_rerun:
            return found
        if self.control is None:
            return RegretEstimate(independent(found.regret, self.original.own_regrets.regret), found.value)
        return adjust_regrets(self.original.own_regrets, self.control.own_regrets, found)

    def decide(self, estimate: RegretEstimate) -> Decision:
        """The choice by the rule; options preferred under no change stay where they are tied."""
        return decide(estimate, self.prepared.option_values.delta, self.base.tied)

    def _by_island(self) -> list[tuple[slice | np.ndarray, np.ndarray]]:
        """The worlds of each island, and what is averaged: the rows, and the squares of estimates."""
        island, size = self.reweighter.ensemble.island, len(self.names)
        found: list[tuple[slice | np.ndarray, np.ndarray]] = []
        for one in np.unique(island):
            places = np.flatnonzero(island == one)
            run = slice(int(places[0]), int(places[-1]) + 1)
            own = run if run.stop - run.start == places.size else places
            found.append((own, np.vstack([self.rows[:, own], self.rows[:size, own] ** 2])))
        return found

    def _means(
        self, weights: Float[np.ndarray, "change world"]
    ) -> tuple[list[JackknifeEstimate], Float[np.ndarray, "change estimate"]]:
        """Means of the rows under each set of weights, with replicates, and variances of the estimates.

        There are always `_CHUNK` rows of weights: what one says doesn't depend on those beside it.
        """
        inside = [weights[:, own] for own, _ in self._islands]
        sums = np.stack(
            [products(some, rows) for some, (_, rows) in zip(inside, self._islands, strict=True)], axis=1
        )
        shares = np.stack([some.sum(axis=1) for some in inside], axis=1)
        count, size = len(self.rows), len(self.names)
        means, squares = np.split(sums.sum(axis=1), [count], axis=1)
        replicates = leave_one_out_means(sums[:, :, :count], shares)
        variances = np.maximum(squares - means[:, :size] ** 2, 0.0)
        found = [JackknifeEstimate(mean, (rows,)) for mean, rows in zip(means, replicates, strict=True)]
        return found, variances

    def _deviations(self, variances: np.ndarray, rows: np.ndarray) -> Float[np.ndarray, " estimate"]:
        """Standard deviations of the estimates, 0 where only rounding varies."""
        size = len(self.names)
        deviations: np.ndarray = np.sqrt(variances)
        deviations[deviations <= 1e-13 * np.abs(rows[:size]).max(axis=1, initial=0.0)] = 0.0
        return deviations

    def _adjusted_means(self, found: JackknifeEstimate) -> JackknifeEstimate:
        if not self.is_rerun:
            return found
        if self.control is None:
            return independent(found, self.original.own_means)
        return ControlVariate(self.original.own_means, self.control.own_means).adjust(found)

    def _reweigh(
        self, what_ifs: Sequence[WhatIf]
    ) -> tuple[list[Reweighted], Float[np.ndarray, "change world"], Bool[np.ndarray, " what_if"]]:
        """Verdicts on the weights under each what-if, the weights, and which leave them as they are."""
        rows = np.empty((len(what_ifs), self.reweighter.base.size))
        unchanged = np.zeros(len(what_ifs), dtype=bool)
        for place, what_if in enumerate(what_ifs):
            ratio = self.reweighter.log_ratio(what_if.as_change)
            unchanged[place] = self.reweighter.level(ratio)
            rows[place] = self.reweighter.base + ratio
        judged, found = self.reweighter.smoothed(rows)
        found[unchanged] = self.prepared.weights
        weights = np.zeros((_CHUNK, self.reweighter.base.size))
        weights[: len(what_ifs)] = found
        return judged, weights, unchanged

    def _verdict_chunk(self, what_ifs: Sequence[WhatIf]) -> list[QuickVerdict | None]:
        judged, weights, unchanged = self._reweigh(what_ifs)
        found: list[QuickVerdict | None] = []
        for weighed, weight, same in zip(judged, weights, unchanged.tolist(), strict=False):
            if not (same or weighed.reliable):
                found.append(None)
                continue
            estimate = self.regrets(weight)
            lead, decision = estimate.lead(self.first), self.decide(estimate)
            settled = decision.settles_choice(self.base.tied)
            verdict = QuickVerdict(lead.margin, lead.mcse, self.options[decision.preferred])
            found.append(verdict if settled else None)
        return found

    def _evaluate_chunk(self, what_ifs: Sequence[WhatIf]) -> list[Leverage]:
        judged, weights, unchanged = self._reweigh(what_ifs)
        means, variances = self._means(weights)
        each = zip(judged, means, variances, weights, unchanged.tolist(), strict=False)
        return [self._leverage(what_if, *one) for what_if, one in zip(what_ifs, each, strict=False)]

    def _leverage(
        self,
        what_if: WhatIf,
        verdict: Reweighted,
        found: JackknifeEstimate,
        variance: Float[np.ndarray, " estimate"],
        weight: Float[np.ndarray, " world"],
        same: bool,
    ) -> Leverage:
        # rounding aside, weights that stay as they are shift nothing, unless the worlds are others
        still = same and not self.is_rerun
        means, regrets = self._adjusted_means(found), self.regrets(weight)
        shift, error = self._shifts(means, still)
        order = np.argsort(-np.abs(shift), kind="stable")
        worth = np.zeros(len(self.names)) if still else self._worth(variance)
        earlier, decision = self.original.own_regrets, self.decide(regrets)
        return Leverage(
            kind=what_if.kind,
            id=what_if.id,
            title=what_if.title,
            shift={self.names[place]: float(shift[place]) for place in order},
            margin_shift=regrets.lead(self.first).margin - self.margin,
            margin_mcse=0.0 if still else _lead_shift_error(regrets, earlier, self.first),
            worth={self.names[place]: float(worth[place]) for place in order},
            preferred=self.options[decision.preferred],
            best_share=self._best_share(means),
            pareto_k=0.0 if same else verdict.pareto_k,
            ess=self.reweighter.run_ess if same else verdict.ess,
            reliable=same or verdict.reliable,
            shift_mcse=dict(zip(self.names, map(float, error), strict=True)),
            decided=decision.settles_choice(self.base.tied),
            ties_decided=decision.settles_ties(self.base.tied),
        )

    def _shifts(
        self, means: JackknifeEstimate, still: bool
    ) -> tuple[Float[np.ndarray, " estimate"], Float[np.ndarray, " estimate"]]:
        """How far each estimate has moved, with its error, in the original's standard deviations."""
        size, sd = len(self.names), self.original.own_sd
        if still:
            return np.zeros(size), np.zeros(size)
        moved = (means.value[:size], means.shift_error(self.original.own_means)[:size])
        shift, error = (np.divide(each, sd, out=np.zeros(size), where=sd > 0.0) for each in moved)
        return shift, error

    def _worth(self, variance: Float[np.ndarray, " estimate"]) -> Float[np.ndarray, " estimate"]:
        """Share of the variance without what was left out that it takes away, by worlds of one kind."""
        before = self.original.own_sd if self.control is None else self.control.own_sd
        kept = np.divide(before**2, variance, out=np.ones(len(self.names)), where=variance > 0.0)
        return np.asarray(1.0 - kept)

    def _best_share(self, means: JackknifeEstimate) -> dict[str, float]:
        """Each option's share of the weight in which it is best."""
        size = len(self.names)
        shares = np.maximum(means.value[size:] + self.centre[size:], 0.0)
        return dict(zip(self.options, map(float, shares / shares.sum()), strict=True))

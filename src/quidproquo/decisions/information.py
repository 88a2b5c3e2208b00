"""What information is worth: the value that a choice gains on average if more is known before it is made.

Of perfect information on everything (EVPI), on some inputs (EVPPI) and of a report (EVSI), for who chooses by
mean value. With D an option's value less that of a fixed one and d the option with the best mean:

    EVPI  = E[max D] − E[D_d]
    EVPPI = E[max E[D | x]] − E[D_d]        (Strong, Oakley & Brennan 2014, *Medical Decision Making* 34, 311–326)
    EVSI  = E[max E[D | report]] − E[D_d]   (Strong et al. 2015, *Medical Decision Making* 35, 570–583)

The maximum of estimates is too high on average. So what would be chosen is worked out from some islands, and what
that choice is worth from the others, d included: by regression for EVPPI, and for EVSI by weighing worlds with the
probability of each report (Menzies 2016, *Medical Decision Making* 36, 308–320), after regression on what is
reported. That is too low, by no more than what a choice loses that is made from 7/8 of the worlds. `upper` is the
maximum taken in the worlds of the fit, which is too high: where both are near, the bias is small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import stats

from quidproquo.decisions.means import Mean, means
from quidproquo.decisions.smoothing import bases_of, cross_fitted, folds_of, levels, product
from quidproquo.evidence.weights.estimators import normalised
from quidproquo.terms.errors import EvidenceError, sentence

__all__ = [
    "Answer",
    "DecisionProblem",
    "InformationValue",
    "differ_from_zero",
    "evpi",
    "evppi",
    "evsi",
    "regress",
]

_PARTS, _NEAR = 16, 3.0
_LEVEL = 1e-12  # of the range of values, under which options are level but for rounding


@dataclass(frozen=True)
class Answer:
    """What would be chosen after reports in a run of outcomes, first to last, and how probable these are."""

    first: int
    last: int
    option: int
    probability: float


@dataclass(frozen=True)
class InformationValue:
    """What is gained on average, in value, and its Monte Carlo error.

    `upper` is a figure that is too high on average. `changes` is the share of cases in which the choice
    would be another. `answers` are the choices by outcome of a report, from all worlds.
    """

    gain: Mean
    upper: float
    changes: Mean
    islands: int
    answers: tuple[Answer, ...] = ()


class DecisionProblem:
    """A choice between options in weighted worlds, for who chooses by mean value.

    Options that another one equals or betters in every world add nothing, and are left out (`options` are the
    places of the others). `gains` are values less those of the option with the best mean.

    Raises EvidenceError with fewer than eight islands, or a value that isn't finite.
    """

    def __init__(
        self,
        values: Float[np.ndarray, "world option"],
        log_weight: Float[np.ndarray, " world"],
        island: Int[np.ndarray, " world"],
    ) -> None:
        weights = normalised(log_weight)
        fold = folds_of(weights, island)
        # fold after fold, and in each as they stand: so each is a slice
        alive = np.flatnonzero(weights > 0.0)
        self.alive = alive[np.argsort(fold[alive], kind="stable")]
        self.fold, self.island = fold[self.alive], np.asarray(island)[self.alive]
        self.weights = weights[self.alive]
        values = np.asarray(values, dtype=np.float64)[self.alive]
        if not np.isfinite(values).all():
            remedy = "leave out worlds that failed"
            raise EvidenceError(sentence("decision problem", "value", "not a number", "finite", remedy))
        mean = np.einsum("wo,w->o", values, self.weights)
        self.reference = int(np.argmax(mean))
        gains = values - values[:, [self.reference]]
        self.options = _undominated(gains, self.reference)
        self.gains: Float[np.ndarray, "world option"] = gains[:, self.options]
        self.level = _LEVEL * float(np.ptp(values, axis=0).max(initial=0.0) + np.abs(mean).max(initial=0.0))

    @cached_property
    def parts(self) -> list[slice]:
        """The worlds of each fold."""
        ends = np.searchsorted(self.fold, np.arange(int(self.fold[-1]) + 2))
        return [slice(int(start), int(end)) for start, end in pairwise(ends)]

    @cached_property
    def seen(self) -> Float[np.ndarray, "fold world"]:
        """Weights of the worlds that each fold's choice is made from: those of the others. They sum to one."""
        inside = self.fold == np.arange(len(self.parts))[:, None]
        weights = np.where(inside, 0.0, self.weights)
        found: Float[np.ndarray, "fold world"] = weights / weights.sum(axis=1, keepdims=True)
        return found

    @cached_property
    def first(self) -> Int[np.ndarray, " fold"]:
        """The option with the best mean, as chosen without each fold."""
        found: Int[np.ndarray, " fold"] = np.argmax(self.seen @ self.gains, axis=1)
        return found

    @property
    def settled(self) -> bool:
        """Whether one option is best in every world: nothing that is known could change the choice."""
        return len(self.options) == 1

    def information(
        self, share: Float[np.ndarray, "world option"], upper: float, answers: tuple[Answer, ...] = ()
    ) -> InformationValue:
        """What is gained if each option is chosen in a share of the cases that a world may lead to."""
        every = np.arange(len(share))
        own = self.first[self.fold]
        gain = (share * self.gains).sum(axis=1) - self.gains[every, own]
        found, changes = means([gain, 1.0 - share[every, own]], self.weights, self.island)
        base = float(self.weights @ self.gains[every, own])
        islands = int(np.unique(self.island).size)
        return InformationValue(found, max(upper - base, found.mean), changes, islands, answers)

    def nothing(self) -> InformationValue:
        """The worth of what can't change the choice."""
        none = Mean(0.0, 0.0)
        return InformationValue(none, 0.0, none, int(np.unique(self.island).size))

    def inputs(self, columns: Float[np.ndarray, "world ..."]) -> Float[np.ndarray, "alive column"]:
        """Columns of the worlds that have weight; raises EvidenceError where one isn't finite."""
        rows = np.asarray(columns, dtype=np.float64).reshape(len(columns), -1)[self.alive]
        if not np.isfinite(rows).all():
            remedy = "ask for an input that every world has"
            raise EvidenceError(sentence("input", "value", "not a number", "finite", remedy))
        return rows


def _undominated(gains: Float[np.ndarray, "world option"], reference: int) -> Int[np.ndarray, " kept"]:
    """Options that no other equals or betters in every world; of equal ones, the reference or the first."""
    count = gains.shape[1]
    rank = np.where(np.arange(count) == reference, -1, np.arange(count))
    kept = []
    for one in range(count):
        below = (gains[:, [one]] <= gains).all(axis=0)
        above = (gains[:, [one]] >= gains).all(axis=0)
        beaten = below & ~(above & (rank[one] < rank))
        beaten[one] = False
        if not beaten.any():
            kept.append(one)
    return np.array(kept)


def _chosen(score: Float[np.ndarray, "case option"], first: int, level: float) -> Int[np.ndarray, " case"]:
    """The best option of each case; the first where it is level with the best."""
    best = np.argmax(score, axis=1)
    every = np.arange(len(score))
    return np.where(score[every, best] <= score[:, first] + level, first, best)


def evpi(problem: DecisionProblem) -> InformationValue:
    """What it would be worth to know everything about the world: the most that any report can be worth."""
    if problem.settled:
        return problem.nothing()
    gains = problem.gains
    share = _shares(problem, np.broadcast_to(gains, (len(problem.parts), *gains.shape)))
    return problem.information(share, float(problem.weights @ gains.max(axis=1)))


def regress(
    problem: DecisionProblem, columns: Float[np.ndarray, "all ..."]
) -> Float[np.ndarray, "fold world option"]:
    """What is expected of each option's gain, given one or more inputs, as seen without each fold.

    An option that isn't near the best on any sixteenth of one input is expected to gain its mean.

    Raises EvidenceError where more than forty columns vary, or one isn't finite.
    """
    inputs = problem.inputs(columns)
    near = np.ones(len(problem.options), dtype=bool)
    if inputs.shape[1] == 1:
        near = _near_best(problem, inputs[:, 0])
    mean = (problem.seen @ problem.gains)[:, None]
    if near.all():
        return cross_fitted(bases_of(inputs, problem.weights), problem.gains, problem.weights, problem.fold)
    found = np.repeat(mean, len(problem.gains), axis=1)
    if near.any():
        bases = bases_of(inputs, problem.weights)
        found[:, :, near] = cross_fitted(bases, problem.gains[:, near], problem.weights, problem.fold)
    return found


def _near_best(problem: DecisionProblem, column: Float[np.ndarray, " world"]) -> Bool[np.ndarray, " option"]:
    """Whether an option's mean is within three errors of the reference's or above it, on some part of an input."""
    part = levels(column, problem.weights, _PARTS)
    weight = np.bincount(part, problem.weights)
    squares = np.bincount(part, problem.weights**2)
    found = np.zeros(len(problem.options), dtype=bool)
    for option, gain in enumerate(problem.gains.T):
        mean = np.bincount(part, problem.weights * gain) / weight
        variance = np.bincount(part, problem.weights * gain**2) / weight - mean**2
        error = np.sqrt(np.maximum(variance, 0.0) * squares) / weight
        found[option] = bool((mean + _NEAR * error > 0.0).any())
    if found.any():
        found[problem.options == problem.reference] = True
    return found


def evppi(problem: DecisionProblem, expected: Float[np.ndarray, "fold world option"]) -> InformationValue:
    """What it would be worth to know those inputs exactly that gains were regressed on (`regress`).

    If these are a report that was drawn in every world, this is the report's EVSI by regression.
    """
    if problem.settled:
        return problem.nothing()
    upper = float(np.mean((problem.seen * expected.max(axis=2)).sum(axis=1)))
    return problem.information(_shares(problem, expected), upper)


def _shares(
    problem: DecisionProblem, fitted: Float[np.ndarray, "fold world option"]
) -> Float[np.ndarray, "world option"]:
    """1 for the option that is chosen in each world, by what is fitted without its fold."""
    share = np.zeros_like(problem.gains)
    for part, first, own in zip(problem.parts, problem.first, fitted, strict=True):
        chosen = _chosen(own[part], int(first), problem.level)
        share[part][np.arange(chosen.size), chosen] = 1.0
    return share


def evsi(
    problem: DecisionProblem,
    chances: Float[np.ndarray, "outcome all"],
    expected: Float[np.ndarray, "fold world option"] | None = None,
) -> InformationValue:
    """What a report would be worth, from the probability of each of its outcomes in every world.

    `expected` are gains regressed on what is reported (`regress`), if worlds differ in nothing else that bears on
    the report: so a sharp report, which few worlds agree with, needs no more worlds than a vague one.
    """
    if problem.settled:
        return problem.nothing()
    chances = np.ascontiguousarray(np.asarray(chances, dtype=np.float64)[:, problem.alive])
    gains = problem.gains[None] if expected is None else expected
    weighed = (gains * problem.seen[:, :, None]).swapaxes(0, 1).reshape(len(problem.gains), -1)
    shape = (len(chances), len(problem.parts), problem.gains.shape[1])
    score = product(chances, weighed).reshape(shape).swapaxes(0, 1)
    share = np.zeros_like(problem.gains)
    options = np.arange(problem.gains.shape[1])
    for part, first, own in zip(problem.parts, problem.first, score, strict=True):
        chosen = _chosen(own, int(first), problem.level)
        share[part] = product(chances[:, part].T, (chosen[:, None] == options).astype(np.float64))
    upper = float(np.mean(score.max(axis=2).sum(axis=1)))
    answers = _answers(problem, score.mean(axis=0), chances @ problem.weights)
    return problem.information(share, upper, answers)


def _answers(
    problem: DecisionProblem,
    score: Float[np.ndarray, "outcome option"],
    probability: Float[np.ndarray, " outcome"],
) -> tuple[Answer, ...]:
    """Neighbouring outcomes after which the same option would be chosen."""
    first = int(np.flatnonzero(problem.options == problem.reference)[0])
    choice = _chosen(score, first, problem.level)
    starts = np.r_[0, np.flatnonzero(np.diff(choice)) + 1]
    ends = np.r_[starts[1:], len(choice)]
    return tuple(
        Answer(
            int(start),
            int(end) - 1,
            int(problem.options[choice[start]]),
            float(probability[start:end].sum()),
        )
        for start, end in zip(starts, ends, strict=True)
    )


def differ_from_zero(values: Sequence[InformationValue], level: float = 0.05) -> list[bool]:
    """Which gains are more than nothing, so that with a chance of at most `level` one of them is by error alone.

    Holm (1979), *Scandinavian Journal of Statistics* 6, 65–70, on t with islands − 1 degrees of freedom.
    """
    chances = [_chance_of_none(value) for value in values]
    found = [False] * len(values)
    for rank, place in enumerate(np.argsort(chances, kind="stable")):
        if chances[place] > level / (len(values) - rank):
            break
        found[place] = True
    return found


def _chance_of_none(value: InformationValue) -> float:
    gain = value.gain
    if gain.mcse == 0.0:
        return 0.0 if gain.mean > 0.0 else 1.0
    return float(stats.t.sf(gain.mean / gain.mcse, max(value.islands - 1, 1)))

"""Regressions on one or a few inputs, fitted without the worlds that they are asked for.

Every smoother is linear in its features, b(x)ᵀc with c = (G + λP)⁻¹r, G = Σ w·b·bᵀ and r = Σ w·b·y. Sums are kept
by fold, so leaving folds out is a subtraction. Folds are whole islands: worlds of one island hang together.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from jaxtyping import Float, Int
from scipy import interpolate, special

from quidproquo.terms.errors import EvidenceError, sentence

__all__ = [
    "MOST_COLUMNS",
    "Basis",
    "Steps",
    "bases_of",
    "cross_fitted",
    "folds_of",
    "normal_scores",
    "product",
]

MOST_COLUMNS = 40
_SPLINES = 3  # columns, up to which splines are multiplied
_PRODUCTS = 10  # columns, up to which every two are multiplied
_FOLDS = 8
_FEW = 10  # distinct values, up to which each has a level of its own
_SEGMENTS = {1: 16, 2: 5, 3: 1}  # of a cubic spline, by the number of columns
_ENDS = {1: np.inf, 2: 2.5, 3: 2.5}  # normal scores beyond which it is flat
_STEPS = 128
_PRODUCT = (
    262_144  # products so small are done by one thread: with more, last digits depend on how many there are
)
_POWERS = np.logspace(-6.0, 3.0, 10)  # of the penalty, against the features' own sum of squares
_RIDGE = 1e-9
_DEGREE = 3


@dataclass(frozen=True)
class Steps:
    """Levels of even weight that an input falls into; what is penalised is how far neighbours differ."""

    level: Int[np.ndarray, " world"]


@dataclass(frozen=True)
class Basis:
    """Features of an input, and the penalty on their coefficients."""

    features: Float[np.ndarray, "world feature"]
    penalty: Float[np.ndarray, "feature feature"]


def folds_of(
    weights: Float[np.ndarray, " world"], island: Int[np.ndarray, " world"]
) -> Int[np.ndarray, " world"]:
    """Which of eight folds each world belongs to: whole islands, neighbours together.

    Raises EvidenceError with fewer than eight islands that have weight.
    """
    place = np.unique(island, return_inverse=True)[1]
    weighing = np.bincount(place, weights=weights) > 0.0
    count = int(np.count_nonzero(weighing))
    if count < _FOLDS:
        remedy = "run the ensemble in more independent islands"
        allowed = f"at least {_FOLDS}"
        raise EvidenceError(sentence("ensemble", "number of islands with weight", count, allowed, remedy))
    rank = np.maximum(np.cumsum(weighing) - 1, 0)
    fold: Int[np.ndarray, " world"] = (rank * _FOLDS // count)[place]
    return fold


def normal_scores(
    column: Float[np.ndarray, " world"], weights: Float[np.ndarray, " world"]
) -> Float[np.ndarray, " world"]:
    """Normal quantiles of the worlds' weighted ranks; equal values share the middle of theirs.

    What an input tells doesn't depend on its unit or scale, and so neither does the smoother. All weights are
    above zero.
    """
    scores: Float[np.ndarray, " world"] = special.ndtri(_ranks(column, weights))
    return scores


def levels(
    column: Float[np.ndarray, " world"], weights: Float[np.ndarray, " world"], most: int
) -> Int[np.ndarray, " world"]:
    """Which of so many levels of about the same weight each world falls into; those without any are left out."""
    return np.unique((_ranks(column, weights) * most).astype(np.intp), return_inverse=True)[1]


def _ranks(
    column: Float[np.ndarray, " world"], weights: Float[np.ndarray, " world"]
) -> Float[np.ndarray, " world"]:
    """Share of the weight below each world, and half of that of worlds like it."""
    _, place = np.unique(column, return_inverse=True)
    share = np.bincount(place, weights=weights)
    middle: Float[np.ndarray, " value"] = (np.cumsum(share) - 0.5 * share) / share.sum()
    return middle[place]


def bases_of(
    columns: Float[np.ndarray, "world column"], weights: Float[np.ndarray, " world"]
) -> list[Basis | Steps]:
    """The smoothers that are tried on an input: a constant, splines, and for one column steps.

    Splines are penalised B-splines of normal scores (Eilers & Marx 1996, *Statistical Science* 11, 89–102), for
    several columns their products (Eilers & Marx 2003, *Chemometrics and Intelligent Laboratory Systems* 66,
    159–174); a column of at most ten different values has a level for each. Steps follow a jump that a spline
    would blur. More than three columns have a surface of the second degree in normal scores, with products of
    every two of at most ten.

    Raises EvidenceError with more than forty columns that vary.
    """
    constant = Basis(np.ones((len(columns), 1)), np.zeros((1, 1)))
    varying = [column for column in columns.T if np.ptp(column) > 0.0]
    if len(varying) > MOST_COLUMNS:
        remedy = "ask for fewer at a time"
        raise EvidenceError(
            sentence("group of inputs", "number of columns", len(varying), f"at most {MOST_COLUMNS}", remedy)
        )
    if not varying:
        return [constant]
    if len(varying) > _SPLINES:
        return [constant, _surface(varying, weights)]
    margins = [_margin(column, weights, len(varying)) for column in varying]
    together = margins[0]
    for margin in margins[1:]:
        together = _product(together, margin)
    found: list[Basis | Steps] = [constant, together]
    if len(varying) == 1 and np.unique(varying[0]).size > _FEW:
        found.append(Steps(levels(varying[0], weights, _STEPS)))
    return found


def _margin(
    column: Float[np.ndarray, " world"], weights: Float[np.ndarray, " world"], together: int
) -> Basis:
    """The basis of one of several columns: levels of a few values, else a cubic spline."""
    values, place = np.unique(column, return_inverse=True)
    if values.size <= _FEW:
        return Basis(np.eye(values.size)[place], np.eye(values.size) - 1.0 / values.size)
    scores = np.clip(normal_scores(column, weights), -_ENDS[together], _ENDS[together])
    low, high, segments = float(scores.min()), float(scores.max()), _SEGMENTS[together]
    step = (high - low) / segments
    knots = low + step * np.arange(-_DEGREE, segments + _DEGREE + 1)
    inside = np.clip(scores, low, high - 1e-12 * (high - low))
    features = interpolate.BSpline.design_matrix(inside, knots, _DEGREE).toarray()
    return Basis(features, _roughness(features.shape[1], 2))


def _surface(columns: Sequence[Float[np.ndarray, " world"]], weights: Float[np.ndarray, " world"]) -> Basis:
    """Normal scores, their squares, and products if there are few; all but the constant are shrunk."""
    scores = np.stack([normal_scores(column, weights) for column in columns], axis=1)
    features = [np.ones((len(scores), 1)), scores, (scores**2 - 1.0) / np.sqrt(2.0)]
    if len(columns) <= _PRODUCTS:
        one, other = np.triu_indices(len(columns), 1)
        features.append(scores[:, one] * scores[:, other])
    every = np.hstack(features)
    penalty = np.eye(every.shape[1])
    penalty[0, 0] = 0.0
    return Basis(every, penalty)


def _roughness(count: int, order: int) -> Float[np.ndarray, "feature feature"]:
    """Sum of squared differences of neighbouring coefficients."""
    if count <= order:
        return np.zeros((count, count))
    difference = np.diff(np.eye(count), n=order, axis=0)
    return difference.T @ difference


def _product(one: Basis, other: Basis) -> Basis:
    """All products of two bases' features, rough where either is."""
    features = (one.features[:, :, None] * other.features[:, None, :]).reshape(len(one.features), -1)
    unit, own = np.eye(len(one.penalty)), np.eye(len(other.penalty))
    return Basis(features, np.kron(one.penalty, own) + np.kron(unit, other.penalty))


def product(
    one: Float[np.ndarray, "row inner"], other: Float[np.ndarray, "inner column"]
) -> Float[np.ndarray, "row column"]:
    """Matrix product, in blocks of fixed size of whichever side is longer, so small that one thread does each."""
    found = np.zeros((one.shape[0], other.shape[1]))
    rows, inner = one.shape
    if rows > inner:
        block = max(_PRODUCT // max(other.size, 1), 1)
        for start in range(0, rows, block):
            found[start : start + block] = one[start : start + block] @ other
    else:
        block = max(_PRODUCT // max(found.size, 1), 1)
        for start in range(0, inner, block):
            found += one[:, start : start + block] @ other[start : start + block]
    return found


def cross_fitted(
    bases: Sequence[Basis | Steps],
    targets: Float[np.ndarray, "world target"],
    weights: Float[np.ndarray, " world"],
    fold: Int[np.ndarray, " world"],
) -> Float[np.ndarray, "fold world target"]:
    """Each target's regression, fitted without each fold in turn, in every world; folds stand one after another.

    Basis and penalty are chosen for each target by the squared error in folds that the fit leaves out, among those
    that it may see: no world has any part in what is said of it by the row of its own fold.
    """
    ends = np.flatnonzero(np.diff(fold)) + 1
    parts = [slice(start, end) for start, end in zip((0, *ends), (*ends, fold.size), strict=True)]
    fits = [_fits(basis, targets, weights, parts) for basis in bases]
    errors = [fit.errors for fit in fits]
    chosen = np.argmin([each.min(axis=1) for each in errors], axis=0)
    found = np.zeros((len(targets), chosen.size))
    for place, fit in enumerate(fits):
        own = fit.coefficients(np.argmin(errors[place], axis=1)) * (chosen == place)[:, None, :]
        if own.any():
            found += fit.predict(own.swapaxes(0, 1).reshape(own.shape[1], -1))
    return found.reshape(len(targets), *chosen.shape).swapaxes(0, 1)


def _fits(
    basis: Basis | Steps,
    targets: Float[np.ndarray, "world target"],
    weights: Float[np.ndarray, " world"],
    parts: Sequence[slice],
) -> _Fits:
    squares = np.stack([weights[part] @ targets[part] ** 2 for part in parts])
    if isinstance(basis, Steps):
        return _StepFits(basis, targets, weights, parts, squares)
    return _BasisFits(basis, targets, weights, parts, squares)


class _Fits(ABC):
    """One basis fitted without each fold and each pair of folds, under every power of its penalty.

    `gram` is a matrix of each fold, or its diagonal; `right` is `[fold, feature, target]`.
    """

    gram: Float[np.ndarray, "fold ..."]
    right: Float[np.ndarray, "fold feature target"]
    squares: Float[np.ndarray, "fold target"]

    def _solve_pairs(self) -> None:
        count = len(self.right)
        pairs = np.array(list(combinations_with_replacement(range(count), 2)))
        self.place = np.zeros((count, count), dtype=np.intp)
        self.place[pairs[:, 0], pairs[:, 1]] = self.place[pairs[:, 1], pairs[:, 0]] = np.arange(len(pairs))
        gram, right = (_without(pairs, sums) for sums in (self.gram, self.right))
        self.solved = self._solve(gram, right)

    @abstractmethod
    def _solve(
        self, gram: Float[np.ndarray, "pair ..."], right: Float[np.ndarray, "pair feature target"]
    ) -> Float[np.ndarray, "pair power feature target"]:
        """Coefficients under every power of the penalty."""

    @abstractmethod
    def _in_folds(
        self, folds: Int[np.ndarray, " seen"], c: Float[np.ndarray, "seen power feature target"]
    ) -> Float[np.ndarray, "seen power feature target"]:
        """Each fold's G times coefficients."""

    @abstractmethod
    def predict(self, coefficients: Float[np.ndarray, "feature column"]) -> Float[np.ndarray, "world column"]:
        """What coefficients say of every world."""

    @property
    def errors(self) -> Float[np.ndarray, "fold power target"]:
        """Squared error in all folds but one, each fitted without itself and that one."""
        found = []
        for left_out in range(len(self.right)):
            seen = np.delete(np.arange(len(self.right)), left_out)
            c = self.solved[self.place[left_out, seen]]
            square = (c * (self._in_folds(seen, c) - 2.0 * self.right[seen, None])).sum(axis=2)
            found.append((square + self.squares[seen, None]).sum(axis=0))
        return np.stack(found)

    def coefficients(self, power: Int[np.ndarray, "fold target"]) -> Float[np.ndarray, "fold feature target"]:
        """Coefficients without each fold, under the power of the penalty that is named for each target."""
        own = self.solved[self.place.diagonal()]
        found: Float[np.ndarray, "fold feature target"]
        found = np.take_along_axis(own, power[:, None, None, :], axis=1)[:, 0]
        return found


def _without(
    pairs: Int[np.ndarray, "pair 2"], sums: Float[np.ndarray, "fold ..."]
) -> Float[np.ndarray, "pair ..."]:
    """Sums over all folds but both of each pair, which may be the same."""
    found: Float[np.ndarray, "pair ..."] = sums.sum(axis=0) - sums[pairs[:, 0]]
    twice = pairs[:, 0] != pairs[:, 1]
    found[twice] -= sums[pairs[twice, 1]]
    return found


class _BasisFits(_Fits):
    """Fits of any features, by linear systems."""

    def __init__(
        self,
        basis: Basis,
        targets: Float[np.ndarray, "world target"],
        weights: Float[np.ndarray, " world"],
        parts: Sequence[slice],
        squares: Float[np.ndarray, "fold target"],
    ) -> None:
        self.basis, self.squares = basis, squares
        weighted = basis.features * weights[:, None]
        self.gram = np.stack([product(weighted[part].T, basis.features[part]) for part in parts])
        self.right = np.stack([product(weighted[part].T, targets[part]) for part in parts])
        self._solve_pairs()

    def _solve(
        self, gram: Float[np.ndarray, "pair ..."], right: Float[np.ndarray, "pair feature target"]
    ) -> Float[np.ndarray, "pair power feature target"]:
        penalty = self.basis.penalty
        size, rough, count = np.trace(self.gram.sum(axis=0)), np.trace(penalty), len(penalty)
        powers = _POWERS * size / rough if rough > 0.0 else np.zeros(1)
        gram = gram + _RIDGE * size / count * np.eye(count)
        return np.stack([np.linalg.solve(gram + power * penalty, right) for power in powers], axis=1)

    def _in_folds(
        self, folds: Int[np.ndarray, " seen"], c: Float[np.ndarray, "seen power feature target"]
    ) -> Float[np.ndarray, "seen power feature target"]:
        found: Float[np.ndarray, "seen power feature target"] = self.gram[folds, None] @ c
        return found

    def predict(self, coefficients: Float[np.ndarray, "feature column"]) -> Float[np.ndarray, "world column"]:
        return product(self.basis.features, coefficients)


class _StepFits(_Fits):
    """Fits of steps: G is diagonal and G + λP has three diagonals."""

    def __init__(
        self,
        steps: Steps,
        targets: Float[np.ndarray, "world target"],
        weights: Float[np.ndarray, " world"],
        parts: Sequence[slice],
        squares: Float[np.ndarray, "fold target"],
    ) -> None:
        self.level, self.squares = steps.level, squares
        count = int(steps.level.max()) + 1
        self.gram = np.stack([np.bincount(self.level[part], weights[part], count) for part in parts])
        weighted = targets * weights[:, None]
        self.right = np.zeros((len(parts), count, targets.shape[1]))
        for part, sums in zip(parts, self.right, strict=True):
            for target, column in enumerate(weighted[part].T):
                sums[:, target] = np.bincount(self.level[part], column, count)
        self._solve_pairs()

    def _solve(
        self, gram: Float[np.ndarray, "pair ..."], right: Float[np.ndarray, "pair feature target"]
    ) -> Float[np.ndarray, "pair power feature target"]:
        """All systems at once, level by level (Thomas's algorithm)."""
        size, count = float(self.gram.sum()), gram.shape[1]
        power = (_POWERS * size / (2 * count - 2))[:, None]
        ends = np.full(count, 2.0)
        ends[[0, -1]] = 1.0
        diagonal = (gram + _RIDGE * size / count).T[:, :, None, None] + power * ends[:, None, None, None]
        found = np.repeat(right.swapaxes(0, 1)[:, :, None], len(power), axis=2)
        for one in range(1, count):
            factor = power / diagonal[one - 1]
            diagonal[one] -= factor * power
            found[one] += factor * found[one - 1]
        found[-1] /= diagonal[-1]
        for one in range(count - 2, -1, -1):
            found[one] += power * found[one + 1]
            found[one] /= diagonal[one]
        return np.moveaxis(found, 0, 2)

    def _in_folds(
        self, folds: Int[np.ndarray, " seen"], c: Float[np.ndarray, "seen power feature target"]
    ) -> Float[np.ndarray, "seen power feature target"]:
        found: Float[np.ndarray, "seen power feature target"] = self.gram[folds, None, :, None] * c
        return found

    def predict(self, coefficients: Float[np.ndarray, "feature column"]) -> Float[np.ndarray, "world column"]:
        found: Float[np.ndarray, "world column"] = coefficients[self.level]
        return found

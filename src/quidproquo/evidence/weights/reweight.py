"""What-ifs by re-weighting: the same worlds, other weights, and a verdict on whether to trust them.

Tails of the importance weights are smoothed by a generalised Pareto distribution (Pareto smoothed
importance sampling; Vehtari, Simpson, Gelman, Yao & Gabry 2024, JMLR 25(72)), fitted as in Zhang &
Stephens (2009), Technometrics 51(3). Its shape k says how heavy the tail is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from quidproquo.evidence.weights.estimators import normalised, run_ess
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.terms.errors import EvidenceError, sentence

__all__ = [
    "LEAST_ESS",
    "Change",
    "Reweighted",
    "Reweighter",
    "k_threshold",
    "psis",
    "reweight",
    "weight_ess",
]

LEAST_ESS = 100.0
_FEWEST = 25.0  # draws, below which an ensemble tells nothing, however level its weights
_LARGEST_K = 0.7
_TAIL_LEAST = 5
_TIE = 1e-12  # difference of log ratios up to which worlds are tied
_EXPONENTIAL = 1e-12  # b times the largest excess, below which the tail counts as exponential
_CHUNK = 8


def k_threshold(draws: float) -> float:
    """Largest k at which weights can be trusted, with `draws` independent ones (the run ESS)."""
    if not draws > 1.0:
        return 0.0
    return max(0.0, min(1.0 - 1.0 / math.log10(draws), _LARGEST_K))


def weight_ess(log_weight: Float[np.ndarray, "... world"]) -> Float[np.ndarray, "..."]:
    """Kish's effective number of weights: the squared sum over the sum of squares."""
    shifted = np.exp(log_weight - np.max(log_weight, axis=-1, keepdims=True))
    return np.asarray(shifted.sum(axis=-1) ** 2 / (shifted**2).sum(axis=-1))


def psis(
    log_ratio: Float[np.ndarray, "world ..."], r_eff: float = 1.0
) -> tuple[Float[np.ndarray, "world ..."], Float[np.ndarray, "..."]]:
    """Pareto smoothed log-weights that sum to one, and Pareto's k, for each column.

    Parameters
    ----------
    log_ratio : `[world, …]`, log importance ratios; minus infinity leaves a world out.
    r_eff : independent draws per world, at most 1: fewer make the fitted tail longer.

    k is 0 where the tail is flat (all its ratios equal, so bounded), and infinite where fewer
    than 25 worlds, too few for a tail of five, have any weight.
    """
    ratios = np.asarray(log_ratio, dtype=np.float64)
    rows = np.array(ratios.reshape(ratios.shape[0], -1).T, order="C")
    k, _ = _smooth(rows, r_eff)
    return rows.T.reshape(ratios.shape), k.reshape(ratios.shape[1:])


def _smooth(
    rows: Float[np.ndarray, "column world"], r_eff: float
) -> tuple[Float[np.ndarray, " column"], Float[np.ndarray, "column world"]]:
    """Smooth and normalise the rows in place; give k of each, and what they are the logs of."""
    if np.isnan(rows).any() or (rows == np.inf).any():
        remedy = "check the log-likelihoods"
        allowed = "a number or minus infinity"
        raise EvidenceError(sentence("re-weighting", "log ratio", "nan or inf", allowed, remedy))
    peak = rows.max(axis=1, keepdims=True)
    if not np.isfinite(peak).all():
        remedy = "take a smaller change, or run the sampler again with it"
        allowed = "at least one world"
        raise EvidenceError(sentence("re-weighting", "worlds with weight", 0, allowed, remedy))
    rows -= peak
    k = np.full(len(rows), np.inf)
    alive = np.isfinite(rows).sum(axis=1)
    for count in np.unique(alive):
        length = int(min(0.2 * count, 3.0 * math.sqrt(count / min(r_eff, 1.0))))
        same = np.flatnonzero(alive == count)
        if length >= _TAIL_LEAST:
            for start in range(0, same.size, _CHUNK):
                chosen = same[start : start + _CHUNK]
                k[chosen] = _smooth_tails(rows, chosen, length)
    weights = np.exp(rows)
    total = weights.sum(axis=1, keepdims=True)
    weights /= total
    rows -= np.log(total)
    return k, weights


def _smooth_tails(
    rows: Float[np.ndarray, "column world"], chosen: np.ndarray, length: int
) -> Float[np.ndarray, " chosen"]:
    """Replace the `length` largest ratios of the chosen rows by quantiles of their Pareto fit."""
    worlds = rows.shape[1]
    tops = np.empty((chosen.size, length + 1), dtype=np.intp)
    for place, column in enumerate(chosen):
        top = np.argpartition(rows[column], worlds - length - 1)[worlds - length - 1 :]
        tops[place] = top[np.argsort(rows[column][top])]
    values = rows[chosen[:, None], tops]
    tail, cutoff = np.exp(values[:, 1:]), np.exp(values[:, :1])
    excess = tail - cutoff
    flat = excess[:, -1] - excess[:, 0] <= 1e-13 * tail[:, -1]
    k = np.zeros(chosen.size)
    steep = np.flatnonzero(~flat)
    if steep.size:
        k[steep], sigma = _fit(excess[steep])
        shares = np.arange(0.5, length) / length
        shape = np.where(np.abs(k[steep]) < 1e-12, 1e-12, k[steep])[:, None]
        drawn = cutoff[steep] + sigma[:, None] * np.expm1(-shape * np.log1p(-shares)) / shape
        smoothed = np.minimum(np.log(drawn), values[steep, -1:])
        rows[chosen[steep, None], tops[steep, 1:]] = smoothed
        tied = (np.diff(values[steep], axis=1) <= _TIE).any(axis=1)
        for one in steep[tied]:
            _share_among_ties(rows[chosen[one]], values[one], tops[one])
    return k


def _share_among_ties(
    row: Float[np.ndarray, " world"], values: Float[np.ndarray, " rank"], top: Int[np.ndarray, " rank"]
) -> None:
    """Give worlds whose ratios were equal the mean of their smoothed weights, in whatever order they stand.

    `values` are the ratios before smoothing of the worlds `top`, ascending from the cutoff. Worlds that are
    tied with the cutoff keep their ratio: they aren't beyond it.
    """
    group = np.cumsum(np.r_[0, np.diff(values) > _TIE])
    weight, count = np.bincount(group, np.exp(row[top])), np.bincount(group)
    shared = np.where(group == 0, values, np.log(weight / count)[group])
    several = count[group] > 1
    row[top[several]] = shared[several]


def _fit(
    excess: Float[np.ndarray, "column tail"],
) -> tuple[Float[np.ndarray, " column"], Float[np.ndarray, " column"]]:
    """Shape (with a weak prior at 0.5, worth ten draws) and scale of a generalised Pareto tail.

    `excess` ascends. The posterior mean over a grid of Zhang & Stephens' parameter b.
    """
    size = excess.shape[1]
    grid = 30 + int(size**0.5)
    quartile = excess[:, int(size / 4 + 0.5) - 1]
    # More than a quarter of the tail can lie on the cutoff itself; then the largest stands in.
    quartile = np.where(quartile > 0.0, quartile, excess[:, -1])
    steps = 1.0 - np.sqrt(grid / (np.arange(1, grid + 1) - 0.5))
    b = steps / (3.0 * quartile[:, None]) + 1.0 / excess[:, -1:]
    shape = np.empty_like(b)
    for column in range(len(b)):
        shape[column] = np.log1p(-b[column][:, None] * excess[column]).mean(axis=1)
    # where b is zero the tail is exponential, and −b/shape tends to one over its mean
    flat = np.abs(b) * excess[:, -1:] < _EXPONENTIAL
    ratio = -b / np.where(flat, 1.0, shape)
    profile = size * (np.log(np.where(flat, 1.0 / excess.mean(axis=1, keepdims=True), ratio)) - shape - 1.0)
    weight = np.exp(profile - profile.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    weight[weight < 10 * np.finfo(np.float64).eps] = 0.0
    weight /= weight.sum(axis=1, keepdims=True)
    mean = (b * weight).sum(axis=1)
    k = np.log1p(-mean[:, None] * excess).mean(axis=1)
    level = np.abs(mean) * excess[:, -1] < _EXPONENTIAL
    sigma = np.where(level, excess.mean(axis=1), -k / np.where(level, 1.0, mean))
    return (size * k + 5.0) / (size + 10.0), sigma


@dataclass(frozen=True)
class Change:
    """A what-if. What isn't set stays as it is; several may be set at once.

    Parameters
    ----------
    drop : ids of items to take away.
    power : how much every remaining item weighs, 0 (not at all) to 1.
    hypothesis, state, probability : give the hypothesis' state (an index) this probability in the
        ensemble, above 0; the other states keep their proportions. At 1 it is taken for certain.
    log_factor : `[world]`, anything else that multiplies the weights, such as a letter's new
        likelihood over its old, or a prior's new density over its old.
    """

    drop: tuple[str, ...] = ()
    power: float = 1.0
    hypothesis: str = ""
    state: int = 0
    probability: float = math.nan
    log_factor: Float[np.ndarray, " world"] | None = None


@dataclass(frozen=True)
class Reweighted:
    """New normalised log-weights with their verdict.

    `ess` counts independent draws: the run ESS times the share of the weight-ESS that is left.
    `reliable` asks that k lie below `threshold` and `ess` be at least LEAST_ESS, or a quarter of
    the run ESS if that is less, and never fewer than 25.
    """

    log_weight: Float[np.ndarray, " world"]
    pareto_k: float
    threshold: float
    ess: float
    reliable: bool

    @property
    def verdict(self) -> str:
        """One sentence on whether these weights can be trusted."""
        if self.reliable:
            return f"Weights can be trusted (k {self.pareto_k:.2f}, {self.ess:.0f} draws)."
        if self.pareto_k >= self.threshold:
            limit = f"k {self.pareto_k:.2f}, limit {self.threshold:.2f}"
            return f"Weights can't be trusted ({limit}): run the sampler again with this change."
        return f"Too few worlds are left to go by ({self.ess:.0f}): run the sampler again."


class Reweighter:
    """An ensemble made ready for many what-ifs; see `reweight` for a single one.

    `run_ess` is S in the limit for k: by default the run ESS of the total log-likelihood, the
    function that every re-weighting by evidence turns on, and never more than the worlds' number.
    `base_powers` is the power with which each item is in the ensemble's weights already: by default 1 in a
    "weighted" ensemble, which loses evidence by a change, and 0 in a "prior" or "exploratory" one,
    to which `power` 1 brings all of it in.
    """

    def __init__(
        self,
        ensemble: Ensemble,
        run_ess: float | None = None,
        base_powers: Float[np.ndarray, " item"] | None = None,
    ) -> None:
        self.ensemble = ensemble
        self.base = _log_normalised(ensemble.log_weight)
        self.alive = np.isfinite(self.base)
        self.columns = np.array(ensemble.log_likelihood.T, dtype=np.float64, order="C")
        self.columns[:, ~self.alive] = 0.0
        own = np.full(len(self.columns), 1.0 if ensemble.kind == "weighted" else 0.0)
        self.base_powers = own if base_powers is None else np.asarray(base_powers, dtype=np.float64)
        self._place = {item: place for place, item in enumerate(ensemble.items)}
        self.total = self.columns.sum(axis=0) if len(self.columns) else np.zeros(self.base.shape)
        self.base_ess = float(weight_ess(self.base))
        worlds = float(self.alive.sum())
        wanted = self._own_ess() if run_ess is None else run_ess
        self.run_ess = min(wanted, worlds)
        self.r_eff = max(self.run_ess / worlds, 1e-3)
        self.threshold = k_threshold(self.run_ess)

    def _own_ess(self) -> float:
        total = np.where(np.isfinite(self.total), self.total, 0.0)
        return float(run_ess(total, self.base, self.ensemble.island))

    def places(self, items: Iterable[str]) -> list[int]:
        """Columns of the items; raises EvidenceError for one that the ensemble doesn't hold."""
        items = tuple(dict.fromkeys(items))
        unknown = [item for item in items if item not in self._place]
        if unknown:
            remedy = "name a claim that conditions"
            allowed = "an item of the ensemble"
            raise EvidenceError(sentence("re-weighting", "drop", unknown[0], allowed, remedy))
        return [self._place[item] for item in items]

    def log_ratio(self, change: Change) -> Float[np.ndarray, " world"]:
        """Log of new over old weights, up to a constant; zero in worlds without weight."""
        if not 0.0 <= change.power <= 1.0:
            remedy = "choose how far the claims count"
            found = change.power
            raise EvidenceError(sentence("re-weighting", "power", found, "from 0 to 1", remedy))
        ratio = self._evidence(self.powers(change) - self.base_powers)
        if change.hypothesis:
            ratio += self._tilt(change)
        if change.log_factor is not None:
            ratio += change.log_factor
        return np.where(self.alive, ratio, 0.0)

    def level(self, ratio: Float[np.ndarray, " world"]) -> bool:
        """Whether a ratio leaves all weights as they are."""
        return bool(np.ptp(ratio if self.alive.all() else ratio[self.alive]) == 0.0)

    def powers(self, change: Change) -> Float[np.ndarray, " item"]:
        """How much each item counts after a change, from 0 to 1."""
        powers = np.full(len(self.columns), change.power)
        powers[self.places(change.drop)] = 0.0
        return powers

    def _evidence(self, gained: Float[np.ndarray, " item"]) -> Float[np.ndarray, " world"]:
        """What bringing items in and taking them out multiplies the weights by, in logs."""
        # only what changes is summed: in worlds that an untouched claim rules out, 0 · inf isn't 0
        moved = np.flatnonzero(gained)
        if moved.size and len(moved) == len(self.columns) and np.ptp(gained) == 0.0:
            return np.asarray(gained[0] * self.total)
        ratio: Float[np.ndarray, " world"] = gained[moved] @ self.columns[moved]
        return ratio

    def able(self, change: Change) -> bool:
        """Whether some weight, and not all of it, is on the answer that a change is about, if it is about one."""
        return not change.hypothesis or 0.0 < self._state(change)[1] < 1.0 - 1e-12

    def _state(self, change: Change) -> tuple[Bool[np.ndarray, " world"], float]:
        """Which worlds have the answer that a change is about, and their share of the weight."""
        place = self.ensemble.hypotheses.index(change.hypothesis)
        inside = np.asarray(self.ensemble.states[:, place] == change.state)
        return inside, float(np.exp(self.base)[inside].sum())

    def _tilt(self, change: Change) -> Float[np.ndarray, " world"]:
        names = self.ensemble.hypotheses
        if change.hypothesis not in names:
            remedy = "name one of the case"
            allowed = "one of " + ", ".join(names)
            found = change.hypothesis
            raise EvidenceError(sentence("re-weighting", "hypothesis", found, allowed, remedy))
        if not 0.0 < change.probability <= 1.0:
            remedy = "give the state a probability"
            allowed = "above 0 and at most 1"
            raise EvidenceError(sentence("re-weighting", "probability", change.probability, allowed, remedy))
        inside, share = self._state(change)
        if not self.able(change):
            remedy = "run the sampler again with other prior probabilities"
            thing = f"hypothesis {change.hypothesis!r} state {change.state}"
            allowed = "above 0 and below 1 before it can be changed"
            raise EvidenceError(sentence(thing, "share of the weight", share, allowed, remedy))
        up = math.log(change.probability) - math.log(share)
        certain = change.probability == 1.0
        down = -math.inf if certain else math.log1p(-change.probability) - math.log1p(-share)
        tilt: Float[np.ndarray, " world"] = np.where(inside, up, down)
        return tilt

    def reweight(self, change: Change) -> Reweighted:
        """The ensemble's weights under the change."""
        ratio = self.log_ratio(change)
        if self.level(ratio):
            return Reweighted(self.base, 0.0, self.threshold, self.run_ess, self.run_ess > 1.0)
        rows = (self.base + ratio)[None]
        return self.judge(rows)[0]

    def judge(self, rows: Float[np.ndarray, "change world"]) -> list[Reweighted]:
        """Smooth rows of unnormalised log-weights in place and say which can be trusted."""
        return self.smoothed(rows)[0]

    def smoothed(
        self, rows: Float[np.ndarray, "change world"]
    ) -> tuple[list[Reweighted], Float[np.ndarray, "change world"]]:
        """What `judge` says, and the weights themselves."""
        ks, weights = _smooth(rows, self.r_eff)
        ess = self.run_ess / (self.base_ess * (weights**2).sum(axis=1))
        least = min(LEAST_ESS, max(0.25 * self.run_ess, _FEWEST))
        judged = [
            Reweighted(
                log_weight=row,
                pareto_k=float(k),
                threshold=self.threshold,
                ess=float(own_ess),
                reliable=bool(k < self.threshold and own_ess >= least),
            )
            for row, k, own_ess in zip(rows, ks, ess, strict=True)
        ]
        return judged, weights


def _log_normalised(log_weight: Float[np.ndarray, " world"]) -> Float[np.ndarray, " world"]:
    weights = normalised(log_weight)
    with np.errstate(divide="ignore"):
        logs: Float[np.ndarray, " world"] = np.log(weights)
    return logs


def reweight(ensemble: Ensemble, change: Change, run_ess: float | None = None) -> Reweighted:
    """The ensemble's weights under one what-if, with k, effective draws and a verdict."""
    return Reweighter(ensemble, run_ess).reweight(change)

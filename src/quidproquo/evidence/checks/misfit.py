"""How each report sits in what the reports of other origins lead one to expect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from quidproquo.evidence.weights.estimators import Ladder
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.rerun import Answer, Rerun
from quidproquo.evidence.weights.reweight import Change, Reweighted, Reweighter
from quidproquo.terms.errors import EvidenceError, sentence

__all__ = ["Misfit", "MisfitOverall", "misfit"]

_OUTSIDE = 0.01
_UNUSUAL = 0.05
_LIKELY_WRONG = 0.5
_TOO_MANY = 0.1
_LEVELS = np.array([0.05, 0.5, 0.95])


@dataclass(frozen=True)
class Misfit:
    """One claim against the predictive distribution without its origin.

    `below` is the probability of a report at most as high as this one, `tail` twice its distance
    to the nearer end. Both are NaN for a claim that has no such distribution. `expected` holds the
    5%, 50% and 95% quantiles, and `mean` the mean, of what the worlds predict for it without its
    origin, report error apart; both are None where that can't be trusted.
    """

    claim: str
    below: float
    tail: float
    probability_wrong: float
    verdict: str
    pareto_k: float
    reliable: bool
    rerun: bool = False
    expected: tuple[float, float, float] | None = None
    mean: float | None = None


@dataclass(frozen=True)
class MisfitOverall:
    """All claims together: `outside` is the share of those judged that lie beyond 0.01–0.99."""

    claims: tuple[Misfit, ...]
    outside: float
    unjudged: int
    carries: bool
    verdict: str


def _verdict(below: float, wrong: float, reliable: bool) -> str:
    if np.isnan(below):
        words = "has no predictive distribution to be judged by"
    elif not reliable:
        words = "can't be judged: too much rests on its origin"
    elif below < _OUTSIDE:
        words = "far below what the other origins lead one to expect"
    elif below > 1.0 - _OUTSIDE:
        words = "far above what the other origins lead one to expect"
    elif below < _UNUSUAL:
        words = "low, but within what the other origins lead one to expect"
    elif below > 1.0 - _UNUSUAL:
        words = "high, but within what the other origins lead one to expect"
    else:
        words = "as the other origins lead one to expect"
    return words + ("; probably wrong" if wrong > _LIKELY_WRONG else "")


def _overall(judged: Sequence[Misfit], unjudged: int) -> tuple[float, bool, str]:
    if not judged:
        return 0.0, True, "No claim can be judged against the others."
    beyond = sum(min(one.below, 1.0 - one.below) < _OUTSIDE for one in judged)
    outside = beyond / len(judged)
    count = f"{beyond} of {len(judged)} claims lie outside the 1% to 99% range"
    rest = f" ({unjudged} can't be judged)" if unjudged else ""
    if outside > _TOO_MANY:
        verdict = "More than a tenth of the claims misfit: the model can't carry option results"
        return outside, False, f"{verdict}. {count}{rest}."
    return outside, True, f"The model can carry option results: {count}{rest}."


def _expected(
    predicted: Float[np.ndarray, "world item"], weights: Float[np.ndarray, " world"]
) -> list[tuple[tuple[float, float, float], float]]:
    """Quantiles and mean of what the worlds predict, item by item."""
    quantiles = Ladder(np.ascontiguousarray(predicted.T, dtype=np.float64)).quantiles(weights, _LEVELS)
    means = np.einsum("wi,w->i", predicted, weights)
    return [
        ((float(low), float(middle), float(high)), float(mean))
        for low, middle, high, mean in zip(*quantiles, means, strict=True)
    ]


@dataclass(frozen=True)
class _Without:
    """Worlds without an origin: their weights, and the chances of each report in each world."""

    weights: Reweighted
    cdf: Float[np.ndarray, "world item"]
    predicted: Float[np.ndarray, "world item"]
    rerun: bool

    def fits(self, places: Sequence[int], items: Sequence[str], wrong: np.ndarray) -> list[Misfit]:
        """How the items at these places fit, all of one origin; `wrong` is their chance of being wrong."""
        alive = np.isfinite(self.weights.log_weight)
        weights = np.exp(self.weights.log_weight[alive])
        belows = np.einsum("wi,w->i", self.cdf[alive][:, places], weights)
        trusted = self.weights.reliable
        expected = (
            _expected(self.predicted[alive][:, places], weights) if trusted else [(None, None)] * len(places)
        )
        found = []
        for place, value, (quantiles, mean) in zip(places, belows, expected, strict=True):
            below, doubt = float(np.clip(value, 0.0, 1.0)), float(wrong[place])
            found.append(
                Misfit(
                    claim=items[place],
                    below=below,
                    tail=2.0 * min(below, 1.0 - below),
                    probability_wrong=doubt,
                    verdict=_verdict(below, doubt, trusted),
                    pareto_k=self.weights.pareto_k,
                    reliable=trusted,
                    rerun=self.rerun,
                    expected=quantiles,
                    mean=mean,
                )
            )
        return found


def misfit(
    reweighter: Reweighter | Ensemble,
    origin: Sequence[str],
    cdf: Float[np.ndarray, "world item"],
    wrong: Float[np.ndarray, "world item"],
    answer: Callable[[Change], Answer | None] | None = None,
    cdf_of: Callable[[Rerun], Float[np.ndarray, "world item"]] | None = None,
) -> MisfitOverall:
    """Leave out each claim's whole origin, and ask where the claim then falls.

    Parameters
    ----------
    reweighter : the weighted ensemble, or one made ready for re-weighting.
    origin : per item, in the ensemble's order; all items of an origin are left out together.
    cdf : probability in each world of a report at most as high as the one made; NaN columns mark
        items without one.
    wrong : probability in each world that the report is wrong, given what was reported.
    answer, cdf_of : where weights can't be trusted, worlds that were conditioned anew are asked for (see
        `Reruns`), and then their `cdf`.
    """
    if isinstance(reweighter, Ensemble):
        reweighter = Reweighter(reweighter)
    items = reweighter.ensemble.items
    _check(reweighter, origin, cdf, wrong)
    doubt = np.einsum("wi,w->i", wrong[reweighter.alive], np.exp(reweighter.base[reweighter.alive]))
    by_origin: dict[str, list[int]] = {}
    for place, name in enumerate(origin):
        by_origin.setdefault(name, []).append(place)
    known: dict[int, np.ndarray] = {}
    found: dict[int, Misfit] = {}
    for places in by_origin.values():
        change = Change(drop=tuple(items[place] for place in places))
        without = _Without(reweighter.reweight(change), cdf, reweighter.ensemble.predicted, False)
        other = answer(change) if answer is not None and not without.weights.reliable else None
        if other is not None and cdf_of is not None:
            run = other.run
            if id(run) not in known:
                known[id(run)] = cdf_of(run)
            without = _Without(other.weights, known[id(run)], run.reweighter.ensemble.predicted, True)
        found |= dict(zip(places, without.fits(places, items, doubt), strict=True))
    claims = tuple(found[place] for place in range(len(items)))
    judged = [one for one in claims if one.reliable and not np.isnan(one.below)]
    outside, carries, verdict = _overall(judged, len(claims) - len(judged))
    return MisfitOverall(claims, outside, len(claims) - len(judged), carries, verdict)


def _check(
    reweighter: Reweighter,
    origin: Sequence[str],
    cdf: Float[np.ndarray, "_ _"],
    wrong: Float[np.ndarray, "_ _"],
) -> None:
    """Raise EvidenceError where arrays or origins aren't those of the ensemble."""
    items = reweighter.ensemble.items
    shape = (reweighter.base.size, len(items))
    for name, array in (("cdf", cdf), ("wrong", wrong)):
        if np.shape(array) != shape:
            remedy = "give one column per item of the ensemble"
            raise EvidenceError(sentence("misfit", f"shape of {name}", np.shape(array), str(shape), remedy))
    if len(origin) != len(items):
        remedy = "give one origin per item"
        raise EvidenceError(sentence("misfit", "number of origins", len(origin), str(len(items)), remedy))

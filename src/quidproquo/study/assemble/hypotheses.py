"""Rival answers: what each claim says for and against them, and how probable they are under other weightings.

A claim's likelihood ratio of an answer against the others, given all other claims, is the odds with it over the
odds without it (Heuer 1999, *Psychology of Intelligence Analysis*, chapter 8, has the matrix of evidence against
hypotheses; here its cells are computed). What hardly changes any odds is not diagnostic, however true.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.special import stdtrit

from quidproquo.cases.record import Case, Hypothesis
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.reweight import Change, Reweighted, Reweighter
from quidproquo.sensitivity.answers import AnswerShares, answer_shares
from quidproquo.sensitivity.record import ALL, HALF, NONE
from quidproquo.study.assemble.scales import significant
from quidproquo.study.infer import RunResult
from quidproquo.study.schema.assumptions import (
    HypothesisClaimRecord,
    HypothesisRecord,
    HypothesisStateRecord,
    HypothesisWeightingRecord,
)

__all__ = ["DIAGNOSTIC", "Answers", "hypotheses", "hypothesis_records", "log_ratios"]

DIAGNOSTIC = 1.25
"""A claim that changes the odds of no answer by this factor tells none apart; a convention of ours."""

_CHANCE = 0.05  # of any ratio of a hypothesis lying beyond the limit by chance
_RULED_OUT = 0.05  # an answer that is less probable with a claim and without it is open no more
_LARGEST_ERROR = 0.05  # of a probability that is said; a convention of ours
_CHUNK = 16


class Answers:
    """Worlds of a run as answers to its hypotheses, with their weights under changes of the evidence."""

    def __init__(self, weighted: Ensemble, prior: Ensemble | None, origin: Sequence[str]) -> None:
        self.weighted = Reweighter(weighted)
        same = prior is not None and prior.items == weighted.items
        self.prior = Reweighter(prior) if prior is not None and same else None
        self.origin = tuple(origin)

    @property
    def ensemble(self) -> Ensemble:
        """The worlds weighed by all claims."""
        return self.weighted.ensemble

    def without(self, each: Sequence[Sequence[str]]) -> list[Reweighted]:
        """Weights with some items left out, for each set of them."""
        found: list[Reweighted] = []
        for start in range(0, len(each), _CHUNK):
            changes = [Change(drop=tuple(items)) for items in each[start : start + _CHUNK]]
            rows = np.stack([self.weighted.base + self.weighted.log_ratio(change) for change in changes])
            found += self.weighted.judge(rows)
        return found

    def at_power(self, power: float) -> tuple[Ensemble, Reweighted]:
        """Weights with all evidence to a power, from whichever ensemble can be trusted more."""
        each = [self.weighted] + ([self.prior] if self.prior is not None else [])
        found = [(one.ensemble, one.reweight(Change(power=power))) for one in each]
        return min(found, key=lambda one: (not one[1].reliable, one[1].pareto_k))

    def by_origin(self) -> dict[str, list[str]]:
        """Origin → its items."""
        found: dict[str, list[str]] = {}
        for item, name in zip(self.ensemble.items, self.origin, strict=True):
            found.setdefault(name, []).append(item)
        return dict(sorted(found.items()))


@dataclass(frozen=True)
class _Changes:
    """The evidence changed in every way that is asked for, worked out once for all hypotheses.

    `rerun` are answers from worlds conditioned anew, by weighting and hypothesis, for where weights can't be
    trusted.
    """

    whole: Reweighted
    half: tuple[Ensemble, Reweighted]
    claims: Mapping[str, Reweighted]
    origins: Mapping[str, Reweighted]
    rerun: Mapping[str, Mapping[str, AnswerShares]]


def _changes(answers: Answers, rerun: Mapping[str, Mapping[str, AnswerShares]]) -> _Changes:
    items, origins = answers.ensemble.items, answers.by_origin()
    return _Changes(
        whole=answers.weighted.reweight(Change()),
        half=answers.at_power(0.5),
        claims=dict(zip(items, answers.without([[item] for item in items]), strict=True)),
        origins=dict(zip(origins, answers.without(list(origins.values())), strict=True)),
        rerun=rerun,
    )


def hypotheses(case: Case, run: RunResult) -> dict[str, HypothesisRecord]:
    """Chances of every state before and after the claims, claim by claim and weighting by weighting."""
    answers = None
    if run.conditioned is not None and len(run.table) > 0:
        answers = Answers(run.weighted, run.prior, run.table.origin)
    return hypothesis_records(tuple(case.hypotheses.values()), run.weighted, answers, run.sensitivity.answers)


def hypothesis_records(
    asked: Sequence[Hypothesis],
    weighted: Ensemble,
    answers: Answers | None,
    rerun: Mapping[str, Mapping[str, AnswerShares]] = MappingProxyType({}),
) -> dict[str, HypothesisRecord]:
    """The records of hypotheses in the order of the ensemble's; without `answers`, no claim conditions.

    `rerun` holds answers from worlds conditioned anew: weighting → hypothesis → shares of its states.
    """
    changes = None if answers is None else _changes(answers, rerun)
    return {one.id: _record(one, place, weighted, changes) for place, one in enumerate(asked)}


def _record(
    hypothesis: Hypothesis, place: int, weighted: Ensemble, changes: _Changes | None
) -> HypothesisRecord:
    after = answer_shares(weighted, weighted.log_weight, place, len(hypothesis.states))
    states = {
        state.id: HypothesisStateRecord.of(state, posterior=float(share), mcse=float(error))
        for state, share, error in zip(hypothesis.states, after.share, after.mcse, strict=True)
    }
    return HypothesisRecord(
        title=hypothesis.title,
        states=states,
        claims=[] if changes is None else _claims(hypothesis, place, weighted, changes.claims),
        weightings=[] if changes is None else _weightings(hypothesis, place, weighted, changes),
    )


def _weightings(
    hypothesis: Hypothesis, place: int, weighted: Ensemble, changes: _Changes
) -> list[HypothesisWeightingRecord]:
    """All the evidence, half of it, none, and without each origin; none is the case's own prior.

    Where no world with weight has one of the answers, weights can't say how probable it is without some evidence;
    nor can they where the error of a probability is too large.
    """
    names = [state.id for state in hypothesis.states]

    def row(ident: str, title: str, ensemble: Ensemble, weights: Reweighted) -> HypothesisWeightingRecord:
        by_weights = answer_shares(ensemble, weights.log_weight, place, len(names))
        followed = weights.reliable and (ident == ALL or not _lost(hypothesis, place, ensemble))
        exact = ident == ALL or float(by_weights.mcse.max()) <= _LARGEST_ERROR
        kept = None if followed and exact else changes.rerun.get(ident, {}).get(hypothesis.id)
        found = kept or by_weights
        return HypothesisWeightingRecord(
            id=ident,
            kind="origin" if ident.startswith("origin:") else "evidence",
            title=title,
            probability=dict(zip(names, map(float, found.share), strict=True)),
            mcse=dict(zip(names, (significant(float(x)) for x in found.mcse), strict=True)),
            reliable=(followed and exact) or (kept is not None and float(kept.mcse.max()) <= _LARGEST_ERROR),
            rerun=kept is not None,
        )

    none = HypothesisWeightingRecord(
        id=NONE,
        kind="evidence",
        title="no evidence",
        probability={state.id: state.prior for state in hypothesis.states},
        mcse=dict.fromkeys(names, 0.0),
        reliable=True,
    )
    return [
        row(ALL, "all the evidence", weighted, changes.whole),
        row(HALF, "the evidence at half its weight", *changes.half),
        none,
        *(row(f"origin:{name}", name, weighted, weights) for name, weights in changes.origins.items()),
    ]


def _claims(
    hypothesis: Hypothesis, place: int, ensemble: Ensemble, without: Mapping[str, Reweighted]
) -> list[HypothesisClaimRecord]:
    """What each claim says of the answers, the most telling first."""
    names = [state.id for state in hypothesis.states]
    rows = np.stack([weights.log_weight for weights in without.values()])
    chosen = ensemble.states[:, place][:, None] == np.arange(len(names))
    lost = _lost(hypothesis, place, ensemble)
    found = log_ratios(chosen, ensemble.log_weight, rows, ensemble.island)
    errors = _most_errors(found[0].size, len(np.unique(ensemble.island)))
    records = []
    for (item, weights), ratio, error, open_ in zip(without.items(), *found, strict=True):
        tells = (np.abs(ratio) >= math.log(DIAGNOSTIC)) & (np.abs(ratio) > errors * error) & open_
        records.append(
            HypothesisClaimRecord(
                id=item,
                log_ratio=dict(zip(names, (significant(float(x)) for x in ratio), strict=True)),
                mcse=dict(zip(names, (significant(float(x)) for x in error), strict=True)),
                diagnostic=weights.reliable and not lost and bool(tells.any()),
                reliable=weights.reliable and not lost,
            )
        )
    return sorted(
        records, key=lambda one: (not one.diagnostic, -max(map(abs, one.log_ratio.values())), one.id)
    )


def _most_errors(ratios: int, islands: int) -> float:
    """Errors that none of so many ratios exceeds by chance in 19 cases of 20 (Bonferroni).

    Their errors come from jackknives over islands, so they follow Student's t.
    """
    return float(stdtrit(max(islands - 1, 1), 1.0 - _CHANCE / (2.0 * max(ratios, 1))))


def _lost(hypothesis: Hypothesis, place: int, ensemble: Ensemble) -> bool:
    """Whether an answer that the case holds possible is that of no world with weight."""
    present = np.unique(ensemble.states[np.isfinite(ensemble.log_weight), place])
    return any(state.prior > 0.0 and k not in present for k, state in enumerate(hypothesis.states))


def log_ratios(
    chosen: Bool[np.ndarray, "world state"],
    log_weight: Float[np.ndarray, " world"],
    without: Float[np.ndarray, "row world"],
    island: Int[np.ndarray, " world"],
) -> tuple[Float[np.ndarray, "row state"], Float[np.ndarray, "row state"], Bool[np.ndarray, "row state"]]:
    """Log odds of each state under all weights less those under each row of others, with jackknife errors.

    The last array says which states have some probability with or without. A state without a world counts as
    half a world.
    """
    count = len(chosen)
    whole, whole_by = _shares(chosen, log_weight[None], island)
    other, other_by = _shares(chosen, without, island)
    ratio = _logit(whole, count) - _logit(other, count)
    replicates = np.moveaxis(_logit(whole_by, count) - _logit(other_by, count), 1, 0)
    islands = len(replicates)
    squares = ((replicates - replicates.mean(axis=0)) ** 2).sum(axis=0)
    open_ = np.maximum(whole, other) >= _RULED_OUT
    return (
        ratio,
        np.sqrt(squares * (islands - 1) / islands),
        open_ & (np.minimum(whole, other) <= 1 - _RULED_OUT),
    )


def _shares(
    chosen: Bool[np.ndarray, "world state"],
    log_weight: Float[np.ndarray, "row world"],
    island: Int[np.ndarray, " world"],
) -> tuple[Float[np.ndarray, "row state"], Float[np.ndarray, "row island state"]]:
    """Share of each state under each row of weights, of all islands and without each of them."""
    weights = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    sums, totals = [], []
    for one in np.unique(island):
        inside = island == one
        sums.append(weights[:, inside] @ chosen[inside].astype(np.float64))
        totals.append(weights[:, inside].sum(axis=1, keepdims=True))
    part, total = np.stack(sums, axis=1), np.stack(totals, axis=1)
    rest = np.maximum(total.sum(axis=1, keepdims=True) - total, np.finfo(np.float64).tiny)
    return part.sum(axis=1) / total.sum(axis=1), (part.sum(axis=1, keepdims=True) - part) / rest


def _logit(share: Float[np.ndarray, "..."], worlds: int) -> Float[np.ndarray, "..."]:
    least = 0.5 / worlds
    inside = np.clip(share, least, 1.0 - least)
    return np.asarray(np.log(inside) - np.log1p(-inside))

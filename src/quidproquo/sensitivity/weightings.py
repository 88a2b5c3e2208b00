"""The set of weightings over which a choice must hold: how much evidence, whose, and which hypothesis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quidproquo.cases.record import Case
from quidproquo.decisions.record import Findings
from quidproquo.evidence.weights.reweight import Change, Reweighted, Reweighter
from quidproquo.sensitivity.evaluator import SensitivityEvaluator, WhatIf
from quidproquo.sensitivity.record import ALL, HALF, NONE, Weighting, WeightingSweep
from quidproquo.sensitivity.rerun_evaluator import RerunEvaluator

__all__ = ["Answered", "holds_same_items", "safest", "sweep_weightings"]

_PROBABILITIES = (0.1, 0.9)

# an ensemble's evaluator, and its weights under a change
Answered = tuple[SensitivityEvaluator, Reweighted]


def safest(answers: Sequence[Answered]) -> Answered:
    """Of several answers about the same weighting, a reliable one, then the one with the lowest k."""
    return min(answers, key=lambda answer: (not answer[1].reliable, answer[1].pareto_k))


def holds_same_items(prior: Reweighter, items: tuple[str, ...]) -> bool:
    """Whether the prior ensemble holds the likelihood of the same items, not just its place."""
    return prior.ensemble.items == items and bool(np.ptp(prior.total[prior.alive]) > 0.0)


def sweep_weightings(
    evaluator: SensitivityEvaluator,
    prior: SensitivityEvaluator | None,
    findings: Findings,
    case: Case,
    origins: Sequence[WhatIf],
    reruns: RerunEvaluator | None = None,
    reserve: int = 0,
) -> WeightingSweep:
    """Judge the choice under every member of the set, all the evidence first.

    Evidence at power 1, ½ and 0, each origin left out, and each state of a hypothesis (the first of two) given
    the probability 0.1 and 0.9 in the ensemble. Power 0 is read from the `prior` ensemble if there is one, and
    ½ from whichever ensemble it is the shorter way from. With `reruns`, worlds are conditioned anew where
    weights can't be trusted, where their error is too large to say what becomes of the choice, and where they
    say that it changes, while more than `reserve` ensembles may be. Without weights of the metrics there is no
    choice to judge, and no rows.
    """
    if not findings.preferred.ranked:
        return WeightingSweep((), (0.0, 0.0))
    judge = _Judge(evaluator, reruns, reserve)
    rows = judge.evidence(prior)
    rows += [judge.row((f"origin:{one.id}", "origin", one.title), one.as_change) for one in origins]
    assumed, untried = _hypotheses(judge, case)
    rows += assumed
    margins = [row.margin for row in rows if row.judged or row.id == ALL]
    return WeightingSweep(
        rows=tuple(rows),
        range=(min(margins), max(margins)),
        untried=tuple(untried),
    )


def _row(name: tuple[str, str, str], answer: Answered) -> Weighting:
    ident, kind, title = name
    evaluator, weights = answer
    estimate = evaluator.regrets(np.exp(weights.log_weight))
    lead, decision = estimate.lead(evaluator.first), evaluator.decide(estimate)
    return Weighting(
        id=ident,
        kind=kind,
        value=dict(zip(evaluator.options, map(float, estimate.value), strict=True)),
        q95_regret=dict(zip(evaluator.options, map(float, estimate.q95), strict=True)),
        preferred=evaluator.options[decision.preferred],
        pareto_k=weights.pareto_k,
        title=title,
        margin=lead.margin,
        mcse=lead.mcse,
        reliable=weights.reliable,
        rerun=evaluator.is_rerun and evaluator.reweighter.ensemble.kind == "weighted",
        tied=tuple(evaluator.options[o] for o in decision.tied if o not in decision.within_error),
        within_error=tuple(evaluator.options[o] for o in decision.within_error),
        decided=decision.settles_ties(evaluator.base.tied),
    )


@dataclass(frozen=True)
class _Judge:
    """Judges weightings by weights, and by re-running where these can't be trusted."""

    evaluator: SensitivityEvaluator
    reruns: RerunEvaluator | None
    reserve: int

    def evidence(self, prior: SensitivityEvaluator | None) -> list[Weighting]:
        """All the evidence, half of it, and none."""
        whole, half, none = (self._reweighted(self.evaluator, power) for power in (1.0, 0.5, 0.0))
        if prior is not None:
            # the prior ensemble stands for power 0 as it is
            none = self._reweighted(prior, 0.0)
            if holds_same_items(prior.reweighter, self.evaluator.reweighter.ensemble.items):
                half = safest([half, self._reweighted(prior, 0.5)])
        return [
            _row((ALL, "evidence", "all the evidence"), whole),
            self._settled((HALF, "evidence", "the evidence at half its weight"), Change(power=0.5), half),
            _row((NONE, "evidence", "no evidence"), none),
        ]

    def row(self, name: tuple[str, str, str], change: Change) -> Weighting:
        """By the original ensemble's weights if they can be trusted."""
        return self._settled(name, change, (self.evaluator, self.evaluator.reweighter.reweight(change)))

    def _reweighted(self, evaluator: SensitivityEvaluator, power: float) -> Answered:
        return evaluator, evaluator.reweighter.reweight(Change(power=power))

    def _settled(self, name: tuple[str, str, str], change: Change, answer: Answered) -> Weighting:
        """Judge by this answer, unless re-running is called for."""
        row = _row(name, answer)
        if self.reruns is None:
            return row
        for ask in (self.reruns.known, self._exact):
            found = None if row.judged else ask(change)
            row = row if found is None else min(row, _row(name, found), key=_doubt)
        # a change of the choice is confirmed by worlds of its own
        kept = {self.evaluator.options[place] for place in self.evaluator.base.tied}
        if row.preferred not in kept:
            found = self._exact(change)
            row = row if found is None else _row(name, found)
        return row

    def _exact(self, change: Change) -> Answered | None:
        assert self.reruns is not None
        return self.reruns.exact(change, self.reserve)


def _doubt(row: Weighting) -> tuple[bool, bool, float]:
    """What tells the better of two answers about one weighting: trusted, decided, then the smaller error."""
    return not row.reliable, not row.decided, row.mcse


def _hypotheses(judge: _Judge, case: Case) -> tuple[list[Weighting], list[str]]:
    """Each state of each hypothesis at a low and a high probability, and what couldn't be tried."""
    reweighter = judge.evaluator.reweighter
    rows: list[Weighting] = []
    untried: list[str] = []
    weights = np.exp(reweighter.base)
    for place, hypothesis in enumerate(reweighter.ensemble.hypotheses):
        states = case.hypotheses[hypothesis].states
        # With two states, 0.1 for the one is 0.9 for the other: the same weighting.
        for index, state in enumerate(states[:1] if len(states) == 2 else states):
            weight = float(weights[reweighter.ensemble.states[:, place] == index].sum())
            if not 0.0 < weight < 1.0 - 1e-12:
                share = "no" if weight <= 0.0 else "all the"
                untried.append(
                    f"“{state.title}” has {share} weight, so other probabilities couldn't be tried."
                )
                continue
            for probability in _PROBABILITIES:
                change = Change(hypothesis=hypothesis, state=index, probability=probability)
                ident = f"hypothesis:{hypothesis}:{state.id}={probability:g}"
                name = (ident, "hypothesis", f"“{state.title}” at a probability of {probability:g}")
                rows.append(judge.row(name, change))
    return rows, untried

"""The set of weightings over which a choice must hold: how far, whose, and which hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Case
from quidproquo.decisions.panel import Panel
from quidproquo.decisions.record import Weighting
from quidproquo.evidence.weights.rerun import Answer, Rerun, Reruns
from quidproquo.evidence.weights.reweight import Change, Reweighted, Reweighter
from quidproquo.sensitivity.control_variate import ControlVariate, Regrets
from quidproquo.sensitivity.evaluator import WhatIf, lead

__all__ = ["ALL", "HALF", "NONE", "Again", "Setting", "can_bring_in", "safest", "weightings"]

ALL, HALF, NONE = "evidence:1", "evidence:0.5", "evidence:0"
_PROBABILITIES = (0.1, 0.9)
_LEVEL = 1e-12

Way = TypeVar("Way")


@dataclass(frozen=True)
class Setting:
    """One ensemble ready for re-weighting and for reading the rule.

    One that was run for a what-if (`rerun`) is told beside worlds run again without a change (`ControlVariate`).
    """

    reweighter: Reweighter
    panel: Panel
    rerun: bool = False
    beside: ControlVariate | None = None

    @cached_property
    def own(self) -> Regrets:
        """Regrets under its own weights."""
        return self.panel.choice(self.reweighter.base)[1]


@dataclass(frozen=True)
class Again:
    """How a weighting is judged by running again: from the nearest ensemble, or from one of its own."""

    reruns: Reruns
    setting: Callable[[Rerun], Setting]
    original: Setting

    def own(self, change: Change) -> tuple[Setting, Reweighted] | None:
        """From an ensemble of its own, if one can be run."""
        return self._read(self.reruns.own(change), change)

    def nearest(self, change: Change) -> tuple[Setting, Reweighted] | None:
        """From the nearest ensemble, if there is one."""
        return self._read(self.reruns.nearest(change), change)

    def _read(self, answer: Answer | None, change: Change) -> tuple[Setting, Reweighted] | None:
        if answer is None:
            return None
        setting = self.setting(answer.run)
        if self._control is not None:
            setting = replace(setting, beside=ControlVariate(self.original.own, self._control))
        return setting, setting.reweighter.reweight(change)

    @cached_property
    def _control(self) -> Regrets | None:
        """Of worlds run again without a change; None where they don't get there."""
        answer = self.reruns.own(Change())
        return None if answer is None else self.setting(answer.run).own


def best(regrets: Float[np.ndarray, " option"], value: Float[np.ndarray, " option"], first: int) -> int:
    """The option with the least regret; of level ones `first`, else the one of the most value."""
    level = np.flatnonzero(regrets <= regrets.min() + _LEVEL)
    return first if first in level else int(level[np.argmax(value[level])])


def _row(name: tuple[str, str, str], setting: Setting, result: Reweighted, first: int) -> Weighting:
    ident, kind, title = name
    panel = setting.panel
    value, found = panel.choice(result.log_weight)
    told = found if setting.beside is None else setting.beside.told(found)
    regrets = told.regrets
    options = panel.worlds.ensemble.options
    chosen = best(regrets, value, first)
    return Weighting(
        id=ident,
        kind=kind,
        value=dict(zip(options, map(float, value), strict=True)),
        q95_regret=dict(zip(options, map(float, regrets), strict=True)),
        preferred=options[chosen],
        pareto_k=result.pareto_k,
        title=title,
        margin=lead(regrets, first),
        mcse=_error(setting, told, first),
        reliable=result.reliable,
        rerun=setting.rerun,
    )


def _error(setting: Setting, told: Regrets, first: int) -> float:
    """Monte Carlo error of the margin: of the first option's distance to the best of the others."""
    count = told.regrets.size
    if count == 1:
        return 0.0
    other = int(np.argmin(np.where(np.arange(count) == first, np.inf, told.regrets)))
    return told.apart(first, other) if setting.beside is None else setting.beside.apart(told, first, other)


@dataclass(frozen=True)
class _Judge:
    """Judges weightings by weights, and by running again where these can't be trusted."""

    weighted: Setting
    first: int
    again: Again | None

    def row(self, name: tuple[str, str, str], change: Change) -> Weighting:
        """By the original ensemble's weights if they can be trusted."""
        return self.settle(name, change, (self.weighted, self.weighted.reweighter.reweight(change)))

    def settle(
        self, name: tuple[str, str, str], change: Change, way: tuple[Setting, Reweighted]
    ) -> Weighting:
        """Judge one way, unless running again is called for."""
        row = _row(name, *way, self.first)
        if self.again is None:
            return row
        if not row.reliable:
            found = self.again.nearest(change)
            row = row if found is None else _row(name, *found, self.first)
        # a change of the choice is confirmed by worlds of its own
        if row.margin < 0.0:
            found = self.again.own(change)
            row = row if found is None else _row(name, *found, self.first)
        return row


def safest(ways: Sequence[tuple[Way, Reweighted]]) -> tuple[Way, Reweighted]:
    """Of several ways to the same weighting, a reliable one, then the one with the lowest k."""
    return min(ways, key=lambda way: (not way[1].reliable, way[1].pareto_k))


def can_bring_in(held: Reweighter, items: tuple[str, ...]) -> bool:
    """Whether the prior ensemble holds the likelihood of the same items, not just its place."""
    return held.ensemble.items == items and bool(np.ptp(held.total[held.alive]) > 0.0)


def weightings(
    weighted: Setting,
    prior: Setting | None,
    case: Case,
    origins: Sequence[WhatIf],
    first: int,
    again: Again | None = None,
) -> tuple[list[Weighting], list[str]]:
    """Every member of the set, all the evidence first, and warnings about those left out.

    Evidence at power 1, ½ and 0, each origin dropped, and each state of a hypothesis (the first
    of two) given the probability 0.1 and 0.9 in the ensemble. Power 0 is read from the prior
    ensemble if there is one, and ½ from whichever ensemble it is the shorter way from. `first`
    is the option preferred under all the evidence, whose margin is given under every member.
    With `again`, worlds are conditioned anew where weights can't be trusted, and where they say that
    the choice changes.
    """
    reweighter = weighted.reweighter
    base = reweighter.reweight(Change())
    rows = [_row((ALL, "evidence", "all the evidence"), weighted, base, first)]
    settings = [weighted]
    if prior is not None:
        settings.append(prior)
        # The prior ensemble stands for power 0 as it is.
        none = (prior, prior.reweighter.reweight(Change(power=0.0)))
    else:
        none = (weighted, reweighter.reweight(Change(power=0.0)))
    half = safest(
        [
            (one, one.reweighter.reweight(Change(power=0.5)))
            for one in settings
            if one is weighted or can_bring_in(one.reweighter, reweighter.ensemble.items)
        ]
    )
    judge = _Judge(weighted, first, again)
    named = (HALF, "evidence", "the evidence at half its weight")
    rows.append(judge.settle(named, Change(power=0.5), half))
    rows.append(_row((NONE, "evidence", "no evidence"), *none, first))
    for origin in origins:
        name = (f"origin:{origin.id}", "origin", origin.title)
        rows.append(judge.row(name, Change(drop=origin.items)))
    supposed, left = _suppose(judge, case)
    return rows + supposed, left


def _suppose(judge: _Judge, case: Case) -> tuple[list[Weighting], list[str]]:
    """Each state of each hypothesis at a low and a high probability, and what couldn't be tried."""
    reweighter = judge.weighted.reweighter
    rows: list[Weighting] = []
    left: list[str] = []
    weights = np.exp(reweighter.base)
    for place, hypothesis in enumerate(reweighter.ensemble.hypotheses):
        states = case.hypotheses[hypothesis].states
        # With two states, 0.1 for the one is 0.9 for the other: the same weighting.
        for index, state in enumerate(states[:1] if len(states) == 2 else states):
            held = float(weights[reweighter.ensemble.states[:, place] == index].sum())
            if not 0.0 < held < 1.0 - 1e-12:
                share = "no" if held <= 0.0 else "all the"
                left.append(f"“{state.title}” has {share} weight, so other probabilities couldn't be tried.")
                continue
            for probability in _PROBABILITIES:
                change = Change(hypothesis=hypothesis, state=index, probability=probability)
                ident = f"hypothesis:{hypothesis}:{state.id}={probability:g}"
                name = (ident, "hypothesis", f"“{state.title}” at a probability of {probability:g}")
                rows.append(judge.row(name, change))
    return rows, left

"""The set of weightings over which a choice must hold: how far, whose, and which hypothesis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Case
from quidproquo.decisions.panel import Panel
from quidproquo.decisions.record import Weighting
from quidproquo.evidence.leverage import ItemSet
from quidproquo.evidence.reweight import Change, Reweighted, Reweighter

__all__ = ["ALL", "HALF", "NONE", "Setting", "lead", "weightings"]

ALL, HALF, NONE = "evidence:1", "evidence:0.5", "evidence:0"
_PROBABILITIES = (0.1, 0.9)
_LEVEL = 1e-12


@dataclass(frozen=True)
class Setting:
    """One ensemble ready for re-weighting and for reading the rule."""

    reweighter: Reweighter
    panel: Panel


def lead(regrets: Float[np.ndarray, " option"], first: int) -> float:
    """How much less the first option gives up than the best of the others."""
    if regrets.size == 1:
        return 0.0
    return float(np.delete(regrets, first).min() - regrets[first])


def best(regrets: Float[np.ndarray, " option"], value: Float[np.ndarray, " option"], first: int) -> int:
    """The option with the least regret; of level ones `first`, else the one of the most value."""
    level = np.flatnonzero(regrets <= regrets.min() + _LEVEL)
    return first if first in level else int(level[np.argmax(value[level])])


def _row(name: tuple[str, str, str], setting: Setting, result: Reweighted, first: int) -> Weighting:
    ident, kind, title = name
    value, regrets = setting.panel.choice(result.log_weight)
    options = setting.panel.worlds.ensemble.options
    return Weighting(
        id=ident,
        kind=kind,
        value=dict(zip(options, map(float, value), strict=True)),
        q95_regret=dict(zip(options, map(float, regrets), strict=True)),
        preferred=options[best(regrets, value, first)],
        pareto_k=result.pareto_k,
        title=title,
        margin=lead(regrets, first),
        reliable=result.reliable,
    )


def _safest(ways: Sequence[tuple[Setting, Reweighted]]) -> tuple[Setting, Reweighted]:
    """Of several ways to the same weighting, a reliable one, then the one with the lowest k."""
    return min(ways, key=lambda way: (not way[1].reliable, way[1].pareto_k))


def _can_bring_in(prior: Setting, items: tuple[str, ...]) -> bool:
    """Whether the prior ensemble holds the likelihood of the same items, not just its place."""
    held = prior.reweighter
    return held.ensemble.items == items and bool(np.ptp(held.total[held.alive]) > 0.0)


def weightings(
    weighted: Setting,
    prior: Setting | None,
    case: Case,
    origins: Sequence[ItemSet],
    first: int,
) -> tuple[list[Weighting], list[str]]:
    """Every member of the set, all the evidence first, and warnings about those left out.

    Evidence at power 1, ½ and 0, each origin dropped, and each state of a hypothesis (the first
    of two) given the probability 0.1 and 0.9 in the ensemble. Power 0 is read from the prior
    ensemble if there is one, and ½ from whichever ensemble it is the shorter way from. `first`
    is the option preferred under all the evidence, whose margin is given under every member.
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
    half = _safest(
        [
            (one, one.reweighter.reweight(Change(power=0.5)))
            for one in settings
            if one is weighted or _can_bring_in(one, reweighter.ensemble.items)
        ]
    )
    rows.append(_row((HALF, "evidence", "the evidence at half its weight"), *half, first))
    rows.append(_row((NONE, "evidence", "no evidence"), *none, first))
    for origin in origins:
        name = (f"origin:{origin.id}", "origin", origin.title)
        rows.append(_row(name, weighted, reweighter.reweight(Change(drop=origin.items)), first))
    supposed, left = _suppose(weighted, case, first)
    return rows + supposed, left


def _suppose(weighted: Setting, case: Case, first: int) -> tuple[list[Weighting], list[str]]:
    """Each state of each hypothesis at a low and a high probability, and what couldn't be tried."""
    reweighter = weighted.reweighter
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
                rows.append(_row(name, weighted, reweighter.reweight(change), first))
    return rows, left

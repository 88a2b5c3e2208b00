"""The preferred option by the rule, its margin, and the sentences that say what it hangs on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Case
from quidproquo.decisions.cells import Driver, in_words
from quidproquo.decisions.panel import Panel
from quidproquo.decisions.record import Preferred, Weighting
from quidproquo.evidence.weights.estimators import normalised
from quidproquo.sensitivity.weightings import ALL, HALF, NONE

__all__ = ["RULE", "Standing", "preferred", "standing", "unranked"]

RULE = "least q95 regret on the value function"
_ERRORS = 2.0
_WEAK = 0.1
_EXAMPLES = 3


@dataclass(frozen=True)
class Standing:
    """Where the options stand by the rule under all the evidence.

    `order` is from least to most regret at the 95 % quantile; `margin` and `mcse` are of the
    second over the first; `tied` are the options that can't be told from the first.
    """

    order: tuple[int, ...]
    regrets: Float[np.ndarray, " option"]
    margin: float
    mcse: float
    tied: tuple[int, ...]

    @property
    def first(self) -> int:
        """The option with the least regret."""
        return self.order[0]

    @property
    def second(self) -> int:
        """The next one; the first itself where there is no other."""
        return self.order[min(1, len(self.order) - 1)]


def standing(panel: Panel, log_weight: Float[np.ndarray, " world"], delta: float) -> Standing:
    """Order the options by the rule; level ones by mean regret, then as the case lists them.

    An option is tied with the first where its distance is under two Monte Carlo errors or under
    `delta`.
    """
    weights = normalised(log_weight)
    regrets = panel.regret_tail.worst(weights)[0]
    means = np.einsum("wo,w->o", panel.worlds.regrets, weights)
    order = np.lexsort((np.arange(regrets.size), means, regrets))
    first, second = int(order[0]), int(order[min(1, order.size - 1)])
    error = panel.apart.error(weights, first)
    distance = regrets - regrets[first]
    level = (distance < _ERRORS * error) | (distance < delta)
    level[first] = True
    return Standing(
        order=tuple(int(place) for place in order),
        regrets=regrets,
        margin=float(distance[second]),
        mcse=float(error[second]),
        tied=tuple(int(place) for place in order if level[place]),
    )


def _list(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _number(value: float) -> str:
    return f"{value:.2g}"


def _reason(stand: Standing, titles: Sequence[str], delta: float) -> str:
    if len(titles) == 1:
        return f"{titles[0]} is the only option."
    gives = _number(float(stand.regrets[stand.first]))
    best = titles[stand.first]
    if len(stand.tied) > 1:
        tied = _list([titles[place] for place in stand.tied])
        limit = (
            f"two Monte Carlo errors ({_number(_ERRORS * stand.mcse)})"
            if stand.margin < _ERRORS * stand.mcse
            else f"{_number(delta)}, the least difference that counts in this case"
        )
        return (
            f"{tied} can't be told apart: in the worst twentieth of worlds {best} gives up at "
            f"least {gives} of value against the best option, and the next gives up only "
            f"{_number(stand.margin)} more, under {limit}."
        )
    return (
        f"In 95 % of the weighted worlds {best} gives up at most {gives} of value against the "
        f"best option, {_number(stand.margin)} less than the next, {titles[stand.second]}."
    )


def _depends(row: Weighting, other: str) -> str:
    if row.id == NONE:
        return f"Depends on the evidence: without any the choice is {other}."
    if row.id == HALF:
        return f"Depends on how far the evidence counts: at half its weight the choice is {other}."
    if row.kind == "origin":
        return f"Depends on {row.title}: without its reports the choice is {other}."
    return f"Depends on a hypothesis: with {row.title} the choice is {other}."


def _levels(row: Weighting, other: str) -> str:
    if row.kind == "origin":
        return f"Without the reports of {row.title}, {other} can't be told from it."
    return f"With {row.title}, {other} can't be told from it."


def _judgements(chosen: Sequence[Driver], case: Case, titles: Mapping[str, str]) -> str:
    """What the lead hangs on where no report does."""
    strong = [driver for driver in chosen if abs(driver.correlation) >= _WEAK]
    if not strong:
        return "No single parameter stands out as what it hangs on."
    words = []
    for driver in strong:
        prior = case.priors.get(driver.name)
        judged = prior is not None and prior.source.casefold().startswith("judgement")
        note = "a judgement, " if judged else ""
        figure = f"{driver.correlation:+.2f}".replace("-", "−")
        words.append(f"{in_words(driver.name, titles)} ({note}rank correlation {figure})")
    return f"The lead hangs most on {_list(words)}."


@dataclass(frozen=True)
class _Tally:
    """What the set of weightings did to the choice."""

    changed: list[Weighting]
    level: list[Weighting]
    unjudged: list[Weighting]
    tried: int


def _tally(rows: Sequence[Weighting], keep: set[str], delta: float) -> _Tally:
    others = [row for row in rows if row.id != ALL]
    sure = [row for row in others if row.reliable]
    moved = [row for row in sure if row.preferred not in keep]
    turned = [-row.margin > max(_ERRORS * row.mcse, delta) for row in moved]
    return _Tally(
        changed=[row for row, turns in zip(moved, turned, strict=True) if turns],
        level=[row for row, turns in zip(moved, turned, strict=True) if not turns],
        unjudged=[row for row in others if not row.reliable],
        tried=len(others),
    )


def _unjudged(tally: _Tally) -> str:
    """How many weightings are open, with a few of them by name."""
    titles = [row.title for row in tally.unjudged]
    if len(titles) <= _EXAMPLES:
        which = _list(titles)
    else:
        which = f"{', '.join(titles[:_EXAMPLES])} and {len(titles) - _EXAMPLES} more"
    return (
        f"{len(titles)} of {tally.tried} weightings couldn't be judged, because too few worlds carry "
        f"the weight: {which}."
    )


def _conditions(tally: _Tally, name: Mapping[str, str], hangs: str, reports: int) -> tuple[str, ...]:
    lines = [_depends(row, name[row.preferred]) for row in tally.changed]
    lines += [_levels(row, name[row.preferred]) for row in tally.level]
    judged = tally.tried - len(tally.unjudged)
    if tally.tried and not lines and judged:
        count = f"{judged} of {tally.tried}" if tally.unjudged else f"{judged}"
        which = "that could be judged " if tally.unjudged else "tried "
        lines.append(f"Holds under every weighting {which}({count}).")
    if tally.unjudged:
        lines.append(_unjudged(tally))
    # Sentences about reports speak of dropping origins and of the evidence as a whole.
    kinds = {"origin", "evidence"}
    if reports and not any(row.kind in kinds for row in (*tally.changed, *tally.level)):
        unsure = any(row.kind in kinds for row in tally.unjudged)
        lines.append(f"No report {'that could be judged ' if unsure else ''}changes the choice.")
    return (*lines, hangs)


def preferred(
    stand: Standing,
    rows: Sequence[Weighting],
    case: Case,
    chosen: Sequence[Driver],
    titles: Mapping[str, str],
) -> Preferred:
    """The choice with its margin over the weightings, and what it hangs on.

    The range is over the weightings that can be trusted. A weighting changes the choice only if
    another option then leads by more than two of its Monte Carlo errors and the case's δ.
    """
    options = tuple(rows[0].value)
    name = {option: case.options[option].title for option in options}
    tied = tuple(options[place] for place in stand.tied)
    margins = [row.margin for row in rows if row.reliable or row.id == ALL]
    if len(options) == 1:
        conditions: tuple[str, ...] = ()
    else:
        tally = _tally(rows, set(tied), case.delta)
        reports = sum(row.kind == "origin" and row.reliable for row in rows)
        conditions = _conditions(tally, name, _judgements(chosen, case, titles), reports)
    return Preferred(
        rule=RULE,
        options=tied,
        margin=stand.margin,
        mcse=stand.mcse,
        range=(min(margins), max(margins)),
        conditions=conditions,
        reason=_reason(stand, [name[option] for option in options], case.delta),
    )


def unranked(front: Sequence[str], case: Case) -> Preferred:
    """What can be said where the case weighs no metric: the options that no other dominates."""
    names = _list([case.options[option].title for option in front])
    return Preferred(
        rule="none: the case gives no weights",
        options=tuple(front),
        margin=0.0,
        mcse=0.0,
        range=(0.0, 0.0),
        conditions=("There is no single ranking without weights of the metrics.",),
        reason=f"No other option dominates {names}.",
    )

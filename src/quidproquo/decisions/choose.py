"""The preferred option by the rule, with its margin and the sentence that says why."""

from __future__ import annotations

from collections.abc import Sequence

from quidproquo.cases.record import Case
from quidproquo.decisions.record import Preferred
from quidproquo.decisions.rule import RULE, TIE_ERRORS, Decision, RegretEstimate

__all__ = ["list_words", "preferred", "unranked"]


def list_words(words: Sequence[str]) -> str:
    """Words in one sentence: a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _number(value: float) -> str:
    return f"{value:.2g}"


def _reason(decision: Decision, estimate: RegretEstimate, titles: Sequence[str], delta: float) -> str:
    if len(titles) == 1:
        return f"{titles[0]} is the only option."
    gives = _number(float(estimate.q95[decision.first]))
    best = titles[decision.first]
    if len(decision.tied) > 1:
        tied = list_words([titles[place] for place in decision.tied])
        limit = (
            f"two Monte Carlo errors ({_number(TIE_ERRORS * decision.mcse)})"
            if decision.margin < TIE_ERRORS * decision.mcse
            else f"{_number(delta)}, the least difference that counts in this case"
        )
        return (
            f"{tied} can't be told apart: in the worst twentieth of worlds {best} gives up at "
            f"least {gives} of value against the best option, and the next gives up only "
            f"{_number(decision.margin)} more, under {limit}."
        )
    return (
        f"In 95% of the weighted worlds {best} gives up at most {gives} of value against the "
        f"best option, {_number(decision.margin)} less than the next, {titles[decision.second]}."
    )


def preferred(decision: Decision, estimate: RegretEstimate, options: Sequence[str], case: Case) -> Preferred:
    """The choice, or the tied set, with its margin."""
    titles = [case.options[option].title for option in options]
    return Preferred(
        rule=RULE,
        options=tuple(options[place] for place in decision.tied),
        margin=decision.margin,
        mcse=decision.mcse,
        reason=_reason(decision, estimate, titles, case.delta),
    )


def unranked(front: Sequence[str], case: Case) -> Preferred:
    """What can be said where the case weighs no metric: the options that no other dominates."""
    names = list_words([case.options[option].title for option in front])
    return Preferred(
        rule="none: the case gives no weights",
        options=tuple(front),
        margin=0.0,
        mcse=0.0,
        reason=f"No other option dominates {names}.",
        ranked=False,
    )

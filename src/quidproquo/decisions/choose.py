"""The preferred option by the rule, with its margin."""

from __future__ import annotations

from collections.abc import Sequence

from quidproquo.decisions.record import Preferred
from quidproquo.decisions.rule import RULE, Decision

__all__ = ["preferred", "unranked"]


def preferred(decision: Decision, options: Sequence[str]) -> Preferred:
    """The choice, or the tied set, with its margin."""
    return Preferred(
        rule=RULE,
        options=tuple(options[place] for place in decision.tied),
        margin=decision.margin,
        mcse=decision.mcse,
        level=tuple(options[place] for place in decision.level),
    )


def unranked(front: Sequence[str]) -> Preferred:
    """What can be said where the case weighs no metric: the options that no other dominates."""
    return Preferred(
        rule="none: the case gives no weights", options=tuple(front), margin=0.0, mcse=0.0, ranked=False
    )

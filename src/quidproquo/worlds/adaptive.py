"""Adaptive options: one option, and another from some months later on if an observable has crossed a threshold.

The rule is followed in every future of every world by itself: the observable is the one that this future shows
under the first option in one month. Months before the switch are the first option's own. Both courses run in the
program that runs the static options: what never switches is its first option, bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Array, Float, Int

from quidproquo.terms.errors import CaseError, sentence
from quidproquo.worlds.model import Model
from quidproquo.worlds.simulate import Plan, Policies, Turn, policies, run_policies

__all__ = ["Switch", "SwitchRun", "simulate_switch"]


@dataclass(frozen=True)
class Switch:
    """An adaptive option: `first`, and `then` if `observable` lies above (or at most at) the threshold.

    It is looked at once, at the end of a `month` that is counted from 0 after the decision date. The second option
    sets in `delay` months after the month that follows, not before its own start, and lasts as long as it is
    stated to, at most to the horizon.
    """

    id: str
    first: str
    then: str
    observable: str
    threshold: float
    above: bool
    month: int
    delay: int = 0


@dataclass(frozen=True)
class SwitchRun:
    """Metrics of every world under an adaptive option, as means over its futures.

    `switched` is the share of a world's futures in which the second option sets in; 0 where that would be after
    the horizon. `status` is 1 for a world whose numbers are not finite.
    """

    metrics: Float[np.ndarray, "world metric"]
    switched: Float[np.ndarray, " world"]
    status: Int[np.ndarray, " world"]


def simulate_switch(
    model: Model,
    layout: Plan,
    switch: Switch,
    draws: Float[np.ndarray, "world coordinate"],
    chances: Float[np.ndarray, "world future chance"],
    done: Callable[[int], None] | None = None,
) -> SwitchRun:
    """Run every world under an adaptive option along all its futures, the same as those of the static options.

    Raises:
        CaseError: if an option is unknown, the layout doesn't show the observable, or the month is none of those
            ahead.
    """
    table, begins = _table(model, layout, switch)
    metrics = np.empty((len(draws), len(layout.metrics)))
    switched = np.zeros(len(draws))

    def keep(place: Int[np.ndarray, " block"], found: tuple[Array, Array, Array]) -> None:
        metrics[place] = np.asarray(found[0])[: len(place), 1]
        if begins < len(model.nodes) - 1:
            switched[place] = np.asarray(found[2])[: len(place)]

    run_policies(model, layout, table, (draws, chances), keep, done)
    failed = np.asarray(~np.isfinite(metrics).all(axis=1))
    return SwitchRun(np.where(failed[:, None], 0.0, metrics), switched, failed.astype(np.int64))


def _table(model: Model, layout: Plan, switch: Switch) -> tuple[Policies, int]:
    """The first option and, in the row after it, both of them one after the other; and when the second sets in."""
    thing, months = f"adaptive option '{switch.id}'", len(model.nodes) - 1
    known = (("first", switch.first, layout.options), ("then", switch.then, layout.options))
    for field, name, names in (*known, ("observable", switch.observable, layout.series)):
        if name not in names:
            allowed = f"one of {', '.join(names)}"
            raise CaseError(sentence(thing, field, name, allowed, "correct it"))
    if not 0 <= switch.month < months or switch.delay < 0:
        found = f"month {switch.month}, then {switch.delay} more"
        allowed = f"a month from 0 to {months - 1}, and a delay of 0 or more"
        raise CaseError(sentence(thing, "watch", found, allowed, "correct it"))
    first, then = (layout.options.index(name) for name in (switch.first, switch.then))
    levers, own = layout.levers[first], layout.levers[then]
    begun = int(np.argmax((own != 0.0).any(axis=0)))
    begins = max(switch.month + 1 + switch.delay, begun)
    before = np.where(np.arange(months) < begins, levers, 0.0)
    after = np.zeros_like(own)
    after[:, begins:] = own[:, begun : begun + months - begins] if begins < months else 0.0
    # each costs its money by the share of its months that it is active, as options spend evenly over these
    money = [
        paid * _months(used) / max(_months(whole), 1)
        for paid, used, whole in ((layout.money[first], before, levers), (layout.money[then], after, own))
    ]
    turn = Turn(
        row=np.int32(1),
        watched=np.int32(layout.series.index(switch.observable)),
        month=np.int32(switch.month),
        threshold=np.float32(switch.threshold),
        sign=np.float32(1.0 if switch.above else -1.0),
    )
    both = np.array([layout.money[first], sum(money)])
    return policies(layout, np.stack([levers, before + after]), both, (0, 1), turn), begins


def _months(levers: Float[np.ndarray, "lever month"]) -> int:
    """In how many months an option is active."""
    return int((levers != 0.0).any(axis=0).sum())

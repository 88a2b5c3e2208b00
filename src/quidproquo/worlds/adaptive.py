"""Adaptive options: one option until an observable crosses a threshold, another from some months later on.

The switch is simulated in every future of every world by itself: the observable is the one that this future shows
under the first option, and the levers of the second set in some months after it has crossed. Months before the
switch are the first option's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from quidproquo.terms.errors import CaseError, sentence
from quidproquo.worlds.model import Model, ModelNumbers
from quidproquo.worlds.priors import Numbers
from quidproquo.worlds.programs import compiled
from quidproquo.worlds.runtime import parallel_map
from quidproquo.worlds.simulate import BATCH, FUTURES, RUN, Plan, mean_over_futures, reduced, worlds_first
from quidproquo.worlds.streams import blocks

__all__ = ["Switch", "SwitchRun", "simulate_switch"]


@dataclass(frozen=True)
class Switch:
    """An adaptive option: `first`, and `then` once `observable` lies above (or at most at) the threshold.

    It is looked at from the end of month `since` to that of month `until`, counted from 0 after the decision date.
    The second option sets in `delay` months after the month that follows, not before its own start, and lasts as
    long as it is stated to, at most to the horizon.
    """

    id: str
    first: str
    then: str
    observable: str
    threshold: float
    above: bool
    since: int
    until: int
    delay: int = 0


@dataclass(frozen=True)
class SwitchRun:
    """Metrics of every world under an adaptive option, as means over its futures.

    `switched` is the share of a world's futures in which the second option has set in by each month. `status` is 1
    for a world whose numbers are not finite.
    """

    metrics: Float[np.ndarray, "world metric"]
    switched: Float[np.ndarray, "world month"]
    status: Int[np.ndarray, " world"]


class _Rule(NamedTuple):
    """A switch as arguments of a program: levers are `[lever, month]`, the rest numbers.

    `begun` is the month in which the second option starts by itself.
    """

    first: Numbers
    then: Numbers
    money: Numbers
    then_money: Numbers
    begun: Numbers
    threshold: Numbers
    sign: Numbers
    since: Numbers
    until: Numbers
    delay: Numbers


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
        CaseError: if an option or the observable is unknown, or the months of the watch are none of those ahead.
    """
    rule = _rule(model, layout, switch)
    program = _program(model, layout, switch, rule)
    months = len(model.nodes) - 1
    metrics = np.empty((len(draws), len(layout.metrics)))
    switched = np.empty((len(draws), months))

    def one(block: tuple[np.ndarray, int]) -> None:
        rows, counting = block
        z, futures = jnp.asarray(draws[rows], jnp.float32), jnp.asarray(chances[rows])
        found = program(model.numbers, rule, z, futures)
        place = rows[:counting]
        metrics[place], switched[place] = (np.asarray(array)[:counting] for array in found)

    parallel_map(one, blocks(len(draws), RUN), done)
    failed = np.asarray(~np.isfinite(metrics).all(axis=1))
    return SwitchRun(np.where(failed[:, None], 0.0, metrics), switched, failed.astype(np.int64))


def _rule(model: Model, layout: Plan, switch: Switch) -> _Rule:
    thing, months = f"adaptive option '{switch.id}'", len(model.nodes) - 1
    for field, name in (("first", switch.first), ("then", switch.then)):
        if name not in layout.options:
            allowed = f"one of {', '.join(layout.options)}"
            raise CaseError(sentence(thing, field, name, allowed, "correct it"))
    model.output(switch.observable)
    if not 0 <= switch.since <= switch.until < months or switch.delay < 0:
        found = f"months {switch.since} to {switch.until}, then {switch.delay} more"
        allowed = f"months in order, from 0 to {months - 1}, and a delay of 0 or more"
        raise CaseError(sentence(thing, "watch", found, allowed, "correct it"))
    first, then = (layout.options.index(name) for name in (switch.first, switch.then))
    active = (layout.levers[then] != 0.0).any(axis=0)
    return _Rule(
        first=layout.levers[first].astype(np.float32),
        then=layout.levers[then].astype(np.float32),
        money=np.float32(layout.money[first]),
        then_money=np.float32(layout.money[then]),
        begun=np.int32(np.argmax(active)),
        threshold=np.float32(switch.threshold),
        sign=np.float32(1.0 if switch.above else -1.0),
        since=np.int32(switch.since),
        until=np.int32(switch.until),
        delay=np.int32(switch.delay),
    )


def _program(model: Model, layout: Plan, switch: Switch, rule: _Rule) -> Callable[..., tuple[Array, Array]]:
    z, chances = (
        jax.ShapeDtypeStruct(shape, jnp.float32)  # type: ignore[no-untyped-call]
        for shape in ((RUN, len(model.coordinates)), (RUN, FUTURES, len(model.chances)))
    )
    asked = (layout.metrics, switch.observable)

    def program(numbers: ModelNumbers, rule: _Rule, z: Array, chances: Array) -> tuple[Array, Array]:
        own = model.with_numbers(numbers)
        batches = len(z) // BATCH
        worlds = z.reshape(batches, BATCH, -1).transpose(0, 2, 1)
        futures = chances.reshape(batches, BATCH, *chances.shape[1:]).transpose(0, 2, 3, 1)
        found = jax.lax.map(lambda batch: _batch(own, asked, rule, *batch), (worlds, futures))
        return worlds_first(found[0]), worlds_first(found[1])

    return compiled("switch", program, (model.structure, asked), (model.numbers, rule, z, chances), (0, 0))


def _batch(
    model: Model, asked: tuple[tuple[tuple[str, str], ...], str], rule: _Rule, z: Array, chances: Array
) -> tuple[Array, Array]:
    """Metrics `[metric, world]` and shares switched `[month, world]` of a few worlds."""
    metrics, watched = asked
    now = jnp.asarray(model.nodes[:1], z.dtype)[:, None]
    values, count = model.values(z), z.shape[1]
    past = model.past_of(values, {name: now for name, how in metrics if how == "gain"}, count)
    start = {name: known[0] for name, known in past.items()}

    def future(chance: Array) -> tuple[Array, Array]:
        shown = model.ahead_of(values, rule.first, rule.money, chance)[watched]
        begins = _begins(rule, jnp.broadcast_to(shown, (shown.shape[0], count)))
        levers, money = _mixed(rule, begins)
        outputs = model.ahead_of(values, levers, money, chance)
        rows = [reduced(outputs[name], how, start.get(name)) for name, how in metrics]
        months = jnp.arange(levers.shape[1])[:, None]
        return jnp.stack([jnp.broadcast_to(row, (count,)) for row in rows]), (months >= begins).astype(
            z.dtype
        )

    found, switched = jax.vmap(future)(chances)
    return mean_over_futures(found), mean_over_futures(switched)


def _begins(rule: _Rule, shown: Float[Array, "month world"]) -> Int[Array, " world"]:
    """The month in which the second option sets in; past all months where the threshold is never crossed."""
    months = jnp.arange(len(shown))[:, None]
    beyond = jnp.where(rule.sign > 0.0, shown > rule.threshold, shown <= rule.threshold)
    crossed = beyond & (months >= rule.since) & (months <= rule.until)
    first = jnp.argmax(crossed, axis=0)
    begins = jnp.maximum(first + 1 + rule.delay, rule.begun)
    return jnp.where(crossed.any(axis=0), begins, len(shown) + rule.begun)


def _mixed(
    rule: _Rule, begins: Int[Array, " world"]
) -> tuple[Float[Array, "lever month world"], Float[Array, " world"]]:
    """Levers and money of the two options, one after the other.

    Each costs its money by the share of its months that it is active, as options spend evenly over these.
    """
    first, then = jnp.asarray(rule.first), jnp.asarray(rule.then)
    months = jnp.arange(first.shape[1])[:, None]
    later = months - begins + rule.begun
    shifted = jnp.where(months >= begins, then[:, jnp.clip(later, 0, first.shape[1] - 1)], 0.0)
    before = jnp.where(months < begins, first[:, :, None], 0.0)
    shares = []
    for used, whole in ((before, first), (shifted, then)):
        active = (used != 0.0).any(axis=0).sum(axis=0)
        shares.append(active / jnp.maximum((whole != 0.0).any(axis=0).sum(), 1))
    return before + shifted, rule.money * shares[0] + rule.then_money * shares[1]

"""Running many worlds: every option along every future, in blocks, batched and streamed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key

from quidproquo.cases.record import Case, Metric, Option
from quidproquo.terms.errors import CaseError, sentence
from quidproquo.worlds.model import Model, ModelNumbers
from quidproquo.worlds.priors import Numbers
from quidproquo.worlds.programs import compiled
from quidproquo.worlds.runtime import parallel_map
from quidproquo.worlds.streams import Stream, blocks, stream_key, uniforms

__all__ = [
    "BATCH",
    "FUTURES",
    "RUN",
    "Plan",
    "Policies",
    "Simulation",
    "Turn",
    "futures",
    "plan",
    "policies",
    "run_policies",
    "simulate",
    "simulation_program",
]

FUTURES = 8
RUN = 512  # worlds that one call of the program runs, so that few worlds keep all cores at work
BATCH = 128  # worlds at a time
_OPTIONS = 8  # a program takes a multiple of these
_REDUCTIONS = ("end", "mean", "gain")
_ReadOff: TypeAlias = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]
_Found: TypeAlias = tuple[Array, Array, Array]


@dataclass(frozen=True, eq=False)
class Plan:
    """What to run: levers and money of every option, and which metrics to read off.

    `levers[option, lever, month]` holds intensities; `money[option]` million USD as stated. The last
    `variants` options are none of the case's. The program is made for so many `rows` of options.
    """

    options: tuple[str, ...]
    levers: Float[np.ndarray, "option lever month"]
    money: Float[np.ndarray, " option"]
    metrics: tuple[tuple[str, str], ...]
    series: tuple[str, ...]
    baseline: int
    rows: int
    variants: int = 0

    @property
    def own(self) -> int:
        """How many options are the case's own; they come first."""
        return len(self.options) - self.variants

    def without_variants(self) -> Plan:
        """The case's own options only, run by the same program."""
        own = self.own
        return replace(
            self, options=self.options[:own], levers=self.levers[:own], money=self.money[:own], variants=0
        )


@dataclass(frozen=True)
class Simulation:
    """Metrics of every world under every option, and series under policy as it stands.

    Metrics and series are means over `FUTURES` futures. `status` is 0 for a world that ran and 1
    for one whose numbers are not finite under an option of the case. `series[observable, world, month]`
    covers the history's months and those ahead.
    """

    metrics: Float[np.ndarray, "world option metric"]
    series: Float[np.ndarray, "observable world month"]
    status: Int[np.ndarray, " world"]


def plan(model: Model, case: Case, series: tuple[str, ...], variants: Sequence[Option] = ()) -> Plan:
    """Lay out a case's options and metrics for a model, and `variants` of its options beside them.

    Raises:
        CaseError: if an option uses an unknown lever or a metric an unknown observable.
    """
    options = (*case.options.values(), *variants)
    levers = np.stack([_schedule(model, option) for option in options])
    money = np.array([option.cost.get("money", 0.0) for option in options])
    for name in series:
        model.output(name)
    return Plan(
        options=tuple(option.id for option in options),
        levers=levers.astype(np.float32),
        money=money.astype(np.float32),
        metrics=tuple(_reduction(model, metric) for metric in case.metrics.values()),
        series=series,
        baseline=next(i for i, option in enumerate(options) if option.baseline),
        rows=-(-len(options) // _OPTIONS) * _OPTIONS,
        variants=len(variants),
    )


def _schedule(model: Model, option: Option) -> np.ndarray:
    table = np.zeros((len(model.levers), len(model.nodes) - 1))
    first = (option.start - model.start).days
    ends = model.nodes[1:]
    begun = int(np.sum(ends < first))
    for lever, intensity in option.levers.items():
        if lever not in model.levers:
            raise CaseError(
                sentence(
                    f"option '{option.id}'",
                    "levers",
                    lever,
                    f"one of {', '.join(model.levers)}",
                    "correct it",
                )
            )
        table[model.levers.index(lever), begun : begun + option.months] = intensity
    return table


def _reduction(model: Model, metric: Metric) -> tuple[str, str]:
    name, _, how = metric.observable.partition("@")
    how = how or "end"
    if how not in _REDUCTIONS:
        raise CaseError(
            sentence(
                f"metric '{metric.id}'",
                "observable",
                metric.observable,
                f"NAME@ with one of {', '.join(_REDUCTIONS)}",
                "correct it",
            )
        )
    model.output(name)
    return name, how


def futures(key: Key[Array, ""], model: Model, worlds: int) -> Float[np.ndarray, "world future chance"]:
    """Uniform numbers of every future of every world, stratified over a world's futures.

    Their stream is keyed apart from that of the worlds; all options share a world's futures.
    """
    jitter = uniforms(stream_key(key, Stream.FUTURES), model.chances, worlds)
    strata = (np.arange(FUTURES)[None, :, None] + jitter[:, None, :]) / FUTURES
    return np.asarray(strata, dtype=np.float32)


def simulate(
    model: Model,
    layout: Plan,
    draws: Float[np.ndarray, "world coordinate"],
    chances: Float[np.ndarray, "world future chance"],
    done: Callable[[int], None] | None = None,
) -> Simulation:
    """Run every world under every option along all its futures.

    Worlds are cut into blocks of fixed size, whatever the number of cores, and options are filled up to a
    fixed number: one program runs any number of both.
    """
    months = len(model.history) + len(model.nodes) - 1
    metrics = np.empty((len(draws), len(layout.options), len(layout.metrics)))
    series = np.empty((len(layout.series), len(draws), months), np.float32)

    def keep(place: Int[np.ndarray, " block"], found: tuple[Array, Array, Array]) -> None:
        metrics[place] = np.asarray(found[0])[: len(place), : len(layout.options)]
        # straight to its place: all months of all worlds are large
        if layout.series:
            series[:, place] = np.asarray(found[1])[: len(place)].transpose(1, 0, 2)

    order = [index for index in range(len(layout.options)) if index != layout.baseline]
    table = policies(layout, layout.levers, layout.money, (*order, layout.baseline))
    run_policies(model, layout, table, (draws, chances), keep, done)
    failed = np.asarray(~np.isfinite(metrics[:, : layout.own]).all(axis=(1, 2)))
    status = np.asarray(failed, dtype=np.int64)
    return Simulation(np.where(failed[:, None, None], 0.0, metrics), series, status)


class Turn(NamedTuple):
    """The row of an adaptive option: what the option that ran just before it does, up to a month or for ever.

    In futures where the `watched` series, in that other option's `month`, lies above the threshold (at most at it
    with a `sign` below 0), the row's own levers count, and in all others the other option's outcomes do. With a
    `row` below 0 there is no such row.
    """

    row: Numbers
    watched: Numbers
    month: Numbers
    threshold: Numbers
    sign: Numbers


_NO_TURN = Turn(np.int32(-1), np.int32(0), np.int32(0), np.float32(0.0), np.float32(1.0))


class Policies(NamedTuple):
    """Options as arguments of a program: so many of them, then rows that are not run.

    `order` is the order in which they run; of the last one, series are kept.
    """

    options: Numbers
    order: Numbers
    levers: Numbers
    money: Numbers
    turn: Turn


def policies(
    layout: Plan,
    levers: Float[np.ndarray, "option lever month"],
    money: Float[np.ndarray, " option"],
    order: Sequence[int],
    turn: Turn = _NO_TURN,
) -> Policies:
    """Levers and money of some options, filled up to the rows of the program."""
    more = layout.rows - len(levers)
    return Policies(
        options=np.array(len(levers), np.int32),
        order=np.array([*order, *range(len(levers), layout.rows)], np.int32),
        levers=np.pad(levers.astype(np.float32), ((0, more), (0, 0), (0, 0))),
        money=np.pad(money.astype(np.float32), (0, more)),
        turn=turn,
    )


def run_policies(
    model: Model,
    layout: Plan,
    table: Policies,
    worlds: tuple[Float[np.ndarray, "world coordinate"], Float[np.ndarray, "world future chance"]],
    keep: Callable[[Int[np.ndarray, " block"], tuple[Array, Array, Array]], None],
    done: Callable[[int], None] | None = None,
) -> None:
    """Run options by the program of a layout; `keep` is handed the places of worlds, and what was found of each.

    `worlds` are draws and chances. Found are metrics `[world, option, metric]`, series `[world, observable,
    month]` of the last option, and the share of a world's futures in which the adaptive option turns.
    """
    program = simulation_program(model, layout)
    draws, chances = worlds

    def one(block: tuple[np.ndarray, int]) -> None:
        rows, counting = block
        z, futures = jnp.asarray(draws[rows], jnp.float32), jnp.asarray(chances[rows])
        keep(rows[:counting], program(model.numbers, table, z, futures))

    parallel_map(one, blocks(len(draws), RUN), done)


def simulation_program(model: Model, layout: Plan) -> Callable[..., tuple[Array, Array, Array]]:
    """The compiled program that runs a block of worlds under the options handed to it."""
    z, chances = (
        jax.ShapeDtypeStruct(shape, jnp.float32)  # type: ignore[no-untyped-call]
        for shape in ((RUN, len(model.coordinates)), (RUN, FUTURES, len(model.chances)))
    )
    read_off = (layout.metrics, layout.series)

    def program(numbers: ModelNumbers, table: Policies, z: Array, chances: Array) -> _Found:
        return _block(model.with_numbers(numbers), read_off, table, z, chances)

    shapes = policies(layout, layout.levers, layout.money, range(len(layout.options)))
    arguments = (model.numbers, shapes, z, chances)
    return compiled("simulate", program, (model.structure, read_off), arguments, (0, 0, 0))


def _block(model: Model, read_off: _ReadOff, table: Policies, z: Array, chances: Array) -> _Found:
    """Metrics, series and shares of a block, as `run_policies` hands them on."""
    batches = len(z) // BATCH
    worlds = z.reshape(batches, BATCH, -1).transpose(0, 2, 1)
    futures = chances.reshape(batches, BATCH, *chances.shape[1:]).transpose(0, 2, 3, 1)
    # small batches one after another: their arrays stay in the cache
    found = jax.lax.map(lambda batch: _batch(model, read_off, table, *batch), (worlds, futures))
    return _worlds_first(found[0]), _worlds_first(found[1]), _worlds_first(found[2])


def _worlds_first(array: Array) -> Array:
    """What batches have found, `[batch, …, world]`, as `[world, …]`."""
    moved = jnp.moveaxis(array, -1, 1)
    return moved.reshape(moved.shape[0] * moved.shape[1], *moved.shape[2:])


def _batch(model: Model, read_off: _ReadOff, table: Policies, z: Array, chances: Array) -> _Found:
    """Metrics `[option, metric, world]`, series `[observable, month, world]`, and shares, of a few worlds."""
    asked, shown = read_off
    now = jnp.asarray(model.nodes[:1], z.dtype)[:, None]
    history = jnp.asarray(model.history, z.dtype)[:, None]
    gains = {name: now for name, how in asked if how == "gain"}
    # worked out once: the past and every option look at the same parameters
    values, count = model.values(z), z.shape[1]
    start = {name: known[0] for name, known in model.past_of(values, gains, count).items()}
    shape = (FUTURES, len(model.nodes) - 1, count)

    def option(step: Array, before: _Step) -> _Step:
        """One option after another, and what the next one may need of it."""
        index = table.order[step]
        rows, outputs = jax.vmap(partial(future, table.levers[index], table.money[index]))(chances)
        series = [jnp.broadcast_to(outputs[name], shape) for name in shown]
        turning = index == table.turn.row
        mixed = jnp.where(turning & ~before.crossed[:, None], before.rows, rows)
        share = jnp.where(turning, mean_over_futures(before.crossed.astype(z.dtype)), before.share)
        metrics = before.metrics.at[index].set(mean_over_futures(mixed))
        return _Step(metrics, series, rows, _crossed(table.turn, series, before.crossed), share)

    def future(levers: Array, money: Array, chance: Array) -> tuple[Array, dict[str, Array]]:
        outputs = model.ahead_of(values, levers, money, chance)
        rows = [reduced(outputs[name], how, start.get(name)) for name, how in asked]
        rows = [jnp.broadcast_to(row, z.shape[1:]) for row in rows]
        return jnp.stack(rows), {name: outputs[name] for name in shown}

    # options one after another: what one of them needs fits into the cache
    none = _Step(
        metrics=jnp.zeros((len(table.money), len(asked), count), z.dtype),
        series=[jnp.zeros(shape, z.dtype)] * len(shown),
        rows=jnp.zeros((FUTURES, len(asked), count), z.dtype),
        crossed=jnp.zeros((FUTURES, count), bool),
        share=jnp.zeros(count, z.dtype),
    )
    last = jax.lax.fori_loop(0, table.options, option, none)
    known = model.past_of(values, dict.fromkeys(shown, history), count)
    if not shown:
        return last.metrics, jnp.zeros((0, len(history) + shape[1], count), z.dtype), last.share
    rows = [
        jnp.concatenate([known[name], mean_over_futures(ahead)])
        for name, ahead in zip(shown, last.series, strict=True)
    ]
    return last.metrics, jnp.stack(rows), last.share


class _Step(NamedTuple):
    """Options up to one: all metrics so far; series, outcomes by future, and what is watched, of this one.

    `rows[future, metric, world]` and `crossed[future, world]`; `share` is that of the adaptive option.
    """

    metrics: Array
    series: list[Array]
    rows: Array
    crossed: Array
    share: Array


def _crossed(turn: Turn, series: Sequence[Array], nothing: Array) -> Array:
    """In which futures the watched series lies beyond the threshold in its month."""
    if not series:
        return nothing
    then = [jax.lax.dynamic_index_in_dim(one, turn.month, axis=1, keepdims=False) for one in series]
    seen = jnp.stack(then)[turn.watched]
    return jnp.where(turn.sign > 0.0, seen > turn.threshold, seen <= turn.threshold)


def mean_over_futures(futures: Array) -> Array:
    """The mean of an array over the futures, its first axis, added up one after another."""
    total = futures[0]
    for one in futures[1:]:
        total = total + one
    return total / len(futures)


def reduced(values: Array, how: str, start: Array | None) -> Array:
    """What a metric makes of an observable's months: its end, mean or gain since `start`."""
    if how == "mean":
        return jnp.mean(values, axis=0)
    if how == "gain":
        assert start is not None
        return values[-1] - start
    return values[-1]

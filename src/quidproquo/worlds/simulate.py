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
    "Simulation",
    "futures",
    "mean_over_futures",
    "plan",
    "reduced",
    "simulate",
    "simulation_program",
    "worlds_first",
]

FUTURES = 8
RUN = 512  # worlds that one call of the program runs, so that few worlds keep all cores at work
BATCH = 128  # worlds at a time
_OPTIONS = 8  # a program takes a multiple of these
_REDUCTIONS = ("end", "mean", "gain")
_ReadOff: TypeAlias = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]


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
    program = simulation_program(model, layout)
    policies = _policies(layout)
    months = len(model.history) + len(model.nodes) - 1
    metrics = np.empty((len(draws), len(layout.options), len(layout.metrics)))
    series = np.empty((len(layout.series), len(draws), months), np.float32)

    def one(block: tuple[np.ndarray, int]) -> None:
        rows, counting = block
        z, futures = jnp.asarray(draws[rows], jnp.float32), jnp.asarray(chances[rows])
        found = program(model.numbers, policies, z, futures)
        place = rows[:counting]
        metrics[place] = np.asarray(found[0])[:counting, : len(layout.options)]
        # straight to its place: all months of all worlds are large
        if layout.series:
            series[:, place] = np.asarray(found[1])[:counting].transpose(1, 0, 2)

    parallel_map(one, blocks(len(draws), RUN), done)
    failed = np.asarray(~np.isfinite(metrics[:, : layout.own]).all(axis=(1, 2)))
    status = np.asarray(failed, dtype=np.int64)
    return Simulation(np.where(failed[:, None, None], 0.0, metrics), series, status)


class _Policies(NamedTuple):
    """Options as arguments of a program: so many of them, then rows that are not run.

    `order` is the order in which they run, the baseline last: of the last one, series are kept.
    """

    options: Numbers
    order: Numbers
    levers: Numbers
    money: Numbers


def _policies(layout: Plan) -> _Policies:
    count = len(layout.options)
    more = layout.rows - count
    levers = np.pad(layout.levers.astype(np.float32), ((0, more), (0, 0), (0, 0)))
    money = np.pad(layout.money.astype(np.float32), (0, more))
    order = [index for index in range(count + more) if index != layout.baseline]
    order.insert(count - 1, layout.baseline)
    return _Policies(np.array(count, np.int32), np.array(order, np.int32), levers, money)


def simulation_program(model: Model, layout: Plan) -> Callable[..., tuple[Array, Array]]:
    """The compiled program that runs a block of worlds under the options handed to it."""
    z, chances = (
        jax.ShapeDtypeStruct(shape, jnp.float32)  # type: ignore[no-untyped-call]
        for shape in ((RUN, len(model.coordinates)), (RUN, FUTURES, len(model.chances)))
    )
    read_off = (layout.metrics, layout.series)

    def program(numbers: ModelNumbers, policies: _Policies, z: Array, chances: Array) -> tuple[Array, Array]:
        return _block(model.with_numbers(numbers), read_off, policies, z, chances)

    arguments = (model.numbers, _policies(layout), z, chances)
    return compiled("simulate", program, (model.structure, read_off), arguments, (0, 0))


def _block(
    model: Model, read_off: _ReadOff, policies: _Policies, z: Array, chances: Array
) -> tuple[Array, Array]:
    """Metrics `[world, option, metric]` and series `[world, observable, month]` of a block."""
    batches = len(z) // BATCH
    worlds = z.reshape(batches, BATCH, -1).transpose(0, 2, 1)
    futures = chances.reshape(batches, BATCH, *chances.shape[1:]).transpose(0, 2, 3, 1)
    # small batches one after another: their arrays stay in the cache
    metrics, series = jax.lax.map(lambda batch: _batch(model, read_off, policies, *batch), (worlds, futures))
    return worlds_first(metrics), worlds_first(series)


def worlds_first(array: Array) -> Array:
    """What batches have found, `[batch, …, world]`, as `[world, …]`."""
    moved = jnp.moveaxis(array, -1, 1)
    return moved.reshape(moved.shape[0] * moved.shape[1], *moved.shape[2:])


def _batch(
    model: Model, read_off: _ReadOff, policies: _Policies, z: Array, chances: Array
) -> tuple[Array, Array]:
    """Metrics `[option, metric, world]` and series `[observable, month, world]` of a few worlds."""
    asked, shown = read_off
    now = jnp.asarray(model.nodes[:1], z.dtype)[:, None]
    history = jnp.asarray(model.history, z.dtype)[:, None]
    gains = {name: now for name, how in asked if how == "gain"}
    # worked out once: the past and every option look at the same parameters
    values, count = model.values(z), z.shape[1]
    start = {name: known[0] for name, known in model.past_of(values, gains, count).items()}
    shape = (FUTURES, len(model.nodes) - 1, count)

    def option(step: Array, so_far: tuple[Array, list[Array]]) -> tuple[Array, list[Array]]:
        """Metrics of one option, and the series of the one that ran last."""
        metrics, _ = so_far
        index = policies.order[step]
        rows, outputs = jax.vmap(partial(future, policies.levers[index], policies.money[index]))(chances)
        return metrics.at[index].set(mean_over_futures(rows)), [
            jnp.broadcast_to(outputs[name], shape) for name in shown
        ]

    def future(levers: Array, money: Array, chance: Array) -> tuple[Array, dict[str, Array]]:
        outputs = model.ahead_of(values, levers, money, chance)
        rows = [reduced(outputs[name], how, start.get(name)) for name, how in asked]
        rows = [jnp.broadcast_to(row, z.shape[1:]) for row in rows]
        return jnp.stack(rows), {name: outputs[name] for name in shown}

    # options one after another: what one of them needs fits into the cache
    none = (
        jnp.zeros((len(policies.money), len(asked), count), z.dtype),
        [jnp.zeros(shape, z.dtype)] * len(shown),
    )
    metrics, last = jax.lax.fori_loop(0, policies.options, option, none)
    known = model.past_of(values, dict.fromkeys(shown, history), count)
    if not shown:
        return metrics, jnp.zeros((0, len(history) + shape[1], count), z.dtype)
    rows = [
        jnp.concatenate([known[name], mean_over_futures(ahead)])
        for name, ahead in zip(shown, last, strict=True)
    ]
    return metrics, jnp.stack(rows)


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

"""The shipped case: how many world-options a second, and a million worlds in little memory."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from quidproquo.cases import list_cases, load_case
from quidproquo.cases.record import Case
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.runtime import prepare
from quidproquo.worlds.simulate import FUTURES, Plan, futures, plan, simulate
from quidproquo.worlds.streams import BLOCK, normals

SLICE = 32 * BLOCK  # worlds whose draws are held at once


@dataclass(frozen=True)
class Streamed:
    worlds: int
    options: int
    seconds: float
    peak: float  # GiB
    failed: int
    means: np.ndarray


def _laid_out() -> tuple[Case, Model, Plan]:
    case = load_case(list_cases()[0].name)
    model = build_model(case)
    return case, model, plan(model, case, ())


def rate(worlds: int, times: int = 3) -> tuple[float, str]:
    """World-options a second, all futures run, and what was run."""
    case, model, layout = _laid_out()
    key = jax.random.key(0)
    draws, luck = normals(key, model.coordinates, worlds), futures(key, model, worlds)
    simulate(model, layout, draws[:BLOCK], luck[:BLOCK])
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        simulate(model, layout, draws, luck)
        found.append(time.perf_counter() - begin)
    size = f"{len(case.mechanisms)} mechanisms, {FUTURES} futures, {len(model.nodes) - 1} months"
    return worlds * len(layout.options) / min(found), f"{case.name}: {size}"


def single() -> tuple[list[str], list[str], Callable[..., dict[str, float]]]:
    """Names of the coordinates and metrics, and a function of one world and option along all futures.

    The function reads every metric's observable at the horizon.
    """
    prepare()
    case, model, layout = _laid_out()
    names, luck = [f"z{n}" for n in range(len(model.coordinates))], futures(jax.random.key(0), model, 1)

    def ends(z: Array, levers: Array, money: Array, chances: Array) -> Array:
        def one(chance: Array) -> Array:
            done = model.ahead(z, levers, money, chance)
            rows = [jnp.broadcast_to(done[name][-1], (1,)) for name, _ in layout.metrics]
            return jnp.concatenate(rows)

        return jnp.mean(jax.vmap(one)(chances), axis=0)

    program, chances = jax.jit(ends), luck[0][:, :, None]

    def world(option: int = 0, **values: float) -> dict[str, float]:
        z = np.array([[values[name]] for name in names], np.float32)
        found = np.asarray(program(z, layout.levers[option], layout.money[option], chances))
        return dict(zip(case.metrics, found.tolist(), strict=True))

    return names, list(case.metrics), world


def streamed(worlds: int) -> Streamed:
    """Means of every metric under every option over many worlds, drawn slice by slice."""
    _, model, layout = _laid_out()
    key = jax.random.key(0)
    total = np.zeros((len(layout.options), len(layout.metrics)))
    failed = 0
    begin = time.perf_counter()
    for number, first in enumerate(range(0, worlds, SLICE)):
        own, count = jax.random.fold_in(key, number), min(SLICE, worlds - first)
        found = simulate(model, layout, normals(own, model.coordinates, count), futures(own, model, count))
        total += found.metrics.sum(axis=0)  # a world that failed counts as zeros
        failed += int(found.status.sum())
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return Streamed(worlds, len(layout.options), seconds, peak, failed, total / max(worlds - failed, 1))

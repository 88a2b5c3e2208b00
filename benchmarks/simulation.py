"""How fast worlds run: `python benchmarks/simulation.py [--quick]`.

The shipped case is run under all its options along all futures to the horizon. Compilation is
timed apart; every other figure is the least of a few runs on this machine. What a mechanism takes is
what the months ahead take with it less what they take with those alone that come before it.
"""

from __future__ import annotations

import dataclasses
import sys
import time
from datetime import date
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from quidproquo.cases import list_cases, load_case
from quidproquo.cases.record import Case
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.runtime import cores, prepare
from quidproquo.worlds.simulate import FUTURES, futures, plan, simulate
from quidproquo.worlds.streams import BLOCK, normals

WORLDS, TARGET = 100_000, 10.0


def measure(case: Case, worlds: int, times: int = 2) -> tuple[float, float]:
    """Seconds of the first run of one block, which compiles, and of the fastest whole run."""
    model = build_model(case)
    watched = next(iter(case.metrics.values())).observable.partition("@")[0]
    layout = plan(model, case, (watched,))
    key = jax.random.key(0)
    draws, luck = normals(key, model.coordinates, worlds), futures(key, model, worlds)
    begin = time.perf_counter()
    simulate(model, layout, draws[:BLOCK], luck[:BLOCK])
    first = time.perf_counter() - begin
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        simulate(model, layout, draws, luck)
        found.append(time.perf_counter() - begin)
    return first, min(found)


def options_of(case: Case, count: int) -> Case:
    """The same case with its first options alone."""
    return dataclasses.replace(case, options=dict(list(case.options.items())[:count]))


def exponent(sizes: list[int], found: list[float]) -> float:
    """Slope of log time over log size."""
    return float(np.polyfit(np.log(sizes), np.log(found), 1)[0])


def by_mechanism(case: Case, worlds: int, times: int = 30) -> dict[str, float]:
    """Seconds that each mechanism adds to the months ahead, for some worlds along all futures."""
    whole = build_model(case)
    key = jax.random.key(0)
    z = normals(key, whole.coordinates, worlds).T
    luck = futures(key, whole, worlds).transpose(1, 2, 0)
    levers = jnp.ones((len(whole.levers), len(whole.nodes) - 1), jnp.float32)
    programs = []
    # a mechanism reads only those before it
    for count in range(len(whole.parts) + 1):
        some = dataclasses.replace(whole, parts=whole.parts[:count])
        programs.append(jax.jit(partial(_ahead, some)).lower(z, levers, luck).compile())
    found = np.full(len(programs), np.inf)
    # in turns, so that a slow spell of the machine falls on all
    for _ in range(times):
        for place, program in enumerate(programs):
            begin = time.perf_counter()
            jax.block_until_ready(program(z, levers, luck))
            found[place] = min(found[place], time.perf_counter() - begin)
    return dict(zip((part.name for part in whole.parts), np.diff(found).tolist(), strict=True))


def _ahead(some: Model, z: jax.Array, levers: jax.Array, luck: jax.Array) -> list[jax.Array]:
    """Sums over the months of all that some mechanisms write, along every future."""

    def one(chance: jax.Array) -> list[jax.Array]:
        done = some.ahead(z, levers, jnp.float32(1.0), chance)
        return [jnp.sum(values, axis=0) for values in done.values()]

    return [] if not some.parts else jax.vmap(one)(luck)


def tell_mechanisms(case: Case) -> None:
    """Print what each mechanism takes, and whether one takes more than the rest put together."""
    found = by_mechanism(case, 512)
    every = sum(max(seconds, 0.0) for seconds in found.values())
    print("\nshare of the time of the months ahead, by mechanism")
    for name, seconds in sorted(found.items(), key=lambda entry: -entry[1]):
        print(f"{name:14s} {max(seconds, 0.0) / every:6.1%}")
    print(f"largest {max(found.values()) / every:.1%}   target: under 50 %")


def main() -> None:
    prepare()
    quick = "--quick" in sys.argv[1:]
    case = load_case(list_cases()[0].name)
    worlds = 4 * BLOCK if quick else WORLDS
    options, months = len(case.options), len(build_model(case).nodes) - 1
    first, whole = measure(case, worlds)
    print(f"{worlds:,} worlds × {options} options × {FUTURES} futures × {months} months, {cores()} cores")
    print(f"first block, compiled   {first:8.1f} s")
    target = "" if quick else f"   target {TARGET:.0f} s"
    print(f"all worlds and options  {whole:8.1f} s{target}")
    print(f"world-options a second  {worlds * options / whole:8,.0f}")
    few = 2 * BLOCK
    sizes = [few, 2 * few, 4 * few]
    times = [measure(case, size)[1] for size in sizes]
    print(f"\ngrowth: time ∝ size^exponent\nworlds   {exponent(sizes, times):6.2f}")
    counts = [n for n in (2, 4, 8) if n <= options]
    times = [measure(options_of(case, n), few)[1] for n in counts]
    print(f"options  {exponent(counts, times):6.2f}")
    year = case.decision_date.year
    horizons = [date(year + more, 12, 31) for more in (1, 2, 4)]
    cases = [dataclasses.replace(case, horizon=horizon) for horizon in horizons]
    spans = [len(build_model(one).nodes) - 1 for one in cases]
    print(f"months   {exponent(spans, [measure(one, few)[1] for one in cases]):6.2f}")
    tell_mechanisms(case)


if __name__ == "__main__":
    main()

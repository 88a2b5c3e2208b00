"""How fast worlds run: `python benchmarks/simulation.py [--quick]`.

The shipped case is run under all its options along all futures to the horizon. Compilation is
timed apart; every other figure is the least of a few runs on this machine.
"""

from __future__ import annotations

import dataclasses
import sys
import time
from datetime import date

import jax
import numpy as np

from quidproquo.cases import list_cases, load_case
from quidproquo.cases.record import Case
from quidproquo.worlds.model import build_model
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


if __name__ == "__main__":
    main()

"""What a toggle costs, and all leave-one-outs: `python benchmarks/reweighting.py [--quick]`.

One toggle takes a claim away and reads weights, effective draws, Pareto's k, means and quantiles
of every metric under every option, regret and best shares. Fans are five quantiles of every metric
in each of 24 months. The ensemble is sorted once before; that is timed apart. Every figure is the
least of several runs on this machine, in milliseconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from quidproquo.cases.record import Case, Metric, Option
from quidproquo.decisions.panel import Panel
from quidproquo.decisions.value import valued_worlds
from quidproquo.evidence.weights.estimators import Ladder
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.reweight import Change, Reweighter
from quidproquo.sensitivity.evaluator import SensitivityEvaluator, WhatIf
from quidproquo.sensitivity.leverage import leverage
from quidproquo.sensitivity.prepared import PreparedEnsemble

WORLDS, ITEMS, OPTIONS, METRICS, ESTIMATES, MONTHS = 100_000, 100, 8, 12, 30, 24
TOGGLE_TARGET, LEVERAGE_TARGET, FAN_TARGET = 50.0, 1000.0, 300.0
LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])


@dataclass(frozen=True)
class Size:
    worlds: int = WORLDS
    items: int = ITEMS
    options: int = OPTIONS


def made_case(size: Size) -> Case:
    day = date(2020, 1, 1)
    options = {f"o{n}": Option(f"o{n}", f"Option {n}", "", {}, day, 12, {}) for n in range(size.options)}
    metrics = {
        f"m{n}": Metric(f"m{n}", f"Metric {n}", "", "", "higher", -4.0, 4.0, 1.0, 0.0) for n in range(METRICS)
    }
    empty: dict[str, object] = {}
    return Case(
        "bench", "Bench", "", day, day, day, 0.0, Path(), empty, empty, empty, options, metrics, empty, (), empty,
        empty, (), empty, empty, (),
    )  # fmt: skip


def made_ensemble(size: Size) -> Ensemble:
    rng = np.random.default_rng(0)
    level = 0.3 * rng.normal(size=(size.worlds, 20))
    reports = 0.3 * rng.normal(size=size.items)
    seen = level[:, np.arange(size.items) % 20]
    return Ensemble(
        kind="weighted",
        parameters=tuple(f"p{n}" for n in range(20)),
        draws=level,
        log_weight=np.zeros(size.worlds),
        island=np.arange(size.worlds) * 10 // size.worlds,
        status=np.zeros(size.worlds, dtype=int),
        hypotheses=(),
        states=np.zeros((size.worlds, 0), dtype=int),
        items=tuple(f"c{n}" for n in range(size.items)),
        log_likelihood=-0.5 * ((seen - reports) / 0.8) ** 2,
        predicted=seen,
        options=tuple(f"o{n}" for n in range(size.options)),
        metrics=tuple(f"m{n}" for n in range(METRICS)),
        outcomes=rng.normal(size=(size.worlds, size.options, METRICS)) + level[:, None, :METRICS],
    )


def least(action: Callable[[], object], times: int) -> float:
    """Milliseconds of the fastest of several runs."""
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        action()
        found.append(time.perf_counter() - begin)
    return 1000.0 * min(found)


def fans(size: Size, weights: np.ndarray, times: int) -> float:
    """Milliseconds of the monthly quantiles of every metric under other weights."""
    months = np.random.default_rng(2).normal(size=(METRICS * MONTHS, size.worlds))
    ladder = Ladder(months)
    return least(lambda: ladder.quantiles(weights, LEVELS), times)


def measure(size: Size, times: int = 7) -> dict[str, float]:
    case, ensemble = made_case(size), made_ensemble(size)
    begin = time.perf_counter()
    reweighter = Reweighter(ensemble)
    worlds = valued_worlds(ensemble, case)
    panel = Panel(worlds)
    ready = 1000.0 * (time.perf_counter() - begin)
    change = Change(drop=(ensemble.items[-1],))
    weights = reweighter.reweight(change).log_weight
    sets = [WhatIf("claim", item, item, (item,)) for item in ensemble.items]
    rng = np.random.default_rng(1)
    estimates = {f"e{n}": rng.normal(size=size.worlds) for n in range(ESTIMATES)}
    evaluator = SensitivityEvaluator(PreparedEnsemble(reweighter, worlds.option_values, estimates))
    return {
        "sorting once": ready,
        "weights, draws, k": least(lambda: reweighter.reweight(change), times),
        "option figures": least(lambda: panel.figures(weights), times),
        "one toggle": least(lambda: panel.figures(reweighter.reweight(change).log_weight), times),
        "monthly fans": fans(size, np.exp(weights), times),
        "all leave-one-outs": least(lambda: leverage(evaluator, sets), 3),
    }


def exponent(sizes: list[int], found: list[float]) -> float:
    """Slope of log time over log size."""
    return float(np.polyfit(np.log(sizes), np.log(found), 1)[0])


def main() -> None:
    quick = "--quick" in sys.argv[1:]
    size = Size(worlds=10_000) if quick else Size()
    base = measure(size)
    targets = {
        "one toggle": TOGGLE_TARGET, "monthly fans": FAN_TARGET, "all leave-one-outs": LEVERAGE_TARGET
    }  # fmt: skip
    print(f"{size.worlds:,} worlds, {size.items} claims, {size.options} options, {METRICS} metrics")
    print(f"{'':22}{'measured':>12}{'target':>12}")
    for name, value in base.items():
        target = f"{targets[name]:9.0f} ms" if name in targets and not quick else ""
        print(f"{name:22}{value:9.1f} ms{target:>12}")
    print("\ngrowth: time ∝ size^exponent")
    print(f"{'':22}{'one toggle':>12}{'leave-one-outs':>18}")
    steps = {
        "worlds": [Size(worlds=size.worlds // part) for part in (8, 4, 2)],
        "claims": [Size(worlds=size.worlds, items=size.items // part) for part in (4, 2)],
        "options": [Size(worlds=size.worlds, options=size.options // part) for part in (4, 2)],
    }
    for name, smaller in steps.items():
        runs = [measure(step, 3) for step in smaller] + [base]
        sizes = [getattr(step, name if name != "claims" else "items") for step in (*smaller, size)]
        row = [exponent(sizes, [run[part] for run in runs]) for part in ("one toggle", "all leave-one-outs")]
        print(f"{name:22}{row[0]:12.2f}{row[1]:18.2f}")


if __name__ == "__main__":
    main()

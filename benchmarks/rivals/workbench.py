"""World-options a second of EMA Workbench: `python -m rivals.workbench EXPERIMENTS` prints JSON.

Its model is first the small one, compiled by Numba, one world and option a call; the monthly numbers are
drawn once before, and one array is used for all worlds: both favour the workbench. Then it is the shipped
case, compiled by JAX, one world and option a call along all futures. It runs as a process of its own
because the workbench forks its workers.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np
from ema_workbench import (
    IntegerParameter,
    Model,
    MultiprocessingEvaluator,
    Policy,
    RealParameter,
    ScalarOutcome,
    SequentialEvaluator,
)

from rivals.common import CENTRE, LEVERS, MONTHS, OPTIONS, SCALE, TABLE, made_levers
from rivals.loops import ahead, shared

_SHOCKS = np.random.default_rng(0).standard_normal(2 * MONTHS, np.float32)
_OPTIONS = made_levers()
World = Callable[..., dict[str, float]]
Range = tuple[float, float]


def small_world(option: int = 0, **values: float) -> dict[str, float]:
    """One world of the small model under one option."""
    p = np.array([values[name] for name in TABLE], np.float32)
    months = np.empty((LEVERS, MONTHS), np.float32)
    shared(p, _SHOCKS, months)
    total, currency, stay = ahead(p, months, _OPTIONS[option])
    return {"total": float(total), "currency": float(currency), "stay": float(stay)}


def workbench_model(name: str, world: World, ranges: dict[str, Range], outcomes: list[str]) -> Model:
    model = Model(name, function=world)
    model.uncertainties = [RealParameter(key, low, high) for key, (low, high) in ranges.items()]
    model.levers = [IntegerParameter("option", 0, OPTIONS - 1)]
    model.outcomes = [ScalarOutcome(outcome) for outcome in outcomes]
    return model


def rate(evaluator: object, scenarios: int, times: int = 6) -> float:
    """World-options a second, the fastest of several runs."""
    policies = [Policy(f"option {n}", option=n) for n in range(OPTIONS)]
    found = []
    with evaluator as ready:  # type: ignore[attr-defined]
        for _ in range(times):
            begin = time.perf_counter()
            ready.perform_experiments(scenarios, policies)
            found.append(time.perf_counter() - begin)
    return scenarios * OPTIONS / min(found)


def small(scenarios: int) -> dict[str, float]:
    low, high = np.exp(CENTRE - 2 * SCALE).tolist(), np.exp(CENTRE + 2 * SCALE).tolist()
    ranges = dict(zip(TABLE, zip(low, high, strict=True), strict=True))
    small_world(0, **dict(zip(TABLE, np.exp(CENTRE).tolist(), strict=True)))  # compiles
    model = workbench_model("small", small_world, ranges, ["total", "currency", "stay"])
    return {
        "sequential": rate(SequentialEvaluator(model), scenarios),
        "two processes": rate(MultiprocessingEvaluator(model, n_processes=2), scenarios),
    }


def whole(scenarios: int) -> float:
    """The same with the shipped case as its model."""
    from rivals import shipped

    names, outcomes, world = shipped.single()
    world(0, **dict.fromkeys(names, 0.0))  # compiles
    model = workbench_model("shipped", world, dict.fromkeys(names, (-2.0, 2.0)), outcomes)
    return rate(SequentialEvaluator(model), scenarios)


def main() -> None:
    warnings.simplefilter("ignore")
    experiments = int(sys.argv[1])
    rates = small(experiments // OPTIONS)  # forks: before JAX starts its threads
    print(json.dumps(rates | {"shipped": whole(experiments // OPTIONS)}))


if __name__ == "__main__":
    main()

"""What the findings on the choice cost: what no option changes, leads, bundles, and weights of the metrics.

    python benchmarks/decisions.py [WORLDS]

Worlds are drawn from the priors of the shipped case and simulated under its options and the generated bundles. The
target is 1.5 CPU seconds at 4,096 worlds, apart from simulating.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TypeVar

import jax
import numpy as np

from quidproquo.cases import load_case
from quidproquo.decisions.components import bundle_findings, generated_options
from quidproquo.decisions.unchanged import unchanged
from quidproquo.decisions.value import valued_worlds
from quidproquo.decisions.worth import leads
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.sensitivity.metric_weights import sweep_metric_weights
from quidproquo.worlds.model import build_model
from quidproquo.worlds.simulate import futures, plan, simulate
from quidproquo.worlds.streams import normals

TARGET = 1.5
ISLANDS = 32
Found = TypeVar("Found")


def timed(name: str, work: Callable[[], Found]) -> tuple[float, Found]:
    """CPU seconds of all threads, printed, and what was found."""
    start = time.process_time()
    found = work()
    spent = time.process_time() - start
    print(f"{name:45} {spent:6.2f} CPU s")
    return spent, found


def main(worlds: int) -> None:
    """Simulate, then time each finding."""
    case, key = load_case("dprk-russia"), jax.random.key(0)
    model, generated = build_model(case), generated_options(case)
    layout = plan(model, case, (), tuple(generated.values()))
    z, chances = normals(key, model.coordinates, worlds), futures(key, model, worlds)
    simulate(model, layout, z[:1], chances[:1])  # compiled before anything is timed
    timed(f"simulating {layout.own} options", lambda: simulate(model, layout.without_variants(), z, chances))
    _, run = timed(f"and {layout.variants} generated bundles", lambda: simulate(model, layout, z, chances))
    ensemble = Ensemble(
        kind="weighted",
        parameters=(),
        draws=np.zeros((worlds, 0)),
        log_weight=np.zeros(worlds),
        island=np.arange(worlds) * ISLANDS // worlds,
        status=run.status,
        hypotheses=(),
        states=np.zeros((worlds, 0), dtype=int),
        items=(),
        log_likelihood=np.zeros((worlds, 0)),
        predicted=np.zeros((worlds, 0)),
        options=tuple(case.options),
        metrics=tuple(case.metrics),
        outcomes=run.metrics[:, : layout.own],
        variants=tuple(generated),
        variant_outcomes=run.metrics[:, layout.own :],
    )
    valued = valued_worlds(ensemble, case)
    found = [
        timed("what no option changes", lambda: unchanged(valued, case)),
        timed("leads in natural units", lambda: leads(valued, ensemble.options[-1])),
        timed("bundles by their components", lambda: bundle_findings(valued, case)),
        timed("weights of the metrics, turning points", lambda: sweep_metric_weights(valued, case)),
    ]
    total = sum(spent for spent, _ in found)
    print(f"{'all findings':45} {total:6.2f} CPU s (target {TARGET} at 4,096 worlds)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4096)

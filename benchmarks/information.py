"""Whether the worth of information is right, and what it costs.

    python benchmarks/information.py [WORLDS]

Targets: an error of at most 2% of EVPI or three Monte Carlo errors, on closed forms and on the published normal
example of the R package voi (drawn anew, number for number); and 2 CPU seconds for 30 quantities and 15 options in
4,096 worlds, each with the worth of the quantity and of a report on it.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from tests.decisions.linear_normal import EXACT, PUBLISHED, islands, mean_chances, published, sample, values

from quidproquo.decisions.information import DecisionProblem, InformationValue, evpi, evppi, evsi, regress

SHARE, ERRORS, SECONDS = 0.02, 3.0, 2.0
REPLICATES, QUANTITIES, OPTIONS = 60, 30, 15


def problem(table: np.ndarray) -> DecisionProblem:
    """A decision problem of evenly weighted worlds."""
    return DecisionProblem(table, np.zeros(len(table)), islands(len(table)))


def example(p1: np.ndarray, p2: np.ndarray, rng: np.random.Generator) -> dict[str, InformationValue]:
    """Everything that is known of the normal example, EVSI by both ways."""
    own = problem(values(p1, p2))
    found = {
        "EVPI": evpi(own),
        "EVPPI of p1": evppi(own, regress(own, p1)),
        "EVPPI of p2": evppi(own, regress(own, p2)),
        "EVPPI of p1 and p2": evppi(own, regress(own, np.column_stack([p1, p2]))),
    }
    for n in (10, 100, 1000):
        found[f"EVSI of {n} on p1"] = evsi(own, mean_chances(p1, n**-0.5), regress(own, p1))
        found[f"EVSI of {n} on p1, weights alone"] = evsi(own, mean_chances(p1, n**-0.5))
        found[f"EVSI of {n} on p1, drawn reports"] = evppi(
            own, regress(own, p1 + n**-0.5 * rng.normal(size=p1.size))
        )
    return found


def jump(rng: np.random.Generator, worlds: int) -> tuple[DecisionProblem, np.ndarray, float]:
    """An input that matters by a jump: values 1 above 0.8, and −0.5 below, with noise."""
    x = rng.uniform(size=worlds)
    gain = np.where(x > 0.8, 1.0, -0.5) + 0.5 * rng.normal(size=worlds)
    return problem(np.column_stack([np.zeros(worlds), gain])), x, 0.2


def row(name: str, target: float, found: InformationValue, scale: float) -> None:
    """Print one figure beside its target."""
    limit = max(SHARE * scale, ERRORS * found.gain.mcse)
    off = found.gain.mean - target
    verdict = "" if abs(off) <= limit else "  MISSED"
    print(
        f"{name:34} {target:9.5f} {found.gain.mean:9.5f} ± {found.gain.mcse:7.5f}"
        f" {off:+9.5f} {limit:8.5f} {found.upper:9.5f}{verdict}"
    )


def accuracy(worlds: int) -> None:
    """Figures of one sample, of the published one, and the mean of many."""
    head = f"{'':34} {'target':>9} {'measured':>9}   {'error':>7} {'off by':>9} {'limit':>8} {'upper':>9}"
    rng = np.random.default_rng(1)
    print(f"closed forms, {worlds} worlds\n{head}")
    for name, found in example(*sample(rng, worlds), rng).items():
        row(name, EXACT[name.partition(",")[0]], found, EXACT["EVPI"])
    own, x, exact = jump(rng, worlds)
    row("EVPPI of a jump", exact, evppi(own, regress(own, x)), evpi(own).gain.mean)
    print(f"\nvoi 1.0.3, its vignette's own sample of 10,000; targets as it prints them\n{head}")
    for name, found in example(*published(), rng).items():
        row(name, PUBLISHED[name.partition(",")[0]], found, EXACT["EVPI"])
    print(
        f"\nmean of {REPLICATES} samples of {worlds} worlds: bias, and the scatter over the error that is stated"
    )
    every: dict[str, list[tuple[float, float]]] = {}
    for seed in range(REPLICATES):
        rng = np.random.default_rng(100 + seed)
        for name, found in example(*sample(rng, worlds), rng).items():
            off = found.gain.mean - EXACT[name.partition(",")[0]]
            every.setdefault(name, []).append((off, off / found.gain.mcse))
        own, x, exact = jump(rng, worlds)
        known = evppi(own, regress(own, x))
        off = known.gain.mean - exact
        every.setdefault("EVPPI of a jump", []).append((off, off / known.gain.mcse))
    for name, pairs in every.items():
        off, z = np.array(pairs).T
        error = off.std(ddof=1) / REPLICATES**0.5
        print(f"{name:34} bias {off.mean():+8.5f} ± {error:7.5f}   scatter {z.std():5.2f}")


def cost() -> None:
    """CPU seconds of a whole list."""
    rng = np.random.default_rng(2)
    worlds = 4096
    x = rng.normal(size=(worlds, QUANTITIES))
    table = rng.normal(size=(worlds, OPTIONS)) + 0.3 * x @ rng.normal(size=(QUANTITIES, OPTIONS))
    start = time.process_time()
    own = problem(table)
    evpi(own)
    for column in x.T:
        expected = regress(own, column)
        evppi(own, expected)
        evsi(own, mean_chances(column, 0.3), expected)
    spent = time.process_time() - start
    print(
        f"\n{QUANTITIES} quantities, {OPTIONS} options, {worlds} worlds: {spent:.2f} CPU s (target {SECONDS})"
    )


if __name__ == "__main__":
    accuracy(int(sys.argv[1]) if len(sys.argv) > 1 else 4096)
    cost()

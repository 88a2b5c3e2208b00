"""Scenario discovery against EMA Workbench's PRIM: `python benchmarks/discovery.py [WORLDS] [COLUMNS]`.

A target holds in a box of three columns, and 5% of its labels are wrong. Both run in this process and take turns;
every time is the least of three. EMA Workbench knows no weights: the boxes are compared under equal weights, and
ours is also timed under uneven ones. Peeling and pasting count on both sides; ours also finds boxes on each half
of the worlds and tests them on the other, and grows the tree.

Targets: no slower than EMA Workbench; coverage at a density of 0.8 at least as great, less 0.005.
"""

from __future__ import annotations

import logging
import sys
import time
import warnings
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pandas as pd
from ema_workbench.analysis import prim

from quidproquo.decisions.discovery.boxes import discover
from quidproquo.decisions.discovery.record import Discovery, WorldTable

DENSITY, SHORT, ROUNDS, ISLANDS = 0.8, 0.005, 3, 16
Found = TypeVar("Found")


def planted(worlds: int, columns: int) -> tuple[WorldTable, np.ndarray]:
    """Worlds whose target holds in a box of three columns, with wrong labels."""
    random = np.random.default_rng(1)
    values = random.random((worlds, columns))
    inside = (values[:, 0] > 0.4) & (values[:, 1] < 0.7) & (values[:, 2] > 0.4)
    names = tuple(f"column {place}" for place in range(columns))
    target = inside ^ (random.random(worlds) < 0.05)
    return WorldTable(names, values, np.ones(worlds), np.arange(worlds) * ISLANDS // worlds), target


def uneven(table: WorldTable) -> WorldTable:
    """The same worlds under weights that differ by orders of magnitude."""
    weights = np.random.default_rng(2).gamma(0.5, size=len(table.values))
    return WorldTable(table.columns, table.values, weights, table.island)


def rival(frame: pd.DataFrame, target: np.ndarray) -> pd.DataFrame:
    """The trajectory of EMA Workbench's first box, which ends with its pastes."""
    return (
        prim.Prim(frame, target, threshold=DENSITY, peel_alpha=0.05, mass_min=0.05)
        .find_box()
        .peeling_trajectory
    )


def timed(work: Callable[[], Found]) -> tuple[float, Found]:
    """CPU seconds of all threads, and what was found."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def covered(coverage: np.ndarray, density: np.ndarray) -> float:
    """The greatest coverage among boxes at least so dense."""
    return float(np.max(coverage[density >= DENSITY], initial=0.0))


def ours_at(found: Discovery) -> float:
    """Coverage at the density asked for, of the first box or on the way to it."""
    if not found.boxes:
        return 0.0
    box = found.boxes[0]
    path = box.trajectory
    return covered(np.append(path.coverage, box.coverage.mean), np.append(path.density, box.density.mean))


def main(worlds: int, columns: int) -> None:
    """Let both take turns and print target and measured."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    table, target = planted(worlds, columns)
    weighed = uneven(table)
    frame = pd.DataFrame(table.values, columns=list(table.columns))
    times: dict[str, list[float]] = {
        "ours, equal weights": [],
        "ours, uneven weights": [],
        "EMA Workbench": [],
    }
    for _ in range(ROUNDS):
        spent, found = timed(lambda: discover(table, target))
        times["ours, equal weights"].append(spent)
        spent, heavy = timed(lambda: discover(weighed, target))
        times["ours, uneven weights"].append(spent)
        spent, trajectory = timed(lambda: rival(frame, target))
        times["EMA Workbench"].append(spent)
    for name, all_times in times.items():
        print(f"{name:22} {min(all_times):7.2f} CPU s")
    least = {name: min(all_times) for name, all_times in times.items()}
    slower = max(least["ours, equal weights"], least["ours, uneven weights"]) / least["EMA Workbench"]
    print(f"{'ours to theirs':22} {slower:7.2f} (target at most 1)")
    theirs = covered(trajectory["coverage"].to_numpy(), trajectory["density"].to_numpy())
    both = f"ours {ours_at(found):.3f}, theirs {theirs:.3f}"
    print(f"coverage at density {DENSITY}: {both} (target at most {SHORT} less)")
    for name, one in (("equal", found), ("uneven", heavy)):
        for box in one.boxes:
            ends = ", ".join(f"{r.column} [{r.low}, {r.high}]" for r in box.restrictions)
            print(f"{name} weights: {ends}; coverage {box.coverage.mean:.3f}, density {box.density.mean:.3f}")
    last = trajectory.iloc[-1]
    print(
        f"their last box: {int(last['res_dim'])} restricted columns, coverage {last['coverage']:.3f}, "
        f"density {last['density']:.3f}"
    )


if __name__ == "__main__":
    main(*(int(text) for text in (*sys.argv[1:], *("100000", "20")[len(sys.argv) - 1 :])))

"""What assembling and writing a brief costs: CPU seconds by stage, and peak memory.

    python benchmarks/assembly.py [--worlds N] [--case CASE] [--out DIR]

The case is weighed once (programs should be compiled before: run it twice). Then every part of the brief is
assembled by itself, the files of the run are written, and the page is drawn twice: what the second drawing
doesn't need are templates and the start of the library that draws charts. CPU seconds are user and system time
of all threads.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from quidproquo.brief import render_html
from quidproquo.study.assemble import (
    assumptions,
    claims,
    diagnostics,
    estimates,
    information,
    leverage,
    options,
)
from quidproquo.study.assemble.brief import assemble
from quidproquo.study.assemble.influence import influence_diagram
from quidproquo.study.assemble.programmes import programme_records
from quidproquo.study.gather import Gathered, gather
from quidproquo.study.infer import DEFAULT_WORLDS, RunResult, RunSettings, weigh
from quidproquo.study.output import brief_json, write_study
from quidproquo.study.progress import Silent
from quidproquo.study.run import cache
from quidproquo.worlds.runtime import prepare

Found = TypeVar("Found")
TARGET = 3.0  # CPU seconds for assembling and writing on a machine where 697595c needs 14


def timed(name: str, work: Callable[[], Found]) -> tuple[Found, float]:
    begin = time.process_time()
    found = work()
    taken = time.process_time() - begin
    print(f"  {name:34s} {taken:8.2f} s", flush=True)
    return found, taken


def parts(gathered: Gathered, run: RunResult) -> None:
    """Each part of the brief by itself."""
    case, day = gathered.case, gathered.case.decision_date
    known, _ = timed("estimates", lambda: estimates.estimates(case, gathered.claims, run, day))
    timed("ledger", lambda: estimates.ledger(case, gathered, run, day))
    timed("checks", lambda: estimates.checks(case, gathered.claims))
    timed("options and weightings", lambda: options.options(case, gathered.claims, run.findings))
    scalings, _ = timed("power-scaling", lambda: assumptions.parameter_scalings(run))
    timed("assumptions", lambda: assumptions.assumptions(case, run, day, scalings))
    timed("leverage", lambda: leverage.leverage(run, []))
    timed("evidence steps", lambda: leverage.evidence_steps(case, run))
    timed("worth of information", lambda: information.information(case, run))
    timed("misfit", lambda: diagnostics.misfit(case, run))
    timed("diagnostics", lambda: diagnostics.diagnostics(gathered, run, known, False))
    timed("claims", lambda: claims.claims(case, gathered.claims, run.table))
    timed("conflicts", lambda: claims.conflicts(gathered))
    timed("programmes", lambda: programme_records(case, gathered.claims, run, day))
    timed("influence diagram", lambda: influence_diagram(case, run.model, run.table.observable))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--worlds", type=int, default=DEFAULT_WORLDS)
    parser.add_argument("--case", default="dprk-russia")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    prepare(cache())
    gathered = gather(given.case, (), None, shipped=True, progress=Silent())
    day = gathered.case.decision_date
    settings = RunSettings(as_of=day, seed=0, worlds=given.worlds)
    print(f"{given.case}, {given.worlds:,} worlds")
    run, _ = timed(
        "weighing", lambda: weigh(gathered.case, gathered.claims, gathered.links, settings, Silent())
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    brief, assembling = timed(
        "assembling", lambda: assemble(gathered, run, seed=0, as_of=day, reviewed_only=False)
    )
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.out or Path(scratch)
        _, writing = timed("brief.json, claims.csv and run.nc", lambda: write_study(
            brief, gathered.case, gathered.claims, run, folder
        ))  # fmt: skip
        sizes = {path.name: path.stat().st_size / 1e6 for path in sorted(folder.iterdir())}
        page, drawing = timed("page", lambda: render_html(brief))
        (folder / "brief.html").write_text(page, encoding="utf-8")
    timed("page, a second time", lambda: render_html(brief))
    timed("brief.json as text", lambda: brief_json(brief))
    print("parts of assembling, a second time")
    parts(gathered, run)
    total = assembling + writing + drawing
    print(f"assembling, writing and drawing: {total:.2f} CPU s; target {TARGET:g}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak memory {peak} MiB, {before} MiB of it before assembling; target 1,536 MiB")
    print("sizes: " + ", ".join(f"{name} {size:.1f} MB" for name, size in sizes.items()) + "; target 40 MB")


if __name__ == "__main__":
    main()

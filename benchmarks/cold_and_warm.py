"""What a brief costs with an empty cache, with programs compiled before, and with another number of worlds.

    python benchmarks/cold_and_warm.py [CASE] [--base CHECKOUT] [--worlds N] [--other M]

runs `qpq brief` in processes of their own and prints CPU seconds (user and system), wall seconds, peak
memory, and how many programs were traced and compiled; with `--base`, the same for another checkout and the
ratios to it, both in one sitting. CPU seconds are what a busy machine disturbs least. The warm run has another
seed than the cold one, so that nothing but programs can have been kept for it. Then come the warm request once
more, once without its page, and, in a copy of the case, one with a claim graded otherwise: until key estimates,
options and choice are printed, and to its end. Their wall times are compared with the other checkout's warm run.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TARGETS = {"cold": 2 / 5, "warm": 1 / 5}
AGAIN = {"again": 1 / 12, "no page": 1 / 40, "first figures": 1 / 20, "edited": 1 / 7}
FIRST = "What-ifs are tested next"  # follows key estimates, options and choice
MOST_MEMORY = 1536  # MiB

# runs the command inside a process that counts what JAX reports, whatever the version of the package
COUNTED = """
import json, sys
from jax import monitoring
asked, found, seconds = [], [], []
def event(name, **_):
    if name == "/jax/compilation_cache/cache_hits":
        found.append(name)
def duration(name, elapsed, **about):
    if name == "/jax/core/compile/backend_compile_duration":
        asked.append(about.get("fun_name", "?"))
    elif name == "/jax/core/compile/jaxpr_trace_duration":
        seconds.append(elapsed)
monitoring.register_event_listener(event)
monitoring.register_event_duration_secs_listener(duration)
from quidproquo.cli import main
sys.argv = ["qpq", *sys.argv[2:]]
try:
    main()
finally:
    counts = {"asked": len(asked), "compiled": len(asked) - len(found), "tracing": sum(seconds)}
    open(COUNTS, "w").write(json.dumps(counts))
"""


@dataclass(frozen=True)
class Cost:
    """What one run took."""

    cpu: float
    wall: float
    memory: float
    counts: dict[str, float]
    first: float = math.nan  # seconds until the choice was printed, where progress is shown

    def __str__(self) -> str:
        compiled, asked = self.counts["compiled"], self.counts["asked"]
        return (
            f"{self.cpu:7.1f} CPU s {self.wall:7.1f} s {self.memory:6.0f} MiB   "
            f"{compiled:3.0f} of {asked:3.0f} programs compiled, {self.counts['tracing']:5.1f} s traced"
        )


def run(source: Path, arguments: list[str], folder: Path, cache: Path) -> Cost:
    """Run the command of a checkout, with a cache of its own, and see what it takes.

    Raises:
        SystemExit: if the command fails.
    """
    counts = folder / "counts.json"
    script = COUNTED.replace("COUNTS", repr(str(counts)))
    out = tempfile.mkdtemp(dir=folder)
    command = [sys.executable, "-c", script, "qpq", *arguments, "--out", f"{out}/brief"]
    environment = {**os.environ, "PYTHONPATH": str(source / "src"), "XDG_CACHE_HOME": str(cache)}
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said, first = [], math.nan
    for line in process.stderr:
        said.append(line)
        if line.startswith(FIRST) and math.isnan(first):
            first = time.perf_counter() - begun
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{''.join(said)}")
    wall = time.perf_counter() - begun
    return Cost(
        used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, json.loads(counts.read_text()), first
    )


def measured(source: Path, case: str, worlds: list[str], other: str, again: bool) -> dict[str, Cost]:
    """Cold, warm and with another number of worlds, in this order; then what comes `again`, if wanted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cache = folder / "cache"
        cache.mkdir()
        brief = ["brief", case]
        found = {}
        seeded = [*worlds, "--seed", "1"]
        for label, more in (("cold", worlds), ("warm", seeded), ("other", ["--worlds", other])):
            # finished runs that are kept would answer the second at once
            for kept in cache.glob("*/runs"):
                kept.rename(folder / f"kept-{label}")
            found[label] = run(source, brief + more, folder, cache)
            print(f"  {label:8s} {found[label]}", flush=True)
        if again:
            found |= repeated(source, case, worlds, (folder, cache))
        return found


def repeated(source: Path, case: str, worlds: list[str], places: tuple[Path, Path]) -> dict[str, Cost]:
    """The first request once more, without its page, and with one claim of a copied case graded otherwise."""
    folder, cache = places
    runs = cache / "quidproquo" / "runs"
    shutil.rmtree(runs)
    # moved there before the warm run: those of the cold one
    (folder / "kept-warm").rename(runs)
    copy, found = folder / "copy", {}
    for label, name in (("again", case), ("no page", case), ("copied", str(copy)), ("edited", str(copy))):
        if label == "copied":
            command = [sys.executable, "-m", "quidproquo", "cases", "copy", case, str(copy)]
            environment = {**os.environ, "PYTHONPATH": str(source / "src"), "XDG_CACHE_HOME": str(cache)}
            subprocess.run(command, env=environment, check=True, capture_output=True)
        if label == "edited":
            regrade(copy / "claims.csv")
        more = ["--no-page"] if label == "no page" else []
        found[label] = run(source, ["brief", name, *worlds, *more], folder, cache)
        print(f"  {label:8s} {found[label]}", flush=True)
    print(f"  the choice is printed after {found['edited'].first:.1f} s")
    return found


def regrade(path: Path) -> None:
    """Give the first claim that counts as probably true the grade of a doubtful one."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    row = next(
        row for row in rows if row["role"] == "observation" and row["credibility"] == "2" and row["value"]
    )
    row["credibility"] = "4"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("case", nargs="?", default="dprk-russia")
    parser.add_argument("--base", type=Path, help="another checkout to compare with")
    parser.add_argument("--worlds", help="worlds of the first two runs; by default the command's own")
    parser.add_argument("--other", default="3000", help="worlds of the third")
    options = parser.parse_args()
    worlds = [] if options.worlds is None else ["--worlds", options.worlds]
    print("here")
    ours = measured(ROOT, options.case, worlds, options.other, again=True)
    print(f"another number of worlds compiled {ours['other'].counts['compiled']:.0f} programs (target 0)")
    most = max(cost.memory for cost in ours.values())
    print(f"peak memory {most:.0f} MiB (target {MOST_MEMORY})")
    if options.base is None:
        return
    print(options.base)
    theirs = measured(options.base, options.case, worlds, options.other, again=False)
    for label, target in TARGETS.items():
        cpu, wall = (getattr(ours[label], field) / getattr(theirs[label], field) for field in ("cpu", "wall"))
        print(f"{label}: {cpu:.2f} of its CPU seconds, {wall:.2f} of its time (target {target:.2f})")
    seconds = {label: ours[label].wall for label in ("again", "no page", "edited")}
    seconds["first figures"] = ours["edited"].first
    for label, target in AGAIN.items():
        share = seconds[label] / theirs["warm"].wall
        print(f"{label}: {seconds[label]:.1f} s, {share:.3f} of its warm time (target {target:.3f})")


if __name__ == "__main__":
    main()

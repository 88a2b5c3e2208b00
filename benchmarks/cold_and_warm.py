"""What a brief costs with an empty cache, with programs compiled before, and with another number of worlds.

    python benchmarks/cold_and_warm.py [CASE] [--base CHECKOUT] [--worlds N] [--other M]

runs `qpq brief` in processes of their own and prints CPU seconds (user and system), wall seconds, peak
memory, and how many programs were traced and compiled; with `--base`, the same for another checkout and the
ratios to it, both in one sitting. CPU seconds are what a busy machine disturbs least.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TARGETS = {"cold": 2 / 5, "warm": 1 / 5}
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
    command = [sys.executable, "-c", script, "qpq", *arguments, "-q", "--out", f"{out}/brief"]
    environment = {**os.environ, "PYTHONPATH": str(source / "src"), "XDG_CACHE_HOME": str(cache)}
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{said}")
    wall = time.perf_counter() - begun
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, json.loads(counts.read_text()))


def measured(source: Path, case: str, worlds: list[str], other: str) -> dict[str, Cost]:
    """Cold, warm and with another number of worlds, in this order."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cache = folder / "cache"
        cache.mkdir()
        brief = ["brief", case]
        found = {}
        for label, more in (("cold", worlds), ("warm", worlds), ("other", ["--worlds", other])):
            # finished runs that are kept would answer the second at once
            for kept in cache.glob("*/runs"):
                kept.rename(folder / f"kept-{label}")
            found[label] = run(source, brief + more, folder, cache)
            print(f"  {label:6s} {found[label]}", flush=True)
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("case", nargs="?", default="dprk-russia")
    parser.add_argument("--base", type=Path, help="another checkout to compare with")
    parser.add_argument("--worlds", help="worlds of the first two runs; by default the command's own")
    parser.add_argument("--other", default="3000", help="worlds of the third")
    options = parser.parse_args()
    worlds = [] if options.worlds is None else ["--worlds", options.worlds]
    print("here")
    ours = measured(ROOT, options.case, worlds, options.other)
    print(f"another number of worlds compiled {ours['other'].counts['compiled']:.0f} programs (target 0)")
    most = max(cost.memory for cost in ours.values())
    print(f"peak memory {most:.0f} MiB (target {MOST_MEMORY})")
    if options.base is None:
        return
    print(options.base)
    theirs = measured(options.base, options.case, worlds, options.other)
    for label, target in TARGETS.items():
        cpu, wall = (getattr(ours[label], field) / getattr(theirs[label], field) for field in ("cpu", "wall"))
        print(f"{label}: {cpu:.2f} of its CPU seconds, {wall:.2f} of its time (target {target:.2f})")


if __name__ == "__main__":
    main()

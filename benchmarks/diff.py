"""What it costs to say what changed: `python benchmarks/diff.py OLD NEW [--base SECONDS]`.

Compares two runs (folders, cases, or CASE@DATE) in a process of its own, the smallest of three, and prints CPU
seconds (user and system) beside the target: with the run of the new brief, which is measured by
`benchmarks/cold_and_warm.py`, at most a sixth of one `qpq brief` of the version that `--base` was measured on.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys

SHARE = 1 / 6
BASE = 153.0  # CPU seconds of a brief of the first case on the machine that this was written on
TIMES = 3


def seconds(*arguments: str) -> float:
    """CPU seconds of one command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "quidproquo", *arguments], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Print the figure beside its target; the status says whether it is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--base", type=float, default=BASE)
    chosen = parser.parse_args()
    found = min(seconds("diff", chosen.old, chosen.new, "--json") for _ in range(TIMES))
    target = chosen.base * SHARE
    print(
        f"diff {chosen.old} {chosen.new}: {found:.2f} CPU seconds (with the new brief at most {target:.1f})"
    )
    return int(found > target)


if __name__ == "__main__":
    sys.exit(main())

"""What one question costs that re-weighting can answer: `python benchmarks/what_if.py [CASE] [--base SECONDS]`.

Makes the run of a case if it isn't kept (minutes), then asks `qpq what-if` in processes of their own and prints
CPU seconds (user and system) of each, the smallest of three. `--base` is what one `qpq brief` took that the target
is a sixtieth of: measure it with `benchmarks/cold_and_warm.py --base CHECKOUT` on the same machine. Names that are
asked about are the origins whose removal the kept run's brief says weights can judge, the three with most claims.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

SHARE = 1 / 60
BASE = 153.0  # CPU seconds of a brief of the first case on the machine that this was written on
TIMES = 3


def qpq(*arguments: str) -> tuple[float, str]:
    """CPU seconds of one command, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(
        [sys.executable, "-m", "quidproquo", *arguments], capture_output=True, text=True, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, run.stdout


def origins(case: str) -> list[str]:
    """Origins whose removal weights can judge, those with most claims first."""
    with tempfile.TemporaryDirectory() as folder:
        seconds, _ = qpq("brief", case, "--out", folder, "--no-page", "-q")
        brief = json.loads((Path(folder) / "brief.json").read_text(encoding="utf-8"))
    print(f"brief (kept or run): {seconds:.1f} CPU seconds")
    claims = Counter(claim["origin"] for claim in brief["claims"] if claim["used"])
    able = [
        row["id"]
        for row in brief["leverage"]
        if row["kind"] == "origin" and row["reliable"] and not row["rerun"]
    ]
    return sorted(able, key=lambda name: -claims[name])[:3]


def main() -> int:
    """Print every figure beside its target; the status says whether all are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="?", default="dprk-russia")
    parser.add_argument("--base", type=float, default=BASE)
    chosen = parser.parse_args()
    target, failed = chosen.base * SHARE, 0
    for origin in origins(chosen.case):
        found = [qpq("what-if", chosen.case, "--without", f"origin:{origin}", "--json") for _ in range(TIMES)]
        answer = json.loads(found[0][1])
        seconds = min(cost for cost, _ in found)
        failed += seconds > target or answer["method"] != "weights"
        told = f"{seconds:.2f} CPU seconds (target at most {target:.2f}), judged by {answer['method']}"
        print(f"without {origin}: {told}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())

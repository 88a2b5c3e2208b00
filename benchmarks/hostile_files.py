"""Time and memory that files made to harm take until a sentence says that they are refused.

    python benchmarks/hostile_files.py

Each is opened in a process of its own; that of a PDF counts with the one that it starts.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.reading.documents.hostile import HOSTILE

MOST_SECONDS = 2.0
MOST_MEMORY = 500

CODE = """
import resource, sys, time
from quidproquo.reading import load
start, before = time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
[*documents] = load(sys.argv[1:]).documents
own, child = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = time.process_time() - start + child.ru_utime + child.ru_stime - before
print(seconds, max(own.ru_maxrss, child.ru_maxrss) // 1024, documents[0].status, documents[0].reason, sep="\\t")
"""


MAKE = """
import pathlib, sys
from tests.reading.documents.hostile import HOSTILE
pathlib.Path(sys.argv[2]).write_bytes(HOSTILE[sys.argv[1]][1]())
"""


def main() -> None:
    worst_time = worst_memory = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for what, (name, _) in HOSTILE.items():
            if sys.argv[1:] and not any(word in what for word in sys.argv[1:]):
                continue
            path = Path(folder, name)
            make = [sys.executable, "-c", MAKE, what, str(path)]
            subprocess.run(make, check=True)  # a process that has once been large starts large ones
            start = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", CODE, str(path)], capture_output=True, text=True, check=False
            )
            wall = time.perf_counter() - start
            if done.returncode:
                print(f"{what:<34} FAILED {done.stderr.strip()[-200:]}")
                continue
            seconds, memory, status, reason = done.stdout.rstrip("\n").split("\t")
            worst_time, worst_memory = max(worst_time, float(seconds)), max(worst_memory, float(memory))
            print(
                f"{what:<34}{path.stat().st_size / 1024:>8,.0f} kB{float(seconds):>7.2f} s{wall:>7.2f} s wall"
                f"{int(memory):>6} MiB  {status}: {reason[:150]}",
                flush=True,
            )
    print(f"\nlongest {worst_time:.2f} CPU seconds (target {MOST_SECONDS:.0f})")
    print(f"largest {worst_memory:.0f} MiB (target {MOST_MEMORY})")


if __name__ == "__main__":
    main()

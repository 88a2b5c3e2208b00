"""How a brief grows with claims: `python benchmarks/growth_claims.py [--claims N …] [--worlds N] [--stages]`.

Claims are generated on the quantities of a shipped case: its own numeric claims, repeated with other ids, from
other sources and with other numbers near their own, are added to it. Sources grow in step with claims, up
to 300 for 5,000. Everything from reading the table to the finished brief is run; seconds are of all cores,
by stage, and exponents are slopes of log seconds over log claims. What doesn't depend on claims (imports,
compiled programs that are on file) is left out by subtracting nothing: small cases show it as a small exponent.

Target: all stages together grow with an exponent of 1.3 or less.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from quidproquo.cases import list_cases, load_case
from quidproquo.study.assemble.brief import assemble
from quidproquo.study.gather import gather
from quidproquo.study.infer import RunSettings, weigh
from quidproquo.study.progress import Advance, Silent
from quidproquo.study.run import cache
from quidproquo.worlds.runtime import prepare

CLAIMS, WORLDS, TARGET = (250, 1_000, 5_000), 1_024, 1.3
ORIGINS_EACH = 5_000 / 300  # claims of a source
NUMBERS = ("value", "low", "high")


class Clock(Silent):
    """Counts the processor's seconds of every stage, and says so on standard error as it goes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def stage(self, name: str, total: float | None = None) -> Iterator[Advance]:
        with super().stage(name, total) as advance, self.count(name):
            yield advance

    @contextmanager
    def count(self, name: str) -> Iterator[None]:
        begin = time.process_time()
        yield
        self.seconds[name] += time.process_time() - begin
        print(f"  {name}: {time.process_time() - begin:.1f} s", file=sys.stderr, flush=True)


def generated(folder: Path, count: int, seed: int = 0) -> list[dict[str, str]]:
    """So many claims near the numeric ones of a case, each from one of many sources."""
    rng = np.random.default_rng(seed)
    with (folder / "claims.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if _numeric(row)]
    origins = max(round(count / ORIGINS_EACH), 1)
    found = []
    for number in range(count):
        row = dict(rows[number % len(rows)])
        # downwards only, so that a share stays one
        factor = float(np.exp(-0.05 * abs(rng.standard_normal())))
        row |= {key: f"{float(row[key]) * factor:.6g}" for key in NUMBERS if row[key]}
        source = f"Generated source {number % origins}"
        row |= {
            "id": f"G{number:05d}",
            "speaker": source,
            "reporting_source": source,
            "origin": "",
            "document": "",
        }
        row |= {"paraphrase": f"{row['paraphrase']} ({number})", "credibility": "4", "state": "accepted"}
        found.append(row)
    return found


def _numeric(row: dict[str, str]) -> bool:
    return row["role"] == "observation" and bool(row["value"] or row["low"]) and not row["proposition"]


def run(name: str, count: int, worlds: int) -> tuple[int, dict[str, float]]:
    """Seconds by stage with so many generated claims beside those of the case, and how many claims weigh."""
    clock, case = Clock(), load_case(name)
    rows = generated(case.folder, count)
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "claims.csv"
        with table.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        with clock.count("gathering, whole"):
            gathered = gather(name, (), str(table), shipped=False, progress=clock)
    settings = RunSettings(as_of=case.decision_date, seed=0, worlds=worlds)
    with clock.count("weighing, whole"):
        weighed = weigh(gathered.case, gathered.claims, gathered.links, settings, clock)
    with clock.count("assembling"):
        assemble(gathered, weighed, seed=0, as_of=case.decision_date, reviewed_only=False)
    return len(weighed.table), dict(clock.seconds)


def exponent(sizes: list[int], found: list[float]) -> float:
    """Slope of log seconds over log size; 0 where a stage takes no time to speak of."""
    if min(found) < 0.05:
        return 0.0
    return float(np.polyfit(np.log(sizes), np.log(found), 1)[0])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--claims", type=int, nargs="+", default=list(CLAIMS))
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--case", default=list_cases()[0].name)
    arguments = parser.parse_args()
    prepare(cache())
    used, seconds = [], []
    for count in arguments.claims:
        print(f"{count:,} claims, {arguments.worlds:,} worlds", file=sys.stderr, flush=True)
        weigh_count, found = run(arguments.case, count, arguments.worlds)
        used.append(weigh_count)
        seconds.append(found)
    print(f"{'claims that weigh':28}" + "".join(f"{count:>10,}" for count in used) + "  exponent")
    for stage in seconds[-1]:
        row = [found.get(stage, 0.0) for found in seconds]
        print(f"{stage:28}" + "".join(f"{value:10.1f}" for value in row) + f"{exponent(used, row):10.2f}")
    parts = ("gathering, whole", "weighing, whole", "assembling")
    total = [sum(found[part] for part in parts) for found in seconds]
    measured = exponent(used, total)
    print(
        f"{'all':28}" + "".join(f"{value:10.1f}" for value in total) + f"{measured:10.2f} (target {TARGET})"
    )


if __name__ == "__main__":
    main()

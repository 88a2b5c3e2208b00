"""How long listing, filtering, judging and linking take with 100,000 claims on file, and in how much memory.

    python benchmarks/many_claims.py [CLAIMS ...]        default: 25000 50000 100000

Target: seconds each, growing no faster than the claims, under 1 GiB.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
OLD = ROOT / "tests" / "fixtures" / "case_697595c"
SPEAKERS = ("Port authority", "Institute of Trade", "Freedonia Gazette")


def make_case(folder: Path, count: int) -> Path:
    """The fixture's case with `count` claims by 3 known and 400 unknown origins on 600 days."""
    case = Path(shutil.copytree(OLD, folder / f"case{count}"))
    with (case / "claims.csv").open(encoding="utf-8", newline="") as file:
        header, *own = csv.reader(file)
    with (case / "claims.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(dict(zip(header, row, strict=True)) for row in own)
        for n in range(count):
            day = date(2022, 2, 1) + timedelta(days=n % 600)
            speaker = SPEAKERS[n % 3] if n % 2 else f"Observer {n % 401}"
            writer.writerow({
                "id": f"M{n}", "role": "observation", "quantity": "crates_sent", "comparison": "about",
                "value": str(1000 + n % 997), "unit": "crates", "event": day.isoformat(),
                "published": (day + timedelta(days=3)).isoformat(), "speaker": speaker, "origin": speaker,
                "paraphrase": f"About {1000 + n % 997} crates, says {speaker}.", "verification": "page_excerpt",
                "credibility": "3", "state": "proposed" if n % 10 == 0 else "accepted",
            })  # fmt: skip
    (case / "links.csv").write_text("a,relation,b\n", encoding="utf-8")
    return case


def measured(*arguments: str, stdin: str = "") -> tuple[float, float, str]:
    """CPU seconds, MiB at the highest, and the output of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    code = (
        "import resource, sys\nfrom quidproquo.cli import app\n"
        "try:\n    app(sys.argv[1:])\nfinally:\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env=env,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode:
        sys.exit(run.stderr)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, int(run.stderr.split()[-1]) / 1024, run.stdout


def main() -> None:
    """Print CPU seconds and MiB of each command for each number of claims."""
    counts = [int(word) for word in sys.argv[1:]] or [25_000, 50_000, 100_000]
    with tempfile.TemporaryDirectory() as name:
        for count in counts:
            case = str(make_case(Path(name), count))
            some = "".join(json.dumps({"id": f"M{n}"}) + "\n" for n in range(0, 10_000, 10))
            steps = {
                "list": ("claims", case, "list", "--format", "jsonl"),
                "filter": ("claims", case, "list", "--origin", "Observer 7", "--text", "1007", "--json"),
                "accept 1,000": ("claims", case, "accept", "-"),
                "edit one": ("claims", case, "edit", "M5", "value=7"),
                "list again": ("claims", case, "list", "--state", "rejected", "--json"),
                "proposals": ("claims", case, "proposals", "--format", "jsonl"),
                "link": ("claims", case, "link", "M1", "corroborates", "M2"),
            }
            for step, command in steps.items():
                cpu, memory, _ = measured(*command, stdin=some)
                print(f"{count:>7,} claims  {step:<13} {cpu:6.2f} CPU s {memory:6.0f} MiB", flush=True)


if __name__ == "__main__":
    main()

"""Simulation-based calibration of a shipped case, recorded in its folder.

    python benchmarks/calibration.py [--replicates N] [--mutants N] [--claims N] [--out FILE]

Worlds are drawn from the prior and reports from them, for every claim of the case; the worlds are
then conditioned on these reports, and the rank of the first world among the others must be even for
every quantity. The same is done with a fault put into the conditioning, which must show. Replicates
are added to a file as they are done (--kept), so that an interrupted run goes on where it stopped.

Worlds are moved as often as by default. With 2 sweeps at a temperature and 16 at the end, in four islands, a
second mode of the munitions' flow was missed, and the rank of its beginning was the highest in one replicate of
eight.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from quidproquo.cases import load_case
from quidproquo.study.assemble.recorded import CALIBRATION
from quidproquo.study.calibrate import CalibrationRequest, calibrate
from quidproquo.study.progress import progress_on
from quidproquo.study.schema.calibration import Calibration

CASE = "dprk-russia"
PREDICTIONS = (
    "troops_sent_cumulative@2024-12-31",
    "artillery_rounds_delivered_cumulative@2025-12-31",
    "troop_revenue_usd_per_month@2025-12-31",
)
MARGIN = "all_together"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--replicates", type=int, default=500)
    parser.add_argument("--mutants", type=int, default=500, help="most replicates of a mutant")
    parser.add_argument("--claims", type=int, default=0, help="only so many claims, evenly taken; 0 is all")
    parser.add_argument("--islands", type=int, default=8)
    parser.add_argument("--particles", type=int, default=64)
    parser.add_argument("--sweeps", type=int, default=4, help="after each step of the ladder")
    parser.add_argument("--final-sweeps", type=int, default=100, help="at its end")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kept", type=Path, default=Path("out/calibration.jsonl"))
    parser.add_argument("--out", type=Path, default=None, help=f"default: {CALIBRATION} in the case's folder")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    request = CalibrationRequest(
        case=CASE,
        predictions=PREDICTIONS,
        margin=MARGIN,
        replicates=options.replicates,
        mutant_replicates=options.mutants,
        islands=options.islands,
        particles=options.particles,
        sweeps=options.sweeps,
        final_sweeps=options.final_sweeps,
        seed=options.seed,
        claims=options.claims,
    )
    began = time.perf_counter()
    made = datetime.now(UTC).date()
    record = calibrate(request, options.kept, made, progress_on(sys.stderr))
    out = options.out or load_case(CASE).folder / CALIBRATION
    out.write_text(record.model_dump_json(indent=None) + "\n", encoding="utf-8")
    report(record)
    print(f"{time.perf_counter() - began:.0f} s, written to {out}")


def report(record: Calibration) -> None:
    for kind in sorted({one.kind for one in record.quantities.values()}):
        chosen = {name: one for name, one in record.quantities.items() if one.kind == kind}
        least = min(chosen, key=lambda name: chosen[name].p)
        print(f"{kind}: {len(chosen)} quantities, least p {chosen[least].p:.2g} ({least})")
    coordinates = [one.contraction for one in record.quantities.values() if one.contraction is not None]
    print(f"contraction: from {min(coordinates):.2f} to {max(coordinates):.2f}")
    verdict = "passed" if record.passed else "failed"
    print(f"overall p {record.p:.3g}: {verdict} at {record.level}")
    for fault in record.mutants.values():
        verdict = "fails, as it must" if fault.failed else "passes, but must fail"
        print(
            f"{fault.title}: p {fault.p:.2g} in {fault.replicates} replicates, {verdict} ({fault.shown_by})"
        )


if __name__ == "__main__":
    main()

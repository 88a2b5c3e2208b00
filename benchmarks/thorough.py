"""The sampler beside conditioning at length (`--thorough`), which is its check.

    python benchmarks/thorough.py [--case CASE] [--worlds N] [--seed S]

Both draw as many worlds from the posterior of a case. Told of each are the seconds, the largest rank
correlation that is left (of the sampler by its last moves, of the other at any temperature), and the run
ESS of the reported quantities and of all coordinates that move. Means are compared in Monte Carlo errors of
both, and in posterior deviations.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import jax
import numpy as np
from opened import opened
from quantities import Quantities
from scipy import stats

from quidproquo.evidence.smc.sample import condition
from quidproquo.evidence.smc.target import build_target
from quidproquo.evidence.smc.thorough import condition_thoroughly
from quidproquo.evidence.weights.estimators import mcse, run_ess
from quidproquo.study.infer import DEFAULT_WORLDS
from quidproquo.worlds.runtime import prepare
from quidproquo.worlds.streams import Stream, stream_key

LEVEL = 0.001


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--case", default="dprk-russia")
    parser.add_argument("--worlds", type=int, default=DEFAULT_WORLDS)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    prepare(Path.home() / ".cache" / "quidproquo")
    found = opened(options.case)
    target, quantities = build_target(found.model, found.table), Quantities(found.model, found.case)
    means, errors = [], []
    for how in (condition, condition_thoroughly):
        key = stream_key(jax.random.key(options.seed), Stream.CONDITIONING)
        began, spent = time.perf_counter(), time.process_time()
        drawn = how(key, target, options.worlds)
        seconds, processor = time.perf_counter() - began, time.process_time() - spent
        columns = np.concatenate([quantities.of(drawn), drawn.z[:, target.active], drawn.biases], axis=1)
        columns = columns[:, columns.std(axis=0) > 1e-6].astype(np.float64)
        level, islands = np.zeros(len(columns)), len(np.unique(drawn.island))
        ess = run_ess(columns, level, drawn.island)
        means.append(columns.mean(axis=0))
        errors.append(mcse(columns, level, drawn.island))
        print(
            f"{how.__name__:21} {seconds:6.1f} s ({processor:.0f} s of processor), "
            f"{drawn.temperatures.max()} temperatures, ρ at most {drawn.max_rank_correlation:.3f}, "
            f"run ESS from {ess.min():,.0f}, median {np.median(ess):,.0f}",
            flush=True,
        )
    z = (means[0] - means[1]) / np.hypot(*errors)
    limit = stats.t.ppf(1.0 - LEVEL / 2 / len(z), 2 * (islands - 1))
    apart = np.abs(means[0] - means[1]) / columns.std(axis=0)
    print(
        f"{len(z)} means: rms z {np.sqrt(np.mean(z**2)):.2f}, largest {np.abs(z).max():.2f} (limit {limit:.2f}); "
        f"at most {apart.max():.3f} posterior deviations apart"
    )


if __name__ == "__main__":
    main()

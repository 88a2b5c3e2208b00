"""Whether seeds agree: means over many seeds against the Monte Carlo errors that each of them states.

    python benchmarks/seeds.py [--seeds N] [--worlds N] [--case CASE] [--save FILE] [--against FILE]

The case is conditioned and run once a seed. For each column (reported quantities at the decision
date, chances of hypotheses, metrics under every option, and their differences from doing nothing)
z is a seed's mean less that of all seeds, over the error that this seed states between its islands;
with k islands z follows Student's t with k − 1 degrees of freedom. The variance of the means
over seeds, which knows nothing of islands, over the mean of the squared errors follows F. The
actual ESS is the variance of a column over that of its mean from seed to seed. The means over all seeds
are kept with `--save`, and compared with those of another version or another number of worlds with
`--against`.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import jax
import numpy as np
from opened import opened
from scipy import stats

from quidproquo.evidence.ensemble import as_ensemble, conditioned_points
from quidproquo.evidence.estimates import now, reported
from quidproquo.evidence.smc.extension import extension_of
from quidproquo.evidence.smc.sample import condition
from quidproquo.evidence.smc.target import build_target
from quidproquo.evidence.weights.estimators import mcse, run_ess
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.study.infer import DEFAULT_WORLDS
from quidproquo.worlds.runtime import prepare
from quidproquo.worlds.simulate import plan
from quidproquo.worlds.streams import Stream, stream_key

LEVEL = 0.001
MEDIAN, LOWEST = 1000, 400  # targets for the smallest run ESS over seeds


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--case", default="dprk-russia")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--worlds", type=int, default=DEFAULT_WORLDS)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--against", type=Path)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    prepare(Path.home() / ".cache" / "quidproquo")
    found = opened(options.case)
    case, model = found.case, found.model
    target = build_target(model, found.table)
    quantities = reported(case)
    layout = plan(model, case, tuple(dict.fromkeys(q.observes[""] for q in quantities)))
    means, errors, spreads, smallest, costs = [], [], [], [], []
    for seed in range(options.seeds):
        key, began = jax.random.key(seed), time.process_time()
        drawn = condition(stream_key(key, Stream.CONDITIONING), target, options.worlds)
        costs.append(time.process_time() - began)
        points = conditioned_points(drawn)
        ensemble, _ = as_ensemble(key, extension_of(target), layout, tuple(case.metrics), points)
        names, table_of = columns(ensemble, {q.id: now(case, ensemble, q) for q in quantities})
        means.append(table_of.mean(axis=0))
        errors.append(mcse(table_of, ensemble.log_weight, ensemble.island))
        spreads.append(table_of.var(axis=0))
        ess = run_ess(table_of, ensemble.log_weight, ensemble.island)
        least = int(np.argmin(ess))
        smallest.append(ess[least])
        print(
            f"seed {seed}: conditioning {costs[-1]:.1f} CPU s, run ESS from {ess[least]:,.0f} ({names[least]}), "
            f"median {np.median(ess[np.isfinite(ess)]):,.0f}",
            flush=True,
        )
    islands = len(np.unique(ensemble.island))
    # programs may be compiled for the first seed
    print(
        f"{options.worlds:,} worlds, conditioning {np.median(costs):.1f} CPU s; smallest run ESS: median "
        f"{np.median(smallest):,.0f} (target {MEDIAN:,}), lowest {np.min(smallest):,.0f} (target {LOWEST})"
    )
    report(names, np.array(means), np.array(errors), np.array(spreads).mean(axis=0), islands)
    pooled = np.mean(means, axis=0), np.sqrt(np.mean(np.square(errors), axis=0) / options.seeds)
    if options.save is not None:
        np.savez(options.save, names=np.array(names), mean=pooled[0], error=pooled[1])
    if options.against is not None:
        compare(names, *pooled, options.against)


def compare(names: list[str], mean: np.ndarray, error: np.ndarray, kept: Path) -> None:
    """Standardised differences from the means in a file."""
    other = np.load(kept)
    place = {name: i for i, name in enumerate(other["names"])}
    shared = [i for i, name in enumerate(names) if name in place]
    theirs = [place[names[i]] for i in shared]
    total = np.hypot(error[shared], other["error"][theirs])
    moving = total > 0
    z = (mean[shared] - other["mean"][theirs])[moving] / total[moving]
    largest = np.argsort(-np.abs(z))[:5]
    moved = [names[i] for i, moves in zip(shared, moving, strict=True) if moves]
    print(
        f"{len(z)} means beside those of {kept.name}: rms {np.sqrt(np.mean(z**2)):.2f}, largest "
        + ", ".join(f"{z[i]:+.1f} ({moved[i]})" for i in largest)
        + " (target: 4)"
    )


def columns(ensemble: Ensemble, quantities: dict[str, np.ndarray]) -> tuple[list[str], np.ndarray]:
    """Names, and `[world, column]`."""
    found = {name: np.asarray(values, dtype=np.float64) for name, values in quantities.items()}
    for place, hypothesis in enumerate(ensemble.hypotheses):
        states = ensemble.states[:, place]
        found |= {f"{hypothesis} {state}": (states == state) * 1.0 for state in range(int(states.max()) + 1)}
    outcomes = ensemble.outcomes.astype(np.float64)
    for place, metric in enumerate(ensemble.metrics):
        for row, option in enumerate(ensemble.options):
            found[f"{metric} under {option}"] = outcomes[:, row, place]
            found[f"{metric}, gained by {option}"] = outcomes[:, row, place] - outcomes[:, 0, place]
    return list(found), np.stack(list(found.values()), axis=1)


def report(
    names: list[str], means: np.ndarray, errors: np.ndarray, variance: np.ndarray, islands: int
) -> None:
    seeds = len(means)
    moving = np.asarray((errors > 0).all(axis=0))
    kept = [name for name, moves in zip(names, moving, strict=True) if moves]
    means, errors, variance = means[:, moving], errors[:, moving], variance[moving]
    z = (means - means.mean(axis=0)) / errors / np.sqrt(1.0 - 1.0 / seeds)
    freedom = islands - 1
    limit = stats.t.ppf(1.0 - LEVEL / 2.0 / z.size, freedom)
    beyond = np.mean(np.abs(z) > stats.t.ppf(0.975, freedom))
    print(f"{len(kept)} columns that move, {seeds} seeds: {z.size} standardised differences")
    print(
        f"rms {np.sqrt(np.mean(z**2)):.2f} (Student: {np.sqrt(freedom / (freedom - 2)):.2f}), "
        f"beyond 95 %: {beyond:.1%} (5.0%), largest |z| {np.abs(z).max():.2f} (limit {limit:.2f})"
    )
    between = means.var(axis=0, ddof=1)
    ratio = between / np.mean(errors**2, axis=0)
    worst = int(np.argmax(ratio))
    most = stats.f.ppf(1.0 - LEVEL / len(kept), seeds - 1, freedom * seeds)
    print(f"variance over seeds / stated: largest {ratio[worst]:.2f} ({kept[worst]}; limit {most:.2f})")
    actual = variance / between
    least = int(np.argmin(actual))
    print(
        f"actual ESS of one seed: smallest {actual[least]:,.0f} ({kept[least]}), "
        f"5 % quantile {np.quantile(actual, 0.05):,.0f}, median {np.median(actual):,.0f}"
    )


if __name__ == "__main__":
    main()

"""Leave-one-out by weights against worlds conditioned on the claims without the one, from the prior.

    python benchmarks/leave_one_out.py [--claims N] [--worlds N] [--full N] [--most N] [--only ID …]

For each claim: how far the mean of every reported quantity at the decision date moves when the claim
is taken away, by re-weighting, by the quick run from the posterior (`bridge_to_powers`) and by a full
run of the sampler without it. z is the difference over the Monte Carlo error of both sides, taken
between islands; the Bonferroni limit is for all pairs compared. Where weights are trusted and that
error is above 0.05 posterior deviations, further full runs are added, at most `--most` in all. Prints
what Pareto's k flags, how large the errors are, and how large those of the weights alone, which no
further full run makes smaller: both in deviations of the posterior under all claims, and of that without
the claim, which is wider where the claim stood alone. With fewer claims, they are evenly taken.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import jax
import numpy as np
from opened import opened
from quantities import Quantities
from scipy import stats

from quidproquo.evidence.smc.bridge import bridge_to_powers
from quidproquo.evidence.smc.evaluate import evaluate_items
from quidproquo.evidence.smc.extension import extension_of
from quidproquo.evidence.smc.sample import PosteriorDraws, Settings, condition
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.evidence.weights.estimators import mcse, weighted_mean
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.reweight import Change, Reweighter, k_threshold
from quidproquo.study.infer import DEFAULT_WORLDS
from quidproquo.worlds.runtime import prepare
from quidproquo.worlds.streams import Stream, stream_key

LEVEL, ERROR = 0.001, 0.05
# a run of its own, of as many islands as Student's t is told below; nothing of it is kept on the way
FULL = Settings(islands=16, longest=1)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--case", default="dprk-russia")
    parser.add_argument("--claims", type=int, default=0, help="only so many claims, evenly taken; 0 is all")
    parser.add_argument("--worlds", type=int, default=DEFAULT_WORLDS, help="under all claims")
    parser.add_argument("--full", type=int, default=2048, help="worlds of each full run")
    parser.add_argument("--most", type=int, default=6, help="full runs of a claim, at most")
    parser.add_argument("--only", nargs="*", metavar="ID", help="these claims only")
    return parser.parse_args()


def ensemble_of(target: Target, drawn: PosteriorDraws) -> Ensemble:
    """Just what re-weighting needs of an ensemble."""
    item_log_lik = evaluate_items(target, drawn.z, drawn.biases)[0]
    worlds = len(drawn.z)
    empty = np.zeros((worlds, 0))
    return Ensemble(
        "weighted", (), empty, np.zeros(worlds), drawn.island, np.zeros(worlds, dtype=np.int64), (),
        empty.astype(np.int64), tuple(target.ids), item_log_lik, item_log_lik, (), (), empty[:, :, None],
    )  # fmt: skip


def main() -> None:
    options = arguments()
    prepare(Path.home() / ".cache" / "quidproquo")
    found = opened(options.case)
    target, quantities = build_target(found.model, found.table), Quantities(found.model, found.case)
    key = jax.random.key(0)
    drawn = condition(stream_key(key, Stream.CONDITIONING), target, options.worlds)
    values, reweighter = quantities.of(drawn), Reweighter(ensemble_of(target, drawn))
    sd = values.std(axis=0)
    moving = sd > 1e-9
    ids = list(target.ids)
    if options.only:
        ids = [item for item in ids if item in options.only]
    elif options.claims:
        ids = [ids[i] for i in np.linspace(0, len(ids) - 1, options.claims).astype(int)]
    base = Base(target, drawn, values, reweighter, np.where(moving, sd, np.inf), (options.full, options.most))
    rows = []
    for item in ids:
        row = compared(key, item, base, quantities)
        rows.append(row)
        weights, anew = (np.abs(z[moving]).max() for z in (row.by_weights, row.by_rerun))
        verdict = "trusted" if row.trusted else "flagged"
        print(
            f"{item}  k {row.k:6.2f} {verdict}  largest |z| by weights {weights:5.2f}, anew {anew:5.2f}  "
            f"error {(row.error[moving] / sd[moving]).max():.3f} sd, "
            f"{(row.weights_error[moving] / sd[moving]).max():.3f} by weights, "
            f"{over(row.error, row.spread)[moving].max():.3f} of that without it  "
            f"{row.runs} full in {row.seconds:.1f} s",
            flush=True,
        )
    report(rows, moving, sd)


@dataclass(frozen=True)
class Base:
    """The posterior under all claims, what is read off it, and how many worlds and full runs there may be."""

    target: Target
    drawn: PosteriorDraws
    values: np.ndarray
    reweighter: Reweighter
    sd: np.ndarray
    full: tuple[int, int]

    def coarse(self, error: np.ndarray, truth_error: np.ndarray) -> bool:
        """Whether a further full run is needed, and can help."""
        much = np.hypot(error, truth_error) > ERROR * self.sd
        return bool((much & (error <= ERROR * self.sd)).any())


@dataclass(frozen=True)
class Compared:
    """One claim left out in three ways: z of each quantity, by weights and conditioned anew."""

    k: float
    limit: float
    trusted: bool
    by_weights: np.ndarray
    by_rerun: np.ndarray
    error: np.ndarray
    weights_error: np.ndarray
    spread: np.ndarray
    runs: int
    seconds: float


def compared(key: jax.Array, item: str, base: Base, quantities: Quantities) -> Compared:
    target, drawn = base.target, base.drawn
    began = time.perf_counter()
    weights = base.reweighter.reweight(Change(drop=(item,)))
    error = mcse(base.values, weights.log_weight, drawn.island)
    powers = np.array([0.0 if other == item else 1.0 for other in target.ids])
    anew = bridge_to_powers(stream_key(key, Stream.RERUN), extension_of(target), drawn, powers)
    said, islands = np.zeros((0, base.values.shape[1])), np.zeros(0, dtype=int)
    truth = truth_error = np.full(base.values.shape[1], np.inf)
    worlds, most = base.full
    runs = 0
    while runs == 0 or (weights.reliable and runs < most and base.coarse(error, truth_error)):
        again = jax.random.fold_in(stream_key(key, Stream.RERUN_CHECK), runs)
        full = condition(again, target, worlds, FULL, powers=powers)
        said = np.concatenate([said, quantities.of(full)])
        islands = np.concatenate([islands, full.island + runs * FULL.islands])
        level, runs = np.zeros(len(said)), runs + 1
        truth, truth_error = weighted_mean(said, level), mcse(said, level, islands)
    told, flat = quantities.of(anew), np.zeros(len(anew.z))
    by_weights = weighted_mean(base.values, weights.log_weight) - truth
    by_rerun = weighted_mean(told, flat) - truth
    return Compared(
        k=weights.pareto_k,
        limit=k_threshold(base.reweighter.run_ess),
        trusted=weights.reliable,
        by_weights=over(by_weights, np.hypot(error, truth_error)),
        by_rerun=over(by_rerun, np.hypot(mcse(told, flat, anew.island), truth_error)),
        error=np.hypot(error, truth_error),
        weights_error=error,
        spread=said.std(axis=0),
        runs=runs,
        seconds=time.perf_counter() - began,
    )


def over(difference: np.ndarray, error: np.ndarray) -> np.ndarray:
    z: np.ndarray = np.divide(difference, error, out=np.zeros_like(difference), where=error > 0)
    return z


def report(rows: list[Compared], moving: np.ndarray, sd: np.ndarray) -> None:
    trusted = [row.by_weights[moving] for row in rows if row.trusted]
    flagged = sum(not row.trusted for row in rows)
    above = sum(row.k > row.limit for row in rows)
    print(f"{len(rows)} claims, {above} above the threshold of k, {flagged} flagged")
    if trusted:
        errors = np.concatenate([row.error[moving] / sd[moving] for row in rows if row.trusted])
        within = float(np.mean(errors <= ERROR))
        alone = np.concatenate([row.weights_error[moving] / sd[moving] for row in rows if row.trusted])
        print(
            f"Monte Carlo error at most {ERROR} sd: {within:.1%} of pairs, largest {errors.max():.3f}; "
            f"of the weights alone {np.mean(alone <= ERROR):.1%}, {alone.max():.3f}"
        )
        own = np.concatenate([over(row.error, row.spread)[moving] for row in rows if row.trusted])
        print(
            f"of the posterior without the claim: {np.mean(own <= ERROR):.1%} of pairs, largest {own.max():.3f}"
        )
    anew = [row.by_rerun[moving] for row in rows]
    # errors come from few islands, so Student's t with as many degrees of freedom
    for name, found, freedom in (("by weights, trusted", trusted, 15), ("conditioned anew", anew, 7)):
        if found:
            z = np.concatenate(found)
            limit = stats.t.ppf(1 - LEVEL / 2 / len(z), freedom)
            largest, size = np.abs(z).max(), np.sqrt(np.mean(z**2))
            print(f"{name}: {len(z)} pairs, largest |z| {largest:.2f} (limit {limit:.2f}), rms {size:.2f}")


if __name__ == "__main__":
    main()

"""The sampler beside NumPyro's NUTS, on a part of a case that NUTS can do.

    python benchmarks/nuts.py [--case CASE] [--worlds N] [--chains N] [--without MECHANISM…]

The part: of each hypothesis the likeliest state holds. A claim counts unless it hangs on a parameter
of the mechanisms `--without`, or its log-likelihood has a hard step (see `submodel`). Left out by
default are the waves of troops and their losses: reports that are right or wrong about sums of
waves make several accounts, and chains stay in theirs. `--without` and nothing after it shows that.

Both draw from the same posterior in the same coordinates and precision, each on all cores, and start
afresh: our seconds include the way from the prior, those of NUTS its warm-up. NUTS goes on, some
samples at a time, until all R-hat are below 1.01. Islands and chains are the runs between which the
variance of a mean is taken (run ESS): as many chains as islands, or a multiple of it, of which so
many make up a run. The smallest of many such figures is low by chance alone, for both alike; so the
median is printed too, the two take turns, `--times` times each, and the medians over these runs are
compared. Seconds are without compilation. Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from arviz_stats.base import array_stats
from jaxtyping import Float, Int
from opened import opened
from quantities import Quantities
from scipy import stats
from submodel import apart_from, held, stepping, unmoved_hypotheses

from quidproquo.evidence.smc.sample import Settings, condition
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.evidence.weights.estimators import mcse, run_ess, weighted_quantile
from quidproquo.evidence.weights.jackknife import jackknife_error
from quidproquo.study.infer import DEFAULT_WORLDS
from quidproquo.worlds.runtime import cores, parallel_map, prepare

LEVEL, TARGET = 0.001, 20.0
ISLANDS = Settings().layout(DEFAULT_WORLDS).islands
ERRORS, CLOSE, CONVERGED = 3.0, 0.05, 1.01


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--case", default="dprk-russia")
    parser.add_argument("--without", nargs="*", default=["deployment", "attrition"], metavar="MECHANISM")
    parser.add_argument("--worlds", type=int, default=DEFAULT_WORLDS)
    parser.add_argument("--times", type=int, default=3, help="how often each is run")
    parser.add_argument("--chains", type=int, default=ISLANDS)
    parser.add_argument("--warmup", type=int, default=500)
    parser.add_argument("--samples", type=int, default=500, help="that are added at a time")
    parser.add_argument("--most", type=int, default=10_000, help="samples of a chain, at most")
    parser.add_argument("--accept", type=float, default=0.9, help="acceptance that NUTS aims at")
    parser.add_argument("--deepest", type=int, default=10, help="doublings of a trajectory, at most")
    parser.add_argument("--dense", action="store_true", help="a dense mass matrix in place of a diagonal one")
    return parser.parse_args()


@dataclass(frozen=True)
class Drawn:
    """Draws of one sampler, the run that each belongs to, and seconds.

    `processor` is what all cores together spent, which tells more where a machine is shared;
    `beginning` is the part of the seconds before the first draw.
    """

    name: str
    values: Float[np.ndarray, "draw column"]
    run: Int[np.ndarray, " draw"]
    seconds: float
    processor: float
    beginning: float

    def ess(self) -> Float[np.ndarray, " column"]:
        """Run ESS of every column."""
        return run_ess(self.values, np.zeros(len(self.values)), self.run)


class Columns:
    """What samplers are judged by: reported quantities that move, then all coordinates that move."""

    def __init__(self, target: Target, quantities: Quantities) -> None:
        self._target, self._quantities = target, quantities
        z = np.random.default_rng(0).standard_normal((256, len(target.model.coordinates)))
        self._moving = quantities.at(z.astype(np.float32)).std(axis=0) > 1e-6
        moving = [name for name, moves in zip(quantities.names, self._moving, strict=True) if moves]
        self.names = [*moving, *target.names]

    def of(self, moved: Float[np.ndarray, "draw moved"]) -> Float[np.ndarray, "draw column"]:
        """The columns of draws; what isn't moved bears on none."""
        cut = len(self._target.active)
        z = np.zeros((len(moved), len(self._target.model.coordinates)), dtype=np.float32)
        z[:, self._target.active] = moved[:, :cut]
        return np.concatenate([self._quantities.at(z)[:, self._moving], moved], axis=1)


def part(options: argparse.Namespace) -> tuple[Target, Columns]:
    """The posterior of the part of the case, and what is read off it; says what is left out."""
    found = opened(options.case, held)
    case, table, model = found.case, found.table, found.model
    apart = apart_from(model, table, options.without)
    kept = table.select(np.flatnonzero(apart))
    target = unmoved_hypotheses(build_target(model, kept))
    steps = stepping(target.item_log_lik, len(target.names))
    stepped = ", ".join(kept.ids[item] for item in np.flatnonzero(steps)) or "none"
    if steps.any():
        target = unmoved_hypotheses(build_target(model, kept.select(np.flatnonzero(~steps))))
    hypotheses = [name for name in model.coordinates if name.startswith("hypothesis.")]
    columns = Columns(target, Quantities(model, case, [*target.names, *hypotheses]))
    print(
        f"{len(target.ids)} of {len(table)} claims: {int((~apart).sum())} hang on "
        f"{' or '.join(options.without) or 'nothing'}, {int(steps.sum())} of the others have a hard step "
        f"({stepped})\n{len(target.names)} coordinates move, "
        f"{len(columns.names) - len(target.names)} reported quantities hang on them alone; {cores()} cores",
        flush=True,
    )
    return target, columns


def ours(seed: int, target: Target, columns: Columns, worlds: int) -> Drawn:
    """The sampler with its default settings."""
    start, spent = time.perf_counter(), time.process_time()
    drawn = condition(jax.random.key(seed), target, worlds)
    seconds, spent = time.perf_counter() - start, time.process_time() - spent
    values = columns.of(np.concatenate([drawn.z[:, target.active], drawn.biases], axis=1))
    return Drawn("ours", values, drawn.island, seconds, spent, 0.0)


class Chains:
    """Chains of NUTS, vectorised, an equal share of them on each core."""

    def __init__(self, target: Target, options: argparse.Namespace) -> None:
        from numpyro.infer import MCMC, NUTS

        def potential(position: jax.Array) -> jax.Array:
            return 0.5 * jnp.sum(position**2) - jnp.sum(target.item_log_lik(position[:, None]))

        self._size, self._count, self._shares = len(target.names), options.chains, min(cores(), 2)
        each = options.chains // self._shares

        def sampler() -> MCMC:
            kernel = NUTS(
                potential_fn=potential, target_accept_prob=options.accept, dense_mass=options.dense,
                max_tree_depth=options.deepest,
            )  # fmt: skip
            return MCMC(
                kernel, num_warmup=options.warmup, num_samples=options.samples, num_chains=each,
                chain_method="vectorized", progress_bar=False,
            )  # fmt: skip

        self._samplers = [sampler() for _ in range(self._shares)]

    def begin(self, seed: int) -> None:
        """Start near the middle of the prior, where slopes lead on, and adapt."""
        key = jax.random.key(seed)
        shape = (self._shares, self._count // self._shares, self._size)
        first = 0.3 * jax.random.normal(jax.random.fold_in(key, self._shares), shape, jnp.float32)

        def one(share: int) -> None:
            own = jax.random.fold_in(key, share)
            self._samplers[share].warmup(own, init_params=first[share], extra_fields=("num_steps",))
            jax.block_until_ready(self._samplers[share].last_state.z)

        parallel_map(one, list(range(self._shares)))

    def go_on(self) -> tuple[Float[np.ndarray, "chain sample moved"], float, int]:
        """More samples, the mean number of leapfrog steps of one, and how many diverged."""

        def one(share: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            sampler = self._samplers[share]
            sampler.run(sampler.post_warmup_state.rng_key, extra_fields=("num_steps", "diverging"))
            sampler.post_warmup_state = sampler.last_state
            more = sampler.get_extra_fields(group_by_chain=True)
            moved = np.asarray(sampler.get_samples(group_by_chain=True), dtype=np.float32)
            return moved, np.asarray(more["num_steps"]), np.asarray(more["diverging"])

        parts = parallel_map(one, list(range(self._shares)))
        moved, steps, diverging = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        return moved, float(steps.mean()), int(diverging.sum())


def nuts(seed: int, chains: Chains, columns: Columns, options: argparse.Namespace) -> Drawn:
    """Chains of NUTS until they agree, or `most` samples of each."""
    start, spent = time.perf_counter(), time.process_time()
    chains.begin(seed)
    beginning = seconds = time.perf_counter() - start
    spent = time.process_time() - spent
    parts: list[np.ndarray] = []
    for so_far in range(options.samples, options.most + 1, options.samples):
        start, before = time.perf_counter(), time.process_time()
        moved, steps, diverging = chains.go_on()
        seconds += time.perf_counter() - start
        spent += time.process_time() - before
        flat = columns.of(moved.reshape(-1, moved.shape[2]))
        parts.append(flat.reshape(*moved.shape[:2], flat.shape[1]))
        hats = r_hat(np.concatenate(parts, axis=1))
        print(
            f"  NUTS: {so_far:6,d} samples a chain, {seconds:6.1f} s, largest R-hat {hats.max():.3f} "
            f"({columns.names[int(np.argmax(hats))]}), {np.mean(hats < CONVERGED):.0%} below {CONVERGED}, "
            f"{steps:.0f} leapfrog steps a sample, {diverging} diverged",
            flush=True,
        )
        if hats.max() < CONVERGED:
            break
    values = np.concatenate(parts, axis=1)
    run = np.repeat(np.arange(options.chains) * ISLANDS // options.chains, values.shape[1])
    return Drawn("NUTS", values.reshape(-1, values.shape[2]), run, seconds, spent, beginning)


def r_hat(values: Float[np.ndarray, "chain sample column"]) -> Float[np.ndarray, " column"]:
    """Rank-normalised split R-hat (Vehtari et al. 2021, *Bayesian Analysis* 16, 667–718)."""
    found: Float[np.ndarray, " column"] = array_stats.rhat(values, chain_axis=0, draw_axis=1)
    return found


def line(drawn: Drawn, names: list[str]) -> tuple[float, float]:
    """Print what a sampler took; its seconds, and its cores' seconds, for one of its smallest run ESS."""
    ess = drawn.ess()
    least, middle = int(np.argmin(ess)), float(np.median(ess))
    begins = f", {drawn.beginning:.0f} s of them warm-up" if drawn.beginning else ""
    print(
        f"{drawn.name}: {len(drawn.values):,} draws in {drawn.seconds:.1f} s{begins} (cores together "
        f"{drawn.processor:.1f} s); run ESS from {ess[least]:,.0f} "
        f"({names[least]}), median {middle:,.0f}; {1e3 * drawn.seconds / ess[least]:.2f} ms for one of "
        f"the smallest, {1e3 * drawn.seconds / middle:.2f} ms for one of the median",
        flush=True,
    )
    return float(drawn.seconds / ess[least]), float(drawn.processor / ess[least])


def together(runs: list[Drawn]) -> Drawn:
    """All runs of one sampler, kept apart in `run`."""
    return Drawn(
        runs[0].name,
        np.concatenate([one.values for one in runs]),
        np.concatenate([one.run + ISLANDS * place for place, one in enumerate(runs)]),
        sum(one.seconds for one in runs),
        sum(one.processor for one in runs),
        sum(one.beginning for one in runs),
    )


def agreement(one: Drawn, other: Drawn, names: list[str]) -> None:
    """Print how far means and the ends of 90 % intervals lie apart."""
    errors = [mcse(d.values, np.zeros(len(d.values)), d.run) for d in (one, other)]
    z = np.abs(one.values.mean(axis=0) - other.values.mean(axis=0)) / np.hypot(*errors)
    # errors come from so many runs, so Student's t; the difference has these degrees of freedom at least
    limit = stats.t.ppf(1.0 - LEVEL / 2.0 / len(z), min(len(np.unique(d.run)) for d in (one, other)) - 1)
    print(
        f"means: {np.mean(z < ERRORS):.0%} of {len(z)} columns within {ERRORS:g} Monte Carlo errors, "
        f"largest |z| {z.max():.2f} ({names[int(np.argmax(z))]}; Bonferroni limit at {LEVEL:g}: "
        f"{limit:.2f}), rms {np.sqrt(np.mean(z**2)):.2f}"
    )
    gaps = np.array([ends(d.values) for d in (one, other)])
    width = gaps[1, 1] - gaps[1, 0]
    away = np.abs(gaps[0] - gaps[1]) / width
    end, column = np.unravel_index(int(np.argmax(away)), away.shape)
    error = np.hypot(*(end_error(d, int(column))[end] for d in (one, other))) / width[column]
    print(
        f"ends of 90 % intervals: {np.mean(away.max(axis=0) < CLOSE):.0%} of columns within {CLOSE:.0%} of "
        f"the interval's width, largest {away.max():.1%} ({names[column]}, {('lower', 'upper')[end]} end; "
        f"its Monte Carlo error {error:.1%})"
    )


def ends(values: Float[np.ndarray, "draw column"]) -> Float[np.ndarray, "end column"]:
    """Ends of the 90 % intervals."""
    return weighted_quantile(values, np.zeros(len(values)), np.array([0.05, 0.95]))


def end_error(drawn: Drawn, column: int) -> Float[np.ndarray, " end"]:
    """Monte Carlo errors of the two ends, by leaving out one run at a time."""
    values = drawn.values[:, [column]]
    without = np.array([ends(values[drawn.run != run])[:, 0] for run in np.unique(drawn.run)])
    return np.array([jackknife_error(values) for values in without.T])


def main() -> None:
    options = arguments()
    if options.chains % ISLANDS:
        raise SystemExit(f"The number of chains must be a multiple of {ISLANDS}, the number of islands.")
    prepare(Path.home() / ".cache" / "quidproquo")
    target, columns = part(options)
    start, chains = time.perf_counter(), Chains(target, options)
    chains.begin(0)
    chains.go_on()
    ours(0, target, columns, options.worlds)
    print(f"compiled, and run once in vain, in {time.perf_counter() - start:.0f} s", flush=True)
    runs: tuple[list[Drawn], list[Drawn]] = ([], [])
    costs: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    for seed in range(1, 1 + options.times):
        pair = (ours(seed, target, columns, options.worlds), nuts(seed, chains, columns, options))
        for place, drawn in enumerate(pair):
            runs[place].append(drawn)
            costs[place].append(line(drawn, columns.names))
    own, other = (np.median(cost, axis=0) for cost in costs)
    ratio, of_cores = other / own
    print(
        f"seconds for one of the smallest ESS: {1e3 * own[0]:.1f} ms, NUTS {1e3 * other[0]:.1f} ms: "
        f"{ratio:.1f} times fewer ({of_cores:.1f} times fewer of all cores together); "
        f"at least {TARGET:g}: {'met' if ratio >= TARGET else 'NOT MET'}"
    )
    agreement(together(runs[0]), together(runs[1]), columns.names)


if __name__ == "__main__":
    main()

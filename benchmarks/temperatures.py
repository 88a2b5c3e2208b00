"""How far the moves carry particles at each temperature.

    python benchmarks/temperatures.py [--by sweeps|proposals|slopes] [--islands N] [--case CASE]

Some islands are taken from the prior to the posterior as by default. At each temperature, after particles
are resampled, the benchmark prints how strongly a coordinate's order is still what it was (Spearman's ρ, the
largest of all coordinates and the median) after 2, 8, 32 and 64 sweeps; the islands go on from the first of
these, as the sampler does. Chance alone gives about 3 over the root of the particles' number. How they are
moved:

- `sweeps`: as the sampler does on the way, normal distributions of the blocks being fitted first;
- `proposals`: proposals of every kind are fitted at each temperature to the first sweeps, and used by the rest
  (the sampler does so at the end of the path);
- `slopes`: trajectories of Hamiltonian Monte Carlo (BlackJAX) of 16 steps, scaled by the particles'
  covariance and as long as 4 in 5 are accepted, one for every 2 sweeps (which takes longer than these).

The last line prints the CPU seconds of each column, all temperatures together.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import blackjax
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array
from opened import opened

from quidproquo.evidence.smc.batches import Batches, batches
from quidproquo.evidence.smc.evaluate import log_density
from quidproquo.evidence.smc.islands import PARTICLES, places, rank_correlation
from quidproquo.evidence.smc.kernels import Cloud
from quidproquo.evidence.smc.proposals import LearnedProposals, fit_proposals, fit_to_blocks
from quidproquo.evidence.smc.sample import Settings
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.evidence.smc.tempering import State
from quidproquo.worlds.runtime import prepare

SETTINGS = Settings()
AFTER = (SETTINGS.sweeps, 8, 32, 64)
STEPS, ACCEPTED, SHRINK = 16, 0.8, 0.1  # of a trajectory; aimed at; of the covariance towards its diagonal


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--case", default="dprk-russia")
    parser.add_argument("--by", choices=("sweeps", "proposals", "slopes"), default="sweeps")
    parser.add_argument("--islands", type=int, default=32)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    prepare(Path.home() / ".cache" / "quidproquo")
    found = opened(options.case)
    target = build_target(found.model, found.table)
    ends = np.zeros(len(target.ids)), np.ones(len(target.ids))
    run = batches(jax.random.key(0), target, (options.islands, PARTICLES), ends)
    ways = {"sweeps": by_sweeps, "proposals": by_proposals, "slopes": Trajectories(run).moved}
    states, step, spent = run.from_prior(ends[1]), 0, np.zeros(len(AFTER))
    print(f"{options.islands} islands of {PARTICLES} particles; largest and median ρ after so many sweeps")
    print("least λ  " + "".join(f"{count:>16}" for count in AFTER))
    while True:
        begun = places(states)
        reached, seconds = ways[options.by](run, 10 * step, states)
        remains = [correlation(begun, places(after)) for after in reached]
        power = min(float(state.power.min()) for state in states)
        print(f"{power:7.4f}  " + "".join(f"{x.max():8.2f}{np.median(x):8.2f}" for x in remains), flush=True)
        spent += seconds
        if power >= 1.0:
            break
        states = reached[0] if options.by != "slopes" else run.fitted_and_moved(10 * step, states, AFTER[0])
        states, step = run.raised(10 * step + 9, states, SETTINGS.keep), step + 1
    print("seconds  " + "".join(f"{total:16.1f}" for total in spent))


def correlation(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    moved = before.shape[2]
    return rank_correlation(before.reshape(-1, moved), after.reshape(-1, moved))


Moved = tuple[list[list[State]], np.ndarray]  # the batches after each number of sweeps, and its CPU seconds


def by_sweeps(run: Batches, number: int, states: list[State]) -> Moved:
    proposals = fit_to_blocks(places(states), run.target.blocks)
    return timed([partial(run.moved, number, states, count, proposals) for count in AFTER])


def by_proposals(run: Batches, number: int, states: list[State]) -> Moved:
    [first], [seconds] = timed([partial(run.fitted_and_moved, number, states, AFTER[0])])
    began = time.process_time()
    proposals = all_kinds(run, states, first)
    fitting = time.process_time() - began
    rest, further = timed(
        [partial(run.moved, number + 1, first, count - AFTER[0], proposals) for count in AFTER[1:]]
    )
    return [first, *rest], seconds + np.array([0.0, *(fitting + further)])


def all_kinds(run: Batches, begun: list[State], states: list[State]) -> LearnedProposals:
    powers = np.full(len(run.target.ids), np.mean([state.power.mean() for state in states]))
    density = partial(log_density, run.target, powers)
    return fit_proposals(places(begun), places(states), run.target.blocks, density)


class Trajectories:
    """Moves by Hamiltonian Monte Carlo."""

    def __init__(self, run: Batches) -> None:
        self.program = jax.jit(partial(trajectories, run.target, run.per_batch))

    def moved(self, run: Batches, number: int, states: list[State]) -> Moved:
        own = places(states).reshape(-1, len(run.target.names))
        covariance = np.cov(own.T)
        covariance = (1.0 - SHRINK) * covariance + SHRINK * np.diag(np.diag(covariance))
        mass = jnp.asarray(covariance, jnp.float32)
        key = jax.random.fold_in(run.key, number)

        def gone(count: int, length: float) -> tuple[list[State], float]:
            how = jnp.int32(count), jnp.float32(length), mass
            ended = [self.program(key, *how, state.power, state.cloud) for state in states]
            after = [
                state._replace(cloud=state.cloud._replace(position=position))
                for state, (position, _) in zip(states, ended, strict=True)
            ]
            return after, float(np.mean([share for _, share in ended]))

        length = 0.4
        while gone(1, length)[1] < ACCEPTED and length > 1e-3:
            length *= 0.7
        print(f"step {length:.3f}", end="  ")
        return timed([lambda count=count: gone(count // SETTINGS.sweeps, length)[0] for count in AFTER])


def timed(ways: Sequence[Callable[[], list[State]]]) -> Moved:
    """What each gives, and its CPU seconds."""
    found, seconds = [], []
    for way in ways:
        began = time.process_time()
        found.append(jax.block_until_ready(way()))
        seconds.append(time.process_time() - began)
    return found, np.array(seconds)


def trajectories(
    target: Target,
    islands: int,
    key: Array,
    count: Array,
    length: Array,
    mass: Array,
    power: Array,
    cloud: Cloud,
) -> tuple[Array, Array]:
    """Each particle after so many trajectories of its own, and the share of them accepted."""
    each = jnp.tile(power, cloud.position.shape[1] // islands)

    def one(key: Array, begin: Array, power: Array) -> tuple[Array, Array]:
        def density(position: Array) -> Array:
            return power * jnp.sum(target.item_log_lik(position[:, None])) - 0.5 * jnp.sum(position**2)

        kernel = blackjax.hmc(density, length, mass, STEPS)

        def turn(i: Array, so_far: tuple[Any, Array]) -> tuple[Any, Array]:
            state, info = kernel.step(jax.random.fold_in(key, i), so_far[0])
            return state, so_far[1] + info.acceptance_rate

        state, accepted = jax.lax.fori_loop(0, count, turn, (kernel.init(begin), jnp.float32(0.0)))
        return state.position, accepted / count

    keys = jax.random.split(key, cloud.position.shape[1])
    position, accepted = jax.vmap(one, in_axes=(0, 1, 0), out_axes=(1, 0))(keys, cloud.position, each)
    return position, jnp.mean(accepted)


if __name__ == "__main__":
    main()

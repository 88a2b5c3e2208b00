"""How far the moves carry particles at each temperature.

    python benchmarks/temperatures.py [--by sweeps|routes|slopes] [--groups N] [--case CASE]

Some islands climb from the prior to the posterior as by default. At each temperature, after particles are
chosen anew, it is told how strongly a coordinate's order is still what it was (Spearman's ρ, the largest of
all coordinates and the median) after 4, 16, 48 and 96 sweeps; the climb goes on from the first of these, as
the sampler does. Chance alone leaves about 3 over the root of the particles' number. How they are moved:

- `sweeps`: as the sampler does on the way;
- `proposals`: glides and leaps are learnt at every temperature from the first 4 sweeps, and used by the rest (the
  sampler learns them at the end of the path);
- `slopes`: trajectories of Hamiltonian Monte Carlo (BlackJAX) of 16 steps, scaled by the particles'
  covariance and as long as 4 in 5 are accepted, one for every 4 sweeps (which takes longer than these).

The last line tells the seconds that each column took, all temperatures together.
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

from quidproquo.evidence.smc import tempering
from quidproquo.evidence.smc.compiled import path_between, temper_program
from quidproquo.evidence.smc.evaluate import log_density
from quidproquo.evidence.smc.first_step import first_step
from quidproquo.evidence.smc.islands import PARTICLES, rank_correlation
from quidproquo.evidence.smc.kernels import Cloud, split_islands
from quidproquo.evidence.smc.proposals import LearnedProposals, fit_proposals, no_proposals
from quidproquo.evidence.smc.sample import Settings
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.evidence.smc.tempering import Schedule
from quidproquo.worlds.runtime import prepare

SETTINGS = Settings()
BESIDE = 4
AFTER = (SETTINGS.sweeps, 16, 48, 96)
STEPS, ACCEPTED, SHRINK = 16, 0.8, 0.1  # of a trajectory; aimed at; of the covariance towards its diagonal


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--case", default="dprk-russia")
    parser.add_argument("--by", choices=("sweeps", "routes", "slopes"), default="sweeps")
    parser.add_argument("--groups", type=int, default=4, help=f"groups of {BESIDE} islands")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    prepare(Path.home() / ".cache" / "quidproquo")
    found = opened(options.case)
    climber = Climber(build_target(found.model, found.table))
    moved = {
        "sweeps": climber.by_sweeps,
        "routes": climber.by_routes,
        "slopes": climber.by_slopes,
    }[options.by]
    states = [climber.entered(jax.random.key(group)) for group in range(options.groups)]
    print(
        f"{options.groups * BESIDE} islands of {PARTICLES} particles; largest and median ρ after so many sweeps"
    )
    print("least λ  " + "".join(f"{count:>16}" for count in AFTER))
    step, spent = 0, np.zeros(len(AFTER))
    while min(float(state.power.min()) for state in states) < 1.0:
        states = [climber.raised(jax.random.key(100 + step), state) for state in states]
        begun = [state.cloud.position for state in states]
        reached, seconds = moved(jax.random.key(1000 + step), states)
        left = [correlation(begun, [cloud.position for cloud in clouds]) for clouds in reached]
        power = min(float(state.power.min()) for state in states)
        print(f"{power:7.4f}  " + "".join(f"{x.max():8.2f}{np.median(x):8.2f}" for x in left), flush=True)
        spent += seconds
        first = (
            reached[0] if options.by != "slopes" else climber.by_sweeps(jax.random.key(step), states, 1)[0][0]
        )
        states = [state._replace(cloud=cloud) for state, cloud in zip(states, first, strict=True)]
        step += 1
    print("seconds  " + "".join(f"{total:16.1f}" for total in spent))


def correlation(before: list[Array], after: list[Array]) -> np.ndarray:
    stack = [np.concatenate([np.asarray(part).T for part in parts]) for parts in (before, after)]
    return rank_correlation(*stack)


Moved = tuple[list[list[Cloud]], np.ndarray]  # the groups after each number of sweeps, and its seconds


class Climber:
    """One temperature at a time, and its moves apart."""

    def __init__(self, target: Target) -> None:
        self.target = target
        ends = np.zeros(len(target.ids)), np.ones(len(target.ids))
        self.path = path_between(*ends, BESIDE)
        self.none = no_proposals(len(target.names))
        self.temper = temper_program(target, (BESIDE, PARTICLES))
        self.slope = jax.jit(partial(_trajectories, target))

    def entered(self, key: jax.Array) -> tempering.State:
        return first_step(key, self.target, range(BESIDE), PARTICLES, np.ones(len(self.target.ids)))

    def raised(self, key: jax.Array, state: tempering.State) -> tempering.State:
        """At the next temperature, nothing moved."""
        return self.gone(key, state, Schedule.of(0, 0, SETTINGS.keep, 1), self.none)

    def gone(
        self, key: jax.Array, state: tempering.State, schedule: Schedule, proposals: LearnedProposals
    ) -> tempering.State:
        begin = state._replace(rounds=jnp.zeros(BESIDE, jnp.int32), settled=jnp.bool_(False))
        return self.temper(self.target.inputs, key, begin, self.path, schedule, proposals)

    def by_sweeps(self, key: Array, states: list[tempering.State], most: int = len(AFTER)) -> Moved:
        def swept(count: int) -> list[Cloud]:
            return [self.gone(key, state, Schedule.of(0, count), self.none).cloud for state in states]

        return timed([partial(swept, count) for count in AFTER[:most]])

    def by_routes(self, key: Array, states: list[tempering.State]) -> Moved:
        first, seconds = self.by_sweeps(key, states, 1)
        began = time.perf_counter()
        before, after = (
            np.concatenate([split_islands(np.asarray(cloud.position), BESIDE) for cloud in clouds])
            for clouds in ([state.cloud for state in states], first[0])
        )
        powers = np.full(len(self.target.ids), np.mean([state.power.mean() for state in states]))
        density = partial(log_density, self.target, powers)
        proposals = fit_proposals(before, after, self.target.blocks.owner, density)
        learning = time.perf_counter() - began

        def swept(count: int) -> list[Cloud]:
            again = jax.random.fold_in(key, 1)
            return [
                self.gone(again, state._replace(cloud=cloud), Schedule.of(0, count), proposals).cloud
                for state, cloud in zip(states, first[0], strict=True)
            ]

        rest, further = timed([partial(swept, count - AFTER[0]) for count in AFTER[1:]])
        return first + rest, np.concatenate([seconds, seconds + learning + further])

    def by_slopes(self, key: Array, states: list[tempering.State]) -> Moved:
        places = np.concatenate([np.asarray(state.cloud.position).T for state in states])
        covariance = np.cov(places.T)
        covariance = (1.0 - SHRINK) * covariance + SHRINK * np.diag(np.diag(covariance))
        mass, power = jnp.asarray(covariance, jnp.float32), [state.power for state in states]

        def gone(count: int, length: float) -> tuple[list[Cloud], float]:
            ended = [
                self.slope(key, jnp.int32(count), jnp.float32(length), mass, own, state.cloud)
                for own, state in zip(power, states, strict=True)
            ]
            return [cloud for cloud, _ in ended], float(np.mean([share for _, share in ended]))

        length = 0.4
        while gone(1, length)[1] < ACCEPTED and length > 1e-3:
            length *= 0.7
        print(f"step {length:.3f}", end="  ")

        def trajectories(count: int) -> list[Cloud]:
            return gone(count // SETTINGS.sweeps, length)[0]

        return timed([partial(trajectories, count) for count in AFTER])


def timed(ways: Sequence[Callable[[], list[Cloud]]]) -> Moved:
    """What each gives, and its seconds."""
    found, seconds = [], []
    for way in ways:
        began = time.perf_counter()
        found.append(jax.block_until_ready(way()))
        seconds.append(time.perf_counter() - began)
    return found, np.array(seconds)


def _trajectories(
    target: Target, key: Array, count: Array, length: Array, mass: Array, power: Array, cloud: Cloud
) -> tuple[Cloud, Array]:
    """Each particle after so many trajectories of its own, and the share of them accepted."""
    each = jnp.tile(power, cloud.position.shape[1] // BESIDE)

    def one(key: Array, begin: Array, power: Array) -> tuple[Array, Array]:
        def density(position: Array) -> Array:
            return power * jnp.sum(target.item_log_lik(position[:, None])) - 0.5 * jnp.sum(position**2)

        kernel = blackjax.hmc(density, length, mass, STEPS)

        def turn(i: Array, so_far: tuple[Any, Array]) -> tuple[Any, Array]:
            state, info = kernel.step(jax.random.fold_in(key, i), so_far[0])
            return state, so_far[1] + info.acceptance_rate

        state, accepted = jax.lax.fori_loop(0, count, turn, (kernel.init(begin), jnp.float32(0.0)))
        return state.position, accepted / count

    keys = jax.random.split(key, len(each))
    places, accepted = jax.vmap(one)(keys, cloud.position.T, each)
    return cloud._replace(position=places.T), jnp.mean(accepted)


if __name__ == "__main__":
    main()

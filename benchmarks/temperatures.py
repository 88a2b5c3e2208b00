"""How far the moves carry particles at each temperature.

    python benchmarks/temperatures.py [--groups N] [--case CASE]

Some islands climb from the prior to the posterior as by default. At each temperature, after particles are
chosen anew, it is told how strongly a coordinate's order is still what it was (Spearman's ρ, the largest of
all coordinates and the median) after 4, 16, 48 and 96 sweeps; the climb goes on from the first of these, as
the sampler does. Chance alone leaves about 3 over the root of the particles' number. No routes are used: they are
learnt at the end of the path.
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from blackjax.smc import resampling
from opened import opened

from quidproquo.evidence import tempering
from quidproquo.evidence.conditioning import rank_correlation, settings_for
from quidproquo.evidence.items import terms
from quidproquo.evidence.moves import Cloud, side_by_side, sweeps
from quidproquo.evidence.routes import no_routes
from quidproquo.evidence.target import Target, build_target
from quidproquo.study.weigh import DEFAULT_WORLDS
from quidproquo.worlds.runtime import compiled_for, prepare

SETTINGS = settings_for(DEFAULT_WORLDS)
PARTICLES = DEFAULT_WORLDS // SETTINGS.islands // SETTINGS.kept
BESIDE = 4
AFTER = (SETTINGS.sweeps, 16, 48, 96)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--case", default="dprk-russia")
    parser.add_argument("--groups", type=int, default=4, help=f"groups of {BESIDE} islands")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    prepare(Path.home() / ".cache" / "quidproquo")
    found = opened(options.case)
    climber = Climber(build_target(found.model, found.table))
    states = [climber.entered(jax.random.key(group)) for group in range(options.groups)]
    print(
        f"{options.groups * BESIDE} islands of {PARTICLES} particles; largest and median ρ after so many sweeps"
    )
    print("least λ  " + "".join(f"{count:>16}" for count in AFTER))
    step = 0
    while min(float(state.power.min()) for state in states) < 1.0:
        states = [climber.raised(jax.random.key(100 + step), state) for state in states]
        begun = [state.cloud.position for state in states]
        moved = [climber.moved(jax.random.key(1000 + step), state) for state in states]
        left = [
            correlation(begun, [clouds[place].position for clouds in moved]) for place in range(len(AFTER))
        ]
        power = min(float(state.power.min()) for state in states)
        print(f"{power:7.4f}  " + "".join(f"{x.max():8.2f}{np.median(x):8.2f}" for x in left), flush=True)
        states = [state._replace(cloud=clouds[0]) for state, clouds in zip(states, moved, strict=True)]
        step += 1


def correlation(before: list[np.ndarray], after: list[np.ndarray]) -> np.ndarray:
    joined = [np.concatenate([np.asarray(part).T for part in parts]) for parts in (before, after)]
    return rank_correlation(*joined)


class Climber:
    """One temperature at a time, and its moves apart."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.path = tempering.Path(jnp.zeros(len(target.ids)), jnp.ones(len(target.ids)))
        self.none = no_routes(len(target.names))
        self.one = tempering.Plan(target, 1, PARTICLES, SETTINGS.keep, 1, resampling.systematic)
        plan = self.one._replace(islands=BESIDE)
        columns = BESIDE * PARTICLES
        places, known = (jnp.zeros((count, columns)) for count in (len(target.names), len(target.ids)))
        cloud = Cloud(places, known, jnp.ones(columns))
        start = tempering.at_start(cloud, BESIDE)
        self.still = tempering.Effort(jnp.int32(0), jnp.int32(0))
        key = jax.random.key(0)
        self.climb = compiled_for(
            partial(tempering.climb, plan), key, start, self.path, self.still, self.none
        )
        powers = jnp.ones((len(target.ids), BESIDE))
        self.sweep = compiled_for(partial(_sweep, target), key, jnp.int32(1), powers, cloud, self.none)

    def entered(self, key: jax.Array) -> tempering.State:
        islands = []
        for place in range(BESIDE):
            own = jax.random.fold_in(key, place)
            drawn = tempering.crowd(self.one, own)
            known = jnp.asarray(terms(self.target, np.asarray(drawn)))
            islands.append(tempering.enter(self.one, own, drawn, known, self.path))
        clouds = [state.cloud for state in islands]
        cloud = Cloud(*(side_by_side([getattr(one, field) for one in clouds]) for field in Cloud._fields))
        power = jnp.concatenate([state.power for state in islands])
        return tempering.at_start(cloud, BESIDE)._replace(power=power)

    def raised(self, key: jax.Array, state: tempering.State) -> tempering.State:
        """At the next temperature, nothing moved."""
        raised: tempering.State = self.climb(
            key, state._replace(rounds=jnp.zeros(BESIDE, jnp.int32)), self.path, self.still, self.none
        )
        return raised

    def moved(self, key: jax.Array, state: tempering.State) -> list[Cloud]:
        powers = self.path.end[:, None] * state.power
        return [self.sweep(key, jnp.int32(count), powers, state.cloud, self.none) for count in AFTER]


def _sweep(target: Target, key: jax.Array, count: jax.Array, powers: jax.Array, *rest: object) -> Cloud:
    return sweeps(key, target, count, powers, *rest)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()

"""How a step of the sampler grows with claims, coordinates and particles: `python benchmarks/growth.py`.

The shipped case's table of evidence is made longer by repeating its rows, each with a doubt of its own;
what biases one claim alone then biases several and becomes a coordinate, so coordinates grow a little,
too. Of fewer and fewer claims, repeated to the same number of rows, fewer and fewer coordinates move.
Times are of one step for all particles, the least of several runs taken in turns; exponents are slopes
of log time over log size.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from opened import opened

from quidproquo.cases import list_cases
from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.smc.kernels import Cloud, sweeps
from quidproquo.evidence.smc.proposals import no_proposals
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.worlds.model import Model
from quidproquo.worlds.runtime import compiled_for, prepare

PARTICLES, TURNS = 512, 7


@dataclass(frozen=True)
class Step:
    """A compiled sweep, what it starts from, and how many steps it makes."""

    claims: int
    coordinates: int
    particles: int
    program: object
    cloud: Cloud
    steps: int

    def seconds(self, key: jax.Array) -> float:
        begin = time.perf_counter()
        jax.block_until_ready(self.program(key, self.cloud))  # type: ignore[operator]
        return (time.perf_counter() - begin) / self.steps


def shipped() -> tuple[Model, EvidenceTable]:
    found = opened(list_cases()[0].name)
    return found.model, found.table


def of(table: EvidenceTable, claims: int, rows: int) -> EvidenceTable:
    """So many claims, evenly taken, repeated to so many rows, alike ones together."""
    chosen = np.linspace(0, len(table) - 1, claims).astype(int)
    long = table.select(np.sort(np.resize(chosen, rows)))
    return replace(long, group=np.arange(rows))


def _sweep(target: Target, key: jax.Array, cloud: Cloud) -> Cloud:
    powers = jnp.ones((len(target.ids), 1))
    return sweeps(key, target, 1, powers, cloud, no_proposals(len(target.names)))


def step(model: Model, table: EvidenceTable, particles: int) -> Step:
    target = build_target(model, table)
    moved = len(target.names)
    start = jnp.asarray(0.3 * np.random.default_rng(0).normal(size=(moved, particles)), jnp.float32)
    cloud = Cloud(start, jnp.zeros((len(table), particles)), jnp.ones(particles))
    program = compiled_for(partial(_sweep, target), jax.random.key(0), cloud)
    return Step(len(table), moved, particles, program, cloud, 4 * len(target.blocks.steps))


def exponent(sizes: list[int], found: list[float]) -> float:
    return float(np.polyfit(np.log(sizes), np.log(found), 1)[0])


def tell(name: str, steps: list[Step], sizes: list[int]) -> None:
    """Print one curve and its exponent."""
    least = [float("inf")] * len(steps)
    for turn in range(TURNS):
        for place, one in enumerate(steps):
            least[place] = min(least[place], one.seconds(jax.random.key(turn)))
    for one, seconds in zip(steps, least, strict=True):
        micro, share = 1e6 * seconds, 1e9 * seconds / one.particles
        print(
            f"{one.claims:6d} rows {one.coordinates:6d} coordinates {one.particles:6d} particles"
            f"{micro:10.0f} µs a step{share:8.0f} ns a particle"
        )
    print(f"{name}: time ∝ size^{exponent(sizes, least):.2f}\n", flush=True)


def main() -> None:
    prepare()
    quick = "--quick" in sys.argv[1:]
    model, table = shipped()
    whole, particles = len(table), 128 if quick else PARTICLES
    longer = [
        step(model, of(table, whole, whole * times), particles) for times in ((1, 2) if quick else (1, 2, 4))
    ]
    tell("claims", longer, [one.claims for one in longer])
    fewer = [
        step(model, of(table, whole // part, whole), particles)
        for part in ((8, 1) if quick else (8, 4, 2, 1))
    ]
    tell("coordinates", fewer, [one.coordinates for one in fewer])
    larger = [step(model, table, particles * times) for times in ((1, 2) if quick else (1, 2, 4))]
    tell("particles", larger, [one.particles for one in larger])


if __name__ == "__main__":
    main()

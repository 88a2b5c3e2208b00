"""Islands for any number of worlds, and exactly so many worlds from them."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.worlds.small import Row, evidence_table, made_case

from quidproquo.evidence.smc import tempering
from quidproquo.evidence.smc.islands import (
    LEAST_ISLANDS,
    PARTICLES,
    collect_draws,
    island_layout,
    islands_per_batch,
)
from quidproquo.evidence.smc.kernels import Cloud, stack_islands
from quidproquo.evidence.smc.proposals import no_proposals
from quidproquo.evidence.smc.target import build_target
from quidproquo.terms.errors import EvidenceError
from quidproquo.worlds.model import build_model


@given(worlds=st.integers(256, 200_000))
def test_one_size_of_island_and_of_batch_serves_any_number_of_worlds(worlds: int) -> None:
    islands, particles, kept = island_layout(worlds)
    assert particles == PARTICLES
    assert islands >= LEAST_ISLANDS
    assert islands * particles * kept >= worlds
    # no more islands than it takes, but for the least number and a whole batch
    batch = islands_per_batch(islands, particles)
    assert batch == 512 // PARTICLES
    assert islands == LEAST_ISLANDS or (islands - batch) * particles * kept < worlds


def test_too_few_worlds_are_refused_with_the_least_number() -> None:
    assert island_layout(256).islands == 16
    with pytest.raises(EvidenceError, match=r"worlds.*255.*at least 256.*--worlds"):
        island_layout(255)


@pytest.mark.parametrize("worlds", [40, 64, 101, 128])
def test_as_many_worlds_as_asked_for_are_evenly_taken_of_every_island(worlds: int) -> None:
    """Four islands of 16 particles that pass by twice: each place holds its island, time and particle."""
    target = build_target(build_model(made_case()), evidence_table(Row(value=25e9)))
    moved = len(target.names)

    def state(batch: int, time: int) -> tempering.State:
        own = [
            np.full((moved, 16), 100.0 * (2 * batch + beside) + 50.0 * time) + np.arange(16)
            for beside in range(2)
        ]
        cloud = Cloud(stack_islands(own), jnp.zeros((1, 32)), jnp.ones(32))
        return tempering.at_start(cloud, 2)

    passed = [[state(batch, time) for time in range(2)] for batch in range(2)]
    found = collect_draws(jax.random.key(0), target, passed, worlds, no_proposals(target.blocks))
    assert len(found.z) == len(found.island) == worlds
    counts = np.bincount(found.island)
    assert np.ptp(counts) <= 1
    place = found.z[:, target.active[0]]
    assert (place // 100 == found.island).all()
    # half of an island's worlds of each time, to one world
    late = np.bincount(found.island, place % 100 >= 50)
    assert np.abs(2 * late - counts).max() <= 2
    assert len(np.unique(place)) == worlds

"""Moves leave a tempered posterior as it is, at any power, and reach what they should."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.evidence.test_planted import DOUBT, layout
from tests.worlds.small import made_case

from quidproquo.evidence.smc.kernels import Cloud, split_islands, stack_islands, sweeps
from quidproquo.evidence.smc.mode_jumps import no_mode_jumps
from quidproquo.evidence.smc.proposals import LearnedProposals, no_proposals
from quidproquo.evidence.smc.slow_directions import fit_slow_directions
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.worlds.model import build_model

CLOUDS, PARTICLES = 64, 128


@pytest.fixture(scope="module")
def target() -> Target:
    model = build_model(made_case(hypotheses=(DOUBT,)))
    return build_target(model, layout(np.array([3e9, 2e9, 1e9, 2e10, 3e10])))


def cloud_at(target: Target, position: jax.Array) -> Cloud:
    return Cloud(position, target.item_log_lik(position), jnp.ones(position.shape[1]))


def level(target: Target, power: float) -> jax.Array:
    """The same power for every item, in one island."""
    return jnp.full((len(target.ids), 1), power, jnp.float32)


@pytest.mark.parametrize(("power", "gliding"), [(0.0, False), (0.3, False), (1.0, False), (1.0, True)])
def test_draws_from_the_tempered_posterior_stay_such_draws(target, power, gliding):
    """Particles drawn by importance from prior·likelihood^β: the moves may not shift any mean."""
    many = 400_000
    prior = jax.random.normal(jax.random.key(1), (len(target.names), many), jnp.float32)
    value = np.asarray(jax.jit(target.item_log_lik)(prior), dtype=np.float64).sum(axis=0) * power
    chance = np.exp(value - value.max())
    chance /= chance.sum()
    assert 1.0 / np.sum(chance**2) > 1_000
    # each particle a draw of its own, so that clouds are independent up to the importance sample
    rng = np.random.default_rng(2)
    picked = np.asarray(prior)[:, rng.choice(many, CLOUDS * PARTICLES, p=chance)]
    start = jnp.asarray(picked.reshape(len(target.names), CLOUDS, PARTICLES).transpose(1, 0, 2))
    proposals = no_proposals(len(target.names))
    if gliding:
        # any directions will do: which are slowest is not what is tested here
        proposals = LearnedProposals(
            fit_slow_directions(picked.T[:2048], picked.T[2048:4096]), no_mode_jumps(len(target.names))
        )
    move = jax.jit(
        lambda key, z: sweeps(key, target, 6, level(target, power), cloud_at(target, z), proposals)
    )
    ends = [move(jax.random.key(10 + i), z) for i, z in enumerate(start)]
    after = np.stack([np.asarray(end.position) for end in ends])
    assert all(0.1 < float(end.acceptance.mean()) < 1.0 for end in ends)
    # what is left of the importance sample's own error is shared by both sides
    for moment in (1, 2):
        shift = (after**moment).mean(axis=2) - (np.asarray(start) ** moment).mean(axis=2)
        error = shift.std(axis=0, ddof=1) / np.sqrt(CLOUDS)
        slack = 4.5 * error + 4.0 / np.sqrt(1.0 / np.sum(chance**2))
        assert np.all(np.abs(shift.mean(axis=0)) < slack), (moment, shift.mean(axis=0) / error)


def test_terms_stay_those_of_the_position(target):
    start = jax.random.normal(jax.random.key(4), (len(target.names), PARTICLES), jnp.float32)
    end = sweeps(
        jax.random.key(5),
        target,
        3,
        level(target, 0.5),
        cloud_at(target, start),
        no_proposals(len(target.names)),
    )
    np.testing.assert_allclose(end.item_log_lik, target.item_log_lik(end.position), rtol=2e-4, atol=2e-4)


def test_few_sweeps_leave_little_of_where_a_particle_was(target):
    start = jax.random.normal(jax.random.key(6), (len(target.names), 512), jnp.float32)
    first = sweeps(
        jax.random.key(7),
        target,
        40,
        level(target, 1.0),
        cloud_at(target, start),
        no_proposals(len(target.names)),
    )
    later = sweeps(jax.random.key(8), target, 12, level(target, 1.0), first, no_proposals(len(target.names)))
    for before, after in zip(np.asarray(first.position), np.asarray(later.position), strict=True):
        assert abs(np.corrcoef(before, after)[0, 1]) < 0.25


def test_islands_side_by_side_share_no_particle(target):
    """What is near stays near: two islands far apart don't mix, and each has its own power."""
    rng = np.random.default_rng(3)
    far = np.array([0.0, 40.0])
    ends = [rng.normal(size=(len(target.names), PARTICLES)) * 1e-3 + place for place in far]
    both = stack_islands(ends)
    assert both.shape == (len(target.names), 2 * PARTICLES)
    np.testing.assert_allclose(split_islands(np.asarray(both), 2)[1], ends[1].T, rtol=1e-6)
    start = Cloud(both, target.item_log_lik(both), jnp.ones(2 * PARTICLES))
    # where nothing counts, only the prior draws islands to its middle; two steps of differences don't
    powers = jnp.zeros((len(target.ids), 2))
    end = sweeps(jax.random.key(0), target, 1, powers, start, no_proposals(len(target.names)))
    here, there = split_islands(np.asarray(end.position), 2)
    assert np.abs(here).max() < 6.0
    assert not np.isin(there, here).any()


def test_an_island_is_weighed_by_its_own_powers(target):
    start = jax.random.normal(jax.random.key(6), (len(target.names), PARTICLES), jnp.float32)
    both = stack_islands([np.asarray(start)] * 2)
    cloud = Cloud(both, target.item_log_lik(both), jnp.ones(2 * PARTICLES))
    powers = jnp.stack([jnp.zeros(len(target.ids)), jnp.ones(len(target.ids))], axis=1)
    end = sweeps(jax.random.key(1), target, 30, powers, cloud, no_proposals(len(target.names)))
    free, held = split_islands(np.asarray(end.position), 2)
    widths = held.std(axis=0) / free.std(axis=0)
    assert widths.min() < 0.7
    np.testing.assert_allclose(free.std(axis=0), 1.0, atol=4.5 / np.sqrt(PARTICLES))


def test_the_key_decides(target):
    start = cloud_at(target, jax.random.normal(jax.random.key(4), (len(target.names), 128)))
    one, same, other = (
        np.asarray(
            sweeps(
                jax.random.key(seed), target, 1, level(target, 1.0), start, no_proposals(len(target.names))
            ).position
        )
        for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()

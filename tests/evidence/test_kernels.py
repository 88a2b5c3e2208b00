"""Moves leave a tempered posterior as it is, at any power, and reach what they should."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.evidence.test_planted import DOUBT, layout
from tests.worlds.small import made_case

from quidproquo.evidence.smc.blocks import build_blocks
from quidproquo.evidence.smc.kernels import Cloud, split_islands, stack_islands, sweeps
from quidproquo.evidence.smc.proposals import LearnedProposals, fit_to_blocks, no_proposals
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


def proposals_of(kind: str, target: Target, draws: np.ndarray) -> LearnedProposals:
    """Proposals fitted to draws `[draw, moved]`, or to ones that have little to do with them."""
    none, half = no_proposals(target.blocks), len(draws) // 2
    if kind == "prior":
        return none
    if kind == "fitted":
        return fit_to_blocks(draws[None], target.blocks)
    if kind == "misfitted":
        # a kernel must correct a wrong mean, a wrong width and a wrong correlation
        rng = np.random.default_rng(7)
        turned = np.linalg.qr(rng.standard_normal((draws.shape[1], draws.shape[1])))[0]
        return fit_to_blocks((0.7 * draws @ turned + 0.5)[None], target.blocks)
    # any directions will do: which are slow is not what is tested here
    return none._replace(slow_directions=fit_slow_directions(draws[:half], draws[half : 2 * half]))


@pytest.mark.parametrize(
    ("power", "kind"),
    [(0.0, "prior"), (0.3, "prior"), (1.0, "prior"), (1.0, "fitted"), (1.0, "misfitted"), (1.0, "slow")],
)
def test_draws_from_the_tempered_posterior_stay_such_draws(target, power, kind):
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
    proposals = proposals_of(kind, target, picked.T[:4096])
    move = jax.jit(
        lambda key, z: sweeps(key, target, 12, level(target, power), cloud_at(target, z), proposals)
    )
    ends = [move(jax.random.key(10 + i), z) for i, z in enumerate(start)]
    after = np.stack([np.asarray(end.position) for end in ends])
    # from the prior, draws from the prior are always accepted
    assert all(0.1 < float(end.acceptance.mean()) <= 1.0 for end in ends)
    # the importance sample's own error is shared by both sides
    for moment in (1, 2):
        shift = (after**moment).mean(axis=2) - (np.asarray(start) ** moment).mean(axis=2)
        error = shift.std(axis=0, ddof=1) / np.sqrt(CLOUDS)
        slack = 4.5 * error + 4.0 / np.sqrt(1.0 / np.sum(chance**2))
        assert np.all(np.abs(shift.mean(axis=0)) < slack), (moment, shift.mean(axis=0) / error)


def test_a_block_that_is_normal_is_drawn_afresh():
    """Where the fit is exact, half of the proposals are new draws, and all are accepted."""
    target = TwoReports()
    rng = np.random.default_rng(0)
    truth = target.covariance()
    draws = rng.multivariate_normal(np.zeros(2), truth, 100_000).astype(np.float32)
    proposals = fit_to_blocks(draws[None], target.blocks)
    start = jnp.asarray(draws[:20_000].T)
    cloud = Cloud(start, target.item_log_lik(start), jnp.ones(20_000))
    end = jax.jit(lambda key: sweeps(key, target, 12, jnp.ones((2, 1)), cloud, proposals))(jax.random.key(1))
    assert float(end.acceptance.mean()) > 0.8
    order = np.corrcoef(np.asarray(end.position), draws[:20_000].T)[:2, 2:]
    assert np.abs(order).max() < 0.15
    np.testing.assert_allclose(np.cov(np.asarray(end.position)), truth, atol=0.03)


class TwoReports(Target):
    """Two coordinates in one block, of which one report tells the sum and one the difference."""

    names = ("one", "other")
    ids = ("sum", "difference")
    blocks = build_blocks(["both", "both"], np.ones((2, 2), dtype=bool))
    sd = np.array([[0.2], [2.0]])

    def __init__(self) -> None:
        """Nothing but what moves look at."""

    def item_log_lik(self, position):
        seen = jnp.stack([position[0] + position[1], position[0] - position[1]])
        return -0.5 * (seen / self.sd) ** 2

    def covariance(self) -> np.ndarray:
        rows = np.array([[1.0, 1.0], [1.0, -1.0]]) / self.sd
        return np.linalg.inv(np.eye(2) + rows.T @ rows)


def test_log_likelihoods_stay_those_of_the_position(target):
    start = jax.random.normal(jax.random.key(4), (len(target.names), PARTICLES), jnp.float32)
    end = sweeps(
        jax.random.key(5),
        target,
        3,
        level(target, 0.5),
        cloud_at(target, start),
        no_proposals(target.blocks),
    )
    np.testing.assert_allclose(end.item_log_lik, target.item_log_lik(end.position), rtol=2e-4, atol=2e-4)


def test_few_sweeps_forget_where_a_particle_was(target):
    start = jax.random.normal(jax.random.key(6), (len(target.names), 512), jnp.float32)
    first = sweeps(
        jax.random.key(7),
        target,
        40,
        level(target, 1.0),
        cloud_at(target, start),
        no_proposals(target.blocks),
    )
    fitted = fit_to_blocks(split_islands(np.asarray(first.position), 1), target.blocks)
    later = sweeps(jax.random.key(8), target, 12, level(target, 1.0), first, fitted)
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
    end = sweeps(jax.random.key(0), target, 1, powers, start, no_proposals(target.blocks))
    here, there = split_islands(np.asarray(end.position), 2)
    assert np.abs(here).max() < 6.0
    assert not np.isin(there, here).any()


def test_an_island_is_weighed_by_its_own_powers(target):
    start = jax.random.normal(jax.random.key(6), (len(target.names), PARTICLES), jnp.float32)
    both = stack_islands([np.asarray(start)] * 2)
    cloud = Cloud(both, target.item_log_lik(both), jnp.ones(2 * PARTICLES))
    powers = jnp.stack([jnp.zeros(len(target.ids)), jnp.ones(len(target.ids))], axis=1)
    end = sweeps(jax.random.key(1), target, 30, powers, cloud, no_proposals(target.blocks))
    free, held = split_islands(np.asarray(end.position), 2)
    widths = held.std(axis=0) / free.std(axis=0)
    assert widths.min() < 0.7
    np.testing.assert_allclose(free.std(axis=0), 1.0, atol=4.5 / np.sqrt(PARTICLES))


def test_the_key_decides(target):
    start = cloud_at(target, jax.random.normal(jax.random.key(4), (len(target.names), 128)))
    one, same, other = (
        np.asarray(
            sweeps(
                jax.random.key(seed), target, 1, level(target, 1.0), start, no_proposals(target.blocks)
            ).position
        )
        for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()

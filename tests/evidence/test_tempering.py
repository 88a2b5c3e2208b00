"""Entering the path: hypotheses are strata, and islands that lie side by side climb each by itself."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats
from tests.evidence.test_planted import DOUBT, layout
from tests.worlds.small import made_case

from quidproquo.evidence.smc import resampling, tempering
from quidproquo.evidence.smc.compiled import path_between
from quidproquo.evidence.smc.first_step import prior_pool
from quidproquo.evidence.smc.kernels import split_islands, stack_islands
from quidproquo.evidence.smc.proposals import no_proposals
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.worlds.model import build_model

PARTICLES = 64


@pytest.fixture(scope="module")
def target() -> Target:
    model = build_model(made_case(hypotheses=(DOUBT,)))
    return build_target(model, layout(np.array([3e9, 2e9, 1e9, 2e10, 3e10])))


def test_hypotheses_are_strata_of_what_an_island_is_chosen_from():
    """Every part of a hypothesis's scale has one draw, so each state its share; parameters are plain draws."""
    names = ("a.size", "hypothesis.doubt", "b.rate")
    for seed in range(3):
        count = 2048
        drawn = prior_pool(np.random.default_rng(seed), names, count)
        place = np.floor(stats.norm.cdf(drawn[1].astype(np.float64)) * count)
        # single precision moves a few across the edge of their part
        assert np.abs(np.sort(place) - np.arange(count)).max() <= 1.0
        for share in (0.1, 0.3, 0.72):
            assert abs((drawn[1] < stats.norm.ppf(share)).sum() - share * count) <= 2.0
        assert stats.kstest(drawn[[0, 2]].ravel(), "norm").pvalue > 1e-4
        assert np.abs(np.corrcoef(drawn)[1, [0, 2]]).max() < 5.0 / np.sqrt(count)


def test_islands_side_by_side_keep_their_own_powers_and_particles(target):
    """One enters far ahead of the other; both arrive, and each step counts for its own island."""
    plan = tempering.Plan(target, 2, PARTICLES, resampling.systematic)
    path = path_between(np.zeros(len(target.ids)), np.ones(len(target.ids)), 2)
    rng = np.random.default_rng(0)
    position = [rng.normal(size=(len(target.names), PARTICLES)) for _ in range(2)]
    both = stack_islands(position)
    cloud = tempering.Cloud(both, target.item_log_lik(both), jnp.ones(2 * PARTICLES))
    begin = tempering.at_start(cloud, 2)._replace(power=jnp.asarray([0.0, 0.9]))
    schedule = tempering.Schedule.of(1, 1, 0.5, 40)
    end = tempering.temper(plan, jax.random.key(0), begin, path, schedule, no_proposals(target.blocks))
    np.testing.assert_array_equal(end.power, 1.0)
    assert int(end.rounds[0]) > int(end.rounds[1]) >= 1
    assert bool(end.settled)
    islands = split_islands(np.asarray(end.cloud.position), 2)
    assert not np.isin(islands[0], islands[1]).any()
    np.testing.assert_allclose(
        end.cloud.item_log_lik, target.item_log_lik(end.cloud.position), rtol=2e-4, atol=2e-4
    )

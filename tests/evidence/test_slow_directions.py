"""Slow moves change what other moves change slowest, whatever coordinates it is made of."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from quidproquo.evidence.smc.blocks import build_blocks
from quidproquo.evidence.smc.kernels import Cloud, sweeps
from quidproquo.evidence.smc.proposals import LearnedProposals, no_proposals
from quidproquo.evidence.smc.slow_directions import fit_slow_directions
from quidproquo.evidence.smc.target import Target

MOVED, PARTICLES, NARROW, MANY = 8, 2048, 0.03, 20_000


class Ridge(Target):
    """One item tells the sum of the first two coordinates; every coordinate is a block of its own."""

    names = tuple(f"c{i}" for i in range(MOVED))
    ids = ("c",)
    blocks = build_blocks(names, np.ones((MOVED, 1), dtype=bool))

    def __init__(self) -> None:
        """Nothing but what moves look at."""

    def item_log_lik(self, position):
        return -0.5 * ((position[:1] + position[1:2]) / NARROW) ** 2


def test_the_slowest_direction_is_the_one_that_was_kept():
    """Two mixed coordinates keep 0.9 of what they were and a third 0.5, whatever basis they are seen in."""
    rng = np.random.default_rng(0)
    basis = rng.standard_normal((3, 3))
    kept = np.array([0.9, 0.5, 0.0])
    before = rng.standard_normal((MANY, 3))
    after = kept * before + np.sqrt(1.0 - kept**2) * rng.standard_normal((MANY, 3))
    found = fit_slow_directions(before @ basis.T, after @ basis.T)
    assert int(found.used) == 3
    directions = np.asarray(found.directions)
    for place in range(3):
        # a standard deviation long, either way
        way = directions[:, place] * np.sign(directions[:, place] @ basis[:, place])
        np.testing.assert_allclose(way, basis[:, place], atol=0.06)
    assert not directions[:, 3:].any()
    along = np.asarray(found.combinations)[:3] @ (after @ basis.T - np.asarray(found.mean)).T
    np.testing.assert_allclose(np.cov(along), np.eye(3), atol=0.05)


def test_slow_moves_run_along_a_ridge_that_blocks_cross_slowly():
    """The correlation with the place along the ridge after a few sweeps, with and without slow moves."""
    target, remains = Ridge(), {}
    rng = np.random.default_rng(1)
    place = rng.standard_normal((MOVED, 3 * PARTICLES))
    # the exact posterior: two coordinates that all but cancel out
    along, across = place[0] / np.sqrt(2.0), place[1] * NARROW / 2.0
    place[:2] = along + across, across - along
    starts = place.reshape(MOVED, 3, PARTICLES).transpose(1, 0, 2).astype(np.float32)
    none = no_proposals(target.blocks)
    move = jax.jit(partial(sweeps, target=target, count=4, powers=jnp.ones((1, 1))))

    def moved(seed: int, start: np.ndarray, proposals: LearnedProposals) -> np.ndarray:
        cloud = Cloud(jnp.asarray(start), target.item_log_lik(jnp.asarray(start)), jnp.ones(PARTICLES))
        return np.asarray(move(jax.random.key(seed), cloud=cloud, proposals=proposals).position)

    proposals = none._replace(slow_directions=fit_slow_directions(starts[0].T, moved(0, starts[0], none).T))
    for name, some in (("with", proposals), ("without", none)):
        after = moved(1, starts[1], some)
        remains[name] = np.corrcoef(starts[1][0] - starts[1][1], after[0] - after[1])[0, 1]
    assert remains["with"] < 0.45
    assert remains["without"] > 0.7

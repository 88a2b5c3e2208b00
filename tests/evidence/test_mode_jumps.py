"""Mode jumps are found between groups whose shares differ between islands; they bring each to its share."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from quidproquo.evidence.smc.blocks import build_blocks
from quidproquo.evidence.smc.kernels import Cloud, sweeps
from quidproquo.evidence.smc.mode_jumps import fit_jumps, no_mode_jumps
from quidproquo.evidence.smc.proposals import no_proposals
from quidproquo.evidence.smc.target import Target

WIDTH, APART, SHARE = 0.02, 0.6, 0.1
MOVED, PARTICLES, CLOUDS, ISLANDS = 6, 128, 24, 32
WIDER = 3.0


class TwoAccounts(Target):
    """One item whose likelihood has a narrow peak at 0 and a smaller one `APART` from it, in two coordinates.

    All other coordinates keep their prior. The peaks are so narrow that the prior is level in each.
    """

    names = tuple(f"c{i}" for i in range(MOVED))
    ids = ("c",)
    blocks = build_blocks(["first", "second", *["rest"] * (MOVED - 2)], np.ones((MOVED, 1), dtype=bool))

    def __init__(self) -> None:
        """Nothing but what moves look at."""

    def item_log_lik(self, position):
        def peak(centre: float):
            return -0.5 * jnp.sum(((position[:2] - centre) / WIDTH) ** 2, axis=0) + centre**2

        return jnp.logaddexp(np.log1p(-SHARE) + peak(0.0), np.log(SHARE) + peak(APART))[None]


TARGET = TwoAccounts()


def drawn(rng: np.random.Generator, worlds: int, share: float) -> np.ndarray:
    position = rng.standard_normal((worlds, MOVED))
    high = rng.random(worlds) < share
    position[:, :2] = WIDTH * rng.standard_normal((worlds, 2)) + APART * high[:, None]
    return position


def log_density(position: np.ndarray) -> np.ndarray:
    return np.asarray(TARGET.item_log_lik(position.T)[0]) - 0.5 * (position**2).sum(axis=1)


def islands(rng: np.random.Generator, shares: np.ndarray) -> np.ndarray:
    """Islands that hold the smaller account unevenly."""
    return np.stack([drawn(rng, PARTICLES, share) for share in shares])


def uneven(rng: np.random.Generator) -> np.ndarray:
    return islands(rng, rng.uniform(0.0, 2.0 * SHARE, ISLANDS))


def test_a_jump_joins_the_groups_in_all_coordinates_that_differ():
    found = fit_jumps(uneven(np.random.default_rng(0)), TARGET.blocks.owner, log_density)
    assert int(found.used) == 1
    middle = np.zeros(MOVED)
    there = np.asarray(found.maps)[0, 1] @ middle + np.asarray(found.shifts)[0, 1]
    np.testing.assert_allclose(there[:2], APART, atol=0.02)
    assert np.abs(there[2:]).max() < 0.3


def test_maps_forth_and_back_undo_each_other_and_their_determinant_is_known():
    rng = np.random.default_rng(3)
    position = uneven(rng)
    low = position[..., 0] < APART / 2
    position[..., :2] = np.where(low[..., None], position[..., :2] * WIDER, position[..., :2])

    def wider(x: np.ndarray) -> np.ndarray:
        """Much lower where it is wide, so that it matters how a jump goes there."""
        low = x[:, 0] < APART / 2
        near = np.where(low[:, None], x[:, :2] / WIDER, x[:, :2] - APART)
        return -4.0 * low - 0.5 * (near**2).sum(axis=1) / WIDTH**2 - 0.5 * (x[:, 2:] ** 2).sum(axis=1)

    found = fit_jumps(position, TARGET.blocks.owner, wider)
    assert int(found.used) == 1
    maps, shifts = (np.asarray(array, dtype=np.float64)[0] for array in (found.maps, found.shifts))
    np.testing.assert_allclose(maps[0] @ maps[1], np.eye(MOVED), atol=1e-5)
    np.testing.assert_allclose(maps[0] @ shifts[1] + shifts[0], 0.0, atol=1e-5)
    np.testing.assert_allclose(np.linalg.slogdet(maps[0])[1], float(found.log_det[0]), rtol=1e-4)
    # from the narrow account to the one that is wider in two coordinates, shrunk towards it a little
    assert 0.5 * 2 * np.log(WIDER) < float(found.log_det[0]) < 1.2 * 2 * np.log(WIDER)


@pytest.mark.parametrize("seed", range(5))
def test_one_group_has_no_jumps(seed):
    position = np.random.default_rng(seed).standard_normal((ISLANDS, PARTICLES, MOVED))
    found = fit_jumps(position, TARGET.blocks.owner, lambda x: -0.5 * (x**2).sum(axis=1))
    assert int(found.used) == 0


def test_groups_that_all_islands_hold_alike_or_that_no_jump_joins_are_passed_over():
    rng = np.random.default_rng(0)
    alike = islands(rng, np.full(ISLANDS, SHARE))
    # as even as it gets: the same number in each island
    alike[:] = alike[0]
    assert int(fit_jumps(alike, TARGET.blocks.owner, log_density).used) == 0
    never = fit_jumps(uneven(rng), TARGET.blocks.owner, lambda x: -1e6 * (x[:, 0] < APART / 2))
    assert int(never.used) == 0


def test_jumps_bring_each_account_to_its_share():
    """Started with half of the particles in each; without jumps they stay where they are."""
    rng = np.random.default_rng(1)
    mode_jumps = fit_jumps(uneven(rng), TARGET.blocks.owner, log_density)
    shares = {}
    for name, found in (("with", mode_jumps), ("without", no_mode_jumps(MOVED))):
        some = no_proposals(TARGET.blocks)._replace(mode_jumps=found)
        move = jax.jit(partial(sweeps, target=TARGET, count=160, powers=jnp.ones((1, 1)), proposals=some))
        ends = []
        for cloud in range(CLOUDS):
            start = jnp.asarray(drawn(rng, PARTICLES, 0.5).T, jnp.float32)
            end = move(
                jax.random.key(cloud), cloud=Cloud(start, TARGET.item_log_lik(start), jnp.ones(PARTICLES))
            )
            ends.append((np.asarray(end.position)[0] > APART / 2).mean())
        shares[name] = np.array(ends)
    error = np.sqrt(SHARE * (1 - SHARE) / PARTICLES)
    assert abs(shares["with"].mean() - SHARE) < 4.5 * error / np.sqrt(CLOUDS)
    # each particle jumps by itself: clouds differ as independent draws would
    assert shares["with"].std() < 1.5 * error
    assert shares["without"].mean() > 0.3

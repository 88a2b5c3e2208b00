"""Leaps are found between groups that lie apart, and bring each to its share."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from quidproquo.evidence.blocks import build_blocks
from quidproquo.evidence.leaps import no_leaps, seek
from quidproquo.evidence.moves import Cloud, sweeps
from quidproquo.evidence.target import Target

WIDTH, APART, SHARE = 0.02, 0.6, 0.1
MOVED, PARTICLES, CLOUDS = 6, 128, 24


class TwoAccounts(Target):
    """One item whose likelihood has a narrow peak at 0 and a smaller one `APART` from it, in two coordinates.

    All other coordinates keep their prior. The peaks are so narrow that the prior is level in each.
    """

    names = tuple(f"c{i}" for i in range(MOVED))
    ids = ("c",)
    blocks = build_blocks(["first", "second", *["rest"] * (MOVED - 2)], np.ones((MOVED, 1), dtype=bool))

    def __init__(self) -> None:
        """Nothing but what moves look at."""

    def terms(self, position):
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
    return np.asarray(TARGET.terms(position.T)[0]) - 0.5 * (position**2).sum(axis=1)


def hard(position: np.ndarray) -> np.ndarray:
    """As if a leap were accepted seldom: one in a hundred."""
    return log_density(position) + np.log(0.01) * (np.abs(position[:, 0]) < APART / 2)


def test_a_leap_joins_the_groups_in_all_coordinates_that_differ():
    position = drawn(np.random.default_rng(0), 4096, SHARE)
    found = seek(position, hard)
    assert int(found.used) == 1
    np.testing.assert_allclose(np.asarray(found.vectors)[:2, 0], APART, atol=0.01)
    assert np.abs(np.asarray(found.vectors)[2:, 0]).max() < 0.3


@pytest.mark.parametrize("seed", range(5))
def test_one_group_has_no_leaps(seed):
    position = np.random.default_rng(seed).standard_normal((4096, MOVED))
    assert int(seek(position, lambda x: -0.5 * (x**2).sum(axis=1)).used) == 0


def test_groups_that_moves_join_anyway_are_passed_over():
    position = drawn(np.random.default_rng(0), 4096, SHARE)
    assert int(seek(position, lambda x: np.zeros(len(x))).used) == 0
    assert int(seek(position, lambda x: -1e6 * (x[:, 0] < APART / 2)).used) == 0


def test_leaps_bring_each_account_to_its_share():
    """Started with half of the particles in each; without leaps they stay where they are."""
    rng = np.random.default_rng(1)
    leaps = seek(drawn(rng, 4096, 0.5), hard)
    shares = {}
    for name, some in (("with", leaps), ("without", no_leaps(MOVED))):
        move = jax.jit(partial(sweeps, target=TARGET, count=40, powers=jnp.ones(1), leaps=some))
        ends = []
        for cloud in range(CLOUDS):
            start = jnp.asarray(drawn(rng, PARTICLES, 0.5).T, jnp.float32)
            end = move(jax.random.key(cloud), cloud=Cloud(start, TARGET.terms(start), jnp.ones(())))
            ends.append((np.asarray(end.position)[0] > APART / 2).mean())
        shares[name] = np.array(ends)
    error = np.sqrt(SHARE * (1 - SHARE) / PARTICLES / CLOUDS)
    assert abs(shares["with"].mean() - SHARE) < 4.5 * error
    assert shares["without"].mean() > 0.3

"""Normal distributions of blocks given all others are those of the particles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quidproquo.evidence.smc.block_normals import fit_block_normals, prior_block_normals
from quidproquo.evidence.smc.blocks import Blocks, build_blocks

LABELS = ["a", "a", "b", "c", "c", "c"]
MOVED, MANY = len(LABELS), 400_000


@pytest.fixture(scope="module")
def blocks() -> Blocks:
    """Blocks a and c share no item and make one step; b shares one with each."""
    touches = np.array([[1, 0], [1, 0], [1, 1], [0, 1], [0, 1], [0, 1]], dtype=bool)
    found = build_blocks(LABELS, touches)
    assert sorted(step.tolist() for step in found.steps) == [[False, True, False], [True, False, True]]
    return found


def independent_given_b(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of a normal distribution in which a and c are independent given b."""
    a, c = (rng.standard_normal((n, n)) + 2.0 * np.eye(n) for n in (2, 3))
    on_b = rng.standard_normal(5)
    mixing = np.zeros((MOVED, MOVED))
    mixing[:2, :2], mixing[3:, 3:] = a, c
    mixing[[0, 1, 3, 4, 5], 2] = on_b
    mixing[2, 2] = 0.7
    return rng.standard_normal(MOVED), mixing @ mixing.T


def test_a_normal_distribution_is_found_again(blocks):
    rng = np.random.default_rng(0)
    mean, covariance = independent_given_b(rng)
    position = rng.multivariate_normal(mean, covariance, MANY).astype(np.float32)
    fitted = fit_block_normals(position, blocks)
    x = rng.multivariate_normal(mean, covariance, 5)
    for step, every in enumerate(blocks.rows):
        own = every[every < MOVED]
        others, count = np.setdiff1d(np.arange(MOVED), own), len(own)
        slope = covariance[np.ix_(own, others)] @ np.linalg.inv(covariance[np.ix_(others, others)])
        within = covariance[np.ix_(own, own)] - slope @ covariance[np.ix_(others, own)]
        factor = np.asarray(fitted.factor, np.float64)[step, :count, :count]
        # values beyond 3 standard deviations are cut, which takes 1.3% of a variance
        np.testing.assert_allclose(factor @ factor.T, within, atol=0.03 * within.max())
        whiten, offset = (np.asarray(each, np.float64)[step, :count] for each in fitted[:2])
        centre = mean[own] + (x - mean)[:, others] @ slope.T
        np.testing.assert_allclose(
            (whiten @ x.T).T + offset, np.linalg.solve(factor, (x[:, own] - centre).T).T, atol=0.03
        )


def test_whitened_particles_are_standard_normal_and_the_factor_takes_them_back(blocks):
    rng = np.random.default_rng(1)
    position = rng.multivariate_normal(*independent_given_b(rng), 20_000).astype(np.float32)
    fitted = fit_block_normals(position, blocks)
    for step, every in enumerate(blocks.rows):
        own = every[every < MOVED]
        count = len(own)
        whitened = (
            position @ np.asarray(fitted.whiten)[step, :count].T + np.asarray(fitted.offset)[step, :count]
        )
        np.testing.assert_allclose(whitened.mean(axis=0), 0.0, atol=4.5 / np.sqrt(len(position)))
        np.testing.assert_allclose(whitened.std(axis=0), 1.0, atol=0.03)
        # a change in the whitened numbers is one of the step's own coordinates
        change = np.eye(count)
        moved = position[:1].repeat(count, axis=0).astype(np.float64)
        moved[:, own] += change @ np.asarray(fitted.factor)[step, :count, :count].T
        seen = moved @ np.asarray(fitted.whiten, np.float64)[step, :count].T
        before = position[:1] @ np.asarray(fitted.whiten)[step, :count].T
        np.testing.assert_allclose(seen - before, change, atol=1e-4)


def test_blocks_of_one_step_are_proposed_independently(blocks):
    rng = np.random.default_rng(2)
    position = rng.multivariate_normal(
        np.zeros(MOVED), np.full((MOVED, MOVED), 0.8) + 0.2 * np.eye(MOVED), 2000
    )
    factor = np.asarray(fit_block_normals(position.astype(np.float32), blocks).factor)
    for step, every in enumerate(blocks.rows):
        owner = np.append(blocks.owner, -1)[every]
        assert not factor[step][owner[:, None] != owner].any()


def test_few_worlds_far_from_the_rest_hardly_matter(blocks):
    rng = np.random.default_rng(3)
    position = rng.standard_normal((4000, MOVED)).astype(np.float32)
    far = position.copy()
    far[:20] += 1e4
    near, fitted = (fit_block_normals(each, blocks) for each in (position, far))
    for one, other in zip(near, fitted, strict=True):
        np.testing.assert_allclose(one, other, atol=0.12)


@given(st.integers(0, 2**31), st.integers(2, 40), st.booleans())
def test_any_particles_give_finite_numbers(seed, particles, constant):
    touches = np.ones((MOVED, 1), dtype=bool)
    rng = np.random.default_rng(seed)
    position = rng.standard_normal((particles, MOVED)).astype(np.float32)
    if constant:
        position[:, 1:3] = 0.5
    for each in fit_block_normals(position, build_blocks(LABELS, touches)):
        assert np.isfinite(np.asarray(each)).all()


def test_before_any_fit_it_is_the_prior(blocks):
    prior = prior_block_normals(blocks)
    x = np.random.default_rng(4).standard_normal(MOVED).astype(np.float32)
    for step, every in enumerate(blocks.rows):
        own = every[every < MOVED]
        np.testing.assert_array_equal((np.asarray(prior.whiten)[step] @ x)[: len(own)], x[own])
    assert not np.asarray(prior.offset).any()
    np.testing.assert_array_equal(
        prior.factor, np.broadcast_to(np.eye(blocks.rows.shape[1]), prior.factor.shape)
    )


def test_the_fit_does_not_depend_on_how_the_sum_is_split():
    """Sums of small products are exact enough to be compared with one large product."""
    rng = np.random.default_rng(5)
    blocks = build_blocks(LABELS, np.ones((MOVED, 1), dtype=bool))
    position = rng.standard_normal((1003, MOVED)).astype(np.float32)
    order = rng.permutation(len(position))
    for one, other in zip(
        fit_block_normals(position, blocks), fit_block_normals(position[order], blocks), strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-5)

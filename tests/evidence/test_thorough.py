"""Conditioning at length, against a fine quadrature of the same posterior and against the sampler it checks."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from tests.evidence.test_conditioning import CLAIMS, DOUBT, ISLANDS, check_against_quadrature
from tests.worlds.small import Row, evidence_table, made_case

from quidproquo.evidence.smc.sample import PosteriorDraws, Settings
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.evidence.smc.thorough import condition_thoroughly
from quidproquo.terms.errors import EvidenceError
from quidproquo.worlds.model import build_model

TWICE = Settings(islands=ISLANDS, particles=128)


@pytest.fixture(scope="module")
def target() -> Target:
    model = build_model(made_case(hypotheses=(DOUBT,)))
    return build_target(model, evidence_table(*(Row(value=value) for value in CLAIMS)))


@pytest.fixture(scope="module")
def drawn(target: Target) -> tuple[PosteriorDraws, list[int]]:
    told: list[int] = []
    return condition_thoroughly(jax.random.key(3), target, ISLANDS * 256, TWICE, told.append), told


def test_mean_spread_and_quantiles_agree_with_quadrature(target, drawn):
    check_against_quadrature(target.model, drawn[0])


def test_nothing_is_left_of_where_particles_were_at_any_temperature(target, drawn):
    found, told = drawn
    assert found.thorough
    # below what so many particles show by chance
    assert 0.0 < found.max_rank_correlation < 4.0 / np.sqrt(ISLANDS * 128)
    assert sum(told) == len(told) == found.temperatures[0]
    np.testing.assert_array_equal(found.temperatures, found.temperatures[0])
    # an island's particles come twice, and have forgotten the first time by the second
    column = found.z[:, target.active[0]].reshape(ISLANDS, 2, 128)
    assert abs(np.corrcoef(column[:, 0].ravel(), column[:, 1].ravel())[0, 1]) < 0.15


def test_what_comes_back_has_the_shape_of_the_sampler_s(target, drawn):
    found, _ = drawn
    assert found.z.shape == (ISLANDS * 256, len(target.model.coordinates))
    assert found.biases.shape == (ISLANDS * 256, 0)
    assert found.particles == 128
    np.testing.assert_array_equal(np.bincount(found.island), 256)
    assert np.all((found.acceptance > 0.2) & (found.acceptance <= 1.0))


def test_the_same_key_draws_the_same_worlds(target, drawn):
    again = condition_thoroughly(jax.random.key(3), target, ISLANDS * 256, TWICE)
    np.testing.assert_array_equal(again.z, drawn[0].z)


def test_too_few_worlds_are_refused(target):
    with pytest.raises(EvidenceError, match=r"worlds.*100.*at least 128.*--worlds"):
        condition_thoroughly(jax.random.key(0), target, 100, TWICE)


def test_a_path_that_is_too_long_is_told(target):
    sharp = build_target(target.model, evidence_table(*(Row(value=60e9, family=f"f{n}") for n in range(40))))
    with pytest.raises(EvidenceError, match=r"islands that reached full evidence.*0.*all 8.*qpq check"):
        condition_thoroughly(jax.random.key(0), sharp, 512, Settings(islands=ISLANDS, most_steps=1))

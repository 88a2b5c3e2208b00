"""Worlds taken from one posterior to another, against a fine quadrature of both."""

from __future__ import annotations

from dataclasses import replace

import jax
import numpy as np
import pytest
from tests.evidence.levels import Quadrature, level_model, reported
from tests.worlds.small import evidence_table

from quidproquo.evidence.smc import bridge
from quidproquo.evidence.smc.bridge import BridgeSettings, bridge_to_powers, bridge_to_state
from quidproquo.evidence.smc.extension import extension_of
from quidproquo.evidence.smc.mover import Mover, Particles, Path, Sweeps
from quidproquo.evidence.smc.sample import PosteriorDraws, Settings, condition
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.evidence.smc.tilt import tilt_of
from quidproquo.terms.errors import EvidenceError
from quidproquo.worlds.counting import counting

ROWS = (reported(60.0), reported(75.0, grade="A1"), reported(40.0, grade="C3"))
SETTINGS = BridgeSettings(islands=16)


@pytest.fixture(scope="module")
def run() -> tuple[Target, PosteriorDraws]:
    target = build_target(level_model(), evidence_table(*ROWS))
    return target, condition(jax.random.key(3), target, 4096, Settings(islands=32))


def check_mean(values: np.ndarray, island: np.ndarray, want: float) -> None:
    """The mean agrees with what is known, by the errors that islands show."""
    of_islands = np.array([values[island == one].mean() for one in np.unique(island)])
    error = of_islands.std(ddof=1) / np.sqrt(len(of_islands))
    assert error < 0.08
    assert abs(of_islands.mean() - want) < 4.5 * error + 0.003


def base_of(target: Target, drawn: PosteriorDraws) -> np.ndarray:
    return drawn.z[:, target.model.coordinates.index("levels.base")].astype(np.float64)


@pytest.mark.parametrize("powers", [(1.0, 0.0, 1.0), (0.0, 0.0, 0.0), (0.5, 0.5, 0.5), (1.0, 1.0, 1.0)])
def test_items_get_other_powers(run, powers):
    target, drawn = run
    found = bridge_to_powers(jax.random.key(4), extension_of(target), drawn, np.array(powers), SETTINGS)
    known = Quadrature(ROWS, powers)
    z, states = base_of(target, found), target.model.states_of(found.z)[:, 0]
    mean, sd = known.moments()
    check_mean(z, found.island, mean)
    check_mean(z**2, found.island, sd**2 + mean**2)
    for state, share in enumerate(known.shares):
        check_mean((states == state).astype(float), found.island, share)


@pytest.mark.parametrize("state", [0, 1, 2])
def test_a_state_holds_in_half_of_the_worlds_and_within_it_nothing_is_changed(run, state):
    target, drawn = run
    found = bridge_to_state(jax.random.key(4), extension_of(target), drawn, ("depth", state), SETTINGS)
    known = Quadrature(ROWS)
    z, states = base_of(target, found), target.model.states_of(found.z)[:, 0]
    assert 0.4 < np.mean(states == state) < 0.6
    for one in range(3):
        inside = states == one
        if inside.sum() > 200:
            check_mean(z[inside], found.island[inside], known.moments(one)[0])
    # the other states keep their proportions
    others = [one for one in range(3) if one != state]
    outside = states != state
    want = known.shares[others[0]] / known.shares[others].sum()
    check_mean((states[outside] == others[0]).astype(float), found.island[outside], want)


@pytest.mark.parametrize("state", [1, 2])
def test_rows_may_be_moved_alone_whatever_their_width(run, state, monkeypatch):
    """Which rows are moved alone is a matter of cost: with all of them, always, nothing else comes out."""
    monkeypatch.setattr(bridge, "_WIDER", 0.0)
    moved, ends = Mover.moved, []

    def recorded(self: Mover, path: Path, at: float, how: Sweeps, particles: Particles) -> Particles:
        ends.append(at)
        return moved(self, path, at, how, particles)

    monkeypatch.setattr(Mover, "moved", recorded)
    target, drawn = run
    known, extension = Quadrature(ROWS), extension_of(target)
    longer = replace(SETTINGS, final_sweeps=60)
    found = bridge_to_state(jax.random.key(4), extension, drawn, ("depth", state), longer)
    z, inside = base_of(target, found), target.model.states_of(found.z)[:, 0] == state
    odds = known.shares[state] / (1.0 - known.shares[state]) * np.exp(ends[-1])
    check_mean(inside.astype(float), found.island, odds / (1.0 + odds))
    check_mean(z[inside], found.island[inside], known.moments(state)[0])
    powers = np.array([1.0, 0.0, 1.0])
    found = bridge_to_powers(jax.random.key(4), extension, drawn, powers, SETTINGS)
    known = Quadrature(ROWS, tuple(powers))
    check_mean(base_of(target, found), found.island, known.moments()[0])
    states = target.model.states_of(found.z)[:, 0]
    check_mean((states == state).astype(float), found.island, known.shares[state])


def test_worlds_lie_as_wide_as_the_prior_where_all_that_was_known_is_left_out():
    """Twelve sure reports held them together: proposals must widen as the worlds do."""
    rows = tuple(reported(100.0, grade="A1") for _ in range(12))
    target = build_target(level_model(), evidence_table(*rows))
    drawn = condition(jax.random.key(1), target, 4096, Settings(islands=32))
    assert base_of(target, drawn).std() < 0.7
    found = []
    for seed in range(3):
        taken = bridge_to_powers(
            jax.random.key(seed), extension_of(target), drawn, np.zeros(12), BridgeSettings(islands=32)
        )
        flat = target.model.states_of(taken.z)[:, 0] == 0
        found.append((base_of(target, taken).mean(), base_of(target, taken).std(), flat.mean()))
    mean, sd, share = np.mean(found, axis=0)
    assert abs(mean) < 0.05
    assert abs(sd - 1.0) < 0.04
    assert abs(share - 0.5) < 0.04


def test_a_state_that_few_worlds_hold_is_reached(run):
    """By the claims about one world in a hundred is that deep; quadrature knows where those lie."""
    rows = (reported(70.0, grade="C3"), reported(60.0, grade="C3"))
    known = Quadrature(rows)
    assert known.shares[2] < 0.02
    target = build_target(level_model(), evidence_table(*rows))
    drawn = condition(jax.random.key(5), target, 4096, Settings(islands=32))
    found = bridge_to_state(jax.random.key(6), extension_of(target), drawn, ("depth", 2))
    inside = target.model.states_of(found.z)[:, 0] == 2
    assert 0.35 < inside.mean() < 0.65
    check_mean(base_of(target, found)[inside], found.island[inside], known.moments(2)[0])


def test_nothing_is_compiled_and_what_comes_out_depends_on_the_key_alone(run):
    target, drawn = run
    with counting() as count:
        one = bridge_to_state(jax.random.key(1), extension_of(target), drawn, ("depth", 1))
        other = bridge_to_state(jax.random.key(1), extension_of(target), drawn, ("depth", 1))
        bridge_to_powers(jax.random.key(1), extension_of(target), drawn, np.zeros(3))
    assert [name for name in count.names if "temper" in name or "evaluate" in name] == []
    np.testing.assert_array_equal(one.z, other.z)
    assert one.z.shape == (8 * 64, len(target.model.coordinates))
    assert (one.temperatures >= 1).all()


def test_a_state_that_no_world_holds_is_out_of_reach():
    """From level to deep is too far for worlds that all lie at one level."""
    rows = (reported(120.0, grade="A1"), reported(110.0, grade="A1"))
    assert Quadrature(rows).shares[2] < 1e-3
    target = build_target(level_model(), evidence_table(*rows))
    drawn = condition(jax.random.key(5), target, 512, Settings(islands=8))
    with pytest.raises(EvidenceError, match=r"what-if: odds of an answer is .* times as great.*must be less"):
        bridge_to_state(jax.random.key(6), extension_of(target), drawn, ("depth", 2))


def test_a_run_of_few_islands_is_taken_on_in_as_many(run):
    target, _ = run
    drawn = condition(jax.random.key(3), target, 512, Settings(islands=8))
    found = bridge_to_powers(jax.random.key(1), extension_of(target), drawn, np.array([1.0, 0.0, 1.0]))
    np.testing.assert_array_equal(np.bincount(found.island), 64)


def test_a_coordinate_keeps_its_place_within_its_state(run):
    target, drawn = run
    tilt = tilt_of(target, "depth", 1)
    z = drawn.z[:, -1]
    there = tilt.into(z, 3.0)
    shares = np.diff(np.concatenate([[0.0], tilt.cuts_at(3.0), [1.0]]))
    odds = shares[1] / (1.0 - shares[1])
    assert odds == pytest.approx(0.3 / 0.7 * np.exp(3.0))
    np.testing.assert_array_equal(replace(tilt, cuts=tilt.cuts_at(3.0)).holds(there), tilt.holds(z))
    np.testing.assert_allclose(tilt.out_of(there, 3.0), z, atol=2e-4)


def test_what_no_claim_bears_on_and_what_is_too_far_are_refused(run):
    target, drawn = run
    nothing = build_target(level_model(), evidence_table())
    with pytest.raises(EvidenceError, match=r"hypothesis 'depth': claims that bear on it is 0.*at least one"):
        tilt_of(nothing, "depth", 0)
    with pytest.raises(
        EvidenceError, match=r"steps from the claims' posterior is 'more than 1', but it must be fewer"
    ):
        bridge_to_powers(
            jax.random.key(0), extension_of(target), drawn, np.zeros(3), BridgeSettings(most_steps=1)
        )

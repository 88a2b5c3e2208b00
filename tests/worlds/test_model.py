"""Identities that hold in every world of the shipped case, and what is said of a case that can't run."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.worlds.small import made_case
from tests.worlds.whole import with_past

from quidproquo.cases import load_case
from quidproquo.cases.record import MechanismUse
from quidproquo.terms.errors import CaseError, PriorError
from quidproquo.worlds.influence import influences
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.streams import normals

WORLDS = 2048
PACKED = ("munitions", "oil")


@pytest.fixture(scope="module")
def model() -> Model:
    return build_model(load_case("dprk-russia"))


@pytest.fixture(scope="module")
def program(model: Model) -> Callable[[jax.Array], dict]:
    days = jnp.asarray(np.concatenate([[-30.0], model.history]), jnp.float32)[:, None]
    wanted = dict.fromkeys(with_past(model), days)
    return jax.jit(lambda z: model.past(z, wanted))


@pytest.fixture(scope="module", params=[0, 1, 2])
def past(
    model: Model, program: Callable[[jax.Array], dict], request: pytest.FixtureRequest
) -> dict[str, np.ndarray]:
    z = jnp.asarray(normals(jax.random.key(request.param), model.coordinates, WORLDS).T)
    found = program(z)
    return {name: np.asarray(values, dtype=np.float64) for name, values in found.items()} | {
        f"value {name}": np.asarray(value) for name, value in model.values(z).items()
    }


def test_everything_is_finite(past):
    assert len(past) > 40
    for name, values in past.items():
        assert np.isfinite(values).all(), name


def test_the_parts_of_losses_add_up(past):
    dead, injured, total = (past[f"attrition.{key}"] for key in ("dead", "injured", "total"))
    captured, sent = past["attrition.captured"], past["deployment.sent"]
    np.testing.assert_allclose(dead + injured, total, rtol=1e-4, atol=1e-2)
    assert np.all(total + captured <= sent * (1 + 1e-4) + 1e-2)
    assert np.all(past["attrition.present"] <= sent * (1 + 1e-6))
    assert total.max() > 0


@pytest.mark.parametrize("goods", PACKED)
def test_loads_hold_what_was_delivered_and_could_hold_their_capacity(past, goods):
    loads = past[f"{goods}.loads"]
    capacity, load = past[f"value {goods}.capacity"], past[f"value {goods}.load"]
    np.testing.assert_allclose(past[f"{goods}.capacity"], loads * capacity, rtol=1e-4)
    np.testing.assert_allclose(past[f"{goods}.delivered"], loads * load, rtol=1e-4)


def test_nothing_is_sent_before_its_first_day(model, past):
    days = np.concatenate([[-30.0], model.history])[:, None]
    for goods in ("munitions", "missiles", "guns", "oil"):
        first = 365.25 * np.minimum(past[f"value {goods}.early"], past[f"value {goods}.main"])
        delivered = past[f"{goods}.delivered"]
        assert np.all(delivered[days < first[None, :] - 0.1] == 0.0)
        assert delivered[-1].max() > 0.0
    start = 365.25 * past["value deployment.middle"] - past["value deployment.lead"]
    start = start - past["value deployment.spread"] / 2
    assert np.all(past["deployment.sent"][days < start[None, :] - 0.1] == 0.0)


def test_exactly_one_state_of_every_hypothesis_holds(model, past):
    for hypothesis in model.hypotheses:
        held = past[f"value hypothesis.{hypothesis.id}"]
        assert set(np.unique(held)) <= {0.0, 1.0}
        np.testing.assert_array_equal(held.sum(axis=0), 1.0)
        prior = np.array([state.prior for state in hypothesis.states])
        error = np.sqrt(prior * (1 - prior) / WORLDS)
        assert np.all(np.abs(held.mean(axis=1) - prior) < 4.5 * error)


def test_months_ahead_are_the_calendars(model):
    case = load_case("dprk-russia")
    last = (case.horizon - case.start).days
    assert model.nodes[0] == (case.decision_date - case.start).days
    assert np.all(np.diff(model.nodes) >= 1)
    assert np.all(np.diff(model.nodes[1:]) >= 28)
    assert np.all(np.diff(model.nodes) <= 31)
    assert last - 31 < model.nodes[-1] <= last


def _changed(**changes: object):
    return dataclasses.replace(made_case(), **changes)


def test_an_unknown_mechanism_is_named():
    with pytest.raises(CaseError, match=r"mechanism.*barter.*one of .*economy"):
        build_model(_changed(mechanisms=(MechanismUse("barter", "barter"),)))


def test_a_mechanism_must_stand_after_what_it_reads():
    uses = (MechanismUse("attrition", "attrition"), MechanismUse("war", "war"))
    with pytest.raises(
        CaseError, match=r"mechanism 'attrition'.*war\.on.*stands before it.*change the order"
    ):
        build_model(_changed(mechanisms=uses))


def test_an_undeclared_hypothesis_is_named():
    with pytest.raises(CaseError, match=r"mechanism 'assistance'.*payback.*declared in case\.toml"):
        build_model(_changed(mechanisms=(MechanismUse("assistance", "assistance"),)))


def test_an_unused_prior_and_a_missing_one_are_named():
    case = made_case()
    spare = {**case.priors, "economy.extra": case.priors["economy.dip"]}
    with pytest.raises(CaseError, match=r"economy\.extra.*a parameter of its mechanisms"):
        build_model(_changed(priors=spare))
    short = {name: prior for name, prior in case.priors.items() if name != "economy.dip"}
    with pytest.raises(PriorError, match=r"parameter 'economy\.dip'.*missing"):
        build_model(_changed(priors=short))


def test_an_unknown_observable_is_named():
    with pytest.raises(CaseError, match=r"economy\.wealth.*an output of its mechanisms .*economy\.exports"):
        build_model(made_case()).output("economy.wealth")


def test_an_observable_depends_only_on_its_own_parameters():
    model = build_model(made_case())
    found = influences(model, ["economy.output", "economy.exports"])
    assert found["economy.output"] == {"economy.output"}
    assert all(name.startswith("economy.") for name in found["economy.exports"])
    shipped = build_model(load_case("dprk-russia"))
    found = influences(shipped, ["munitions.delivered", "attrition.total", "earnings.pay"])
    assert not any(name.startswith("oil.") for name in found["munitions.delivered"])
    assert any(name.startswith("deployment.") for name in found["attrition.total"])
    assert "hypothesis.pay" in found["earnings.pay"]
    assert "hypothesis.payback" not in found["earnings.pay"]


def test_what_an_observable_depends_on_moves_it_and_nothing_else_does():
    """The traced dependence against shifting one coordinate at a time."""
    model = build_model(load_case("dprk-russia"))
    names = ("deployment.sent", "munitions.loads", "attrition.dead", "earnings.arms_value")
    day = jnp.full((1, 1), float(model.nodes[0]))
    run = jax.jit(lambda z: model.past(z, dict.fromkeys(names, day)))
    rng = np.random.default_rng(5)
    z = rng.normal(size=(len(model.coordinates), 64)).astype(np.float32)
    base = run(z)
    moved: dict[str, set[str]] = {name: set() for name in names}
    for row, coordinate in enumerate(model.coordinates):
        shifted = z.copy()
        shifted[row] += 1.0
        after = run(shifted)
        for name in names:
            if not np.array_equal(np.asarray(base[name]), np.asarray(after[name])):
                moved[name].add(coordinate)
    found = influences(model, names)
    for name in names:
        assert moved[name] <= found[name], name
        assert found[name] - moved[name] == set(), name

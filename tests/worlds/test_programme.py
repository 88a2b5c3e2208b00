"""Milestones against a simulation of their own, and what the record of attempts bears on."""

from __future__ import annotations

from datetime import date

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from quidproquo.cases import load_case
from quidproquo.worlds.influence import influences
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.streams import normals

WORLDS = 256
OPEN, CLOSED = ("satellite", "air_defence", "drones", "warhead"), ("reentry", "submarine")
OUTPUTS = ("rate", "helped", "unaided", "reached", "in_a_year")


@pytest.fixture(scope="module")
def model() -> Model:
    return build_model(load_case("dprk-russia"))


@pytest.fixture(scope="module")
def z(model: Model) -> jnp.ndarray:
    return jnp.asarray(normals(jax.random.key(3), model.coordinates, WORLDS).T)


@pytest.fixture(scope="module")
def past(model: Model, z: jnp.ndarray) -> dict[str, np.ndarray]:
    days = jnp.arange(0.0, model.nodes[0] + 1.0)[:, None]
    names = [f"{p}.{o}" for p in OPEN + CLOSED for o in OUTPUTS]
    names += ["assistance.dose", "assistance.level", "satellite.attempts", "satellite.successes"]
    names += ["satellite.counted", "satellite.counted_successes"]
    found = jax.jit(lambda z: model.past(z, dict.fromkeys(names, days)))(z)
    return {name: np.asarray(x, np.float64) for name, x in found.items()}


@pytest.fixture(scope="module")
def ahead(model: Model, z: jnp.ndarray) -> dict[str, np.ndarray]:
    levers = jnp.zeros((len(model.levers), len(model.nodes) - 1))
    luck = jax.random.uniform(jax.random.key(5), (len(model.chances), WORLDS))
    found = jax.jit(lambda z: model.ahead(z, levers, jnp.float32(0.0), luck))(z)
    shape = (len(model.nodes) - 1, WORLDS)
    return {n: np.broadcast_to(np.asarray(x, np.float64), shape) for n, x in found.items()}


def test_help_so_far_is_the_integral_of_its_strength(past: dict[str, np.ndarray]) -> None:
    level = past["assistance.level"]
    summed = np.cumsum(0.5 * (level[1:] + level[:-1]), axis=0) / 365.25
    # the level has a step on the day on which soldiers go: half a day of it is a day's error of the sum
    np.testing.assert_allclose(past["assistance.dose"][1:], summed, atol=2e-3)


@pytest.mark.parametrize("name", OPEN)
def test_an_open_milestone_is_reached_at_the_rate_that_help_lifts(
    model: Model, z: jnp.ndarray, past: dict[str, np.ndarray], name: str
) -> None:
    """Against the survival worked out day by day from the hazard, which is an oracle of its own."""
    values = {key: np.asarray(x, np.float64) for key, x in model.values(z).items()}
    covers = values["hypothesis.assistance"][2 if name == "warhead" else 1 :].sum(axis=0)
    at_first = 1.0 - values.get(f"{name}.already", np.zeros(WORLDS))
    boost, rate = values[f"{name}.boost"], past[f"{name}.rate"][0]
    day = np.arange(len(past["assistance.level"]))[:, None]
    at_work = day >= 365.25 * values["satellite.begin"] if name == "satellite" else day >= 0.0
    hazard = rate * at_work * (1.0 + boost * covers * past["assistance.level"]) / 365.25
    survival = np.cumprod(1.0 - hazard, axis=0)
    np.testing.assert_allclose(past[f"{name}.reached"], 1.0 - at_first * survival, atol=0.01)
    assert np.all(past[f"{name}.reached"] >= past[f"{name}.unaided"] - 1e-6)
    assert past[f"{name}.reached"][-1].mean() > 0.1


@pytest.mark.parametrize("name", CLOSED)
def test_a_milestone_known_not_to_be_reached_has_no_chance_before_the_decision_date(
    past: dict[str, np.ndarray], ahead: dict[str, np.ndarray], name: str
) -> None:
    assert np.all(past[f"{name}.reached"] == 0.0)
    assert ahead[f"{name}.reached"][0].max() > 0.0


@pytest.mark.parametrize("name", OPEN + CLOSED)
def test_nothing_jumps_at_the_decision_date_and_nothing_is_unreached_again(
    past: dict[str, np.ndarray], ahead: dict[str, np.ndarray], name: str
) -> None:
    for output in ("unaided", "reached"):
        rows = np.concatenate([past[f"{name}.{output}"][-1:], ahead[f"{name}.{output}"]])
        steps = np.diff(rows, axis=0)
        assert steps.min() >= -1e-6
        assert rows.max() <= 1.0
        # a month's step is no more than the hazard of a month at full help allows
        assert np.all(steps[0] <= 1.6 * steps[1] + 5e-3)


def test_months_gained_are_the_difference_of_two_expected_dates(
    model: Model, z: jnp.ndarray, ahead: dict[str, np.ndarray]
) -> None:
    """E[min(T, H)] without help less with it, from times drawn by inverting the survival curves."""
    lengths = np.diff(model.nodes) / (365.25 / 12)
    draws = (np.arange(20_000) + 0.5) / 20_000
    for world in (0, 1, 2):
        waits = []
        for output in ("unaided", "reached"):
            curve = ahead[f"submarine.{output}"][:, world]
            ends = np.searchsorted(curve, draws, side="left")  # the month in which it comes
            waits.append(np.concatenate([np.cumsum(lengths), [lengths.sum()]])[ends].mean())
        gained = ahead["submarine.gained"][-1, world]
        np.testing.assert_allclose(gained, waits[0] - waits[1], atol=0.15)


def test_without_help_nothing_is_gained(model: Model, z: jnp.ndarray, ahead: dict[str, np.ndarray]) -> None:
    none = np.asarray(model.values(z)["hypothesis.assistance"])[0] > 0
    assert none.any()
    for name in OPEN + CLOSED:
        assert np.all(ahead[f"{name}.gained"][:, none] == 0.0)
        reached, unaided = (ahead[f"{name}.{output}"][:, none] for output in ("reached", "unaided"))
        np.testing.assert_allclose(reached, unaided, atol=3e-7)


def test_the_record_bears_on_the_own_rate(model: Model, past: dict[str, np.ndarray]) -> None:
    found = influences(model, ["satellite.attempts", "satellite.successes", "satellite.rate"])
    assert found["satellite.attempts"] < found["satellite.successes"]
    assert {"satellite.attempts", "satellite.success"} <= found["satellite.rate"]
    assert np.all(past["satellite.successes"] <= past["satellite.attempts"])


@pytest.mark.parametrize("name", OPEN)
def test_what_is_reached_within_a_year_is_what_is_reached_a_year_later_at_the_same_pace(
    model: Model, z: jnp.ndarray, past: dict[str, np.ndarray], name: str
) -> None:
    """Without help the pace stays: then the chance by a year on is the chance a year later."""
    none = np.asarray(model.values(z)["hypothesis.assistance"])[0] > 0
    soon, later = past[f"{name}.in_a_year"][:, none], past[f"{name}.reached"][:, none]
    year = 365
    np.testing.assert_allclose(soon[:-year], later[year:], atol=3e-3)
    assert np.all(past[f"{name}.in_a_year"] >= past[f"{name}.reached"] - 1e-6)


@pytest.mark.parametrize("name", CLOSED)
def test_a_milestone_not_reached_may_be_within_a_year(past: dict[str, np.ndarray], name: str) -> None:
    now = past[f"{name}.in_a_year"][-1]
    np.testing.assert_allclose(
        now[now == now.min()], -np.expm1(-past[f"{name}.rate"][0][now == now.min()]), rtol=1e-4
    )
    assert 0.0 < np.median(now) < 0.5


def test_what_was_counted_is_known_and_what_comes_is_expected(
    model: Model, past: dict[str, np.ndarray], ahead: dict[str, np.ndarray]
) -> None:
    """Row S5: launches on the days on record, in every world; after the decision date the pace of the world."""
    use = next(use for use in load_case("dprk-russia").mechanisms if use.name == "satellite")
    start = model.start
    for output, listed in (("counted", "record"), ("counted_successes", "successes")):
        days = [(date.fromisoformat(day) - start).days for day in use.settings[listed]]
        want = np.searchsorted(np.array(days), np.arange(len(past["satellite.counted"])), side="right")
        assert np.all(past[f"satellite.{output}"] == want[:, None])
    assert past["satellite.counted"][-1, 0] == 4.0
    assert past["satellite.counted_successes"][-1, 0] == 1.0
    more = ahead["satellite.counted"][-1] - 4.0
    want = ahead["satellite.attempts"][-1] - past["satellite.attempts"][-1]
    np.testing.assert_allclose(more, want, rtol=1e-3, atol=1e-3)


def test_a_record_bears_on_nothing(model: Model) -> None:
    """What worlds write down as counted up to the decision date hangs on none of their parameters."""
    found = influences(model, ["satellite.counted", "satellite.counted_successes"])
    assert found["satellite.counted"] <= {"satellite.attempts", "satellite.begin"}


def test_what_was_reached_before_gains_nothing_by_help(model: Model, z: jnp.ndarray) -> None:
    place = model.coordinates.index("warhead.already")
    run = jax.jit(
        lambda z: model.ahead(
            z,
            jnp.zeros((len(model.levers), len(model.nodes) - 1)),
            jnp.float32(0.0),
            jnp.full((len(model.chances), WORLDS), 0.5),
        )["warhead.gained"]
    )
    rare, sure = (np.asarray(run(z.at[place].set(x)), np.float64)[-1] for x in (-8.0, 8.0))
    assert rare.max() > 0.5
    assert np.all(sure <= rare + 1e-6)
    assert sure.max() < 0.05 * rare.max()

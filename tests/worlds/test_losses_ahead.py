"""After the decision date losses go on where the past left off, and nobody fights before he is there."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp
from tests.worlds import programs

from quidproquo.cases import load_case
from quidproquo.worlds.functions import earlier, eroding
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.streams import normals

WORLDS = 512
NAMES = ("total", "dead", "injured", "captured", "theatre", "present", "combat", "combat_months")
FOREVER, AT_ONCE = 1.0 - 1e-7, 1e-7


@pytest.fixture(scope="module")
def model() -> Model:
    return build_model(load_case("dprk-russia"))


@pytest.fixture(scope="module")
def z(model: Model) -> np.ndarray:
    """Prior worlds in which the deployment is under way and nobody follows later."""
    z = np.array(normals(jax.random.key(0), model.coordinates, WORLDS).T)
    z[model.coordinates.index("deployment.rotation")] = -40.0
    z[model.coordinates.index("deployment.middle")] -= 0.7
    return z


def wanted() -> list[str]:
    return [f"attrition.{name}" for name in NAMES] + ["deployment.sent", "deployment.occurred"]


def past(model: Model, z: np.ndarray, days: np.ndarray) -> dict[str, np.ndarray]:
    return local(programs.past(model, tuple(wanted()), z, days))


def ahead(model: Model, z: np.ndarray, luck: float) -> dict[str, np.ndarray]:
    return local(programs.ahead(model, tuple(wanted()), z, luck))


def local(found: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name.partition(".")[2]: found[name] for name in wanted()}


def values(model: Model, z: np.ndarray, name: str) -> np.ndarray:
    return np.asarray(model.values(jnp.asarray(z))[name], np.float64)


def test_while_the_war_goes_on_the_months_ahead_are_the_past_carried_forward(model: Model, z: np.ndarray):
    found, want = ahead(model, z, FOREVER), past(model, z, model.nodes[1:])
    # one who enters in mid-month is taken to have entered evenly over it: at most a month's losses off
    hazard, share = values(model, z, "attrition.hazard"), values(model, z, "attrition.theatre_share")
    room = 1.0 + 1.02 * share * want["sent"].max(axis=0) * (1.0 - np.exp(-hazard * 31 / 30.4))
    for name in ("total", "dead", "injured", "captured", "theatre"):
        assert np.all(np.abs(found[name] - want[name]) <= room), name
    settled = past(model, z, np.array([model.nodes[0]]))["combat"][0] > 0.99
    later = past(model, z, model.nodes[-1:])["sent"][0] - past(model, z, model.nodes[:1])["sent"][0]
    done = settled & (later < 1.0) & (want["total"][-1] > 0)
    assert done.sum() > 40
    for name in ("total", "theatre", "combat_months"):
        # those who are back are read between month ends, at most a part of a month's losses
        slack = 0.02 if name == "theatre" else 2e-3
        off = np.abs(found[name] - want[name])[:, done] / (want["sent"].max(axis=0)[done] + 1.0)
        assert np.quantile(off, 0.9) < slack, name


def test_nobody_is_lost_before_travel_and_training_are_over(model: Model, z: np.ndarray):
    found = ahead(model, z, FOREVER)
    start = values(model, z, "deployment.middle") * 365.25 - values(model, z, "deployment.lead")
    wait = sum(values(model, z, f"attrition.{name}") for name in ("travel", "training"))
    first = start + 0.5 * values(model, z, "deployment.spread") + wait
    # a month's losses belong to the days before its end
    not_yet = model.nodes[1:, None] < first[None, :] - 0.5
    assert not_yet.any()
    assert found["total"][not_yet].max() < 1e-9


def test_once_the_war_is_over_nobody_is_lost_and_nobody_comes(model: Model, z: np.ndarray):
    found, now = ahead(model, z, AT_ONCE), past(model, z, model.nodes[:1])
    assert np.allclose(found["total"], now["total"], rtol=1e-4, atol=0.1)
    assert np.allclose(found["dead"] + found["injured"], found["total"], rtol=1e-5)
    steps = np.diff(np.concatenate([now["theatre"], found["theatre"]]), axis=0)
    injured = now["injured"] * values(model, z, "attrition.recovered")
    assert np.all(steps.sum(axis=0) <= injured + 1.0), "only injured return"
    assert steps.min() > -1.0, "strength in the fighting area doesn't fall without losses"


def test_nobody_is_there_who_was_not_sent(model: Model):
    wild = np.array(normals(jax.random.key(3), model.coordinates, WORLDS).T) * 2.0
    for luck in (FOREVER, 0.5, AT_ONCE):
        found = ahead(model, wild, luck)
        sent = found["sent"] * (1 + 1e-4) + 0.5
        for name in NAMES[:-2]:
            assert np.all((found[name] >= 0) & (found[name] <= sent)), (luck, name)
        assert np.all(found["theatre"] <= found["present"] * (1 + 1e-4) + 0.5)
        assert np.all(np.diff(found["total"], axis=0) >= 0)


@pytest.mark.parametrize("loss", [0.0, 1e-4, 0.3, 2.0])
def test_losses_with_inflow_over_the_month_solve_their_equation(loss: float):
    inflow = np.array([0.0, 30.0, 5.0])
    stock, want = 100.0, []
    for come in inflow:
        ode = solve_ivp(lambda _t, s, come=come: come - loss * s, (0, 1), [stock], rtol=1e-9, atol=1e-9)
        want.append(stock + come - ode.y[0, -1])
        stock = ode.y[0, -1]
    shape = (3, 1)
    found = eroding(jnp.array([100.0]), jnp.asarray(inflow).reshape(shape), jnp.full(shape, loss))
    np.testing.assert_allclose(np.asarray(found)[:, 0], want, rtol=1e-5, atol=1e-4)


def test_earlier_reads_between_the_nodes():
    nodes = jnp.array([0.0, 10.0, 30.0])
    known = jnp.array([[0.0, 1.0], [10.0, 2.0], [50.0, 4.0]])
    days = jnp.array([[-5.0, 5.0], [20.0, 30.0]])
    np.testing.assert_allclose(earlier(nodes, known, days), [[0.0, 1.5], [30.0, 4.0]])

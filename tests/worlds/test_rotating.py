"""A force that is kept up by reliefs and goes home, pay by grade, and benefits by definition: identities."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.worlds import programs

from quidproquo.cases import load_case
from quidproquo.terms.errors import CaseError
from quidproquo.worlds.functions import ramp, ramp_days
from quidproquo.worlds.mechanism import DAYS_A_MONTH
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.simulate import futures, plan, simulate
from quidproquo.worlds.streams import normals

WORLDS = 512
KEPT = ("sent", "standing", "withdrawn", "served", "person_months", "units", "occurred")
LOST = ("dead", "injured", "captured", "total", "dead_all", "combat_months")
EARNED = ("pay", "troops_total", "sent_home", "currency", "cash")


@pytest.fixture(scope="module")
def model() -> Model:
    return build_model(load_case("rok-vietnam"))


@pytest.fixture(scope="module", params=[0, 1])
def z(model: Model, request: pytest.FixtureRequest) -> np.ndarray:
    return np.asarray(normals(jax.random.key(request.param), model.coordinates, WORLDS).T)


def names() -> list[str]:
    parts = {"deployment": KEPT, "attrition": LOST, "earnings": EARNED}
    more = [f"benefits.{n}" for n in ("costs", "total", "outlay", "compensation", "fx_share", "pay_ratio")]
    flows = [f"{n}.delivered" for n in ("procurement", "aid", "know_how")]
    return [f"{part}.{n}" for part, some in parts.items() for n in some] + more + flows + ["corporal.pay"]


def past(model: Model, z: np.ndarray, days: np.ndarray) -> dict[str, np.ndarray]:
    return programs.past(model, tuple(names()), z, days)


def ahead(model: Model, z: np.ndarray, luck: float = 1e-7, **levers: float) -> dict[str, np.ndarray]:
    return programs.ahead(model, tuple(names()), z, luck, **levers)


FOREVER = 1.0 - 2.0**-20


def nodes(model: Model) -> np.ndarray:
    return np.concatenate([[-30.0], model.history, model.nodes[1:]])


def check_force(found: dict[str, np.ndarray]) -> None:
    sent, standing, gone = (found[f"deployment.{n}"] for n in ("sent", "standing", "withdrawn"))
    assert standing.min() >= 0.0
    assert gone.min() >= 0.0
    np.testing.assert_allclose(standing + gone, sent, rtol=1e-5, atol=0.1)
    for name in ("deployment.sent", "deployment.withdrawn", "deployment.served", "deployment.person_months"):
        scale = np.maximum(found[name][1:], 1.0)
        assert np.all(np.diff(found[name], axis=0) >= -1e-4 * scale), name


def check_losses(found: dict[str, np.ndarray]) -> None:
    dead, injured, captured, total, every = (found[f"attrition.{n}"] for n in LOST[:5])
    served = found["deployment.served"]
    np.testing.assert_allclose(dead + injured, total, rtol=1e-4, atol=1e-2)
    assert np.all(every >= dead - 1e-3)
    assert np.all(every + injured + captured <= served * (1 + 1e-4) + 1e-2)
    for name in ("dead", "injured", "captured", "dead_all"):
        rows = found[f"attrition.{name}"]
        assert np.all(np.diff(rows, axis=0) >= -1e-4 * np.maximum(rows[1:], 1.0)), name


def test_the_ramp_in_days_is_the_integral_of_the_ramp() -> None:
    start, length = jnp.asarray([10.0]), jnp.asarray([40.0])
    fine = np.linspace(0.0, 80.0, 80_001, dtype=np.float64)
    values = np.asarray(ramp(jnp.asarray(fine)[:, None], start, length), np.float64)[:, 0]
    summed = np.concatenate([[0.0], np.cumsum(0.5 * (values[1:] + values[:-1]) * np.diff(fine))])
    exact = np.asarray(ramp_days(jnp.asarray(fine)[:, None], start, length), np.float64)[:, 0]
    np.testing.assert_allclose(exact, summed, atol=2e-3)


def test_nobody_goes_home_who_did_not_come(model: Model, z: np.ndarray) -> None:
    found = past(model, z, nodes(model))
    check_force(found)
    check_losses(found)
    assert found["deployment.withdrawn"][-1].max() > 1000.0
    values = model.values(jnp.asarray(z))
    leaves = 365.25 * np.asarray(values["deployment.middle"] + values["deployment.stay"])
    early = nodes(model)[:, None] < leaves[None, :] - 0.1
    assert np.all(found["deployment.withdrawn"][early] == 0.0)


def test_person_months_are_the_integral_of_the_strength(model: Model, z: np.ndarray) -> None:
    days = np.arange(-1500.0, 3650.0, 5.0)  # the first may go before the case begins
    found = past(model, z[:, :64], days)
    standing = found["deployment.standing"]
    summed = np.cumsum(0.5 * (standing[1:] + standing[:-1]) * 5.0, axis=0) / DAYS_A_MONTH
    scale = standing.max(axis=0) * 5.0 / DAYS_A_MONTH
    assert np.all(np.abs(found["deployment.person_months"][1:] - summed) <= 0.3 * scale + 2e-3 * summed)


def test_pay_for_all_is_the_integral_of_pay_and_strength(model: Model, z: np.ndarray) -> None:
    days = np.arange(-1500.0, 3650.0, 5.0)  # the first may go before the case begins
    found = past(model, z[:, :64], days)
    rate = found["earnings.pay"] * found["deployment.standing"]
    summed = np.cumsum(0.5 * (rate[1:] + rate[:-1]) * 5.0, axis=0) / DAYS_A_MONTH
    scale = rate.max(axis=0) * 5.0 / DAYS_A_MONTH
    assert np.all(np.abs(found["earnings.troops_total"][1:] - summed) <= 1.1 * scale + 4e-3 * summed)
    assert np.any(np.diff(found["earnings.pay"], axis=0) > 0)


def test_with_nothing_done_and_the_war_on_the_months_ahead_go_on_as_before(
    model: Model, z: np.ndarray
) -> None:
    """Two ways of working out the same thing: closed forms by date, and month by month."""
    later = ahead(model, z, luck=FOREVER)
    on = later["war.on"].min(axis=0) > 0.999
    assert on.mean() > 0.9
    straight = past(model, z, model.nodes[1:])
    for name in ("deployment.sent", "deployment.standing", "deployment.withdrawn"):
        np.testing.assert_allclose(later[name][:, on], straight[name][:, on], rtol=1e-3, atol=1.0)
    # a month's service is taken from its two ends, its pay from the last: off by a month at most
    month = {
        "deployment.person_months": later["deployment.standing"],
        "earnings.troops_total": later["earnings.monthly"],
        "procurement.delivered": 0.0 * later["deployment.standing"],
    }
    for name, flow in month.items():
        gap = np.abs(later[name] - straight[name])[:, on]
        assert np.all(gap <= 1.1 * flow.max(axis=0)[on] + 2e-3 * straight[name][:, on]), name


@pytest.mark.parametrize(
    "levers",
    [{}, {"pay": -1.0}, {"pay": 0.5, "help": 0.5, "commitment": 1.0}, {"commitment": -1.0}],
    ids=str,
)
@pytest.mark.parametrize("luck", [0.05, 0.4, FOREVER])
def test_identities_hold_ahead_under_every_option(
    model: Model, z: np.ndarray, levers: dict[str, float], luck: float
) -> None:
    found = ahead(model, z, luck=luck, **levers)
    check_force(found)
    check_losses(found)
    flows = found["aid.delivered"] + found["know_how.delivered"]
    np.testing.assert_allclose(
        found["benefits.total"], found["earnings.currency"] + found["benefits.costs"] + flows, rtol=1e-4
    )
    paid = found["earnings.troops_total"] + found["benefits.compensation"]
    np.testing.assert_allclose(found["benefits.outlay"], paid + found["benefits.costs"] + flows, rtol=1e-4)
    assert np.all(found["earnings.sent_home"] <= found["earnings.troops_total"] * (1 + 1e-5))
    for name in ("benefits.fx_share", "earnings.cash", "deterrence.incident", "modernisation.reached"):
        assert found[name].min() >= 0.0, name
        assert found[name].max() <= 1.0, name


def test_what_a_grade_is_paid_is_its_ratio_to_the_mean(model: Model, z: np.ndarray) -> None:
    found = past(model, z, model.history)
    ratio = np.asarray(model.values(jnp.asarray(z))["earnings.ratio.corporal"])
    np.testing.assert_allclose(found["corporal.pay"], ratio * found["earnings.pay"], rtol=1e-5)


def test_levers_move_what_they_should_and_nothing_else(model: Model, z: np.ndarray) -> None:
    """The bargain holds the force; deterrence hangs on the commitment and not on pay."""
    plain, unpaid = ahead(model, z, luck=FOREVER), ahead(model, z, luck=FOREVER, pay=-1.0)
    held = np.asarray(model.values(jnp.asarray(z))["bargain.hold_pay"])
    fewer = plain["deployment.standing"] - unpaid["deployment.standing"]
    assert np.all(fewer[:, held > 0] >= -1.0)
    assert np.all(fewer[:, held < 0] <= 1.0)
    assert fewer.max() > 100.0
    assert np.all(unpaid["earnings.monthly"] == 0.0)
    before = past(model, z, model.nodes[:1])["benefits.costs"]
    np.testing.assert_allclose(
        unpaid["benefits.costs"], np.broadcast_to(before, unpaid["benefits.costs"].shape), rtol=1e-5
    )
    for name in ("aid.delivered", "procurement.delivered", "assistance.level"):
        np.testing.assert_array_equal(plain[name], unpaid[name])
    doubted = ahead(model, z, luck=FOREVER, commitment=-1.0)
    assert np.any(doubted["deterrence.incident"] != plain["deterrence.incident"])
    np.testing.assert_array_equal(doubted["earnings.pay"], plain["earnings.pay"])
    aided = ahead(model, z, luck=FOREVER, help=0.5)
    assert np.all(aided["aid.delivered"] >= plain["aid.delivered"])
    assert np.all(aided["modernisation.reached"] >= plain["modernisation.reached"])


def test_after_the_war_the_force_goes_home_faster(model: Model, z: np.ndarray) -> None:
    lasting, over = ahead(model, z, luck=FOREVER), ahead(model, z, luck=1e-6)
    assert np.all(over["deployment.standing"] <= lasting["deployment.standing"] + 1.0)
    assert over["deployment.standing"][-1].mean() < 0.2 * lasting["deployment.standing"][0].mean()


def test_every_option_runs_in_every_world(model: Model) -> None:
    case = load_case("rok-vietnam")
    layout = plan(model, case, ("deployment.standing",))
    key = jax.random.key(3)
    run = simulate(model, layout, normals(key, model.coordinates, 200), futures(key, model, 200))
    assert not run.status.any()
    assert run.metrics.shape == (200, len(case.options), len(case.metrics))
    assert np.isfinite(run.series).all()


def test_a_mechanism_that_is_read_if_it_is_there_must_stand_before(model: Model) -> None:
    case = load_case("rok-vietnam")
    uses = list(case.mechanisms)
    bargain = next(use for use in uses if use.name == "bargain")
    uses.remove(bargain)
    with pytest.raises(CaseError, match=r"mechanism 'deployment'.*bargain\.clock.*stands before it"):
        build_model(dataclasses.replace(case, mechanisms=(*uses, bargain)))


def test_a_factor_that_nothing_writes_is_named() -> None:
    case = load_case("rok-vietnam")
    uses = tuple(
        dataclasses.replace(use, settings={**use.settings, "scaled_by": "bargain.gift"})
        if use.name == "aid"
        else use
        for use in case.mechanisms
    )
    with pytest.raises(CaseError, match=r"mechanism 'aid'.*bargain\.gift.*stands before it"):
        build_model(dataclasses.replace(case, mechanisms=uses))

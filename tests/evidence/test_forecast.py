"""What worlds say of later reports: the history's own function of dates, then months ahead."""

from __future__ import annotations

from datetime import date

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.worlds.small import DECISION, FLOW, START, Row, evidence_table, made_case

from quidproquo.evidence.checks.forecast import one_future, predict
from quidproquo.evidence.observation.operators import build_operators
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.simulate import FUTURES, Plan, plan

WORLDS = 32
PRESSURE = {
    "cover.withdrawal": ("lognormal", 1.0, 8.0),
    "cover.veto": ("logitnormal", 0.8, 0.99),
    "coalition.base": ("normal", -1.2, 0.6),
    "coalition.effect": ("normal", -0.3, 1.3),
    "pressure.monitoring": ("logitnormal", 0.3, 0.8),
    "pressure.drop": ("logitnormal", 0.2, 0.8),
    "pressure.substitute": ("logitnormal", 0.1, 0.6),
    "pressure.enforcement": ("logitnormal", 0.2, 0.6),
    "pressure.council": ("normal", -0.1, 0.3),
    "pressure.joint": ("normal", -0.2, 0.8),
    "pressure.bite": ("normal", -0.3, 1.0),
}


@pytest.fixture(scope="module")
def model() -> tuple[Model, Plan]:
    case = made_case(("war", "cover", "coalition", "pressure", "flow"), FLOW | PRESSURE)
    made = build_model(case)
    return made, plan(made, case, ())


def worlds(model: Model, count: int = WORLDS) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    z = rng.normal(size=(count, len(model.coordinates))).astype(np.float32)
    return z, one_future(jax.random.key(0), model, count)


def item(day: date, since: date | None = None, until: date | None = None) -> Row:
    return Row("flow.delivered", value=1.0, event=(day, until or day), since=since, range=(1.0, 1e6))


def test_up_to_the_decision_date_it_is_what_conditioning_compares_with(model: tuple[Model, Plan]) -> None:
    made, layout = model
    table = evidence_table(
        item(DECISION), item(date(2021, 5, 7)), item(date(2022, 3, 1), since=date(2021, 1, 1))
    )
    operators = build_operators(made, table)
    z, chance = worlds(made)
    expected = np.asarray(operators.predict(made, jnp.asarray(z.T))).T
    np.testing.assert_allclose(predict(made, layout, operators, z, chance), expected, rtol=1e-5)


def test_beyond_it_worlds_run_on_along_their_future(model: tuple[Model, Plan]) -> None:
    made, layout = model
    ends = [date(2023, 1, 31), date(2023, 2, 28)]
    between = date(2023, 2, 14)
    table = evidence_table(*(item(day) for day in ends), item(between), item(ends[1], since=DECISION))
    z, chance = worlds(made)
    found = predict(made, layout, build_operators(made, table), z, chance)
    ahead = made.ahead(
        jnp.asarray(z.T), jnp.asarray(layout.levers[0]), jnp.asarray(0.0), jnp.asarray(chance.T)
    )
    path = np.asarray(ahead["flow.delivered"]).T
    start = np.asarray(
        made.past(jnp.asarray(z.T), {"flow.delivered": jnp.asarray([[float(made.nodes[0])]])})[
            "flow.delivered"
        ]
    )[0]
    np.testing.assert_allclose(found[:, :2], path[:, :2], rtol=1e-5)
    np.testing.assert_allclose(found[:, 2], 0.5 * (path[:, 0] + path[:, 1]), rtol=1e-4)
    np.testing.assert_allclose(found[:, 3], path[:, 1] - start, rtol=1e-3, atol=1e-2)
    assert (DECISION - START).days == made.nodes[0]


def test_futures_differ_among_worlds_and_fill_their_strata(model: tuple[Model, Plan]) -> None:
    made, _ = model
    chance = one_future(jax.random.key(0), made, 8 * 64)
    assert chance.shape == (512, len(made.chances))
    counts = np.histogram(chance[:, 0], bins=FUTURES, range=(0.0, 1.0))[0]
    assert (counts == 64).all()


def test_any_number_of_worlds_is_the_same_block_by_block(model: tuple[Model, Plan]) -> None:
    made, layout = model
    operators = build_operators(made, evidence_table(item(date(2023, 6, 30))))
    z, chance = worlds(made, 2500)
    whole = predict(made, layout, operators, z, chance)
    np.testing.assert_array_equal(predict(made, layout, operators, z[:40], chance[:40]), whole[:40])

"""What a claim is compared with: differences from a start, coarse dates, exact days."""

from __future__ import annotations

from datetime import date

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.worlds.small import START, Row, evidence_table, made_case

from quidproquo.cases import load_case
from quidproquo.evidence.operators import build_operators
from quidproquo.terms.errors import ClaimError
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.streams import normals

GOODS = "munitions.delivered"


def worlds(model: Model) -> jax.Array:
    return jnp.asarray(normals(jax.random.key(0), model.coordinates, 32).T)


def on_days(model: Model, z: jax.Array, name: str, days: list[float]) -> np.ndarray:
    wanted = {name: jnp.asarray(days, jnp.float32)[:, None]}
    return np.asarray(model.past(z, wanted)[name], dtype=np.float64)


def test_a_day_is_taken_exactly_and_items_keep_their_order():
    model = build_model(made_case())
    days = [date(2022, 5, 1), date(2020, 2, 1), date(2021, 3, 7)]
    names = ["economy.exports", "economy.output", "economy.exports"]
    rows = [Row(n, value=1e9, event=(d, d)) for n, d in zip(names, days, strict=True)]
    z = worlds(model)
    found = build_operators(model, evidence_table(*rows)).predict(model, z)
    for item, (name, day) in enumerate(zip(names, days, strict=True)):
        want = on_days(model, z, name, [(day - START).days])[0]
        np.testing.assert_allclose(found[item], want, rtol=1e-5)


def test_a_coarse_date_is_averaged_over_its_days():
    model = build_model(made_case())
    for last in (date(2020, 1, 10), date(2020, 2, 28), date(2020, 12, 31)):
        row = Row("economy.exports", value=1e9, event=(START, last))
        z = worlds(model)
        found = build_operators(model, evidence_table(row)).predict(model, z)[0]
        every = on_days(model, z, "economy.exports", [float(d) for d in range((last - START).days + 1)])
        np.testing.assert_allclose(found, every.mean(axis=0), rtol=2e-3)


def test_a_total_since_a_day_is_a_difference_and_a_level_is_not():
    case = load_case("dprk-russia")
    model = build_model(case)
    first, last = date(2023, 9, 1), date(2024, 9, 1)
    rows = [Row(name, value=1e6, since=first, event=(last, last)) for name in (GOODS, "economy.exports")]
    z = worlds(model)
    found = np.asarray(build_operators(model, evidence_table(*rows)).predict(model, z))
    days = [float((day - case.start).days) for day in (first, last)]
    goods = on_days(model, z, GOODS, days)
    np.testing.assert_allclose(found[0], goods[1] - goods[0], rtol=1e-3, atol=1e-4 * goods[1].max())
    np.testing.assert_allclose(found[1], on_days(model, z, "economy.exports", days)[1], rtol=1e-5)


def test_a_start_after_the_event_is_refused():
    model = build_model(load_case("dprk-russia"))
    row = Row(GOODS, value=1e6, since=date(2024, 9, 2), event=(date(2024, 9, 1),) * 2)
    with pytest.raises(
        ClaimError, match=r"claim 'c0'.*since.*later than event.*no later than the event date"
    ):
        build_operators(model, evidence_table(row))

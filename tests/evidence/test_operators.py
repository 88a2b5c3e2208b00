"""What a claim is compared with: differences from a start, coarse dates, exact days."""

from __future__ import annotations

from datetime import date

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.worlds.small import START, Row, evidence_table, made_case

from quidproquo.cases import load_case
from quidproquo.evidence.observation.operators import build_operators
from quidproquo.evidence.smc.target import build_target
from quidproquo.terms.errors import ClaimError
from quidproquo.worlds.influence import influences
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.streams import normals

GOODS, CAPACITY, LOADS = "munitions.delivered", "munitions.capacity", "munitions.loads"
ROOM = "munitions.room"


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


@pytest.mark.parametrize("name", ["dprk-russia", "rok-vietnam"])
def test_a_start_before_the_first_flow_is_no_start_at_all(name: str) -> None:
    """For every running total that claims may speak of: byte for byte the same for any such day, or none."""
    case = load_case(name)
    model = build_model(case)
    quantities = (output for quantity in case.quantities.values() for output in quantity.observes.values())
    totals = sorted({o for o in quantities if model.output(o).kind == "cumulative"})
    assert len(totals) > 8
    starts = [None, *(date(year, 6, 15) for year in range(case.start.year - 60, case.start.year, 12))]
    rows = [
        Row(total, value=1e6, since=since, event=(case.decision_date,) * 2)
        for total in totals
        for since in starts
    ]
    z = worlds(model)
    found = np.asarray(build_operators(model, evidence_table(*rows)).predict(model, z))
    found = found.reshape(len(totals), len(starts), -1)
    before = [float((starts[-1] - case.start).days)]
    for total, given in zip(totals, found, strict=True):
        begun = on_days(model, z, total, before)[0] != 0.0
        assert begun.mean() < 0.5, total
        assert (given[:, ~begun] == given[:1, ~begun]).all(), total


def test_a_start_matters_once_the_flow_has_begun() -> None:
    model = build_model(load_case("dprk-russia"))
    rows = [
        Row(GOODS, value=1e6, since=since, event=(date(2024, 9, 1),) * 2)
        for since in (None, date(2024, 3, 1))
    ]
    found = np.asarray(build_operators(model, evidence_table(*rows)).predict(model, worlds(model)))
    assert np.all(found[1] < found[0])


def test_what_loads_could_hold_says_nothing_of_what_they_held() -> None:
    """Raising the capacity of a load raises the capacity figure, and neither goods nor loads by one byte."""
    model = build_model(load_case("dprk-russia"))
    day = [float(model.nodes[0])]
    z = worlds(model)
    roomier = z.at[model.coordinates.index("munitions.capacity")].add(1.0)
    for name in (GOODS, LOADS):
        assert "munitions.capacity" not in influences(model, [name])[name]
        np.testing.assert_array_equal(on_days(model, z, name, day), on_days(model, roomier, name, day))
    assert np.all(on_days(model, roomier, CAPACITY, day) > on_days(model, z, CAPACITY, day))


def test_a_reported_capacity_bears_on_the_room_of_a_load_alone() -> None:
    """It is the world's room times the reported count, whatever the world says of loads and goods."""
    model = build_model(load_case("dprk-russia"))
    z = worlds(model)
    rows = [Row(ROOM, value=3e6, loads=count) for count in (6_700.0, 13_400.0)]
    target = build_target(model, evidence_table(*rows))
    assert [name for name in target.names if not name.startswith("bias.")] == ["munitions.capacity"]
    once, twice = np.asarray(build_operators(model, evidence_table(*rows)).predict(model, z))
    np.testing.assert_allclose(twice, 2.0 * once, rtol=1e-5)
    np.testing.assert_allclose(once, 6_700.0 * on_days(model, z, ROOM, [0.0])[0], rtol=1e-5)

"""Pauses in combat, rising losses of the host, workers who come: each against a sum worked out day by day."""

from __future__ import annotations

from datetime import date
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.worlds import programs

from quidproquo.cases import load_case
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.streams import normals

WORLDS = 128
NAMES = tuple(f"attrition.{n}" for n in ("total", "captured", "engaged", "combat_months", "host_daily"))
NAMES += ("economy.workers", "economy.worker_months", "deployment.sent", "reassurance.confidence")
DAYS = np.arange(600.0, 1155.0, 1.0)


@cache
def worlds() -> tuple[Model, np.ndarray, dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Prior worlds in which a deployment of some size comes in the second year, with a pause in it."""
    model = build_model(load_case("dprk-russia"))
    z = np.array(normals(jax.random.key(1), model.coordinates, WORLDS).T)

    def set_to(name: str, value: float, spread: float) -> None:
        z[model.coordinates.index(name)] = value + spread * z[model.coordinates.index(name)]

    set_to("deployment.middle", -0.6, 0.2)
    set_to("deployment.size", 0.3, 0.4)
    set_to("attrition.pause", -0.3, 0.5)
    set_to("attrition.travel", 0.0, 0.3)
    set_to("attrition.training", 0.0, 0.3)
    values = {k: np.asarray(v, np.float64) for k, v in model.values(jnp.asarray(z, jnp.float32)).items()}
    return model, z, values, programs.past(model, NAMES, z, DAYS)


def cohorts(values: dict[str, np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Sizes and first days in combat of the three tranches."""
    first, size, spread = (values[f"deployment.{n}"] for n in ("first", "size", "spread"))
    main = values["deployment.middle"] * 365.25 - spread / 2
    starts = (main - values["deployment.lead"], main, main + values["deployment.later"])
    sizes = (size * first, size * (1 - first), values["deployment.extra"])
    wait = spread + values["attrition.travel"] + values["attrition.training"]
    return [
        (n * values["attrition.theatre_share"], start + wait) for n, start in zip(sizes, starts, strict=True)
    ]


def pause(values: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    main = values["deployment.middle"] * 365.25 - values["deployment.spread"] / 2
    begins = main + values["attrition.pause"]
    return begins, begins + values["attrition.paused"]


def test_nobody_is_lost_while_combat_pauses() -> None:
    _, _, values, found = worlds()
    begins, ends = pause(values)
    inside = (DAYS[:-1, None] >= begins) & (DAYS[1:, None] <= ends)
    steps = np.diff(found["attrition.total"], axis=0)
    assert inside.any(axis=0).mean() > 0.5
    assert np.abs(steps[inside]).max() <= 2e-4 * found["attrition.total"].max()
    assert steps[~inside].max() > 1.0


def test_losses_are_those_of_a_simulation_day_by_day() -> None:
    _, _, values, found = worlds()
    begins, ends = pause(values)
    fine = np.arange(0.0, DAYS[-1] + 1.0, 0.25)
    hazard = values["attrition.hazard"] / (365.25 / 12)
    total = np.zeros((len(fine), WORLDS))
    for size, first in cohorts(values):
        alive = np.where(first <= 0, size, 0.0) * 0 + size
        lost = np.zeros(WORLDS)
        for i, day in enumerate(fine[:-1]):
            fights = (day >= first) & ~((day >= begins) & (day < ends))
            lost = lost + np.where(fights, (alive - lost) * (1 - np.exp(-hazard * 0.25)), 0.0)
            total[i + 1] += lost
    captured = values["attrition.captured_share"]
    want = np.stack([np.interp(DAYS, fine, total[:, w]) for w in range(WORLDS)], axis=1) * (1 - captured)
    size = found["deployment.sent"].max(axis=0) + 1.0
    assert np.quantile(np.abs(found["attrition.total"] - want) / size, 0.99) < 0.01


def test_the_soldiers_fight_on_a_day_unless_it_lies_in_the_pause() -> None:
    _, _, values, found = worlds()
    begins, ends = pause(values)
    deep = (DAYS[:, None] > begins + 10) & (DAYS[:, None] < ends - 10)
    assert deep.any()
    assert found["attrition.engaged"][deep].max() < 0.02
    (_, _), (size, first), _ = cohorts(values)
    busy = (DAYS[:, None] > first + 20) & ((DAYS[:, None] < begins - 10) | (DAYS[:, None] > ends + 10))
    many = busy & (size > 2000) & (values["attrition.hazard"] < 0.3)
    assert many.any()
    assert found["attrition.engaged"][many].min() > 0.7


def test_the_months_in_combat_are_those_outside_the_pause() -> None:
    _, _, values, found = worlds()
    lost = found["attrition.total"] + found["attrition.captured"]
    np.testing.assert_allclose(
        found["attrition.combat_months"] * values["attrition.hazard"], lost, rtol=2e-3, atol=1e-3
    )


def test_the_hosts_losses_rise_about_the_day_for_which_they_are_given() -> None:
    _, _, values, found = worlds()
    years = (DAYS[:, None] - (date(2024, 1, 1) - date(2022, 1, 1)).days) / 365.25
    want = values["attrition.host_daily"] * np.exp(values["attrition.host_trend"] * years)
    np.testing.assert_allclose(found["attrition.host_daily"], want, rtol=2e-4)


def test_trust_drifts_up_to_the_decision_date() -> None:
    _, _, values, found = worlds()
    want = values["reassurance.trust"] + values["reassurance.drift"] * DAYS[:, None] / 365.25
    np.testing.assert_allclose(found["reassurance.confidence"], 1 / (1 + np.exp(-want)), rtol=2e-4)


def test_a_workers_month_is_counted_from_his_first_day() -> None:
    _, _, values, found = worlds()
    there = found["economy.workers"]
    months = np.diff(found["economy.worker_months"], axis=0)
    want = 0.5 * (there[1:] + there[:-1]) / (365.25 / 12)
    np.testing.assert_allclose(months, want, rtol=0.02, atol=0.02 * want.max())
    before = DAYS[:, None] < values["economy.opened"] * 365.25
    start = np.broadcast_to(values["economy.workers"], there.shape)
    np.testing.assert_allclose(there[before], start[before], rtol=1e-5)


@pytest.mark.parametrize("name", ["attrition.total", "attrition.captured", "attrition.combat_months"])
def test_running_totals_never_fall_through_a_pause(name: str) -> None:
    found = worlds()[3][name]
    assert np.all(np.diff(found, axis=0) >= 0.0)

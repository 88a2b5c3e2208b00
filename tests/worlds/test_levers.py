"""What each lever reaches, by how much, and that its effect may have either sign."""

from __future__ import annotations

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.worlds import programs

from quidproquo.cases import load_case
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.streams import normals

WORLDS = 256
FOREVER = 1.0 - 1e-7
NAMES = (
    "pressure.index",
    "pressure.cut",
    "deterrence.incident",
    "deterrence.challenge",
    "reassurance.confidence",
    "intelligence.knowledge",
    "deployment.following",
    "deployment.sent",
    "attrition.combat_months",
    "attention.scale",
)
NEW = ("enforcement", "partner", "inducement", "information")


@cache
def model() -> tuple[Model, np.ndarray, dict[str, np.ndarray]]:
    made = build_model(load_case("dprk-russia"))
    z = np.array(normals(jax.random.key(2), made.coordinates, WORLDS).T)
    return (
        made,
        z,
        {k: np.asarray(v, np.float64) for k, v in made.values(jnp.asarray(z, jnp.float32)).items()},
    )


@cache
def ahead(**levers: float) -> dict[str, np.ndarray]:
    made, z, _ = model()
    return programs.ahead(made, NAMES, z, FOREVER, **levers)


def changed(name: str, **levers: float) -> np.ndarray:
    return ahead(**levers)[name] - ahead()[name]


@pytest.mark.parametrize(
    ("lever", "effect"),
    [
        ("enforcement", lambda v: v["pressure.enforced"]),
        ("partner", lambda v: v["pressure.willing"] * v["pressure.partner"]),
        ("inducement", lambda v: -v["pressure.relief"]),
    ],
)
def test_pressure_moves_by_what_the_case_says(lever: str, effect) -> None:
    before = ahead()["pressure.index"]
    want = np.clip(before + effect(model()[2]), 0.0, 1.0)
    np.testing.assert_allclose(ahead(**{lever: 1.0})["pressure.index"], want, atol=2e-6)


@pytest.mark.parametrize("lever", NEW)
def test_an_effect_may_have_the_wrong_sign(lever: str) -> None:
    reached = [n for n in NAMES if n != "attention.scale" and np.abs(changed(n, **{lever: 1.0})).max() > 1e-6]
    assert reached, lever
    for name in reached:
        if name in ("attrition.combat_months", "deployment.sent", "deployment.following"):
            continue
        step = changed(name, **{lever: 1.0})[-1]
        assert (step > 0).mean() > 0.02, (lever, name)
        assert (step < 0).mean() > 0.02, (lever, name)


def test_inducements_take_from_the_gain_of_a_challenge_or_add_to_it() -> None:
    _, _, values = model()
    step = changed("deterrence.challenge", inducement=1.0)[-1]
    kind = np.abs(values["deterrence.appease"]) > 0.3
    # less pressure emboldens, which inducements bring as well
    alone = kind & (np.abs(values["pressure.relief"]) < 0.05)
    assert alone.sum() > 20
    assert np.mean(np.sign(step[alone]) == -np.sign(values["deterrence.appease"][alone])) > 0.9
    trust = changed("reassurance.confidence", inducement=1.0)[0]
    assert np.mean(np.sign(trust) == np.sign(values["reassurance.given"])) > 0.98


def test_informing_its_people_cuts_those_who_follow_by_its_share() -> None:
    _, _, values = model()
    before, after = ahead()["deployment.following"][-1], ahead(information=1.0)["deployment.following"][-1]
    some = before > 1.0
    assert some.sum() > 50
    np.testing.assert_allclose(
        after[some] / before[some], np.maximum(1.0 - values["deployment.dissuade"][some], 0.0), rtol=2e-3
    )


@pytest.mark.parametrize(
    "levers", [{}, {"disclosure": 1.0}, {"information": 1.0}, {"disclosure": 1.0, "information": 1.0}]
)
def test_what_has_been_learnt_is_never_lost(levers: dict[str, float]) -> None:
    made, z, _ = model()
    now = programs.past(made, ("intelligence.knowledge",), z, made.nodes[:1])["intelligence.knowledge"][0]
    path = np.concatenate([now[None], ahead(**levers)["intelligence.knowledge"]])
    assert np.diff(path, axis=0).min() >= -2e-6


def test_saying_what_one_knows_wins_at_first_and_may_lose_later() -> None:
    """By its own parameters: use above nothing adds at once, and burn takes it away year by year."""
    _, _, values = model()
    step = changed("intelligence.knowledge", disclosure=1.0)
    fought = np.diff(ahead()["attrition.combat_months"], axis=0, prepend=np.nan)[1:].sum(axis=0) > 500
    gains = fought & (values["intelligence.use"] > values["intelligence.burn"])
    assert gains.sum() > 5
    assert np.all(step[11][gains] >= -1e-6)
    burnt = fought & (values["intelligence.use"] < 0.0)
    assert burnt.sum() > 5
    assert np.all(step[-1][burnt] <= 1e-6)


def test_bundles_are_crowded_by_the_new_levers_too() -> None:
    alone, both = ahead(enforcement=1.0), ahead(enforcement=1.0, information=1.0)
    np.testing.assert_allclose(alone["attention.scale"], 1.0)
    crowding = model()[2]["attention.crowding"]
    np.testing.assert_allclose(both["attention.scale"][0], 2.0**-crowding, rtol=1e-5)

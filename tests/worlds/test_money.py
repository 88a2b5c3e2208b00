"""Money is conserved in every world: sums and their parts, before the decision date and after it."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from quidproquo.cases import load_case
from quidproquo.terms.errors import CaseError
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.streams import normals

WORLDS = 512
PARTS = ("sent_home", "from_arms", "from_labour", "from_money")
MONEY = (*PARTS, "currency", "troops_total", "to_state", "to_soldiers", "arms_value", "in_kind", "balance")


@pytest.fixture(scope="module", params=["dprk-russia", "rok-vietnam"])
def model(request: pytest.FixtureRequest) -> Model:
    return build_model(load_case(request.param))


@pytest.fixture(scope="module", params=[0, 1])
def found(model: Model, request: pytest.FixtureRequest) -> dict[str, np.ndarray]:
    """Sums of money from the case's start to its horizon, with the pressure of a broad coalition."""
    z = jnp.asarray(normals(jax.random.key(request.param), model.coordinates, WORLDS).T)
    part = next(p for p in model.parts if p.name == "earnings")
    names = [f"earnings.{n}" for n in MONEY if n in _written(part.settings)]
    days = jnp.asarray(np.concatenate([[-30.0], model.history]), jnp.float32)[:, None]
    levers = np.zeros((len(model.levers), len(model.nodes) - 1), np.float32)
    for name in {"coalition", "council"} & set(model.levers):
        levers[model.levers.index(name)] = 1.0
    luck = jax.random.uniform(jax.random.key(7), (len(model.chances), WORLDS))
    past = jax.jit(lambda z: model.past(z, dict.fromkeys(names, days)))(z)
    later = jax.jit(lambda z: model.ahead(z, jnp.asarray(levers), jnp.float32(0.0), luck))(z)
    shape = (len(model.nodes) - 1, WORLDS)
    return {
        n.partition(".")[2]: np.concatenate(
            [np.asarray(past[n], np.float64), np.broadcast_to(np.asarray(later[n], np.float64), shape)]
        )
        for n in names
    }


def _written(settings: object) -> tuple[str, ...]:
    kept = ("to_state", "to_soldiers")
    return MONEY if settings.get("kept") else tuple(n for n in MONEY if n not in kept)  # type: ignore[attr-defined]


def _same(left: np.ndarray, right: np.ndarray, size: np.ndarray) -> None:
    assert np.all(np.abs(left - right) <= 2e-5 * size + 1.0)


def test_hard_currency_is_the_sum_of_its_parts(found: dict[str, np.ndarray]) -> None:
    _same(found["currency"], sum(found[name] for name in PARTS), found["currency"])
    assert found["currency"][-1].min() > 0.0


def test_nobody_is_paid_more_than_is_owed(found: dict[str, np.ndarray]) -> None:
    assert np.all(found["sent_home"] <= found["troops_total"] * (1 + 1e-5) + 1.0)
    assert np.all(found["from_arms"] <= found["arms_value"] * (1 + 1e-4) + 1.0)


def test_what_is_owed_is_paid_in_money_or_goods_or_left_open(found: dict[str, np.ndarray]) -> None:
    owed = found["arms_value"] + found["troops_total"]
    paid = found["sent_home"] + found["from_arms"] + found["in_kind"]
    _same(owed, paid + found["balance"], owed + paid)


def test_pay_goes_to_the_state_or_to_the_soldiers(model: Model, found: dict[str, np.ndarray]) -> None:
    if "to_state" in found:
        _same(found["troops_total"], found["to_state"] + found["to_soldiers"], found["troops_total"])
        return
    # a case that doesn't ask who keeps the pay has no such sums
    with pytest.raises(CaseError, match="to_state"):
        model.past(jnp.zeros((len(model.coordinates), 1)), {"earnings.to_state": jnp.zeros((1, 1))})


def test_no_sum_ever_falls(found: dict[str, np.ndarray]) -> None:
    for name in set(found) - {"balance"}:
        rows = found[name]
        assert np.all(np.diff(rows, axis=0) >= -1e-4 * np.maximum(rows[1:], 1.0)), name

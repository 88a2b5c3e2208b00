"""The part of a case that benchmarks give to samplers with gradients."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from benchmarks.submodel import apart_from, held, stepping, unmoved_hypotheses
from tests.worlds.small import Row, evidence_table

from quidproquo.cases import load_case
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.worlds.model import build_model
from quidproquo.worlds.streams import normals

SEEN = {
    "smooth": (lambda x, y: x * y, False),
    "a kink": (lambda x, y: jnp.maximum(x - y, 0.0), False),
    "steep": (lambda x, y: 50.0 * jax.nn.sigmoid(1e4 * (x - 0.1)) + y, False),
    "steep at a kink": (lambda x, y: jnp.log(0.1 + jnp.maximum(x, 0.0) / (jnp.abs(x) + 1e-5)) + y, False),
    "a step": (lambda x, y: 0.5 * (x > 0.3) + y, True),
    "a step in a sum": (lambda x, y: 0.5 * (x + y > 0.3), True),
    "a step seldom met": (lambda x, y: 0.5 * (y < -3.5) + x, True),
    "a step nobody notices": (lambda x, y: 0.001 * (x > 0.3) + y, False),
}


def test_hard_steps_are_told_from_kinks_and_steep_slopes() -> None:
    def item_log_lik(position: jax.Array) -> jax.Array:
        x, y = position
        return jnp.stack([function(x, y) for function, _ in SEEN.values()])

    found = dict(zip(SEEN, stepping(item_log_lik, 2), strict=True))
    assert found == {name: steps for name, (_, steps) in SEEN.items()}


def few_claims() -> Target:
    names = ("earnings.pay", "munitions.delivered", "economy.exports")
    model = build_model(held(load_case("dprk-russia")))
    return build_target(model, evidence_table(*(Row(name, value=1e4) for name in names)))


def test_held_hypotheses_need_no_coordinates() -> None:
    whole = few_claims()
    cut = unmoved_hypotheses(whole)
    assert set(whole.names) - set(cut.names) == {"hypothesis.pay"}
    assert not any(name.startswith("hypothesis.") for name in cut.blocks.names)
    z = jnp.asarray(normals(jax.random.key(0), whole.names, 64).T)
    rest = z[np.array([not name.startswith("hypothesis.") for name in whole.names])]
    np.testing.assert_array_equal(whole.item_log_lik(z), cut.item_log_lik(rest))
    touched = dict(zip(whole.blocks.names, whole.blocks.touches, strict=True))
    for name, items in zip(cut.blocks.names, cut.blocks.touches, strict=True):
        np.testing.assert_array_equal(items, touched[name])


def test_claims_are_told_by_what_they_hang_on() -> None:
    target = few_claims()
    table = evidence_table(Row("earnings.monthly", value=1e7), Row("economy.exports", value=1e9))
    np.testing.assert_array_equal(apart_from(target.model, table, ["deployment"]), [False, True])
    np.testing.assert_array_equal(apart_from(target.model, table, []), [True, True])

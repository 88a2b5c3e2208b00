"""Observables of drawn worlds, on any days."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.worlds.test_simulate import made_plan

from quidproquo.worlds.counting import counting
from quidproquo.worlds.observe import observe
from quidproquo.worlds.streams import normals


@pytest.mark.parametrize("count", [1, 16, 37])
def test_days_are_worked_out_in_blocks_as_all_at_once(count: int) -> None:
    model, _ = made_plan({}, "economy.exports@end")
    z = normals(jax.random.key(0), model.coordinates, 50)
    days = np.linspace(0.0, float(model.nodes[0]), count)
    wanted = {"economy.exports": days, "war.on": days[:1]}
    found = observe(model, wanted, z)
    for name, own in wanted.items():
        expected = model.past(jnp.asarray(z.T), {name: jnp.asarray(own, jnp.float32)[:, None]})[name]
        np.testing.assert_allclose(found[name], expected, rtol=1e-5)


def test_other_days_need_no_other_program() -> None:
    model, _ = made_plan({}, "economy.exports@end")
    z = normals(jax.random.key(0), model.coordinates, 50)
    observe(model, {"economy.exports": np.arange(3.0)}, z)
    with counting() as counts:
        observe(model, {"economy.exports": np.arange(5.0, 90.0)}, z)
    assert not [name for name in counts.names if "observe" in name]
    assert observe(model, {}, z) == {}

"""A flow of goods after the decision date goes on from what it was before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import jax.numpy as jnp
import numpy as np
import pytest
from tests.worlds.small import FLOW, made_case

from quidproquo.cases.record import MechanismUse
from quidproquo.worlds.mechanism import DAYS_A_YEAR
from quidproquo.worlds.model import Model, build_model

PRIORS = FLOW | {
    "flow.used_share": ("logitnormal", 0.3, 0.9),
    "flow.lag": ("lognormal", 10.0, 120.0),
}
WORLDS = 64
NAMES = ("flow.delivered", "flow.yearly", "flow.used")


def model(decision: date) -> Model:
    case = made_case(("war",), PRIORS)
    use = MechanismUse("flow", "flow", {"used": True})
    return build_model(
        replace(case, decision_date=decision, horizon=date(2025, 6, 30), mechanisms=(*case.mechanisms, use))
    )


def path(made: Model, luck: float) -> tuple[np.ndarray, dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Month ends, and both halves of the mechanism there."""
    z = jnp.asarray(np.random.default_rng(1).normal(size=(len(made.coordinates), WORLDS)), jnp.float32)
    months = len(made.nodes) - 1
    levers = jnp.zeros((len(made.levers), months))
    ahead = made.ahead(z, levers, jnp.zeros(()), jnp.full((len(made.chances), WORLDS), luck))
    days = jnp.asarray(made.nodes[1:], jnp.float32)[:, None]
    past = made.past(z, dict.fromkeys(NAMES, days))
    found = {name: np.broadcast_to(np.asarray(ahead[name]), (months, WORLDS)) for name in NAMES}
    return made.nodes[1:], found, {name: np.asarray(past[name]) for name in NAMES}


@pytest.mark.parametrize("decision", [date(2022, 12, 31), date(2022, 12, 30), date(2022, 6, 15)])
def test_while_nothing_changes_both_halves_agree_on_any_decision_date(decision: date) -> None:
    _, ahead, past = path(model(decision), luck=0.999999)
    for name in NAMES:
        # a year is read between month ends: what a flow bends within a month
        np.testing.assert_allclose(ahead[name], past[name], rtol=0.03, atol=0.5, err_msg=name)


def test_the_year_is_the_last_twelve_months_whatever_happens() -> None:
    days, ahead, _ = path(model(date(2022, 12, 31)), luck=0.5)
    delivered, yearly = ahead["flow.delivered"], ahead["flow.yearly"]
    late = np.flatnonzero(days > days[0] + DAYS_A_YEAR)
    for world in range(WORLDS):
        before = np.interp(days[late] - DAYS_A_YEAR, days, delivered[:, world])
        np.testing.assert_allclose(yearly[late, world], delivered[late, world] - before, rtol=1e-3, atol=0.05)
    assert (ahead["flow.used"] <= delivered + 1e-3).all()
    assert (np.diff(ahead["flow.used"], axis=0) >= -1e-3).all()

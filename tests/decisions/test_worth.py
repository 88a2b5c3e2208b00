"""What a lead is worth in natural units, and what it is made of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.decisions.builders import case, ensemble, metric

from quidproquo.decisions.value import scale_of, valued_worlds
from quidproquo.decisions.worth import leads, worth_of_value

METRICS = (
    metric("gain", weight=3.0, worst=10.0, best=30.0),
    metric("pain", "lower", worst=200.0, best=0.0),
    metric("cost", "lower", weight=0.0),
)


def test_the_worth_of_value_is_the_range_over_the_weight():
    found = worth_of_value(scale_of(case(metrics=METRICS), ("gain", "pain", "cost")))
    assert found == {"gain": pytest.approx(20.0 / 0.75), "pain": pytest.approx(200.0 / 0.25)}


def test_a_move_of_that_size_changes_the_value_by_one():
    scale = scale_of(case(metrics=METRICS), ("gain", "pain", "cost"))
    before = np.array([[[20.0, 100.0, 0.5]]])
    for place, amount in enumerate(worth_of_value(scale).values()):
        after = before.copy()
        after[0, 0, place] += 0.01 * amount * scale.sign[place]
        assert scale.values(after)[0, 0] - scale.values(before)[0, 0] == pytest.approx(0.01)


@given(st.integers(0, 2**31))
def test_the_parts_of_a_lead_add_up_to_it(seed):
    rng = np.random.default_rng(seed)
    outcomes = np.array([20.0, 100.0, 0.5]) + rng.normal(size=(400, 3, 3)) * [8.0, 90.0, 0.6]
    worlds = valued_worlds(ensemble(outcomes, log_weight=rng.normal(size=400)), case("abc", METRICS))
    found = leads(worlds, "b")
    assert set(found) == {"a", "c"}
    weights = worlds.ensemble.weights
    for name, place in (("a", 0), ("c", 2)):
        lead = found[name]
        assert lead.value.mean == pytest.approx(weights @ (worlds.values[:, 1] - worlds.values[:, place]))
        assert sum(part.value.mean for part in lead.parts.values()) == pytest.approx(
            lead.value.mean, abs=1e-12
        )
        want = weights @ (outcomes[:, 1, 0] - outcomes[:, place, 0])
        assert lead.parts["gain"].difference.mean == pytest.approx(want)
        assert lead.parts["cost"].value.mean == 0.0

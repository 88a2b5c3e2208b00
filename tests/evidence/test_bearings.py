"""What propositions say of the answers to a hypothesis, as worlds write it and as claims weigh it."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.worlds.small import ECONOMY, Row, evidence_table, made_case

from quidproquo.cases.record import Bearing, Case, Hypothesis, HypothesisState, Proposition
from quidproquo.evidence.observation.layout import build_likelihood
from quidproquo.evidence.observation.operators import build_operators
from quidproquo.worlds.model import build_model

WORLDS = 400
WHY = Hypothesis(
    "why",
    "Why?",
    (
        HypothesisState("money", "money", 0.5),
        HypothesisState("honour", "honour", 0.3),
        HypothesisState("fear", "fear", 0.2),
    ),
)


def case_with(**chances: dict[str, tuple[float, float]]) -> Case:
    """A small case in which one proposition a name bears on why."""
    made = made_case(("economy",), ECONOMY, hypotheses=(WHY,))
    said = {
        name: Proposition(name, name, "none", bears=(Bearing("why", table, "judgement"),))
        for name, table in chances.items()
    }
    return replace(made, propositions=said)


TELLS = {"money": (0.7, 0.9), "honour": (0.2, 0.6), "fear": (0.1, 0.3)}
EMPTY = {"money": (0.4, 0.8), "honour": (0.5, 0.7), "fear": (0.59, 0.61)}


def worlds(case: Case) -> tuple[object, np.ndarray, np.ndarray]:
    model = build_model(case)
    z = jax.random.normal(jax.random.key(0), (len(model.coordinates), WORLDS))
    return model, z, np.asarray(model.states(z))[0]


def test_worlds_write_the_middle_of_what_is_judged_for_the_answer_that_holds() -> None:
    model, z, state = worlds(case_with(tells=TELLS))
    days = jnp.array([[0.0], [500.0]])
    found = np.asarray(model.past(z, {"bears.tells": days})["bears.tells"])
    want = np.array([0.8, 0.4, 0.2])[state]
    np.testing.assert_allclose(found, np.broadcast_to(want, found.shape), rtol=1e-6)


def log_likelihood(
    case: Case, name: str, comparison: str = "proposition_true"
) -> tuple[np.ndarray, np.ndarray]:
    model, z, state = worlds(case)
    row = Row(
        f"bears.{name}",
        comparison,
        scale="identity",
        quantity=name,
        range=(0.0, 1.0),
        likelihood=(0.95, 0.99),
    )
    table = evidence_table(row)
    predicted = build_operators(model, table).predict(model, z)
    likelihood = build_likelihood(table).evaluate_items(predicted, jnp.zeros((0, WORLDS)))[0]
    return np.asarray(likelihood)[0], state


@pytest.mark.parametrize("comparison", ["proposition_true", "proposition_false"])
def test_a_proposition_that_says_the_same_under_every_answer_favours_none(comparison: str) -> None:
    row, _ = log_likelihood(case_with(empty=EMPTY), "empty", comparison)
    np.testing.assert_allclose(row, row[0], atol=2e-6)


def test_a_telling_proposition_favours_the_answer_under_which_it_is_likelier() -> None:
    row, state = log_likelihood(case_with(tells=TELLS), "tells")
    means = [row[state == index].mean() for index in range(3)]
    assert means[0] > means[1] > means[2]
    denied, state = log_likelihood(case_with(tells=TELLS), "tells", "proposition_false")
    means = [denied[state == index].mean() for index in range(3)]
    assert means[0] < means[1] < means[2]


def test_the_middle_is_what_an_even_spread_over_the_interval_comes_to() -> None:
    """Averaging a likelihood that is linear in the chance over the judged interval gives that of its middle."""
    trust, low, high = 0.8, 0.1, 0.6
    chances = np.linspace(low, high, 20_001)
    for asserted in (0.97, 0.05):
        p = asserted * chances + (1 - asserted) * (1 - chances)
        middle = asserted * 0.35 + (1 - asserted) * 0.65
        np.testing.assert_allclose((trust * p + (1 - trust) / 2).mean(), trust * middle + (1 - trust) / 2)


def test_a_case_whose_propositions_bear_on_nothing_has_no_such_part() -> None:
    assert [part.name for part in build_model(case_with()).parts] == ["economy"]
    assert [part.name for part in build_model(case_with(tells=TELLS)).parts] == ["economy", "bears"]

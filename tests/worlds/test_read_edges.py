"""What mechanisms are noted to read, against the traced program and against what is known of small cases."""

from __future__ import annotations

import pytest
from tests.worlds.small import FLOW, made_case

from quidproquo.cases import load_case
from quidproquo.cases.record import Hypothesis, HypothesisState
from quidproquo.terms.errors import CaseError
from quidproquo.worlds.influence import influences
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.read_edges import ReadEdge, read_edges

SHIPPED = ("dprk-russia", "rok-vietnam")


@pytest.fixture(scope="module", params=SHIPPED)
def model(request: pytest.FixtureRequest) -> Model:
    return build_model(load_case(request.param))


def _reach(found: tuple[ReadEdge, ...], mechanism: str) -> set[str]:
    """Coordinates that the past of a mechanism can hang on, going back through all that it reads."""
    reached: set[str] = set()
    waiting, seen = [mechanism], {mechanism}
    while waiting:
        name = waiting.pop()
        for one in found:
            if one.reader != name or one.ahead:
                continue
            if one.kind == "parameter":
                reached.add(one.name)
            elif one.kind == "hypothesis":
                reached.add(f"hypothesis.{one.name}")
            elif (other := one.name.partition(".")[0]) not in seen:
                seen.add(other)
                waiting.append(other)
    return reached


def test_a_small_case_reads_what_its_equations_say():
    found = read_edges(build_model(made_case(("war", "flow"), FLOW)))
    assert {(one.kind, one.name) for one in found if one.reader == "war"} == {
        ("chance", "war.end"),
        ("parameter", "war.end_rate"),
    }
    flow = {(one.kind, one.name, one.ahead) for one in found if one.reader == "flow"}
    assert ("output", "war.on", True) in flow
    assert ("output", "war.on", False) not in flow
    assert {name for kind, name, _ in flow if kind == "parameter"} == {
        n for n in FLOW if n.startswith("flow")
    }


def test_a_hypothesis_that_nothing_asks_for_is_not_read():
    states = (HypothesisState("yes", "Yes", 0.5), HypothesisState("no", "No", 0.5))
    case = made_case(("war", "flow"), FLOW, hypotheses=(Hypothesis("idle", "Idle?", states),))
    assert not [one for one in read_edges(build_model(case)) if one.kind == "hypothesis"]


def test_what_the_traced_program_hangs_on_is_read(model: Model):
    """Going back through the operations of the program is a way of its own to the same answer."""
    found = read_edges(model)
    asked = {part.name: [f"{part.name}.{o.name}" for o in part.mechanism.outputs] for part in model.parts}
    checked = 0
    for mechanism, names in asked.items():
        written = [name for name in names if _written(model, name)]
        traced = set().union(*influences(model, written).values()) if written else set()
        assert traced <= _reach(found, mechanism), mechanism
        checked += len(traced)
    assert checked > 60


def _written(model: Model, name: str) -> bool:
    """Whether the mechanism writes this in the past with the settings that it has here."""
    try:
        influences(model, [name])
    except CaseError:
        return False
    return True


def test_every_parameter_and_lever_is_read_by_something(model: Model):
    found = read_edges(model)
    assert {one.name for one in found if one.kind == "parameter"} == set(model.parameters)
    assert {one.name for one in found if one.kind == "lever"} == set(model.levers)
    assert {one.name for one in found if one.kind == "hypothesis"} == {h.id for h in model.hypotheses}


def test_readings_are_the_same_each_time_and_sorted(model: Model):
    found = read_edges(model)
    assert found == read_edges(model) == tuple(sorted(set(found)))

"""The influence diagram of a case: complete, and as its equations say."""

from __future__ import annotations

import pytest
from tests.worlds.small import FLOW, made_case

from quidproquo.brief.influence import influence_picture
from quidproquo.cases import load_case
from quidproquo.cases.record import Case, Metric
from quidproquo.study.assemble.influence import influence_diagram
from quidproquo.study.schema.influence import InfluenceDiagram
from quidproquo.worlds.model import Model, build_model


@pytest.fixture(scope="module", params=["dprk-russia", "rok-vietnam"])
def whole(request: pytest.FixtureRequest) -> tuple[Case, Model, InfluenceDiagram]:
    case = load_case(request.param)
    model = build_model(case)
    return case, model, influence_diagram(case, model, ["deployment.sent"] * 3)


def test_every_part_of_the_model_is_a_node(whole: tuple[Case, Model, InfluenceDiagram]) -> None:
    case, model, found = whole
    kinds = {kind: [n.name for n in found.nodes.values() if n.kind == kind] for kind in ("lever", "metric")}
    assert kinds == {"lever": list(model.levers), "metric": list(case.metrics)}
    mechanisms = [n.name for n in found.nodes.values() if n.kind == "mechanism"]
    assert mechanisms == [part.name for part in model.parts]
    members = [name for n in found.nodes.values() if n.kind == "parameters" for name in n.members]
    assert members == list(model.parameters)
    assert {n.name for n in found.nodes.values() if n.kind == "hypothesis"} == set(case.hypotheses)


def test_edges_join_nodes_and_no_pair_twice(whole: tuple[Case, Model, InfluenceDiagram]) -> None:
    case, _, found = whole
    pairs = [(edge.source, edge.target) for edge in found.edges]
    assert len(set(pairs)) == len(pairs)
    assert {end for pair in pairs for end in pair} <= set(found.nodes)
    assert all(edge.via and (edge.past or edge.ahead) for edge in found.edges)
    for metric in case.metrics.values():
        assert (f"mechanism.{metric.observable.split('.')[0]}", f"metric.{metric.id}") in pairs


def test_what_is_known_to_be_read_is_there(whole: tuple[Case, Model, InfluenceDiagram]) -> None:
    _, _, found = whole
    pairs = {(edge.source, edge.target): edge for edge in found.edges}
    assert pairs["mechanism.war", "mechanism.deployment"].via == ["war.on"]
    assert not pairs["mechanism.war", "mechanism.deployment"].past
    assert ("hypothesis.pay", "mechanism.earnings") in pairs
    assert ("lever.commitment", "mechanism.deterrence") in pairs
    assert ("mechanism.reassurance", "mechanism.war") not in pairs
    # soldiers arrive as they were sent: losses read the tranches themselves
    assert "deployment.size" in pairs["parameters.deployment", "mechanism.attrition"].via


def test_claims_are_counted_at_what_they_are_compared_with(
    whole: tuple[Case, Model, InfluenceDiagram],
) -> None:
    _, _, found = whole
    assert {n.name: n.claims for n in found.nodes.values() if n.claims} == {"deployment": 3}


def test_options_are_named_with_the_levers_that_they_use(whole: tuple[Case, Model, InfluenceDiagram]) -> None:
    case, _, found = whole
    for option in case.options.values():
        for lever, strength in option.levers.items():
            assert (option.id in found.nodes[f"lever.{lever}"].members) == (strength != 0)


def test_a_small_case_is_drawn_too() -> None:
    metric = Metric("stop", "The war stops", "1", "war.on@end", "lower", 1.0, 0.0, 1.0, 0.5)
    case = made_case(("war", "flow"), FLOW, metrics=(metric,))
    found = influence_diagram(case, build_model(case), ())
    pairs = {(edge.source, edge.target) for edge in found.edges}
    assert pairs == {
        ("chance.war.end", "mechanism.war"),
        ("parameters.war", "mechanism.war"),
        ("mechanism.war", "mechanism.flow"),
        ("parameters.flow", "mechanism.flow"),
        ("mechanism.war", "metric.stop"),
    }
    assert "The war" in influence_picture(found)

"""Bundles of the shipped cases by their components: simulated beside the menu, which stays as it is."""

from __future__ import annotations

import dataclasses

import jax
import numpy as np
import pytest
from tests.decisions.builders import ensemble

from quidproquo.cases import load_case
from quidproquo.cases.record import Case
from quidproquo.decisions.compare import compare
from quidproquo.decisions.components import generated_options
from quidproquo.decisions.value import ValuedWorlds, valued_worlds
from quidproquo.sensitivity.turning import MONEY
from quidproquo.worlds.model import build_model
from quidproquo.worlds.simulate import futures, plan, simulate
from quidproquo.worlds.streams import normals

KEY, WORLDS = jax.random.key(3), 256


@pytest.fixture(scope="module")
def simulated() -> tuple[Case, ValuedWorlds]:
    case = load_case("dprk-russia")
    model, generated = build_model(case), generated_options(case)
    layout = plan(model, case, (), tuple(generated.values()))
    run = simulate(model, layout, normals(KEY, model.coordinates, WORLDS), futures(KEY, model, WORLDS))
    made = ensemble(
        run.metrics[:, : layout.own],
        options=tuple(case.options),
        metrics=tuple(case.metrics),
        hypotheses=(),
        variants=tuple(generated),
        variant_outcomes=run.metrics[:, layout.own :],
    )
    return case, valued_worlds(made, case)


def test_every_bundle_has_all_its_parts(simulated) -> None:
    case, worlds = simulated
    found = compare(worlds, worlds, case).components
    bundles = {name: option for name, option in case.options.items() if len(option.levers) > 1}
    assert set(found) == set(bundles) != set()
    for name, bundle in bundles.items():
        assert [one.lever for one in found[name].components] == list(bundle.levers)
        for one in found[name].components:
            assert one.generated == (one.without not in case.options)
            assert 0.0 <= one.better <= 1.0
            total = sum(one.metrics[metric].mean / case_span(case, metric) for metric in case.metrics)
            assert one.value.mean == pytest.approx(total, abs=0.01)  # but for values beyond the anchors


def case_span(case: Case, metric: str) -> float:
    """How much of a metric is worth 1 of value, with the sign of what is better."""
    one, whole = case.metrics[metric], sum(each.weight for each in case.metrics.values())
    return (one.best - one.worst) / (one.weight / whole)


def test_a_part_costs_what_it_is_stated_to_cost(simulated) -> None:
    case, worlds = simulated
    (cost,) = (m.id for m in case.metrics.values() if m.observable.partition("@")[0] == MONEY)
    place = tuple(case.metrics).index(cost)
    found = compare(worlds, worlds, case).components
    for name, bundle in found.items():
        row = tuple(case.options).index(name)
        rate = worlds.ensemble.outcomes[:, row, place].mean() / case.options[name].cost["money"]
        for one in bundle.components:
            saved = case.options[name].cost["money"] - one.money
            assert one.metrics[cost].mean == pytest.approx(saved * rate, rel=1e-4)


def test_the_menu_is_as_it_would_be_alone(simulated) -> None:
    case, worlds = simulated
    alone = dataclasses.replace(worlds.ensemble, variants=(), variant_outcomes=None)
    one, other = compare(worlds, worlds, case), compare(valued_worlds(alone, case), worlds, case)
    assert other.components == {}
    assert dataclasses.replace(one, components={}) == other


def test_few_are_generated() -> None:
    for name in ("dprk-russia", "rok-vietnam"):
        case = load_case(name)
        levers = [frozenset(one.levers.items()) for one in generated_options(case).values()]
        assert len(set(levers)) == len(levers)
        assert not set(levers) & {frozenset(one.levers.items()) for one in case.options.values()}
        assert len(levers) <= sum(len(one.levers) for one in case.options.values() if len(one.levers) > 1)
        assert np.isfinite([one.cost["money"] for one in generated_options(case).values()]).all()

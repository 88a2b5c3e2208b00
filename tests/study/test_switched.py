"""An adaptive option beside the static ones of a run: the same worlds, the same futures, the same bits."""

from __future__ import annotations

import dataclasses

import jax
import numpy as np
import pytest
from tests.study.bare import bare_worlds
from tests.worlds.test_adaptive import END, small

from quidproquo.decisions.value import ValuedWorlds, valued_worlds
from quidproquo.evidence.ensemble import Points, _simulated
from quidproquo.study.scenarios import switched
from quidproquo.worlds.model import Model
from quidproquo.worlds.simulate import Plan
from quidproquo.worlds.streams import Stream, normals

KEY = jax.random.key(7)
WORLDS = 4_096


@pytest.fixture(scope="module")
def run() -> tuple[ValuedWorlds, tuple[Model, Plan, Points]]:
    """Worlds of a small case, run as those of a brief are."""
    case, model, layout = small()
    island = np.arange(WORLDS) * 16 // WORLDS
    biases = np.zeros((WORLDS, 0), np.float32)
    points = Points("weighted", Stream.WEIGHTED, normals(KEY, model.coordinates, WORLDS), biases, island)
    found = _simulated(KEY, model, layout, points, None)
    worlds = dataclasses.replace(
        bare_worlds(WORLDS, 16),
        options=layout.options,
        metrics=tuple(case.metrics),
        outcomes=found.metrics,
        status=found.status,
    )
    return valued_worlds(worlds, case), (model, layout, points)


@pytest.mark.parametrize("first", ["none", "work"])
def test_an_option_that_never_switches_leads_its_static_base_by_nothing_at_all(run, first: str):
    worlds, simulated = run
    never = dataclasses.replace(END, first=first, then="hard", threshold=-1.0)
    found = switched(KEY, worlds, never, simulated)
    assert (found.leads[first].mean, found.leads[first].mcse) == (0.0, 0.0)
    assert found.switches.mean == 0.0
    assert not found.adds


def test_an_option_that_switches_in_some_futures_lies_between_the_two(run):
    worlds, simulated = run
    found = switched(KEY, worlds, dataclasses.replace(END, month=2), simulated)
    assert 0.1 < found.switches.mean < 0.9
    assert found.leads["none"].mean > 0.0
    assert found.leads["work"].mean < 0.0


def test_other_futures_would_be_noticed(run):
    """The check above can fail: along the futures of another seed, the same rule differs."""
    worlds, simulated = run
    some = dataclasses.replace(END, month=2)
    assert (
        switched(KEY, worlds, some, simulated).value
        != switched(jax.random.key(8), worlds, some, simulated).value
    )

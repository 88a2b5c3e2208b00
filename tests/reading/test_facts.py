"""The coded facts of the two real documents: the figures that the reader must reach."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "reading_score.py"


@pytest.fixture(scope="module")
def figures(shared: Path) -> dict[str, float]:
    spec = importlib.util.spec_from_file_location("reading_score", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {**module.scores(shared), **{f"target {name}": value for name, value in module.TARGETS.items()}}


@pytest.mark.parametrize("name", ["rows", "precision", "speaker", "cue", "role", "values", "comparisons"])
def test_the_figure_reaches_its_target(figures: dict[str, float], name: str) -> None:
    assert figures[name] >= figures[f"target {name}"]

"""Pictures in layers: nothing overlaps, arrows start and end at boxes, and order undoes crossings."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression

from quidproquo.brief.layers import Picture, isotonic, layered

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[str, tuple[float, float]], dict[str, int], list[tuple[str, str]]]:
    count = draw(st.integers(1, 14))
    names = [f"n{i}" for i in range(count)]
    sizes = {n: (draw(st.floats(20, 140)), draw(st.floats(16, 90))) for n in names}
    layer = {n: draw(st.integers(0, 5)) for n in names}
    ends = st.tuples(st.sampled_from(names), st.sampled_from(names))
    arrows = [(a, b) for a, b in draw(st.lists(ends, max_size=30)) if a != b]
    return sizes, layer, arrows


def _numbers(path: str) -> list[float]:
    return [float(x) for x in NUMBER.findall(path)]


@given(graphs())
def test_boxes_never_overlap_and_lie_inside(graph) -> None:
    sizes, layer, arrows = graph
    picture = layered(sizes, layer, arrows, 700.0)
    assert set(picture.boxes) == set(sizes)
    for one in picture.boxes.values():
        assert one.x >= 0.0
        assert one.y >= -0.1
        assert one.x + one.width <= picture.width + 0.1
        assert one.y + one.height <= picture.height + 0.1
    for a, b in combinations(picture.boxes.values(), 2):
        apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height < b.y or b.y + b.height < a.y
        assert apart


@given(graphs())
def test_every_arrow_runs_once_from_the_side_of_a_box_to_the_side_of_another(graph) -> None:
    sizes, layer, arrows = graph
    picture = layered(sizes, layer, arrows, 700.0)
    assert [(a.source, a.target) for a in picture.arrows] == list(dict.fromkeys(arrows))
    for arrow in picture.arrows:
        source, target = picture.boxes[arrow.source], picture.boxes[arrow.target]
        numbers = _numbers(arrow.path)
        assert abs(numbers[0] - (source.x + source.width)) <= 1.0
        assert source.y - 1 <= numbers[1] <= source.y + source.height + 1
        assert abs(numbers[-2] - target.x) <= 1.0
        assert target.y - 1 <= numbers[-1] <= target.y + target.height + 1


@given(graphs())
def test_an_arrow_that_passes_a_layer_keeps_clear_of_its_boxes(graph) -> None:
    sizes, layer, arrows = graph
    picture = layered(sizes, layer, arrows, 700.0)
    for arrow in picture.arrows:
        if layer[arrow.target] <= layer[arrow.source] + 1:
            continue
        # a level run is a curve's last height and the horizontal move after it
        for left, level, right in re.findall(r" (-?\d+) (-?\d+)H(-?\d+)", arrow.path)[:]:
            for box in picture.boxes.values():
                inside = box.x + 1 < float(right) and float(left) < box.x + box.width - 1
                if inside and box is not picture.boxes[arrow.source]:
                    assert not box.y < float(level) < box.y + box.height, arrow


def _picture(arrows: list[tuple[str, str]], layer: dict[str, int]) -> Picture:
    return layered(dict.fromkeys(layer, (60.0, 20.0)), layer, arrows, 500.0)


def test_two_chains_given_crosswise_come_out_side_by_side() -> None:
    layer = {"a0": 0, "b0": 0, "b1": 1, "a1": 1, "a2": 2, "b2": 2}
    picture = _picture([("a0", "a1"), ("a1", "a2"), ("b0", "b1"), ("b1", "b2")], layer)
    for chain in ("a", "b"):
        middles = {round(picture.boxes[f"{chain}{i}"].middle) for i in range(3)}
        assert len(middles) == 1, "a chain by itself is straight"
    assert picture.boxes["a0"].y != picture.boxes["b0"].y


def test_an_arrow_back_is_drawn_and_moves_no_box() -> None:
    layer = {"a": 0, "b": 1}
    forward = _picture([("a", "b")], layer)
    both = _picture([("a", "b"), ("b", "a")], layer)
    assert both.boxes == forward.boxes
    assert len(both.arrows) == 2


def test_nothing_gives_an_empty_picture() -> None:
    assert layered({}, {}, [], 300.0).boxes == {}


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(0.1, 20.0)), min_size=1, max_size=20))
def test_heights_are_fitted_as_scipy_fits_them(rows: list[tuple[float, float]]) -> None:
    values, weights = (np.array(column) for column in zip(*rows, strict=True))
    expected = isotonic_regression(values, weights=weights).x
    np.testing.assert_allclose(isotonic(values, weights), expected, rtol=1e-9, atol=1e-9)

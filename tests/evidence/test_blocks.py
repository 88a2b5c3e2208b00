"""Blocks that are moved at once never share an item, and every block has its turn."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from quidproquo.evidence.smc.blocks import build_blocks
from quidproquo.evidence.smc.target import _of_whole_groups


@given(
    st.integers(1, 12).flatmap(
        lambda n: st.tuples(
            st.lists(st.sampled_from("abcdef"), min_size=n, max_size=n),
            st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=n, max_size=n),
        )
    )
)
def test_blocks_of_one_step_are_independent_and_all_are_moved(made):
    labels, rows = made
    touches = np.array(rows, dtype=bool)
    blocks = build_blocks(labels, touches)
    assert [blocks.names[owner] for owner in blocks.owner] == labels
    for place, name in enumerate(blocks.names):
        own = [row for row, label in zip(touches, labels, strict=True) if label == name]
        np.testing.assert_array_equal(blocks.touches[place], np.any(own, axis=0))
    for step in blocks.steps:
        assert blocks.touches[step].sum(axis=0).max(initial=0) <= 1
    assert blocks.steps.any(axis=0).all()


def test_the_set_with_the_most_entangled_block_alternates_with_the_others():
    touches = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 1]], dtype=bool)
    blocks = build_blocks(["hub", "wide", "one", "other"], touches)
    order = [[blocks.names[block] for block in np.flatnonzero(blocks.steps[step])] for step in blocks.order]
    assert order[0] == order[2] == order[4] == order[6] == ["hub"]
    assert order[1] == order[5] == ["wide"]
    assert sorted([order[3], order[7]]) == [["one"], ["other"]]


def test_a_block_comes_first_by_its_own_items_however_many_those_of_its_set_are_together():
    # "hub" meets every other block; "a" and "b" share nothing, and have more items together than it has
    touches = np.array(
        [[1, 1, 1, 1, 1, 0, 0, 0], [1, 0, 0, 0, 0, 1, 1, 0], [0, 1, 0, 0, 0, 0, 0, 1]], dtype=bool
    )
    blocks = build_blocks(["hub", "a", "b"], touches)
    assert [blocks.names[block] for block in np.flatnonzero(blocks.steps[0])] == ["hub"]


@given(st.integers(1, 6), st.integers(0, 2**31))
def test_every_step_has_its_turn(count, seed):
    touches = np.random.default_rng(seed).random((count, 4)) < 0.5
    blocks = build_blocks([str(place) for place in range(count)], touches)
    assert set(blocks.order) == set(range(len(blocks.steps)))


def test_rows_are_the_coordinates_of_a_step():
    touches = np.array([[1, 0], [1, 0], [0, 1], [1, 1]], dtype=bool)
    blocks = build_blocks(["a", "a", "b", "c"], touches)
    rows = {tuple(row[row < 4]) for row in blocks.rows}
    assert rows == {(0, 1, 2), (3,)}
    assert (blocks.rows[blocks.rows >= 4] == 4).all()


@given(st.integers(0, 2**31))
def test_what_touches_an_item_touches_its_whole_group(seed):
    rng = np.random.default_rng(seed)
    touches, group = rng.random((7, 12)) < 0.2, rng.integers(0, 6, size=12)
    same = group[:, None] == group[None, :]
    want = touches.astype(int) @ same.astype(int) > 0
    np.testing.assert_array_equal(_of_whole_groups(touches, group), want)

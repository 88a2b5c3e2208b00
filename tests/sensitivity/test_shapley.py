"""Shares of causes against games whose Shapley values are known."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quidproquo.sensitivity.shapley import Measured, measured_means, shapley_shares, subsets

PLAYERS = ("removed", "regraded", "added", "priors")
NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=16, max_size=16)


def game(players: tuple[str, ...], values: list[float]) -> dict[frozenset[str], Measured]:
    return {some: Measured(np.array([v]), {}) for some, v in zip(subsets(players), values, strict=False)}


def by_orders(players: tuple[str, ...], worth: dict[frozenset[str], Measured]) -> dict[str, float]:
    """The definition: what each adds, averaged over all orders."""
    orders = list(permutations(players))
    found = dict.fromkeys(players, 0.0)
    for order in orders:
        for place, player in enumerate(order):
            before, after = frozenset(order[:place]), frozenset(order[: place + 1])
            found[player] += float(worth[after].value[0] - worth[before].value[0]) / len(orders)
    return found


@given(NUMBERS)
@settings(max_examples=60, deadline=None)
def test_shares_are_means_over_all_orders_and_add_up(values: list[float]) -> None:
    worth = game(PLAYERS, values)
    shares = shapley_shares(PLAYERS, worth)
    expected = by_orders(PLAYERS, worth)
    scale = max(map(abs, values)) + 1.0
    for player in PLAYERS:
        assert abs(float(shares[player].value[0]) - expected[player]) <= 1e-12 * scale * 16
    whole = float(worth[frozenset(PLAYERS)].value[0] - worth[frozenset()].value[0])
    assert abs(sum(float(share.value[0]) for share in shares.values()) - whole) <= 1e-12 * scale * 16


@given(NUMBERS, st.permutations(PLAYERS))
@settings(max_examples=30, deadline=None)
def test_the_order_in_which_causes_are_listed_makes_no_difference(
    values: list[float], order: list[str]
) -> None:
    worth = game(PLAYERS, values)
    one, other = shapley_shares(PLAYERS, worth), shapley_shares(order, worth)
    for player in PLAYERS:
        np.testing.assert_allclose(one[player].value, other[player].value, rtol=1e-9, atol=1e-6)


def test_a_cause_without_effect_has_no_share_and_equal_causes_equal_ones() -> None:
    def worth(some: frozenset[str]) -> float:
        return 3.0 if {"removed", "added"} <= some else 0.0

    shares = shapley_shares(PLAYERS, game(PLAYERS, [worth(some) for some in subsets(PLAYERS)]))
    assert [float(shares[name].value[0]) for name in PLAYERS] == pytest.approx([1.5, 0.0, 1.5, 0.0])
    assert float(shares["priors"].value[0]) == 0.0


def test_one_cause_has_all() -> None:
    shares = shapley_shares(("added",), game(("added",), [2.0, 7.5]))
    assert float(shares["added"].value[0]) == 5.5


def test_errors_of_the_same_worlds_cancel_and_of_others_do_not() -> None:
    rng = np.random.default_rng(3)
    rows, other = rng.normal(size=(8, 1)), rng.normal(size=(8, 1))
    nothing, every = frozenset[str](), frozenset(["added"])
    same = {some: Measured(np.zeros(1), {"new": rows}) for some in (nothing, every)}
    assert float(shapley_shares(("added",), same)["added"].error()[0]) == 0.0
    apart = {nothing: Measured(np.zeros(1), {"new": rows}), every: Measured(np.zeros(1), {"again": other})}
    expected = np.hypot(*(np.sqrt(7 / 8 * ((x - x.mean()) ** 2).sum()) for x in (rows, other)))
    assert float(shapley_shares(("added",), apart)["added"].error()[0]) == pytest.approx(expected)


def test_the_error_of_a_mean_is_that_between_islands() -> None:
    """Islands of equal weight whose means differ by known steps: the jackknife gives their standard error."""
    island = np.repeat(np.arange(8), 32)
    rows = island.astype(np.float64)[:, None]
    found = measured_means(rows, np.zeros(256), island, "new")
    assert float(found.value[0]) == pytest.approx(3.5)
    assert float(found.error()[0]) == pytest.approx(np.arange(8).std(ddof=1) / np.sqrt(8))

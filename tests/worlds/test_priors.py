"""Priors: their stated quantiles, and what is said of impossible ones."""

from __future__ import annotations

from datetime import date

import jax.numpy as jnp
import numpy as np
import pytest
from tests.worlds.small import START, prior

from quidproquo.terms.errors import PriorError
from quidproquo.worlds.priors import Z90, PriorTable, active_interval, prior_table

DECISION = date(2022, 12, 31)


def table(kind: str, low: float, high: float) -> PriorTable:
    return prior_table(("p",), {"p": prior("p", kind, low, high)}, DECISION, START)


@pytest.mark.parametrize(
    ("kind", "low", "high", "middle"),
    [
        ("normal", -2.0, 4.0, 1.0),
        ("lognormal", 2.0, 8.0, 4.0),
        ("logitnormal", 0.2, 0.8, 0.5),
        ("fixed", 3.0, 3.0, 3.0),
    ],
)
def test_low_and_high_are_the_5_and_95_percent_quantiles(kind: str, low: float, high: float, middle: float):
    found = table(kind, low, high).value(0, jnp.array([-Z90, 0.0, Z90]))
    np.testing.assert_allclose(found, [low, middle, high], rtol=1e-5)


@pytest.mark.parametrize(
    ("kind", "low", "high", "middle"), [("uniform", 2.0, 8.0, 5.0), ("loguniform", 2.0, 8.0, 4.0)]
)
def test_flat_priors_have_their_range_and_quantiles(kind: str, low: float, high: float, middle: float):
    prior = table(kind, low, high)
    np.testing.assert_allclose(prior.value(0, jnp.array([-9.0, 0.0, 9.0])), [low, middle, high], rtol=1e-5)
    inner = np.array([0.05, 0.95])
    linked = (low, high) if kind == "uniform" else (np.log(low), np.log(high))
    want = linked[0] + inner * (linked[1] - linked[0])
    want = want if kind == "uniform" else np.exp(want)
    np.testing.assert_allclose(prior.value(0, jnp.array([-Z90, Z90])), want, rtol=1e-5)


def test_dates_count_from_the_start():
    first, last = START.toordinal() + 10, START.toordinal() + 30
    np.testing.assert_allclose(
        table("date", first, last).value(0, jnp.array([-Z90, 0.0, Z90])), [10.0, 20.0, 30.0], rtol=1e-5
    )


@pytest.mark.parametrize(
    ("kind", "low", "high", "words"),
    [
        ("normal", 2.0, 1.0, r"prior 'p'.*low.*2\.0.*no greater than high, 1\.0.*swap the two"),
        ("lognormal", 0.0, 1.0, r"prior 'p'.*low.*0\.0.*strictly between 0 and inf for a lognormal"),
        ("loguniform", -1.0, 1.0, r"strictly between 0 and inf for a loguniform"),
        ("logitnormal", 0.1, 1.0, r"prior 'p'.*high.*1\.0.*strictly between 0 and 1 for a logitnormal"),
        ("normal", -np.inf, 1.0, r"strictly between -inf and inf for a normal"),
    ],
)
def test_impossible_priors_are_named(kind: str, low: float, high: float, words: str):
    with pytest.raises(PriorError, match=words):
        table(kind, low, high)


def test_a_missing_prior_is_named():
    with pytest.raises(PriorError, match=r"parameter 'q'.*missing.*given in priors\.toml"):
        prior_table(("q",), {}, DECISION, START)


def test_what_was_not_yet_known_is_replaced_or_marked():
    late = date(2022, 6, 1)
    plain = prior("p", "normal", 0.0, 1.0, known_by=late)
    earlier = prior("p", "normal", 0.0, 1.0, known_by=late, before=(-5.0, 5.0))
    assert active_interval(plain, late) == (0.0, 1.0, False)
    assert active_interval(plain, date(2022, 5, 31)) == (0.0, 1.0, True)
    assert active_interval(earlier, date(2022, 5, 31)) == (-5.0, 5.0, False)
    assert prior_table(("p",), {"p": plain}, date(2022, 1, 1), START).hindsight == ("p",)


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        ("normal", -2.0, 4.0),
        ("lognormal", 2.0, 8.0),
        ("logitnormal", 0.2, 0.8),
        ("uniform", 2.0, 8.0),
        ("loguniform", 2.0, 8.0),
    ],
)
def test_a_value_leads_back_to_its_coordinate(kind: str, low: float, high: float):
    z = np.array([-2.5, -1.0, 0.0, 0.3, 2.5])
    found = table(kind, low, high)
    np.testing.assert_allclose(found.coordinates(0, np.asarray(found.value(0, jnp.asarray(z)))), z, atol=2e-4)


def test_ends_of_a_flat_range_lie_infinitely_far_out():
    ends = table("uniform", 2.0, 8.0).coordinates(0, np.array([2.0, 5.0, 8.0]))
    np.testing.assert_array_equal(ends, [-np.inf, 0.0, np.inf])

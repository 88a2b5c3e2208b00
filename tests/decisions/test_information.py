"""The worth of information, against closed forms, a published example, and planted worlds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats
from tests.decisions.linear_normal import (
    EXACT,
    PUBLISHED,
    islands,
    mean_chances,
    published,
    sample,
    values,
)

from quidproquo.decisions.information import (
    DecisionProblem,
    InformationValue,
    differ_from_zero,
    evpi,
    regress,
)
from quidproquo.decisions.information import evppi as evppi_of
from quidproquo.decisions.information import evsi as evsi_of
from quidproquo.decisions.means import Mean
from quidproquo.terms.errors import EvidenceError

WORLDS = 8192
seeds = st.integers(0, 2**31)
few = settings(max_examples=15)


def problem(table: np.ndarray, weights: np.ndarray | None = None, count: int = 32) -> DecisionProblem:
    """A decision problem, of worlds in islands, with even weights unless some are given."""
    table = np.asarray(table, dtype=np.float64)
    with np.errstate(divide="ignore"):
        logs = np.zeros(len(table)) if weights is None else np.log(weights)
    return DecisionProblem(table, logs, islands(len(table), count))


def evppi(own: DecisionProblem, columns: np.ndarray) -> InformationValue:
    return evppi_of(own, regress(own, columns))


def evsi(own: DecisionProblem, chances: np.ndarray, about: np.ndarray | None = None) -> InformationValue:
    return evsi_of(own, chances, None if about is None else regress(own, about))


def every_value(p1: np.ndarray, p2: np.ndarray, rng: np.random.Generator) -> dict[str, InformationValue]:
    """All that is known exactly of the example."""
    own = problem(values(p1, p2))
    found = {
        "EVPI": evpi(own),
        "EVPPI of p1": evppi(own, p1),
        "EVPPI of p2": evppi(own, p2),
        "EVPPI of p1 and p2": evppi(own, np.column_stack([p1, p2])),
    }
    for n in (10, 100, 1000):
        found[f"EVSI of {n} on p1"] = evsi(own, mean_chances(p1, n**-0.5), p1)
        found[f"EVSI of {n} on p1, by regression"] = evppi(own, p1 + n**-0.5 * rng.normal(size=p1.size))
    found["EVSI of 10 on p1, by weights alone"] = evsi(own, mean_chances(p1, 10**-0.5))
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_normal_values_have_the_worth_of_their_closed_forms(seed):
    rng = np.random.default_rng(seed)
    for name, found in every_value(*sample(rng, WORLDS), rng).items():
        exact = EXACT[name.partition(",")[0]]
        assert abs(found.gain.mean - exact) <= max(0.02 * EXACT["EVPI"], 3.0 * found.gain.mcse), name
        assert 0.0 < found.gain.mcse < 0.035 * EXACT["EVPI"], name


@pytest.mark.long
def test_errors_are_as_large_as_they_are_said_to_be():
    away: dict[str, list[float]] = {}
    shift: dict[str, list[float]] = {}
    for seed in range(60):
        rng = np.random.default_rng(seed)
        for name, found in every_value(*sample(rng, 2048), rng).items():
            off = found.gain.mean - EXACT[name.partition(",")[0]]
            away.setdefault(name, []).append(off / found.gain.mcse)
            shift.setdefault(name, []).append(off)
    for name, each in away.items():
        # the standard deviation of 60 z-scores lies within 1 ± 0.27 in 99.7% of cases, t of 31 degrees included
        assert 0.7 < np.std(each) < 1.35, name
        assert abs(np.mean(shift[name])) < 0.02 * EXACT["EVPI"], name


def test_the_published_example_gives_the_published_figures():
    p1, p2 = published()
    found = every_value(p1, p2, np.random.default_rng(0))
    # the sample is the vignette's own: the mean of the maximum is its figure to the last digit
    assert found["EVPI"].gain.mean == pytest.approx(PUBLISHED["EVPI"], abs=5e-8)
    assert PUBLISHED["EVPI, exact"] == pytest.approx(EXACT["EVPI"], abs=5e-8)
    for name in EXACT:
        limit = max(0.02 * EXACT["EVPI"], 3.0 * found[name].gain.mcse)
        assert abs(found[name].gain.mean - PUBLISHED[name]) <= limit, name
        assert abs(found[name].gain.mean - EXACT[name]) <= limit, name


def test_what_doesnt_matter_is_worth_nothing():
    rng = np.random.default_rng(3)
    table = rng.normal([0.3, 0.0, 0.0, 0.0, 0.0], 1.0, size=(4096, 5))
    found = evppi(problem(table), rng.normal(size=4096))
    assert abs(found.gain.mean) <= 3.0 * found.gain.mcse
    chances = mean_chances(rng.normal(size=4096), 0.5)
    report = evsi(problem(table), chances)
    assert abs(report.gain.mean) <= 3.0 * report.gain.mcse


def test_level_options_and_many_columns_of_noise_dont_inflate_it():
    gains, uppers = [], []
    for seed in range(24):
        rng = np.random.default_rng(seed)
        own = problem(rng.normal(size=(512, 6)), count=16)
        found = evppi(own, rng.normal(size=(512, 3)))
        gains.append(found.gain.mean)
        uppers.append(found.upper)
    error = np.std(gains) / math.sqrt(len(gains))
    assert np.mean(gains) <= 3.0 * error
    # fitted and judged in the same worlds, the same regressions say that noise is worth something
    assert np.mean(uppers) > np.mean(gains) + 3.0 * error


def test_a_jump_is_found():
    rng = np.random.default_rng(5)
    x = rng.uniform(size=WORLDS)
    gain = np.where(x > 0.8, 1.0, -0.5) + 0.5 * rng.normal(size=WORLDS)
    own = problem(np.column_stack([np.zeros(WORLDS), gain]))
    found = evppi(own, np.exp(5.0 * x))
    assert found.gain.mean == pytest.approx(0.2, abs=3.0 * found.gain.mcse)
    assert found.gain.mcse < 0.01
    assert found.changes.mean == pytest.approx(0.2, abs=0.02)


def test_several_options_take_turns():
    rng = np.random.default_rng(6)
    x = rng.normal(size=WORLDS)
    ups, slopes = np.array([0.0, 0.1, -0.1, -0.6, 0.1]), np.array([0.0, 0.5, -0.5, 1.0, 0.3])
    table = ups + slopes * x[:, None] + rng.normal(size=(WORLDS, 5))
    found = evppi(problem(table), x)

    def integrand(t: float) -> float:
        return float((ups + slopes * t).max() * stats.norm.pdf(t))

    exact = integrate.quad(integrand, -9.0, 9.0, limit=400)[0] - ups.max()
    assert found.gain.mean == pytest.approx(exact, abs=3.0 * found.gain.mcse)
    assert found.gain.mcse < 0.1 * exact


def test_two_inputs_that_matter_only_together():
    rng = np.random.default_rng(7)
    x = rng.normal(size=(WORLDS, 2))
    own = problem(np.column_stack([np.full(WORLDS, 0.05), x[:, 0] * x[:, 1] + 0.3 * rng.normal(size=WORLDS)]))
    alone = evppi(own, x[:, 0])
    assert abs(alone.gain.mean) <= 3.0 * alone.gain.mcse
    # E[max(XY, a)] − a, by the density K₀(|t|)/π of the product of two normals
    exact = integrate.quad(lambda t: (t - 0.05) * special.k0(t) / np.pi, 0.05, 40.0)[0]
    both = evppi(own, x)
    assert abs(both.gain.mean - exact) <= max(0.02 * evpi(own).gain.mean, 3.0 * both.gain.mcse)


def test_many_inputs_together():
    rng = np.random.default_rng(17)
    x = rng.normal(size=(WORLDS, 20))
    for columns, gain in ((x, x.sum(axis=1)), (x[:, :6], x[:, 0] * x[:, 1] + x[:, 2:6].sum(axis=1))):
        own = problem(np.column_stack([np.full(WORLDS, 0.5), gain + 2.0 * rng.normal(size=WORLDS)]))
        exact = np.maximum(gain, 0.5).mean() - 0.5
        found = evppi(own, columns)
        assert found.gain.mean == pytest.approx(exact, abs=3.0 * found.gain.mcse)
        assert found.gain.mcse < 0.05 * exact


def test_states_and_a_report_on_them():
    rng = np.random.default_rng(8)
    state = (rng.uniform(size=WORLDS) < 0.3).astype(float)
    gain = np.where(state > 0, 1.0, -1.0) + rng.normal(size=WORLDS)
    own = problem(np.column_stack([np.zeros(WORLDS), gain]))
    known = evppi(own, state)
    assert known.gain.mean == pytest.approx(0.3, abs=3.0 * known.gain.mcse)
    so = 0.8 * state + 0.1  # said with probability 0.9 where it is so, and 0.1 where it isn't
    report = evsi(own, np.stack([1.0 - so, so]), state)
    assert report.gain.mean == pytest.approx(0.3 * 0.9 - 0.7 * 0.1, abs=3.0 * report.gain.mcse)
    assert report.changes.mean == pytest.approx(0.3 * 0.9 + 0.7 * 0.1, abs=0.02)
    assert [answer.option for answer in report.answers] == [0, 1]
    vague = evsi(own, np.stack([1.0 - 0.5 * so, 0.5 * so]) * 0.0 + 0.5, state)
    assert vague.gain == Mean(0.0, 0.0)


def test_the_choice_turns_where_the_report_says_so():
    rng = np.random.default_rng(9)
    x = rng.normal(size=WORLDS)
    own = problem(np.column_stack([np.zeros(WORLDS), x - 0.5]))
    sd, ends = 0.5, np.linspace(-4.0, 4.0, 161)
    below = stats.norm.cdf((ends[:, None] - x) / sd)
    rows = np.ones((1, WORLDS))
    found = evsi(own, np.diff(np.concatenate([0.0 * rows, below, rows]), axis=0), x)
    low, high = found.answers
    # E[x | y] = y/(1 + sd²) passes 0.5 at y = 0.625
    assert ends[high.first - 1] == pytest.approx(0.625, abs=0.1)
    assert low.probability + high.probability == pytest.approx(1.0)
    assert high.probability == pytest.approx(stats.norm.sf(0.625 / math.hypot(1.0, sd)), abs=0.02)


def test_a_report_is_worth_less_than_what_it_is_about_and_that_less_than_everything():
    for seed in range(6):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=2048)
        own = problem(rng.normal(size=(2048, 4)) + np.outer(x, rng.normal(size=4)))
        all_known, x_known = evpi(own).gain, evppi(own, x).gain
        # the choice by everything is never worse, in any world
        assert x_known.mean <= all_known.mean
        for sd in (0.1, 1.0):
            report = evsi(own, mean_chances(x, sd), x).gain
            assert report.mean <= x_known.mean + 3.0 * math.hypot(report.mcse, x_known.mcse)
            assert report.mean >= -3.0 * report.mcse


def test_weights_count_as_often_as_worlds_would():
    rng = np.random.default_rng(10)
    p1, p2 = sample(rng, 1024)
    often = rng.integers(0, 4, size=1024)
    repeated = np.repeat(np.arange(1024), often)
    table = values(p1, p2)
    weighed = problem(table, often, count=16)
    resampled = DecisionProblem(table[repeated], np.zeros(repeated.size), islands(1024, 16)[repeated])
    chances = mean_chances(p1, 0.3)
    for one, other in (
        (evpi(weighed), evpi(resampled)),
        (evppi(weighed, p1), evppi(resampled, p1[repeated])),
        (evsi(weighed, chances, p1), evsi(resampled, chances[:, repeated], p1[repeated])),
    ):
        assert one.gain.mean == pytest.approx(other.gain.mean, rel=1e-9)
        assert one.gain.mcse == pytest.approx(other.gain.mcse, rel=1e-9)
        assert one.changes.mean == pytest.approx(other.changes.mean, rel=1e-9)


def test_errors_are_taken_between_islands():
    rng = np.random.default_rng(11)
    # all worlds of an island are the same: there are 16 draws, however many worlds
    table = np.repeat(values(*sample(rng, 16)), 64, axis=0)
    found = evpi(problem(table, count=16))
    own = np.maximum(table[::64].max(axis=1) - table[::64, 1], 0.0)
    assert found.gain.mcse == pytest.approx(own.std(ddof=1) / 4.0, rel=1e-6)


def small(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values, an input and the chances of a report on it."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=256)
    table = rng.normal(size=(256, 4)) + np.outer(x, rng.normal(size=4))
    return table, x, mean_chances(x, 0.7, 24)


def gains(table: np.ndarray, x: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """Mean, error, upper figure and changes of all three."""
    own = problem(table, count=8)
    found = evpi(own), evppi(own, x), evsi(own, chances, x)
    return np.array([[one.gain.mean, one.gain.mcse, one.upper, one.changes.mean] for one in found])


@few
@given(seeds, st.floats(-5.0, 5.0), st.floats(0.0, 3.0))
def test_what_all_options_gain_changes_nothing(seed, shift, scatter):
    table, x, chances = small(seed)
    common = shift + scatter * np.random.default_rng(seed + 1).normal(size=(256, 1))
    np.testing.assert_allclose(gains(table + common, x, chances), gains(table, x, chances), atol=1e-9)


@few
@given(seeds, st.floats(0.01, 100.0))
def test_it_scales_with_value(seed, factor):
    table, x, chances = small(seed)
    want = gains(table, x, chances) * [factor, factor, factor, 1.0]
    np.testing.assert_allclose(gains(factor * table, x, chances), want, rtol=1e-7, atol=1e-9 * factor)


@few
@given(seeds, st.integers(0, 3), st.floats(0.0, 1.0))
def test_a_dominated_option_adds_nothing(seed, over, loses):
    table, x, chances = small(seed)
    worse = table[:, [over]] - loses * np.random.default_rng(seed).uniform(size=(256, 1))
    for more in (np.hstack([table, worse]), np.hstack([worse, table])):
        np.testing.assert_allclose(gains(more, x, chances), gains(table, x, chances), atol=1e-9)


@few
@given(seeds)
def test_the_unit_of_an_input_doesnt_matter(seed):
    table, x, _ = small(seed)
    own = problem(table, count=8)
    assert evppi(own, np.exp(3.0 * x)).gain.mean == pytest.approx(evppi(own, x).gain.mean, abs=1e-9)


def test_where_one_option_is_always_best_nothing_is_worth_knowing():
    x = np.random.default_rng(12).normal(size=512)
    own = problem(np.column_stack([x, x + 0.1, x - np.abs(x)]))
    for found in (evpi(own), evppi(own, x), evsi(own, mean_chances(x, 1.0), x)):
        assert found.gain == found.changes == Mean(0.0, 0.0)
        assert found.upper == 0.0


def test_a_constant_input_is_worth_nothing():
    rng = np.random.default_rng(13)
    own = problem(rng.normal([0.5, 0.0], 1.0, size=(512, 2)))
    assert evppi(own, np.ones(512)).gain == Mean(0.0, 0.0)


def value_of(mean: float, mcse: float) -> InformationValue:
    return InformationValue(Mean(mean, mcse), mean, Mean(0.0, 0.0), 32)


def test_of_many_gains_few_differ_from_zero_by_chance():
    assert differ_from_zero([value_of(0.0, 0.0), value_of(0.1, 0.0), value_of(0.5, 0.1)]) == [
        False,
        True,
        True,
    ]
    rng = np.random.default_rng(14)
    errors = rng.standard_t(31, size=(400, 30))
    some = [any(differ_from_zero([value_of(float(t), 1.0) for t in row])) for row in errors]
    assert np.mean(some) < 0.05 + 3.0 * math.sqrt(0.05 * 0.95 / 400)
    # each alone, at two errors, is more than nothing somewhere in half of the lists
    assert np.mean((errors > 2.0).any(axis=1)) > 0.3


def test_too_few_islands_are_refused():
    with pytest.raises(EvidenceError, match=r"number of islands with weight is 7, but it must be at least 8"):
        problem(np.zeros((70, 2)), count=7)


def test_too_many_columns_are_refused():
    rng = np.random.default_rng(15)
    with pytest.raises(
        EvidenceError, match=r"number of columns is 41, but it must be at most 40; ask for fewer"
    ):
        evppi(problem(rng.normal(size=(64, 2))), rng.normal(size=(64, 41)))


def test_numbers_that_arent_finite_are_refused():
    table = np.random.default_rng(16).normal(size=(64, 2))
    holed = table.copy()
    holed[3, 1] = np.nan
    with pytest.raises(EvidenceError, match="decision problem: value is 'not a number'"):
        problem(holed)
    with pytest.raises(EvidenceError, match="input: value is 'not a number'"):
        evppi(problem(table), holed[:, 1])
    # a world without weight may hold anything
    weights = np.ones(64)
    weights[3] = 0.0
    assert evppi(problem(holed, weights), holed[:, 1]).gain.mean >= 0.0

"""Reports that are drawn follow the densities that the likelihood states, form by form."""

from __future__ import annotations

import dataclasses

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats
from tests.evidence.test_likelihood import repeated
from tests.worlds.small import Row, evidence_table

from quidproquo.evidence.observation.forms import Interval
from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.observation.layout import build_likelihood
from quidproquo.evidence.observation.likelihood import BiasLayout, Likelihood
from quidproquo.evidence.observation.replicate import draw_reports

REPORTS, AT_ONCE = 4000, 250
LOG = Row(range=(1e9, 1e12), scale="log")
SHARE = Row(range=(0.05, 0.95), scale="logit")
PLAIN = Row(range=(0.0, 8.0), scale="identity")
COUNT = Row(range=(0.0, 12.0), scale="count")
FORMS = [
    # row, what the world says
    *[(dataclasses.replace(LOG, comparison=word, value=5e9), 4e9) for word in ("eq", "about")],
    *[(dataclasses.replace(LOG, comparison=word, value=5e9), 4e9) for word in ("at_least", "less_than")],
    (dataclasses.replace(LOG, comparison="eq", value=5e9, grade="F5"), 1.5e9),
    (dataclasses.replace(LOG, comparison="at_most", value=5e9, grade="E3"), 8e11),
    (dataclasses.replace(LOG, comparison="at_least", value=5e9), 0.0),
    (dataclasses.replace(LOG, comparison="between", low=4e9, high=9e9), 2e9),
    (dataclasses.replace(LOG, comparison="about", near=True, value=9e9), 1e9),
    *[(dataclasses.replace(SHARE, comparison=word, value=0.3), 0.4) for word in ("eq", "more_than")],
    (dataclasses.replace(SHARE, comparison="at_most", value=0.3), 0.0),
    (dataclasses.replace(SHARE, comparison="between", low=0.3, high=0.5), 0.3),
    *[(dataclasses.replace(PLAIN, comparison=word, value=3.0), 2.5) for word in ("eq", "at_least")],
]
COUNTED = [
    (dataclasses.replace(COUNT, comparison="eq", value=4.0, grade="C4"), 5.5),
    (dataclasses.replace(COUNT, comparison="eq", value=4.0), 14.0),
]
STATED = [
    (dataclasses.replace(COUNT, comparison="more_than", value=4.0, grade="B3"), 5.5),
    (dataclasses.replace(COUNT, comparison="less_than", value=4.0, grade="B6"), 5.5),
    (Row(comparison="proposition_true", likelihood=(0.8, 0.95), grade="C3"), 0.3),
    (Row(comparison="proposition_false", likelihood=(0.8, 0.95)), 1.0),
]


def many(row: Row, count: int) -> Likelihood:
    """The same claim so many times, each by an origin of its own."""
    return repeated(build_likelihood(evidence_table(row)), count)


def drawn(row: Row, truth: float, seed: int = 0) -> ObservedInputs:
    likelihood = many(row, AT_ONCE)
    rng = np.random.default_rng(seed)
    found = [
        draw_reports(rng, likelihood, np.full(AT_ONCE, truth), np.zeros(0)) for _ in range(REPORTS // AT_ONCE)
    ]
    return ObservedInputs(
        *(np.concatenate(columns).astype(np.float64) for columns in zip(*found, strict=True))
    )


def density(row: Row, truth: float, reports: ObservedInputs) -> np.ndarray:
    """What the likelihood says of so many reports of one claim, wrong ones included."""
    count = len(reports.x)
    given = many(row, count).with_observed(
        ObservedInputs(*(jnp.asarray(column, jnp.float32) for column in reports))
    )
    predicted = jnp.full((count, 1), truth, jnp.float32)
    return np.exp(np.asarray(given.evaluate_items(predicted, jnp.zeros((0, 1)))[0], dtype=np.float64)[:, 0])


def placed(row: Row, at: np.ndarray, beyond: np.ndarray) -> ObservedInputs:
    """Reports at places on the scale: of intervals, their lower ends."""
    one = many(row, 1)
    level = np.ones(len(at))
    if one.form[0] is Interval:
        width = one.high[0] - one.low[0]
        return ObservedInputs(at, at, at + width, one.offset[0] * level, at + 0.5 * width, level, beyond)
    if row.scale == "log":
        return ObservedInputs(
            at, 0 * level, level, 0.05 / 1.05 * np.exp(at), at - np.log(1.05), level, beyond
        )
    return ObservedInputs(at, 0 * level, level, level, at, level, beyond)


def ends(row: Row, truth: float) -> tuple[float, float]:
    """Between which places reports lie: amounts in the declared range, all others without an end."""
    one = many(row, 1)
    if row.scale == "log" and one.form[0] is not Interval:
        return float(np.log(1.05 * row.range[0])), float(np.log(1.05 * row.range[1]))
    centre = float(one.contamination_centre(jnp.full((1, 1), truth, jnp.float32))[0, 0])
    away = 7.0 * float(one.contaminated_sd[0])
    return centre - away, centre + away


@pytest.mark.parametrize(("row", "truth"), FORMS)
def test_reports_follow_their_density(row, truth):
    low, high = ends(row, truth)
    grid = np.linspace(low, high, 801)
    heights = density(row, truth, placed(row, grid, np.zeros(len(grid))))
    amount = row.scale == "log" and many(row, 1).form[0] is not Interval
    outside = density(row, truth, placed(row, np.array([low, high]), np.array([-1.0, 1.0]))) * amount
    inside = np.concatenate([[0.0], np.cumsum(0.5 * (heights[1:] + heights[:-1]) * np.diff(grid))])
    assert inside[-1] + outside.sum() == pytest.approx(1.0, abs=2e-3)

    reports = drawn(row, truth)
    beyond = reports.beyond
    counts = [np.sum(beyond < 0), np.sum(beyond == 0), np.sum(beyond > 0)]
    chances = np.array([outside[0], inside[-1], outside[1]])
    for count, chance in zip(counts, chances / chances.sum(), strict=True):
        assert stats.binomtest(int(count), REPORTS, min(chance, 1.0)).pvalue > 1e-4
    interval = many(row, 1).form[0] is Interval
    places = (reports.low if interval else reports.x)[beyond == 0]
    if len(places) > 100:
        cdf = lambda x: np.interp(x, grid, inside / inside[-1])  # noqa: E731
        assert stats.kstest(places, cdf).pvalue > 1e-4


@pytest.mark.parametrize(("row", "truth"), COUNTED)
def test_counts_follow_their_probabilities(row, truth):
    numbers = np.arange(400.0)
    level = np.ones(len(numbers))
    nothing = 0 * level
    chances = density(row, truth, ObservedInputs(numbers, nothing, level, level, nothing, level, nothing))
    assert chances.sum() == pytest.approx(1.0, abs=1e-3)
    reports = drawn(row, truth)
    assert not reports.beyond.any()
    counts = np.bincount(reports.x.astype(int), minlength=400)
    common = chances * REPORTS > 5
    pooled = [*counts[common], counts[~common].sum()]
    want = [*chances[common], chances[~common].sum()]
    assert stats.chisquare(pooled, np.array(want) / np.sum(want) * REPORTS).pvalue > 1e-4


@pytest.mark.parametrize(("row", "truth"), STATED)
def test_what_is_stated_or_denied_follows_its_probability(row, truth):
    level = np.ones(2)
    nothing = 0 * level
    said = ObservedInputs(many(row, 2).x, nothing, level, level, nothing, np.array([1.0, 0.0]), nothing)
    chances = density(row, truth, said)
    assert chances.sum() == pytest.approx(1.0, abs=1e-5)
    agreeing = int(drawn(row, truth).agrees.sum())
    assert stats.binomtest(agreeing, REPORTS, chances[0] / chances.sum()).pvalue > 1e-4


def test_claims_of_a_group_are_wrong_together():
    rows = [Row(value=5e9, grade="B6", group=n // 2, range=(1e9, 1e12)) for n in range(200)]
    sd, bias = np.full(200, 0.01), BiasLayout((), np.zeros((0, 200)))
    likelihood = dataclasses.replace(build_likelihood(evidence_table(*rows)), sd=sd, bias=bias)
    rng = np.random.default_rng(0)
    away = []
    for _ in range(100):
        reports = draw_reports(rng, likelihood, np.full(200, 5e9), np.zeros(0))
        away.append(np.asarray(reports.level, dtype=np.float64) - np.log(5e9))
    each = np.array(away).reshape(-1, 2)
    # where one lies four standard deviations out it is wrong, and so is the other of its group
    wrong = np.abs(each[:, 0]) > 0.04
    assert 0.05 < np.mean(wrong) < 0.13
    error = 4 / np.sqrt(2 * np.sum(wrong))
    assert np.std(each[wrong, 1]) == pytest.approx(0.03, rel=error)
    # of all groups, half are wrong
    assert np.mean(each**2) == pytest.approx(0.5 * (0.01**2 + 0.03**2), rel=0.05)
    other = np.roll(each[:, 1], 1)[wrong]
    assert np.std(other) == pytest.approx(np.sqrt(0.5 * (0.01**2 + 0.03**2)), rel=2 * error)


def test_a_bias_shifts_all_that_it_touches():
    rows = [Row(value=5e9, origin="o", family="f", grade="B1", range=(1e6, 1e13)) for _ in range(200)]
    likelihood = build_likelihood(evidence_table(*rows))
    biases = np.full(len(likelihood.bias.names), 1.0)
    rng = np.random.default_rng(0)
    shifts = []
    for _ in range(20):
        reports = draw_reports(rng, likelihood, np.full(200, 5e9), biases)
        x, offset = (np.asarray(a, dtype=np.float64) for a in (reports.x, reports.offset))
        shifts.append(x - np.log(5e9 + offset))
    want = likelihood.bias.design.sum(axis=0)[0]
    assert np.median(np.array(shifts)) == pytest.approx(want, abs=0.02)


def test_reports_read_as_claims_do():
    """A number that is drawn and then written into the table has the same likelihood."""
    rows = [row for row, _ in FORMS if not row.near and row.comparison != "between"]
    truth = np.array([value for row, value in FORMS if not row.near and row.comparison != "between"])
    table = evidence_table(*rows)
    likelihood = build_likelihood(table)
    predicted, none = jnp.asarray(truth, jnp.float32)[:, None], jnp.zeros((0, 1))
    for seed in range(20):
        reports = draw_reports(np.random.default_rng(seed), likelihood, truth, np.zeros(0))
        x = np.asarray(reports.x, dtype=np.float64)
        value = np.where([row.scale == "log" for row in rows], np.exp(x) / 1.05, x)
        value = np.where([row.scale == "logit" for row in rows], 1 / (1 + np.exp(-x)), value)
        written = build_likelihood(dataclasses.replace(table, value=value))
        # no share is written that is nearer to none than the floor
        shares = np.array([row.scale == "logit" for row in rows])
        inside = (np.asarray(reports.beyond) == 0) & ~(shares & (np.abs(x) > 9.2))
        one = np.asarray(likelihood.with_observed(reports).evaluate_items(predicted, none)[0])[inside, 0]
        other = np.asarray(written.evaluate_items(predicted, none)[0])[inside, 0]
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-3)

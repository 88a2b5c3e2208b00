"""Every density sums to one over reports, groups are chained, and walls are walls."""

from __future__ import annotations

import dataclasses

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats
from tests.worlds.small import Row, evidence_table

from quidproquo.claims import evidence_table as evidence_table_of
from quidproquo.evidence.observation import forms, tables
from quidproquo.evidence.observation.layout import build_likelihood, independent_likelihood
from quidproquo.evidence.observation.likelihood import BiasLayout, Likelihood
from quidproquo.study.gather import gather
from quidproquo.study.progress import Silent
from quidproquo.terms.edtf import Interval

NO_BIAS = jnp.zeros((0, 1), jnp.float32)
TRUTH = 20e9
SCALES = {"log": (TRUTH, (1e9, 1e12)), "logit": (0.3, (0.01, 0.99)), "identity": (2.0, (0.0, 8.0))}


def right(likelihood: Likelihood, *predicted: float) -> np.ndarray:
    rows = jnp.asarray(predicted, jnp.float32)[:, None]
    return np.asarray(likelihood.log_density(rows, NO_BIAS), dtype=np.float64)[:, 0]


def many(comparison: str, scale: str, x: np.ndarray, **fields: np.ndarray) -> Likelihood:
    """One item a report x, all of one kind; x is on the scale."""
    value, between = SCALES[scale]
    row = Row(comparison=comparison, value=value, scale=scale, range=between)
    one = build_likelihood(evidence_table(row))
    return dataclasses.replace(repeated(one, len(x)), x=x, **fields)


def repeated(one: Likelihood, count: int) -> Likelihood:
    """The only item of a likelihood, so many times, each standing alone."""
    set_apart = {"scale", "form", "group", "bias", "observed", "grades", "columns"}
    columns = {field.name for field in dataclasses.fields(one)} - set_apart
    return Likelihood(
        scale=one.scale * count,
        form=one.form * count,
        group=np.arange(count),
        bias=BiasLayout((), np.zeros((0, count))),
        **{name: np.repeat(getattr(one, name), count) for name in columns},
    )


@pytest.mark.parametrize("scale", list(SCALES))
@pytest.mark.parametrize("comparison", ["eq", "about", "at_least", "more_than", "at_most", "less_than"])
def test_a_density_integrates_to_one_over_the_report(comparison: str, scale: str):
    centre = many(comparison, scale, np.zeros(1)).on_scale(jnp.full((1, 1), SCALES[scale][0]))
    x = np.linspace(-12, 12, 4001) + float(centre[0, 0])
    plain = many(comparison, scale, x, offset=np.zeros(len(x)))
    density = np.exp(right(plain, *[SCALES[scale][0]] * len(x)))
    assert np.trapezoid(density, x) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("letter", ["A1", "F1"])
@pytest.mark.parametrize("comparison", ["eq", "at_least", "at_most"])
def test_a_density_integrates_to_one_over_amounts_as_reported(comparison: str, letter: str):
    """Every report with the offset that belongs to it, from a fiftieth of the truth upwards."""
    logs = np.linspace(np.log(TRUTH) - 4, np.log(TRUTH) + 5, 201)
    ones = [Row(comparison=comparison, value=float(np.exp(x)), grade=letter) for x in logs]
    likelihood = build_likelihood(evidence_table(*ones))
    # what they share, their biases, is of no interest here
    alone = dataclasses.replace(likelihood, bias=BiasLayout((), np.zeros((0, len(logs)))))
    density = np.exp(right(alone, *[TRUTH] * len(logs)))
    # a thousandth or so lies beyond 20 times the truth, where the offset hides it
    assert np.trapezoid(density, logs) == pytest.approx(1.0, abs=0.01)


def test_an_interval_integrates_to_one_over_where_it_lies():
    row = Row(comparison="between", low=0.9 * TRUTH, high=1.2 * TRUTH)
    one = build_likelihood(evidence_table(row))
    centre, width = float(one.on_scale(jnp.full((1, 1), TRUTH))[0, 0]), float(one.high[0] - one.low[0])
    low = np.linspace(-4, 4, 4001) + centre
    whole = dataclasses.replace(repeated(one, len(low)), low=low, high=low + width)
    density = np.exp(right(whole, *[TRUTH] * len(low)))
    assert np.trapezoid(density, low) == pytest.approx(1.0, abs=1e-3)


def test_counts_add_up_and_bounds_are_tails():
    rows = [Row(comparison="eq", value=float(k), scale="count", range=(0, 40)) for k in range(40)]
    chances = np.exp(right(build_likelihood(evidence_table(*rows)), *[6.5] * 40))
    assert chances.sum() == pytest.approx(1.0, abs=1e-4)
    for word, want in {
        "at_least": stats.poisson.sf(4, 6.5),
        "more_than": stats.poisson.sf(5, 6.5),
        "at_most": stats.poisson.cdf(5, 6.5),
        "less_than": stats.poisson.cdf(4, 6.5),
    }.items():
        row = Row(comparison=word, value=5.0, scale="count", range=(0, 40))
        assert np.exp(right(build_likelihood(evidence_table(row)), 6.5)[0]) == pytest.approx(want, abs=1e-4)


@pytest.mark.parametrize("so", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("grade", ["A1", "C3", "F6"])
def test_the_two_outcomes_of_a_proposition_add_up(so: float, grade: str):
    rows = [
        Row(comparison=f"proposition_{word}", likelihood=(0.8, 0.95), grade=grade)
        for word in ("true", "false")
    ]
    found = np.exp(right(build_likelihood(evidence_table(*rows)), so, so))
    assert found.sum() == pytest.approx(1.0, abs=1e-6)
    trust = tables.TRUST_BY_RELIABILITY[grade[0]] * tables.TRUST_BY_CREDIBILITY[int(grade[1])]
    want = trust * (so * 0.875 + (1 - so) * 0.125) + 0.5 * (1 - trust)
    assert found[0] == pytest.approx(want, abs=1e-6)


def test_even_odds_say_nothing():
    row = Row(comparison="proposition_true", likelihood=(0.4, 0.6))
    likelihood = build_likelihood(evidence_table(row))
    found = [right(likelihood, so)[0] for so in (0.0, 0.3, 1.0)]
    np.testing.assert_allclose(found, np.log(0.5), atol=1e-6)


def direct(likelihood: Likelihood, log_right: np.ndarray, log_broad: np.ndarray, members: list[int]) -> float:
    """Joint log-likelihood of one group: all right, or all wrong."""
    wrong = max(likelihood.wrong_probability[i] for i in members)
    good = np.log1p(-wrong) + sum(log_right[i] for i in members)
    bad = np.log(wrong) + sum(log_broad[i] for i in members)
    return float(np.logaddexp(good, bad))


def test_items_of_a_group_add_up_to_their_joint():
    rows = (
        Row(value=15e9, group=7, grade="B2"),
        Row(value=30e9, group=3),
        Row(value=18e9, group=7, grade="B4", comparison="about"),
        Row(value=90e9, group=7, comparison="at_least"),
        Row(comparison="proposition_true", likelihood=(0.8, 0.9), group=7),
    )
    likelihood = build_likelihood(evidence_table(*rows))
    predicted = jnp.asarray([TRUTH] * 4 + [0.7], jnp.float32)[:, None]
    item_log_lik, wrong = (
        np.asarray(a, dtype=np.float64)[:, 0] for a in likelihood.evaluate_items(predicted, NO_BIAS)
    )
    log_right = np.asarray(likelihood.log_density(predicted, NO_BIAS), dtype=np.float64)[:, 0]
    log_broad = np.asarray(likelihood.log_contamination(predicted), dtype=np.float64)[:, 0]
    joint = direct(likelihood, log_right, log_broad, [0, 2, 3])
    assert item_log_lik[[0, 2, 3]].sum() == pytest.approx(joint, rel=1e-4)
    assert item_log_lik[1] == pytest.approx(direct(likelihood, log_right, log_broad, [1]), rel=1e-4)
    assert item_log_lik[4] == pytest.approx(log_right[4], rel=1e-5)
    bad = np.log(likelihood.wrong_probability[3]) + log_broad[[0, 2, 3]].sum()
    assert wrong[3] == pytest.approx(np.exp(bad - joint), rel=1e-3)
    assert wrong[4] == 0.0


@pytest.mark.parametrize("scale", list(SCALES))
@pytest.mark.parametrize("comparison", ["eq", "about", "at_least", "less_than"])
def test_a_wrong_report_scatters_three_times_as_far_about_what_the_world_says(comparison: str, scale: str):
    truth = SCALES[scale][0]
    one = many(comparison, scale, np.zeros(1))
    centre = float(one.contamination_centre(jnp.full((1, 1), truth))[0, 0])
    levels = np.linspace(-20, 20, 4001) + centre
    whole = dataclasses.replace(repeated(one, len(levels)), level=levels)
    density = np.exp(
        np.asarray(whole.log_contamination(jnp.full((len(levels), 1), truth, jnp.float32)))[:, 0]
    )
    assert np.trapezoid(density, levels) == pytest.approx(1.0, abs=1e-3)
    variance = np.trapezoid(density * (levels - centre) ** 2, levels)
    assert variance == pytest.approx((3.0 * one.sd[0]) ** 2, rel=1e-3)


def test_a_wrong_report_of_what_never_was_lies_about_the_low_end_of_the_range():
    row = Row(value=10e9, range=(1e9, 1e12), grade="C3")
    likelihood = build_likelihood(evidence_table(row))
    never, little = (float(likelihood.log_contamination(jnp.full((1, 1), x))[0, 0]) for x in (0.0, 1e9))
    assert never == pytest.approx(little)
    s = likelihood.contaminated_sd[0]
    assert never == pytest.approx(stats.norm.logpdf(np.log(10.0), 0.0, s), rel=1e-4)


def test_the_spread_of_a_wrong_report_holds_all_biases_wherever_they_stand():
    rows = (Row(value=15e9, origin="x"), Row(value=18e9, origin="x", quantity="economy.output"))
    both = build_likelihood(evidence_table(*rows))
    alone = build_likelihood(evidence_table(rows[0]))
    assert len(both.bias.names) > len(alone.bias.names)
    assert both.contaminated_sd[0] == pytest.approx(alone.contaminated_sd[0])


def test_wrong_counts_are_geometric_and_their_bounds_are_tails():
    mean = 6.5
    rows = [Row(comparison="eq", value=float(k), scale="count", range=(0, 40)) for k in range(200)]
    chances = np.exp(
        np.asarray(build_likelihood(evidence_table(*rows)).log_contamination(jnp.full((200, 1), mean)))[:, 0]
    )
    want = stats.geom.pmf(np.arange(1, 201), 1.0 / (mean + 2.0))
    np.testing.assert_allclose(chances, want, rtol=1e-3, atol=1e-7)
    for word, place in {
        "at_least": (5, 200),
        "more_than": (6, 200),
        "at_most": (0, 6),
        "less_than": (0, 5),
    }.items():
        row = Row(comparison=word, value=5.0, scale="count", range=(0, 40))
        found = np.exp(build_likelihood(evidence_table(row)).log_contamination(jnp.full((1, 1), mean)))[0, 0]
        assert found == pytest.approx(want[place[0] : place[1]].sum(), abs=1e-4)


def test_a_lower_bound_is_a_wall_above_and_a_slope_below():
    x = 20e9
    likelihood = build_likelihood(evidence_table(Row(comparison="at_least", value=x)))
    at, above, far_below = (right(likelihood, world)[0] for world in (1.1 * x, 1.8 * x, 0.2 * x))
    assert far_below < at - 10
    assert at - 3 < above < at
    mirrored = build_likelihood(evidence_table(Row(comparison="at_most", value=x)))
    assert right(mirrored, 5 * x)[0] < right(mirrored, 0.9 * x)[0] - 5
    assert right(mirrored, 0.5 * x)[0] > right(mirrored, 0.9 * x)[0] - 3


def test_nearly_means_between_nine_tenths_and_the_number():
    row = Row(comparison="about", value=20e9, near=True)
    interval = Row(comparison="about", value=20e9)
    near = build_likelihood(evidence_table(row))
    assert near.form == (forms.Interval,)
    assert build_likelihood(evidence_table(interval)).form == (forms.TwoSided,)
    worlds = np.array([0.3, 0.95, 3.0]) * 20e9
    found = [right(near, world)[0] for world in worlds]
    assert found[1] > found[0] + 1
    assert found[1] > found[2] + 1
    offset = near.offset[0]
    np.testing.assert_allclose(
        [near.low[0], near.high[0]], np.log(np.array([0.9, 1.0]) * 20e9 + offset), rtol=1e-9
    )


def test_a_bias_shared_by_items_is_a_coordinate_and_a_lone_one_is_spread():
    shared = build_likelihood(evidence_table(Row(value=1e10, origin="o"), Row(value=2e10, origin="o")))
    assert shared.bias.names == ("bias.origin.o", "bias.pair.o|economy.output")
    alone = build_likelihood(evidence_table(Row(value=1e10)))
    assert alone.bias.names == ()
    by_letter = tables.BIAS_FACTOR["B"]
    want = tables.REPORT_SD["eq"] ** 2 + tables.BIAS_SD["family"] ** 2
    want += (by_letter * tables.BIAS_SD["origin"]) ** 2 + (by_letter * tables.BIAS_SD["pair"]) ** 2
    assert alone.sd[0] == pytest.approx(np.sqrt(want))


def test_items_judged_separately_are_as_each_would_be_alone():
    """Two of one origin on one quantity share bias and doubt together, and nothing when judged apart."""
    rows = [
        Row(value=value, grade=grade, origin="o", group=0) for value, grade in ((10e9, "B2"), (30e9, "D5"))
    ]
    said = jnp.full((2, 1), TRUTH)
    together = build_likelihood(evidence_table(*rows))
    assert together.bias.names
    assert together.wrong_probability[0] == together.wrong_probability[1]
    found = independent_likelihood(evidence_table(*rows)).evaluate_items(said, NO_BIAS)
    for item, row in enumerate(rows):
        alone = build_likelihood(evidence_table(row)).evaluate_items(said[:1], NO_BIAS)
        np.testing.assert_allclose(
            [part[item, 0] for part in found], [part[0, 0] for part in alone], rtol=1e-5
        )


@pytest.mark.parametrize("name", ["dprk-russia", "rok-vietnam"])
def test_rows_of_the_shipped_tables_stand_as_they_are_worked_out(name: str):
    """One scale and form after another, by id within: nothing has to be put in order again."""
    gathered = gather(name, (), None, shipped=True, progress=Silent())
    at = Interval(gathered.case.decision_date, gathered.case.decision_date)
    table = evidence_table_of(
        gathered.claims, gathered.case, as_of=at, reviewed_only=False, links=gathered.links
    )
    groups = build_likelihood(table).groups
    np.testing.assert_array_equal(np.concatenate([one.items for one in groups]), np.arange(len(table)))
    for one in groups:
        ids = [table.ids[item] for item in one.items]
        assert ids == sorted(ids)


def test_the_order_of_rows_makes_no_difference():
    rows = [
        Row(value=15e9), Row(comparison="at_least", value=3.0, scale="count", range=(0, 9)),
        Row(comparison="at_least", value=18e9), Row(comparison="between", low=1e10, high=2e10),
        Row(value=0.2, scale="logit", range=(0.01, 0.99)), Row(value=12e9, grade="C4"),
        Row(comparison="proposition_true", likelihood=(0.8, 0.9)),
        Row(value=0.3, scale="logit", range=(0.01, 0.99)),
        Row(comparison="at_most", value=4.0, scale="count", range=(0, 9)),
    ]  # fmt: skip
    said = jnp.asarray([16e9, 4.0, 19e9, 15e9, 0.25, 11e9, 0.7, 0.28, 3.0], jnp.float32)[:, None]
    separate = [build_likelihood(evidence_table(row)) for row in rows]
    want = [one.evaluate_items(said[item : item + 1], NO_BIAS)[0][0, 0] for item, one in enumerate(separate)]
    for seed in range(4):
        order = np.random.default_rng(seed).permutation(len(rows))
        found = independent_likelihood(evidence_table(*(rows[item] for item in order))).evaluate_items(
            said[order], NO_BIAS
        )[0]
        np.testing.assert_allclose(found[:, 0], np.array(want)[order], rtol=2e-5)

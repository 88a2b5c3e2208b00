"""The predictive distribution of a report, over many worlds."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import integrate, stats
from tests.worlds.small import Row, evidence_table

from quidproquo.evidence.observation.forms import Contaminated, Count, TwoSided
from quidproquo.evidence.observation.layout import build_likelihood
from quidproquo.evidence.observation.predictive import ReportPredictive, report_cdf
from quidproquo.evidence.observation.scales import SCALES

RANGES = {"log": (1.0, 1e6), "logit": (0.01, 0.99), "identity": (-50.0, 50.0), "count": (0.0, 200.0)}
TRUTHS = {"log": 800.0, "logit": 0.3, "identity": 4.0, "count": 12.0}


def to_scale(scale: str, values: np.ndarray) -> np.ndarray:
    return np.asarray(SCALES[scale].to(values))


def from_scale(scale: str, places: np.ndarray) -> np.ndarray:
    return np.asarray(SCALES[scale].back(places))


def predictive(
    scale: str = "identity",
    worlds: int = 1,
    sd: float = 1.5,
    wrong: float = 0.0,
    truth: np.ndarray | None = None,
    shift: np.ndarray | None = None,
) -> ReportPredictive:
    """Worlds around a truth, a tenth of a range apart."""
    rng = np.random.default_rng(5)
    wide = to_scale(scale, np.array(TRUTHS[scale])) + (0.6 if worlds > 1 else 0.0) * rng.normal(size=worlds)
    ends = [np.array(end) for end in RANGES[scale]]
    form = (
        Count(*ends) if scale == "count" else TwoSided(SCALES[scale], np.array(sd), np.array(3 * sd), *ends)
    )
    return ReportPredictive(
        Contaminated(form, np.array(wrong)),
        from_scale(scale, wide) if truth is None else truth,
        np.zeros(worlds) if shift is None else shift,
        *RANGES[scale],
    )


def drawn(one: ReportPredictive, count: int, seed: int = 0) -> np.ndarray:
    """Reports of worlds that are picked at random."""
    rng = np.random.default_rng(seed)
    pick = rng.integers(len(one.truth), size=count)
    found = one.reports.draw(rng, one.truth[pick], one.shift[pick])
    return found if isinstance(one.reports.form, Count) else np.asarray(one.scale.back(found))


def test_quantiles_of_a_normal() -> None:
    assert predictive(sd=2.0).quantiles() == pytest.approx(
        tuple(4.0 + 2.0 * stats.norm.ppf([0.05, 0.25, 0.5, 0.75, 0.95])), abs=0.02
    )


@pytest.mark.parametrize("scale", ["log", "logit", "identity"])
@pytest.mark.parametrize("wrong", [0.0, 0.3])
def test_density_is_the_slope_of_the_distribution_and_adds_up_to_one(scale: str, wrong: float) -> None:
    one = predictive(scale, worlds=30, sd=0.25, wrong=wrong)
    ends = to_scale(scale, np.array([one.low, one.high]))
    # away from the ends, beyond which log-odds are cut
    for place in np.linspace(*(ends + np.array([0.5, -0.5])), 9):
        step = 1e-5
        around = one.cdf(from_scale(scale, np.array([place - step, place + step])))
        slope = (around[1] - around[0]) / (2 * step)
        assert one.density(float(from_scale(scale, np.array(place)))) == pytest.approx(slope, abs=1e-5)
    places = np.linspace(*ends, 4001)
    heights = [one.density(float(value)) for value in from_scale(scale, places)]
    inside = np.diff(one.cdf(from_scale(scale, ends)))[0]
    assert integrate.trapezoid(heights, places) == pytest.approx(inside, abs=1e-3)
    assert inside > 0.99


def test_chances_of_counts_add_up_to_one() -> None:
    one = predictive("count", worlds=5, wrong=0.2)
    assert sum(one.density(float(k)) for k in range(401)) == pytest.approx(1.0, abs=1e-7)
    assert one.cdf(np.array([-1.0, 400.0])) == pytest.approx([0.0, 1.0], abs=1e-7)


@pytest.mark.parametrize(
    ("scale", "comparison", "value"),
    [("log", "eq", 900.0), ("log", "about", 300.0), ("logit", "eq", 0.4), ("identity", "about", 7.0),
     ("count", "eq", 9.0)],
)  # fmt: skip
def test_it_is_the_distribution_that_conditioning_uses(scale: str, comparison: str, value: float) -> None:
    row = Row("x", comparison, value, scale=scale, range=RANGES[scale], grade="C3")
    likelihood = build_likelihood(evidence_table(row))
    truth = predictive(scale, worlds=50).truth
    one = ReportPredictive(likelihood.figure_of(0), truth, np.zeros(50), *RANGES[scale])
    # in single precision, as conditioning is
    item_log_lik = likelihood.evaluate_items(jnp.asarray(truth[None], jnp.float32), jnp.zeros((0, 50)))[0]
    assert one.density(value) == pytest.approx(float(np.exp(np.asarray(item_log_lik)).mean()), rel=1e-4)
    below = report_cdf(likelihood, truth[:, None], np.zeros((50, 0)))[:, 0].mean()
    ours = one.cdf(np.array([value]))[0]
    if scale == "count":  # there, half of the chance of the very number
        ours = ours - 0.5 * one.density(value)
    assert ours == pytest.approx(below, rel=1e-4)


@pytest.mark.parametrize("scale", ["log", "logit", "identity"])
def test_the_grid_over_many_worlds_is_the_distribution_function(scale: str) -> None:
    """A block is filled up with worlds that don't count, and more than one is needed."""
    one = predictive(scale, worlds=5000, sd=0.3, wrong=0.2, shift=np.linspace(-0.4, 0.4, 5000))
    places, chances = one.grid
    np.testing.assert_allclose(chances, one.cdf(from_scale(scale, places)), atol=2e-6)

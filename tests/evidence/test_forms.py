"""Each form of report by itself: draws, density and distribution function agree, in both libraries."""

from __future__ import annotations

import ast
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import integrate, stats

from quidproquo.evidence.observation import forms
from quidproquo.evidence.observation.forms import (
    FORMS,
    Bound,
    Contaminated,
    Count,
    CountBound,
    Event,
    Form,
    Interval,
    Total,
    TwoSided,
)
from quidproquo.evidence.observation.forms.base import observed_values
from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.observation.scales import IDENTITY, LOG, LOGIT, Scale
from quidproquo.evidence.observation.special import Values

DRAWS = 4000
RANGES = {LOG: (1e2, 1e5), LOGIT: (0.02, 0.98), IDENTITY: (-5.0, 9.0)}
TRUTHS = {LOG: 2e3, LOGIT: 0.3, IDENTITY: 2.5}
BIAS = 0.15


def at(value: float) -> np.ndarray:
    return np.full((1, 1), value)


def amounts(scale: Scale) -> dict[str, Form]:
    """Every form of a number on a scale."""
    whole = (scale, at(0.3), at(0.9), *(at(end) for end in RANGES[scale]))
    truth = TRUTHS[scale]
    low, high = (at(float(scale.to(at(0.8 * truth), 0.05 * truth)[0, 0]) + width) for width in (0.0, 0.9))
    return {
        "two-sided": TwoSided(*whole),
        "total": Total(*whole, at(1.0)),
        "lower bound": Bound(*whole, at(0.45), at(1.0)),
        "upper bound": Bound(*whole, at(0.6), at(-1.0)),
        "interval": Interval(*whole, low, high, at(0.05 * truth)),
    }


NUMBERS = [
    pytest.param(form, TRUTHS[scale], id=f"{name} on {scale.name}")
    for scale in RANGES
    for name, form in amounts(scale).items()
]
COUNTS = [pytest.param(Count(at(0.0), at(12.0)), mean, id=f"count {mean}") for mean in (0.0, 5.5, 14.0)]
OUTCOMES = [
    pytest.param(CountBound(at(0.0), at(12.0), at(5.0), at(1.0)), 5.5, id="at least"),
    pytest.param(CountBound(at(0.0), at(12.0), at(5.0), at(-1.0)), 14.0, id="at most"),
    pytest.param(Event(at(0.8), at(0.9)), 0.3, id="event"),
]


def levels(form: Form, places: np.ndarray) -> ObservedInputs:
    """Reports at places on the scale, wherever they are, as `[place, 1]`."""
    column = places[:, None]
    if isinstance(form, Interval):
        return form.observe(column)
    if form.scale is LOG:
        return observed_values(LOG, np.exp(column))
    return ObservedInputs(x=column, low=column, high=column, offset=np.ones_like(column), level=column)


def middle(form: Form, truth: float) -> float:
    return float(form.on_scale(form.observe_values(at(truth)), at(truth))[0, 0])


def test_every_form_is_tried_here():
    def below(kind: type) -> set[type]:
        return {kind}.union(*(below(one) for one in kind.__subclasses__()))

    tried = {type(case.values[0]) for case in (*NUMBERS, *COUNTS, *OUTCOMES)}
    assert tried == below(Form) - {Form}
    assert set(FORMS) == tried - {Total}
    assert {name for name in forms.__all__ if name in {one.__name__ for one in tried}} == {
        one.__name__ for one in tried
    }


@pytest.mark.parametrize("wrong", [0.0, 0.4])
@pytest.mark.parametrize(("form", "truth"), NUMBERS)
def test_draws_of_a_number_follow_the_distribution_function(form: Form, truth: float, wrong: float):
    reports = Contaminated(form, at(wrong))
    drawn = reports.draw(np.random.default_rng(1), np.full((DRAWS, 1), truth), BIAS)
    assert drawn.shape == (DRAWS, 1)
    chances = reports.cdf(levels(form, drawn[:, 0]), at(truth), BIAS)[:, 0]
    assert stats.kstest(chances, "uniform").pvalue > 1e-4


@pytest.mark.parametrize("wrong", [0.0, 0.4])
@pytest.mark.parametrize(("form", "truth"), NUMBERS)
def test_the_distribution_function_of_a_number_is_the_integral_of_its_density(
    form: Form, truth: float, wrong: float
):
    reports, centre = Contaminated(form, at(wrong)), middle(form, truth)
    places = np.linspace(centre - 8.0, centre + 8.0, 8001)
    observed = levels(form, places)
    heights = np.exp(reports.log_density(observed, at(truth), BIAS))[:, 0]
    below = reports.cdf(observed, at(truth), BIAS)[:, 0]
    found = integrate.cumulative_trapezoid(heights, places, initial=0.0)
    np.testing.assert_allclose(found, below - below[0], atol=2e-5)
    # no report of an amount puts more than 1.05 of it beyond the truth's 21-fold
    assert below[-1] - below[0] == pytest.approx(1.0, abs=2e-3)


@pytest.mark.parametrize("predicted", [0.9 * RANGES[LOG][0], 1.2 * RANGES[LOG][1]])
@pytest.mark.parametrize("name", ["two-sided", "total", "lower bound", "upper bound"])
def test_amounts_beyond_the_range_have_the_probability_of_being_there(name: str, predicted: float):
    form = amounts(LOG)[name]
    drawn = form.draw(np.random.default_rng(2), np.full((DRAWS, 1), predicted), BIAS)
    seen = form.observe(drawn)
    assert seen.beyond is not None
    ends = form.observe_values(np.array(RANGES[LOG])[:, None])._replace(beyond=np.array([[-1.0], [1.0]]))
    chances = np.exp(form.log_density(ends, at(predicted), BIAS))[:, 0]
    below = form.cdf(ends, at(predicted), BIAS)[:, 0]
    np.testing.assert_allclose(chances, [below[0], 1.0 - below[1]], atol=1e-6)
    for side, chance in zip((-1.0, 1.0), chances, strict=True):
        count = int((seen.beyond == side).sum())
        assert stats.binomtest(count, DRAWS, min(float(chance), 1.0)).pvalue > 1e-4
    inside = seen.beyond == 0
    np.testing.assert_allclose(seen.level[inside], drawn[inside])


@pytest.mark.parametrize("wrong", [0.0, 0.3])
@pytest.mark.parametrize(("form", "mean"), COUNTS)
def test_draws_of_a_count_follow_its_probabilities(form: Form, mean: float, wrong: float):
    reports, numbers = Contaminated(form, at(wrong)), np.arange(400.0)
    observed = form.observe_values(numbers[:, None])
    chances = np.exp(reports.log_density(observed, at(mean)))[:, 0]
    assert chances.sum() == pytest.approx(1.0, abs=1e-6)
    np.testing.assert_allclose(np.cumsum(chances), reports.cdf(observed, at(mean))[:, 0], atol=1e-9)
    half = np.cumsum(chances) - 0.5 * chances
    np.testing.assert_allclose(half, reports.mid_cdf(observed, at(mean))[:, 0], atol=1e-9)
    drawn = reports.draw(np.random.default_rng(3), np.full((DRAWS, 1), mean))
    counts = np.bincount(drawn[:, 0].astype(int), minlength=400)
    common = chances * DRAWS > 5
    pooled = np.array([*counts[common], counts[~common].sum()], dtype=float)
    want = np.array([*chances[common], chances[~common].sum()])
    if len(pooled) > 2:
        assert stats.chisquare(pooled, want / want.sum() * DRAWS).pvalue > 1e-4
    else:
        assert stats.binomtest(int(pooled[0]), DRAWS, min(want[0], 1.0)).pvalue > 1e-4


@pytest.mark.parametrize(("form", "truth"), OUTCOMES)
def test_draws_of_an_outcome_follow_its_probability(form: Form, truth: float):
    wrong = 0.3 if form.contamination is not None else 0.0
    reports = Contaminated(form, at(wrong))
    both = form.observe(np.array([[0.0], [1.0]]))
    chances = np.exp(reports.log_density(both, at(truth)))[:, 0]
    assert chances.sum() == pytest.approx(1.0, abs=1e-6)
    np.testing.assert_allclose(reports.cdf(both, at(truth))[:, 0], [chances[0], 1.0], atol=1e-6)
    drawn = reports.draw(np.random.default_rng(4), np.full((DRAWS, 1), truth))
    assert set(np.unique(drawn)) == {0.0, 1.0}
    assert stats.binomtest(int(drawn.sum()), DRAWS, chances[1]).pvalue > 1e-4
    # as the claim states it
    plain = both._replace(agrees=None)
    assert np.exp(reports.log_density(plain, at(truth)))[0, 0] == pytest.approx(chances[1])
    assert np.all(reports.cdf(plain, at(truth)) == 1.0)


def test_forms_have_their_closed_forms():
    places = np.linspace(-3.0, 8.0, 45)
    s, w, y = 0.3, 0.45, TRUTHS[IDENTITY] + BIAS
    found = amounts(IDENTITY)
    want = {
        "two-sided": stats.norm(y, s),
        "total": stats.norm(y, s),
        "lower bound": stats.skewnorm(-w / s, y, np.hypot(s, w)),
        "upper bound": stats.skewnorm(0.6 / s, y, np.hypot(s, 0.6)),
    }
    for name, distribution in want.items():
        form, observed = found[name], levels(found[name], places)
        density = form.log_density(observed, at(TRUTHS[IDENTITY]), BIAS)[:, 0]
        near = np.abs(places - y) < 2.0  # farther out, both are as good as nothing
        np.testing.assert_allclose(density[near], distribution.logpdf(places)[near], rtol=1e-6, atol=1e-6)
        below = form.cdf(observed, at(TRUTHS[IDENTITY]), BIAS)[:, 0]
        np.testing.assert_allclose(below, distribution.cdf(places), atol=1e-9)
    count, numbers = Count(at(0.0), at(12.0)), np.arange(30.0)[:, None]
    np.testing.assert_allclose(
        count.log_density(count.observe(numbers), at(6.5)), stats.poisson.logpmf(numbers, 6.5), rtol=1e-9
    )
    wrong = count.contamination
    np.testing.assert_allclose(
        wrong.log_density(count.observe(numbers), at(14.0)),
        stats.geom.logpmf(numbers + 1, 1 / 14.0),
        rtol=1e-9,
    )


def test_a_bound_is_kept_where_the_reporters_own_figure_lies_beyond_it():
    for name in ("lower bound", "upper bound"):
        bound = amounts(LOG)[name]
        assert isinstance(bound, Bound)
        stated = bound.observe_values(at(1.4e3))
        worlds = np.geomspace(5e2, 4e3, 5)[None]
        figures = Contaminated(bound.figure, at(0.2)).draw(
            np.random.default_rng(6), np.repeat(worlds, DRAWS, axis=0)
        )
        keeps = figures >= np.log(1.4e3) if name == "lower bound" else figures <= np.log(1.4e3)
        chances = bound.figure.kept(stated, worlds, at(0.2))[0]
        for count, chance in zip(keeps.sum(axis=0), chances, strict=True):
            assert stats.binomtest(int(count), DRAWS, chance).pvalue > 1e-4


@pytest.mark.parametrize(("form", "truth"), [*NUMBERS, *COUNTS, *OUTCOMES])
def test_both_libraries_agree(form: Form, truth: float):
    rng = np.random.default_rng(7)
    drawn = form.draw(rng, np.full((40, 1), truth))
    observed = form.observe(drawn)
    worlds = np.full((1, 3), truth) * np.array([0.9, 1.0, 1.1])

    def single(values: Values | None) -> Values | None:
        return None if values is None else jnp.asarray(values, jnp.float32)

    columns = {
        name: single(value) if isinstance(value, np.ndarray) and name not in form.constants else value
        for name, value in vars(form).items()
    }
    if isinstance(form, CountBound):  # its numbers are constants, one for each item
        columns["x"] = np.repeat(form.x, 40, axis=0)
        worlds = np.repeat(worlds, 40, axis=0)
    compiled = type(form)(**columns)
    seen = ObservedInputs(*(single(values) for values in observed))
    for name in ("log_density", "cdf"):
        want = getattr(form, name)(observed, worlds)
        found = getattr(compiled, name)(seen, single(worlds))
        assert not isinstance(found, np.ndarray)
        np.testing.assert_allclose(found, want, rtol=2e-3, atol=5e-4, err_msg=name)


PACKAGE = Path(__file__).parents[2] / "src" / "quidproquo"
OWN = ("evidence/observation/special.py", "evidence/observation/forms/")
# no reports: Φ of a world's coordinate, and binomial coefficients
OTHERS = {
    "worlds/model.py": {"norm", "ndtr"},
    "worlds/priors.py": {"norm", "ndtr"},
    "evidence/checks/binomial.py": {"gammaln"},
    "evidence/smc/tilt.py": {"ndtr"},  # of a hypothesis's coordinate
    "decisions/collect.py": {"norm"},  # what a choice loses where the mean is normal
    "decisions/discovery/tree.py": {"ndtr"},  # of a difference of shares
    "decisions/signposts.py": {"ndtr"},  # of a difference of rates
}
DENSITIES = {
    "erf", "erfc", "gammaln", "geom", "lgamma", "log_ndtr", "ndtr", "nbinom", "norm", "owens_t", "pdtr",
    "poisson", "skewnorm", "normal_cdf", "log_normal_cdf", "log_normal_density", "poisson_cdf", "log_factorial",
}  # fmt: skip


def names_in(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.name for alias in node.names}
    return found


def test_no_other_place_states_how_reports_scatter():
    elsewhere = {}
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        used = names_in(path) & DENSITIES - OTHERS.get(name, set())
        if used and not name.startswith(OWN):
            elsewhere[name] = used
    assert not elsewhere, (
        "densities, distribution functions and draws of reports belong to evidence.observation"
    )

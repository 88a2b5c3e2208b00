"""Priors beside posteriors: planted worlds give their own quantiles and contraction."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import norm
from tests.study.bare import bare_worlds
from tests.worlds.small import DECISION, made_case

from quidproquo.study.assemble.assumptions import assumptions
from quidproquo.study.infer import RunResult
from quidproquo.study.schema.assumptions import AssumptionRecord
from quidproquo.worlds.model import build_model

WORLDS, ISLANDS = 40_000, 16
# of each parameter: its prior, and mean and deviation of the worlds on its coordinate
PLANTED = {
    "economy.peak": (("lognormal", 1e9, 4e9), 0.5, 0.6),
    "economy.dip": (("logitnormal", 0.3, 0.9), 0.0, 1.0),
    "economy.recovery": (("loguniform", 0.5, 3.0), -1.0, 0.3),
    "economy.partner_share": (("uniform", 0.5, 0.95), 1.0, 0.5),
    "economy.output": (("lognormal", 10e9, 40e9), 0.0, 1.2),
    "economy.workers": (("fixed", 5e3, 5e3), 0.0, 1.0),
}


@pytest.fixture(scope="module")
def found() -> dict[str, AssumptionRecord]:
    case = made_case(priors={name: prior for name, (prior, *_) in PLANTED.items()})
    model = build_model(case)
    rng = np.random.default_rng(0)
    levels = (np.arange(WORLDS) + 0.5) / WORLDS
    columns = []
    for place, name in enumerate(model.parameters):
        _, mean, deviation = PLANTED[name]
        z = rng.permutation(norm.ppf(levels, mean, deviation)).astype(np.float32)
        columns.append(np.asarray(model.priors.value(place, jnp.asarray(z))) * np.ones(WORLDS))
    ensemble = bare_worlds(WORLDS, ISLANDS, model.parameters, np.stack(columns, axis=1))
    weighed = object.__new__(RunResult)
    for field, value in {"model": model, "weighted": ensemble}.items():
        object.__setattr__(weighed, field, value)
    return assumptions(case, weighed, DECISION)


@pytest.mark.parametrize("name", [name for name in PLANTED if name != "economy.workers"])
def test_places_and_contraction_are_those_planted(found: dict[str, AssumptionRecord], name: str) -> None:
    _, mean, deviation = PLANTED[name]
    want = norm.ppf([0.05, 0.5, 0.95], mean, deviation)
    assert found[name].place == pytest.approx(want, abs=2e-3)
    assert found[name].contraction == pytest.approx(1.0 - deviation**2, abs=2e-3)


@pytest.mark.parametrize("name", ["economy.peak", "economy.dip", "economy.output"])
def test_quantiles_of_a_prior_are_its_stated_interval(found: dict[str, AssumptionRecord], name: str) -> None:
    (_, low, high), _, _ = PLANTED[name]
    record = found[name]
    assert (record.prior_q05, record.prior_q95) == pytest.approx((low, high), rel=1e-4)
    assert record.prior_q05 < record.prior_q50 < record.prior_q95


def test_a_flat_range_has_its_quantiles_inside_it(found: dict[str, AssumptionRecord]) -> None:
    record = found["economy.partner_share"]
    assert (record.prior_q05, record.prior_q50, record.prior_q95) == pytest.approx((0.5225, 0.725, 0.9275))


def test_worlds_that_are_nothing_but_draws_are_worth_about_their_number(
    found: dict[str, AssumptionRecord],
) -> None:
    # sixteen island means: a chi-squared of fifteen degrees lies between 3.5 and 38 in 99.8 % of cases
    for name, record in found.items():
        if name != "economy.workers":
            assert WORLDS * 15 / 38 < record.run_ess < WORLDS * 15 / 3.5


def test_a_fixed_number_has_nothing_to_contract(found: dict[str, AssumptionRecord]) -> None:
    record = found["economy.workers"]
    assert (record.place, record.contraction, record.run_ess) == ((0.0, 0.0, 0.0), 0.0, 0.0)
    assert record.prior_q05 == record.posterior_q95 == pytest.approx(5e3)

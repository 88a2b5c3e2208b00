"""A linear Gaussian model planted as a whole run: assumptions, what decides, and what is due to the claims."""

from __future__ import annotations

import dataclasses
import math
from types import SimpleNamespace

import jax.numpy as jnp
import numpy as np
import pytest
from tests.sensitivity.builders import evaluator
from tests.worlds.small import DECISION, made_case

from quidproquo.cases.record import Case, Hypothesis, HypothesisState, Quantity
from quidproquo.decisions.record import Findings, Preferred
from quidproquo.evidence.smc.blocks import build_blocks
from quidproquo.evidence.smc.proposals import no_proposals
from quidproquo.evidence.smc.sample import PosteriorDraws
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.rerun import Rerun, Reruns
from quidproquo.evidence.weights.reweight import Reweighter
from quidproquo.sensitivity.analysis import Sensitivity
from quidproquo.sensitivity.evaluator import Leverage, SensitivityEvaluator, WhatIf
from quidproquo.sensitivity.half_evidence import half_evidence
from quidproquo.sensitivity.leverage import leverage
from quidproquo.sensitivity.record import ALL, HALF, NONE, Weighting, WeightingSweep
from quidproquo.sensitivity.rerun_evaluator import RerunEvaluator
from quidproquo.sensitivity.what_ifs import assumption_what_ifs
from quidproquo.study.assemble import leverage as assembled
from quidproquo.study.assemble.assumptions import assumptions, parameter_scalings
from quidproquo.study.assemble.leverage import evidence_steps
from quidproquo.study.infer import RunResult
from quidproquo.worlds.model import Model, build_model

WORLDS, ISLANDS = 40_000, 16
REPORT, SPREAD = 2.0, 0.5  # of the first coordinate
ANSWERS = (HypothesisState("cash", "in cash", 0.5), HypothesisState("goods", "in goods", 0.5))
PRIORS = {
    "economy.peak": ("normal", -1.6448536, 1.6448536),
    "economy.dip": ("logitnormal", 0.3, 0.9),
    "economy.recovery": ("loguniform", 0.5, 3.0),
    "economy.partner_share": ("uniform", 0.5, 0.95),
    "economy.output": ("lognormal", 10e9, 40e9),
    "economy.workers": ("fixed", 5e3, 5e3),
}


def posterior(power: float) -> tuple[float, float]:
    precision = 1.0 + power / SPREAD**2
    return power * REPORT / SPREAD**2 / precision, precision**-0.5


def planted_case() -> Case:
    crates = Quantity(
        "crates", "Crates sent", "crates", "stock", "identity", "", observes={"": "world.crates"}
    )
    asked = Hypothesis("paid", "How is it paid?", ANSWERS)
    return dataclasses.replace(
        made_case(priors=PRIORS), quantities={"crates": crates}, hypotheses={"paid": asked}
    )


def worlds(model: Model, power: float) -> tuple[Ensemble, np.ndarray]:
    """Worlds in which the report counts with a power; it is of the first coordinate, which is the quantity."""
    rng = np.random.default_rng(int(10 * power))
    z = rng.normal(size=(WORLDS, len(model.coordinates) + 1))
    mean, deviation = posterior(power)
    z[:, 0] = mean + deviation * z[:, 0]
    level, table = z[:, 0], model.priors
    own = [np.asarray(table.value(i, jnp.asarray(z[:, i]))) for i in range(len(model.parameters))]
    ensemble = Ensemble(
        kind="weighted" if power else "prior",
        parameters=model.parameters,
        draws=np.stack(own, axis=1).astype(np.float64),
        log_weight=np.zeros(WORLDS),
        island=np.arange(WORLDS) * ISLANDS // WORLDS,
        status=np.zeros(WORLDS, dtype=np.int64),
        hypotheses=("paid",),
        states=(z[:, -1:] > 0.0).astype(np.int64),
        items=("report",),
        log_likelihood=-0.5 * ((level[:, None] - REPORT) / SPREAD) ** 2,
        predicted=level[:, None],
        options=("a", "b"),
        metrics=(),
        outcomes=np.zeros((WORLDS, 2, 0)),
        series={"world.crates": level[:, None]},
        series_days=np.array([float(DECISION.toordinal())]),
    )
    return ensemble, z


@pytest.fixture(scope="module")
def planted() -> tuple[Case, RunResult]:
    case = planted_case()
    model = build_model(dataclasses.replace(case, hypotheses={}))
    (weighted, z), (prior, _) = worlds(model, 1.0), worlds(model, 0.0)
    own, before = (
        evaluator(one, np.zeros((WORLDS, 2)), {"crates": one.series["world.crates"][:, 0]})
        for one in (weighted, prior)
    )
    before = SensitivityEvaluator(before.prepared, original=own)

    def run(powers: np.ndarray) -> Rerun:
        half, _ = worlds(model, float(powers[0]))
        estimates = {"crates": half.series["world.crates"][:, 0]}
        return Rerun(
            Reweighter(half, base_powers=powers), np.zeros((WORLDS, 0)), estimates, np.zeros((WORLDS, 2))
        )

    rows = [
        Weighting(name, "evidence", {}, {}, "a", 0.0, margin=margin, mcse=0.01)
        for name, margin in ((NONE, 0.1), (HALF, 0.3), (ALL, 0.4))
    ]
    chosen = Preferred("rule", ("a",), 0.4, 0.01)
    fields = {
        "model": model,
        "weighted": weighted,
        "prior": prior,
        "findings": Findings({}, {}, chosen, (), {}, ()),
        "sensitivity": Sensitivity(
            WeightingSweep(tuple(rows), (0.1, 0.4)),
            (),
            half=half_evidence(own, before, RerunEvaluator(own, Reruns(own.reweighter, run))),
        ),
        "conditioned": PosteriorDraws(
            z.astype(np.float32),
            np.zeros((WORLDS, 0)),
            weighted.island,
            np.ones(ISLANDS),
            np.ones(ISLANDS, int),
            no_proposals(build_blocks(["all"] * z.shape[1], np.ones((z.shape[1], 1), dtype=bool))),
            WORLDS // ISLANDS,
        ),
    }
    weighed = object.__new__(RunResult)
    for field, value in fields.items():
        object.__setattr__(weighed, field, value)
    return case, weighed


def test_steps_are_those_of_the_closed_form(planted):
    found = evidence_steps(*planted)
    steps = found.estimates["crates"]
    assert steps.half is not None
    for quantiles, power in ((steps.none, 0.0), (steps.half, 0.5), (steps.all, 1.0)):
        mean, deviation = posterior(power)
        want = [mean + deviation * place for place in (-1.645, 0.0, 1.645)]
        # the error of a quantile at 5 % is twice that of a mean; four of them
        assert [quantiles.q05, quantiles.q50, quantiles.q95] == pytest.approx(want, abs=0.05)
    mean, deviation = posterior(1.0)
    want_share = 1.0 - deviation**2 / max(1.0, deviation**2 + mean**2)
    assert steps.share == pytest.approx(want_share, abs=0.01)
    assert found.half_reliable
    assert [step.margin for step in found.margin] == [0.1, 0.3, 0.4]
    assert found.share == pytest.approx(0.75)


def test_what_the_report_is_about_is_pulled_apart_and_the_rest_is_prior(planted):
    _, weighed = planted
    scalings = parameter_scalings(weighed)
    assert "economy.workers" not in scalings
    about = scalings.pop(weighed.model.parameters[0])
    mean, deviation = posterior(1.0)
    assert about.decides == "prior and claims disagree"
    assert about.claims_pull == pytest.approx(math.log(2.0) * mean * deviation, abs=0.03)
    assert about.prior_pull == pytest.approx(-about.claims_pull, abs=0.05)
    assert {record.decides for record in scalings.values()} == {"the prior decides"}
    records = assumptions(made_case(priors=PRIORS), weighed, DECISION, parameter_scalings(weighed))
    assert records["economy.workers"].scaling is None
    assert records[weighed.model.parameters[0]].scaling == about


def test_every_prior_and_every_answer_is_supposed(planted):
    case, weighed = planted
    sets = assumption_what_ifs(case, weighed.model, weighed.conditioned.z, weighed.weighted)
    ids = [one.id for one in sets]
    assert ids[-2:] == ["paid=cash", "paid=goods"]
    assert len(ids) == 2 * (len(weighed.model.parameters) - 1) + 2
    assert sets[-1].title == "How is it paid? in goods, for certain"
    assert sets[0].title.endswith("(economy), prior moved to its 5% point")
    level = weighed.weighted.series["world.crates"][:, 0]
    values = np.stack([level, np.full(WORLDS, 1.0)], axis=1)
    low = leverage(evaluator(weighed.weighted, values, {"crates": level}), sets[:1])[0]
    assert low.shift["crates"] == pytest.approx(-1.645 * posterior(1.0)[1], abs=0.03)


def test_without_claims_nothing_is_due_to_them(planted):
    case, weighed = planted
    alone = object.__new__(RunResult)
    for field in dataclasses.fields(RunResult):
        object.__setattr__(alone, field.name, getattr(weighed, field.name, None))
    object.__setattr__(alone, "conditioned", None)
    assert evidence_steps(case, alone).estimates == {}
    assert parameter_scalings(alone) == {}


def supposed(ident: str, kind: str = "prior", **changes: object) -> Leverage:
    plain = {"shift": {}, "margin_shift": -0.1, "margin_mcse": 0.01, "worth": {}, "best_share": {}}
    rest = {"preferred": "a", "pareto_k": 0.1, "ess": 900.0, "reliable": True}
    return Leverage(kind=kind, id=ident, title=ident.title(), **(plain | rest | changes))  # type: ignore[arg-type]


def test_shifts_are_kept_where_they_are_more_than_noise():
    shift = {"clear": 0.5, "small": 0.05, "noisy": -0.5}
    errors = {"clear": 0.1, "small": 0.001, "noisy": 0.2}
    moved = [
        supposed(kind, kind, shift=shift, shift_mcse=errors, worth={"noisy": 0.9, "clear": 0.4})
        for kind in ("claim", "prior", "structure")
    ]
    weighed = object.__new__(RunResult)
    sweep = WeightingSweep((), (0.0, 0.0))
    object.__setattr__(weighed, "sensitivity", Sensitivity(sweep, tuple(moved)))
    object.__setattr__(weighed, "weighted", SimpleNamespace(island=np.arange(32)))
    claim, prior, structure = assembled.leverage(weighed, [])
    # half a deviation of which the error is a fifth is noise, whatever it is that is left out
    assert claim.shift == {"clear": 0.5, "small": 0.05}
    assert claim.worth == {"clear": 0.4}
    assert prior.shift == structure.shift == {"clear": 0.5}
    assert prior.worth == {}


def assembled_of(*moved: Leverage) -> list[LeverageRecord]:
    weighed = object.__new__(RunResult)
    object.__setattr__(weighed, "sensitivity", Sensitivity(WeightingSweep((), (0.0, 0.0)), moved))
    object.__setattr__(weighed, "weighted", SimpleNamespace(island=np.arange(32)))
    return assembled.leverage(weighed, [])


def test_rounding_is_no_shift_however_small_its_error():
    shift = {"rounding": -1.5e-15, "exact": 0.3, "unknown": 0.3, "moved": 0.02}
    (claim,) = assembled_of(
        supposed("radio", "claim", shift=shift, shift_mcse={"rounding": 1e-17, "exact": 0.0, "moved": 0.001})
    )
    assert claim.shift == {"moved": 0.02}


def test_an_origin_is_decided_where_its_weighting_is():
    """A weighting isn't decided where it can't say whether another option ties; nor is its origin left out."""
    found = assembled_of(*(supposed("radio", kind, ties_decided=False) for kind in ("origin", "claim")))
    assert [row.decided for row in found] == [False, True]


def test_of_very_many_shifts_none_is_kept_by_chance():
    """300 priors by 60 estimates of nothing but error: beyond 4 errors lie some, by Student's t."""
    rng = np.random.default_rng(3)
    names = [f"estimate {n}" for n in range(60)]
    noise = 0.2 * rng.standard_t(31, size=(300, 60))
    moved = [
        supposed(f"prior {n}", shift=dict(zip(names, row, strict=True)), shift_mcse=dict.fromkeys(names, 0.2))
        for n, row in enumerate(noise)
    ]
    assert (np.abs(noise) > 4.0 * 0.2).any()
    weighed = object.__new__(RunResult)
    object.__setattr__(weighed, "sensitivity", Sensitivity(WeightingSweep((), (0.0, 0.0)), tuple(moved)))
    object.__setattr__(weighed, "weighted", SimpleNamespace(island=np.arange(32)))
    assert sum(len(row.shift) for row in assembled.leverage(weighed, [])) == 0


def test_a_set_of_items_and_an_assumption_stand_side_by_side(planted):
    _, weighed = planted
    level = weighed.weighted.series["world.crates"][:, 0]
    own = evaluator(weighed.weighted, np.stack([level, np.full(WORLDS, 1.0)], axis=1), {"crates": level})
    taken = WhatIf("claim", "report", "Report", ("report",))
    sets = [taken, *assumption_what_ifs(planted[0], weighed.model, weighed.conditioned.z, weighed.weighted)]
    found = leverage(own, sets)
    assert [entry.kind for entry in found[:2]] == ["claim", "prior"]
    assert found[0] == leverage(own, [taken])[0]

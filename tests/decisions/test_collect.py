"""Which reports would be worth having, in planted worlds where that is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy import special, stats
from tests.decisions.builders import case as plain_case
from tests.decisions.builders import ensemble, metric
from tests.decisions.linear_normal import islands, loss
from tests.worlds.small import Row, evidence_table

from quidproquo.cases.record import Case, Proposition, Quantity
from quidproquo.claims.table import EvidenceTable
from quidproquo.decisions.collect import InformationFindings, report_outcomes, value_of_information
from quidproquo.decisions.means import Mean
from quidproquo.decisions.value import valued_worlds
from quidproquo.evidence.observation import tables
from quidproquo.evidence.observation.layout import independent_likelihood
from quidproquo.evidence.weights.record import Ensemble

WORLDS = 8192
DAY = date(2020, 1, 1)
SD = 0.3  # of the log of crates


def quantity(ident: str, **fields: object) -> Quantity:
    base = {"title": f"Number of {ident}", "unit": "crates", "kind": "stock", "scale": "log", "meaning": ""}
    observes = {"": f"world.{ident}"}
    return Quantity(**({"id": ident, "observes": observes, "low": 1.0, "high": 1e4} | base | fields))


def row(ident: str, grade: str = "B2", **fields: object) -> Row:
    base = {
        "observable": f"world.{ident}",
        "quantity": ident,
        "value": 100.0,
        "grade": grade,
        "range": (1.0, 1e4),
    }
    return Row(**(base | fields))


def planted(weights: np.ndarray | None = None) -> tuple[Case, Ensemble, np.ndarray]:
    """Crates decide between two options, barrels and what is asserted of them don't; an effect of one does."""
    rng = np.random.default_rng(1)
    crates, barrels = (np.exp(np.log(100.0) + SD * rng.normal(size=WORLDS)) for _ in range(2))
    effect, other = rng.normal(size=(2, WORLDS))
    gain = 0.5 + 0.1 * np.log(crates / 100.0) / SD + 0.05 * effect - 0.05
    outcomes = np.stack([np.full(WORLDS, 0.5), gain], axis=1)[:, :, None]
    names = ("crates", "barrels", "sheds")
    own = replace(
        plain_case(),
        quantities={name: quantity(name) for name in names},
        propositions={"many": Proposition("many", "There are many barrels.", "event:many", "world.barrels")},
    )
    found = ensemble(
        outcomes,
        island=islands(WORLDS),
        log_weight=np.zeros(WORLDS) if weights is None else np.log(weights),
        parameters=("effect", "other"),
        draws=np.stack([effect, other], axis=1),
        items=("c0", "c1", "c2", "c3"),
        predicted=np.stack([crates, crates, barrels, (barrels > 100.0).astype(float)], axis=1),
        series={
            "world.crates": crates[:, None],
            "world.barrels": barrels[:, None],
            "world.sheds": np.full((WORLDS, 1), 3.0),
        },
        series_days=np.array([float(DAY.toordinal())]),
    )
    return own, found, np.log(crates / 100.0) / SD


def claims() -> EvidenceTable:
    chance = (0.9, 0.9)
    said = Row(observable="world.barrels", quantity="many", comparison="proposition_true", scale="identity")
    return evidence_table(
        row("crates", "D3"), row("crates", "B2"), row("barrels"), replace(said, likelihood=chance, grade="B1")
    )


def findings(table: EvidenceTable | None = None) -> tuple[InformationFindings, np.ndarray]:
    own, worlds, scores = planted()
    found = value_of_information(own, claims() if table is None else table, valued_worlds(worlds, own))
    assert found is not None
    return found, scores


def total_sd(grade: str) -> float:
    factor = tables.BIAS_FACTOR[grade]
    bias = tables.BIAS_SD["family"] ** 2 + (factor * tables.BIAS_SD["origin"]) ** 2
    bias += (factor * tables.BIAS_SD["pair"]) ** 2
    return float(np.sqrt(bias + (tables.REPORT_SD["eq"] * tables.SD_FACTOR[grade]) ** 2))


def test_the_report_that_matters_comes_first_and_only_it_differs_from_nothing():
    found, _ = findings()
    assert found.first == "a"
    assert (found.reports[0].kind, found.reports[0].id) == ("quantity", "crates")
    assert {one.id for one in found.reports} == {"crates", "barrels", "many"}
    assert [one.differs for one in found.reports] == [True, False, False]
    for one in found.reports[1:]:
        assert abs(one.report.gain.mean) <= 3.0 * one.report.gain.mcse
    # the same of the inputs of the model
    assert (found.inputs[0].parameter, found.inputs[0].differs) == ("effect", True)
    assert found.together == len(found.inputs)
    both = found.inputs_together.gain
    assert both.mean == pytest.approx(loss(0.05, 0.05), abs=3.0 * both.mcse)


def test_its_worth_is_that_of_the_closed_form():
    found, _ = findings()
    own = found.reports[0]
    # the best claim on it, not the first
    assert (own.like, own.reliability, own.credibility) == ("c1", "B", 2)
    known = loss(0.05, 0.1)
    assert own.known.gain.mean == pytest.approx(known, abs=3.0 * own.known.gain.mcse)
    assert found.everything.gain.mean == pytest.approx(
        loss(0.05, np.hypot(0.1, 0.05)), abs=3.0 * found.everything.gain.mcse
    )
    assert found.reported.gain.mean == pytest.approx(known, abs=3.0 * found.reported.gain.mcse)
    assert own.report.gain.mean == pytest.approx(report_worth(), abs=3.0 * own.report.gain.mcse)
    assert own.report.gain.mcse < 0.1 * report_worth()
    assert own.report.gain.mean < own.known.gain.mean < found.everything.gain.mean


def report_worth() -> float:
    """EVSI of such a report, by the density of the observation model over fine grids of worlds and of reports."""
    likelihood = independent_likelihood(evidence_table(row("crates")))
    reports = likelihood.figure_of(0)
    score = np.linspace(-6.0, 6.0, 601)
    weights = stats.norm.pdf(score) / stats.norm.pdf(score).sum()
    logs = np.linspace(np.log(100.0) - 6.0, np.log(100.0) + 6.0, 1201)
    observed = reports.form.observe_values(np.exp(logs)[:, None])
    density = np.exp(reports.log_density(observed, 100.0 * np.exp(SD * score)[None]))
    assert density.sum(axis=1) @ np.ones(1201) * 0.01 / 601 == pytest.approx(1.0, abs=0.01)
    gain = density @ (weights * (0.1 * score - 0.05))
    return float(np.maximum(gain, 0.0).sum() * (logs[1] - logs[0]))


def test_what_is_reported_turns_the_choice_where_its_mean_does():
    found, _ = findings()
    low, high = found.reports[0].turns
    assert (low.option, high.option) == ("a", "b")
    assert low.low is None
    assert high.high is None
    assert low.high == high.low
    # E[score | report] = 0.5; a right report shrinks by 1/(1 + sd²)
    shrunk = np.exp(SD * 0.5 * (1.0 + (total_sd("B") / SD) ** 2)) * 100.0
    assert high.low == pytest.approx(shrunk, rel=0.1)
    assert low.probability + high.probability == pytest.approx(1.0)
    assert found.reports[0].report.changes.mean == pytest.approx(high.probability, abs=0.02)


def test_a_better_report_is_worth_more():
    worths = []
    for grade in ("E4", "C3", "A1"):
        found, _ = findings(evidence_table(row("crates", grade)))
        (own,) = found.reports
        worths.append(own.report.gain.mean)
    assert worths == sorted(worths)
    assert worths[2] > 1.2 * worths[0]


def test_where_no_claim_is_on_file_there_is_no_kind_of_report():
    found, _ = findings(claims().select([]))
    assert found.reports == ()
    assert found.reported.gain == Mean(0.0, 0.0)
    assert found.everything.gain.mean > 0.0


def test_a_capacity_is_no_report_of_the_quantity():
    table = claims()
    found, _ = findings(replace(table, qualifier=("capacity", "capacity", "", "")))
    assert {one.id for one in found.reports} == {"barrels", "many"}


def test_without_a_choice_nothing_is_said():
    own, worlds, _ = planted()
    lone = replace(worlds, options=("a",), outcomes=worlds.outcomes[:, :1])
    assert value_of_information(own, claims(), valued_worlds(lone, own)) is None
    unweighed = replace(own, metrics={"gain": metric("gain", weight=0.0)})
    assert value_of_information(unweighed, claims(), valued_worlds(worlds, unweighed)) is None


@pytest.mark.parametrize(
    ("own", "truth"),
    [
        (row("crates"), np.array([0.0, 3.0, 100.0, 1e5])),
        (row("crates", comparison="at_least"), np.array([0.0, 3.0, 100.0, 1e5])),
        (row("crates", comparison="between", low=50.0, high=150.0, value=np.nan), np.array([5.0, 100.0])),
        (row("crates", scale="count", range=(0.0, 40.0)), np.array([0.0, 1.0, 7.0, 30.0])),
        (
            row("crates", scale="count", range=(0.0, 40.0), comparison="at_most", value=4.0),
            np.array([0.5, 9.0]),
        ),
        (row("crates", scale="logit", range=(0.0, 1.0), value=0.4), np.array([0.0, 0.2, 0.9, 1.0])),
        (row("crates", scale="identity", range=(-1.0, 1.0), value=0.1), np.array([-1.0, 0.3])),
    ],
)
def test_outcomes_are_as_probable_as_reports_are_drawn(own, truth):
    likelihood = independent_likelihood(evidence_table(own))
    ends, chances = report_outcomes(likelihood, 0, truth)
    np.testing.assert_allclose(chances.sum(axis=0), 1.0)
    assert (chances >= 0.0).all()
    reports, rng = likelihood.figure_of(0), np.random.default_rng(2)
    draws = 4000
    drawn = reports.draw(rng, np.tile(truth, draws)[None]).reshape(draws, -1)
    scale = reports.form.scale
    # on the scale but for counts, whose ends are whole; shares nearer to none or all than the scale tells apart
    on_scale = {"count": np.asarray, "logit": special.logit}.get(scale.name, scale.to)
    places = np.asarray(on_scale(ends))
    below = (drawn[:, None, :] <= places[None, :, None] + 1e-9).mean(axis=0)
    want = np.cumsum(chances, axis=0)[:-1]
    assert np.abs(below - want).max() < 4.0 * 0.5 / np.sqrt(draws)


def test_an_assertion_is_denied_or_made():
    said = Row(comparison="proposition_true", scale="identity", likelihood=(0.9, 0.9), grade="B1")
    likelihood = independent_likelihood(evidence_table(said))
    _, chances = report_outcomes(likelihood, 0, np.array([0.0, 0.5, 1.0]))
    trust = tables.TRUST_BY_RELIABILITY["B"] * tables.TRUST_BY_CREDIBILITY[1]
    made = trust * np.array([0.1, 0.5, 0.9]) + 0.5 * (1.0 - trust)
    np.testing.assert_allclose(chances, [1.0 - made, made])

"""A planted ensemble, searched and put into a brief: the box and the signpost that it holds, and none in noise."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from markupsafe import Markup
from scipy import special
from tests.brief.factory import make_brief
from tests.decisions.builders import metric
from tests.sensitivity.builders import evaluator
from tests.worlds.small import DECISION, HORIZON, made_case

from quidproquo.brief import render_html
from quidproquo.brief.sentences.scenarios import adaptive_sentences, discovery_sentences, warning_sentences
from quidproquo.cases.record import Case, Hypothesis, HypothesisState, Option, Quantity
from quidproquo.decisions.adaptive import adaptive_finding
from quidproquo.decisions.scenarios import scenarios, switch_of
from quidproquo.decisions.value import ValuedWorlds, valued_worlds
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.sensitivity.leverage import leverage
from quidproquo.sensitivity.priors import prior_what_ifs
from quidproquo.study.assemble.scenarios import discoveries, signposts
from quidproquo.study.infer import RunResult
from quidproquo.study.schema.brief import Brief
from quidproquo.worlds.adaptive import SwitchRun
from quidproquo.worlds.model import build_model

WORLDS, ISLANDS = 20_000, 16
A, B = "all_together", "coalition"
DAYS = np.array(
    [(DECISION.toordinal()), *range(DECISION.toordinal() + 31, HORIZON.toordinal(), 30), HORIZON.toordinal()]
)
ANSWERS = (HypothesisState("cash", "in cash", 0.5), HypothesisState("goods", "in goods", 0.5))
LOSES = (
    "another option is worth more than “All measures together” by over 0.01 of value (δ, the least difference "
    "that counts)"
)


def plain(lines: list[Markup]) -> str:
    return " ".join(line.striptags() for line in lines).replace("\u00a0", " ")


def planted_case() -> Case:
    plain = made_case(metrics=(metric("gain", threshold=0.3),))
    options = {name: Option(name, name, "", {}, DECISION, 12, {}, name == A) for name in (A, B)}
    crates = Quantity(
        "crates", "Crates sent", "crates", "stock", "identity", "", observes={"": "world.crates"}
    )
    paid = Hypothesis("paid", "How is it paid?", ANSWERS)
    return dataclasses.replace(
        plain, options=options, quantities={"crates": crates}, hypotheses={"paid": paid}, delta=0.01
    )


def planted_worlds(case: Case, lost: str, seen: bool) -> ValuedWorlds:
    """Option A is worth 0.6 and B 0.5, but A loses in the box, or at random; crates rise where it will."""
    rng = np.random.default_rng(3)
    draws, states = rng.random((WORLDS, 6)), rng.integers(0, 2, (WORLDS, 1))
    loses = (draws[:, 1] > 0.6) & (draws[:, 4] < 0.3) if lost == "box" else rng.random(WORLDS) < 0.12
    crates = rng.normal(size=(WORLDS, DAYS.size))
    crates[:, 4:] += 4.0 * loses[:, None] * seen
    ensemble = Ensemble(
        kind="weighted",
        parameters=build_model(dataclasses.replace(case, hypotheses={})).parameters,
        draws=draws,
        log_weight=np.zeros(WORLDS),
        island=np.arange(WORLDS) * ISLANDS // WORLDS,
        status=np.zeros(WORLDS, dtype=np.int64),
        hypotheses=("paid",),
        states=states,
        items=(),
        log_likelihood=np.zeros((WORLDS, 0)),
        predicted=np.zeros((WORLDS, 0)),
        options=(A, B),
        metrics=("gain",),
        outcomes=np.stack([np.where(loses, 0.2, 0.6), np.full(WORLDS, 0.5)], axis=1)[:, :, None],
        series={"world.crates": crates},
        series_days=DAYS.astype(float),
    )
    return valued_worlds(ensemble, case)


def briefed(lost: str, seen: bool) -> Brief:
    """The brief of planted worlds; a switch is run as it would be if both options left crates as they are."""
    case = planted_case()
    worlds = planted_worlds(case, lost, seen)
    found = scenarios(case, worlds, A, {"crates"})
    assert found.watch is not None
    switch = switch_of(case, worlds, A, found.watch)
    if switch is not None:
        assert (switch.first, switch.then) == (A, B)
        seen_at = worlds.ensemble.series["world.crates"][:, 1 + switch.month]
        warned = (seen_at > switch.threshold) == switch.above
        outcomes = np.where(warned, worlds.ensemble.outcomes[:, 1, 0], worlds.ensemble.outcomes[:, 0, 0])
        run = SwitchRun(outcomes[:, None], warned.astype(float), np.zeros(WORLDS, dtype=int))
        adaptive = adaptive_finding(worlds, switch, run)
        found = dataclasses.replace(found, watch=dataclasses.replace(found.watch, adaptive=adaptive))
    run = object.__new__(RunResult)
    for field, value in {
        "model": build_model(dataclasses.replace(case, hypotheses={})),
        "scenarios": found,
    }.items():
        object.__setattr__(run, field, value)
    return make_brief(claims=12, documents=4, estimates=3).model_copy(
        update={"discovery": discoveries(case, run), "signposts": signposts(case, run)}
    )


@pytest.fixture(scope="module")
def box() -> Brief:
    return briefed("box", seen=True)


@pytest.fixture(scope="module")
def noise() -> Brief:
    return briefed("noise", seen=False)


def test_the_box_where_the_leading_option_loses_stands_in_the_brief(box):
    assert box.discovery.option == A
    (one,) = box.discovery.loses.boxes
    ends = {r.id: (r.low, r.high) for r in one.restrictions}
    assert set(ends) == {"economy.dip", "economy.output"}
    assert ends["economy.dip"][0] == pytest.approx(0.6, abs=0.03)
    assert ends["economy.output"][1] == pytest.approx(0.3, abs=0.03)
    assert one.density.mean > 0.95
    # in the box A is worth 0.2 and B 0.5
    assert (one.best, one.lead.mean) == (B, pytest.approx(0.3, abs=0.02))
    assert "“Act with a regional coalition” has the best mean value, " in plain(
        discovery_sentences(box, "loses")
    )
    lines = discovery_sentences(box, "loses")
    text = plain(lines)
    assert text.startswith(f"In 12% of the worlds {LOSES}.")
    for end in (r"above 0\.(59|6|61)\b", r"below 0\.(29|3|31)\b"):
        assert re.search(f"“[^”]+” {end}", text)
    assert "against 12% in all worlds together. They hold 100% of all worlds in which that is so." in text
    page = render_html(box)
    assert all(line in page for line in lines)


def test_the_two_parameters_of_the_box_have_the_leverage_and_no_other_has():
    """A leads B by 0.1 but for 0.4 less in the box; a prior that is moved changes how often worlds lie there."""
    worlds = planted_worlds(planted_case(), "box", seen=True)
    names = worlds.ensemble.parameters
    z = special.ndtri(worlds.ensemble.draws)
    what_ifs = prior_what_ifs(names, dict(zip(names, names, strict=True)), z, np.ones(len(names)))
    judge = evaluator(worlds.ensemble, worlds.values, options=(A, B))
    found = leverage(judge, what_ifs)
    shifts = {}
    for one in found:
        name = one.id.partition("=")[0]
        shifts[name] = max(shifts.get(name, 0.0), abs(one.margin_shift))
    assert set(sorted(shifts, key=shifts.get)[-2:]) == {"economy.dip", "economy.output"}
    others = [shift for name, shift in shifts.items() if name not in {"economy.dip", "economy.output"}]
    assert max(others) < 0.3 * min(shifts["economy.dip"], shifts["economy.output"])


def test_where_some_option_is_always_acceptable_that_is_said(box):
    assert discovery_sentences(box, "acceptance") == ["In every world some option meets every threshold."]


def test_of_acceptable_and_unacceptable_worlds_the_rarer_are_looked_for():
    case = planted_case()
    worlds = planted_worlds(case, "box", seen=True)
    # A is acceptable outside the box, where it gains 0.6, and B nowhere
    hard = dataclasses.replace(worlds, meets=worlds.ensemble.outcomes[:, :, 0] > 0.55)
    found = scenarios(case, hard, A, {"crates"})
    assert found.rare == "unmet"
    assert found.acceptance.share.mean == pytest.approx(0.12, abs=0.01)
    turned = dataclasses.replace(worlds, meets=worlds.ensemble.outcomes[:, :, 0] < 0.45)
    found = scenarios(case, turned, A, {"crates"})
    assert found.rare == "met"
    assert found.acceptance.share.mean == pytest.approx(0.12, abs=0.01)
    (one,) = found.acceptance.boxes
    assert {r.column for r in one.restrictions} == {"parameter:economy.dip", "parameter:economy.output"}


def test_what_rises_where_it_loses_is_the_signpost_and_its_switch_adds(box):
    (sign,) = box.signposts.signposts
    assert (sign.id, sign.side) == ("crates", "above")
    assert sign.threshold == pytest.approx(2.0, abs=0.3)
    assert sign.separation.mean == pytest.approx(0.95, abs=0.03)
    # the first date of those watched on which crates have risen
    assert sign.date == "2023-06-30"
    one = box.signposts.adaptive
    assert one.adds
    # it avoids a loss of 0.3 in almost all of the losing 12%, and gives up 0.1 in a few of the others
    assert one.leads[A].mean == pytest.approx(0.3 * 0.12, abs=0.004)
    assert "above that of “All measures together”" in plain(adaptive_sentences(box))
    assert "Watch “Crates sent”: above 2" in plain(warning_sentences(box))


def test_noise_gives_no_box_no_signpost_and_no_switch(noise):
    assert noise.discovery.loses.boxes == []
    assert noise.discovery.loses.leaves == []
    text = plain(discovery_sentences(noise, "loses"))
    assert text.startswith(f"In 12% of the worlds {LOSES}.")
    assert (
        "assumptions, hypotheses and quantities that were looked at tells these worlds from the others"
        in text
    )
    assert noise.signposts.signposts == []
    assert noise.signposts.adaptive is None
    assert "The one quantity that has been reported on would not warn of it" in plain(
        warning_sentences(noise)
    )
    assert adaptive_sentences(noise) == []


def test_only_what_there_have_been_reports_on_is_watched():
    case = planted_case()
    worlds = planted_worlds(case, "box", seen=True)
    assert scenarios(case, worlds, A, set()).watch is None


def test_what_never_loses_is_said_to():
    case = planted_case()
    worlds = planted_worlds(case, "box", seen=True)
    found = scenarios(case, worlds, B, {"crates"})
    assert 0.0 < found.loses.share.mean < 1.0
    easy = dataclasses.replace(worlds, delta=1.0)
    found = scenarios(case, easy, A, {"crates"})
    assert found.loses.ending == "holds in no world"
    assert found.watch.found.why_none == "never loses"

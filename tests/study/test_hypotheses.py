"""Claims against answers: planted worlds give back the likelihood ratios that were put into them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest

from quidproquo.cases.record import Hypothesis, HypothesisState
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.sensitivity.answers import AnswerShares
from quidproquo.study.assemble.hypotheses import DIAGNOSTIC, Answers, hypothesis_records
from quidproquo.study.schema.assumptions import HypothesisRecord

WORLDS, ISLANDS = 32_768, 16
PRIOR = (0.5, 0.3, 0.2)
RATIO = 3.0  # how much more probable the first claim is under the first answer than under the others
ITEMS = ("telling", "repeated", "noise", "level")


def planted(
    *,
    told: bool = True,
    noise_sd: float = 0.3,
    rerun: Mapping[str, Mapping[str, AnswerShares]] | None = None,
    ratio: float = RATIO,
) -> HypothesisRecord:
    """Worlds of the posterior, given a claim that speaks for the first answer and others that don't tell."""
    rng = np.random.default_rng(1)
    likelihood = np.array([ratio if told else 1.0, 1.0, 1.0])
    posterior = np.array(PRIOR) * likelihood / (np.array(PRIOR) @ likelihood)

    def ensemble(kind: str, chances: np.ndarray) -> Ensemble:
        states = rng.choice(3, WORLDS, p=chances)
        noise = rng.normal(0.0, noise_sd, WORLDS)
        columns = [np.log(likelihood)[states], np.zeros(WORLDS), noise, np.full(WORLDS, -7.0)]
        empty = np.zeros((WORLDS, len(ITEMS)))
        return Ensemble(
            kind=kind,
            parameters=(),
            draws=np.zeros((WORLDS, 0)),
            log_weight=np.zeros(WORLDS),
            island=np.arange(WORLDS) * ISLANDS // WORLDS,
            status=np.zeros(WORLDS, dtype=np.int64),
            hypotheses=("paid",),
            states=states[:, None],
            items=ITEMS,
            log_likelihood=np.stack(columns, axis=1),
            predicted=empty,
            options=(),
            metrics=(),
            outcomes=np.zeros((WORLDS, 0, 0)),
        )

    states = tuple(HypothesisState(name, name, prior) for name, prior in zip("abc", PRIOR, strict=True))
    weighted, prior = ensemble("weighted", posterior), ensemble("prior", np.array(PRIOR))
    answers = Answers(weighted, prior, ("bureau", "service", "service", "press"))
    asked = (Hypothesis("paid", "What is paid?", states),)
    return hypothesis_records(asked, weighted, answers, rerun or {})["paid"]


@pytest.fixture(scope="module")
def found() -> HypothesisRecord:
    return planted()


def test_the_planted_likelihood_ratio_is_found(found: HypothesisRecord) -> None:
    claim = next(one for one in found.claims if one.id == "telling")
    others = {"b": PRIOR[1], "c": PRIOR[2]}
    expected = {"a": math.log(RATIO)}
    for name, prior in others.items():
        rest = (PRIOR[0] * RATIO + sum(p for n, p in others.items() if n != name)) / (1.0 - prior)
        expected[name] = -math.log(rest)
    for name, value in expected.items():
        assert claim.log_ratio[name] == pytest.approx(value, abs=4.0 * claim.mcse[name] + 0.01)
    assert claim.diagnostic
    assert claim.reliable


@pytest.mark.parametrize("name", ["repeated", "noise", "level"])
def test_what_is_as_probable_under_every_answer_is_not_diagnostic(found: HypothesisRecord, name: str) -> None:
    claim = next(one for one in found.claims if one.id == name)
    assert not claim.diagnostic
    assert all(abs(ratio) < math.log(DIAGNOSTIC) for ratio in claim.log_ratio.values())


def test_the_most_telling_claim_comes_first(found: HypothesisRecord) -> None:
    assert next(claim.id for claim in found.claims) == "telling"


def test_where_no_claim_tells_none_is_diagnostic() -> None:
    assert not any(claim.diagnostic for claim in planted(told=False).claims)


def test_answers_without_an_origin_are_those_of_the_remaining_claims(found: HypothesisRecord) -> None:
    rows = {row.id: row for row in found.weightings}
    assert list(rows)[:3] == ["evidence:1", "evidence:0.5", "evidence:0"]
    assert set(rows) - {"evidence:1", "evidence:0.5", "evidence:0"} == {
        "origin:bureau", "origin:press", "origin:service",
    }  # fmt: skip
    whole = PRIOR[0] * RATIO / (PRIOR[0] * RATIO + 1.0 - PRIOR[0])
    half = PRIOR[0] * RATIO**0.5 / (PRIOR[0] * RATIO**0.5 + 1.0 - PRIOR[0])
    for name, value in {
        "evidence:1": whole,
        "evidence:0.5": half,
        "evidence:0": PRIOR[0],
        "origin:bureau": PRIOR[0],
        "origin:service": whole,
        "origin:press": whole,
    }.items():
        assert rows[name].reliable, name
        assert rows[name].probability["a"] == pytest.approx(value, abs=4.0 * rows[name].mcse["a"] + 0.005), (
            name
        )


def test_answers_that_weights_cannot_follow_come_from_worlds_conditioned_anew() -> None:
    """Of a claim that decides much, few worlds are left to say what holds without it."""
    shares = AnswerShares(np.array([0.45, 0.35, 0.2]), np.full(3, 0.01))
    rerun = {f"origin:{name}": {"paid": shares} for name in ("service", "press")}
    rows = {row.id: row for row in planted(noise_sd=9.0, rerun=rerun).weightings}
    assert rows["origin:service"].reliable
    assert rows["origin:service"].rerun
    assert rows["origin:service"].probability == {"a": 0.45, "b": 0.35, "c": 0.2}
    assert rows["origin:press"].reliable
    assert not rows["origin:press"].rerun  # weights can be trusted there
    assert rows["origin:press"].probability["a"] > 0.6
    alone = {row.id: row for row in planted(noise_sd=9.0).weightings}
    assert not alone["origin:service"].reliable


def test_an_answer_that_no_world_has_leaves_nothing_to_judge_it_by_but_worlds_conditioned_anew() -> None:
    """One claim makes the first answer certain: all worlds have it, so dropping that claim changes no weight."""
    shares = AnswerShares(np.array([0.5, 0.3, 0.2]), np.full(3, 0.01))
    record = planted(ratio=1e12, rerun={"origin:bureau": {"paid": shares}})
    rows = {row.id: row for row in record.weightings}
    assert rows["evidence:1"].probability["a"] == pytest.approx(1.0)
    assert rows["evidence:1"].reliable
    assert not rows["origin:press"].reliable
    assert not rows["origin:service"].reliable
    assert rows["origin:bureau"].rerun
    assert rows["origin:bureau"].probability == {"a": 0.5, "b": 0.3, "c": 0.2}
    assert not any(claim.diagnostic or claim.reliable for claim in record.claims)

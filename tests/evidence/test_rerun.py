"""Re-runs where weights won't do, in a linear model whose every posterior is known: which one answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.evidence.linear import Linear, values

from quidproquo.evidence.checks.misfit import misfit
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.rerun import Rerun, Reruns
from quidproquo.evidence.weights.reweight import Change, Reweighter
from quidproquo.terms.errors import EvidenceError

ITEMS = ("a", "b", "sharp", "c")
# the third decides alone: without it weights collapse
MODEL = Linear(np.array([0.1, -0.1, 3.0, 0.2]), np.array([0.5, 0.8, 0.08, 2.0]), ITEMS)
WORLDS = MODEL.worlds


@pytest.fixture
def base() -> Reweighter:
    return Reweighter(MODEL.ensemble(np.ones(4), 1))


def test_what_was_run_for_one_what_if_serves_another_that_is_close(base):
    seen: list[np.ndarray] = []
    reruns = Reruns(base, MODEL.rerun_with(seen))
    first = reruns.closest(Change(drop=("sharp", "c")))
    second = reruns.closest(Change(drop=("sharp",)))
    assert first is not None
    assert second is not None
    assert reruns.count == len(seen) == 1
    assert second.weights.reliable
    z = second.run.estimates["z"]
    mean, sd = MODEL.closed_form(np.array([1.0, 1.0, 0.0, 1.0]))
    assert np.sum(np.exp(second.weights.log_weight) * z) == pytest.approx(mean, abs=5 * sd / np.sqrt(WORLDS))
    own = reruns.exact(Change(drop=("sharp",)))
    assert own is not None
    assert reruns.count == len(seen) == 2
    np.testing.assert_allclose(np.exp(own.weights.log_weight), 1.0 / WORLDS)


def test_a_change_of_hypothesis_is_never_run_again_without_a_way_to(base):
    reruns = Reruns(base, MODEL.rerun_with([]))
    assert reruns.closest(Change(hypothesis="h", state=0, probability=0.5)) is None
    assert reruns.exact(Change(log_factor=np.zeros(WORLDS))) is None


def test_a_state_of_a_hypothesis_is_run_for_once_and_serves_every_probability_of_it():
    """Given the state z lies about 3, else about 0; of the original's worlds hardly any hold it."""
    linear = replace(MODEL, spreads=np.full(4, 1e6))

    def ensemble(share: float, seed: int) -> Ensemble:
        found = linear.ensemble(np.ones(4), seed)
        state = np.arange(WORLDS) % round(1 / share) == 0
        z = found.draws[:, 0] + 3.0 * state
        return replace(
            found,
            draws=z[:, None],
            hypotheses=("h",),
            states=np.where(state, 0, 1)[:, None],
            outcomes=z[:, None, None],
        )

    seen: list[tuple[str, int]] = []

    def run_state(hypothesis: str, state: int) -> Rerun:
        seen.append((hypothesis, state))
        found = ensemble(0.5, 7)
        z = found.draws[:, 0]
        return Rerun(Reweighter(found), np.zeros((WORLDS, 0)), {"z": z}, values(z))

    base = Reweighter(ensemble(0.001, 1))
    reruns = Reruns(base, linear.rerun_with([]), run_state=run_state)
    assert not base.reweight(Change(hypothesis="h", state=0, probability=0.9)).reliable
    for probability in (0.9, 1.0, 0.1):
        answer = reruns.closest(Change(hypothesis="h", state=0, probability=probability))
        assert answer is not None
        assert answer.weights.reliable
        mean = np.sum(np.exp(answer.weights.log_weight) * answer.run.estimates["z"])
        assert mean == pytest.approx(3.0 * probability, abs=5 / np.sqrt(WORLDS / 2))
    assert seen == [("h", 0)]
    # what is left out is another question, and so are both at once
    assert reruns.known(Change(drop=("sharp",))) is None
    assert reruns.exact(Change(drop=("sharp",), hypothesis="h", state=0, probability=0.5)) is None


def test_worlds_run_for_another_answer_that_have_lost_this_one_are_not_asked_about_it():
    """Of three answers, a run for the first may hold no world of the second: it says nothing of that one."""
    linear = replace(MODEL, spreads=np.full(4, 1e6))
    seen: list[int] = []

    def ensemble(counts: int, seed: int, answers: list[int]) -> Ensemble:
        found = linear.ensemble(np.ones(4), seed)
        state = np.array(answers)[np.arange(WORLDS) % counts % len(answers)]
        return replace(found, hypotheses=("h",), states=state[:, None])

    def run_state(hypothesis: str, state: int) -> Rerun:
        seen.append(state)
        found = ensemble(2, 5, [0, 2] if state != 1 else [1, 2])
        z = found.draws[:, 0]
        return Rerun(Reweighter(found), np.zeros((WORLDS, 0)), {"z": z}, values(z))

    reruns = Reruns(Reweighter(ensemble(3, 1, [0, 1, 2])), linear.rerun_with([]), run_state=run_state)
    assert reruns.exact(Change(hypothesis="h", state=0, probability=1.0)) is not None
    second = Change(hypothesis="h", state=1, probability=1.0)
    assert reruns.known(second) is None
    answer = reruns.closest(second)
    assert answer is not None
    assert seen == [0, 1]
    inside = answer.run.reweighter.ensemble.states[:, 0] == 1
    assert np.exp(answer.weights.log_weight)[inside].sum() == pytest.approx(1.0)


def test_a_run_for_an_answer_that_no_world_holds_any_more_is_no_answer():
    found = replace(MODEL.ensemble(np.ones(4), 1), hypotheses=("h",), states=np.arange(WORLDS)[:, None] % 2)
    lost = replace(found, states=np.zeros((WORLDS, 1), dtype=int))
    z = found.draws[:, 0]
    rerun = Rerun(Reweighter(lost), np.zeros((WORLDS, 0)), {"z": z}, values(z))
    reruns = Reruns(Reweighter(found), MODEL.rerun_with([]), run_state=lambda *_: rerun)
    assert reruns.closest(Change(hypothesis="h", state=1, probability=0.9)) is None


def test_misfit_takes_the_worlds_that_were_run_without_the_origin(base):
    z = base.ensemble.draws[:, 0]
    origin = ("x", "y", "z", "w")

    def below(z: np.ndarray) -> np.ndarray:
        return np.stack(
            [stats.norm.cdf((y - z) / s) for y, s in zip(MODEL.reports, MODEL.spreads, strict=True)], axis=1
        )

    wrong = np.zeros((WORLDS, 4))
    alone = misfit(base, origin, below(z), wrong)
    assert [one.reliable for one in alone.claims] == [True, True, False, True]
    reruns = Reruns(base, MODEL.rerun_with([]))
    found = misfit(base, origin, below(z), wrong, reruns.closest, lambda run: below(run.estimates["z"]))
    assert found.unjudged == 0
    sharp = found.claims[2]
    assert sharp.rerun
    mean, sd = MODEL.closed_form(np.array([1.0, 1.0, 0.0, 1.0]))
    want = stats.norm.cdf((MODEL.reports[2] - mean) / np.hypot(sd, MODEL.spreads[2]))
    assert sharp.below == pytest.approx(want, abs=0.01)
    assert "far above" in sharp.verdict


def test_a_run_that_does_not_get_there_gives_no_answer(base):
    def fails(powers: np.ndarray) -> Rerun:
        raise EvidenceError("no way")

    reruns = Reruns(base, fails)
    assert reruns.exact(Change(drop=("sharp",))) is None
    assert reruns.closest(Change(drop=("sharp",))) is None
    assert reruns.has_exact(Change(drop=("sharp",)))


def test_no_more_are_run_than_allowed_and_some_are_kept_in_reserve(base):
    seen: list[np.ndarray] = []
    reruns = Reruns(base, MODEL.rerun_with(seen), most=3)
    changes = [Change(drop=(item,)) for item in ITEMS]
    reruns.prefetch([changes[0], changes[0], changes[1]], reserve=1)
    assert (reruns.count, reruns.remaining) == (2, 1)
    assert reruns.exact(changes[2], reserve=1) is None
    assert reruns.exact(changes[2]) is not None
    assert reruns.exact(changes[3]) is None
    assert reruns.exact(changes[0]) is not None
    assert len(seen) == reruns.count == 3


def test_what_is_run_side_by_side_is_what_is_run_one_by_one(base):
    changes = [Change(drop=(item,)) for item in ITEMS]
    one, other = (Reruns(base, MODEL.rerun_with([])) for _ in range(2))
    one.prefetch(changes)
    for change in reversed(changes):
        alone, together = other.exact(change), one.exact(change)
        assert alone is not None
        assert together is not None
        np.testing.assert_array_equal(alone.run.values, together.run.values)

"""What-ifs of one small run, against what re-weighting by hand gives."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from tests.study.what_if.conftest import WORLDS

from quidproquo.evidence.weights.estimators import weighted_mean
from quidproquo.study import BriefRequest, WhatIfAnswer, WhatIfRequest, answer_what_if, read_run
from quidproquo.study.run_file import read_worlds
from quidproquo.study.what_if.basis import read_basis
from quidproquo.study.what_if.question import as_change, read_question
from quidproquo.terms.errors import InputError

pytestmark = pytest.mark.slow
ORIGIN = "origin:Port authority"


def ask(case: Path, **asked: object) -> WhatIfAnswer:
    return answer_what_if(WhatIfRequest(BriefRequest(str(case), worlds=WORLDS), **asked))  # type: ignore[arg-type]


def test_an_origin_left_out_is_the_run_without_its_likelihood(run: Path) -> None:
    found = ask(run, without=(ORIGIN,))
    worlds = read_worlds(run / "run.nc").sets["weighted"]
    ensemble = worlds.ensemble
    gone = [ensemble.items.index(name) for name in ("F1", "F2")]
    ratio = ensemble.log_weight - ensemble.log_likelihood[:, gone].astype(np.float64).sum(axis=1)

    assert found.claims == ["F1", "F2"]
    assert found.method == "weights"
    assert found.pareto_k is not None
    for name, record in found.estimates.items():
        values = worlds.estimates[name].astype(np.float64)
        assert record.before.mean == pytest.approx(values.mean(), rel=1e-6)
        # smoothing of the largest weights moves a mean by less than its error
        by_hand = float(weighted_mean(values, ratio))
        assert abs(record.after.mean - by_hand) <= max(record.mcse, 1e-9)
        assert record.shift == pytest.approx(record.after.mean - record.before.mean, rel=1e-6, abs=1e-9)


def test_a_kept_run_and_its_folder_give_the_same_answer_and_no_byte_changes(
    run: Path, case: Path, own_cache: None
) -> None:
    def hashes() -> dict[str, str]:
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(run.iterdir())}

    before = hashes()
    notes: list[str] = []
    request = WhatIfRequest(BriefRequest(str(case), worlds=WORLDS), without=(ORIGIN,))
    of_case = answer_what_if(request, on_note=notes.append)

    assert notes == []  # nothing was run
    assert of_case == ask(run, without=(ORIGIN,))
    assert hashes() == before


def test_names_are_found_whatever_their_case_and_spelling(run: Path) -> None:
    wanted = ask(run, without=(ORIGIN,)).estimates
    for name in (
        "origin: port AUTHORITY ",
        "origin:port",
        "origin:The Port Authority",
        "ORIGIN:Port authority",
    ):
        assert ask(run, without=(name,)).estimates == wanted


def test_kinds_that_leave_out_the_same_claims_move_the_same(run: Path) -> None:
    answers = [ask(run, without=some) for some in (("origin:Port authority",), ("family:Sylvania",))]
    answers.append(ask(run, without=("claim:F1", "claim:F2")))
    assert answers[0].estimates == answers[1].estimates == answers[2].estimates


def test_a_document_leaves_out_the_claims_that_stand_in_it(run: Path) -> None:
    assert ask(run, without=("document:crates at the crossing",)).claims == ["F1"]


def test_the_grade_that_an_origin_has_moves_nothing(run: Path) -> None:
    found = ask(run, reliability=("Port authority=C",))
    assert found.method == "no change"
    assert not any(record.moves for record in found.estimates.values())
    assert all(record.shift == 0.0 for record in found.estimates.values())


def test_a_worse_grade_moves_the_way_that_leaving_out_does(run: Path) -> None:
    worse, without = (ask(run, **some) for some in ({"reliability": ("port=E",)}, {"without": (ORIGIN,)}))
    name = "crates_sent"
    assert worse.claims == without.claims
    assert worse.estimates[name].shift * without.estimates[name].shift > 0.0


def test_what_is_combined_multiplies_its_factors(run: Path) -> None:
    asked = {
        "without": (ORIGIN,),
        "reliability": ("Freedonia Gazette=D",),
        "priors": ("attention.crowding=q95",),
    }
    brief = read_run(run).brief
    basis = read_basis(brief, run / "run.nc")
    options = BriefRequest(str(run), worlds=WORLDS)

    def ratio(**some: tuple[str, ...]) -> np.ndarray:
        question = read_question(WhatIfRequest(options, **some), brief, None)
        return basis.evaluator.reweighter.log_ratio(as_change(question, basis))

    whole = ratio(**asked)
    parts = sum(ratio(**{name: texts}) for name, texts in asked.items())
    np.testing.assert_allclose(whole, parts, rtol=1e-9, atol=1e-9)
    assert ask(run, weights_only=True, **asked).claims == ["F1", "F2", "F4", "F7"]


def test_a_grade_of_what_is_left_out_counts_for_nothing(run: Path) -> None:
    without = ask(run, without=(ORIGIN,))
    both = ask(run, without=(ORIGIN,), reliability=("Port authority=E",))
    assert both.estimates == without.estimates


def test_a_prior_moved_to_its_own_middle_moves_nothing(run: Path) -> None:
    prior = read_run(run).brief.assumptions["war.end_rate"]
    found = ask(run, priors=(f"war.end_rate={prior.prior_q50!r}",), weights_only=True)
    assert all(abs(record.deviations) < 1e-3 for record in found.estimates.values())


def test_the_prior_of_a_parameter_moves_as_far_as_theory_says(run: Path) -> None:
    """On the coordinate, where no claim bears, a prior centred on 0.3 has its mean there."""
    brief, worlds = read_run(run).brief, read_worlds(run / "run.nc").sets["weighted"].ensemble
    name = "war.end_rate"
    record = brief.assumptions[name]
    values = np.log(worlds.draws[:, worlds.parameters.index(name)].astype(np.float64))
    low, high = np.log(record.prior_q05), np.log(record.prior_q95)
    z = 1.6448536269514722 * (2.0 * (values - low) / (high - low) - 1.0)
    assert abs(z.mean()) < 4.0 / np.sqrt(WORLDS)
    from quidproquo.study.what_if.question import _coordinates

    np.testing.assert_allclose(_coordinates(record, np.exp(values)), z, atol=1e-4)


def test_worlds_conditioned_again_agree_with_weights(run: Path, case: Path, own_cache: None) -> None:
    by_weights = ask(case, without=(ORIGIN,))
    again = ask(case, without=(ORIGIN,), rerun=True)
    assert (by_weights.method, again.method) == ("weights", "conditioned again")
    for name, record in by_weights.estimates.items():
        other = again.estimates[name]
        error = float(np.hypot(record.mcse, other.mcse))
        assert abs(record.shift - other.shift) <= 4.0 * error, name


def test_where_weights_fail_worlds_are_conditioned_again_and_that_is_told(
    run: Path, case: Path, own_cache: None
) -> None:
    notes: list[str] = []
    request = WhatIfRequest(BriefRequest(str(case), worlds=WORLDS), priors=("war.end_rate=q95",))
    found = answer_what_if(request, on_note=notes.append)
    assert found.method == "conditioned again"
    assert notes == ["Weights on the kept worlds can't judge this, so worlds are conditioned again."]
    # how fast the war ends says nothing of what was sent before
    assert not found.estimates["crates_sent"].moves


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, "what-if: supposition is 'missing'"),
        ({"without": ("Port authority",)}, "--without: value is 'Port authority', but it must be kind:name"),
        ({"without": ("speaker:Port authority",)}, "with a kind of claim, origin, source, family, document"),
        ({"without": ("origin:Prot authority",)}, "write 'Port authority' if you mean that"),
        ({"without": ("origin:Nobody at all",)}, "one of 'Port authority', 'Institute of Trade'"),
        ({"without": ("claim:F5",)}, "F5, which doesn't weigh (recommendation)"),
        ({"without": ("claim:F99",)}, "claim is 'F99'"),
        ({"without": ("document:nothing",)}, "document is 'nothing'"),
        ({"reliability": ("Port authority",)}, "of the form SOURCE=GRADE"),
        ({"reliability": ("Port authority=G",)}, "grade is 'G', but it must be one of A (completely reliable)"),
        ({"reliability": ("port=D", "Port authority=E")}, "--reliability: name is 'given twice'"),
        ({"priors": ("war.end_rate=q50",)}, "--prior war.end_rate: value is 'q50', but it must be q05, q95 or"),
        ({"priors": ("war.end_rte=q05",)}, "write 'war.end_rate' if you mean that"),
        ({"priors": ("war.end_rate=-3",)}, "a value that its distribution can have"),
        ({"hypotheses": ("pay=cash",)}, "one that the run knows, and it knows none"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence_with_what_is_allowed(
    run: Path, asked: dict[str, tuple[str, ...]], told: str
) -> None:
    with pytest.raises(InputError) as caught:
        ask(run, **asked)
    text = str(caught.value)
    assert told in text
    assert text.endswith(".")
    assert "\n" not in text

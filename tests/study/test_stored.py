"""Folders as earlier versions wrote them open: a case runs, the results of a run are read."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from quidproquo.brief import render_html
from quidproquo.cases import check_case, load_case
from quidproquo.study import BriefRequest, make_brief, read_run
from quidproquo.study.schema.brief import FORMAT
from quidproquo.study.schema.estimates import Estimate
from quidproquo.terms.errors import CaseError, InputError

FIXTURES = Path(__file__).parents[1] / "fixtures"
CASE, RUN = FIXTURES / "case_697595c", FIXTURES / "run_697595c"
SECOND = FIXTURES / "run_f7fe896"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RUN, tmp_path / "run"))


def change(folder: Path, **fields: object) -> None:
    path = folder / "brief.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | fields), encoding="utf-8")


def test_a_brief_of_the_first_format_is_read() -> None:
    run = read_run(RUN)
    assert (run.format, run.brief.format) == ("1", FORMAT)
    assert run.brief.case == CASE.name
    assert run.brief.preferred.option == "wait"
    assert run.brief.assumptions["pressure.bite"].grounds == "pressure may also drive trade underground"
    assert run.brief.assumptions["crates.load"].grounds.startswith("port records")
    assert run.brief.assumptions["war.end_rate"].grounds == ""
    assert "Crates for credit" in render_html(run.brief)


def test_a_brief_of_the_second_format_is_read() -> None:
    run = read_run(SECOND)
    assert (run.format, run.brief.format) == ("2", FORMAT)
    assert run.brief.case == CASE.name
    assert run.brief.preferred.option == "wait"
    assert run.brief.preferred.ranked
    assert run.brief.unchanged is None
    assert run.brief.metric_weights is None
    page = render_html(run.brief)
    assert "Crates for credit" in page
    assert "falls short of the option that is best there" in page
    worlds = run.worlds()["weighted"]
    assert len(worlds.ensemble.draws) == 256
    np.testing.assert_allclose(
        worlds.ensemble.outcomes[:, worlds.ensemble.options.index("council")].mean(axis=0),
        [run.brief.options["council"].weighted.metrics[name].mean for name in worlds.ensemble.metrics],
        rtol=1e-4,
    )


@pytest.mark.parametrize("rule", ["none: the case gives no weights", "least regret"])
def test_the_reason_for_a_choice_and_what_it_depends_on_were_sentences(rule: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SECOND, tmp_path / "run"))
    written = json.loads((folder / "brief.json").read_text(encoding="utf-8"))["preferred"]
    assert {"conditions", "reason"} <= set(written)
    change(folder, preferred=written | {"rule": rule})
    assert read_run(folder).brief.preferred.ranked == (rule == "least regret")


def test_a_pareto_k_without_bound_is_null(copied: Path) -> None:
    row = json.loads((RUN / "brief.json").read_text(encoding="utf-8"))["leverage"][0]
    change(copied, leverage=[row | {"pareto_k": 9.0}, row | {"pareto_k": 0.4}])
    assert [entry.pareto_k for entry in read_run(copied).brief.leverage] == [None, 0.4]


def test_interpretations_of_a_total_were_readings(copied: Path) -> None:
    interpretation = {
        "title": "Money", "formula": "pay", "inputs": {}, "q05": 1.0, "q50": 2.0, "q95": 3.0, "tail": 0.5,
        "cells": [],
    }  # fmt: skip
    total = {
        "title": "Sum", "topic": "C1", "claim": "F3", "unit": "bolts", "weighs": True, "left_out": [],
        "by": {}, "readings": {"paid": interpretation}, "note": "",
    }  # fmt: skip
    change(copied, totals={"sum": total})
    assert list(read_run(copied).brief.totals["sum"].interpretations) == ["paid"]


def test_a_forecast_had_the_middle_of_the_speakers_hedge_and_its_own_publication_as_a_date(
    copied: Path,
) -> None:
    claims = json.loads((RUN / "brief.json").read_text(encoding="utf-8"))["claims"]
    row = {"claim": claims[0]["id"], "probability": 0.325}
    later = {**row, "due": "2999-12-31", "note": "open"}
    change(copied, forecasts=[{**row, "due": claims[0]["published"], "note": "due"}, later])
    first, second = read_run(copied).brief.forecasts
    assert (first.due, first.note, first.chance, first.stated) == ("", "no date", None, None)
    assert (second.due, second.note, second.chance) == ("2999-12-31", "open", None)


def test_the_worlds_of_the_first_format_are_read() -> None:
    run = read_run(RUN)
    sets = run.worlds()
    assert {kind: len(worlds.ensemble.draws) for kind, worlds in sets.items()} == {
        "weighted": 1024,
        "prior": 1024,
        "exploratory": 1024,
    }
    weighted = sets["weighted"].ensemble
    assert set(weighted.items) == {claim.id for claim in run.brief.claims if claim.used}
    bite = weighted.draws[:, weighted.parameters.index("pressure.bite")]
    record = run.brief.assumptions["pressure.bite"]
    np.testing.assert_allclose(
        np.quantile(bite, [0.05, 0.5, 0.95]),
        [record.posterior_q05, record.posterior_q50, record.posterior_q95],
        rtol=1e-5,
    )
    outcomes = weighted.outcomes[:, weighted.options.index("council"), weighted.metrics.index("flow")]
    assert outcomes.mean() == pytest.approx(
        run.brief.options["council"].weighted.metrics["flow"].mean, rel=1e-5
    )


def test_a_newer_format_is_refused_in_one_sentence(copied: Path) -> None:
    change(copied, format="99")
    with pytest.raises(InputError) as refused:
        read_run(copied)
    assert str(refused.value) == (
        f"run '{copied}': format of brief.json is '99', but it must be at most {FORMAT}, which this version "
        "reads; install a newer version of quidproquo."
    )


@pytest.mark.parametrize("written", ["0", "one", ""])
def test_a_format_that_is_none_is_refused(copied: Path, written: str) -> None:
    change(copied, format=written)
    with pytest.raises(
        InputError, match=f"format of brief.json is '{written}', but it must be a number from 1"
    ):
        read_run(copied)


def test_what_is_no_run_is_refused(copied: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"brief\.json is 'missing', but it must be the brief of a run"):
        read_run(tmp_path)
    change(copied, seed="many")
    with pytest.raises(InputError, match=r"brief\.json, seed is 'not as expected'"):
        read_run(copied)
    (copied / "brief.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"brief\.json is 'not JSON'"):
        read_run(copied)


def test_worlds_that_cannot_be_read_are_refused(copied: Path) -> None:
    run = read_run(copied)
    (copied / "run.nc").write_bytes(b"\0" * 100)
    with pytest.raises(InputError, match=r"run\.nc is 'not readable "):
        run.worlds()
    (copied / "run.nc").unlink()
    with pytest.raises(InputError, match=r"run\.nc is 'missing', but it must be the worlds of a run"):
        run.worlds()


def test_a_case_of_the_first_format_loads() -> None:
    assert check_case(CASE) == []
    assert load_case(CASE).priors["pressure.bite"].judgement


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "format = 99",
            "case 'mine': format is 99, but it must be at most 1, which this",
        ),
        ('format = "two"', "case.toml: format is 'two', but it must be a whole number from 1 up"),
    ],
)
def test_a_case_of_another_format_is_refused(written: str, told: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CASE, tmp_path / "mine"))
    text = (folder / "case.toml").read_text(encoding="utf-8")
    (folder / "case.toml").write_text(f"{written}\n{text}", encoding="utf-8")
    with pytest.raises(CaseError) as refused:
        load_case(folder)
    assert told in str(refused.value)


def error_of(estimate: Estimate, place: int) -> float:
    """Monte Carlo error of a median of something normal with these quantiles."""
    deviation = (estimate.q95[place] - estimate.q05[place]) / 3.29
    return math.sqrt(math.pi / 2.0 / max(estimate.run_ess, 1.0)) * deviation


@pytest.mark.slow
def test_a_case_of_the_first_format_gives_the_same_brief(tmp_path: Path) -> None:
    then = read_run(RUN).brief
    study = make_brief(BriefRequest(case=str(CASE), worlds=1024))
    now = study.brief
    assert list(now.estimates) == list(then.estimates)
    for name, estimate in now.estimates.items():
        place, earlier = estimate.as_of_index, then.estimates[name]
        error = math.hypot(error_of(estimate, place), error_of(earlier, place))
        assert abs(estimate.q50[place] - earlier.q50[place]) <= 4.0 * error + 1e-9, name
    study.write(tmp_path)
    again = read_run(tmp_path)
    assert again.brief == now
    assert again.format == FORMAT
    worlds = again.worlds()["weighted"]
    crates = worlds.estimates["crates_sent"]
    assert np.median(crates) == pytest.approx(
        now.estimates["crates_sent"].q50[now.estimates["crates_sent"].as_of_index]
    )

"""The recorded calibration: that it holds for the case as it is, and that it is made as it says."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from quidproquo.cases import load_case
from quidproquo.evidence.checks import sbc
from quidproquo.evidence.checks.planted import mutants
from quidproquo.study import calibrate as module
from quidproquo.study.assemble.recorded import read_calibration
from quidproquo.study.calibrate import CalibrationRequest, calibrate, is_current
from quidproquo.study.schema.calibration import Calibration
from quidproquo.terms.errors import InputError

CASE = "dprk-russia"
AGAIN = "the calibration is out of date: run 'python benchmarks/calibration.py'"
MADE = date(2025, 3, 1)
SMALL = CalibrationRequest(
    case=CASE,
    predictions=("troops_sent_cumulative@2024-12-31",),
    margin="all_together",
    replicates=3,
    mutant_replicates=2,
    islands=2,
    draws=2,
    claims=5,
)


@pytest.fixture(scope="module")
def record() -> Calibration:
    found = read_calibration(load_case(CASE).folder)
    assert found is not None, "there is no calibration: run 'python benchmarks/calibration.py'"
    return found


@pytest.mark.slow
def test_the_record_is_current(record):
    assert is_current(load_case(CASE)), AGAIN


def test_the_record_passes_and_its_mutants_fail(record):
    assert record.settings.replicates >= 500
    assert record.passed
    assert record.p >= record.level == 0.001
    assert set(record.mutants) == {"prior", "twice", "narrow", "unbiased"}
    for fault in record.mutants.values():
        assert fault.failed, fault.title
        assert fault.p < record.level


def test_the_record_follows_from_its_ranks(record):
    settings = record.settings
    found = []
    for name, one in record.quantities.items():
        assert sum(one.counts) == settings.replicates, name
        assert len(one.counts) == settings.islands * settings.draws + 1
        assert one.p == pytest.approx(sbc.uniformity(np.array(one.counts)), rel=1e-6)
        assert (one.contraction is not None) == (one.kind in {"parameter", "hypothesis", "bias"})
        found.append(one.p)
    assert record.p == pytest.approx(sbc.bonferroni(np.array(found)))
    kinds = [one.kind for one in record.quantities.values()]
    assert [kinds.count(kind) for kind in ("fit", "prediction", "margin")] == [1, 3, 1]
    held = sbc.bands(settings.replicates, settings.islands * settings.draws + 1, 0.95)
    assert (record.low, record.high) == (held.low.tolist(), held.high.tolist())


@pytest.mark.slow
def test_what_was_done_is_kept_and_gone_on_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    kept = tmp_path / "new" / "kept.jsonl"
    monkeypatch.setattr(module, "_BATCH", 2)
    # those that are compiled along with the plain conditioning
    monkeypatch.setattr(module, "mutants", lambda *given: mutants(*given)[:2])
    whole = calibrate(SMALL, kept, MADE)
    lines = kept.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 3 + 2 * 2
    assert whole.settings.claims == 5
    assert {fault.replicates for fault in whole.mutants.values()} == {2}
    assert len(next(iter(whole.quantities.values())).counts) == 5

    kept.write_text("\n".join(lines[:3]) + "\n", encoding="utf-8")
    assert calibrate(SMALL, kept, MADE) == whole
    assert sorted(kept.read_text(encoding="utf-8").splitlines()) == sorted(lines)

    with pytest.raises(InputError) as caught:
        calibrate(dataclasses.replace(SMALL, seed=1), kept, MADE)
    assert str(caught.value).startswith(f"file '{kept}': calibration is 'another', but it must be the one")
    assert json.loads(lines[0])["request"]["seed"] == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"predictions": ("loaves@2024-12-31",)}, r"calibration: prediction is 'loaves@2024-12-31'"),
        ({"predictions": ("troops_sent_cumulative",)}, r"QUANTITY@DATE with one of"),
        ({"margin": "pray"}, r"calibration: margin is 'pray', .*all_together"),
    ],
)
def test_what_the_case_lacks_is_named(change, words, tmp_path: Path):
    with pytest.raises(InputError, match=words):
        calibrate(dataclasses.replace(SMALL, **change), tmp_path / "kept.jsonl", MADE)
    assert not list(tmp_path.iterdir())


def test_a_case_without_a_record_has_none_that_is_out_of_date(tmp_path: Path):
    assert read_calibration(tmp_path) is None
    assert is_current(dataclasses.replace(load_case(CASE), folder=tmp_path))
